/**
 * A condition of auto-membership, tried on members who have come by a connection, and counted. Bounded: an operator's question must not keep
 * this server from people who sign in. Writes nothing.
 */

import type { Condition } from '../../domain/companies/membership-condition.js';
import { emailDomain } from '../../domain/people/email.js';
import type { Clock } from '../../kernel/clock.js';
import type { Arrival, ArrivalDirectory, ArrivalPlace, KnownArrival } from '../../ports/directory/arrivals.js';

/** People on whom a condition is tried, and who are read at once. */
const MOST_TRIED = 1_000;
const AT_ONCE = 200;
/** Attack: a dear condition over many people keeps the one thread of this server from those who sign in. */
const LONGEST_MS = 250;
/** People whom a condition leaves out that are named. */
const MOST_NAMED = 5;

type Usable = Exclude<Condition, { readonly error: string }>;

/** As step 4 of a login asks it. */
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
  /** Nobody is left who was not tried. */
  readonly complete: boolean;
  readonly without: readonly Arrival[];
}

/** Tries it on the people whom `list` gives page by page, until the last of them, or a limit. */
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
