/**
 * The refusals in the operator's words: one row for each code of the server; a test compares the two. Words only.
 * `{organization}`, `{connection}` and `{application}` are filled in from the line.
 */
import type { RefusalRow } from './refusal-row.js';
import { AFTER_PROOF } from './refusals-after-proof.js';
import { UNTIL_PROOF } from './refusals-until-proof.js';

/** Words for each refusal by its code, in the order of the steps. */
export const REFUSAL_TABLE: Readonly<Record<string, RefusalRow>> = { ...UNTIL_PROOF, ...AFTER_PROOF };

/** Refusals of a token exchange that an action helps with; all others have only the server’s words. */
const TOKEN_ROWS: Readonly<Record<string, RefusalRow>> = {
  'standing.not_a_member': {
    short: 'not a member any more',
    why: 'The person is not a member of {organization} any more, so their session there ended.',
    next: 'Invite them if they should come back.',
    deeds: ['invite'],
  },
  'standing.user_blocked': {
    short: 'person is blocked',
    why: 'The person was blocked since they signed in.',
    next: 'Unblock them if they may come in again.',
    deeds: ['unblock_person'],
    mend: 'person',
  },
  'standing.organization_blocked': {
    short: 'organization blocked',
    why: '{organization} was blocked since they signed in.',
    next: 'Nobody signs in before it is unblocked.',
    deeds: ['unblock_organization'],
    mend: 'organization',
  },
  'standing.sso_required': {
    short: 'company sign-in required',
    why: 'A password opened this session, and {organization} requires the company’s sign-in by now.',
    next: 'Let them sign in at the company, or let this one person use the password (break-glass).',
    deeds: ['break_glass'],
    mend: 'organization',
  },
  'client.wrong_secret': {
    short: 'wrong secret',
    why: '{application} sent another secret than the one that is kept here.',
    next: 'Compare it, or rotate it.',
    mend: 'application',
  },
  'client.key_expired': {
    short: 'key expired',
    why: 'The key with which {application} signs has expired.',
    next: 'Give it another key, or move the end of this one.',
    mend: 'application',
  },
};

/** Finds the row of a code or a check; undefined for one without a row. */
export function findRefusal(code: string | undefined): RefusalRow | undefined {
  if (code === undefined) return undefined;
  return Object.hasOwn(REFUSAL_TABLE, code)
    ? REFUSAL_TABLE[code]
    : Object.hasOwn(TOKEN_ROWS, code)
      ? TOKEN_ROWS[code]
      : undefined;
}
