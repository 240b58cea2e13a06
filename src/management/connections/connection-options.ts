/**
 * Checks the options of a connection in a request, and separates secrets and domains from the rest. Does not read the
 * stored connection.
 */
import { hasConnectionKeys } from '../../domain/companies/connection-key.js';
import { sayPublicUse } from '../../domain/companies/public-mail.js';
import { parseDomain } from '../../domain/people/email.js';
import type { Strategy } from '../../domain/tenant.js';
import { STRATEGIES } from '../../facts/strategies.js';
import { findRsaKey } from '../../kernel/rsa-key.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { checkStrategyOptions } from './strategy-options.js';

const SECRET_OPTIONS: readonly string[] = ['client_secret', 'decryptionKey', 'signing_key'];
/**
 * Secrets of Auth0 features that do not exist here (scripts, a message gateway, a directory's API). They are refused,
 * since they would be stored unencrypted.
 */
const FOREIGN_SECRETS: readonly string[] = [
  'configuration',
  'gateway_authentication',
  'admin_access_token',
  'admin_refresh_token',
];
/** Options that Auth0 accepts as a text or as `{ key, cert }`. Such a pair is stored as JSON. */
const KEY_OPTIONS: readonly string[] = ['decryptionKey', 'signing_key'];
const TEXT_OPTIONS: readonly string[] = [
  ...['client_id', 'discovery_url', 'issuer', 'signInEndpoint', 'signingCert', 'domain', 'signOutEndpoint'],
  ...['tenant_domain', 'tenantId', 'metadataUrl', 'metadataXml', 'entityId', 'user_id_attribute', 'requestTemplate'],
];
const ADDRESS_OPTIONS = ['discovery_url', 'signInEndpoint', 'signOutEndpoint', 'metadataUrl'];
const MAX_ALIASES = 1_000;
const MAX_ISSUER = 1_024;
/** Maximum bytes of options as JSON. */
const MAX_OPTIONS = 262_144;

export interface SplitOptions {
  readonly options: Wire;
  readonly domainAliases: readonly string[];
  /** Secret options in the request: a text replaces the stored secret, null removes it. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

function toAliases(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_ALIASES) {
    throw badBody(`options.domain_aliases takes a list of at most ${MAX_ALIASES} domains.`);
  }
  const domains = value.map((item) => {
    const domain = typeof item === 'string' ? parseDomain(item) : undefined;
    if (domain === undefined)
      throw badBody(`options.domain_aliases: ${JSON.stringify(item)?.slice(0, 100)} is not a domain.`);
    return domain;
  });
  return [...new Set(domains)];
}

/**
 * Throws 400 for a public mail domain as alias. Attack: a company's connection lists gmail.com, and everybody with a
 * mailbox there is sent to its identity provider. `before`: the stored aliases. They are not refused; `vestibule
 * doctor` reports them.
 */
export function checkAliases({ domainAliases }: SplitOptions, before: readonly string[]): void {
  for (const domain of domainAliases) {
    const publicUse = before.includes(domain) ? undefined : sayPublicUse(domain);
    if (publicUse !== undefined) throw badBody(`options.domain_aliases: ${publicUse}: no connection signs it in.`);
  }
}

function checkOptionTypes(strategy: Strategy, options: Wire): void {
  for (const name of STRATEGIES[strategy].listsScopes ? TEXT_OPTIONS : [...TEXT_OPTIONS, 'scope']) {
    const value = options[name];
    if (value !== undefined && value !== null && typeof value !== 'string')
      throw badBody(`options.${name} takes a text.`);
    // The issuer is in a database index, where an entry must be smaller than 2,700 bytes.
    if (name === 'issuer' && typeof value === 'string' && value.length > MAX_ISSUER)
      throw badBody(`options.issuer takes at most ${MAX_ISSUER} characters.`);
  }
  for (const name of ADDRESS_OPTIONS) {
    const value = options[name];
    if (typeof value === 'string' && value !== '' && !/^https?:\/\/[^\s]+$/.test(value)) {
      throw badBody(`options.${name} takes an absolute http(s) URL.`);
    }
  }
  // Refused here, so that the mistake is not found only at the first sign-in.
  if (options.token_endpoint_auth_method === 'private_key_jwt' && !hasConnectionKeys(strategy))
    throw badBody('options.token_endpoint_auth_method: private_key_jwt is for the strategies oidc and okta.');
  if (JSON.stringify(options).length > MAX_OPTIONS) throw badBody(`options takes at most ${MAX_OPTIONS} bytes.`);
}

function checkIsEmpty(name: string, value: unknown): void {
  if (value === null || value === '' || (typeof value === 'object' && Object.keys(value as object).length === 0))
    return;
  throw badBody(`options.${name} holds secrets that nothing here would use: leave it out.`);
}

/** Throws 400 for an unusable key, so that the mistake is not found only at the first sign-in. */
function checkKey(name: string, value: unknown): void {
  if (value !== null && value !== '' && findRsaKey(value) === undefined)
    throw badBody(`options.${name} is not an RSA private key in PEM, as a text or as { key, cert }.`);
}

function isKeyPair(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { key, cert = '', ...others } = value as Wire;
  return typeof key === 'string' && typeof cert === 'string' && Object.keys(others).length === 0;
}

/**
 * Separates secrets and domains from the other options. Throws 400 for an impossible value, or one that the strategy
 * refuses.
 */
export function splitOptions(strategy: Strategy, options: Wire): SplitOptions {
  checkOptionTypes(strategy, options);
  checkStrategyOptions(strategy, options);
  for (const name of KEY_OPTIONS) if (options[name] !== undefined) checkKey(name, options[name]);
  const secrets: Record<string, string | null> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (FOREIGN_SECRETS.includes(name)) checkIsEmpty(name, value);
    else if (!SECRET_OPTIONS.includes(name)) rest[name] = value;
    else if (value === null || typeof value === 'string') secrets[name] = value || null;
    else if (KEY_OPTIONS.includes(name) && isKeyPair(value)) secrets[name] = JSON.stringify(value);
    else throw badBody(`options.${name} takes a text${KEY_OPTIONS.includes(name) ? ', or { key, cert }' : ''}.`);
  }
  const domainAliases = toAliases(options.domain_aliases);
  return {
    options: 'domain_aliases' in rest ? { ...rest, domain_aliases: domainAliases } : rest,
    domainAliases,
    secrets,
  };
}

/**
 * Returns the changes of the stored secrets: those in the request replace stored ones. `elsewhere`: an address of the
 * identity provider changes, so all other secrets are removed. Attack: a caller who may update a connection, but not
 * read its secret, has it sent to their own server.
 */
export function toSecretChanges({ secrets }: SplitOptions, elsewhere: boolean): SplitOptions['secrets'] {
  const dropped = elsewhere ? Object.fromEntries(SECRET_OPTIONS.map((name) => [name, null])) : {};
  return { ...dropped, ...secrets };
}

/** The warning in the answer to a write that removed a secret. */
export const SECRET_REMOVED = {
  id: 'client_secret_removed',
  message:
    'An address of the identity provider changed, so the stored client_secret was removed: it is not sent to another server than it was ' +
    'given for. Until client_secret is set again, people cannot sign in where the provider asks for one.',
};

/** Auth0's strategies that this server does not support, with advice how to connect the same provider. */
const INSTEAD: Readonly<Record<string, string>> = {
  adfs:
    'On Auth0 it speaks WS-Federation. Connect AD FS as oidc (2016 and newer: an application group, issuer https://<host>/adfs), ' +
    'or over SAML as samlp.',
  pingfederate: 'Connect PingFederate as oidc (an OAuth client, issuer https://<host>), or over SAML as samlp.',
};
/**
 * Returns the options with the issuer of the SAML metadata, unless the options name an issuer. Storing it has two
 * effects: later metadata of another identity provider is refused, and the people of the two are kept apart.
 */
export function withLearnedIssuer(split: SplitOptions, issuer: string | undefined): SplitOptions {
  if (issuer === undefined || split.options.issuer) return split;
  return { ...split, options: { ...split.options, issuer } };
}

/** Returns the issuer that was stored from metadata before, if the new options name the same metadata. */
export function keptIssuer(before: Wire, after: Wire): string | undefined {
  const same = (['metadataUrl', 'metadataXml'] as const).some(
    (name) => typeof after[name] === 'string' && after[name] !== '' && after[name] === before[name],
  );
  return same && typeof before.issuer === 'string' ? before.issuer : undefined;
}

/** Returns the request's strategy. Throws 400 when this server has no connector for it: nobody could sign in. */
export function checkStrategy({ strategies }: Pick<ManagementDeps, 'strategies'>, strategy: string): Strategy {
  const known = strategies.find((name) => name === strategy);
  if (known !== undefined) return known;
  const instead = Object.hasOwn(INSTEAD, strategy) ? ` ${INSTEAD[strategy]}` : '';
  throw badBody(
    `The strategy ${strategy} is not available on this server: nobody could sign in over it. It offers ${strategies.join(', ')}.${instead}`,
  );
}
