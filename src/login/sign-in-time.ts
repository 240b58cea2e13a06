/**
 * Finds out when a person signed in, and whether that is recent enough for the request. Trusts only the identity
 * provider's signed token: the redirect that asks for a new sign-in goes through the person's own browser.
 */

import { type AuthorizationRequest, hasPrompt } from '../domain/authorization-request.js';
import type { ExternalIdentity } from '../domain/people/account.js';
import { type Refusal, refuse } from './refusals.js';
import type { Proof } from './stages.js';
import type { Trace } from './trace.js';

/** Seconds by which the IdP's clock may differ from ours. */
const CLOCK_SKEW_SECONDS = 60;

/** Returns the greatest allowed age of the sign-in at an IdP in seconds; undefined when the request sets none. */
export function oldestSignInSeconds(request: AuthorizationRequest): number | undefined {
  return hasPrompt(request, 'login') ? 0 : request.maxAge;
}

/**
 * Refuses a sign-in that is too old (OpenID Connect Core sections 3.1.2.1 and 3.1.3.7 (13)). Attack: somebody at a
 * browser that is still signed in at the company removes `prompt` and `max_age` from the redirect to the IdP. With
 * `max_age`, a token without the sign-in time is refused. With `prompt=login` alone it is accepted: some identity
 * providers (Entra) send the time only when configured to; an application that must be sure sends `max_age`. `sentAt`
 * is when the browser left for the IdP.
 */
export function checkSignInTime(
  request: AuthorizationRequest,
  { signedInAtSeconds }: ExternalIdentity,
  sentAt: Date,
  trace: Trace,
): Refusal | undefined {
  const oldest = oldestSignInSeconds(request);
  if (oldest === undefined) return undefined;
  const earliest = sentAt.getTime() / 1000 - oldest - CLOCK_SKEW_SECONDS;
  const isRecent = signedInAtSeconds === undefined ? request.maxAge === undefined : signedInAtSeconds >= earliest;
  trace.add('authenticate', 'sign_in_time', isRecent ? 'pass' : 'refuse', {
    auth_time: signedInAtSeconds ?? null,
    max_age: oldest,
  });
  if (isRecent) return undefined;
  const said = signedInAtSeconds === undefined ? 'no auth_time' : `auth_time ${signedInAtSeconds}`;
  return refuse('authenticate.sign_in_too_old', `the ID token has ${said}, the request allows ${oldest} seconds`);
}

/** Returns when the person of `proof` signed in: the IdP's time if the IdP sent one, but never later than `at`. */
export function signedInAt(proof: Proof, at: Date): Date {
  if (proof.kind === 'account') return proof.authenticatedAt;
  const said = proof.kind === 'identity' ? proof.identity.signedInAtSeconds : undefined;
  return said === undefined ? at : new Date(Math.min(Math.max(said, 0) * 1000, at.getTime()));
}
