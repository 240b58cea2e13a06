/** Guesses of somebody who knows the person and the place: names put together, again and again, with a little beside them. */
import { describe, expect, test } from 'vitest';
import { findWeakness } from '../../src/domain/passwords/password-strength.js';

const NAMES = 'reasonOwn';

describe('made of what people know', () => {
  test.each([
    ['a name of three letters', 'bobbob-bob1', ['Bob']],
    ['what stands before the @, as it is written', 'a.bc.de12', ['a.bc.de@acme.example']],
    ['the longer one of two names that begin alike', 'Acmeworks-1234', ['Acme', 'Acmeworks']],
    ['the same, named in the other order', 'Acmeworks-1234', ['Acmeworks', 'Acme']],
    ['a name with many signs beside it', 'acme-+-+-+-+-1', ['Acme']],
    ['a name at the beginning, which alone is judged, again and again', `${'acme'.repeat(8)}Correct-horse`, ['Acme']],
  ])('%s: %s', (_what, password, known) => expect(findWeakness(password, known)).toBe(NAMES));

  test.each([
    ['a name beside enough that nobody knows', 'acme-Rq7x!Lw2kZ', ['Acme']],
    ['hardly a letter, and no name', '+#-*/&%$§!9a', ['Zebra']],
    ['hardly a letter, beside a name with signs in it', '+#-*/&%$§!9a', ['Acme, Inc.']],
  ])('it is not: %s: %s', (_what, password, known) => expect(findWeakness(password, known)).toBeUndefined());

  test('six letters or digits beside a name are enough not to be tried first, five are not', () => {
    expect(findWeakness('acmek7Rw9x', ['Acme'], 'not tried first')).toBeUndefined();
    expect(findWeakness('acmek7Rw9', ['Acme'], 'not tried first')).toBe(NAMES);
  });
});

test('of two names that begin alike the longer one is taken out as a whole', () => {
  for (const known of [
    ['Acme', 'Acmeworks'],
    ['Acmeworks', 'Acme'],
  ])
    expect(findWeakness('acmeworksRk7qZ', known, 'not tried first')).toBe(NAMES);
  expect(findWeakness('acmeworksRk7qZ', ['Acme'], 'not tried first')).toBeUndefined();
});

test('ten characters that nobody can foresee are strong, nine are not', () => {
  expect(findWeakness('zq8KvXw3Tj', [])).toBeUndefined();
  expect(findWeakness('zq8KvXw3T', [])).toBe('weak');
});
