/** How long the oldest work of each kind has waited, for metrics. One statement over indexes of rows that wait; only reads. */
import type { Queryable } from './pool.js';
import { queryRows } from './pool.js';

/** Mail that was given up waits no longer. A log stream waits since its endpoint took nothing, also after it was suspended. */
const READ_WAITING = `
  select 'mail' as work, min(created_at) as since from outbox where sent_at is null and next_attempt_at < 'infinity'
  union all
  select 'action_job', min(created_at) from action_jobs where next_attempt_at < 'infinity'
  union all
  select 'user_import', min(created_at) from user_import_jobs where status in ('pending', 'processing')
  union all
  select 'log_stream', min(coalesce(failing_since, updated_at)) from log_streams
    where status = 'suspended' or status = 'active' and failing_since is not null`;

const READ_GIVEN_UP = `select count(*)::integer as count from outbox where sent_at is null and next_attempt_at = 'infinity'`;

export interface Waiting {
  /** By kind of work, the time since when the oldest waits; undefined where none does. */
  readonly since: Readonly<Record<string, Date | undefined>>;
  /** Mails that will not be tried again, of the last month. */
  readonly mailsGivenUp: number;
}

/** Throws {@link Fault} when the database failed. */
export async function readWaiting(db: Queryable): Promise<Waiting> {
  const rows = await queryRows<{ work: string; since: Date | null }>(db, READ_WAITING);
  const [givenUp] = await queryRows<{ count: number }>(db, READ_GIVEN_UP);
  return {
    since: Object.fromEntries(rows.map(({ work, since }) => [work, since ?? undefined])),
    mailsGivenUp: givenUp?.count ?? 0,
  };
}
