/**
 * Decides the next turn of a login: refusal, question, tenant code, or commit. Decides by the steps' results (read
 * again) and by the login's kept state (proofs and the Actions' answers). Reads nothing and writes nothing.
 */
import { checkHintedUser } from './3-resolve.js';
import { needsFreshProof, refuseStaleProof } from './4-admit.js';
import { admittedByAction, type Hearing } from './5-act.js';
import { checkCommanded, commandNeed, findMultifactorWish, wishNeed } from './action-factors.js';
import { findAddressQuestion } from './address-question.js';
import type { Challenge } from './challenge.js';
import type { FactorNeed } from './factor-stages.js';
import { checkStanding, namedPrimary, userIdOf } from './kept.js';
import { findOffer } from './offer.js';
import { type Refusal, refuse } from './refusals.js';
import { bindingNeed, factorNeed, satisfiedBy } from './second-factor.js';
import type {
  AddressQuestion,
  Admitted,
  Agreed,
  Attempt,
  Kept,
  ProofAgain,
  ProofQuestion,
  Resolved,
} from './stages.js';
import type { Ground } from './steps.js';
import { isBound } from './tenant-code/run-trigger.js';
import type { Trace } from './trace.js';

export type Next =
  | Refusal
  | ProofQuestion
  | ProofAgain
  | AddressQuestion
  | { readonly kind: 'hear'; readonly hearing: Hearing }
  /** The login may offer a passkey before its commit. */
  | { readonly kind: 'offer'; readonly admitted: Admitted; readonly reason: NonNullable<ReturnType<typeof findOffer>> }
  /** The login needs a second factor that was not passed yet. */
  | ({ readonly kind: 'challenge' } & Challenge)
  /**
   * `early`: a commit before post-login runs; `agreed` holds the effects for the new account so far. `account`: writes
   * only the account and admits nobody yet. `end`: writes everything.
   */
  | {
      readonly kind: 'commit';
      readonly point: 'account' | 'early' | 'end';
      readonly admitted: Admitted;
      readonly agreed: Agreed;
    };

export interface Turn {
  readonly attempt: Attempt;
  readonly kept: Kept;
  readonly trace: Trace;
  /** The tenant's code agreed before the stored data was read again. */
  readonly hadAgreed: boolean;
  /** True when the account was already written, before the server decided whether to admit the person. */
  readonly hasOpened: boolean;
}

/**
 * Decides about a person whom no rule admits: the tenant's code may admit them. The same revision of the code is asked
 * only once.
 */
function decideAdmission(resolved: Resolved, refused: Refusal, { kept, trace }: Turn): Admitted | Next {
  const { admission } = kept;
  // After an Action's redirect, another revision of the code may answer differently, so it is asked again.
  if (admission?.userId !== userIdOf(resolved, kept) || admission.revision !== resolved.tenant.actions.revision)
    return { kind: 'hear', hearing: { trigger: 'organization-admission', resolved, refused } };
  trace.add('admit', 'action', 'pass', { roles: admission.roles, earlier: true });
  return admittedByAction(resolved, admission.roles);
}

/**
 * True when the tenant's code may admit a stranger. Attack: a client that may only write Actions makes somebody an
 * owner of the tenant by the roles that its code gives.
 */
function isHeardOnAdmission({ tenant, organization }: Resolved): boolean {
  return isBound({ tenant }, 'organization-admission') && organization?.isOfOperators !== true;
}

/** Returns the answer of steps 3 and 4: an admitted account, a refusal, or a question. */
function findAdmitted({ resolved, answer }: Ground<Admitted>, turn: Turn): Admitted | Next {
  const { attempt, kept, trace } = turn;
  const other = resolved && checkHintedUser(resolved, attempt, trace);
  if (other) return other;
  const isStranger = 'kind' in answer && answer.kind === 'refused' && answer.code === 'admit.not_a_member';
  const asksAction = isStranger && resolved !== undefined && isHeardOnAdmission(resolved);
  // Before Actions are asked: a person who must sign in again goes to the IdP first. Actions are asked afterwards.
  if (asksAction && needsFreshProof(resolved)) return refuseStaleProof(resolved, trace, 'action');
  // Comes before tenant code, which must do nothing until the person knows which account they are going to use.
  const question =
    resolved &&
    !kept.told &&
    resolved.tenant.habits?.asksForAddress !== false &&
    (asksAction || !('kind' in answer)) &&
    findAddressQuestion(resolved, attempt, trace);
  if (question) return question;
  return asksAction ? decideAdmission(resolved, answer, turn) : answer;
}

/**
 * True when something has to be written before post-login runs (Auth0's order, `before_actions`). Happens once: if the
 * written data is missing afterwards, somebody deleted it, and the last commit decides about that.
 */
function commitsEarly({ account, admission, tenant }: Admitted, { written, agreement }: Kept): boolean {
  if (tenant.membershipEvaluation !== 'before_actions' || !isBound({ tenant }, 'post-login')) return false;
  const hasAgreed = agreement !== undefined && agreement.pausedAt === undefined;
  if (hasAgreed || written !== undefined) return false;
  return (
    account.kind === 'new' ||
    account.bind !== undefined ||
    admission.createMembership !== undefined ||
    admission.roles.length > 0
  );
}

/**
 * Returns the effects of post-login for the login's account. If an Action linked that account to another and made the
 * other one primary (`setPrimaryUser`), the person's identity must lead to that other account by now.
 */
function agreedFor(
  admitted: Admitted,
  agreement: NonNullable<Kept['agreement']>,
  { kept, trace, hadAgreed }: Turn,
): Agreed | Refusal {
  const { newSessionId, executions } = kept;
  const { userId, effects } = agreement;
  if (hadAgreed && executions.length > 0) trace.add('act', 'post-login', 'pass', { earlier: true });
  const named = namedPrimary(kept);
  if (named === undefined) return { userId, newSessionId, effects, executions };
  const leadsTo = userIdOf(admitted, kept);
  if (admitted.account.kind !== 'existing' || leadsTo !== named) {
    trace.add('act', 'primary_user', 'refuse', { named, leads_to: leadsTo });
    return refuse('act.primary_user', `setPrimaryUser named ${named}`);
  }
  trace.add('act', 'primary_user', 'pass', { user_id: named });
  // Drops the metadata, as Auth0 does: the Action computed it for the former account, not for the primary one.
  const others = effects.filter(({ kind }) => kind !== 'user_metadata' && kind !== 'app_metadata');
  return { userId: named, newSessionId, effects: others, executions };
}

/** Admission of a plan that writes only the account: nobody becomes a member. */
const NOBODY_ADMITTED: Admitted['admission'] = {
  rule: 'no_organization',
  createMembership: undefined,
  roles: [],
  invitation: undefined,
};

/**
 * On a tenant with `habits.opensAccountFirst`: decides to write a newcomer's account before it is known whether step 4
 * admits them. Once in a login: if somebody deletes the account meanwhile, the last commit decides.
 */
function findAccountToOpen({ resolved, answer }: Ground<Admitted>, { kept, hasOpened }: Turn): Next | undefined {
  if (resolved?.tenant.habits?.opensAccountFirst !== true || hasOpened) return undefined;
  if (resolved.account.kind !== 'new' || resolved.proof.kind !== 'identity') return undefined;
  const admitted = 'kind' in answer ? { ...resolved, admission: NOBODY_ADMITTED } : answer;
  const { newSessionId, executions } = kept;
  const agreed = { userId: userIdOf(resolved, kept), newSessionId, effects: [], executions };
  return { kind: 'commit', point: 'account', admitted, agreed };
}

/** Returns the challenge for a factor that the login needs and has not passed; undefined when there is none. */
function findChallenge(need: FactorNeed | undefined, admitted: Admitted, turn: Turn): Next | undefined {
  if (need === undefined) return undefined;
  const { factor } = turn.kept;
  const by = satisfiedBy(need, admitted, turn);
  if (by === undefined || (factor?.recoveryCode !== undefined && !factor.isCodeSeen))
    return { kind: 'challenge', admitted, need };
  if (by !== 'this_login') turn.trace.add('authenticate', 'second_factor', 'pass', { reason: need.reason, by });
  return undefined;
}

/** Decides the next turn of a login by the steps' results. */
export function decide(ground: Ground<Admitted>, turn: Turn): Next {
  const opening = findAccountToOpen(ground, turn);
  if (opening) return opening;
  const admitted = findAdmitted(ground, turn);
  if ('kind' in admitted) return admitted;
  const { attempt, kept } = turn;
  const { agreement, registration, newSessionId, executions } = kept;
  const changed = checkStanding(admitted, kept) ?? checkCommanded(admitted, kept);
  if (changed) return changed;
  const beforeBinding = findChallenge(bindingNeed(admitted), admitted, turn);
  if (beforeBinding) return beforeBinding;
  const opens = admitted.account.kind === 'new' && admitted.proof.kind === 'sign_up';
  const earlier = agreement?.effects ?? registration;
  if (opens && earlier === undefined) return { kind: 'hear', hearing: { trigger: 'pre-user-registration', admitted } };
  const effects = earlier ?? [];
  if (commitsEarly(admitted, kept)) {
    // Effects that post-login requested before a redirect are written at the end or never.
    const given = agreement ? [] : effects;
    const agreed = { userId: userIdOf(admitted, kept), newSessionId, effects: given, executions };
    return { kind: 'commit', point: 'early', admitted, agreed };
  }
  const commanded = commandNeed(admitted, kept);
  if (commanded) return { kind: 'challenge', admitted, need: commanded };
  if (agreement === undefined || agreement.pausedAt !== undefined)
    return { kind: 'hear', hearing: { trigger: 'post-login', admitted, effects } };
  const agreed = agreedFor(admitted, agreement, turn);
  if ('kind' in agreed) return agreed;
  const isWished = findMultifactorWish(agreed.effects) !== undefined;
  const needed =
    findChallenge(wishNeed(admitted, agreed.effects), admitted, turn) ??
    findChallenge(factorNeed(admitted, attempt, isWished), admitted, turn);
  if (needed) return needed;
  const reason = findOffer(admitted, turn);
  return reason ? { kind: 'offer', admitted, reason } : { kind: 'commit', point: 'end', admitted, agreed };
}
