/**
 * The refusals of the SCIM endpoint, one row each: the code that log lines have (`scim.<reason>`) and the words for the
 * operator. The console, the doctor and docs/guides/scim.md take their words from here. Only data, and the choice of a
 * row by the answer's status and type.
 */
import type { OperatorWords } from './refusals/row.js';

export interface ScimRefusalRow extends OperatorWords {
  /**
   * False if the refusal is a normal part of the protocol, which a directory resolves by itself. Others are shown to the
   * operator once they repeat.
   */
  readonly isReported: boolean;
}

const row = (short: string, when: string, advice: string): ScimRefusalRow => ({
  short,
  when,
  do: advice,
  fix: 'connection',
  isReported: true,
});

export const SCIM_REFUSALS = {
  'scim.token_expired': row(
    'token expired',
    'The directory of {connection} calls with a token that has expired, so nothing that it sends arrives.',
    'Issue a new token for {connection}, and enter it in the directory.',
  ),
  'scim.forbidden': row(
    'not allowed',
    'The directory of {connection} did something that its token or the account does not allow.',
    'If the token lacks a scope, issue one that has it. An account that others linked is not deleted: send active: false instead.',
  ),
  'scim.not_found': row(
    'unknown person or group',
    'The directory of {connection} changed a person or a group that does not exist here.',
    'Let the directory forget the id and provision the person or the group again (Entra: restart provisioning).',
  ),
  'scim.uniqueness': row(
    'exists already',
    'The directory of {connection} created or renamed a person or a group, and another one has that name or id.',
    'Let the directory find the existing one by userName or externalId, or remove the existing one here.',
  ),
  'scim.conflict': row(
    'conflict',
    'The change by the directory of {connection} conflicts with the settings here.',
    'Read the reason. A connection needs exactly one issuer, and an organization keeps its last break-glass member.',
  ),
  'scim.mutability': row(
    'user ID would change',
    'The directory of {connection} changed the attribute that holds the user ID at the identity provider.',
    'Map an attribute that never changes to it, or choose another user_id_attribute for {connection}.',
  ),
  'scim.invalid_path': row(
    'path not understood',
    'The directory of {connection} sent a PATCH with a path that is malformed, or that no stored attribute has.',
    'Correct the attribute mapping in the directory, or remove the attribute from it.',
  ),
  'scim.no_target': row(
    'nothing to replace',
    'The directory of {connection} replaced an item of a list, and the person has no such item.',
    'Let the directory add the item instead, or remove the attribute from its mapping.',
  ),
  'scim.invalid_value': row(
    'value not accepted',
    'The directory of {connection} sent a value that is not accepted, so the whole change was refused.',
    'Read which attribute it is, and correct its mapping in the directory.',
  ),
  'scim.invalid_syntax': row(
    'request malformed',
    'The directory of {connection} sent a request that is not valid SCIM.',
    'Read the reason. If the directory’s own settings do not explain it, ask its vendor.',
  ),
  'scim.invalid_filter': row(
    'filter not supported',
    'The directory of {connection} searched with a filter that is not supported, so it finds nobody.',
    'Let it match people by userName, externalId or emails.value with “eq”.',
  ),
  'scim.too_large': row(
    'request too large',
    'The directory of {connection} sent more than one request may hold.',
    'Let the directory send the members of large groups in parts.',
  ),
  'scim.changed': {
    ...row(
      'changed meanwhile',
      'Somebody else changed the person or the group since the directory of {connection} read it.',
      'Nothing: the directory reads it again and repeats the change.',
    ),
    isReported: false,
  },
  'scim.other': {
    ...row(
      'refused',
      'A request of the directory of {connection} was refused.',
      'Read the reason, and correct the settings of the directory.',
    ),
    isReported: false,
  },
} as const satisfies Readonly<Record<`scim.${string}`, ScimRefusalRow>>;

export type ScimRefusalCode = keyof typeof SCIM_REFUSALS;

/** The codes by the type of RFC 7644 table 9. */
const BY_TYPE: Readonly<Record<string, ScimRefusalCode>> = {
  invalidFilter: 'scim.invalid_filter',
  uniqueness: 'scim.uniqueness',
  mutability: 'scim.mutability',
  invalidSyntax: 'scim.invalid_syntax',
  invalidPath: 'scim.invalid_path',
  noTarget: 'scim.no_target',
  invalidValue: 'scim.invalid_value',
};

const BY_STATUS: Readonly<Record<number, ScimRefusalCode>> = {
  401: 'scim.token_expired',
  403: 'scim.forbidden',
  404: 'scim.not_found',
  409: 'scim.conflict',
  412: 'scim.changed',
  413: 'scim.too_large',
};

/** Returns the code of a refusal by its HTTP status and, where the answer has one, its `scimType`. */
export function toScimRefusalCode(status: number, scimType: string | undefined): ScimRefusalCode {
  return (scimType === undefined ? undefined : BY_TYPE[scimType]) ?? BY_STATUS[status] ?? 'scim.other';
}

/** The codes that are reported to the operator once a refusal repeats. */
export const REPORTED_SCIM_CODES = (Object.keys(SCIM_REFUSALS) as ScimRefusalCode[]).filter(
  (code) => SCIM_REFUSALS[code].isReported,
);

/** The days in which a refusal has to repeat: a directory retries a failed change for some days, ever more seldom. */
export const SCIM_REPEAT_DAYS = 7;
/** The number of the same refusals from which on they are reported. */
export const SCIM_REPEATS = 2;

/** Returns the text of a refusal without its numbers: the same refusal differs in them, such as counts of members. */
export function toRepeatedText(detail: string): string {
  return detail.replace(/\d+/g, '#');
}
