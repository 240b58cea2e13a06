/**
 * Finds the operator's words of a refusal: those of the server's own rows, and of a few refusals of a token exchange.
 * Words only. `{organization}`, `{connection}` and `{application}` are filled in from the line.
 */
import type { OperatorWords } from '../../facts/refusals/row.js';
import { REFUSALS } from '../../facts/refusals.js';

/** Refusals of a token exchange that an action helps with; all others have only the server’s words. */
const TOKEN_ROWS: Readonly<Record<string, OperatorWords>> = {
  'standing.not_a_member': {
    short: 'not a member any more',
    when: 'The person is not a member of {organization} any more, so their session there ended.',
    do: 'Invite them if they should come back.',
    remedies: ['invite'],
  },
  'standing.user_blocked': {
    short: 'person is blocked',
    when: 'The person was blocked since they signed in.',
    do: 'Unblock them if they may come in again.',
    remedies: ['unblock_person'],
    fix: 'person',
  },
  'standing.organization_blocked': {
    short: 'organization blocked',
    when: '{organization} was blocked since they signed in.',
    do: 'Nobody signs in before it is unblocked.',
    remedies: ['unblock_organization'],
    fix: 'organization',
  },
  'standing.sso_required': {
    short: 'company sign-in required',
    when: 'A password opened this session, and {organization} requires the company’s sign-in by now.',
    do: 'Let them sign in at the company, or let this one person use the password (break-glass).',
    remedies: ['break_glass'],
    fix: 'organization',
  },
  'client.wrong_secret': {
    short: 'wrong secret',
    when: '{application} sent another secret than the one that is kept here.',
    do: 'Compare it, or rotate it.',
    fix: 'application',
  },
  'client.key_expired': {
    short: 'key expired',
    when: 'The key with which {application} signs has expired.',
    do: 'Give it another key, or move the end of this one.',
    fix: 'application',
  },
};

const ROWS: Readonly<Record<string, OperatorWords>> = { ...REFUSALS, ...TOKEN_ROWS };

/** Finds the words of a code or a check; undefined for one without a row. */
export function findRefusal(code: string | undefined): OperatorWords | undefined {
  return code !== undefined && Object.hasOwn(ROWS, code) ? ROWS[code] : undefined;
}

/** Finds the words of a reason: a code without its step, as `explain` answers it. */
export function findReason(reason: string): OperatorWords | undefined {
  return findRefusal(Object.keys(REFUSALS).find((code) => code.endsWith(`.${reason}`)));
}
