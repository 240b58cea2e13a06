/**
 * How often something may be tried for one e-mail address: a few times from one network address, far more often from everywhere
 * together. A limit for the address alone would let anybody shut a person out by his name. Counts; decides about nobody.
 */
import { isIPv6 } from 'node:net';
import type { AttemptCounters } from '../ports/attempts.js';

interface Limit {
  /** For the address, from one network address: the mistakes of a person, or the guesses of one machine. */
  readonly fromHere: number;
  /** For the address, from everywhere: guesses that are spread over many machines. */
  readonly fromAnywhere: number;
  readonly windowSeconds: number;
}

const LIMITS = {
  /** Password guessing; NIST SP 800-63B section 5.2.2 allows 100 in a row. */
  password: { fromHere: 10, fromAnywhere: 100, windowSeconds: 900 },
  /** Mail flooding, by codes. */
  'proof-mail': { fromHere: 5, fromAnywhere: 20, windowSeconds: 3600 },
  /** Guessing a code of six digits: 5 of 1,000,000 for each of the codes that are mailed at most. */
  proof: { fromHere: 20, fromAnywhere: 60, windowSeconds: 3600 },
  /** Mail flooding, by links for a new password. */
  forgot: { fromHere: 5, fromAnywhere: 20, windowSeconds: 3600 },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitedAttempt = keyof typeof LIMITS;
export interface Tried {
  readonly email: string;
  readonly ip: string;
}

/** What counts as one network address: of IPv6 the /64, since one machine has all of it (RFC 6177). */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = (ip.split('%', 1)[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

const hereKey = (kind: LimitedAttempt, { email, ip }: Tried) => `${kind}:${email} ${networkOf(ip)}`;
const anywhereKey = (kind: LimitedAttempt, { email }: Tried) => `${kind}:${email}`;

export interface Counted {
  readonly allowed: boolean;
  /** This one included. */
  readonly fromHere: number;
  /** Undefined when it was one too many from here already. */
  readonly fromAnywhere: number | undefined;
}

/** Counts one attempt. What is refused from one network address does not count for the others: it takes nothing away from them. */
export async function countAttempt(
  attempts: AttemptCounters,
  kind: LimitedAttempt,
  tried: Tried,
  at: Date,
): Promise<Counted> {
  const limit = LIMITS[kind];
  const fromHere = await attempts.increment(hereKey(kind, tried), limit.windowSeconds, at);
  if (fromHere > limit.fromHere) return { allowed: false, fromHere, fromAnywhere: undefined };
  const fromAnywhere = await attempts.increment(anywhereKey(kind, tried), limit.windowSeconds, at);
  return { allowed: fromAnywhere <= limit.fromAnywhere, fromHere, fromAnywhere };
}

/** After a success: nothing from here counts any more; what others tried does. */
export async function forgiveAttempts(attempts: AttemptCounters, kind: LimitedAttempt, tried: Tried): Promise<void> {
  await attempts.reset(hereKey(kind, tried));
  await attempts.release(anywhereKey(kind, tried));
}

/** After a new password: whatever was guessed at is not what counts any more. */
export async function forgetAttempts(attempts: AttemptCounters, kind: LimitedAttempt, tried: Tried): Promise<void> {
  await attempts.reset(hereKey(kind, tried));
  await attempts.reset(anywhereKey(kind, tried));
}
