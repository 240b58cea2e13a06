/**
 * Checks that an identity provider fits a connection's options: discovery, issuer, endpoints, and a key that can verify
 * its ID tokens. It lets administrators find errors before the first sign-in. Sends no secret, stores nothing, and has
 * one deadline for all its requests.
 */
import { importJWK, type JWK } from 'jose';
import type { Connection } from '../../domain/tenant.js';
import type { ConnectorFailure, ProviderFinding } from '../../ports/connector.js';
import type { OutboundFetch } from '../outbound/fetch.js';
import { fail, isFailure } from './failure.js';
import { type ConnectionFetch, fetchJson, findMetadata } from './metadata.js';
import { parseSettings } from './settings.js';

/** Time limit of both requests together, in milliseconds: the administrator waits for the answer. */
const DEADLINE_MS = 5_000;
const MAX_KEYS = 100;

/** Returns the algorithms for a key without `alg` (RFC 7518 section 3.1, RFC 8037). */
function algorithmsOf({ kty, crv }: JWK): readonly string[] {
  if (kty === 'RSA') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  if (kty === 'EC') return [{ 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }[crv ?? ''] ?? ''];
  return kty === 'OKP' && crv === 'Ed25519' ? ['EdDSA'] : [];
}

async function canVerify(key: unknown, algorithms: readonly string[]): Promise<boolean> {
  if (typeof key !== 'object' || key === null) return false;
  const jwk = key as JWK;
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  const possible = jwk.alg === undefined ? algorithmsOf(jwk) : [jwk.alg];
  const algorithm = possible.find((name) => algorithms.includes(name));
  if (algorithm === undefined) return false;
  try {
    await importJWK(jwk, algorithm);
    return true;
  } catch {
    return false;
  }
}

async function countKeys(
  fetch: ConnectionFetch,
  jwksUri: string,
  algorithms: readonly string[],
): Promise<number | ConnectorFailure> {
  const document = await fetchJson(fetch, jwksUri, 'jwks');
  if (isFailure(document)) return document;
  const { keys } = document;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS)
    return fail('invalid', 'jwks.keys', `"keys" must be a list of at most ${MAX_KEYS} keys`);
  const usable = await Promise.all(keys.map((key) => canVerify(key, algorithms)));
  const count = usable.filter((is) => is).length;
  return count > 0
    ? count
    : fail('invalid', 'jwks.keys', `none of the ${keys.length} keys can verify ID tokens (${algorithms.join(', ')})`);
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Examines a connection's provider; see {@link RedirectConnector.examine}. */
export async function examineProvider(connection: Connection, outbound: OutboundFetch): Promise<ProviderFinding> {
  const settings = parseSettings(connection);
  if (isFailure(settings)) return settings;
  const { discoveryUrl } = settings.destination;
  // No request is possible, now or later, so this must not be reported as an unreachable server.
  if (!isAddress(discoveryUrl))
    return fail('invalid', 'discovery.address', `${discoveryUrl} is not an http(s) address`);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const fetch: ConnectionFetch = (url, init) => outbound(url, { ...init, signal });
  const metadata = await findMetadata(settings, fetch);
  if (isFailure(metadata)) return metadata;
  const signingKeys = await countKeys(fetch, metadata.jwks_uri, settings.algorithms);
  if (isFailure(signingKeys)) return signingKeys;
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri } = metadata;
  return {
    ok: true,
    issuer,
    endpoints: { authorization_endpoint, ...(token_endpoint === undefined ? {} : { token_endpoint }), jwks_uri },
    signingKeys,
  };
}
