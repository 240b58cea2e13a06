/**
 * The login: one ordered list of steps. Steps 1 to 5 read and decide; step 6 writes, once. Whoever is refused on the way
 * leaves one line in the log and nothing else.
 *
 *   1 identify · 2 authenticate · 3 resolve · 4 admit · 5 act (the tenant's Actions) · 6 commit
 *
 * `membership_evaluation: before_actions` is Auth0's own order: one more commit point between 4 and 5, at which user, identity and
 * membership are written. What an Action refuses then stays behind, as it does there. Where no Action is bound both orders are one.
 */
import { hasPrompt } from '../domain/authorization-request.js';
import { fingerprintOf } from '../domain/tenant.js';
import { newId } from '../kernel/ids.js';
import type { Ledger } from '../ports/ledger.js';
import type { LoginReads } from '../ports/login-store.js';
import { identify } from './1-identify.js';
import { type AuthenticateDeps, authenticate, proverOf } from './2-authenticate.js';
import { checkHintedUser } from './3-resolve.js';
import { needsFreshProof, refuseStaleProof } from './4-admit.js';
import { type ActDeps, act, askAdmission, askRegistration } from './5-act.js';
import { type CommitDeps, commit } from './6-commit.js';
import { findAddressQuestion } from './address-question.js';
import { withRegistrationJob } from './after-commit.js';
import { keepProof, shorten } from './keep-proof.js';
import type { LoginOutcome } from './outcome.js';
import { type PlanDeps, planCommit, planEarlyCommit } from './plan.js';
import { logRefusal } from './record-refusal.js';
import { type Refusal, refuse } from './refusals.js';
import { checkStanding, isMember, membershipBefore, proofAfter, type Run, userIdOf } from './run.js';
import { isBound } from './run-trigger.js';
import type {
  ActionRedirect,
  AddressQuestion,
  Admitted,
  Agreed,
  Attempt,
  Authenticated,
  ProofQuestion,
} from './stages.js';
import { type Decision, findGround, judge } from './steps.js';
import { newTrace } from './trace.js';

export interface PipelineDeps extends AuthenticateDeps, ActDeps, PlanDeps, CommitDeps {
  readonly reads: LoginReads;
  readonly ledger: Ledger;
}

/** A conflict sends the login back to its decision, at most this often. */
const RERUNS = 2;

type Ended = ProofQuestion | AddressQuestion | Refusal | ActionRedirect;
type Concluded =
  | Extract<LoginOutcome, { kind: 'admitted' }>
  | Ended
  /** Ground that the plan leaned on has changed. */
  | { readonly moved: string }
  /** The earlier commit point is behind us. */
  | { readonly again: Authenticated | Refusal };

/** Steps 1 and 2 for a new attempt. */
async function prove(run: Run, deps: PipelineDeps): Promise<Authenticated | Refusal> {
  const { identified, answer } = await findGround(run.remaining, proverOf(deps), deps.reads, run.trace);
  if (identified) run.identified = identified;
  return answer;
}

/** Steps 3 and 4: decide about what was proved. Whom no rule admits, the tenant's code may admit. */
async function decide(authenticated: Authenticated, run: Run, deps: PipelineDeps): Promise<Decision | AddressQuestion> {
  const { attempt, trace } = run;
  const { resolved, decision } = await judge(authenticated, attempt.at, deps.reads, trace);
  const other = resolved && checkHintedUser(resolved, attempt, trace);
  if (other) return other;
  const stranger = 'kind' in decision && decision.kind === 'refused' && decision.code === 'admit.not_a_member';
  const asksAction = stranger && resolved !== undefined && isBound(resolved, 'organization-admission');
  // Before the question: who has to sign in once more anyway is sent there (or refused), and asked on the way back.
  if (asksAction && needsFreshProof(resolved)) return refuseStaleProof(resolved, trace, 'action');
  // Before any of the tenant's code runs: nothing that it does may come from a person who takes themselves for somebody else.
  if (resolved && !run.told && (asksAction || !('kind' in decision))) {
    const question = findAddressQuestion(resolved, attempt, trace);
    if (question) return question;
    run.told = true;
  }
  if (!resolved || !asksAction) return decision;
  const userId = userIdOf(resolved, run, deps);
  const earlier = run.admittedByAction;
  const { revision } = resolved.tenant.actions;
  // Other code may say something else by now: whoever comes back from where an Action had sent him is asked about again.
  if (earlier?.userId === userId && earlier.revision === revision) {
    trace.add('admit', 'action', 'pass', { roles: earlier.roles, earlier: true });
    const admission = {
      rule: 'action',
      createMembership: 'action',
      roles: earlier.roles,
      invitation: undefined,
    } as const;
    return { ...resolved, admission };
  }
  const answer = await askAdmission(resolved, decision, userId, run, deps);
  if (!('kind' in answer)) run.admittedByAction = { userId, roles: answer.admission.roles, revision };
  return answer;
}

/**
 * The earlier commit point. Undefined where there is nothing to write or the tenant's order is the other one; else the same
 * login, proved by what was just written.
 */
async function commitEarly(
  decision: Admitted,
  login: { userId: string; effects: Agreed['effects'] },
  run: Run,
  deps: PipelineDeps,
): Promise<Authenticated | Refusal | { readonly moved: string } | undefined> {
  const { account, admission } = decision;
  const writes = account.kind === 'new' || account.bind || admission.createMembership || admission.roles.length > 0;
  const first = decision.tenant.membershipEvaluation === 'before_actions' && isBound(decision, 'post-login');
  // Once: what has to be written again after it, somebody took away meanwhile, and the commit at the end brings it or does not.
  if (!first || !writes || run.agreed || run.committedEarly) return undefined;
  const plan = planEarlyCommit(run.remaining, decision, deps, login);
  const committed = await commit(await withRegistrationJob(plan, decision, run.attempt, deps), deps);
  if (committed.kind === 'moved') return { moved: committed.conflict };
  if (committed.kind === 'refused') return committed;
  run.committedEarly = true;
  run.trace.add('commit', 'before_actions', 'pass', { membership: admission.createMembership ?? null });
  if (admission.createMembership)
    run.early = { userId: login.userId, membership: { exists: false, via: admission.createMembership } };
  const { invitation: _used, invitationMailed: _proved, ...request } = run.remaining.request;
  run.remaining = { ...run.remaining, request };
  run.registered = undefined;
  return reground({ ...decision, proof: proofAfter(decision, login.userId, run) }, run, deps);
}

/** Step 5. What was agreed is asked once. */
async function agree(
  decision: Admitted,
  login: { userId: string; effects: Agreed['effects'] },
  run: Run,
  deps: PipelineDeps,
): Promise<Agreed | Ended> {
  const before = run.agreed;
  if (before) {
    if (before.executions.length > 0) run.trace.add('act', 'post-login', 'pass', { earlier: true });
    return before;
  }
  const membership = membershipBefore(login.userId, run);
  const { newSessionId } = run;
  const answer = await act(decision, { ...login, membership, newSessionId }, run, deps);
  if ('kind' in answer) return answer;
  run.agreed = {
    userId: login.userId,
    newSessionId,
    effects: answer,
    executions: run.executions,
    wasMember: isMember(decision),
  };
  return run.agreed;
}

/**
 * An Action linked this login's account to another and named that one the primary. The identity has to lead there now; the rules of steps
 * 3 and 4 are asked again, the tenant's code is not.
 */
async function followPrimary(
  decision: Admitted,
  agreed: Agreed,
  run: Run,
  deps: PipelineDeps,
): Promise<{ decision: Admitted; agreed: Agreed } | Ended> {
  const named = agreed.effects.findLast((effect) => effect.kind === 'primary_user');
  if (named?.kind !== 'primary_user' || named.userId === agreed.userId) return { decision, agreed };
  const again = await reground(decision, run, deps);
  const next = 'kind' in again ? again : await decide(again, run, deps);
  if ('kind' in next) return next;
  if (next.account.kind !== 'existing' || next.account.candidate.account.userId !== named.userId) {
    run.trace.add('act', 'primary_user', 'refuse', { named: named.userId, leads_to: userIdOf(next, run, deps) });
    return refuse('act.primary_user', `setPrimaryUser named ${named.userId}`);
  }
  run.trace.add('act', 'primary_user', 'pass', { user_id: named.userId });
  // Metadata was made of what the other account had: written here it would replace this one's. On Auth0 it is lost as well.
  const effects = agreed.effects.filter(({ kind }) => kind !== 'user_metadata' && kind !== 'app_metadata');
  run.agreed = { ...agreed, effects, userId: named.userId, wasMember: isMember(next) };
  return { decision: next, agreed: run.agreed };
}

/** Steps 5 and 6 for an admitted login: the end, or `moved` when the ground has to be read again. */
async function conclude(decision: Admitted, run: Run, deps: PipelineDeps): Promise<Concluded> {
  const userId = userIdOf(decision, run, deps);
  const changed = checkStanding(decision, userId, run);
  if (changed) return changed;
  const opens = decision.account.kind === 'new' && decision.proof.kind === 'sign_up';
  const earlier = (run.agreed ?? run.attempt.resume)?.effects ?? run.registered;
  const registered = earlier ?? (opens ? await askRegistration(decision, userId, run, deps) : []);
  if ('kind' in registered) return registered;
  if (opens) run.registered = registered;
  // What post-login asked for before a redirect is written at the end or not at all.
  const early = await commitEarly(decision, { userId, effects: run.attempt.resume ? [] : registered }, run, deps);
  if (early && 'moved' in early) return early;
  if (early) return { again: early };
  const agreed = await agree(decision, { userId, effects: registered }, run, deps);
  if ('kind' in agreed) return agreed;
  const followed = await followPrimary(decision, agreed, run, deps);
  if ('kind' in followed) return followed;
  const grant = planCommit(run.remaining, followed.decision, deps, run.trace, followed.agreed);
  const plan = await withRegistrationJob(grant.plan, followed.decision, run.attempt, deps);
  const committed = await commit(plan, deps);
  if (committed.kind === 'refused') return committed;
  if (committed.kind === 'moved') return { moved: committed.conflict };
  return { kind: 'admitted', admitted: followed.decision, grant, trace: run.trace };
}

/** The outcome of what ended a login before its commit; a refusal is logged. */
async function end(
  ended: Ended,
  decision: Decision | AddressQuestion,
  run: Run,
  deps: PipelineDeps,
): Promise<LoginOutcome | undefined> {
  const { attempt, identified, trace, executions } = run;
  if (run.canAsk && ended.kind === 'refused' && ended.code === 'authenticate.session_not_usable') return undefined;
  if (ended.kind === 'refused') return logRefusal({ attempt, identified, refusal: ended, trace, executions }, deps);
  if (identified === undefined) throw new TypeError('a question needs an identified login');
  if (ended.kind === 'ask') return { kind: 'ask', question: ended, identified, trace };
  if (ended.kind === 'confirm') return { kind: 'confirm', question: ended, identified, trace };
  if ('kind' in decision) throw new TypeError('only an admitted login is redirected');
  const { programKey, index, effects, url } = ended;
  const { newUserId, newSessionId, admittedByAction } = run;
  const userId = userIdOf(decision, run, deps);
  const membership = membershipBefore(userId, run);
  const resume = {
    userId,
    wasMember: isMember(decision),
    programKey,
    index,
    effects,
    executions: shorten(executions),
    newUserId,
    newSessionId,
    admittedByAction,
    membership,
  };
  const credential = keepProof(decision, attempt);
  return { kind: 'redirect', url, resume, credential, request: run.remaining.request, identified, trace };
}

/** Runs a login attempt to its end. Refusals are values and are logged here; faults of the database are thrown. */
export async function runLogin(attempt: Attempt, deps: PipelineDeps): Promise<LoginOutcome> {
  const outcome = await runToEnd(attempt, deps, false);
  if (outcome === undefined) throw new TypeError('only who can be asked has no outcome');
  return outcome;
}

/**
 * The same with what was proved before (a session, a choice at the picker), for a person who can be asked to sign in. Undefined when it
 * does not do: then they are asked, and nothing was written, no line of the log either.
 */
export function runLoginOrAsk(attempt: Attempt, deps: PipelineDeps): Promise<LoginOutcome | undefined> {
  return runToEnd(attempt, deps, !hasPrompt(attempt.request, 'none'));
}

async function runToEnd(attempt: Attempt, deps: PipelineDeps, canAsk: boolean): Promise<LoginOutcome | undefined> {
  const run: Run = {
    attempt,
    canAsk,
    told: attempt.resume !== undefined,
    remaining: attempt,
    executions: [...(attempt.resume?.executions ?? attempt.executionsSoFar ?? [])],
    trace: newTrace(),
    identified: undefined,
    newUserId: attempt.resume?.newUserId,
    newSessionId: attempt.resume?.newSessionId ?? newId(deps.entropy, 'ses'),
    admittedByAction: attempt.resume?.admittedByAction,
    committedEarly: false,
    early: undefined,
    registered: undefined,
    agreed: undefined,
  };
  let current = await prove(run, deps);
  for (let reruns = 0; ; ) {
    const decision: Decision | AddressQuestion = 'kind' in current ? current : await decide(current, run, deps);
    if ('kind' in decision) return end(decision, decision, run, deps);
    const concluded = await conclude(decision, run, deps);
    if ('again' in concluded) {
      current = concluded.again;
    } else if (!('moved' in concluded)) {
      return concluded.kind === 'admitted' ? concluded : end(concluded, decision, run, deps);
    } else if (reruns++ === RERUNS) {
      run.trace.add('commit', 'conflict', 'refuse', { moved: concluded.moved });
      return end(refuse('commit.conflict', concluded.moved), decision, run, deps);
    } else {
      // The proof stays good; what was read is read again, the target included, so that the second answer names the cause.
      run.trace = newTrace(run.trace.subject);
      run.trace.add('commit', 'conflict', 'pass', { moved: concluded.moved, run: reruns });
      current = await reground(decision, run, deps);
    }
  }
}

/** Steps 1 and 2 again for a proof that is verified already: new ground, same proof, nothing of it sent anywhere twice. */
async function reground(before: Authenticated, run: Run, deps: PipelineDeps): Promise<Authenticated | Refusal> {
  const { remaining: attempt, trace } = run;
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
