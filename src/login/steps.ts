/**
 * The deciding steps in their order: 1 identify, 2 authenticate, 3 resolve, 4 admit. Nothing else lists them. A login
 * and an explanation run all four; the picker stops after step 3. Each caller passes its own `prover`, which verifies
 * or assumes the proof, and decides itself what to do with the answer. Reads only.
 */
import { inSpan, inSyncSpan } from '../kernel/spans.js';
import type { LoginReads } from '../ports/login-store.js';
import { checkOrganizationChosen, identify } from './1-identify.js';
import { authenticate, type Prover } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import { admit } from './4-admit.js';
import { isRefusal, isStop, type Refusal } from './refusals.js';
import type { Admitted, Attempt, Authenticated, Identified, ProofAgain, ProofQuestion, Resolved } from './stages.js';
import type { Trace } from './trace.js';

export interface Steps {
  readonly attempt: Attempt;
  readonly prover: Prover;
  readonly reads: Pick<LoginReads, 'findTarget' | 'findCandidates' | 'findAccount'>;
  readonly trace: Trace;
}

/**
 * The results of the steps that ran, and the answer of the last one. Everything except the proof comes from the store,
 * and is read again when the steps run again.
 */
export interface Ground<Answer> {
  /** Undefined when the login ended before step 1 had an answer. */
  readonly identified?: Identified;
  /** Output of step 2; undefined when the proof was not complete. */
  readonly authenticated?: Authenticated;
  /** Output of step 3; undefined when step 3 found no account, refused, or asked a question. */
  readonly resolved?: Resolved;
  readonly answer: Answer | ProofQuestion | ProofAgain | Refusal;
}

/**
 * Returns the connection from which the browser came back, if the person chooses the organization afterwards. Step 1
 * then accepts this connection even if only organizations have enabled it, and not the application.
 */
function homeRealmOf({ picker, credential }: Attempt): string | undefined {
  return picker === 'before' && credential.kind === 'callback' ? credential.connectionId : undefined;
}

/** Runs steps 1 to 3, which find the account. */
export async function findAccount({ attempt, prover, reads, trace }: Steps): Promise<Ground<Resolved>> {
  const identified = await inSpan('identify', () =>
    identify({ ...attempt, homeRealm: homeRealmOf(attempt) }, reads, trace),
  );
  if (isRefusal(identified)) return { answer: identified };
  const missing = attempt.picker === 'before' ? undefined : checkOrganizationChosen(identified);
  const authenticated =
    missing ?? (await inSpan('authenticate', () => authenticate(attempt, identified, prover, trace)));
  if (isStop(authenticated)) return { identified, answer: authenticated };
  const resolved = await inSpan('resolve', () => resolve(authenticated, attempt.at, reads, trace));
  return { identified, authenticated, answer: resolved, ...(!isStop(resolved) && { resolved }) };
}

/** Steps 1 to 4: may that account enter, and by which rule? */
export async function findAdmission(steps: Steps): Promise<Ground<Admitted>> {
  const found = await findAccount(steps);
  if (isStop(found.answer)) return { ...found, answer: found.answer };
  const { answer } = found;
  return { ...found, answer: inSyncSpan('admit', () => admit(answer, steps.attempt.at, steps.trace)) };
}
