/** What the pipeline keeps of one login between its turns, and what follows from it. Reads and writes nothing. */
import type { Entropy } from '../kernel/ids.js';
import { newUserId } from './plan.js';
import { type Refusal, refuse } from './refusals.js';
import type {
  ActionExecution,
  ActionMembership,
  ActionResume,
  Admitted,
  Agreed,
  Attempt,
  Identified,
  Proof,
} from './stages.js';
import type { Trace } from './trace.js';

/** One login under way. The tenant's code is asked once: what it said is kept here when the ground has to be read again. */
export interface Run {
  readonly attempt: Attempt;
  /** The person can be asked to sign in: then a session that does not do is no refusal, and leaves no line. */
  readonly canAsk: boolean;
  /** Nobody is told twice, and nobody after the tenant's code was asked. */
  told: boolean;
  /** The attempt without the ticket that the earlier commit point has used. */
  remaining: Attempt;
  readonly executions: ActionExecution[];
  trace: Trace;
  identified: Identified | undefined;
  /** Id of the account that this login opens, once drawn: Actions have been told. */
  newUserId: string | undefined;
  /** Id of the session that this login opens, for the same reason. */
  readonly newSessionId: string;
  admittedByAction: ActionResume['admittedByAction'];
  committedEarly: boolean;
  /** Whose membership the earlier commit point wrote, and how it stood before. */
  early: { readonly userId: string; readonly membership: ActionMembership } | undefined;
  /** What pre-user-registration gave the account that this login opens. */
  registered: Agreed['effects'] | undefined;
  agreed: (Agreed & { readonly wasMember: boolean }) | undefined;
}

/** The account that the login leads to, existing or about to be opened. */
export function userIdOf(
  resolved: Pick<Admitted, 'account' | 'proof' | 'enablement'>,
  run: Run,
  deps: { readonly entropy: Entropy },
): string {
  if (resolved.account.kind === 'existing') return resolved.account.candidate.account.userId;
  // An identity provider's subject makes its id, as far as others have not been given the same; a drawn one is kept.
  if (run.newUserId === undefined || resolved.proof.kind === 'identity')
    run.newUserId = newUserId(resolved, deps.entropy);
  return run.newUserId;
}

/** The account that was opened a moment ago is one with a password now; everything else stays proved as it was. */
export function proofAfter({ proof, enablement }: Admitted, userId: string, { attempt }: Run): Proof {
  if (proof.kind !== 'sign_up') return proof;
  return {
    kind: 'account',
    userId,
    by: 'password',
    authenticatedAt: attempt.at,
    credential: { connectionId: enablement.connection.id, hash: proof.passwordHash },
    rehash: undefined,
  };
}

/** A member of the organization before this login. */
export function isMember({ account }: Admitted): boolean {
  return account.kind === 'existing' && account.candidate.membership !== undefined;
}

/**
 * What was agreed before the ground moved, or before the person was sent elsewhere, is good for the same account with the same standing,
 * and for nothing else: whoever comes back with a session of another account has not been asked about (a verdict about one account used
 * for another). An Action that named another account the primary has vouched for that one.
 */
export function checkStanding(decision: Admitted, userId: string, run: Run): Refusal | undefined {
  const before = run.agreed ?? run.attempt.resume;
  if (before === undefined) return undefined;
  const primary = before.effects.findLast((effect) => effect.kind === 'primary_user');
  if (primary?.kind === 'primary_user' && primary.userId === userId) return undefined;
  if (before.userId === userId && (isMember(decision) || !before.wasMember)) return undefined;
  return refuse('commit.conflict', 'the account or its membership is another one than the Actions were asked about');
}

/** How the account's membership stood before the earlier commit point; of another account it says nothing. */
export function membershipBefore(userId: string, { early, attempt: { resume } }: Run): ActionMembership | undefined {
  if (early?.userId === userId) return early.membership;
  return resume?.userId === userId ? resume.membership : undefined;
}
