/** Runs the single statement of a commit plan and turns its result into an outcome. Part of the login store. */
import type { Pool } from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { CommitOutcome } from '../../ports/login-store.js';
import { inTransaction } from '../database/pool.js';
import { withinShare } from '../shares.js';
import { COMMIT_PARTS } from './commit-parts.js';
import { type AnyPlan, createCommitStatement } from './commit-statement.js';
import { run } from './query.js';

/** Constraints whose violation means that another login was first. Any other violation is a fault. */
const CONFLICTS: Readonly<Record<string, string>> = {
  login_receipts_pkey: 'receipt',
  // The session's id is chosen before Actions run and kept in the browser during their redirects, so only the same
  // login can repeat it.
  sessions_by_id: 'receipt',
  identities_bound_once: 'identity',
  identities_named_once: 'identity',
  identities_one_per_connection: 'identity',
  users_pkey: 'account',
  user_id_prefixes_pkey: 'account',
  user_id_prefixes_prefix_key: 'account',
  members_pkey: 'membership',
  members_by_user: 'membership',
  password_credentials_connection_id_email_key: 'account',
  factors_pkey: 'factors',
  factors_one_application: 'factors',
  factors_one_recovery_code: 'factors',
  factors_one_of_credential: 'factor',
};

interface Verdict {
  readonly conflict: string | null;
  readonly done: boolean;
}

const toStatement = createCommitStatement(COMMIT_PARTS);

function conflictOf(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505' && constraint !== undefined) return CONFLICTS[constraint];
  // A parent row (connection, client, organization, user) was deleted meanwhile, so the decision may no longer be
  // right.
  if (code === '23503') return 'reference';
  // Serialization failure or deadlock: nothing was written, so the login can be decided again.
  const cause = (error as { cause?: { code?: string } }).cause?.code;
  return cause === '40001' || cause === '40P01' ? 'concurrent' : undefined;
}

const LOCK_USER = 'select 1 from users where user_id = $1 for update';

/**
 * Runs the statement. A binding revokes all former access to its account (pre-hijacking), but a statement sees only
 * rows that existed when it began. So a separate statement first locks the account: it waits for a login or code
 * exchange under way, and the main statement then finds and revokes the access that this one gave. A later login or
 * exchange finds that access revoked.
 */
function execute(pool: Pool, plan: AnyPlan, box: SecretBox, now: Date): Promise<Verdict[]> {
  const { statement, values } = toStatement(plan, box, now);
  if (plan.bind?.revokeOlder !== true) return run<Verdict>(pool, statement, values);
  return inTransaction(pool, async (client) => {
    await run(client, { name: 'login-lock-user', text: LOCK_USER }, [plan.userId]);
    return run<Verdict>(client, statement, values);
  });
}

const FIND_CODE = 'select 1 from authorization_codes where user_id = $1 and code_hash = $2';

/**
 * True when a failed commit was in fact applied: the connection may be lost after the server committed and before its
 * answer arrived. Only this plan has its code, so if the code is stored, the whole plan is. Returns false when it is
 * not stored, or when the database cannot be asked.
 */
async function wasApplied(pool: Pool, plan: AnyPlan, error: unknown): Promise<boolean> {
  // Without a code the plan has no unique value, so whether it was committed is unknown. The person tries again and is
  // recognised.
  if (plan.code === undefined) return false;
  if (!(error instanceof Fault && error.retryable)) return false;
  try {
    return (
      (await run(pool, { name: 'login-was-applied', text: FIND_CODE }, [plan.userId, plan.code.codeHash])).length > 0
    );
  } catch {
    return false;
  }
}

/** See {@link LoginCommit.apply}. `now` is the time of the commit; the plan's own time is that of the request. */
export async function applyCommit(pool: Pool, box: SecretBox, plan: AnyPlan, now: Date): Promise<CommitOutcome> {
  try {
    const rows = await withinShare(pool, plan, () => execute(pool, plan, box, now));
    const [row] = rows;
    if (row?.done) return { ok: true };
    return { ok: false, conflict: row?.conflict ?? 'invitation' };
  } catch (error) {
    const conflict = conflictOf(error);
    if (conflict !== undefined) return { ok: false, conflict };
    if (await wasApplied(pool, plan, error)) return { ok: true };
    throw error;
  }
}
