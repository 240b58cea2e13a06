/**
 * The destination of a connection: the addresses in its options to which people, codes and the client's secret are
 * sent, or from which keys are fetched. Pure; the only list of these options, so that the connector and the check that
 * protects the client's secret agree. Also tells from which issuers a connection accepts people.
 */
import { dialectOf, isSaml, STRATEGIES } from '../../facts/strategies.js';
import { trimEnding } from '../../kernel/text.js';
import type { Connection, OrganizationConnection } from '../tenant.js';
import { entraDiscoveryUrl, entraIssuer, isAllowedTenant, parseEntra, tenantOfIssuer } from './entra.js';
import { GOOGLE_ISSUER } from './google-workspace.js';

export interface IdpDestination {
  /** The issuer in the connection's options. Discovery supplies it, or any address below, if the options lack it. */
  readonly issuer: string | undefined;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly jwksUri: string | undefined;
  /** The complete address of the discovery document; undefined when no option contains one. */
  readonly discoveryUrl: string | undefined;
  /** The address of SAML metadata; only for SAML. */
  readonly metadataUrl?: string | undefined;
}

type Options = Readonly<Record<string, unknown>>;
const WELL_KNOWN = '/.well-known/openid-configuration';
const MAX_URL = 2048;
const MAX_DOMAIN = 255;

/**
 * Options that name a provider, in any strategy. If options of two providers were mixed, people, codes or the client's
 * secret would be sent to the wrong one.
 */
export const PROVIDER_OPTIONS: readonly string[] = [
  ...['issuer', 'discovery_url', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'oidc_metadata'],
  ...['domain', 'tenantId', 'tenant_domain', 'useCommonEndpoint', 'waad_common_endpoint'],
  ...['metadataUrl', 'metadataXml', 'signInEndpoint', 'signOutEndpoint', 'signingCert', 'signingCerts', 'cert'],
];

/** Further options that decide which person a subject is. */
const SUBJECT_OPTIONS: readonly string[] = ['client_id', 'user_id_attribute', 'userid_attribute'];

/**
 * True when the options name another provider, tenant or client, or other keys: the same subject may then be another
 * person. A change in writing alone counts too.
 */
export function isOtherProvider(before: Options, after: Options): boolean {
  const told = (options: Options) =>
    JSON.stringify([
      ...[...PROVIDER_OPTIONS, ...SUBJECT_OPTIONS].map((name) => options[name] ?? null),
      mappedSubjectOf(options),
    ]);
  return told(before) !== told(after);
}

/** Returns the attributes of SAML that `fieldsMap` names as the subject: Auth0's other place for `user_id_attribute`. */
function mappedSubjectOf({ fieldsMap }: Options): unknown {
  const isMap = typeof fieldsMap === 'object' && fieldsMap !== null && Object.hasOwn(fieldsMap, 'user_id');
  return isMap ? (fieldsMap as Options).user_id : null;
}

function findText(options: Options, name: string, max = MAX_URL): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' && value.length <= max ? value : undefined;
}

/** Returns the address without slashes at its end. */
export function withoutSlashes(address: string): string {
  return trimEnding(address, (character) => character === '/');
}

function toDiscoveryUrl(address: string): string {
  return address.includes('/.well-known/') ? address : withoutSlashes(address) + WELL_KNOWN;
}

function findDiscoveryUrl(
  { strategy, options }: Pick<Connection, 'strategy' | 'options'>,
  issuer: string | undefined,
): string | undefined {
  const given = findText(options, 'discovery_url');
  if (given !== undefined) return toDiscoveryUrl(given);
  const domain = findText(options, 'domain', MAX_DOMAIN);
  if (strategy === 'okta' && domain !== undefined) return toDiscoveryUrl(`https://${domain}`);
  return issuer === undefined ? undefined : toDiscoveryUrl(issuer);
}

/**
 * Returns a destination with only a discovery address. Discovery supplies the other addresses, and no option can
 * replace them.
 */
function discoveredAt(discoveryUrl: string | undefined, issuer?: string): IdpDestination {
  return {
    issuer,
    authorizationEndpoint: undefined,
    tokenEndpoint: undefined,
    jwksUri: undefined,
    discoveryUrl,
  };
}

function entraDestination(options: Options): IdpDestination {
  const entra = parseEntra(options);
  if ('problem' in entra) return discoveredAt(undefined);
  const { tenants } = entra;
  return discoveredAt(entraDiscoveryUrl(entra), tenants.kind === 'one' ? entraIssuer(entra, tenants.id) : undefined);
}

/**
 * Returns a SAML connection's destination. SAML sends no client secret, but browsers are sent to these addresses.
 * `issuer` is the IdP's entity id, which the connector compares character by character.
 */
function samlDestinationOf(options: Options): IdpDestination {
  return {
    issuer: findText(options, 'issuer'),
    authorizationEndpoint: findText(options, 'signInEndpoint'),
    tokenEndpoint: findText(options, 'signOutEndpoint'),
    jwksUri: undefined,
    discoveryUrl: undefined,
    metadataUrl: findText(options, 'metadataUrl'),
  };
}

/**
 * Returns the addresses in a connection's options. An option takes precedence over the same field in `oidc_metadata`,
 * Auth0's copy of the discovery document.
 */
export function destinationOf(connection: Pick<Connection, 'strategy' | 'options'>): IdpDestination {
  const { options, strategy } = connection;
  if (dialectOf(strategy) === 'entra') return entraDestination(options);
  if (dialectOf(strategy) === 'google') return discoveredAt(toDiscoveryUrl(GOOGLE_ISSUER), GOOGLE_ISSUER);
  if (isSaml(strategy)) return samlDestinationOf(options);
  const stored = options.oidc_metadata;
  const metadata = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as Options) : {};
  const find = (name: string) => findText(options, name) ?? findText(metadata, name);
  const issuer = find('issuer');
  return {
    issuer,
    authorizationEndpoint: find('authorization_endpoint'),
    tokenEndpoint: find('token_endpoint'),
    jwksUri: find('jwks_uri'),
    discoveryUrl: findDiscoveryUrl(connection, issuer),
  };
}

/**
 * True when many companies sign in through the connection, each with its own issuer: Entra's endpoint for many tenants.
 * On such a connection a proved domain vouches for no address, and a subject identifies a person only together with its
 * issuer.
 */
export function servesManyCompanies({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): boolean {
  if (dialectOf(strategy) !== 'entra') return false;
  const entra = parseEntra(options);
  return !('problem' in entra) && entra.tenants.kind === 'many';
}

/**
 * True when the organization has proved the domain and this connection speaks for it. One that serves many companies
 * speaks for none. Attack ("nOAuth": Descope 2023, Semperis 2025): any of their tenants writes any address into its
 * tokens.
 */
export function isDomainProved(
  { connection, provedDomains }: Pick<OrganizationConnection, 'connection' | 'provedDomains'>,
  domain: string,
): boolean {
  return provedDomains.includes(domain) && !servesManyCompanies(connection);
}

/** True for an issuer whose people the connection accepts today: the expected one, or that of any accepted tenant. */
export function acceptsIssuer(connection: Pick<Connection, 'strategy' | 'options'>, issuer: string): boolean {
  const { strategy, options } = connection;
  if (dialectOf(strategy) !== 'entra') return withoutSlashes(issuer) === expectedIssuer(destinationOf(connection));
  const entra = parseEntra(options);
  if ('problem' in entra) return false;
  const tenant = tenantOfIssuer(entra, issuer);
  return tenant !== undefined && isAllowedTenant(entra, tenant);
}

/** Returns the claim of an ID token that is the identity's subject. */
export function subjectClaimOf({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): 'sub' | 'oid' {
  if (dialectOf(strategy) !== 'entra') return 'sub';
  const entra = parseEntra(options);
  return 'problem' in entra ? 'sub' : entra.subjectClaim;
}

/**
 * Returns the connection's only issuer; undefined when the options name none, or many. With it an operator can name a
 * person by subject before their first sign-in.
 */
export function soleIssuer(connection: Pick<Connection, 'strategy' | 'options'>): string | undefined {
  const destination = destinationOf(connection);
  return dialectOf(connection.strategy) === 'entra' ? destination.issuer : expectedIssuer(destination);
}

/**
 * Returns the expected issuer of ID tokens, without slashes at its end: the option, else the address of the discovery
 * document (OpenID Connect Discovery 1.0, section 4.3). Undefined when the options name neither.
 */
export function expectedIssuer({ issuer, discoveryUrl }: IdpDestination): string | undefined {
  const address = issuer ?? discoveryUrl?.slice(0, discoveryUrl.indexOf('/.well-known/'));
  return address === undefined ? undefined : withoutSlashes(address);
}

/** True when any address differs between the two destinations, whatever its use. */
export function isElsewhere(before: IdpDestination, after: IdpDestination): boolean {
  return (Object.keys(before) as (keyof IdpDestination)[]).some((name) => before[name] !== after[name]);
}

/** True when the expected issuer differs: at another issuer the same subjects may be other people. */
export function isOtherIssuer(before: IdpDestination, after: IdpDestination): boolean {
  return expectedIssuer(before) !== expectedIssuer(after);
}

/**
 * True when a sign-in by this connection sends our client's secret: false if it authenticates with a key pair, if the
 * browser brings the ID token itself (`front_channel`, which Entra and Google do not have), or if the protocol has no
 * client secret.
 */
export function sendsClientSecret({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): boolean {
  const { sendsSecret } = STRATEGIES[strategy];
  if (sendsSecret !== 'by_options') return sendsSecret === 'always';
  return options.token_endpoint_auth_method !== 'private_key_jwt' && options.type !== 'front_channel';
}
