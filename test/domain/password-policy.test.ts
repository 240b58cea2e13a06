import { describe, expect, test } from 'vitest';
import { checkNewPassword, describePasswordRule, minimumLength } from '../../src/domain/passwords/password-policy.js';
import { parseEmail } from '../../src/domain/people/email.js';

const check = (passwordPolicy: string | undefined, password: string, email?: string) =>
  checkNewPassword(password, { email: parseEmail(email), options: { passwordPolicy } });

describe('the level of the connection', () => {
  test('is none of Auth0’s when none is set, or an unknown one: then the password is judged', () => {
    for (const passwordPolicy of [undefined, null, 'toString', 'judged', 5, ['good']]) {
      const check = (password: string) => checkNewPassword(password, { email: undefined, options: { passwordPolicy } });
      expect(minimumLength({ passwordPolicy })).toBe(8);
      expect(check('kzvwqpxmrt')).toBeUndefined();
      expect(check('Passw0rd!x')).toMatch(/easy to guess/);
    }
  });

  test('may have a length of its own', () => {
    const lengthOf = (min_length: unknown) =>
      minimumLength({ passwordPolicy: 'fair', password_complexity_options: { min_length } });
    expect(lengthOf(14)).toBe(14);
    expect([lengthOf(1), lengthOf(128)]).toEqual([1, 128]);
    for (const wrong of [0, 129, 8.5, '14', null]) expect(lengthOf(wrong)).toBe(8);
    for (const wrong of [null, 14]) expect(minimumLength({ password_complexity_options: wrong })).toBe(8);
    const judged = (min_length: number) => minimumLength({ password_complexity_options: { min_length } });
    expect([judged(14), judged(4)]).toEqual([14, 4]);
    const newer = (password_options: unknown) =>
      minimumLength({ password_options, password_complexity_options: { min_length: 9 } });
    expect([newer({ complexity: { min_length: 15 } }), newer({ complexity: null }), newer(null)]).toEqual([15, 9, 9]);
  });

  test.each([
    ['none', 'a'],
    ['none', 'password'],
    ['low', 'kzvwqp'],
    ['fair', 'Kzvwqp42'],
    ['good', 'kzvwqp-42'],
    ['good', 'Kzvwqp42'],
    ['good', 'Kzvwqp42-aaa'],
    ['good', `Aa1${'x'.repeat(1021)}`],
    ['excellent', 'Kzvwqp42-aa'],
  ])('%s takes %s', (level, password) => expect(check(level, password)).toBeUndefined());

  test.each([
    ['none', '', /^Choose a password/],
    ['low', 'kzvwq', /at least 6 characters/],
    ['fair', 'kzvwqp42', /upper-case letter and a digit/],
    ['fair', 'KZVWQP42', /lower-case letter/],
    ['fair', 'Kzvwqpmn', /a digit/],
    ['good', 'KZVWQP42', /three of these/],
    ['good', 'Kzvwq42', /at least 8 characters/],
    ['good', 'kzvwqpmn', /three of these/],
    ['good', 'kzvwqp42', /three of these/],
    ['excellent', 'Kzvwqp42-', /at least 10 characters/],
    ['excellent', 'Kzvwqp42-aaa', /twice in a row/],
    ['good', `Aa1${'x'.repeat(1022)}`, /too long/],
  ])('%s refuses %s with a sentence', (level, password, sentence) => expect(check(level, password)).toMatch(sentence));

  test('counts characters, not bytes or halves of them', () => {
    expect(check('low', '🙂🙂🙂🙂🙂')).toMatch(/at least 6/);
    expect(check('low', '🙂🙂🙂🙂🙂🙂')).toBeUndefined();
  });
});

describe('on every level of Auth0’s but none', () => {
  test.each(['P@ssw0rd', 'Password1', 'Password1!', 'Qwerty123', 'Welcome1', 'Summer2025!'])(
    '%s is too common',
    (password) => expect(check('good', password)).toMatch(/most common/),
  );

  test('the name of the address is no part of it', () => {
    expect(check('good', 'Dana.Duck-42', 'dana.duck@acme.example')).toMatch(/e-mail name/);
    expect(check('good', 'xDANA.DUCKx-42', 'dana.duck@acme.example')).toMatch(/e-mail name/);
    expect(check('good', 'Kzvwqp-42', 'dana.duck@acme.example')).toBeUndefined();
  });

  test('a name of four letters counts', () => {
    expect(check('good', 'Kdanaz-vwq42', 'dana@acme.example')).toMatch(/e-mail name/);
  });

  test('a very short name does not count', () => {
    expect(check('good', 'Kboblz-vwq42', 'bob@acme.example')).toBeUndefined();
    expect(check('good', 'Kalz-vwq42', 'al@acme.example')).toBeUndefined();
  });
});

describe('where the connection names no level', () => {
  const judge = (password: string, names: string[] = []) =>
    checkNewPassword(password, { email: parseEmail('dana.duck@acme.example'), names, options: {} });

  test.each([
    'tide lemon forge piano',
    'maison chapeau voiture lune',
    'Donnerstag Kamel Löffel Wind',
    'Correct-horse-7-battery',
    'kzvwqp-42x',
    'tidelemonforgepiano',
    'Vestibule-1',
    'Sup3r-Secret',
    'New-Password-2',
  ])('%s will do', (password) => expect(judge(password)).toBeUndefined());

  test.each([
    ['short', /too short: use at least 8 characters/],
    ['password password', /easy to guess/],
    ['Passw0rd!x', /guess: it is close to a common one\. Add/],
    ['qwertyuiop[]', /rows such as abc/],
    ['one two three four', /rows such as abc/],
    ['aaaaaaaaaaaaaaaa', /repeats itself/],
    ['Summer2025!!', /easy to guess/],
    ['Abcd1234!', /easy to guess/],
    [`tide lemon ${'x'.repeat(1100)}`, /too long/],
  ])('%s will not, with what would help', (password, sentence) => {
    expect(judge(password)).toMatch(sentence);
    if (!/too (?:short|long)/.test(judge(password) ?? '')) expect(judge(password)).toMatch(/Add one more word/);
  });

  test.each([
    ['own address', 'danaduckacme', []],
    ['own name', 'Ottokar Zwiebel', ['Ottokar Zwiebel']],
    ['name of the organization', 'Fabrikam Werke', ['Fabrikam Werke']],
    ['name of the organization, again and again', 'Fabrikam fabrikam FABRIKAM', ['Fabrikam']],
    ['name of the application, in parts', 'Zwiebelbuch Nord 1', ['Nord Zwiebelbuch']],
  ])('the %s is what a guesser knows', (_what, password, names) => {
    expect(judge(password, names)).toMatch(/easy to guess/);
    if (names.length > 0) expect(judge(password)).toBeUndefined();
  });
});

test('where nothing more is known than that it would be guessed, the sentence is whole', () => {
  expect(checkNewPassword('xkqzvwjy', { email: undefined, options: {} })).toBe(
    'This password is easy to guess. Add one more word that is not common.',
  );
});

describe('the rule that a page says beforehand', () => {
  const GUESSED = 'A common password, or one with your e-mail name in it, is refused.';
  const THREE = 'three of these: lower-case letters, upper-case letters, digits, special characters';
  test.each([
    ['none', '1 character or more. A long one is safer.'],
    ['low', `6 characters or more. ${GUESSED}`],
    ['fair', `8 characters or more. Use a lower-case letter, an upper-case letter and a digit. ${GUESSED}`],
    ['good', `8 characters or more. Use ${THREE}. ${GUESSED}`],
    ['excellent', `10 characters or more. Use ${THREE}; the same character at most twice in a row. ${GUESSED}`],
    [
      undefined,
      '8 characters or more: four words that do not belong together, or a mix of three of a-z, A-Z, 0-9 and other signs. Easy guesses are refused.',
    ],
  ])('%s', (passwordPolicy, rule) => expect(describePasswordRule({ passwordPolicy })).toBe(rule));
});
