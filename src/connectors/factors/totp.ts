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
/** The steps for which a clock that is wrong is told in the log: ten minutes, to either side. */
const TOLD_STEPS = 20;
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

/** Returns the six digits of what was typed; undefined for anything else. */
function readCode(code: string): string | undefined {
  const digits = code.length > MAX_TYPED ? '' : code.replace(/[\s-]/g, '');
  return /^[0-9]{6}$/.test(digits) ? digits : undefined;
}

/**
 * Returns those of `steps`, counted from now, whose code was typed. Attack: the time of an answer tells which digits were
 * right, or how near the clock is. So each code is computed and compared; otpauth's own `validate` stops at the first match.
 */
function matchSteps(secret: string, digits: string, at: Date, steps: readonly number[]): number[] {
  const key = Secret.fromBase32(secret);
  const now = Math.floor(at.getTime() / 1000 / PERIOD);
  return steps
    .map((step) => now + step)
    .filter((counter) => secretsEqual(HOTP.generate({ ...SETTINGS, secret: key, counter }), digits));
}

/** Finds the step of `code`, as {@link import('../../ports/factor-checks.js').FactorChecks.findStep} describes. */
export function findStep(secret: string, code: string, at: Date, lastStep: number | undefined): number | undefined {
  const digits = readCode(code);
  if (digits === undefined) return undefined;
  // Attack: somebody who saw the code being typed uses it again within its minute and a half.
  return matchSteps(secret, digits, at, STEPS).find((step) => lastStep === undefined || step > lastStep);
}

/** Says why `code` was refused, as {@link import('../../ports/factor-checks.js').FactorChecks.tellMiss} describes. */
export function tellMiss(secret: string, code: string, at: Date): string {
  const digits = readCode(code);
  if (digits === undefined) return 'it is no code of six digits';
  const steps = Array.from({ length: 2 * TOLD_STEPS + 1 }, (_, index) => index - TOLD_STEPS);
  const now = Math.floor(at.getTime() / 1000 / PERIOD);
  const off = matchSteps(secret, digits, at, steps).map((step) => step - now);
  if (off.length === 0) return 'the code does not fit';
  if (off.some((step) => STEPS.includes(step))) return 'the code was used before';
  const [nearest = 0] = off.sort((a, b) => Math.abs(a) - Math.abs(b));
  const seconds = Math.abs(nearest) * PERIOD;
  return nearest < 0
    ? `the code is ${seconds} seconds old: the clock of the app may be slow, or that of the server fast`
    : `the code is ${seconds} seconds early: the clock of the app may be fast, or that of the server slow`;
}
