/**
 * Judges a story by the difference of two snapshots of the database. Pure: returns sentences, each with true or false.
 */
import type { LedgerRow } from '../ledger.js';
import type { Check, Seen, Told } from './stories.js';

type Ledger = readonly LedgerRow[];

export function isIn({ end }: Seen, name: string): Check {
  return { says: `${name} is in.`, ok: end === 'inside' };
}

/** Reads the application's page "You are not signed in" (demo/application.ts). Returns nothing for any other page. */
export function readAnswer(html: string): Told {
  const fact = (name: string) => new RegExp(`<dt>${name}</dt>\\s*<dd><code>([^<]*)</code>`).exec(html)?.[1];
  return { error: fact('Answer'), reference: fact('Reference') };
}

/**
 * Checks that this rule refused the login, that the application got `access_denied`, and that the shown reference is
 * the log line's.
 */
export function isRefused({ end, told, login }: Seen, name: string, code: string): Check {
  const { reference } = told;
  const found = reference !== undefined && reference === login?.details?.reference && login.details.code === code;
  return {
    says: `${name} is refused, with a reference number to quote.`,
    ok: end === 'not-in' && told.error === 'access_denied' && found,
  };
}

function rowOf(ledger: Ledger, table: string): LedgerRow {
  const row = ledger.find((item) => item.table === table);
  if (row === undefined) throw new Error(`the database has no table ${table}`);
  return row;
}

/** Returns by how many rows the table grew. */
export function gain(ledger: Ledger, table: string): number {
  const { before, after } = rowOf(ledger, table);
  return after - before;
}

/** True if no row of these tables was added, removed or changed. */
export function untouched(ledger: Ledger, tables: readonly string[]): boolean {
  return tables.every((table) => {
    const { added, removed } = rowOf(ledger, table);
    return added.length === 0 && removed.length === 0;
  });
}

/** True if no row changed in any table except these. */
export function nothingBut(ledger: Ledger, exceptions: readonly string[]): boolean {
  return untouched(
    ledger,
    ledger.map((row) => row.table).filter((table) => !exceptions.includes(table)),
  );
}

/** Checks the promise for everybody who is refused: the database has no trace of them. */
export function nothingIsLeft(ledger: Ledger): Check {
  return {
    says: 'Every table is as it was, row by row. One line was added to the login log.',
    ok: nothingBut(ledger, ['logs']) && gain(ledger, 'logs') === 1,
  };
}

/** Checks the same promise for an Action that called the Management API: the call itself has a line in the log. */
export function nothingButTheLog(ledger: Ledger, says: string): Check {
  return { says, ok: nothingBut(ledger, ['logs']) && gain(ledger, 'logs') >= 1 };
}

/** Checks the same promise for a refusal after a password: attempts at passwords are counted, to stop guessing. */
export function nothingButTheCounter(ledger: Ledger): Check {
  return {
    says: 'Nothing is left but a line in the login log and the counter that stops the guessing of passwords.',
    ok: nothingBut(ledger, ['logs', 'attempt_counters']) && gain(ledger, 'logs') === 1,
  };
}

/** Checks that, while a proof is asked for, only the mail with the code and the counter of codes exist. */
export function onlyTheMail(ledger: Ledger): Check {
  return {
    says: 'While the code is asked for, only the mail and the counter of such mails exist.',
    ok: nothingBut(ledger, ['outbox', 'attempt_counters', 'logs']) && gain(ledger, 'outbox') === 1,
  };
}

/**
 * Checks that guesses at a code leave only the mail with the code, the counters of guesses, and the line in the log.
 */
export function onlyMailAndCounters(ledger: Ledger): Check {
  return {
    says: 'Left are the mail with the code, the counters of guesses, and one line in the login log.',
    ok: nothingBut(ledger, ['outbox', 'attempt_counters', 'logs']) && gain(ledger, 'logs') === 1,
  };
}

/** Checks that these tables grew by exactly these numbers, and that no other table about people changed. */
export function gains(ledger: Ledger, says: string, expected: Readonly<Record<string, number>>): Check {
  const people = ['users', 'identities', 'members', 'member_roles', 'password_credentials', 'invitations'];
  return { says, ok: people.every((table) => gain(ledger, table) === (expected[table] ?? 0)) };
}

/** Checks that the identity of the company's sign-in was linked to the existing account. */
export function sameUser(ledger: Ledger, userId: string | undefined): Check {
  const { added } = rowOf(ledger, 'identities');
  return {
    says: 'The SSO identity belongs to the same user id as before.',
    ok: userId !== undefined && added.some((row) => row.user_id === userId && row.status === 'bound'),
  };
}

/** Checks that password and roles are the same as before. */
export function keepsPassword(ledger: Ledger): Check {
  return { says: 'The password and the old roles are untouched.', ok: passwordUntouched(ledger) };
}

/**
 * Checks that an account whose address nobody had proved lost its password, which may be a stranger's. The roles stay.
 */
export function endsUnprovedPassword(ledger: Ledger): Check {
  const { added, removed } = rowOf(ledger, 'password_credentials');
  const [now] = added;
  const isHash = typeof now?.hash === 'string' && now.hash.startsWith('$');
  return {
    says: 'The old password, set before anybody proved the address, works no more; the roles are untouched.',
    ok: added.length === 1 && removed.length === 1 && !isHash && rowOf(ledger, 'member_roles').removed.length === 0,
  };
}

function passwordUntouched(ledger: Ledger): boolean {
  return untouched(ledger, ['password_credentials']) && rowOf(ledger, 'member_roles').removed.length === 0;
}

/** Checks that an invitation was used by the commit that let the person in. */
export function invitationUsed(ledger: Ledger): Check {
  const { added } = rowOf(ledger, 'invitations');
  return {
    says: 'The invitation is used up, in the same commit.',
    ok: added.length === 1 && typeof added[0]?.consumed_by === 'string',
  };
}

/** Checks that in Auth0's order the rows stay that were written before the Action denied. */
export function staysMember(ledger: Ledger): Check {
  return {
    lesson: true,
    says: 'In Auth0’s order user, identity and membership were written before the Action ran, and stay.',
    ok: ['users', 'identities', 'members'].every((table) => gain(ledger, table) === 1),
  };
}

/** Checks that the clean-up in Auth0's order removes the membership, and no other row of the login. */
export function onlyMembershipGone(ledger: Ledger): Check {
  return {
    lesson: true,
    says: 'The membership is gone again. User and identity stay: the clean-up does not know of those.',
    ok: gain(ledger, 'members') === 0 && gain(ledger, 'users') === 1 && gain(ledger, 'identities') === 1,
  };
}

/** Everybody who had a membership before this login has it still, with the same roles. */
export function keepsSeat(ledger: Ledger, name: string): Check {
  return { says: `${name} keeps the membership and the roles.`, ok: untouched(ledger, ['members', 'member_roles']) };
}
