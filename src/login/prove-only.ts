/** Proves a person's identity before they choose an organization at the picker. Admits nobody. */
import type { Email } from '../domain/people/email.js';
import { proverOf } from './2-authenticate.js';
import { keepAccount } from './kept.js';
import type { LoginOutcome } from './outcome.js';
import type { PipelineDeps } from './pipeline.js';
import { logRefusal } from './record-refusal.js';
import { isRefusal, isStop, refuse } from './refusals.js';
import type { Attempt, KeptProof, Resolved } from './stages.js';
import { findAccount } from './steps.js';
import { newTrace } from './trace.js';

/**
 * A proof to use again once the person has chosen an organization: of an account, or of an identity without an account.
 */
export interface Proved {
  readonly kind: 'proved';
  readonly proof: KeptProof;
  readonly email: Email | undefined;
}

function emailOf({ account, provedEmail }: Resolved): Email | undefined {
  return account.kind === 'existing' ? account.candidate.account.email : provedEmail;
}

/**
 * Runs steps 1 to 3 for a person who chooses an organization afterwards. Returns the proof and the account's address.
 * Writes only the log line of a refusal. An identity without an account stays unbound: without an organization no
 * account is linked.
 */
export async function proveOnly(
  attempt: Attempt,
  deps: PipelineDeps,
): Promise<Proved | (LoginOutcome & { kind: 'refused' })> {
  const trace = newTrace();
  const asked = { ...attempt, picker: 'before' } as const;
  const { identified, answer } = await findAccount({
    attempt: asked,
    prover: proverOf(deps),
    reads: deps.reads,
    trace,
  });
  if (!isStop(answer) && answer.proof.kind !== 'sign_up')
    return { kind: 'proved', proof: keepAccount(answer, asked), email: emailOf(answer) };
  const stranger = refuse('admit.not_a_member', 'no account that belongs to any organization', {
    user: 'unknown',
    organization: 'requested',
  });
  const refusal = isRefusal(answer) ? answer : stranger;
  return logRefusal({ attempt, identified, refusal, trace }, deps);
}
