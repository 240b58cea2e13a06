/**
 * Finds the operator's words for a refusal: from the server's own tables of refusals, or from the few rows here for
 * token exchanges. Words only. `{organization}`, `{connection}` and `{application}` are replaced by names from the log
 * line.
 */
import type { OperatorWords } from '../../facts/refusals/row.js';
import { REFUSALS } from '../../facts/refusals.js';
import { SCIM_REFUSALS } from '../../facts/scim-refusals.js';

/**
 * Refusals of a token exchange for which an action of the operator can help. For all others, the server's description
 * is shown.
 */
const TOKEN_ROWS: Readonly<Record<string, OperatorWords>> = {
  'standing.not_a_member': {
    short: 'no longer a member',
    when: 'The person is no longer a member of {organization}, so their session there was revoked.',
    do: 'Invite them again if they should have access.',
    remedies: ['invite'],
  },
  'standing.user_blocked': {
    short: 'person is blocked',
    when: 'The person was blocked after they signed in.',
    do: 'Unblock them if they should have access again.',
    remedies: ['unblock_person'],
    fix: 'person',
  },
  'standing.organization_blocked': {
    short: 'organization blocked',
    when: '{organization} was blocked after they signed in.',
    do: 'Nobody can sign in until you unblock it.',
    remedies: ['unblock_organization'],
    fix: 'organization',
  },
  'standing.application_not_entitled': {
    short: 'application not enabled',
    when: '{organization} limits its applications since they signed in, and {application} is not among them.',
    do: 'Add the application to the organization if people should use it.',
    fix: 'organization',
  },
  'standing.sso_required': {
    short: 'company sign-in required',
    when: 'They signed in with a password, but {organization} now requires the company’s sign-in.',
    do: 'Ask them to sign in through the company, or allow this person to use the password (break-glass).',
    remedies: ['break_glass'],
    fix: 'organization',
  },
  'client.wrong_secret': {
    short: 'wrong secret',
    when: '{application} sent a wrong client secret.',
    do: 'Compare its secret with the one here, or rotate the secret.',
    fix: 'application',
  },
  'client.key_expired': {
    short: 'key expired',
    when: 'The key that {application} signs with has expired.',
    do: 'Add a new key, or extend the expiry of this one.',
    fix: 'application',
  },
};

const ROWS: Readonly<Record<string, OperatorWords>> = { ...REFUSALS, ...SCIM_REFUSALS, ...TOKEN_ROWS };

/** Returns the words for a code or for a check; undefined if it has no row. */
export function findRefusal(code: string | undefined): OperatorWords | undefined {
  return code !== undefined && Object.hasOwn(ROWS, code) ? ROWS[code] : undefined;
}

/** Returns the words for a reason as the API's `explain` answers it: a refusal's code without its step. */
export function findReason(reason: string): OperatorWords | undefined {
  return findRefusal(Object.keys(REFUSALS).find((code) => code.endsWith(`.${reason}`)));
}
