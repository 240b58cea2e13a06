/** Which factor of an account has to stay: one that somebody asks for, where no other is left or accepted. */
import { expect, test } from 'vitest';
import { isLastRequired } from '../../src/domain/factors/last-factor.js';

const APP = { id: 'totp|dev_1', kind: 'otp' } as const;
const KEY = { id: 'webauthn-roaming|dev_2', kind: 'webauthn-roaming' } as const;
const PASSKEY = { id: 'passkey|dev_3', kind: 'passkey' } as const;
const CODE = { id: 'recovery-code|dev_4', kind: 'recovery-code' } as const;
const OTP_ALONE = { accepts: ['otp', 'recovery-code'], isRequired: true } as const;
const NOBODY = { accepts: ['otp'], isRequired: false } as const;
const asks = (mfaFactors: readonly string[] = [], more = {}) => ({ mfa: 'required' as const, mfaFactors, ...more });

test.each([
  ['the only one, where the tenant asks', [APP, CODE], OTP_ALONE, [], true],
  ['the only one, where an organization asks', [APP], NOBODY, [asks()], true],
  ['the only one, where nobody asks', [APP], NOBODY, [{ mfa: 'none' as const, mfaFactors: [] }], false],
  ['beside one that the tenant does not accept', [APP, KEY], OTP_ALONE, [], true],
  [
    'beside one that the tenant accepts',
    [APP, KEY],
    { accepts: ['otp', 'webauthn-roaming'], isRequired: true },
    [],
    false,
  ],
  [
    'beside one that the organization does not name',
    [APP, KEY],
    { ...NOBODY, accepts: ['otp', 'webauthn-roaming'] },
    [asks(['otp'])],
    true,
  ],
  // An operator: their passkey counts in the console, and nowhere else.
  [
    'beside a passkey of an operator, where the tenant asks',
    [APP, PASSKEY],
    OTP_ALONE,
    [asks([], { isOfOperators: true })],
    true,
  ],
  [
    'beside a passkey of an operator, where only the console asks',
    [APP, PASSKEY],
    NOBODY,
    [asks([], { isOfOperators: true })],
    false,
  ],
] as const)('an app, %s: %s', (_name, factors, rules, organizations, stays) => {
  expect(isLastRequired(factors, APP.id, rules, organizations)).toBe(stays);
});

test('a recovery code never has to stay', () => {
  expect(isLastRequired([APP, CODE], CODE.id, OTP_ALONE, [asks()])).toBe(false);
});
