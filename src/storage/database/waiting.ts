/** Age of the oldest pending work of each kind, for metrics. One statement over indexes of pending rows. Reads only. */
import type { Queryable } from './pool.js';
import { queryRows } from './pool.js';

/**
 * Mail that was given up is not pending. A failing log stream is pending since its endpoint stopped accepting lines,
 * even when it is suspended.
 */
const READ_WAITING = `
  select 'mail' as work, min(created_at) as since from outbox where sent_at is null and next_attempt_at < 'infinity'
  union all
  select 'action_job', min(created_at) from action_jobs where next_attempt_at < 'infinity'
  union all
  select 'user_import', min(created_at) from user_import_jobs where status in ('pending', 'processing')
  union all
  select 'logout_notice', min(first_attempt_at) from logout_notices
  union all
  select 'log_stream', min(coalesce(failing_since, updated_at)) from log_streams
    where status = 'suspended' or status = 'active' and failing_since is not null`;

const READ_GIVEN_UP = `select count(*)::integer as count from outbox where sent_at is null and next_attempt_at = 'infinity'`;

export interface Waiting {
  /** For each kind of work: when its oldest pending item began to wait; undefined without any. */
  readonly since: Readonly<Record<string, Date | undefined>>;
  /** Mails of the last month that will not be retried. */
  readonly mailsGivenUp: number;
}

/** Returns the pending work. Throws {@link Fault} when the database failed. */
export async function readWaiting(db: Queryable): Promise<Waiting> {
  const rows = await queryRows<{ work: string; since: Date | null }>(db, READ_WAITING);
  const [givenUp] = await queryRows<{ count: number }>(db, READ_GIVEN_UP);
  return {
    since: Object.fromEntries(rows.map(({ work, since }) => [work, since ?? undefined])),
    mailsGivenUp: givenUp?.count ?? 0,
  };
}
