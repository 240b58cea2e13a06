/**
 * The destination of a connection: those addresses in its options to which people, codes and the client's secret are sent, or from which
 * keys are fetched. Pure; the only place that lists these options, so that the connector and the guard of the secret use the same list. Tells
 * too whose issuer a connection takes people from.
 */
import { dialectOf, isSaml, STRATEGIES } from '../../facts/strategies.js';
import { trimEnding } from '../../kernel/text.js';
import type { Connection, OrganizationConnection } from '../tenant.js';
import { entraDiscoveryUrl, entraIssuer, isAllowedTenant, parseEntra, tenantOfIssuer } from './entra.js';
import { GOOGLE_ISSUER } from './google-workspace.js';

export interface IdpDestination {
  /** From the options; a missing address comes from discovery. */
  readonly issuer: string | undefined;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly jwksUri: string | undefined;
  /** The whole address of the discovery document; undefined where no option tells it. */
  readonly discoveryUrl: string | undefined;
  /** The address of SAML metadata; only for SAML. */
  readonly metadataUrl?: string | undefined;
}

type Options = Readonly<Record<string, unknown>>;
const WELL_KNOWN = '/.well-known/openid-configuration';
const MAX_URL = 2048;
const MAX_DOMAIN = 255;

/** The options that name a provider, in any strategy: two providers mixed would send people, codes or the secret to the wrong one. */
export const PROVIDER_OPTIONS: readonly string[] = [
  ...['issuer', 'discovery_url', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'oidc_metadata'],
  ...['domain', 'tenantId', 'tenant_domain', 'useCommonEndpoint', 'waad_common_endpoint'],
  ...['metadataUrl', 'metadataXml', 'signInEndpoint', 'signOutEndpoint', 'signingCert', 'signingCerts', 'cert'],
];

function findText(options: Options, name: string, max = MAX_URL): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' && value.length <= max ? value : undefined;
}

/** The address without slashes at its end. */
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

/** Nothing but the place to ask at: these providers tell everything else by discovery, and no option leads anywhere else. */
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
 * A SAML connection sends no secret anywhere; its addresses count because people are sent there. `issuer` is the IdP's entity id, compared
 * character by character by the connector.
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

/** The addresses of a connection's options. The options take precedence over `oidc_metadata`, which Auth0 fills from discovery. */
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
 * True for a connection through which many companies sign in, each with an issuer of its own: Entra's endpoint for many tenants. No one of
 * them may speak for another's domain, and a subject alone names nobody.
 */
export function servesManyCompanies({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): boolean {
  if (dialectOf(strategy) !== 'entra') return false;
  const entra = parseEntra(options);
  return !('problem' in entra) && entra.tenants.kind === 'many';
}

/**
 * True when the organization has proved the domain and this connection speaks for it. One that serves many companies speaks for none: any of
 * their tenants can write any address into its tokens ("nOAuth": Descope 2023, Semperis 2025).
 */
export function isDomainProved(
  { connection, provedDomains }: Pick<OrganizationConnection, 'connection' | 'provedDomains'>,
  domain: string,
): boolean {
  return provedDomains.includes(domain) && !servesManyCompanies(connection);
}

/** True for an issuer whose people the connection lets in today: the expected one, or that of any tenant that is let in. */
export function acceptsIssuer(connection: Pick<Connection, 'strategy' | 'options'>, issuer: string): boolean {
  const { strategy, options } = connection;
  if (dialectOf(strategy) !== 'entra') return withoutSlashes(issuer) === expectedIssuer(destinationOf(connection));
  const entra = parseEntra(options);
  if ('problem' in entra) return false;
  const tenant = tenantOfIssuer(entra, issuer);
  return tenant !== undefined && isAllowedTenant(entra, tenant);
}

/** The claim of an ID token that is the subject of the identity. */
export function subjectClaimOf({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): 'sub' | 'oid' {
  if (dialectOf(strategy) !== 'entra') return 'sub';
  const entra = parseEntra(options);
  return 'problem' in entra ? 'sub' : entra.subjectClaim;
}

/** The one issuer whose subjects can be named before anybody signed in; undefined where the options name none, or many. */
export function soleIssuer(connection: Pick<Connection, 'strategy' | 'options'>): string | undefined {
  const destination = destinationOf(connection);
  return dialectOf(connection.strategy) === 'entra' ? destination.issuer : expectedIssuer(destination);
}

/**
 * The issuer that ID tokens are expected from, without slashes at its end: the option, else the address of the discovery document (OpenID
 * Connect Discovery 1.0, section 4.3). Undefined where the options name neither.
 */
export function expectedIssuer({ issuer, discoveryUrl }: IdpDestination): string | undefined {
  const address = issuer ?? discoveryUrl?.slice(0, discoveryUrl.indexOf('/.well-known/'));
  return address === undefined ? undefined : withoutSlashes(address);
}

/** True when any address differs, for whatever use. */
export function isElsewhere(before: IdpDestination, after: IdpDestination): boolean {
  return (Object.keys(before) as (keyof IdpDestination)[]).some((name) => before[name] !== after[name]);
}

/** True when ID tokens are expected from another issuer: there the known subjects are other people. */
export function isOtherIssuer(before: IdpDestination, after: IdpDestination): boolean {
  return expectedIssuer(before) !== expectedIssuer(after);
}

/**
 * Whether a sign-in by this connection sends the secret of our client: not where it shows a key, where the browser brings the ID token itself
 * (`front_channel`, which Entra and Google have not), or where there is no client.
 */
export function sendsClientSecret({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): boolean {
  const { sendsSecret } = STRATEGIES[strategy];
  if (sendsSecret !== 'by_options') return sendsSecret === 'always';
  return options.token_endpoint_auth_method !== 'private_key_jwt' && options.type !== 'front_channel';
}
