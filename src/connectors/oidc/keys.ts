/**
 * The public keys of one identity provider. Fetched when first needed, again when they are old, and again when a token
 * does not fit them (the IdP has rotated its keys), but not as often as strangers can make up tokens.
 */
import type { JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail, isFailure } from './failure.js';
import type { ConnectionFetch } from './metadata.js';
import { fetchJson } from './metadata.js';

const MAX_AGE_MS = 10 * 60_000;
/** Between two fetches that a token asked for. */
const REFRESH_PAUSE_MS = 30_000;
const MAX_KEYS = 100;

export interface KeySource {
  /** The keys, fetched at most once for callers at the same time. */
  get(): Promise<KeySet | ConnectorFailure>;
  /** Fresh keys after `stale` did not fit; undefined when it is too early to ask again. */
  refresh(stale: KeySet): Promise<KeySet | ConnectorFailure | undefined>;
}

export interface KeySet {
  readonly find: JWTVerifyGetKey;
}

function parseKeys(document: Readonly<Record<string, unknown>>): KeySet | ConnectorFailure {
  const { keys } = document;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    return fail('invalid', 'jwks.keys', `"keys" must be a list of at most ${MAX_KEYS} keys`);
  }
  try {
    return { find: createLocalJWKSet({ keys }) };
  } catch {
    return fail('invalid', 'jwks.keys', 'the list of keys is not a JWK set (RFC 7517)');
  }
}

/** The keys at `jwksUri`: good for ten minutes, or until a token does not fit them. Failures: `jwks.http`, `jwks.json`, `jwks.keys` … */
export function createKeySource(jwksUri: string, fetch: ConnectionFetch, clock: Clock): KeySource {
  let current: { keys: KeySet; fetchedAtMs: number } | undefined;
  let pending: Promise<KeySet | ConnectorFailure> | undefined;
  let refreshedAtMs: number | undefined;

  const load = async (): Promise<KeySet | ConnectorFailure> => {
    const document = await fetchJson(fetch, jwksUri, 'jwks');
    const keys = isFailure(document) ? document : parseKeys(document);
    if (!isFailure(keys)) current = { keys, fetchedAtMs: clock.monotonicMs() };
    return keys;
  };
  const loadOnce = (): Promise<KeySet | ConnectorFailure> => {
    pending ??= load().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  return {
    async get() {
      const isFresh = current !== undefined && clock.monotonicMs() - current.fetchedAtMs < MAX_AGE_MS;
      return current !== undefined && isFresh ? current.keys : loadOnce();
    },
    async refresh(stale) {
      // Somebody else has fetched them since: those are the fresh ones.
      if (current !== undefined && current.keys !== stale) return current.keys;
      const now = clock.monotonicMs();
      // Stops kid flooding: made-up key ids would turn every callback into a request to the IdP.
      if (refreshedAtMs !== undefined && now - refreshedAtMs < REFRESH_PAUSE_MS) return pending;
      refreshedAtMs = now;
      return loadOnce();
    },
  };
}
