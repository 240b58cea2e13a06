/**
 * Parses the options of an OpenID Connect connection. Names and defaults are those of Auth0's Management API
 * (ConnectionOptionsOIDC, …Okta, …AzureAD, …GoogleApps). Reads options only: no network, no clock.
 */

import { parseEntra } from '../../domain/companies/entra.js';
import { workspaceDomains } from '../../domain/companies/google-workspace.js';
import { destinationOf, type IdpDestination } from '../../domain/companies/idp-destination.js';
import type { Connection } from '../../domain/tenant.js';
import { dialectOf } from '../../facts/strategies.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { parseUpstream, type UpstreamParams } from '../upstream-params.js';
import { type AttributeMap, parseAttributeMap } from './attribute-map.js';
import { type Dialect, standardDialect } from './dialect.js';
import { entraDialect } from './entra.js';
import { fail } from './failure.js';
import { googleDialect } from './google.js';

/** Algorithms whose signing key only the IdP has. HS256 and `none` are excluded, even if an option names them. */
export const ASYMMETRIC_ALGORITHMS: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

export interface OidcSettings {
  /** How the ID token arrives. `code`: code and PKCE, redeemed server to server. `form_post`: through the browser. */
  readonly flow: 'code' | 'form_post';
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** `aud` of a private_key_jwt assertion; Auth0's default is the token endpoint. */
  readonly assertionAudience: 'issuer' | 'token_endpoint';
  readonly authMethod: 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt' | 'none';
  readonly scope: string;
  readonly pkce: boolean;
  readonly algorithms: readonly string[];
  /** The addresses that the administrator set; discovery supplies missing ones. */
  readonly destination: IdpDestination & { readonly discoveryUrl: string };
  /** Static parameters for the authorization request; they never replace one of the protocol's. */
  readonly upstream: UpstreamParams;
  /** Map of the profile's claims; undefined where claims are read by their usual names. */
  readonly attributeMap: AttributeMap;
  readonly dialect: Dialect;
}

type Options = Readonly<Record<string, unknown>>;
/** Longest address, in characters: in the options, and in answers of an identity provider. */
export const MAX_URL = 2048;

function isRecord(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function findText(options: Options, name: string, max = MAX_URL): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' && value.length <= max ? value : undefined;
}

function parseScope(options: Options): string {
  const scope = findText(options, 'scope', 1024) ?? 'openid profile email';
  return scope.split(/\s+/).includes('openid') ? scope : `openid ${scope}`;
}

function parseAlgorithms(options: Options): readonly string[] {
  const chosen = options.id_token_signed_response_algs;
  if (!Array.isArray(chosen) || chosen.length === 0) return ASYMMETRIC_ALGORITHMS;
  return ASYMMETRIC_ALGORITHMS.filter((name) => chosen.includes(name));
}

function parseAuthMethod(options: Options, secret: string | undefined): OidcSettings['authMethod'] | undefined {
  const method = options.token_endpoint_auth_method;
  if (method === 'private_key_jwt') return method;
  if (secret === undefined) return 'none';
  if (method === undefined || method === null || method === 'client_secret_post') return 'client_secret_post';
  return method === 'client_secret_basic' ? 'client_secret_basic' : undefined;
}

/**
 * Selects the options that the strategy reads. For Entra and Google these three only: other options of `oidc` could
 * move endpoints, switch off PKCE, or read the address from another claim.
 */
function readOptions({ strategy, options }: Connection): Options {
  if (dialectOf(strategy) === 'none') return options;
  const { client_id, client_secret, upstream_params } = options;
  return { client_id, client_secret, upstream_params };
}

function parseDialect({ strategy, options }: Connection, destination: IdpDestination): Dialect | string {
  if (dialectOf(strategy) === 'google') {
    const domains = workspaceDomains(options);
    return domains.length === 0 ? 'tenant_domain is missing, or no domain' : googleDialect(domains);
  }
  if (dialectOf(strategy) !== 'entra') return standardDialect(destination);
  const entra = parseEntra(options);
  return 'problem' in entra ? entra.problem : entraDialect(entra);
}

/** Parses the settings, or returns the failure `connection.options` whose detail names the option to change. */
export function parseSettings(connection: Connection): OidcSettings | ConnectorFailure {
  const options = readOptions(connection);
  const wrong = (detail: string) => fail('invalid', 'connection.options', detail);
  const clientId = findText(options, 'client_id');
  if (clientId === undefined) return wrong('client_id is missing');
  const clientSecret = findText(options, 'client_secret');
  const authMethod = parseAuthMethod(options, clientSecret);
  if (authMethod === undefined)
    return wrong('token_endpoint_auth_method takes client_secret_post, client_secret_basic or private_key_jwt');
  const algorithms = parseAlgorithms(options);
  if (algorithms.length === 0) return wrong('id_token_signed_response_algs names no asymmetric algorithm');
  const destination = destinationOf(connection);
  const dialect = parseDialect(connection, destination);
  if (typeof dialect === 'string') return wrong(dialect);
  const { discoveryUrl } = destination;
  if (discoveryUrl === undefined) return wrong('issuer, discovery_url or (for okta) domain is missing');
  const pkce = isRecord(options.connection_settings) ? options.connection_settings.pkce : undefined;
  return {
    flow: options.type === 'front_channel' ? 'form_post' : 'code',
    clientId,
    clientSecret,
    authMethod,
    assertionAudience: options.token_endpoint_jwtca_aud_format === 'issuer' ? 'issuer' : 'token_endpoint',
    scope: parseScope(options),
    pkce: pkce !== 'disabled',
    algorithms,
    destination: { ...destination, discoveryUrl },
    upstream: parseUpstream(options),
    attributeMap: parseAttributeMap(options.attribute_map),
    dialect,
  };
}
