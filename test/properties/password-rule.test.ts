/** The rule that a page shows is the rule that is applied: a password that keeps it is accepted, one that breaks it is not. */

import { describe, expect, test } from 'vitest';
import { checkNewPassword, describePasswordRule, minimumLength } from '../../src/domain/passwords/password-policy.js';
import { findWeakness } from '../../src/domain/passwords/password-strength.js';
import { parseEmail } from '../../src/domain/people/email.js';
import fc from '../support/random.js';

const email = parseEmail('dana@acme.example');
const LEVELS = [undefined, 'none', 'low', 'fair', 'good', 'excellent'] as const;
const lengths = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });
const optionsOf = (passwordPolicy: string | undefined, min_length: number | undefined) => ({
  passwordPolicy,
  password_complexity_options: { min_length },
});
/** Of letters that spell nothing, so that no list and no name has them. */
const texts = fc
  .array(fc.constantFrom(...'bcdfghjkqvwxzBCDFGHJKQVWXZ0123456789-_.!? '), { maxLength: 24 })
  .map((letters) => letters.join(''));

/** Judges a password as a reader of the sentence would. */
function keeps(rule: string, password: string): boolean {
  const length = Number(/^(\d+) characters? or more\./.exec(rule)?.[1]);
  if ([...password].length < length) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].map((kind) => kind.test(password));
  if (rule.includes('three of these') && kinds.filter(Boolean).length < 3) return false;
  if (rule.includes('a lower-case letter, an upper-case letter and a digit') && !kinds.slice(0, 3).every(Boolean))
    return false;
  return !(rule.includes('at most twice in a row') && /(.)\1\1/su.test(password));
}

describe('a level of Auth0’s', () => {
  test.each(LEVELS.slice(1))('%s: as it is shown, so it is applied', (level) => {
    fc.assert(
      fc.property(texts, lengths, (password, least) => {
        const options = optionsOf(level, least);
        const taken = checkNewPassword(password, { email, options }) === undefined;
        expect(taken).toBe(keeps(describePasswordRule(options), password));
      }),
    );
  });
});

/**
 * Words of everyday, in no order. None has a place in a row, as numbers and months have, and none is a common password by itself: `dragon`
 * and `orange` are, and four words with both are an easy guess.
 */
const WORDS =
  `anchor basket candle desert engine feather garden hammer island jacket kettle ladder mirror needle apricot pencil quartz ribbon saddle
  tunnel umbrella violin walnut yogurt zipper barrel cactus donkey falcon goblet harbor insect jungle lantern magnet napkin oyster parrot
  rocket shovel turnip velvet window blanket copper lizard elbow forest guitar helmet`.split(/\s+/);
const wordsOfFour = fc.shuffledSubarray(WORDS, { minLength: 4, maxLength: 4 });

describe('no level', () => {
  test('the rule names a length, and promises that four words will do: they do, however they are joined', () => {
    const rule = describePasswordRule({});
    expect(rule).toMatch(/^8 characters or more: four words .+, or a mix of three of a-z, A-Z, 0-9 and other signs/);
    fc.assert(
      fc.property(wordsOfFour, fc.constantFrom(' ', '-', '', '.'), (words, joint) => {
        expect(checkNewPassword(words.join(joint), { email, names: ['Acme', 'Dana'], options: {} })).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test('nothing shorter than the rule says is taken', () => {
    fc.assert(
      fc.property(texts, lengths, (password, least) => {
        const options = optionsOf(undefined, least);
        const wrong = checkNewPassword(password, { email, options });
        if ([...password].length < minimumLength(options)) expect(wrong).toMatch(/too short|^Choose a password/);
      }),
      { numRuns: 50 },
    );
  });

  test('what comes after the first 32 characters costs nothing and changes nothing', () => {
    const tail = fc.string({ maxLength: 900 });
    const head = fc.string({ minLength: 32, maxLength: 32, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(head, tail, (beginning, end) => {
        expect(findWeakness(`${beginning}${end}`, [])).toBe(findWeakness(beginning, []));
      }),
      { numRuns: 30 },
    );
    expect(findWeakness(`${'a'.repeat(32)}tide lemon forge piano`, [])).toBe('reasonRepeats');
  });
});
