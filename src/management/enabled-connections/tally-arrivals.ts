/**
 * Tests a condition of auto-membership on members who signed in through a connection, and counts for how many it holds.
 * People and time are limited: an operator's test must not delay people's sign-ins. Writes nothing.
 */

import type { Condition } from '../../domain/companies/membership-condition.js';
import { emailDomain } from '../../domain/people/email.js';
import type { Clock } from '../../kernel/clock.js';
import type { Arrival, ArrivalDirectory, ArrivalPlace, KnownArrival } from '../../ports/directory/arrivals.js';

/** Maximum number of people on whom a condition is tested. */
const MOST_TRIED = 1_000;
const AT_ONCE = 200;
/**
 * Longest test in milliseconds. Attack: an expensive condition, tested on many people, blocks the server's only thread
 * for sign-ins.
 */
const LONGEST_MS = 250;
/** Maximum number of people whom the answer names because the condition does not hold for them. */
const MOST_NAMED = 5;

type Usable = Exclude<Condition, { readonly error: string }>;

/** True when the condition holds for this person. Evaluated as in step 4 of a login (src/login/4-admit.ts). */
export function holdsFor(condition: Usable, { provedEmail, claims, scimGroups }: KnownArrival): boolean {
  return condition.evaluate({
    email: provedEmail ?? '',
    email_domain: provedEmail === undefined ? '' : emailDomain(provedEmail),
    claims,
    scim_groups: scimGroups,
  });
}

interface Tally {
  readonly tried: number;
  readonly holds: number;
  /** True when everybody was tested; false when a limit was reached before. */
  readonly complete: boolean;
  readonly without: readonly Arrival[];
}

/** Tests the condition on the people that `list` returns page by page, until the last page or a limit. */
export async function tallyArrivals(
  list: (page: Parameters<ArrivalDirectory['listArrivals']>[2]) => ReturnType<ArrivalDirectory['listArrivals']>,
  condition: Usable,
  clock: Pick<Clock, 'monotonicMs'>,
): Promise<Tally> {
  const end = clock.monotonicMs() + LONGEST_MS;
  const without: Arrival[] = [];
  let [tried, holds] = [0, 0];
  for (let after: ArrivalPlace | undefined; tried < MOST_TRIED; ) {
    const page = await list({ after, limit: AT_ONCE });
    for (const person of page.items) {
      if (clock.monotonicMs() > end) return { tried, holds, complete: false, without };
      tried += 1;
      if (holdsFor(condition, person)) holds += 1;
      else if (without.length < MOST_NAMED) without.push(person);
    }
    if (page.next === undefined) return { tried, holds, complete: true, without };
    after = page.next;
  }
  return { tried, holds, complete: false, without };
}
