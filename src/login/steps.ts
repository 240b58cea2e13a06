/**
 * The steps that decide, in their order: 1 identify, 2 authenticate, 3 resolve, 4 admit. A login and an explanation of one run this list
 * and no other; they differ in what proves the person, and in what comes after. Reads only.
 */
import type { LoginReads } from '../ports/login-store.js';
import { checkOrganizationChosen, identify } from './1-identify.js';
import { authenticateBy, type Prover } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import { admit } from './4-admit.js';
import type { Refusal } from './refusals.js';
import type { Admitted, Attempt, Authenticated, Identified, ProofQuestion, Resolved } from './stages.js';
import type { Trace } from './trace.js';

export type Decision = Admitted | ProofQuestion | Refusal;
export type StepReads = Pick<LoginReads, 'findTarget' | 'findCandidates' | 'findAccount'>;

/** Steps 1 and 2: what it is about, and whether the proof is whole. `identified` is undefined when it ended before that was known. */
export async function findGround(
  attempt: Attempt,
  prove: Prover,
  reads: StepReads,
  trace: Trace,
): Promise<{ readonly identified: Identified | undefined; readonly answer: Authenticated | Refusal }> {
  const identified = await identify(attempt, reads, trace);
  if ('kind' in identified) return { identified: undefined, answer: identified };
  const missing = checkOrganizationChosen(identified);
  return { identified, answer: missing ?? (await authenticateBy(prove, attempt, identified, trace)) };
}

/** Steps 3 and 4: which account, and whether it may enter. `resolved` is undefined when there is no account to admit. `at` decides what is expired. */
export async function judge(
  authenticated: Authenticated,
  at: Date,
  reads: StepReads,
  trace: Trace,
): Promise<{ readonly resolved: Resolved | undefined; readonly decision: Decision }> {
  const resolved = await resolve(authenticated, at, reads, trace);
  if ('kind' in resolved) return { resolved: undefined, decision: resolved };
  return { resolved, decision: admit(resolved, at, trace) };
}
