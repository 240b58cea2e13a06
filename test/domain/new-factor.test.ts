/** Ids of factors and recovery codes: Auth0's shapes, and that a code is recognized as a person types it. */
import { describe, expect, test } from 'vitest';
import { hashRecoveryCode, newFactorId, newRecoveryCode } from '../../src/domain/factors/new-factor.js';
import { fitsHash, systemEntropy } from '../../src/kernel/ids.js';

test.each([
  ['otp', 'totp'],
  ['recovery-code', 'recovery-code'],
  ['webauthn-roaming', 'webauthn-roaming'],
  ['webauthn-platform', 'webauthn-platform'],
  ['passkey', 'passkey'],
  ['email', 'email'],
] as const)('case=the id of a factor of the kind %s begins with %s|dev_', (kind, prefix) => {
  const [before, after] = newFactorId(systemEntropy, kind).split('|');
  expect(before).toBe(prefix);
  expect(after).toMatch(/^dev_[A-Za-z0-9]{16}$/);
});

describe('a recovery code', () => {
  test('case=has 24 characters of [A-Z0-9], and all of them occur', () => {
    const codes = Array.from({ length: 200 }, () => newRecoveryCode(systemEntropy));
    for (const code of codes) expect(code).toMatch(/^[A-Z0-9]{24}$/);
    expect(new Set(codes.join('')).size).toBe(36);
  });

  test('case=no character is likelier than another: bytes above 251 are discarded', () => {
    let next = 250;
    const entropy = { bytes: (length: number) => Buffer.from(Array.from({ length }, () => (next = (next + 1) % 256))) };
    // 251 is the last byte that counts; 252 to 255 are left out, and 0 follows.
    expect(newRecoveryCode(entropy).slice(0, 3)).toBe('9AB');
  });

  test('case=is recognized with spaces, hyphens and small letters', () => {
    const hash = hashRecoveryCode('ABCD1234EFGH5678IJKL90MN');
    expect(hashRecoveryCode(' abcd-1234 efgh-5678 ijkl-90mn\n')).toEqual(hash);
    expect(fitsHash('ABCD1234EFGH5678IJKL90MN', hash)).toBe(true);
    expect(hashRecoveryCode('ABCD1234EFGH5678IJKL90MO')).not.toEqual(hash);
  });
});
