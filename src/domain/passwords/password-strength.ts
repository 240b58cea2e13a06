/**
 * Estimates how many guesses a password takes for an attacker with lists of common passwords, words, names, keyboards
 * and dates (zxcvbn, docs/adr/0037). Pure except for the word lists, which are read from the package at first use.
 * Judges only the beginning of a password, which limits the cost. Stores no password.
 */
import { createRequire } from 'node:module';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/**
 * UTF-16 units of a password that are judged: the cost grows with the square of the length, and a strong beginning is
 * enough.
 */
const LOOKED_AT = 32;
/** Maximum number of substitutions that are undone, such as `@` for `a`: each costs another search. */
const SUBSTITUTIONS = 2;
/**
 * `strong`: a password that needs no other rule. `not tried first`: enough for one that also follows Auth0's usual
 * rule. The number of wrong passwords is limited, so an attacker has few tries.
 */
export type Strength = 'strong' | 'not tried first';
/**
 * Guesses that a password must withstand. zxcvbn calls 10^8 enough against guessing at a login page, but estimates as
 * much for any three parts, even for `password password`. Ten random characters just reach 10^10.
 */
const ENOUGH_GUESSES: Readonly<Record<Strength, number>> = { strong: 1e10, 'not tried first': 1e5 };
/**
 * Maximum number of names and addresses that an attacker is assumed to know. Each counts as one guess, and costs time.
 */
const MAX_KNOWN = 24;
const SHORTEST_KNOWN = 3;
/** Letters and digits that a password must have besides the texts that an attacker knows. */
const LEFT_OVER = 6;

let loaded: ZxcvbnFactory | undefined;

function load(): ZxcvbnFactory {
  const require = createRequire(import.meta.url);
  const { ZxcvbnFactory: Factory } = require('@zxcvbn-ts/core') as typeof import('@zxcvbn-ts/core');
  const common = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  const english = require('@zxcvbn-ts/language-en') as typeof import('@zxcvbn-ts/language-en');
  // Leaves out family names and the words of an encyclopedia. They double the memory, and hardly any more passwords
  // would be refused.
  const { 'lastnames-en': _names, 'wikipedia-en': _encyclopedia, ...words } = english.dictionary;
  return new Factory({
    graphs: common.adjacencyGraphs,
    dictionary: { ...common.dictionary, ...words },
    maxLength: LOOKED_AT,
    l33tMaxSubstitutions: SUBSTITUTIONS,
  });
}

/** Returns the known texts and their parts: of `dana.duck@acme.example` also `dana.duck`, `dana`, `duck`, `acme`. */
function wordsOf(known: readonly string[]): string[] {
  const texts = known.map((text) => text.slice(0, 254).toLowerCase());
  const parts = texts.flatMap((text) => [text, text.split('@', 1)[0] ?? '', ...text.split(/[^\p{L}\p{N}]/u)]);
  return [...new Set(parts)].filter((part) => part.length >= SHORTEST_KNOWN).slice(0, MAX_KNOWN);
}

/** Why a password is easy to guess, as the key of a text in password-policy.ts. */
export type WeaknessReason = `reason${'Repeats' | 'Row' | 'Common' | 'Names' | 'Dates' | 'Word' | 'Own'}`;

/** The reason that a person reads for each of zxcvbn's warnings. */
const REASONS: Readonly<Record<string, WeaknessReason>> = {
  straightRow: 'reasonRow',
  keyPattern: 'reasonRow',
  sequences: 'reasonRow',
  simpleRepeat: 'reasonRepeats',
  extendedRepeat: 'reasonRepeats',
  recentYears: 'reasonDates',
  dates: 'reasonDates',
  topTen: 'reasonCommon',
  topHundred: 'reasonCommon',
  common: 'reasonCommon',
  similarToCommon: 'reasonCommon',
  wordByItself: 'reasonWord',
  namesByThemselves: 'reasonNames',
  commonNames: 'reasonNames',
};

/**
 * True when a password consists of known texts, such as `acme Acme ACME 1`. zxcvbn would estimate many guesses for its
 * parts, although an attacker who knows one part knows the others.
 */
function isMadeOf(password: string, known: readonly string[]): boolean {
  const plain = password.toLowerCase();
  // Longer words first: otherwise `acme` would be removed from `acmeworks` and leave `works`.
  const words = known.toSorted((a, b) => b.length - a.length);
  const rest = words.reduce((text, word) => text.replaceAll(word, ' '), plain);
  return rest !== plain && rest.replace(/[^\p{L}\p{N}]/gu, '').length < LEFT_OVER;
}

/**
 * Judges `password`; `known` are texts that an attacker knows too: address and names of the person, names of the
 * organization and the application. Returns undefined when it is as strong as `wanted`, else why it is easy to guess;
 * `weak` if zxcvbn names no reason.
 */
export function findWeakness(
  password: string,
  known: readonly string[],
  wanted: Strength = 'strong',
): WeaknessReason | 'weak' | undefined {
  const beginning = password.slice(0, LOOKED_AT);
  const words = wordsOf(known);
  if (isMadeOf(beginning, words)) return 'reasonOwn';
  loaded ??= load();
  const { guesses, feedback } = loaded.check(beginning, words);
  return guesses >= ENOUGH_GUESSES[wanted] ? undefined : (REASONS[feedback.warning ?? ''] ?? 'weak');
}
