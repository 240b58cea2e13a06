/** Small rules about people: subjects, invitations, passwords that have ended. */
import { describe, expect, test } from 'vitest';
import { ENDED_HASH, isLive, isSubject, isUsable } from '../../src/domain/people/account.js';
import { AT, invitationOf } from '../support/login-facts.js';

describe('a subject (OpenID Connect Core, section 2)', () => {
  test.each(['a', 'ab', 'a b', '00u1', 'x'.repeat(255), '!~'])('%j may be one', (subject) => {
    expect(isSubject(subject)).toBe(true);
  });

  test.each([
    ['empty', ''],
    ['longer than 255', 'x'.repeat(256)],
    ['a blank before it', ' a'],
    ['a blank after it', 'a '],
    ['a blank alone', ' '],
    ['a control character', 'a\tb'],
    ['a line break after it', 'a\n'],
    ['outside ASCII', 'd\u00e4na'],
    ['a number', 7],
    ['none', undefined],
  ])('%s: is none', (_what, subject) => expect(isSubject(subject)).toBe(false));
});

describe('an invitation can be accepted', () => {
  const before = new Date(AT.getTime() + 1);
  test.each([
    ['until the moment in which it expires', { expiresAt: before }, true],
    ['not in that moment', { expiresAt: AT }, false],
    ['not when somebody has used it', { expiresAt: before, consumedAt: AT }, false],
  ])('%s', (_name, changes, live) => expect(isLive(invitationOf(changes), AT)).toBe(live));
});

test('some password may fit a stored hash, and none what stands in place of one', () => {
  expect(isUsable({ connectionId: 'con_db', hash: '$argon2id$x' })).toBe(true);
  expect(isUsable({ connectionId: 'con_db', hash: ENDED_HASH })).toBe(false);
});
