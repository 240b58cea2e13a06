/**
 * The login: one ordered list of steps. Steps 1 to 5 read and decide; step 6 writes, once. Whoever is refused on the way
 * leaves one line in the log and nothing else.
 *
 *   1 identify · 2 authenticate · 3 resolve · 4 admit · 5 act (the tenant's Actions; none yet) · 6 commit
 *
 * `membership_evaluation: before_actions` (Auth0's own order) is a second commit point between 4 and 5: the membership
 * would be written there. While no Action can run between the two points they are the same transaction, so both settings
 * behave alike today.
 */
import { fingerprintOf } from '../domain/tenant.js';
import type { Ledger } from '../ports/ledger.js';
import type { LoginReads } from '../ports/login-store.js';
import { checkOrganizationChosen, identify } from './1-identify.js';
import { type AuthenticateDeps, authenticate, digestCredential } from './2-authenticate.js';
import { resolve } from './3-resolve.js';
import { admit } from './4-admit.js';
import { type CommitDeps, commit } from './6-commit.js';
import type { LoginOutcome } from './outcome.js';
import { type PlanDeps, planCommit } from './plan.js';
import { logRefusal } from './record-refusal.js';
import { type Refusal, refuse } from './refusals.js';
import type { Admitted, Attempt, Authenticated, Identified, ProofQuestion } from './stages.js';
import { newTrace, type Trace } from './trace.js';

export interface PipelineDeps extends AuthenticateDeps, PlanDeps, CommitDeps {
  readonly reads: LoginReads;
  readonly ledger: Ledger;
}

/** A conflict sends the login back to its decision, at most this often. */
const RERUNS = 2;

type Decision = Admitted | ProofQuestion | Refusal;

/** Steps 3 to 5: decide about what was proved. */
export async function decide(
  authenticated: Authenticated,
  at: Date,
  reads: LoginReads,
  trace: Trace,
): Promise<Decision> {
  const resolved = await resolve(authenticated, at, reads, trace);
  if ('kind' in resolved) return resolved;
  return admit(resolved, at, trace);
}

/** Steps 1 and 2 for a new attempt. */
async function prove(
  attempt: Attempt,
  deps: PipelineDeps,
  trace: Trace,
): Promise<{ identified: Identified | undefined; answer: Authenticated | Refusal }> {
  const identified = await identify(attempt, deps.reads, trace);
  if ('kind' in identified) return { identified: undefined, answer: identified };
  const answer = checkOrganizationChosen(identified) ?? (await authenticate(attempt, identified, deps, trace));
  return { identified, answer };
}

/** Runs a login attempt to its end. Refusals are values and are logged here; faults of the database are thrown. */
export async function runLogin(attempt: Attempt, deps: PipelineDeps): Promise<LoginOutcome> {
  let trace = newTrace();
  const { identified, answer } = await prove(attempt, deps, trace);
  let current: Authenticated | Refusal = answer;
  for (let run = 0; ; run++) {
    const decision: Decision = 'kind' in current ? current : await decide(current, attempt.at, deps.reads, trace);
    if ('kind' in decision) {
      if (decision.kind === 'ask' && identified) return { kind: 'ask', question: decision, identified, trace };
      if (decision.kind === 'refused') return logRefusal({ attempt, identified, refusal: decision, trace }, deps);
      throw new TypeError('a question needs an identified login');
    }
    const grant = planCommit(attempt, decision, deps, trace);
    const committed = await commit(grant, deps);
    if (committed.kind === 'committed') return { kind: 'admitted', admitted: decision, grant, trace };
    if (committed.kind === 'refused') return logRefusal({ attempt, identified, refusal: committed, trace }, deps);
    if (run === RERUNS) {
      trace.add('commit', 'conflict', 'refuse', { moved: committed.conflict });
      return logRefusal({ attempt, identified, refusal: refuse('commit.conflict', committed.conflict), trace }, deps);
    }
    // The proof stays good; what was read is read again, the target included, so that the second answer names the cause.
    trace = newTrace();
    trace.add('commit', 'conflict', 'pass', { moved: committed.conflict, run: run + 1 });
    current = await reground(attempt, decision, deps, trace);
  }
}

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

/** Steps 1 and 2 again for a proof that is verified already: new ground, same proof, nothing of it sent anywhere twice. */
async function reground(
  attempt: Attempt,
  before: Authenticated,
  deps: PipelineDeps,
  trace: Trace,
): Promise<Authenticated | Refusal> {
  const identified = await identify(attempt, deps.reads, trace);
  if ('kind' in identified) return identified;
  const { proof, fingerprint } = before;
  if (proof.kind === 'identity') {
    const credential = { kind: 'identity', identity: proof.identity, fingerprint, ownProof: proof.ownProof } as const;
    return authenticate({ ...attempt, credential }, identified, deps, trace);
  }
  const enablement = identified.connections.find((item) => item.connection.id === before.enablement.connection.id);
  if (enablement === undefined) return refuse('identify.connection_not_enabled', 'switched off meanwhile');
  return { ...identified, enablement, fingerprint: fingerprintOf(enablement.connection, enablement), proof };
}
