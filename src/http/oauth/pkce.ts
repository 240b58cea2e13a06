/** Proof Key for Code Exchange (RFC 7636), S256 only: only the application that requested a code can redeem it. */
import { createHash } from 'node:crypto';
import { secretsEqual } from '../../kernel/ids.js';
import type { TokenCheck } from './checks.js';
import { invalidGrant, missingParameter, type OAuthRefusal } from './refusals.js';

/** Form of a code verifier (RFC 7636 section 4.1). */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

const failed = (check: TokenCheck) => invalidGrant('Failed to verify code verifier', { check });

/**
 * Compares the verifier with the authorization request's challenge. Also refuses a public client's code without a
 * challenge, and a verifier for a code without one. Attack (PKCE downgrade, RFC 9700 section 4.8.2): somebody strips
 * the challenge from the request, so that a stolen code fits into an honest client's exchange.
 */
export function checkCodeVerifier(
  challenge: string | undefined,
  verifier: string | undefined,
  kind: 'public' | 'confidential',
): OAuthRefusal | undefined {
  if (challenge === undefined) {
    if (verifier !== undefined) return failed('pkce.downgrade');
    return kind === 'public' ? failed('pkce.required') : undefined;
  }
  if (verifier === undefined) return missingParameter('code_verifier');
  if (!VERIFIER.test(verifier)) return failed('pkce.syntax');
  const computed = createHash('sha256').update(verifier, 'ascii').digest('base64url');
  return secretsEqual(computed, challenge) ? undefined : failed('pkce.mismatch');
}
