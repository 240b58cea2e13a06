/**
 * Proof Key for Code Exchange (RFC 7636), with the method S256 only. It ensures that only the application which
 * requested a code can redeem it.
 */
import { createHash } from 'node:crypto';
import { secretsEqual } from '../../kernel/ids.js';
import type { TokenCheck } from './checks.js';
import { invalidGrant, missingParameter, type OAuthRefusal } from './refusals.js';

/** Form of a code verifier (RFC 7636 section 4.1). */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

const failed = (check: TokenCheck) => invalidGrant('Failed to verify code verifier', { check });

/**
 * Compares the verifier with the challenge of the authorization request. Also refuses a public client's code that has
 * no challenge, and a verifier for a code that has none. Attack (PKCE downgrade, RFC 9700 section 4.8.2): an attacker
 * removes the challenge from a request, so that an honest client redeems a code that the attacker stole.
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
