/**
 * Limits that a counted try comes nearer to, so that a person is told how many tries are left in truth: the question's
 * own limit may be far while that of the account is near. Counts nothing.
 */
import { assert } from '../kernel/assert.js';
import type { AttemptCounter, CounterValues } from '../ports/attempts.js';

type Named = 'address' | 'client';

/** Tries that one counter counts together; the log shows this name. */
export type LimitScope =
  | `for_${Named}_from_network`
  | 'from_network'
  | `for_${Named}`
  | `for_${Named}_from_allowlist`
  | 'for_this_one'
  | 'from_device'
  | 'from_known_network';

/** A counter with the name of its scope: it tells an administrator which limit was reached. */
export interface ScopedCounter extends AttemptCounter {
  readonly scope: LimitScope;
}

/** The limit that was exceeded, for the log. */
export interface PassedLimit {
  readonly limit: LimitScope;
  readonly network?: string;
  readonly most: number;
  readonly windowSeconds: number;
  readonly endsAt: Date;
}

/** A limit, and the tries that are left until it is reached. */
export interface LimitAhead extends PassedLimit {
  readonly left: number;
}

/**
 * The limits that a person may be told of. `own`: those that count only this machine or browser, and the one of the code
 * itself. Wider ones tell what others try, so they are for somebody who has proved the account.
 */
export type Told = 'all' | 'own';

const NARROW: ReadonlySet<LimitScope> = new Set([
  'for_address_from_network',
  'for_client_from_network',
  'from_device',
  'from_known_network',
]);

/** True when the first counter counts only one machine or browser, for one address. */
export const startsNarrow = ([first]: readonly ScopedCounter[]): boolean =>
  first !== undefined && NARROW.has(first.scope);

/** Returns the limit of a counter whose window ends at this time. */
export function limitOf({ scope, limit: most, windowSeconds, network }: ScopedCounter, endsAt: Date): PassedLimit {
  return { limit: scope, ...(network && { network }), most, windowSeconds, endsAt };
}

/** Returns the limits of these counters that the person may be told of, in the order of the counters. */
export function limitsAhead(
  counters: readonly ScopedCounter[],
  { counts, ends }: CounterValues,
  told: Told,
): readonly LimitAhead[] {
  const isTold = ({ scope }: ScopedCounter, index: number) =>
    told === 'all' || scope === 'for_this_one' || (index === 0 && startsNarrow(counters));
  return counters.flatMap((counter, index) => {
    const [count, endsAt] = [counts[index], ends[index]];
    assert(count !== undefined && endsAt !== undefined, 'each counter has a value');
    return isTold(counter, index) ? [{ ...limitOf(counter, endsAt), left: Math.max(0, counter.limit - count) }] : [];
  });
}

/** Returns the limit with the fewest tries left; of equal ones the first, so the account's before that of one code. */
export function findNearest(ahead: readonly LimitAhead[]): LimitAhead {
  const [first, ...rest] = ahead;
  assert(first !== undefined, 'a try is counted by a counter at least');
  return rest.reduce((nearest, limit) => (limit.left < nearest.left ? limit : nearest), first);
}
