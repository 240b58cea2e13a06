/**
 * Reads `mfa_factors` of a user in an import file: authenticator apps and addresses that the person has set up at the
 * former provider. Never repeats a secret.
 */
import { MOST_OF_A_KIND } from '../../domain/factors/new-factor.js';
import { parseEmail } from '../../domain/people/email.js';
import type { ImportedFactor, ImportProblem } from '../../domain/people/user-import.js';
import { FACTORS } from '../../facts/factors.js';
import { readTotpSecret } from './totp-secret.js';

/** One item of `mfa_factors`; it has one of these. */
interface FileFactor {
  readonly totp?: { readonly secret: string };
  readonly phone?: { readonly value: string };
  readonly email?: { readonly value: string };
}

const only = (name: string) => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: { type: 'string' } },
});

/** Schema of `mfa_factors` (Auth0, "Bulk User Import Database Schema and Examples"). */
export const FACTORS_SCHEMA = {
  type: 'array',
  minItems: 1,
  maxItems: 10,
  items: {
    type: 'object',
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    properties: { totp: only('secret'), phone: only('value'), email: only('value') },
  },
};

function toFactor({ totp, phone, email }: FileFactor): ImportedFactor | string {
  if (phone !== undefined) return FACTORS.sms.missing;
  if (totp !== undefined) {
    const secret = readTotpSecret(totp.secret);
    return secret === undefined ? 'The secret of totp is base32 of 16 to 256 characters.' : { kind: 'otp', secret };
  }
  const address = parseEmail(email?.value);
  return address === undefined ? 'The value of email is no address.' : { kind: 'email', address };
}

function findFault(factors: readonly ImportedFactor[]): string | undefined {
  const addresses = factors.flatMap((factor) => (factor.kind === 'email' ? [factor.address] : []));
  if (factors.length - addresses.length > 1) return 'A user has one totp.';
  if (new Set(addresses).size < addresses.length) return 'An address is there twice.';
  const most = MOST_OF_A_KIND.email;
  return addresses.length > most ? `A user has at most ${most} addresses.` : undefined;
}

/** Returns the factors of a user whose record has the right shape, or why they cannot be imported. */
export function readFactors(items: readonly unknown[]): {
  readonly factors: readonly ImportedFactor[];
  readonly problems: readonly ImportProblem[];
} {
  const read = (items as readonly FileFactor[]).map(toFactor);
  const factors = read.filter((item) => typeof item !== 'string');
  const fault = read.find((item) => typeof item === 'string') ?? findFault(factors);
  if (fault === undefined) return { factors, problems: [] };
  // Auth0's code and words; the reason is ours.
  const words = `Unable to import factors. ${fault}`;
  return { factors: [], problems: [{ code: 'MFA_FACTORS_FAILED', message: words, path: 'mfa_factors' }] };
}
