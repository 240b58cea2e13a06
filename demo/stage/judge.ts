/** Judges a story by the difference of two pictures of the database. Pure: every answer is a sentence and whether it is true. */
import type { LedgerRow } from '../ledger.js';
import type { Check, Seen, Told } from './stories.js';

type Ledger = readonly LedgerRow[];

export function isIn({ end }: Seen, name: string): Check {
  return { says: `${name} is in.`, ok: end === 'inside' };
}

/** Reads the application's "You are not signed in" (demo/application.ts) as the person does; nothing of it on any other page. */
export function readAnswer(html: string): Told {
  const fact = (name: string) => new RegExp(`<dt>${name}</dt>\\s*<dd><code>([^<]*)</code>`).exec(html)?.[1];
  return { error: fact('Answer'), reference: fact('Reference') };
}

/** Refused by this rule: the application was told `access_denied`, and the number that it shows is that of the log's line. */
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

/** Rows that the table has more than before. */
export function gain(ledger: Ledger, table: string): number {
  const { before, after } = rowOf(ledger, table);
  return after - before;
}

/** True when not one row of these tables came, went or changed. */
export function untouched(ledger: Ledger, tables: readonly string[]): boolean {
  return tables.every((table) => {
    const { added, removed } = rowOf(ledger, table);
    return added.length === 0 && removed.length === 0;
  });
}

/** True when every other table than these is as it was, row by row. */
export function nothingBut(ledger: Ledger, exceptions: readonly string[]): boolean {
  return untouched(
    ledger,
    ledger.map((row) => row.table).filter((table) => !exceptions.includes(table)),
  );
}

/** The promise for everybody who is refused. */
export function nothingIsLeft(ledger: Ledger): Check {
  return {
    says: 'Every table is as it was, row by row. One line was added to the login log.',
    ok: nothingBut(ledger, ['logs']) && gain(ledger, 'logs') === 1,
  };
}

/** The promise where an Action has called the Management API on the way: such a call has a line of its own in the log. */
export function nothingButTheLog(ledger: Ledger, says: string): Check {
  return { says, ok: nothingBut(ledger, ['logs']) && gain(ledger, 'logs') >= 1 };
}

/** The promise for everybody who is refused after a password: tries of passwords are counted, to stop guessing. */
export function nothingButTheCounter(ledger: Ledger): Check {
  return {
    says: 'Nothing is left but a line in the login log and the counter that stops the guessing of passwords.',
    ok: nothingBut(ledger, ['logs', 'attempt_counters']) && gain(ledger, 'logs') === 1,
  };
}

/** While a proof is asked for, only the mail with the code and the counter of codes exist. */
export function onlyTheMail(ledger: Ledger): Check {
  return {
    says: 'While the code is asked for, only the mail and the counter of such mails exist.',
    ok: nothingBut(ledger, ['outbox', 'attempt_counters', 'logs']) && gain(ledger, 'outbox') === 1,
  };
}

/** After guesses at a code: no more than the mail with the code, the counters of guesses, and the line in the log. */
export function onlyMailAndCounters(ledger: Ledger): Check {
  return {
    says: 'Left are the mail with the code, the counters of guesses, and one line in the login log.',
    ok: nothingBut(ledger, ['outbox', 'attempt_counters', 'logs']) && gain(ledger, 'logs') === 1,
  };
}

/** Exactly these gains, and none in the other tables that say who somebody is. */
export function gains(ledger: Ledger, says: string, expected: Readonly<Record<string, number>>): Check {
  const people = ['users', 'identities', 'members', 'member_roles', 'password_credentials', 'invitations'];
  return { says, ok: people.every((table) => gain(ledger, table) === (expected[table] ?? 0)) };
}

/** The SSO identity was bound to the account that was there before. */
export function sameUser(ledger: Ledger, userId: string | undefined): Check {
  const { added } = rowOf(ledger, 'identities');
  return {
    says: 'The SSO identity belongs to the same user id as before.',
    ok: userId !== undefined && added.some((row) => row.user_id === userId && row.status === 'bound'),
  };
}

/** Password and roles of before are still there. */
export function keepsPassword(ledger: Ledger): Check {
  return { says: 'The password and the old roles are untouched.', ok: passwordUntouched(ledger) };
}

/** The password of an account whose address nobody had proved may be a stranger's: it fits nothing any more. Roles stay. */
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

/** An invitation was consumed, by the commit that let the person in. */
export function invitationUsed(ledger: Ledger): Check {
  const { added } = rowOf(ledger, 'invitations');
  return {
    says: 'The invitation is used up, in the same commit.',
    ok: added.length === 1 && typeof added[0]?.consumed_by === 'string',
  };
}

/** Auth0's order: what was written before the Action was asked, and stays although it said no. */
export function staysMember(ledger: Ledger): Check {
  return {
    lesson: true,
    says: 'In Auth0’s order user, identity and membership were written before the Action ran, and stay.',
    ok: ['users', 'identities', 'members'].every((table) => gain(ledger, table) === 1),
  };
}

/** The clean-up in Auth0's order: it takes the membership away, and nothing else that the login brought. */
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
