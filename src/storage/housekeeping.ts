/**
 * Deletes expired rows: receipts of logins, logins too large for cookies, codes, sessions, tokens, tickets, counters,
 * invitations, sent mail, finished imports, exports. Runs regularly on every node; each statement is one short
 * transaction, so two nodes at once do no harm. The log is kept as long as the operator configured. Also analyses small
 * tables.
 */
import type pg from 'pg';
import { addSeconds, type Clock } from '../kernel/clock.js';
import { deleteExpiredCounters } from './attempts.js';
import type { StorageLog } from './database/log.js';
import { queryRows } from './database/pool.js';
import { analyzeNeglected } from './database/statistics.js';
import { deleteSentMail } from './jobs/send-mail.js';
import { deleteEndedImports } from './jobs/user-imports.js';
import { because } from './session-end.js';
import { tellRepeats } from './told-repeats.js';

/**
 * Codes, tokens and tickets are kept for one day after their expiry, so that a second use can be told from an unknown
 * value.
 */
const STATEMENTS: readonly string[] = [
  `delete from login_receipts where expires_at < $1`,
  `delete from cookie_overflow where expires_at < $1`,
  `delete from client_assertions where expires_at < $1`,
  `delete from authorization_codes where expires_at < $1::timestamptz - interval '1 day'`,
  `${because('session-expired')} delete from sessions using why, tenant where least(expires_at, coalesce(idle_expires_at,
    last_used_at + make_interval(secs => idle_session_lifetime_seconds))) < $1`,
  // Notices for applications that never answer. The worker itself gives up a notice after a day, but only when it tries
  // it.
  `delete from logout_notices where first_attempt_at < $1::timestamptz - interval '2 days'`,
  // A revoked token shows that its whole family is revoked, so it is kept until no token of the family can be valid.
  `delete from refresh_tokens
    where case when revoked_at is null then least(expires_at, idle_expires_at) else expires_at end
      < $1::timestamptz - interval '1 day'`,
  // A factor that nobody confirmed.
  `delete from factors where confirmed_at is null and created_at < $1::timestamptz - interval '1 hour'`,
  `delete from tickets where expires_at < $1::timestamptz - interval '1 day'`,
  // The settings that a customer typed in a set-up include a secret, so they are deleted when the ticket expires.
  `delete from connection_setups where expires_at < $1`,
  `delete from user_export_jobs where created_at <= $1::timestamptz - interval '1 day'`,
  `delete from invitations where greatest(expires_at, consumed_at) < $1::timestamptz - interval '30 days'`,
];

const EVERY_MS = 15 * 60_000;
const DAY_SECONDS = 86_400;
/** Lines of the log deleted in one transaction: cleaning a log for the first time must not hold locks for minutes. */
const LOG_LINES_AT_ONCE = 5_000;

/** How long rows are kept that do not expire by themselves. */
export interface Retention {
  readonly logDays: number;
}

/**
 * Deletes old log lines except those that an active stream has yet to send. A stream whose endpoint accepts nothing is
 * suspended after three days and then keeps none.
 */
const DELETE_LOG = `
  with old as (select ctid from logs where date < $1
                and not exists (select 1 from log_streams s where s.status = 'active'
                                 and (logs.position, logs.log_id) > (s.sent_position, s.sent_log_id))
               limit ${LOG_LINES_AT_ONCE}),
  gone as (delete from logs using old where logs.ctid = old.ctid returning 1)
  select count(*)::integer as count from gone`;

async function deleteOldLogLines(pool: pg.Pool, before: Date): Promise<void> {
  for (let count = LOG_LINES_AT_ONCE; count >= LOG_LINES_AT_ONCE; ) {
    const [row] = await queryRows<{ count: number }>(pool, DELETE_LOG, [before]);
    count = row?.count ?? 0;
  }
}

/**
 * Runs one round of cleaning. Runs each step even if others fail: a statement that always fails must not keep people's
 * addresses in sent mail forever. Finally throws the first {@link Fault}.
 */
export async function cleanUp(pool: pg.Pool, at: Date, { logDays }: Retention): Promise<void> {
  const steps = [
    () => deleteSentMail(pool, at),
    () => deleteEndedImports(pool, at),
    // Writes log lines about repeated sign-ins before expired sessions are deleted: the sessions hold the counts.
    () => tellRepeats(pool, at),
    ...STATEMENTS.map((statement) => () => queryRows(pool, statement, [at])),
    () => deleteExpiredCounters(pool, at),
    () => deleteOldLogLines(pool, addSeconds(at, -logDays * DAY_SECONDS)),
  ];
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Cleans every quarter of an hour until stopped. Logs failures; the next round retries. */
export function startHousekeeping(
  pool: pg.Pool,
  retention: Retention,
  clock: Clock,
  log: StorageLog,
): { stop(): Promise<void> } {
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = cleanUp(pool, clock.now(), retention)
      .then(() => analyzeNeglected(pool, log))
      .then(() => undefined)
      .catch((error: Error) => log.warn({ reason: error.message }, 'cleaning up failed'));
  }, EVERY_MS);
  timer.unref();
  return {
    // Waits for the current round, which still uses the database.
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
