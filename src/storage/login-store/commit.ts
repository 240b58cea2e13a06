/** Runs the single statement of a commit plan and turns its result into an outcome. Part of the login store. */
import type { Pool } from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { CommitOutcome } from '../../ports/login-store.js';
import { type Deadline, startDeadline, toLimit } from '../database/deadline.js';
import { askWhetherStored, type Found, mayBeWritten } from '../database/lost-answer.js';
import { inTransaction, type Queryable } from '../database/pool.js';
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
function execute(pool: Pool, plan: AnyPlan, box: SecretBox, now: Date, deadline: Deadline): Promise<Verdict[]> {
  const { statement, values } = toStatement(plan, box, now);
  const commit = (db: Queryable) => run<Verdict>(db, { ...statement, ...toLimit(deadline) }, values);
  if (plan.bind?.revokeOlder !== true) return commit(pool);
  const lockAndCommit = async (client: Queryable) => {
    await run(client, { name: 'login-lock-user', text: LOCK_USER }, [plan.userId]);
    return commit(client);
  };
  return inTransaction(pool, lockAndCommit, deadline);
}

const FIND_CODE = 'select 1 from authorization_codes where user_id = $1 and code_hash = $2';

/**
 * Finds out whether a failed commit was in fact applied: the connection may be lost after the server committed and
 * before its answer arrived. Only this plan has its code, so if the code is stored, the whole plan is. Asks until the
 * deadline: "nobody answers" is not "no".
 */
async function findApplied(pool: Pool, { code, userId }: AnyPlan, deadline: Deadline): Promise<Found> {
  // Without a code the plan has no unique value, so whether it was committed is unknown. The person tries again and is
  // recognised.
  if (code === undefined) return 'unknown';
  const find = async () => {
    const statement = { name: 'login-was-applied', text: FIND_CODE, ...toLimit(deadline) };
    return (await run(pool, statement, [userId, code.codeHash])).length > 0;
  };
  return askWhetherStored(find, deadline);
}

/**
 * Tells the log that the outcome of a commit is unknown. The person reads that trying again does no harm: the next try
 * finds a login that was written, and nobody has its code.
 */
function toDoubt(fault: Fault): Fault {
  const sentence = `it is not known whether this login was written; the person was told to try again (${fault.message})`;
  return new Fault(fault.kind, sentence, true, { cause: fault });
}

/** See {@link LoginCommit.apply}. `now` is the time of the commit; the plan's own time is that of the request. */
export async function applyCommit(pool: Pool, box: SecretBox, plan: AnyPlan, now: Date): Promise<CommitOutcome> {
  const deadline = startDeadline(pool);
  try {
    const rows = await withinShare(pool, plan, () => execute(pool, plan, box, now, deadline), deadline);
    const [row] = rows;
    if (row?.done) return { ok: true };
    return { ok: false, conflict: row?.conflict ?? 'invitation' };
  } catch (error) {
    const conflict = conflictOf(error);
    if (conflict !== undefined) return { ok: false, conflict };
    if (!mayBeWritten(error)) throw error;
    const found = await findApplied(pool, plan, deadline);
    if (found === 'stored') return { ok: true };
    throw found === 'unknown' ? toDoubt(error) : error;
  }
}
