/**
 * Runs a login, in one loop. Proofs and the answers of Actions are kept; stored data is read again.
 *
 *   steps 1 to 4 read (steps.ts): identify, authenticate, resolve, admit
 *   decide (decide.ts): refused | a question | hear | commit
 *   challenge (challenge.ts): asks for a second factor, before the commit; offer (offer.ts) offers a passkey
 *   hear (5-act.ts): the only call of tenant code here (login-post-identifier runs before:
 *   tenant-code/route-actions.ts)
 *   commit (6-commit.ts): the only write of accounts, memberships and sessions; step 2 counts tries
 *
 * The loop takes another turn after a conflict at the commit; after the earlier commit point of `membership_evaluation:
 * before_actions` (Auth0's own order: the written data stays even if an Action refuses later); when a linked account
 * becomes the primary one; and on the way back from a redirect. A refused login leaves one line in the log and nothing
 * else.
 */
import { hasPrompt } from '../domain/authorization-request.js';
import { inSpan, type SpanFacts } from '../kernel/spans.js';
import type { Ledger } from '../ports/ledger.js';
import type { EarlyCommitPlan, LoginReads } from '../ports/login-store.js';
import { type AuthenticateDeps, proverOf, proverOfVerified } from './2-authenticate.js';
import { type ActDeps, hear } from './5-act.js';
import { type CommitDeps, commit } from './6-commit.js';
import { challenge } from './challenge.js';
import type { ChallengeDeps } from './check-factor.js';
import { decide, type Next } from './decide.js';
import type { FactorAgain, FactorQuestion, KeptFactor } from './factor-stages.js';
import { beginKept, keepProof, namedPrimary, withoutConsole } from './kept.js';
import { offer } from './offer.js';
import type { LoginOutcome } from './outcome.js';
import { type PlanDeps, planAccountAlone, planCommit, planEarlyCommit } from './plan.js';
import { logRefusal } from './record-refusal.js';
import { type Refusal, refuse } from './refusals.js';
import { factorsOfAccount } from './second-factor.js';
import type { Admitted, Attempt, Authenticated, Identified, Kept, Proof } from './stages.js';
import { findAdmission, type Ground } from './steps.js';
import { withRegistrationJob } from './tenant-code/after-commit.js';
import { newTrace, type Trace } from './trace.js';

export interface PipelineDeps extends AuthenticateDeps, ActDeps, ChallengeDeps, PlanDeps, CommitDeps {
  readonly reads: LoginReads;
  readonly ledger: Ledger;
}

/** Maximum number of reruns of a login after conflicts. */
const RERUNS = 2;

/** The state of a login between two turns. Replaced as a whole, never changed. */
interface State {
  readonly kept: Kept;
  readonly trace: Trace;
  /** The results of the steps; undefined when they have to be read again. */
  readonly ground: Ground<Admitted> | undefined;
  /** The proof verified in this request: it stays valid when data is read again, and is not verified twice. */
  readonly proof: Proof | undefined;
  /** The client, organization and connections that the first run of step 1 found. */
  readonly identified: Identified | undefined;
  readonly reruns: number;
  /** True when the tenant's code agreed before the data was read again; the trace says so. */
  readonly hadAgreed: boolean;
  /** True when the account was already written, before the server decided whether to admit the person. */
  readonly hasOpened: boolean;
  /** True when the answer of this request has been used: it is no answer to a further question. */
  readonly isAnswered: boolean;
}

type Ended =
  | Exclude<Next, { readonly kind: 'hear' | 'challenge' | 'offer' | 'commit' }>
  | FactorQuestion
  | FactorAgain
  | { readonly kind: 'redirect'; readonly url: string };
type Commit = Extract<Next, { readonly kind: 'commit' }>;

/** Removes the invitation's ticket from the request once a commit before the Actions has used it up. */
function remainingOf(attempt: Attempt, { written }: Kept): Attempt {
  if (written === undefined) return attempt;
  const { invitation: _used, invitationCarrier: _proved, ...request } = attempt.request;
  return { ...attempt, request };
}

/** Runs steps 1 to 4, unless their results are still valid. */
async function read(state: State, attempt: Attempt, deps: PipelineDeps): Promise<State & { ground: Ground<Admitted> }> {
  if (state.ground !== undefined) return { ...state, ground: state.ground };
  const { kept, trace, proof } = state;
  const prover = proof === undefined ? proverOf(deps) : proverOfVerified(proof);
  const ground = await findAdmission({ attempt: remainingOf(attempt, kept), prover, reads: deps.reads, trace });
  const proved = ground.authenticated?.proof ?? proof;
  // The authenticator verified the person, so a passkey is a second factor too (docs/adr/0090).
  const passkey = proved?.kind === 'account' ? proved.passkey : undefined;
  return {
    ...state,
    ground,
    kept: kept.factor === undefined && passkey ? { ...kept, factor: passkey } : kept,
    proof: proved,
    identified: state.identified ?? ground.identified,
  };
}

/** Returns the proof after the account was written: a sign-up becomes a password proof; others stay. */
function proofAfter({ proof, enablement }: Admitted, userId: string, at: Date): Proof {
  if (proof.kind !== 'sign_up') return proof;
  return {
    kind: 'account',
    userId,
    by: 'password',
    authenticatedAt: at,
    credential: { connectionId: enablement.connection.id, hash: proof.passwordHash },
    rehash: undefined,
  };
}

/**
 * Returns the state after a conflict at the commit. The proof stays; all stored data is read again, so that a refusal
 * in the next turn names its cause. Refuses after too many conflicts.
 */
function moved(state: State, conflict: string): State | Refusal {
  if (state.reruns === RERUNS) {
    state.trace.add('commit', 'conflict', 'refuse', { moved: conflict });
    return refuse('commit.conflict', conflict);
  }
  const reruns = state.reruns + 1;
  const trace = newTrace(state.trace.subject);
  trace.add('commit', 'conflict', 'pass', { moved: conflict, run: reruns });
  const hadAgreed = state.kept.agreement !== undefined;
  // Data that the answer was checked with may have changed: it is checked again, and claimed by the next commit.
  return { ...state, trace, reruns, hadAgreed, ground: undefined, isAnswered: false };
}

/**
 * Writes only the account of a newcomer, on a tenant that opens accounts first. The login then goes on with an existing
 * account.
 */
async function commitAccount(
  { admitted, agreed }: Commit,
  state: State,
  attempt: Attempt,
  deps: PipelineDeps,
): Promise<State | Refusal> {
  const plan = planAccountAlone(attempt, admitted, deps, agreed);
  const committed = await commit(plan, deps);
  if (committed.kind === 'refused') return committed;
  // A conflict does no harm: usually another login has just written the same account. The last commit checks it.
  const conflict = committed.kind === 'moved' ? { moved: committed.conflict } : {};
  state.trace.add('commit', 'account_first', 'pass', { user_id: agreed.userId, ...conflict });
  return { ...state, hasOpened: true, ground: undefined };
}

/** Returns the passed factor after a commit before the Actions, which claimed its answer and may have raised the version. */
function claimed(factor: KeptFactor, { raisesFactors }: EarlyCommitPlan): KeptFactor {
  return { ...factor, isClaimed: true, revision: factor.revision + (raisesFactors ? 1 : 0) };
}

function toPassed(factors: readonly KeptFactor[]): Pick<Kept, 'factor' | 'earlierFactors'> {
  const [factor] = factors.slice(-1);
  return { ...(factor && { factor }), ...(factors.length > 1 && { earlierFactors: factors.slice(0, -1) }) };
}

/**
 * Writes user, identity and membership before any Action runs (`membership_evaluation: before_actions`). The login then
 * goes on with data that is read again.
 */
async function commitEarly(
  { admitted, agreed }: Commit,
  state: State,
  attempt: Attempt,
  deps: PipelineDeps,
): Promise<State | Refusal> {
  const factors = factorsOfAccount(admitted, state.kept);
  const plan = planEarlyCommit(remainingOf(attempt, state.kept), admitted, deps, { ...agreed, factors });
  const committed = await commit(await withRegistrationJob(plan, admitted, attempt, deps), deps);
  if (committed.kind === 'moved') return moved(state, committed.conflict);
  if (committed.kind === 'refused') return committed;
  const via = admitted.admission.createMembership;
  state.trace.add('commit', 'before_actions', 'pass', { membership: via ?? null });
  const { registration: _written, factor: _passed, earlierFactors: _earlier, ...kept } = state.kept;
  const written = { userId: agreed.userId, membership: via && { exists: false, via } };
  return {
    ...state,
    kept: { ...kept, ...toPassed(factors.map((factor) => claimed(factor, plan))), told: true, written },
    proof: proofAfter(admitted, agreed.userId, attempt.at),
    ground: undefined,
  };
}

/** Writes everything, at the last commit point. */
async function commitAll(
  { admitted, agreed }: Commit,
  state: State,
  attempt: Attempt,
  deps: PipelineDeps,
): Promise<Extract<LoginOutcome, { kind: 'admitted' }> | State | Refusal> {
  const { trace } = state;
  const { ignoredFactors, offer: offered } = state.kept;
  const given = { ...agreed, factors: factorsOfAccount(admitted, state.kept), ignoredFactors, offered };
  const grant = planCommit(remainingOf(attempt, state.kept), admitted, deps, trace, given);
  const committed = await commit(await withRegistrationJob(grant.plan, admitted, attempt, deps), deps);
  if (committed.kind === 'refused') return committed;
  return committed.kind === 'moved' ? moved(state, committed.conflict) : { kind: 'admitted', admitted, grant, trace };
}

const COMMITS = { account: commitAccount, early: commitEarly, end: commitAll } as const;

/**
 * Returns the state that the browser keeps during an Action's redirect or a question for a second factor: everything
 * except console output. Actions that have agreed are not asked again.
 */
function keepForAction(authenticated: Authenticated | undefined, kept: Kept, attempt: Attempt): Kept {
  return { ...kept, proof: proofOf(authenticated, attempt), executions: withoutConsole(kept.executions) };
}

/**
 * Returns the state that the browser keeps while the person answers a question. Leaves out the Actions' verdicts, so
 * that Actions are asked again: the answer may lead to another account. Leaves out the log of their runs, which the
 * browser holds already.
 */
function keepForAnswer(authenticated: Authenticated | undefined, kept: Kept, attempt: Attempt): Kept {
  const { newUserId, newSessionId, written } = kept;
  const proof = proofOf(authenticated, attempt);
  return { proof, newUserId, newSessionId, executions: [], ...(written && { written }) };
}

function proofOf(authenticated: Authenticated | undefined, attempt: Attempt): Kept['proof'] {
  if (authenticated === undefined) throw new TypeError('nobody is asked or sent away before they have proved anything');
  return keepProof(authenticated, attempt);
}

/**
 * Returns the outcome of a login that stopped before its commit, and logs a refusal. Undefined when the person should
 * be asked to sign in.
 */
async function end(
  ended: Ended,
  { kept, trace, ground, identified, reruns }: State,
  login: { readonly attempt: Attempt; readonly canAsk: boolean },
  deps: PipelineDeps,
): Promise<LoginOutcome | undefined> {
  const { attempt, canAsk } = login;
  if (ended.kind === 'refused') {
    // A refusal is logged, instead of asking the person, once post-login has run or anything was written.
    const isUntouched = reruns === 0 && kept.written === undefined && kept.agreement === undefined;
    if (canAsk && isUntouched && ended.code === 'authenticate.session_not_usable') return undefined;
    return logRefusal({ attempt, identified, refusal: ended, trace, executions: kept.executions }, deps);
  }
  if (ended.kind === 'again' || ended.kind === 'factor_again') return { ...ended, trace };
  if (identified === undefined) throw new TypeError('a question needs an identified login');
  const request = remainingOf(attempt, kept).request;
  if (ended.kind === 'redirect' || ended.kind === 'factor') {
    const waits = keepForAction(ground?.authenticated, kept, attempt);
    return ended.kind === 'factor'
      ? { kind: 'factor', question: ended, kept: waits, identified, trace }
      : { kind: 'redirect', url: ended.url, request, kept: waits, identified, trace };
  }
  const waits = keepForAnswer(ground?.authenticated, kept, attempt);
  return ended.kind === 'ask'
    ? { kind: 'ask', question: ended, kept: waits, identified, trace }
    : { kind: 'confirm', question: ended, kept: waits, identified, trace };
}

/** Returns what the span of a login says: its outcome, never who it was about. */
function describe(outcome: LoginOutcome | undefined): SpanFacts {
  if (outcome === undefined) return { 'vestibule.outcome': 'asked' };
  const refused = outcome.kind === 'refused' ? outcome : undefined;
  return {
    'vestibule.outcome': outcome.kind,
    'vestibule.refusal': refused?.refusal.code,
    'vestibule.reference': refused?.reference,
    'vestibule.organization_id': outcome.trace.subject.organizationId,
  };
}

/** Runs the loop as one span. */
function runTraced(attempt: Attempt, canAsk: boolean, deps: PipelineDeps): Promise<LoginOutcome | undefined> {
  return inSpan('login', () => run(attempt, canAsk, deps), { describe });
}

async function run(attempt: Attempt, canAsk: boolean, deps: PipelineDeps): Promise<LoginOutcome | undefined> {
  let state: State = {
    kept: beginKept(attempt, deps.entropy),
    trace: newTrace(),
    ground: undefined,
    proof: undefined,
    identified: undefined,
    reruns: 0,
    hadAgreed: false,
    hasOpened: false,
    isAnswered: false,
  };
  for (;;) {
    const here = await read(state, attempt, deps);
    const next = decide(here.ground, { attempt, ...here });
    let answer: Ended | State | Extract<LoginOutcome, { kind: 'admitted' }>;
    if (next.kind === 'hear') {
      const { kept, answer: said } = await inSpan('act', () => hear(next.hearing, { attempt, ...here }, deps));
      // An Action has linked accounts: the identity may lead to another account now.
      const ground = 'kind' in said ? here.ground : { ...here.ground, answer: said };
      state = { ...here, kept, ground: namedPrimary(kept) === undefined ? ground : undefined };
      if ('kind' in said) return end(said, { ...state, ground: here.ground }, { attempt, canAsk }, deps);
      continue;
    }
    if (next.kind === 'challenge' || next.kind === 'offer') {
      const { factorAnswer: _used, ...asked } = attempt;
      const context = { ...here, attempt: here.isAnswered ? asked : attempt };
      const answered = await inSpan(next.kind, async () =>
        next.kind === 'offer' ? offer(next, context, deps) : challenge(next, context, deps),
      );
      if ('kind' in answered) return end(answered, here, { attempt, canAsk }, deps);
      state = { ...here, kept: answered.kept, isAnswered: here.isAnswered || attempt.factorAnswer !== undefined };
      continue;
    }
    if (next.kind === 'commit') {
      answer = await inSpan('commit', () => COMMITS[next.point](next, here, attempt, deps));
      if ('kept' in answer) {
        state = answer;
        continue;
      }
      if (answer.kind === 'admitted') return answer;
    } else answer = next;
    return end(answer, here, { attempt, canAsk }, deps);
  }
}

/**
 * Runs a login attempt until it has an outcome. Refusals are values and are logged here; faults of the database are
 * thrown.
 */
export async function runLogin(attempt: Attempt, deps: PipelineDeps): Promise<LoginOutcome> {
  const outcome = await runTraced(attempt, false, deps);
  if (outcome === undefined) throw new TypeError('only who can be asked has no outcome');
  return outcome;
}

/**
 * Runs a login with an earlier proof: a session, or the proof before the person chose an organization. Undefined when
 * that proof is not enough: the caller then asks the person to sign in, and nothing was written, not even a log line.
 */
export function runLoginOrAsk(attempt: Attempt, deps: PipelineDeps): Promise<LoginOutcome | undefined> {
  return runTraced(attempt, !hasPrompt(attempt.request, 'none'), deps);
}
