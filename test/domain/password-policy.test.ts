import { describe, expect, test } from 'vitest';
import { parseEmail } from '../../src/domain/email.js';
import { checkNewPassword, minimumLength } from '../../src/domain/password-policy.js';

const check = (passwordPolicy: string | undefined, password: string, email?: string) =>
  checkNewPassword(password, { email: parseEmail(email), options: { passwordPolicy } });

describe('the level of the connection', () => {
  test('is good when none is set, or an unknown one', () => {
    for (const passwordPolicy of [undefined, null, 'toString', 5]) {
      const check = (password: string) => checkNewPassword(password, { email: undefined, options: { passwordPolicy } });
      expect(minimumLength({ passwordPolicy })).toBe(8);
      expect(check('Kzvwqp42')).toBeUndefined();
      expect(check('kzvwqp42')).toMatch(/three of these/);
    }
  });

  test('may have a length of its own', () => {
    const lengthOf = (min_length: unknown) =>
      minimumLength({ passwordPolicy: 'fair', password_complexity_options: { min_length } });
    expect(lengthOf(14)).toBe(14);
    for (const wrong of [0, 129, 8.5, '14', null]) expect(lengthOf(wrong)).toBe(8);
  });

  test.each([
    ['none', 'a'],
    ['low', 'kzvwqp'],
    ['fair', 'Kzvwqp42'],
    ['good', 'kzvwqp-42'],
    ['good', 'Kzvwqp42'],
    ['excellent', 'Kzvwqp42-aa'],
  ])('%s takes %s', (level, password) => expect(check(level, password)).toBeUndefined());

  test.each([
    ['none', '', /^Choose a password/],
    ['low', 'kzvwq', /at least 6 characters/],
    ['fair', 'kzvwqp42', /upper-case letter and a digit/],
    ['good', 'Kzvwq42', /at least 8 characters/],
    ['good', 'kzvwqpmn', /three of these/],
    ['good', 'kzvwqp42', /three of these/],
    ['excellent', 'Kzvwqp42-', /at least 10 characters/],
    ['excellent', 'Kzvwqp42-aaa', /twice in a row/],
    ['good', `Aa1${'x'.repeat(1100)}`, /too long/],
  ])('%s refuses %s with a sentence', (level, password, sentence) => expect(check(level, password)).toMatch(sentence));

  test('counts characters, not bytes or halves of them', () => {
    expect(check('low', '🙂🙂🙂🙂🙂')).toMatch(/at least 6/);
    expect(check('low', '🙂🙂🙂🙂🙂🙂')).toBeUndefined();
  });
});

describe('on every level but none', () => {
  test.each(['P@ssw0rd', 'Password1', 'Password1!', 'Qwerty123', 'Welcome1', 'Summer2025!'])(
    '%s is too common',
    (password) => expect(check('good', password)).toMatch(/most common/),
  );

  test('the name of the address is no part of it', () => {
    expect(check('good', 'Dana.Duck-42', 'dana.duck@acme.example')).toMatch(/e-mail name/);
    expect(check('good', 'xDANA.DUCKx-42', 'dana.duck@acme.example')).toMatch(/e-mail name/);
    expect(check('good', 'Kzvwqp-42', 'dana.duck@acme.example')).toBeUndefined();
  });

  test('a very short name does not count', () => {
    expect(check('good', 'Kalz-vwq42', 'al@acme.example')).toBeUndefined();
  });
});
