/**
 * The rules for a new password. The levels that a connection may name and their rules are Auth0's (docs: "Password
 * Strength in Auth0 Database Connections"). Each level except `none` also refuses the most common passwords, and
 * passwords that contain the name in the person's address. If a connection names no level, the password must follow
 * Auth0's usual rule (`good`), or be so hard to guess that it needs no rule. Must never show one rule and apply
 * another: both come from the same policy.
 */
import { trimEnding } from '../../kernel/text.js';
import type { Email } from '../people/email.js';
import { findWeakness, type WeaknessReason } from './password-strength.js';

type NamedStrength = 'none' | 'low' | 'fair' | 'good' | 'excellent';

export interface PasswordPolicy {
  /** Auth0's strength level; `judged` if the connection names none. */
  readonly strength: NamedStrength | 'judged';
  /** Minimum length of a password, in characters. */
  readonly minimumLength: number;
}

const MINIMUM_LENGTHS: Readonly<Record<PasswordPolicy['strength'], number>> = {
  none: 1,
  low: 6,
  fair: 8,
  good: 8,
  excellent: 10,
  judged: 8,
};
/** Bytes of UTF-8; the password connector refuses longer ones. */
const MAX_BYTES = 1024;

/** The hundred or so passwords at the top of every guessing list, in lower case. */
const COMMONEST: ReadonlySet<string> = new Set(
  `123456 123456789 12345678 password qwerty 12345 qwerty123 1q2w3e 111111 1234567890 1234567 123123 qwertyuiop abc123
  password1 password12 password123 passw0rd p@ssw0rd p@ssword pa$$w0rd iloveyou 000000 987654321 654321 666666 121212 123321 112233
  1234 1qaz2wsx 1q2w3e4r 1q2w3e4r5t qwerty1 qwe123 asdfghjkl asdfgh zxcvbnm zxcvbn qazwsx dragon monkey letmein letmein1
  football football1 baseball baseball1 welcome welcome1 welcome123 admin admin123 admin1234 administrator root toor master
  sunshine princess shadow superman batman michael jordan jordan23 charlie daniel ashley jessica thomas hunter hunter2 killer
  trustno1 starwars pokemon whatever freedom computer internet secret secret123 login access hello hello123 changeme changeme1
  changeme123 default guest test test123 test1234 testtest user user123 aa123456 a123456 a1b2c3d4 abcd1234 abcdef abcdefg
  abcdefgh 11111111 00000000 88888888 12341234 147258369 159753 555555 7777777 999999 summer2024 summer2025 winter2024 winter2025
  company123 google samsung cheese flower lovely ninja mustang`.split(/\s+/),
);

function isNamed(value: unknown): value is NamedStrength {
  return typeof value === 'string' && value !== 'judged' && Object.hasOwn(MINIMUM_LENGTHS, value);
}

function parseLength(complexity: unknown): number | undefined {
  const given =
    typeof complexity === 'object' && complexity !== null && 'min_length' in complexity && complexity.min_length;
  return typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 128 ? given : undefined;
}

/**
 * Returns the policy in a database connection's options (`passwordPolicy`, and the least length of
 * `password_options.complexity`, or by Auth0's older name `password_complexity_options`). Without a level, a password
 * must be `good` or hard to guess.
 */
export function parsePasswordPolicy(options: Readonly<Record<string, unknown>>): PasswordPolicy {
  const strength = isNamed(options.passwordPolicy) ? options.passwordPolicy : 'judged';
  const newer = options.password_options as { readonly complexity?: unknown } | null | undefined;
  const given = parseLength(newer?.complexity) ?? parseLength(options.password_complexity_options);
  return { strength, minimumLength: given ?? MINIMUM_LENGTHS[strength] };
}

function countClasses(password: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
}

const CLASSES = 'three of these: lower-case letters, upper-case letters, digits, special characters';
const NOT_COMMON = 'A common password, or one with your e-mail name in it, is refused.';

/**
 * The sentences about passwords: why one is refused, and the rule for a new one. Other languages of the pages have the
 * same keys.
 */
export const PASSWORD_WORDS = {
  missing: 'Choose a password.',
  tooShort: 'The password is too short: use at least {count} characters.',
  tooLong: 'The password is too long: use at most 1,000 characters.',
  fair: 'The password is too simple: use a lower-case letter, an upper-case letter and a digit.',
  classes: `The password is too simple: use ${CLASSES}.`,
  repeats: 'The password repeats itself: use the same character at most twice in a row.',
  commonest: 'The password is one of the most common ones and would be guessed first: choose another.',
  ownName: 'The password contains your e-mail name and would be guessed first: choose another.',
  easy: 'This password is easy to guess. Add one more word that is not common.',
  easyBecause: 'This password is easy to guess: {reason}. Add one more word that is not common.',
  reasonRepeats: 'it repeats itself',
  reasonRow: 'rows such as abc, qwerty or one two three are tried first',
  reasonCommon: 'it is close to a common one',
  reasonNames: 'names are tried first',
  reasonDates: 'years and dates are tried first',
  reasonWord: 'single words are tried first',
  reasonOwn: 'it is made of names that people know of you',
  rule: '{length}{rest}',
  lengthOne: '1 character or more',
  length: '{count} characters or more',
  ruleNone: '. A long one is safer.',
  ruleLow: `. ${NOT_COMMON}`,
  ruleFair: `. Use a lower-case letter, an upper-case letter and a digit. ${NOT_COMMON}`,
  ruleGood: `. Use ${CLASSES}. ${NOT_COMMON}`,
  ruleExcellent: `. Use ${CLASSES}; the same character at most twice in a row. ${NOT_COMMON}`,
  ruleJudged:
    ': four words that do not belong together, or a mix of three of a-z, A-Z, 0-9 and other signs. Easy guesses are refused.',
} as const;

/** The texts of {@link PASSWORD_WORDS} in some language. */
export type PasswordWords = { readonly [Key in keyof typeof PASSWORD_WORDS]: string };

type FaultKey = 'missing' | 'tooShort' | 'tooLong' | 'fair' | 'classes' | 'repeats' | 'commonest' | 'ownName' | 'easy';

/** Why a password is refused; `count` is the least number of characters. */
export interface PasswordFault {
  readonly key: FaultKey;
  readonly count?: number;
  readonly reason?: WeaknessReason;
}

function checkLength(password: string, minimum: number): PasswordFault | undefined {
  const length = [...password].length;
  if (length < minimum) return minimum === 1 ? { key: 'missing' } : { key: 'tooShort', count: minimum };
  return new TextEncoder().encode(password).length > MAX_BYTES ? { key: 'tooLong' } : undefined;
}

function checkNamed(password: string, strength: NamedStrength): PasswordFault | undefined {
  if (strength === 'none' || strength === 'low') return undefined;
  if (strength === 'fair') {
    const isFair = /[a-z]/.test(password) && /[A-Z]/.test(password) && /[0-9]/.test(password);
    return isFair ? undefined : { key: 'fair' };
  }
  if (countClasses(password) < 3) return { key: 'classes' };
  return strength === 'excellent' && /(.)\1\1/su.test(password) ? { key: 'repeats' } : undefined;
}

/** Shortest name that a password may not contain: shorter ones are part of too many good passwords. */
const SHORTEST_NAME = 4;

function checkGuessable(password: string, email: Email | undefined): PasswordFault | undefined {
  const plain = password.toLowerCase();
  // Attackers also try these passwords with special characters at the end ("Password1!").
  if (COMMONEST.has(plain) || COMMONEST.has(trimEnding(plain, (one) => !/[a-z0-9]/.test(one)))) {
    return { key: 'commonest' };
  }
  const name = email?.slice(0, email.lastIndexOf('@')) ?? '';
  return name.length >= SHORTEST_NAME && plain.includes(name) ? { key: 'ownName' } : undefined;
}

export interface NewPasswordContext {
  /** The address of the password's owner. */
  readonly email: Email | undefined;
  /**
   * Names that an attacker knows too: of the person, the organization, the tenant and the application. Unknown names
   * are left out.
   */
  readonly names?: readonly (string | undefined)[];
  /** Options of the database connection, in Auth0's schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Returns the least number of characters for a password of this connection; for the page that asks for one. */
export function minimumLength(options: NewPasswordContext['options']): number {
  return parsePasswordPolicy(options).minimumLength;
}

const RULES = {
  none: 'ruleNone',
  low: 'ruleLow',
  fair: 'ruleFair',
  good: 'ruleGood',
  excellent: 'ruleExcellent',
  judged: 'ruleJudged',
} as const satisfies Record<PasswordPolicy['strength'], keyof PasswordWords>;

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Returns the rule for a new password of this connection in words, for the page that asks for one. */
export function describePasswordRule(
  options: NewPasswordContext['options'],
  words: PasswordWords = PASSWORD_WORDS,
): string {
  const { strength, minimumLength: count } = parsePasswordPolicy(options);
  const length = count === 1 ? words.lengthOne : fill(words.length, { count });
  return fill(words.rule, { length, rest: words[RULES[strength]] });
}

/** Returns a sentence that tells a person why the password is refused and how to choose a better one. */
export function describePasswordFault(
  { key, count = 0, reason }: PasswordFault,
  words: PasswordWords = PASSWORD_WORDS,
): string {
  return reason === undefined ? fill(words[key], { count }) : fill(words.easyBecause, { reason: words[reason] });
}

/**
 * Checks a password where the connection names no level. Accepts a strong one, or one that follows Auth0's usual rule
 * and is not among the first guesses.
 */
function checkJudged(password: string, known: readonly string[]): PasswordFault | undefined {
  const isUsual = checkNamed(password, 'good') === undefined && checkGuessable(password, undefined) === undefined;
  const weakness = findWeakness(password, known, isUsual ? 'not tried first' : 'strong');
  if (weakness === undefined) return undefined;
  return weakness === 'weak' ? { key: 'easy' } : { key: 'easy', reason: weakness };
}

/** Returns why the password is refused; undefined when it is accepted. */
export function findPasswordFault(
  password: string,
  { email, names = [], options }: NewPasswordContext,
): PasswordFault | undefined {
  const { strength, minimumLength: length } = parsePasswordPolicy(options);
  const wrongLength = checkLength(password, length);
  if (wrongLength !== undefined) return wrongLength;
  if (strength === 'judged')
    return checkJudged(
      password,
      [email, ...names].filter((text) => text !== undefined),
    );
  return checkNamed(password, strength) ?? (strength === 'none' ? undefined : checkGuessable(password, email));
}

/** Checks a new password. Returns the reason for a refusal as an English sentence. */
export function checkNewPassword(password: string, context: NewPasswordContext): string | undefined {
  const fault = findPasswordFault(password, context);
  return fault && describePasswordFault(fault);
}
