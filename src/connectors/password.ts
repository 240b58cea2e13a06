/**
 * Passwords of the own database: argon2id for new ones, bcrypt for imported ones. Never tells, by answer or by time, whether
 * there is an account; never logs or keeps a password; bounds the memory that hashing may take.
 */
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2';
import { verify as bcryptVerify } from '@node-rs/bcrypt';
import type { PasswordCredential } from '../domain/account.js';
import type { Clock } from '../kernel/clock.js';
import { systemClock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import type { Entropy } from '../kernel/ids.js';
import type { PasswordConnector } from '../ports/connector.js';

/** OWASP's argon2id baseline: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** An imported hash may not ask for more than this: its cost is chosen by whoever made the export file. */
const MAX_MEMORY_KIB = 262_144;
const MAX_PASSES = 10;
const MAX_BCRYPT_COST = 15;
/** Longer input is refused, after the same work: hashing megabytes is a way to keep the processors busy. */
export const MAX_PASSWORD_BYTES = 1024;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

export interface PasswordConnectorSettings {
  readonly entropy: Entropy;
  readonly clock?: Clock;
  /** Hashes at once: each takes 19 MiB and a thread of Node's pool of four, which name resolution also needs. */
  readonly maxAtOnce?: number;
  /** Callers that may wait for their turn; beyond it the login is told to try again. */
  readonly maxWaiting?: number;
  /** A "no" is given no sooner than this after the question, in milliseconds. */
  readonly refusalFloorMs?: number;
}

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

type Algorithm = 'argon2id' | 'bcrypt';

/** Which algorithm checks `hash`, or undefined for what is none of ours or asks for an unreasonable amount of work. */
function findAlgorithm(hash: string): Algorithm | undefined {
  const cost = BCRYPT.exec(hash)?.[1];
  if (cost !== undefined) return Number(cost) <= MAX_BCRYPT_COST ? 'bcrypt' : undefined;
  if (!hash.startsWith('$argon2id$')) return undefined;
  try {
    const { memoryCost, timeCost } = parseOptions(hash);
    return memoryCost <= MAX_MEMORY_KIB && timeCost <= MAX_PASSES ? 'argon2id' : undefined;
  } catch {
    return undefined;
  }
}

/** True for a hash that a password can be compared with: a known algorithm, at a cost that is not unreasonable. */
export function isCheckableHash(hash: string): boolean {
  return findAlgorithm(hash) !== undefined;
}

async function matches(algorithm: Algorithm, hash: string, password: string): Promise<boolean> {
  try {
    // bcrypt reads the first 72 bytes, as the system that made the hash did; argon2id reads all of them.
    return await (algorithm === 'bcrypt' ? bcryptVerify(password, hash) : argon2Verify(hash, password));
  } catch {
    // A hash that looks right and is not; a NUL byte that bcrypt does not take. It does not fit, that is all.
    return false;
  }
}

/** The password connector. `hash` throws a {@link Fault} on overload, and so does `verify`; both are retryable. */
export function createPasswordConnector(settings: PasswordConnectorSettings): PasswordConnector {
  const { entropy, clock = systemClock, maxAtOnce = 3, maxWaiting = 256, refusalFloorMs = 300 } = settings;
  const inTurn = createTurnstile(maxAtOnce, maxWaiting);
  const hash = (password: string) => inTurn(() => argon2Hash(password, { ...PARAMETERS, salt: entropy.bytes(16) }));
  const dummy = hash(entropy.bytes(32).toString('base64url'));
  dummy.catch(() => undefined);

  const check = async (credential: PasswordCredential | undefined, password: string): Promise<boolean> => {
    const algorithm = credential === undefined || isTooLong(password) ? undefined : findAlgorithm(credential.hash);
    if (credential !== undefined && algorithm !== undefined) {
      return inTurn(() => matches(algorithm, credential.hash, password));
    }
    // Stops the listing of accounts by time: where there is nothing to compare with, the same work is done for nothing.
    const stored = await dummy;
    await inTurn(() => matches('argon2id', stored, isTooLong(password) ? '' : password));
    return false;
  };

  return {
    shape: 'password',
    hash,
    async verify(credential, password) {
      const askedAtMs = clock.monotonicMs();
      if (await check(credential, password)) return true;
      // An imported bcrypt hash takes longer than argon2id, which would tell that the account exists. The floor hides it.
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
