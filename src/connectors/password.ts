/**
 * Passwords of database connections: argon2id for new ones; bcrypt, argon2, or argon2id over another system's hash for
 * imported ones. Never reveals, by answer or by time, whether an account exists; never logs or keeps a password; limits
 * the memory for hashing.
 */
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2';
import { verify as bcryptVerify } from '@node-rs/bcrypt';
import type { Recipe } from '../domain/passwords/foreign-hash.js';
import { isUsable, type PasswordCredential } from '../domain/people/account.js';
import type { Clock } from '../kernel/clock.js';
import { systemClock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import type { Entropy } from '../kernel/ids.js';
import type { HashWrapper, PasswordConnector } from '../ports/connector.js';
import { computeDigest } from './foreign-digest.js';
import { BURN, type Burn, burnAll } from './password-burn.js';
import {
  costliest,
  findRecipeWork,
  findWork,
  type HashWork,
  missingWork,
  NO_WORK,
  OWN_WORK,
  PARAMETERS,
} from './password-work.js';
import { formatWrapped, isWrapped, parseWrapped } from './wrapped-hash.js';

/** Longer input is refused after the same work. Attack: hashing megabytes keeps the processors busy. */
export const MAX_PASSWORD_BYTES = 1024;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
const ARGON2 = /^\$argon2(?:id|i|d)\$v=\d+\$/;

export interface PasswordConnectorSettings {
  readonly entropy: Entropy;
  readonly clock?: Clock;
  /** Simultaneous hashes: each takes 19 MiB and one of Node's four pool threads, which name resolution also needs. */
  readonly maxAtOnce?: number;
  /** Maximum number of callers that wait for their turn; any further login is asked to try again. */
  readonly maxWaiting?: number;
  /** Minimum time from the start of a check until its refusal, in milliseconds. */
  readonly refusalFloorMs?: number;
  /**
   * Returns one stored hash of each kind and cost, or its beginning up to the salt; our own parameters may be omitted.
   */
  readonly storedHashes?: () => Promise<readonly string[]>;
  /** Called for a stored hash that cannot be checked. */
  readonly log?: (fields: { readonly connection: string }, message: string) => void;
  /** Computes hashes whose results are not used; a parameter so that tests can count them. */
  readonly burn?: Burn;
}

/** Runs at most `maxAtOnce` pieces of work at a time, the others in order of arrival. */
function createTurnstile(maxAtOnce: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < maxAtOnce) running += 1;
    else if (waiting.length >= maxWaiting) throw new Fault('crypto', 'too many passwords are being checked', true);
    // A finished caller gives its place to the next, so `running` stays as it is.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function isTooLong(password: string): boolean {
  return Buffer.byteLength(password, 'utf8') > MAX_PASSWORD_BYTES;
}

/** True for a hash or recipe that can be checked: a known kind at a reasonable cost. */
export function isCheckableHash(hash: string | Recipe): boolean {
  if (typeof hash !== 'string') return findRecipeWork(hash) !== undefined;
  if (isWrapped(hash)) return parseWrapped(hash) !== undefined;
  return findWork(hash) !== undefined && (ARGON2.test(hash) || BCRYPT.test(hash));
}

/**
 * True when the password matches; undefined where nothing was computed, because the other system's encoding cannot
 * represent the password. bcrypt reads the first 72 bytes, as in the system that made the hash; argon2 reads all. The
 * libraries compare in constant time.
 */
async function matches(hash: string, password: string): Promise<boolean | undefined> {
  const wrapped = isWrapped(hash) ? parseWrapped(hash) : undefined;
  if (wrapped === undefined) return hash.startsWith('$2') ? bcryptVerify(password, hash) : argon2Verify(hash, password);
  const digest = await computeDigest(wrapped.recipe, password);
  // The library compares text only.
  return digest && argon2Verify(wrapped.outer, digest.toString('base64'));
}

/** Creates the password connector. `hash`, `wrap` and `verify` throw a retryable {@link Fault} on overload. */
export function createPasswordConnector(settings: PasswordConnectorSettings): PasswordConnector & HashWrapper {
  const { entropy, clock = systemClock, maxAtOnce = 3, maxWaiting = 256, refusalFloorMs = 300 } = settings;
  const { storedHashes = async () => [], log, burn = BURN } = settings;
  const inTurn = createTurnstile(maxAtOnce, maxWaiting);
  const hash = (password: string) => inTurn(() => argon2Hash(password, { ...PARAMETERS, salt: entropy.bytes(16) }));
  const dummy = hash(entropy.bytes(32).toString('base64url'));
  dummy.catch(() => undefined);

  /** Compares, or does the same work without a result; also returns the amount of work. */
  const compare = async (credential: PasswordCredential | undefined, password: string) => {
    const work = credential && isCheckableHash(credential.hash) ? findWork(credential.hash) : undefined;
    if (credential && isUsable(credential) && work === undefined)
      log?.(
        { connection: credential.connectionId },
        'a stored password asks for more work than is done, or is of no known kind',
      );
    if (!credential || !work || isTooLong(password)) {
      const stored = await dummy;
      await inTurn(() => matches(stored, isTooLong(password) ? '' : password));
      return { fits: false, work: OWN_WORK };
    }
    try {
      const fits = await inTurn(() => matches(credential.hash, password));
      return { fits: fits === true, work: fits === undefined ? NO_WORK : work };
    } catch (error) {
      if (error instanceof Fault) throw error;
      // The library refuses a hash of the right form with wrong content, and bcrypt refuses a NUL byte in the password.
      // Neither matches, and neither took time.
      return { fits: false, work: NO_WORK };
    }
  };

  /**
   * Attack: accounts are enumerated by response time. Every refusal takes the work of the most expensive stored
   * password, whether or not the account exists. It is real work instead of a delay: a delay that is long enough on
   * this machine is too short on a slower one.
   */
  const fill = async (done: HashWork): Promise<void> => {
    const stored = (await storedHashes()).flatMap((hash) => findWork(hash) ?? []);
    await inTurn(() => burnAll(burn, missingWork(done, costliest([...stored, done]))));
  };

  return {
    shape: 'password',
    hash,
    wrap: async ({ recipe, digest }) => formatWrapped({ recipe, outer: await hash(digest) }),
    async verify(credential, password) {
      const askedAtMs = clock.monotonicMs();
      const { fits, work } = await compare(credential, password);
      if (fits) return true;
      await fill(work);
      // Hides differences outside the hashing, for example whether a row was found.
      const restMs = refusalFloorMs - (clock.monotonicMs() - askedAtMs);
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
      return false;
    },
    needsRehash(stored) {
      if (!stored.startsWith('$argon2id$')) return true;
      try {
        const { memoryCost, timeCost, parallelism } = parseOptions(stored);
        return (
          memoryCost < PARAMETERS.memoryCost || timeCost < PARAMETERS.timeCost || parallelism !== PARAMETERS.parallelism
        );
      } catch {
        return true;
      }
    },
  };
}
