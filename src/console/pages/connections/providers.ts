/**
 * The providers for which an operator can create a connection: those of src/facts/providers.ts, which the customers'
 * set-up pages show too, with checks of values while they are typed; and passwords, which have no provider.
 */
import {
  PROVIDERS as IDENTITY_PROVIDERS,
  type Provider as IdentityProvider,
  type ProviderField as PlainField,
} from '../../../facts/providers.js';
import type { Strategy } from '../../../facts/strategies.js';

export interface ProviderField extends PlainField {
  /** Returns a message about a wrong value, shown while it is typed; undefined if the value may be right. */
  check?(text: string): string | undefined;
}

export interface Provider extends Omit<IdentityProvider, 'name' | 'fields'> {
  readonly name: string;
  readonly strategy: Strategy;
  readonly fields: readonly ProviderField[];
}

const DOMAIN = /^(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}$/i;
const ADMIN = /-admin\.okta/i;
const TENANT = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9-]+\.)+[a-z]{2,})$/i;

const checkDomain = (text: string) =>
  DOMAIN.test(text) ? undefined : 'Enter a domain such as acme.com, without https:// and without a path.';

function checkOktaDomain(text: string): string | undefined {
  if (ADMIN.test(text)) return 'This is the address of the Admin Console. Remove -admin.';
  return checkDomain(text);
}

const checkTenant = (text: string) =>
  TENANT.test(text) ? undefined : 'Enter an ID such as 8f2c…-… from the Overview page, or a domain of the tenant.';

function checkAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return 'Enter a full address that begins with https://.';
  return new URL(text).protocol === 'https:' || new URL(text).hostname === '127.0.0.1'
    ? undefined
    : 'Secrets are sent to this address, so it must begin with https://.';
}

const checkXml = (text: string) =>
  text.includes('EntityDescriptor') ? undefined : 'This is not SAML metadata, because it has no <EntityDescriptor>.';

/** Refuses addresses and texts with spaces, since people paste these by mistake instead of the secret. */
const checkSecret = (text: string) =>
  /\s/.test(text) || URL.canParse(text)
    ? 'This does not look like a secret. Copy the secret’s value again.'
    : undefined;

/** The check of each field, by the field's name. `okta.domain` is the field `domain` of the provider Okta only. */
const CHECKS: Readonly<Record<string, ProviderField['check']>> = {
  'okta.domain': checkOktaDomain,
  tenant_domain: checkDomain,
  tenantId: checkTenant,
  client_secret: checkSecret,
  discovery_url: checkAddress,
  metadataUrl: checkAddress,
  metadataXml: checkXml,
};

function withCheck(provider: string, field: PlainField): ProviderField {
  const check = CHECKS[`${provider}.${field.name}`] ?? CHECKS[field.name];
  return check === undefined ? field : { ...field, check };
}

/** A connection to this server's own database of passwords. It has no provider, so there are no values to copy. */
const DATABASE: Provider = {
  name: 'auth0',
  title: 'Passwords',
  hint: 'For people whose company has no identity provider',
  strategy: 'auth0',
  instructions: [],
  fields: [],
  toOptions: () => ({ disable_signup: true }),
};

export const PROVIDERS: readonly Provider[] = [
  ...IDENTITY_PROVIDERS.map((provider) => ({
    ...provider,
    fields: provider.fields.map((field) => withCheck(provider.name, field)),
  })),
  DATABASE,
];
