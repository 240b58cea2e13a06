/**
 * The public keys of one identity provider. Fetched at first use, when they are old, and when a token does not match
 * them (the IdP has rotated its keys). A small budget limits these requests, because strangers can make up tokens. A
 * list without a signature key counts as a failed fetch and is not kept.
 */
import type { JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { createBudget } from '../budget.js';
import { fail, isFailure } from './failure.js';
import type { ConnectionFetch } from './metadata.js';
import { fetchJson } from './metadata.js';

const MAX_AGE_MS = 10 * 60_000;
/**
 * Budget per provider. Five at once cover two rotations, each after an empty or outdated answer. One in six seconds is
 * the rate at which a stranger with made-up key ids can make this server ask the IdP.
 */
const FETCHES = { atOnce: 5, everyMs: 6_000 } as const;
const MAX_KEYS = 100;
/** Required members of a public key, by type (RFC 7518 section 6, RFC 8037 section 2). */
const MEMBERS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['RSA', ['n', 'e']],
  ['EC', ['crv', 'x', 'y']],
  ['OKP', ['crv', 'x']],
]);

export interface KeySource {
  /** Returns the IdP's keys; simultaneous callers share one fetch. */
  get(): Promise<KeySet | ConnectorFailure>;
  /** Returns newer keys than `stale`, none of which fitted a token. Fetches them unless another caller has done so. */
  refresh(stale: KeySet): Promise<KeySet | ConnectorFailure>;
}

export interface KeySet {
  readonly find: JWTVerifyGetKey;
  /** Returns the keys for which `isMeant` accepts the property `issuer`, which Entra adds to each key. */
  only(isMeant: (issuer: unknown) => boolean): Pick<KeySet, 'find'>;
}

/** True for a key that verifies signatures (RFC 7517 section 4): an IdP may also publish encryption keys. */
function isForSignatures(key: unknown): boolean {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, use, key_ops: operations, ...rest } = key as Readonly<Record<string, unknown>>;
  const isMeantFor =
    (use === undefined || use === 'sig') && (!Array.isArray(operations) || operations.includes('verify'));
  const isWhole = MEMBERS.get(kty)?.every((name) => typeof rest[name] === 'string' && rest[name] !== '') ?? false;
  return isMeantFor && isWhole;
}

function parseKeys(document: Readonly<Record<string, unknown>>): KeySet | ConnectorFailure {
  const { keys } = document;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    return fail('keys', 'jwks.keys', `"keys" must be a list of at most ${MAX_KEYS} keys`);
  }
  if (!keys.some(isForSignatures)) {
    return fail('keys', 'jwks.keys', `none of the ${keys.length} keys is a public key for signatures`);
  }
  try {
    return {
      find: createLocalJWKSet({ keys }),
      only: (isMeant) => ({ find: createLocalJWKSet({ keys: keys.filter(({ issuer }) => isMeant(issuer)) }) }),
    };
  } catch {
    return fail('keys', 'jwks.keys', 'the list of keys is not a JWK set (RFC 7517)');
  }
}

/**
 * Creates a source of the keys at `jwksUri`, cached for ten minutes or until a token does not match. Failures:
 * `jwks.http`, `jwks.json`, `jwks.keys`, `jwks.budget` …
 */
export function createKeySource(jwksUri: string, fetch: ConnectionFetch, clock: Clock): KeySource {
  const fetches = createBudget(clock, FETCHES);
  let current: { keys: KeySet; fetchedAtMs: number } | undefined;
  let pending: Promise<KeySet | ConnectorFailure> | undefined;

  const load = async (): Promise<KeySet | ConnectorFailure> => {
    const document = await fetchJson(fetch, jwksUri, 'jwks');
    // Reports every failure with the reason `keys`, not as an unreachable IdP: the person has just signed in there.
    if (isFailure(document)) return fail('keys', document.check, document.detail);
    const keys = parseKeys(document);
    if (!isFailure(keys)) current = { keys, fetchedAtMs: clock.monotonicMs() };
    return keys;
  };
  const loadOnce = async (): Promise<KeySet | ConnectorFailure> => {
    if (pending !== undefined) return pending;
    // Attack: made-up key ids would cause a request to the IdP at every callback, as would an IdP without keys.
    if (!fetches.take()) {
      const seconds = Math.ceil(fetches.waitMs() / 1000);
      return fail('keys', 'jwks.budget', `asked ${FETCHES.atOnce} times just now; the next time in ${seconds} s`);
    }
    pending = load().finally(() => {
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
      // True when another caller has fetched newer keys meanwhile.
      return current !== undefined && current.keys !== stale ? current.keys : loadOnce();
    },
  };
}
