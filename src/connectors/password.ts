/**
 * Passwords of the own database: argon2id for new ones, bcrypt for imported ones. Never tells, by answer or by time, whether
 * there is an account; never logs or keeps a password; bounds the memory that hashing may take.
 */
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2';
import { hash as bcryptHash, verify as bcryptVerify } from '@node-rs/bcrypt';
import { isUsable, type PasswordCredential } from '../domain/account.js';
import type { Clock } from '../kernel/clock.js';
import { systemClock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import type { Entropy } from '../kernel/ids.js';
import type { PasswordConnector } from '../ports/connector.js';
import { costliest, findWork, type HashWork, missingWork, NO_WORK, OWN_WORK, PARAMETERS } from './password-work.js';

/** Longer input is refused, after the same work: hashing megabytes is a way to keep the processors busy. */
export const MAX_PASSWORD_BYTES = 1024;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
const ARGON2ID = /^\$argon2id\$v=\d+\$/;

export interface PasswordConnectorSettings {
  readonly entropy: Entropy;
  readonly clock?: Clock;
  /** Hashes at once: each takes 19 MiB and a thread of Node's pool of four, which name resolution also needs. */
  readonly maxAtOnce?: number;
  /** Callers that may wait for their turn; beyond it the login is told to try again. */
  readonly maxWaiting?: number;
  /** A "no" is given no sooner than this after the question, in milliseconds. */
  readonly refusalFloorMs?: number;
  /** One hash of each kind and cost that is stored, or its beginning up to the salt; own parameters may be left out. */
  readonly storedHashes?: () => Promise<readonly string[]>;
  /** Told of a stored hash that cannot be checked. */
  readonly log?: (fields: { readonly connection: string }, message: string) => void;
  /** Work for nothing; a parameter so that tests can count it. */
  readonly burn?: Burn;
}

/** Hashes of the given cost, whose results nobody wants. */
export interface Burn {
  argon2id(parameters: { readonly memoryCost: number; readonly timeCost: number }): Promise<unknown>;
  bcrypt(cost: number): Promise<unknown>;
}

const BURN: Burn = {
  argon2id: (parameters) => argon2Hash('nothing', { ...PARAMETERS, ...parameters }),
  bcrypt: (cost) => bcryptHash('nothing', cost),
};

/** Runs at most `maxAtOnce` pieces of work at a time, the others in the order they came. */
function createTurnstile(maxAtOnce: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < maxAtOnce) running += 1;
    else if (waiting.length >= maxWaiting) throw new Fault('crypto', 'too many passwords are being checked', true);
    // Whoever leaves hands its place over, so `running` stays as it is.
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

/** True for a hash that a password can be compared with: a known algorithm, at a cost that is not unreasonable. */
export function isCheckableHash(hash: string): boolean {
  return findWork(hash) !== undefined && (ARGON2ID.test(hash) || BCRYPT.test(hash));
}

/** bcrypt reads the first 72 bytes, as the system that made the hash did; argon2id reads all of them. */
function matches(hash: string, password: string): Promise<boolean> {
  return hash.startsWith('$2') ? bcryptVerify(password, hash) : argon2Verify(hash, password);
}

/** The password connector. `hash` throws a {@link Fault} on overload, and so does `verify`; both are retryable. */
export function createPasswordConnector(settings: PasswordConnectorSettings): PasswordConnector {
  const { entropy, clock = systemClock, maxAtOnce = 3, maxWaiting = 256, refusalFloorMs = 300 } = settings;
  const { storedHashes = async () => [], log, burn = BURN } = settings;
  const inTurn = createTurnstile(maxAtOnce, maxWaiting);
  const hash = (password: string) => inTurn(() => argon2Hash(password, { ...PARAMETERS, salt: entropy.bytes(16) }));
  const dummy = hash(entropy.bytes(32).toString('base64url'));
  dummy.catch(() => undefined);

  /** The comparison itself, or the same work for nothing; and how much that was. */
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
      return { fits: await inTurn(() => matches(credential.hash, password)), work };
    } catch (error) {
      if (error instanceof Fault) throw error;
      // A hash that looks right and is not; a NUL byte that bcrypt does not take. It does not fit, that is all, and took no time.
      return { fits: false, work: NO_WORK };
    }
  };

  /**
   * Stops the listing of accounts by time: a "no" takes the work of the costliest password that is stored, whether the account has
   * that one, a cheaper one or there is none. The same work, since a waiting time that hides it here shows it on a slower machine.
   */
  const fill = async (done: HashWork): Promise<void> => {
    const stored = (await storedHashes()).flatMap((hash) => findWork(hash) ?? []);
    const { argon2id, bcrypt } = missingWork(done, costliest([...stored, done]));
    await inTurn(async () => {
      if (argon2id) await burn.argon2id(argon2id);
      for (const cost of bcrypt) await burn.bcrypt(cost);
    });
  };

  return {
    shape: 'password',
    hash,
    async verify(credential, password) {
      const askedAtMs = clock.monotonicMs();
      const { fits, work } = await compare(credential, password);
      if (fits) return true;
      await fill(work);
      // Hides what differs beside the hashing: a row that is found, and one that is not.
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
