/**
 * Step 6: the only writes of accounts, memberships and sessions. Hands the plan to the store, which opens one short
 * transaction, locks and checks again the data that the plan relied on, and writes everything or nothing. No network
 * call and no tenant code runs here or below.
 */
import type { CommitOutcome, CommitPlan, EarlyCommitPlan, LoginCommit } from '../ports/login-store.js';
import { type Refusal, type RefusalCode, refuse } from './refusals.js';

/**
 * Conflicts that deciding again cannot resolve, with their refusal. `receipt`: this same login was committed before (a
 * replay). `factor`: another login has used the same code, or an authenticator's counter fell behind.
 */
const FINAL_CONFLICTS: Readonly<Partial<Record<string, RefusalCode>>> = {
  receipt: 'commit.replayed',
  factor: 'authenticate.factor_failed',
};

export interface CommitDeps {
  readonly store: LoginCommit;
}

export type Committed =
  | { readonly kind: 'committed' }
  | { readonly kind: 'moved'; readonly conflict: string }
  | Refusal;

/**
 * Applies the plan. `moved`: stored data changed since the decision, and `conflict` names it; the pipeline may decide
 * again.
 */
export async function commit(plan: CommitPlan | EarlyCommitPlan, deps: CommitDeps): Promise<Committed> {
  const outcome: CommitOutcome = await deps.store.apply(plan);
  if (outcome.ok) return { kind: 'committed' };
  const final = FINAL_CONFLICTS[outcome.conflict];
  if (final !== undefined) return refuse(final, outcome.conflict);
  return { kind: 'moved', conflict: outcome.conflict };
}
