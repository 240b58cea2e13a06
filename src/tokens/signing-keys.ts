/**
 * The keys that sign tokens: RS256 with 2048 bits, created at the first start, kept as loaded key objects. There may be
 * several keys: a new one is published some time before it signs, and an old one verifies tokens for some time after it
 * stopped signing. Never publishes a private key.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { assert } from '../kernel/assert.js';
import { addSeconds, type Clock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import { type Entropy, randomAlphanumeric } from '../kernel/ids.js';
import type { SigningKeyFact } from '../ports/key-keeper.js';
import type { SigningKeyStore, StoredSigningKey } from '../ports/signing-key-store.js';

/** Maximum age of a node's loaded key set. A key signs only when all nodes have it. */
const RELOAD_SECONDS = 60;
/** Characters of a key's id: 131 random bits. */
const KID_LENGTH = 22;
/** The time after which every node has loaded a new key, even a late one. */
const LOADED_SECONDS = 2 * RELOAD_SECONDS;
/**
 * The time for which a key is published before it signs: applications and gateways cache the key set, and not all of
 * them fetch it again for an unknown key (Amazon API Gateway caches it for two hours).
 */
export const PUBLISH_SECONDS = 3 * 3_600;
/** Minimum time between reloads for an unknown `kid`: forged headers must not load the database. */
const UNKNOWN_KID_RELOAD_SECONDS = 5;
/**
 * The time for which a retired key still verifies tokens: 30 days, the longest lifetime of an access token on Auth0. A
 * leaked key is deleted instead.
 */
const RETIRED_KEY_KNOWN_SECONDS = 2_592_000;

export interface SigningKey {
  readonly kid: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly createdAt: Date;
  readonly retiredAt: Date | undefined;
}

export interface KeyRing {
  /** Returns the key that signs at this moment. */
  getSigner(): Promise<SigningKey>;
  /** Finds the key with that id; undefined when it is unknown or all its tokens have expired. */
  findKey(kid: string): Promise<SigningKey | undefined>;
  /** Lists all keys that a verifier may need. */
  listKeys(): Promise<readonly SigningKey[]>;
  /** Reads the keys again because they were changed. */
  reload(): Promise<void>;
}

const generate = promisify(generateKeyPair);

/** Creates an RSA key pair in its stored form. */
export async function makeSigningKey(clock: Clock, entropy: Entropy): Promise<StoredSigningKey> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048, publicExponent: 0x10001 });
  // Letters and digits only: one of 64 ids in base64url begins with a hyphen, and `vestibule keys remove` would read it
  // as an option.
  const kid = randomAlphanumeric(entropy, KID_LENGTH);
  const { kty, n, e } = publicKey.export({ format: 'jwk' });
  return {
    kid,
    publicJwk: { kty, use: 'sig', alg: 'RS256', kid, n, e },
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    createdAt: clock.now(),
    retiredAt: undefined,
  };
}

function load(stored: StoredSigningKey): SigningKey {
  const privateKey = createPrivateKey(stored.privatePem);
  const { kid, publicJwk, createdAt, retiredAt } = stored;
  return { kid, publicJwk, privateKey, publicKey: createPublicKey(privateKey), createdAt, retiredAt };
}

function ageSeconds(since: Date, now: Date): number {
  return (now.getTime() - since.getTime()) / 1000;
}

type Dated = Pick<StoredSigningKey, 'kid' | 'createdAt' | 'retiredAt'>;

function listActive<Key extends Dated>(keys: readonly Key[]): Key[] {
  return keys
    .filter((key) => key.retiredAt === undefined)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

/** Returns the newest key that was published for long enough; if none is that old, the oldest. */
function chooseSigner<Key extends Dated>(keys: readonly Key[], now: Date): Key | undefined {
  const active = listActive(keys);
  return active.findLast((key) => ageSeconds(key.createdAt, now) > PUBLISH_SECONDS) ?? active[0];
}

/** Returns the time, past or future, from which a key no longer signs: when it was retired, or a newer one signs. */
export function findEnd(key: Dated, keys: readonly Dated[]): Date | undefined {
  const next = listActive(keys).find((other) => other.createdAt > key.createdAt);
  return key.retiredAt ?? (next && addSeconds(next.createdAt, PUBLISH_SECONDS));
}

/** True while tokens signed by the key may still be valid. */
function isKnown(key: Dated, keys: readonly Dated[], now: Date): boolean {
  const end = findEnd(key, keys);
  return end === undefined || ageSeconds(end, now) < RETIRED_KEY_KNOWN_SECONDS;
}

/** Returns the state of every key at `now`, oldest first. */
export function describeKeys(keys: readonly Dated[], now: Date): readonly SigningKeyFact[] {
  const signer = chooseSigner(keys, now);
  return keys.map((key) => {
    const { kid, createdAt } = key;
    const end = findEnd(key, keys);
    if (kid === signer?.kid) return { kid, createdAt, state: 'signs', until: end };
    if (end === undefined || end > now)
      return { kid, createdAt, state: 'published', until: addSeconds(createdAt, PUBLISH_SECONDS) };
    return {
      kid,
      createdAt,
      state: isKnown(key, keys, now) ? 'known' : 'over',
      until: addSeconds(end, RETIRED_KEY_KNOWN_SECONDS),
    };
  });
}

/**
 * True when a key may be deleted at once: another key, which every node has loaded, can sign in its place. Deletion
 * invalidates all tokens signed by `kid`.
 */
export function isReplaceable(kid: string, keys: readonly Dated[], now: Date): boolean {
  const others = listActive(keys.filter((key) => key.kid !== kid));
  return others.some((key) => ageSeconds(key.createdAt, now) > LOADED_SECONDS);
}

/**
 * Loads the keys, creating the first one if there is none. The set is reloaded on use every {@link RELOAD_SECONDS}, and
 * when a token names an unknown key. Throws {@link Fault} when the database failed at this first load.
 */
export async function openKeyRing(store: SigningKeyStore, clock: Clock, entropy: Entropy): Promise<KeyRing> {
  let keys: readonly SigningKey[] = [];
  let loadedAt = clock.monotonicMs();
  let loading: Promise<void> | undefined;

  const take = (stored: readonly StoredSigningKey[]) => {
    const known = new Map(keys.map((key) => [key.kid, key]));
    keys = stored.map((row) => {
      const before = known.get(row.kid);
      return before === undefined ? load(row) : { ...before, retiredAt: row.retiredAt };
    });
    loadedAt = clock.monotonicMs();
  };
  const read = async () => {
    try {
      take(await store.ensureSigningKey(() => makeSigningKey(clock, entropy)));
    } catch (error) {
      // Old keys remain valid while the database cannot be reached: tokens can still be verified.
      if (!(error instanceof Fault)) throw error;
      loadedAt = clock.monotonicMs();
    }
  };
  const reload = () => {
    loading ??= read().finally(() => {
      loading = undefined;
    });
    return loading;
  };
  const olderThan = (seconds: number) => clock.monotonicMs() - loadedAt > seconds * 1000;
  const freshen = async () => {
    if (olderThan(RELOAD_SECONDS)) await reload();
  };
  const known = () => keys.filter((key) => isKnown(key, keys, clock.now()));
  const find = (kid: string) => known().find((key) => key.kid === kid);

  take(await store.ensureSigningKey(() => makeSigningKey(clock, entropy)));
  return {
    async getSigner() {
      await freshen();
      const signer = chooseSigner(keys, clock.now());
      assert(signer !== undefined, 'there is always a signing key that is not retired');
      return signer;
    },
    async findKey(kid) {
      await freshen();
      const found = find(kid);
      if (found !== undefined || !olderThan(UNKNOWN_KID_RELOAD_SECONDS)) return found;
      await reload();
      return find(kid);
    },
    async listKeys() {
      await freshen();
      return known();
    },
    async reload() {
      // The read in progress may have begun before the change, so another one follows.
      await loading;
      await reload();
    },
  };
}
