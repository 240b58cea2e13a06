/**
 * Parses the parts of `custom_password_hash`: strings, encoded bytes, numbers. Throws {@link HashProblem}, whose texts
 * never repeat a value.
 */
import type { PasswordEncoding } from '../../domain/passwords/foreign-hash.js';
import type { ImportProblem } from '../../domain/people/user-import.js';
import { trimEnding } from '../../kernel/text.js';

export const INSTEAD = 'Leave it out, and the person chooses a new password by "Forgot your password?".';

/** Thrown when a hash in the file cannot be used, with the reason. Only `checkPasswordHash` catches it. */
export class HashProblem extends Error {
  override name = 'HashProblem';
  readonly problem: ImportProblem;
  constructor(code: string, path: string, reason: string) {
    super(reason);
    this.problem = { code, message: `Error in ${path} property - ${reason}`, path };
  }
}

type Custom = Readonly<Record<string, unknown>>;
const PATH = 'custom_password_hash';
/** Maximum number of characters of a string. No system has a longer salt, hash or key. */
const MAX_CHARACTERS = 2048;

/** Returns `value` if it is an object. Throws otherwise. */
export function readObject(value: unknown, path: string): Custom {
  if (value === undefined) throw new HashProblem('OBJECT_REQUIRED', path, 'Missing required property');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Custom;
  throw new HashProblem('INVALID_TYPE', path, 'Expected type object');
}

/** Returns `value` if it is a string of permitted length. Throws otherwise. */
export function readText(value: unknown, path: string): string {
  if (value === undefined) throw new HashProblem('OBJECT_REQUIRED', path, 'Missing required property: value');
  if (typeof value !== 'string') throw new HashProblem('INVALID_TYPE', path, 'Expected type string');
  if (value.length <= MAX_CHARACTERS) return value;
  throw new HashProblem('MAX_LENGTH', path, `It has more than ${MAX_CHARACTERS} characters`);
}

const FORMS = {
  hex: /^(?:[0-9a-f]{2})*$/i,
  // Characters of base64, of the normal or the URL alphabet, with or without padding.
  base64: /^[A-Za-z0-9+/_-]*={0,2}$/,
} as const;

/**
 * Returns the bytes of `part`, which is `{value, encoding}`. `fallback`: the encoding if `part` has none; undefined if
 * one is required.
 */
export function readBytes(part: unknown, path: string, allowed: readonly string[], fallback?: string): Buffer {
  const { value, encoding = fallback } = readObject(part, path);
  const text = readText(value, `${path}.value`);
  if (typeof encoding !== 'string' || !allowed.includes(encoding)) {
    throw new HashProblem('ENUM_MISMATCH', `${path}.encoding`, `The encoding has to be one of: ${allowed.join(', ')}`);
  }
  if (encoding === 'utf8') return Buffer.from(text);
  const isWhole = encoding === 'hex' ? FORMS.hex.test(text) : FORMS.base64.test(text) && lengthOf(text) % 4 !== 1;
  if (!isWhole) throw new HashProblem('INVALID_FORMAT', `${path}.value`, `This is not ${encoding}`);
  return Buffer.from(text, encoding as 'hex' | 'base64');
}

const lengthOf = (base64: string) => trimEnding(base64, (character) => character === '=').length;

/** Returns `value`, or `fallback` if it is missing. Throws unless the result is a whole number above zero. */
export function readCount(value: unknown, path: string, fallback?: number): number {
  const count = value ?? fallback;
  if (count === undefined) throw new HashProblem('OBJECT_REQUIRED', path, 'Missing required property');
  if (Number.isSafeInteger(count) && (count as number) > 0) return count as number;
  throw new HashProblem('INVALID_TYPE', path, 'Expected a whole number above zero');
}

/**
 * The name in Node of each encoding that Auth0 accepts. `ucs2` and `binary` are other names of `utf16le` and `latin1`.
 */
const ENCODINGS: Readonly<Record<string, PasswordEncoding>> = {
  ascii: 'ascii',
  utf8: 'utf8',
  utf16le: 'utf16le',
  ucs2: 'utf16le',
  latin1: 'latin1',
  binary: 'latin1',
};

/** Returns the character encoding with which the former system turned passwords into bytes. */
export function readEncoding(custom: Custom): PasswordEncoding {
  const path = `${PATH}.password`;
  const encoding = custom.password === undefined ? 'utf8' : (readObject(custom.password, path).encoding ?? 'utf8');
  const known = typeof encoding === 'string' && Object.hasOwn(ENCODINGS, encoding) ? ENCODINGS[encoding] : undefined;
  if (known !== undefined) return known;
  const names = Object.keys(ENCODINGS).join(', ');
  throw new HashProblem('ENUM_MISMATCH', `${path}.encoding`, `The encoding has to be one of: ${names}`);
}

/** Returns the salt in base64: as `before` or `after`, depending on where it was added to the password. */
export function readSalts(custom: Custom): { readonly before: string; readonly after: string } {
  if (custom.salt === undefined) return { before: '', after: '' };
  const path = `${PATH}.salt`;
  const salt = readBytes(custom.salt, path, ['base64', 'hex', 'utf8'], 'utf8').toString('base64');
  const { position = 'prefix' } = readObject(custom.salt, path);
  if (position === 'prefix') return { before: salt, after: '' };
  if (position === 'suffix') return { before: '', after: salt };
  throw new HashProblem('ENUM_MISMATCH', `${path}.position`, 'The position has to be one of: prefix, suffix');
}

/** Returns the text of a hash that contains its own parameters. Throws for an encoding other than utf8. */
export function readWholeHash(custom: Custom): string {
  const hash = readObject(custom.hash, `${PATH}.hash`);
  if ((hash.encoding ?? 'utf8') !== 'utf8') {
    throw new HashProblem('NOT_AVAILABLE', `${PATH}.hash.encoding`, 'The hash is given as it is: utf8');
  }
  return readText(hash.value, `${PATH}.hash.value`);
}
