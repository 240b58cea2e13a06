/**
 * Parses the file of a bulk import in Auth0's format ("Bulk User Import Database Schema and Examples"): bytes in, users
 * and problems out. A problem concerns a single user, unless the file is not a JSON array. Never repeats a password
 * hash.
 */
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { UserProfile } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import {
  type ImportEntry,
  type ImportedUser,
  type ImportFile,
  type ImportProblem,
  withoutRepeats,
} from '../../domain/people/user-import.js';
import { assert } from '../../kernel/assert.js';
import { ManagementError } from '../api/errors.js';
import { FORMATS } from '../api/formats.js';
import type { Wire } from '../api/operation.js';
import { checkStorable, reasonOf } from '../api/validation.js';
import { FACTORS_SCHEMA, readFactors } from './user-import-factors.js';
import { type CheckHash, checkPasswordHash, type PasswordFields } from './user-import-hash.js';

const text = (maxLength: number) => ({ type: 'string', maxLength });

/** Schema of a user in a file. The maximum lengths are those of `POST /users`. */
const USER_SCHEMA = {
  type: 'object',
  required: ['email'],
  additionalProperties: false,
  properties: {
    email: { type: 'string', format: 'email' },
    email_verified: { type: 'boolean' },
    user_id: { type: 'string', maxLength: 255, pattern: '^(auth0\\|)?[\\x21-\\x7b\\x7d\\x7e]+$' },
    username: { type: 'string', minLength: 1, maxLength: 128 },
    given_name: text(150),
    family_name: text(150),
    name: text(300),
    nickname: text(300),
    picture: { anyOf: [{ const: '' }, { type: 'string', format: 'strict-uri' }] },
    blocked: { type: 'boolean' },
    password_hash: { type: 'string' },
    custom_password_hash: { type: 'object' },
    app_metadata: { type: 'object' },
    user_metadata: { type: 'object' },
    mfa_factors: FACTORS_SCHEMA,
  },
};

/**
 * Properties of Auth0's schema that have no use here. They are reported for each user, so that nobody believes them
 * imported.
 */
const NOT_AVAILABLE: Readonly<Record<string, string>> = {
  phone_number: 'Nobody signs in by telephone here: leave phone_number out.',
  phone_verified: 'Nobody signs in by telephone here: leave phone_verified out.',
};

/** Auth0's code for an import problem, by the keyword of the JSON schema that failed. */
const CODES: Readonly<Record<string, string>> = {
  type: 'INVALID_TYPE',
  required: 'OBJECT_REQUIRED',
  additionalProperties: 'OBJECT_ADDITIONAL_PROPERTIES',
  format: 'INVALID_FORMAT',
  pattern: 'PATTERN',
  minLength: 'MIN_LENGTH',
  maxLength: 'MAX_LENGTH',
  minItems: 'ARRAY_LENGTH_SHORT',
  maxItems: 'ARRAY_LENGTH_LONG',
  minProperties: 'OBJECT_PROPERTIES_MINIMUM',
  maxProperties: 'OBJECT_PROPERTIES_MAXIMUM',
  anyOf: 'INVALID_FORMAT',
};

interface FileUser extends PasswordFields {
  readonly email: string;
  readonly email_verified?: boolean;
  readonly user_id?: string;
  readonly username?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly name?: string;
  readonly nickname?: string;
  readonly picture?: string;
  readonly blocked?: boolean;
  readonly app_metadata?: Wire;
  readonly user_metadata?: Wire;
  readonly mfa_factors?: readonly unknown[];
}

let validate: ValidateFunction | undefined;

function getValidator(): ValidateFunction {
  if (validate !== undefined) return validate;
  const ajv = new Ajv2020({ strict: false, verbose: true, allErrors: true, logger: false });
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  validate = ajv.compile(USER_SCHEMA);
  return validate;
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SECRET = /pass|hash|salt|secret|token/i;
const MASK = '*****';
const MAX_DEPTH = 12;

/**
 * Returns a value in which everything is masked that may be a password or belong to a password hash. Replaces values
 * nested too deep by `…`.
 */
function withoutSecrets(value: unknown, secret: boolean, depth: number): unknown {
  if (typeof value === 'object' && value !== null) {
    if (depth > MAX_DEPTH) return '…';
    if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secret, depth + 1));
    const entries = Object.entries(value).map(([name, item]) => {
      const isSecret = (secret && name !== 'algorithm' && name !== 'encoding') || SECRET.test(name);
      return [name, withoutSecrets(item, isSecret, depth + 1)];
    });
    return Object.fromEntries(entries);
  }
  return secret && value !== null ? MASK : value;
}

/** Returns the user's record as the answer shows it beside its errors. */
function toShown(record: unknown): Wire {
  return isObject(record) && Object.keys(record).length <= MAX_PROPERTIES
    ? (withoutSecrets(record, false, 0) as Wire)
    : {};
}

function toProblem(error: ErrorObject): ImportProblem {
  const inner = error.keyword === 'required' ? error.params.missingProperty : error.params.additionalProperty;
  const place = error.instancePath.slice(1);
  const path = typeof inner === 'string' ? inner.slice(0, 100) : place;
  const code = CODES[error.keyword] ?? 'NOT_PASSED';
  const reason = error.keyword === 'anyOf' ? "Object didn't pass validation for format strict-uri" : reasonOf(error);
  return {
    code,
    message: place === '' ? reason : `Error in ${place} property - ${reason}`,
    ...(path !== '' && { path }),
  };
}

/** True for errors inside `anyOf`. They are dropped, since the error of the `anyOf` itself is reported. */
function isInner(error: ErrorObject): boolean {
  return error.schemaPath.includes('/anyOf/');
}

/**
 * Maximum number of properties of a user, more than any real user has. Without a limit, each of thousands of properties
 * would be reported as a problem.
 */
const MAX_PROPERTIES = 100;

function checkShape(record: unknown): readonly ImportProblem[] {
  if (isObject(record) && Object.keys(record).length > MAX_PROPERTIES) {
    return [{ code: 'OBJECT_PROPERTIES_MAXIMUM', message: `Too many properties, maximum ${MAX_PROPERTIES}` }];
  }
  try {
    checkStorable(record, 'body');
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    return [{ code: 'INVALID_FORMAT', message: error.message }];
  }
  const names = isObject(record) ? Object.keys(record) : [];
  const missing = names.filter((name) => Object.hasOwn(NOT_AVAILABLE, name));
  const check = getValidator();
  const errors = check(record) ? [] : (check.errors ?? []).filter((error) => !isInner(error));
  return [
    ...missing.map((path) => ({ code: 'NOT_AVAILABLE', message: NOT_AVAILABLE[path] ?? '', path })),
    ...errors
      .filter(({ params }) => !Object.hasOwn(NOT_AVAILABLE, String(params.additionalProperty)))
      .slice(0, 20)
      .map(toProblem),
  ];
}

/**
 * Returns the profile of a user in a file. Drops empty strings: exports write them for fields that were never filled
 * in.
 */
function toProfile(user: FileUser): UserProfile {
  const { name, given_name: givenName, family_name: familyName, nickname, picture } = user;
  const given = Object.entries({ name, givenName, familyName, nickname, picture });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
}

function toUser(
  user: FileUser,
  { passwordHash, factors }: Pick<ImportedUser, 'passwordHash' | 'factors'>,
): ImportedUser {
  const email = parseEmail(user.email);
  assert(email, 'the schema checked the address');
  return {
    email,
    emailVerified: user.email_verified ?? false,
    // Auth0 puts `auth0|` before any id in a file. Ids in an export have this prefix already.
    subject: user.user_id?.replace(/^auth0\|/, ''),
    username: user.username,
    profile: toProfile(user),
    blocked: user.blocked ?? false,
    passwordHash,
    userMetadata: user.user_metadata,
    appMetadata: user.app_metadata,
    factors,
  };
}

function parseRecord(record: unknown, isCheckable: CheckHash): ImportEntry {
  const problems = checkShape(record);
  const hash = isObject(record) ? checkPasswordHash(record, isCheckable) : { problems: [], value: undefined };
  // Only where the shape is right: the items are then known to be factors.
  const given = problems.length === 0 ? ((record as FileUser).mfa_factors ?? []) : [];
  const { factors, problems: ofFactors } = readFactors(given);
  const errors = [...problems, ...hash.problems, ...ofFactors];
  const shown = toShown(record);
  if (errors.length > 0) return { ok: false, failure: { user: shown, errors } };
  return { ok: true, user: toUser(record as unknown as FileUser, { passwordHash: hash.value, factors }), shown };
}

function* parseRecords(records: readonly unknown[], isCheckable: CheckHash): Generator<ImportEntry> {
  for (const record of records) yield parseRecord(record, isCheckable);
}

const NOT_JSON = 'Failed to parse users file JSON when importing users. Make sure it is valid JSON.';
/**
 * Maximum number of users in a file: no more fit into a request. Entries of a longer list are no users, and each would
 * be reported as an error.
 */
const MAX_USERS = 30_000;

/**
 * Returns the users of a file. Each is parsed only when it is read: parsing all at once would delay people who sign in.
 * `isCheckable` decides for which hashes this server can check a password.
 */
export function parseUsersFile(bytes: Uint8Array, isCheckable: CheckHash): ImportFile {
  let records: unknown;
  try {
    // Throws on invalid UTF-8. A byte order mark, as Windows writes it, is skipped (RFC 8259 section 8.1).
    records = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { ok: false, reason: NOT_JSON };
  }
  if (!Array.isArray(records)) return { ok: false, reason: `${NOT_JSON} It has to be an array of users.` };
  if (records.length > MAX_USERS) return { ok: false, reason: `The users file has more than ${MAX_USERS} entries.` };
  return { ok: true, total: records.length, entries: withoutRepeats(parseRecords(records, isCheckable)) };
}
