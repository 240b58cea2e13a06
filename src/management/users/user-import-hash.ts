/**
 * Parses password hashes in the file of an import: `password_hash` (bcrypt) and `custom_password_hash` (Auth0's "Bulk
 * User Import Schema and Examples", and Firebase's own scrypt). A hash with which this server could check no password
 * is reported as a problem of that user. No message repeats a hash, a salt or a key.
 */
import { fromBcryptText } from '../../domain/passwords/bcrypt-text.js';
import type { ForeignHash, Recipe } from '../../domain/passwords/foreign-hash.js';
import type { ImportedUser, ImportProblem } from '../../domain/people/user-import.js';
import { HashProblem, INSTEAD, readEncoding, readSalts, readWholeHash } from './user-import-hash-parts.js';
import { RECIPES } from './user-import-recipes.js';

export interface PasswordFields {
  readonly password_hash?: unknown;
  readonly custom_password_hash?: unknown;
}

export interface CheckedHash {
  readonly problems: readonly ImportProblem[];
  readonly value: ImportedUser['passwordHash'];
}

/** True for a hash, or a recipe of one, with which this server can check a password at a reasonable cost. */
export type CheckHash = (hash: string | Recipe) => boolean;

const PATH = 'custom_password_hash';
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
/** The PHC string format, as argon2 libraries write it: version, parameters, salt, hash. */
const ARGON2 =
  /^\$argon2(?:id|i|d)\$v=(?:16|19)\$m=\d{1,10},t=\d{1,10},p=\d{1,3}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/;
const BCRYPT_NAME = 'a bcrypt hash ($2a$, $2b$ or $2y$, 60 characters)';
const ARGON2_NAME = 'an argon2 hash in the PHC string format ($argon2id$v=19$m=…,t=…,p=…$salt$hash)';

function checkForm(hash: string, path: string, form: RegExp, name: string): string {
  if (!form.test(hash)) throw new HashProblem('INVALID_FORMAT', path, `This is not ${name}. ${INSTEAD}`);
  return hash;
}

type Custom = Readonly<Record<string, unknown>>;

function parseArgon2(custom: Custom): string {
  if (readEncoding(custom) !== 'utf8') {
    throw new HashProblem('NOT_AVAILABLE', `${PATH}.password.encoding`, 'argon2 takes passwords as utf8 here');
  }
  return checkForm(readWholeHash(custom), `${PATH}.hash.value`, ARGON2, ARGON2_NAME);
}

/** bcrypt reads only this many bytes of salt and password together, and ignores the rest. */
const BCRYPT_BYTES = 72;
/**
 * Bytes that must remain for the password. Attack: after a salt of 72 bytes, bcrypt reads nothing of the password, so
 * each one fits.
 */
const MIN_PASSWORD_BYTES = 16;

function checkLeft(before: string): void {
  if (Buffer.from(before, 'base64').length <= BCRYPT_BYTES - MIN_PASSWORD_BYTES) return;
  throw new HashProblem(
    'MAXIMUM',
    `${PATH}.salt.value`,
    `bcrypt reads ${BCRYPT_BYTES} bytes: this salt leaves so few to the password that others fit, too. ${INSTEAD}`,
  );
}

/** Returns a plain bcrypt hash unchanged. If a salt or another encoding was used, returns the recipe and the digest. */
function parseBcrypt(custom: Custom): string | ForeignHash {
  const hash = checkForm(readWholeHash(custom), `${PATH}.hash.value`, BCRYPT, BCRYPT_NAME);
  const around = { encoding: readEncoding(custom), ...readSalts(custom) };
  checkLeft(around.before);
  if (around.encoding === 'utf8' && around.before === '' && around.after === '') return hash;
  return {
    recipe: {
      kind: 'bcrypt',
      cost: Number(hash.slice(4, 6)),
      salt: fromBcryptText(hash.slice(7, 29)).toString('base64'),
      ...around,
    },
    digest: fromBcryptText(hash.slice(29)).toString('base64'),
  };
}

/**
 * The permitted fields besides `algorithm` and `hash`, by algorithm. Any other field is refused: it would have no
 * effect, and the file's author would believe that it had.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  argon2: ['password'],
  bcrypt: ['salt', 'password'],
  hmac: ['salt', 'password'],
  ldap: ['password'],
  md4: ['salt', 'password'],
  md5: ['salt', 'password'],
  sha1: ['salt', 'password'],
  sha256: ['salt', 'password'],
  sha512: ['salt', 'password'],
  pbkdf2: ['password'],
  scrypt: ['salt', 'password', 'keylen', 'cost', 'blockSize', 'parallelization'],
  firebase_scrypt: ['salt', 'saltSeparator', 'rounds', 'memoryCost'],
};

function checkFields(custom: Custom, algorithm: string): void {
  const allowed = FIELDS[algorithm] ?? [];
  const extra = Object.keys(custom).find((name) => !['algorithm', 'hash', ...allowed].includes(name));
  if (extra === undefined) return;
  throw new HashProblem(
    'NOT_AVAILABLE',
    `${PATH}.${extra.slice(0, 100)}`,
    `${algorithm} has no use for this: leave it out`,
  );
}

function parseCustom(custom: Custom): string | ForeignHash {
  const { algorithm } = custom;
  if (typeof algorithm !== 'string' || !Object.hasOwn(FIELDS, algorithm)) {
    const known = Object.keys(FIELDS).join(', ');
    throw new HashProblem('ENUM_MISMATCH', `${PATH}.algorithm`, `Known are: ${known}`);
  }
  checkFields(custom, algorithm);
  if (algorithm === 'argon2') return parseArgon2(custom);
  if (algorithm === 'bcrypt') return parseBcrypt(custom);
  return (RECIPES[algorithm] ?? RECIPES.digest)(custom, algorithm);
}

/**
 * Refuses a hash whose parameters make checking too expensive. The author of the file chooses them, and one sign-in
 * must not take minutes or gigabytes.
 */
function checkCost<T extends string | ForeignHash>(hash: T, path: string, isCheckable: CheckHash): T {
  if (isCheckable(typeof hash === 'string' ? hash : hash.recipe)) return hash;
  throw new HashProblem('MAXIMUM', path, `The hash asks for more work than is done here. ${INSTEAD}`);
}

function parseHash({ password_hash: plain, custom_password_hash: custom }: PasswordFields, isCheckable: CheckHash) {
  if (plain !== undefined && custom !== undefined) {
    throw new HashProblem('CONFLICT', PATH, 'Give password_hash or custom_password_hash, not both');
  }
  // Only strings are parsed here: the schema reports a value of another type.
  if (typeof plain === 'string') {
    return checkCost(checkForm(plain, 'password_hash', BCRYPT, BCRYPT_NAME), 'password_hash', isCheckable);
  }
  if (typeof custom !== 'object' || custom === null || Array.isArray(custom)) return undefined;
  return checkCost(parseCustom(custom as Custom), `${PATH}.hash.value`, isCheckable);
}

/** Returns the hash of a record if it has a usable one, or the problem with it. */
export function checkPasswordHash(record: PasswordFields, isCheckable: CheckHash): CheckedHash {
  try {
    return { problems: [], value: parseHash(record, isCheckable) };
  } catch (error) {
    if (!(error instanceof HashProblem)) throw error;
    return { problems: [error.problem], value: undefined };
  }
}
