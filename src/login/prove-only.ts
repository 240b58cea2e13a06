/** A proof without a login: for the picker, which asks for the organization afterwards. Lets nobody in. */

import type { Email } from '../domain/email.js';
import { identify } from './1-identify.js';
import { authenticate, digestCredential } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import type { LoginOutcome } from './outcome.js';
import type { PipelineDeps } from './pipeline.js';
import { logRefusal } from './record-refusal.js';
import { refuse } from './refusals.js';
import { signedInAt } from './sign-in-time.js';
import type { Attempt, Credential, Resolved } from './stages.js';
import { newTrace } from './trace.js';

/** What can be used again once the organization is known: an account, or an identity that no account has yet. */
export type ProvedCredential = Extract<Credential, { readonly kind: 'known' | 'identity' | 'session' }>;

export interface Proved {
  readonly kind: 'proved';
  readonly credential: ProvedCredential;
  readonly email: Email | undefined;
}

function toProved(decision: Resolved, { at }: Attempt): Proved | undefined {
  const { account, proof, enablement, fingerprint } = decision;
  if (account.kind === 'existing') {
    const { userId, email } = account.candidate.account;
    const password = proof.kind === 'account' ? proof.credential : undefined;
    const credential = {
      kind: 'known',
      userId,
      connectionId: enablement.connection.id,
      fingerprint,
      authenticatedAt: signedInAt(proof, at),
      credentialDigest: password && digestCredential(password),
      ...(proof.kind === 'identity' && { assertedEmail: proof.identity.email ?? '', subject: proof.identity.subject }),
    } as const;
    return { kind: 'proved', credential, email };
  }
  if (proof.kind !== 'identity') return undefined;
  const { identity } = proof;
  return {
    kind: 'proved',
    credential: { kind: 'identity', identity, fingerprint, ownProof: undefined },
    email: decision.provedEmail,
  };
}

/**
 * Steps 1 to 3 alone, for a person who picks an organization afterwards: who was proved, which existing account that is. Writes
 * nothing but the log line of a refusal. An identity that is bound to no account stays one: without an organization nobody is linked.
 */
export async function proveOnly(
  attempt: Attempt,
  deps: PipelineDeps,
): Promise<Proved | (LoginOutcome & { kind: 'refused' })> {
  const trace = newTrace();
  // A company's connection that no application enabled is good for its organizations: only the picker leads there, never a login without.
  const homeRealm = attempt.credential.kind === 'callback' ? attempt.credential.connectionId : undefined;
  const identified = await identify({ ...attempt, homeRealm }, deps.reads, trace);
  const answer = 'kind' in identified ? identified : await authenticate(attempt, identified, deps, trace);
  const decision = 'kind' in answer ? answer : await resolve(answer, attempt.at, deps.reads, trace);
  const proved = 'kind' in decision ? undefined : toProved(decision, attempt);
  if (proved) return proved;
  const stranger = refuse('admit.not_a_member', 'no account that belongs to any organization', {
    user: 'unknown',
    organization: 'requested',
  });
  const refusal = 'kind' in decision && decision.kind === 'refused' ? decision : stranger;
  const known = 'kind' in identified ? undefined : identified;
  return logRefusal({ attempt, identified: known, refusal, trace }, deps);
}
