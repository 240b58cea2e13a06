/**
 * Codes of authenticator apps (RFC 6238): SHA-1, six digits, thirty seconds, as Auth0 and every app have them. Never
 * accepts the code of an older step again.
 */
import { HOTP, Secret, TOTP } from 'otpauth';
import { type Entropy, secretsEqual } from '../../kernel/ids.js';

/** RFC 4226 section 4, requirement R6: 160 bits. */
const SECRET_BYTES = 20;
const SETTINGS = { algorithm: 'SHA1', digits: 6 } as const;
const PERIOD = 30;
/** The clock of a telephone may be one step off, to either side (RFC 6238 section 5.2). */
const STEPS = [-1, 0, 1];
/** Longest text that is read as a code: six digits, and what people type between them. */
const MAX_TYPED = 32;

/** Draws a new secret, in base32. */
export function newTotpSecret(entropy: Entropy): string {
  return new Secret({ buffer: new Uint8Array(entropy.bytes(SECRET_BYTES)).buffer }).base32;
}

/**
 * Returns the address that an authenticator app reads. A colon separates issuer and account there, so those within them
 * become spaces.
 */
export function toSecretUri(secret: string, issuer: string, account: string): string {
  const [shown, label] = [issuer, account].map((text) => text.replaceAll(':', ' ')) as [string, string];
  return new TOTP({ ...SETTINGS, period: PERIOD, issuer: shown, label, secret: Secret.fromBase32(secret) }).toString();
}

/** Finds the step of `code`, as {@link import('../../ports/factor-checks.js').FactorChecks.findStep} describes. */
export function findStep(secret: string, code: string, at: Date, lastStep: number | undefined): number | undefined {
  const digits = code.length > MAX_TYPED ? '' : code.replace(/[\s-]/g, '');
  if (!/^[0-9]{6}$/.test(digits)) return undefined;
  const key = Secret.fromBase32(secret);
  const now = Math.floor(at.getTime() / 1000 / PERIOD);
  // Attack: the time of an answer tells which digits were right, or how near the clock is. All three codes are computed
  // and compared; otpauth's own `validate` stops at the first that matches.
  const matching = STEPS.map((step) => now + step).filter((counter) =>
    secretsEqual(HOTP.generate({ ...SETTINGS, secret: key, counter }), digits),
  );
  // Attack: somebody who saw the code being typed uses it again within its minute and a half.
  return matching.find((step) => lastStep === undefined || step > lastStep);
}
