/**
 * Makes the ids of factors and the codes for recovery. Pure: the caller draws the randomness. The code itself is shown
 * once and never stored; its hash is.
 */
import { FACTORS, type FactorKind } from '../../facts/factors.js';
import { type Entropy, hashSecret, newId, randomUpperAlphanumeric } from '../../kernel/ids.js';

/** `type` of a factor in Auth0's `users/{id}/authentication-methods`. */
export function methodOf(kind: FactorKind): string {
  return kind === 'passkey' ? 'passkey' : FACTORS[kind].method;
}

/** Id of the account's own verified address as a factor. It needs no enrolment and has no row. */
export const ACCOUNT_ADDRESS_ID = 'email|account';

/** The most factors of each kind that an account has: Auth0's limits. It says nothing of addresses and devices. */
export const MOST_OF_A_KIND: Readonly<Record<FactorKind, number>> = {
  otp: 1,
  'recovery-code': 1,
  email: 5,
  'webauthn-roaming': 10,
  'webauthn-platform': 10,
  passkey: 20,
};

/** Draws the id of a factor as Auth0's are, such as `totp|dev_qpOkGUOxBpw6R16t`. */
export function newFactorId(entropy: Entropy, kind: FactorKind): string {
  return `${methodOf(kind)}|${newId(entropy, 'dev')}`;
}

/** Draws a recovery code: 24 characters of [A-Z0-9] as on Auth0, 124 bits. */
export function newRecoveryCode(entropy: Entropy): string {
  return randomUpperAlphanumeric(entropy, 24);
}

/**
 * Returns the hash that is stored and compared instead of a recovery code. `typed`: as a person types it; spaces,
 * hyphens and small letters do not count. A plain hash is enough for 124 bits (NIST SP 800-63B section 5.1.2.2).
 */
export function hashRecoveryCode(typed: string): Buffer {
  return hashSecret(typed.replace(/[\s-]/g, '').toUpperCase());
}
