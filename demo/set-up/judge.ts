/**
 * Judges story 15 by the difference of two snapshots of the database. Pure: returns sentences, each with true or false.
 */
import type { Arrival } from '../actions/walker.js';
import type { LedgerRow } from '../ledger.js';
import { gain, nothingBut, untouched } from '../stage/judge.js';
import type { Check } from '../stage/stories.js';

type Ledger = readonly LedgerRow[];

/** Tables about who people are and what they may do. */
const PEOPLE = ['users', 'identities', 'members', 'member_roles', 'password_credentials'];

/** Judges the state after the link was made: a row of the set-up, and the line in the log. */
export function judgeTicket(ledger: Ledger): readonly Check[] {
  return [
    {
      says: 'One row for the set-up, and a line in the log. The secret of the link is nowhere: only its hash.',
      ok: nothingBut(ledger, ['connection_setups', 'logs']) && gain(ledger, 'connection_setups') === 1,
    },
  ];
}

/** Judges the state after settings were typed: no connection has them. */
export function judgeTyped(ledger: Ledger, wrong: boolean, led: boolean): readonly Check[] {
  return [
    { says: 'The typing error was told on the page, with what to change.', ok: wrong },
    {
      says: 'A connection without settings, and nobody is led to it.',
      ok: !led && gain(ledger, 'connections') === 1 && untouched(ledger, [...PEOPLE, 'organization_connections']),
    },
  ];
}

/** Judges the state after two test sign-ins: only the note that the settings work was written. */
export function judgeTried(ledger: Ledger, ann: string, zoe: string): readonly Check[] {
  return [
    {
      says: 'Ann may sign in, with the same account as before.',
      ok: ann.includes('you can sign in once it is switched on'),
    },
    { says: 'Zoe reads that she is not a member yet.', ok: zoe.includes('You are not a member yet') },
    {
      says: 'But for the count of tries, every other table is as it was, row by row: no account, no session, no membership.',
      ok: nothingBut(ledger, ['attempt_counters', 'connection_setups', 'logs']),
    },
  ];
}

/** Checks that the person got in as the same user, with the same role as before. */
export function isSame(name: string, { inside, userId, roles }: Arrival, expected: string | undefined): Check {
  return {
    says: `${name} comes in by Initech, as the same user with the same role.`,
    ok: inside && userId !== undefined && userId === expected && roles.length === 1,
  };
}

/** Checks that the person was refused, and that nothing is left. */
export function isRefused(ledger: Ledger, { inside, reason }: Arrival): Check {
  return {
    says: 'Zoe is refused, and leaves a line in the login log alone.',
    ok: !inside && reason !== undefined && nothingBut(ledger, ['logs']),
  };
}

/** Columns that a sign-in writes into the membership of somebody who is a member already. */
const ATTENDANCE: readonly string[] = ['first_login_at', 'last_login_at'];

/** The same memberships as before, except the times of sign-ins. */
function sameSeats(ledger: Ledger): boolean {
  const changed = ledger.find(({ table }) => table === 'members');
  const seats = (rows: readonly object[] = []) =>
    rows
      .map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !ATTENDANCE.includes(column))))
      .sort()
      .join();
  return changed !== undefined && seats(changed.added) === seats(changed.removed);
}

/** Judges the state after the connection was switched off: nobody lost anything. */
export function judgeOff(ledger: Ledger, led: boolean): readonly Check[] {
  return [
    { says: 'Bob’s address leads to the page for his password again.', ok: !led },
    {
      says: 'Users, memberships, roles and passwords are as before the link; two identities at Initech were added.',
      ok:
        gain(ledger, 'users') === 0 &&
        gain(ledger, 'identities') === 2 &&
        sameSeats(ledger) &&
        untouched(ledger, ['member_roles', 'password_credentials']),
    },
  ];
}
