/**
 * Hashes of passwords in the file of an import: `password_hash` (bcrypt) and `custom_password_hash` (bcrypt, argon2id). Another
 * algorithm is a problem of that user, since nobody could sign in with it. No message repeats a hash.
 */
import type { ImportProblem } from '../../domain/user-import.js';

export interface PasswordFields {
  readonly password_hash?: unknown;
  readonly custom_password_hash?: unknown;
}

export interface CheckedHash {
  readonly problems: readonly ImportProblem[];
  readonly value: string | undefined;
}

const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
/** PHC string format, as argon2 writes it: version 1.3, parameters, salt, hash. */
const ARGON2ID = /^\$argon2id\$v=19\$m=\d{1,10},t=\d{1,10},p=\d{1,10}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/;
/** Algorithms that Auth0 takes and this server does not. */
const UNKNOWN_HERE: ReadonlySet<string> = new Set('hmac ldap md4 md5 sha1 sha256 sha512 pbkdf2 scrypt'.split(' '));
const INSTEAD = 'Leave it out, and the person chooses a new password by "Forgot your password?".';

const refused = (code: string, path: string, reason: string): CheckedHash => ({
  problems: [{ code, message: `Error in ${path} property - ${reason}`, path }],
  value: undefined,
});

function checkText(hash: unknown, path: string, form: RegExp, name: string, isCheckable: (hash: string) => boolean) {
  if (typeof hash !== 'string') return refused('INVALID_TYPE', path, 'Expected type string');
  if (!form.test(hash)) return refused('INVALID_FORMAT', path, `This is not ${name}. ${INSTEAD}`);
  // The author of the file chose its cost: one sign-in must not take minutes or gigabytes.
  if (!isCheckable(hash)) return refused('MAXIMUM', path, `The hash asks for more work than is done here. ${INSTEAD}`);
  return { problems: [], value: hash };
}

const BCRYPT_NAME = 'a bcrypt hash ($2a$ or $2b$, 60 characters)';
const ARGON2_NAME = 'an argon2id hash in the PHC string format ($argon2id$v=19$m=…,t=…,p=…$salt$hash)';

function checkCustom(custom: object, isCheckable: (hash: string) => boolean): CheckedHash {
  const path = 'custom_password_hash';
  const { algorithm, hash, ...rest } = custom as Record<string, unknown>;
  if (typeof algorithm === 'string' && UNKNOWN_HERE.has(algorithm)) {
    const reason = `Passwords hashed with ${algorithm} cannot be checked here: bcrypt and argon2 (argon2id) can. ${INSTEAD}`;
    return refused('NOT_AVAILABLE', `${path}.algorithm`, reason);
  }
  if (algorithm !== 'bcrypt' && algorithm !== 'argon2') {
    return refused('ENUM_MISMATCH', `${path}.algorithm`, 'bcrypt and argon2 (argon2id) are known here');
  }
  const [extra] = Object.keys(rest);
  if (extra !== undefined) {
    return refused(
      'NOT_AVAILABLE',
      `${path}.${extra.slice(0, 100)}`,
      `${algorithm} hashes hold everything that is needed: leave it out`,
    );
  }
  if (typeof hash !== 'object' || hash === null || !('value' in hash)) {
    return refused('OBJECT_REQUIRED', `${path}.hash.value`, 'Missing required property: value');
  }
  const encoding = 'encoding' in hash ? hash.encoding : 'utf8';
  if (encoding !== 'utf8') return refused('NOT_AVAILABLE', `${path}.hash.encoding`, 'The hash is given as it is: utf8');
  const [form, name] = algorithm === 'bcrypt' ? ([BCRYPT, BCRYPT_NAME] as const) : ([ARGON2ID, ARGON2_NAME] as const);
  return checkText(hash.value, `${path}.hash.value`, form, name, isCheckable);
}

/** The hash of a record, if it has one that can be used. */
export function checkPasswordHash(record: PasswordFields, isCheckable: (hash: string) => boolean): CheckedHash {
  const { password_hash: plain, custom_password_hash: custom } = record;
  if (plain !== undefined && custom !== undefined) {
    return refused('CONFLICT', 'custom_password_hash', 'Give password_hash or custom_password_hash, not both');
  }
  // The schema reports a wrong type.
  if (typeof plain === 'string') return checkText(plain, 'password_hash', BCRYPT, BCRYPT_NAME, isCheckable);
  if (typeof custom === 'object' && custom !== null && !Array.isArray(custom)) return checkCustom(custom, isCheckable);
  return { problems: [], value: undefined };
}
