/**
 * The steps that decide, in their order: 1 identify, 2 authenticate, 3 resolve, 4 admit. The only list there is: a login and an explanation
 * run it whole, the picker stops after step 3, and they differ in how the person is proved and in what comes after. Reads only.
 */
import type { LoginReads } from '../ports/login-store.js';
import { checkOrganizationChosen, identify } from './1-identify.js';
import { authenticate, type Prover } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import { admit } from './4-admit.js';
import type { Refusal } from './refusals.js';
import type { Admitted, Attempt, Authenticated, Identified, ProofAgain, ProofQuestion, Resolved } from './stages.js';
import type { Trace } from './trace.js';

export interface Steps {
  readonly attempt: Attempt;
  /** Verifies what the person brings. */
  readonly prover: Prover;
  readonly reads: Pick<LoginReads, 'findTarget' | 'findCandidates' | 'findAccount'>;
  readonly trace: Trace;
}

/** How far the steps came, and the answer of the last one that ran. Everything in it was read: another turn reads it again. */
export interface Ground<Answer> {
  /** What it is about; undefined when it ended before that was known. */
  readonly identified?: Identified;
  /** Undefined when the proof was not whole. */
  readonly authenticated?: Authenticated;
  /** Which account it is; undefined when there is none to admit. */
  readonly resolved?: Resolved;
  readonly answer: Answer | ProofQuestion | ProofAgain | Refusal;
}

/** A company's connection that no application enabled is good for its organizations: only the picker leads there, never a login without. */
function homeRealmOf({ picker, credential }: Attempt): string | undefined {
  return picker === 'before' && credential.kind === 'callback' ? credential.connectionId : undefined;
}

/** Steps 1 to 3: which account it is. */
export async function findAccount({ attempt, prover, reads, trace }: Steps): Promise<Ground<Resolved>> {
  const identified = await identify({ ...attempt, homeRealm: homeRealmOf(attempt) }, reads, trace);
  if ('kind' in identified) return { answer: identified };
  const missing = attempt.picker === 'before' ? undefined : checkOrganizationChosen(identified);
  const authenticated = missing ?? (await authenticate(attempt, identified, prover, trace));
  if ('kind' in authenticated) return { identified, answer: authenticated };
  const resolved = await resolve(authenticated, attempt.at, reads, trace);
  return { identified, authenticated, answer: resolved, ...(!('kind' in resolved) && { resolved }) };
}

/** Steps 1 to 4: whether that account may enter, and by which rule. */
export async function findAdmission(steps: Steps): Promise<Ground<Admitted>> {
  const found = await findAccount(steps);
  if ('kind' in found.answer) return { ...found, answer: found.answer };
  return { ...found, answer: admit(found.answer, steps.attempt.at, steps.trace) };
}
