/** A proof without a login: for the picker, which asks for the organization afterwards. Lets nobody in. */

import { identify } from './1-identify.js';
import { authenticate, digestCredential } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import type { LoginOutcome } from './outcome.js';
import type { PipelineDeps } from './pipeline.js';
import { logRefusal } from './record-refusal.js';
import { refuse } from './refusals.js';
import type { Attempt } from './stages.js';
import { newTrace } from './trace.js';

/**
 * Steps 1 and 2 alone, for a person who picks an organization afterwards: who was proved, which existing account that is. Writes
 * nothing but the log line of a refusal. Enterprise identities count only once bound: without an organization nobody is linked.
 */
export async function proveOnly(
  attempt: Attempt,
  deps: PipelineDeps,
): Promise<
  | {
      kind: 'proved';
      userId: string;
      connectionId: string;
      email: string | undefined;
      credentialDigest: string | undefined;
    }
  | (LoginOutcome & { kind: 'refused' })
> {
  const trace = newTrace();
  const identified = await identify(attempt, deps.reads, trace);
  const answer = 'kind' in identified ? identified : await authenticate(attempt, identified, deps, trace);
  const decision = 'kind' in answer ? answer : await resolve(answer, attempt.at, deps.reads, trace);
  const known = 'kind' in identified ? undefined : identified;
  if (!('kind' in decision) && decision.account.kind === 'existing') {
    const { account } = decision.account.candidate;
    const { proof } = decision;
    const credential = proof.kind === 'account' ? proof.credential : undefined;
    return {
      kind: 'proved',
      userId: account.userId,
      connectionId: decision.enablement.connection.id,
      email: account.email,
      credentialDigest: credential && digestCredential(credential),
    };
  }
  const stranger = refuse('admit.not_a_member', 'no account that belongs to any organization', {
    user: 'unknown',
    organization: 'requested',
  });
  const refusal = 'kind' in decision && decision.kind === 'refused' ? decision : stranger;
  return logRefusal({ attempt, identified: known, refusal, trace }, deps);
}
