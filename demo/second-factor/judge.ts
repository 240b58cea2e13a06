/**
 * Judges story 36 by the difference of two snapshots of the database, and by the lines that the log gained. Pure:
 * returns sentences, each with true or false.
 */
import type { LedgerRow } from '../ledger.js';
import { gain, gains, nothingBut, untouched } from '../stage/judge.js';
import type { Check } from '../stage/stories.js';
import type { ToldLine } from './requirement.js';

type Ledger = readonly LedgerRow[];

/** The outcome of one step: rows, the story's lines in the log, and whether the browser arrived at the application. */
export interface Left {
  readonly ledger: Ledger;
  readonly lines: readonly ToldLine[];
  readonly inside: boolean;
}

/** True if the log gained exactly these lines. */
const told = ({ lines }: Left, types: readonly string[]): boolean =>
  JSON.stringify(lines.map(({ type }) => type).sort()) === JSON.stringify([...types].sort());

const kindsOf = (ledger: Ledger, change: 'added' | 'removed'): readonly unknown[] =>
  (ledger.find(({ table }) => table === 'factors')?.[change] ?? []).map(({ kind }) => kind).sort();

const same = (found: readonly unknown[], expected: readonly string[]): boolean =>
  JSON.stringify(found) === JSON.stringify([...expected].sort());

export function judgeRequired(ledger: Ledger, required: boolean): readonly Check[] {
  const people = ['users', 'identities', 'members', 'member_roles', 'password_credentials', 'sessions', 'factors'];
  return [
    {
      says: 'Acme requires a second factor. No account and no session changed.',
      ok: required && untouched(ledger, people),
    },
  ];
}

/** `asked`: the difference when the page asked for the new factor. */
export function judgeEnrolled(asked: Ledger, left: Left): readonly Check[] {
  return [
    {
      says: 'While the page asks, nothing is written: only the attempt at the password is counted.',
      ok: nothingBut(asked, ['attempt_counters']),
    },
    {
      says: 'Nora is in. The app and the recovery code were written with the sign-in, and Nora was mailed.',
      ok:
        left.inside &&
        same(kindsOf(left.ledger, 'added'), ['otp', 'recovery-code']) &&
        gain(left.ledger, 'outbox') === 1,
    },
    { says: 'The log: a sign-in, and a factor set up.', ok: told(left, ['s', 'gd_enrollment_complete']) },
  ];
}

export function judgePassed(left: Left): readonly Check[] {
  return [
    { says: 'Nora is in. No factor, user or membership more.', ok: left.inside && gain(left.ledger, 'factors') === 0 },
    gains(left.ledger, 'A second session beside the first.', {}),
    { says: 'The log: a sign-in, and the factor passed.', ok: told(left, ['s', 'gd_auth_succeed']) },
  ];
}

/** `offered`: whether a page let the stranger set up a factor. */
export function judgeStranger(left: Left, offered: boolean): readonly Check[] {
  const [line] = left.lines;
  return [
    { says: 'The stranger is not in, and no page let them set up a factor.', ok: !left.inside && !offered },
    {
      says: 'Left are one line in the log, with the rule that refused, and the counters that stop the guessing.',
      ok:
        nothingBut(left.ledger, ['attempt_counters', 'logs']) &&
        told(left, ['f']) &&
        line?.code === 'authenticate.factor_failed' &&
        line.reference !== undefined,
    },
  ];
}

export function judgeRecovered(left: Left, codes: { readonly used: string; readonly next: string }): readonly Check[] {
  return [
    { says: 'Nora is in with the recovery code.', ok: left.inside },
    {
      says: 'The code was replaced at once: the used one opens nothing any more.',
      ok: codes.used !== codes.next && same(kindsOf(left.ledger, 'removed'), ['recovery-code']),
    },
    { says: 'The log: a sign-in by a recovery code.', ok: told(left, ['s', 'gd_recovery_succeed']) },
  ];
}

/** `open`: whether the browsers of the first two sign-ins still have a session. */
export function judgeAccount(left: Left, open: readonly boolean[]): readonly Check[] {
  return [
    { says: 'The two earlier browsers are signed out; this one is not.', ok: left.inside && open.every((one) => !one) },
    { says: 'The last factor cannot be removed: Acme requires one.', ok: untouched(left.ledger, ['factors']) },
    { says: 'The log: two sessions ended.', ok: told(left, ['slo', 'slo']) },
  ];
}
