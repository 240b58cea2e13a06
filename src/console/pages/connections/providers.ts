/**
 * The providers that a connection can be made for, in the words of their own screens. The same facts as on the set-up pages of customers
 * (src/http/setup/providers.ts, which the console may not import): a test compares the two.
 */

type Options = Readonly<Record<string, unknown>>;

type Typed = Readonly<Record<string, string>>;

export interface ProviderField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'text' | 'secret' | 'long';
  readonly required: boolean;
  /** Said as one types; undefined where it may be right. */
  check?(text: string): string | undefined;
}

export interface Provider {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly strategy: string;
  readonly instructions: readonly string[];
  readonly fields: readonly ProviderField[];
  toOptions(typed: Typed): Options;
}

const DOMAIN = /^(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}$/i;
const ADMIN = /-admin\.okta/i;
const TENANT = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9-]+\.)+[a-z]{2,})$/i;
const WELL_KNOWN = '/.well-known/openid-configuration';

const checkDomain = (text: string) =>
  DOMAIN.test(text) ? undefined : 'A domain such as acme.com, without https:// and without a path.';

function checkOktaDomain(text: string): string | undefined {
  if (ADMIN.test(text)) return 'This is the address of the Admin Console: leave -admin out.';
  return checkDomain(text);
}

const checkTenant = (text: string) =>
  TENANT.test(text) ? undefined : 'An id such as 8f2c…-…, from the Overview, or a domain of the tenant.';

function checkAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return 'A whole address, beginning with https://.';
  return new URL(text).protocol === 'https:' || new URL(text).hostname === '127.0.0.1'
    ? undefined
    : 'Secrets go to this address: it has to begin with https://.';
}

const checkXml = (text: string) =>
  text.includes('EntityDescriptor') ? undefined : 'This is no SAML metadata: it has no <EntityDescriptor>.';

/** A secret is no address, and no id that stands beside it: the usual slips of a paste. */
const checkSecret = (text: string) =>
  /\s/.test(text) || URL.canParse(text) ? 'This does not look like a secret. Copy its value again.' : undefined;

const CLIENT: readonly ProviderField[] = [
  { name: 'client_id', label: 'Client ID', kind: 'text', required: true },
  { name: 'client_secret', label: 'Client secret', kind: 'secret', required: true, check: checkSecret },
];

const toClient = ({ client_id, client_secret }: Typed) => ({ client_id, client_secret });

/** An issuer as people copy it, with or without the end of its discovery address. */
export function toDiscovery(typed = ''): string {
  if (typed.endsWith(WELL_KNOWN)) return typed;
  return `${typed.endsWith('/') ? typed.slice(0, -1) : typed}${WELL_KNOWN}`;
}

const OKTA: Provider = {
  name: 'okta',
  title: 'Okta',
  hint: 'OpenID Connect',
  strategy: 'okta',
  instructions: [
    'In the Okta Admin Console, open Applications, then Create App Integration.',
    'Choose “OIDC - OpenID Connect” and “Web Application”.',
    'Put the address below into “Sign-in redirect URIs”.',
    'Under “Assignments”, give the app to the people who may sign in.',
    'Copy “Client ID” and “Client secret” from the app’s General tab.',
  ],
  fields: [
    {
      name: 'domain',
      label: 'Okta domain',
      hint: 'Such as acme.okta.com, without -admin.',
      kind: 'text',
      required: true,
      check: checkOktaDomain,
    },
    ...CLIENT,
  ],
  toOptions: (typed) => ({ domain: typed.domain, ...toClient(typed) }),
};

const ENTRA: Provider = {
  name: 'waad',
  title: 'Microsoft Entra ID',
  hint: 'OpenID Connect',
  strategy: 'waad',
  instructions: [
    'In the Microsoft Entra admin center, open “App registrations”, then “New registration”.',
    'Choose “Accounts in this organizational directory only”.',
    'Under “Redirect URI”, choose “Web” and put the address below.',
    'Under “Certificates & secrets”, make a “New client secret” and copy its Value.',
    'Copy “Application (client) ID” and “Directory (tenant) ID” from the Overview.',
  ],
  fields: [
    { name: 'tenantId', label: 'Directory (tenant) ID', kind: 'text', required: true, check: checkTenant },
    { name: 'client_id', label: 'Application (client) ID', kind: 'text', required: true },
    { name: 'client_secret', label: 'Value of the client secret', kind: 'secret', required: true, check: checkSecret },
  ],
  toOptions: (typed) => ({ tenantId: typed.tenantId, tenant_domain: typed.tenantId, ...toClient(typed) }),
};

const GOOGLE: Provider = {
  name: 'google-apps',
  title: 'Google Workspace',
  hint: 'OpenID Connect',
  strategy: 'google-apps',
  instructions: [
    'In the Google Cloud console, open “APIs & Services”, then “Credentials”.',
    'Choose “Create credentials”, “OAuth client ID”, “Web application”.',
    'Put the address below into “Authorized redirect URIs”.',
    'On the consent screen, choose “Internal”, so that only your own people can use it.',
    'Copy “Client ID” and “Client secret”.',
  ],
  fields: [
    {
      name: 'tenant_domain',
      label: 'Google Workspace domain',
      hint: 'Such as acme.com.',
      kind: 'text',
      required: true,
      check: checkDomain,
    },
    ...CLIENT,
  ],
  toOptions: (typed) => ({ tenant_domain: typed.tenant_domain, ...toClient(typed) }),
};

const OIDC: Provider = {
  name: 'oidc',
  title: 'Another provider with OpenID Connect',
  hint: 'Keycloak, Ping, OneLogin, Auth0 …',
  strategy: 'oidc',
  instructions: [
    'Register a web application (a confidential client) at your provider.',
    'Put the address below where it asks for a redirect or callback address.',
    'Allow the scopes openid, profile and email.',
    'Copy the issuer or discovery address, the client ID and the client secret.',
  ],
  fields: [
    {
      name: 'discovery_url',
      label: 'Issuer or discovery address',
      hint: 'Such as https://login.acme.com/realms/acme.',
      kind: 'text',
      required: true,
      check: checkAddress,
    },
    ...CLIENT,
  ],
  toOptions: (typed) => ({
    type: 'back_channel',
    discovery_url: toDiscovery(typed.discovery_url),
    ...toClient(typed),
  }),
};

const SAML: Provider = {
  name: 'samlp',
  title: 'Another provider with SAML',
  hint: 'SAML 2.0',
  strategy: 'samlp',
  instructions: [
    'Register a service provider at your provider, with the metadata from the address below or with the values by hand.',
    'Sign the assertion with SHA-256, and send a lasting Name ID and the attribute “email”.',
    'Copy the address of the provider’s metadata, or the file.',
  ],
  fields: [
    {
      name: 'metadataUrl',
      label: 'Address of the metadata',
      hint: 'Best: a new certificate of your provider is then noticed by itself.',
      kind: 'text',
      required: false,
      check: checkAddress,
    },
    {
      name: 'metadataXml',
      label: 'Or the metadata file’s content',
      hint: 'Begins with <EntityDescriptor.',
      kind: 'long',
      required: false,
      check: checkXml,
    },
  ],
  toOptions: ({ metadataUrl, metadataXml }) => (metadataUrl ? { metadataUrl } : { metadataXml }),
};

/** People of the own database: no provider, so nothing to copy. */
const DATABASE: Provider = {
  name: 'auth0',
  title: 'Passwords kept here',
  hint: 'For people whose company has no sign-in of its own',
  strategy: 'auth0',
  instructions: [],
  fields: [],
  toOptions: () => ({ disable_signup: true }),
};

export const PROVIDERS: readonly Provider[] = [OKTA, ENTRA, GOOGLE, OIDC, SAML, DATABASE];
