/** Codes of authenticator apps: the vectors of RFC 6238, and who may use a code when. */
import { describe, expect, test } from 'vitest';
import { createFactorChecks } from '../../../src/connectors/factors/checks.js';
import { systemEntropy } from '../../../src/kernel/ids.js';

const checks = createFactorChecks({
  party: { id: 'login.example', origin: 'https://login.example' },
  entropy: systemEntropy,
});

/** The secret of RFC 6238 appendix B for SHA-1: the text 12345678901234567890. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);
const find = (code: string, seconds: number, lastStep?: number) => checks.findStep(SECRET, code, at(seconds), lastStep);

// Appendix B has eight digits; a code of six is their end (RFC 4226 section 5.3).
test.each([
  [59, '94287082', 0x1],
  [1111111109, '07081804', 0x23523ec],
  [1111111111, '14050471', 0x23523ed],
  [1234567890, '89005924', 0x273ef07],
  [2000000000, '69279037', 0x3f940aa],
  [20000000000, '65353130', 0x27bc86aa],
])('RFC 6238 appendix B at %i s', (seconds, code, step) => {
  expect(find(code.slice(-6), seconds)).toBe(step);
});

const STEP = 0x273ef07;
const NOW = STEP * 30;
const CODE = '005924';

describe('the time of a code', () => {
  test.each([
    ['a step early', NOW - 30],
    ['at its first second', NOW],
    ['at its last second', NOW + 29],
    ['a step late', NOW + 59],
  ])('accepts %s', (_when, seconds) => {
    expect(find(CODE, seconds)).toBe(STEP);
  });

  test.each([
    ['a second more than a step early', NOW - 31],
    ['a second more than a step late', NOW + 60],
  ])('refuses %s', (_when, seconds) => {
    expect(find(CODE, seconds)).toBeUndefined();
  });
});

describe('why a code was refused, for the log', () => {
  const why = (code: string, seconds: number) => checks.tellMiss(SECRET, code, at(seconds));

  test.each([
    ['an app whose clock is two steps slow', NOW + 60, 'is 60 seconds old: the clock of the app may be slow'],
    ['an app whose clock is ten minutes slow', NOW + 600, 'is 600 seconds old'],
    ['an app whose clock is five minutes fast', NOW - 300, 'is 300 seconds early: the clock of the app may be fast'],
    ['a code of this moment, which only a used one can be', NOW, 'was used before'],
  ])('%s', (_what, seconds, words) => expect(why(CODE, seconds)).toContain(words));

  test.each([
    ['eleven minutes off', CODE, NOW + 660, 'the code does not fit'],
    ['another code', '005925', NOW, 'the code does not fit'],
    ['no code', 'abc', NOW, 'it is no code of six digits'],
  ])('%s', (_what, code, seconds, words) => expect(why(code, seconds)).toBe(words));
});

describe('attack: a code is used again', () => {
  test('the same step', () => expect(find(CODE, NOW, STEP)).toBeUndefined());
  test('an older step after a newer one', () => expect(find(CODE, NOW + 30, STEP + 1)).toBeUndefined());
  test('a newer step is accepted', () => expect(find(CODE, NOW, STEP - 1)).toBe(STEP));
});

test.each(['005 924', ' 005-924 ', '0 0 5 9 2 4', '005\u00a0924', '005924\n'])(
  'reads %j as people type it',
  (typed) => {
    expect(find(typed, NOW)).toBe(STEP);
  },
);

test.each([
  '',
  '00592',
  '0059241',
  '005925',
  '005924a',
  '٠٠٥٩٢٤',
  '+05924',
  '5924',
  ' '.repeat(40) + CODE,
  '0'.repeat(1e6),
  'ééé',
])('refuses %.20j', (typed) => {
  expect(find(typed, NOW)).toBeUndefined();
});

test('a secret has 160 bits, and each is new', () => {
  const [one, two] = [checks.newSecret(), checks.newSecret()];
  expect(one).toMatch(/^[A-Z2-7]{32}$/);
  expect(two).not.toBe(one);
});

test('the address of a secret is that which apps read', () => {
  const uri = new URL(checks.secretUri(SECRET, 'Acme & Söhne', 'dana+1@acme.example'));
  expect(uri.href).toContain('otpauth://totp/Acme%20%26%20S%C3%B6hne:dana%2B1%40acme.example?');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: 'Acme & Söhne',
    secret: SECRET,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});

test('attack: a colon in the name of the tenant or in the address moves the border between the two', () => {
  expect(checks.secretUri(SECRET, 'Acme: Portal', 'a:b')).toContain('otpauth://totp/Acme%20%20Portal:a%20b?');
});
