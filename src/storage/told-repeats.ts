/**
 * Logs how often sessions signed in again without a log line of their own (fold-parts.ts). A count is final once its
 * ten minutes are over or the session has expired. Part of housekeeping. Appends lines and resets the counts in one
 * statement.
 */
import type pg from 'pg';
import { queryRows } from './database/pool.js';
import { repeatsOf, TOLD } from './login-store/fold-parts.js';

/** Maximum number of sessions in one transaction. */
const AT_ONCE = 500;

/** A log id as `newLogId` makes it: twelve digits of time, twenty of randomness. */
const LOG_ID = `lpad(to_hex((extract(epoch from $1::timestamptz) * 1000)::bigint), 12, '0')
  || left(replace(gen_random_uuid()::text, '-', ''), 20)`;

const TELL = `
  with due as (select user_id, session_hash, repeats from sessions
                where (repeats ->> 'count')::integer > 0
                  and ((repeats ->> 'since')::timestamptz < $1::timestamptz - interval '10 minutes' or expires_at < $1
                    or coalesce(idle_expires_at, last_used_at + make_interval(
                         secs => (select idle_session_lifetime_seconds from tenant))) < $1)
                limit ${AT_ONCE} for no key update skip locked),
  told as (insert into logs (organization_id, log_id, date, type, description, client_id, user_id, connection_id, ip, user_agent, details)
    select l.organization_id, ${LOG_ID}, $1, l.type, '${TOLD}', l.client_id, l.user_id, l.connection_id, l.ip, l.user_agent,
      ${repeatsOf('due.repeats')}
    from due join logs l on l.log_id = due.repeats ->> 'line'),
  forgotten as (update sessions s set repeats = null from due
    where s.user_id = due.user_id and s.session_hash = due.session_hash returning 1)
  select count(*)::integer as count from forgotten`;

/** Logs all counts that are due. Throws a Fault when the database failed. */
export async function tellRepeats(pool: pg.Pool, at: Date): Promise<void> {
  for (let count = AT_ONCE; count >= AT_ONCE; ) {
    const [row] = await queryRows<{ count: number }>(pool, TELL, [at]);
    count = row?.count ?? 0;
  }
}
