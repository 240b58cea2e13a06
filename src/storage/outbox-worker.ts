/**
 * Sends what lies in the outbox. Several nodes may run one each: a row is claimed by moving its next attempt forward (a
 * lease), then sent with no transaction open, then marked. After a crash the lease runs out and the mail is sent again: at
 * least once, never lost. Never logs what a mail says or to whom.
 */
import type pg from 'pg';
import { addSeconds, type Clock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import type { SecretBox } from '../kernel/seal.js';
import type { OutgoingMail } from '../ports/mailer.js';
import type { StorageLog } from './log.js';
import { type OutboxRow, openMail } from './outbox.js';
import { queryRows } from './pool.js';
import { toStorableText } from './storable.js';
import { createWorkerLoop } from './worker-loop.js';

export interface OutboxWorkerOptions {
  readonly pool: pg.Pool;
  readonly box: SecretBox;
  /** Resolves when the mail server has taken the mail; throws otherwise, {@link Fault} with `retryable` if it can tell. */
  readonly send: (mail: OutgoingMail) => Promise<void>;
  readonly clock: Clock;
  readonly log: StorageLog;
}

export interface OutboxWorker {
  /** Begins to send, now and whenever something is due. */
  start(): void;
  /** Resolves when the mails under way are sent and marked. Nothing is claimed afterwards. */
  stop(): Promise<void>;
  /** Looks at once: something was put in. */
  wake(): void;
  /** Sends what is due now and returns how many mails were sent. What `start` does repeatedly. */
  drain(): Promise<number>;
}

const BATCH = 4;
/** How long a claimed mail belongs to its worker; a send that takes longer than the limit below counts as failed. */
const LEASE_SECONDS = 120;
const SEND_LIMIT_MS = 100_000;
const POLL_MS = 5_000;
const CLEAN_UP_EVERY_MS = 600_000;
const KEEP_SENT_SECONDS = 86_400;
const KEEP_GIVEN_UP_SECONDS = 30 * 86_400;
const FIRST_RETRY_SECONDS = 30;
const LONGEST_RETRY_SECONDS = 3_600;
/** After a day nobody waits for the mail any more; the row stays with its last error for the operator. */
const GIVE_UP_SECONDS = 86_400;

const CLAIM = `
  update outbox set next_attempt_at = $2, attempts = attempts + 1
   where id in (select id from outbox where sent_at is null and next_attempt_at <= $1
                 order by next_attempt_at limit $3 for update skip locked)
  returning id, recipient, template, body_sealed, created_at, attempts`;

/** The sealed body goes as soon as it is not needed any more. */
const MARK_SENT = `update outbox set sent_at = $2, last_error = null, body_sealed = '' where id = $1`;

/** `attempts` tells this lease from a later one of another node, whose outcome must not be overwritten. */
const MARK_FAILED = `
  update outbox set next_attempt_at = $2, last_error = $3 where id = $1 and attempts = $4 and sent_at is null`;

/** When to try again after the `attempts`-th failure: 30 s, doubling, at most an hour; an hour at once after a refusal for good. */
export function retryDelaySeconds(attempts: number, outlook: 'retryable' | 'final'): number {
  if (outlook === 'final') return LONGEST_RETRY_SECONDS;
  return Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_RETRY_SECONDS);
}

function limited(sending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('timeout', 'the mail server took too long', true)), SEND_LIMIT_MS);
  });
  return Promise.race([sending, limit]).finally(() => clearTimeout(timer));
}

async function markFailed(options: OutboxWorkerOptions, row: OutboxRow, error: unknown): Promise<void> {
  const { pool, clock, log } = options;
  const reason = toStorableText(error instanceof Error ? error.message : String(error)).slice(0, 500);
  const outlook = error instanceof Fault && !error.retryable ? 'final' : 'retryable';
  const next = addSeconds(clock.now(), retryDelaySeconds(row.attempts, outlook));
  const givenUp = next > addSeconds(row.created_at, GIVE_UP_SECONDS);
  log.warn({ mail: row.id, attempts: row.attempts, reason, givenUp }, 'a mail was not sent');
  await queryRows(pool, MARK_FAILED, [row.id, givenUp ? 'infinity' : next, reason, row.attempts]);
}

/** True when the mail was sent. */
async function sendRow(options: OutboxWorkerOptions, row: OutboxRow): Promise<boolean> {
  const mail = openMail(options.box, row);
  try {
    if (mail === undefined)
      throw new Fault('crypto', 'its body does not open: it was sealed under another VESTIBULE_SECRET_KEY', false);
    await limited(options.send(mail));
  } catch (error) {
    await markFailed(options, row, error);
    return false;
  }
  await queryRows(options.pool, MARK_SENT, [row.id, options.clock.now()]);
  return true;
}

async function claim({ pool, clock }: OutboxWorkerOptions): Promise<readonly OutboxRow[]> {
  const now = clock.now();
  return queryRows<OutboxRow>(pool, CLAIM, [now, addSeconds(now, LEASE_SECONDS), BATCH]);
}

/** Removes rows that were sent a day ago, and what was given up a month ago: addresses of people lie in them. */
export async function deleteSentMail(pool: pg.Pool, at: Date): Promise<void> {
  await queryRows(pool, 'delete from outbox where sent_at <= $1', [addSeconds(at, -KEEP_SENT_SECONDS)]);
  await queryRows(
    pool,
    `delete from outbox where sent_at is null and next_attempt_at = 'infinity' and created_at <= $1`,
    [addSeconds(at, -KEEP_GIVEN_UP_SECONDS)],
  );
}

/** Whoever calls `start` calls `stop`. */
export function createOutboxWorker(options: OutboxWorkerOptions): OutboxWorker {
  const { pool, clock, log } = options;
  let cleanedUpMs = Number.NEGATIVE_INFINITY;

  const drain = async (): Promise<number> => {
    let sent = 0;
    while (!loop.isStopping()) {
      const rows = await claim(options);
      if (rows.length === 0) break;
      // All of them end before a failure of the database is told: `stop` promises that nothing is under way.
      const outcomes = await Promise.allSettled(rows.map((row) => sendRow(options, row)));
      sent += outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    return sent;
  };
  const round = async (): Promise<void> => {
    await drain();
    if (clock.monotonicMs() - cleanedUpMs < CLEAN_UP_EVERY_MS) return;
    cleanedUpMs = clock.monotonicMs();
    await deleteSentMail(pool, clock.now());
  };
  const loop = createWorkerLoop({
    drain: round,
    pollMs: POLL_MS,
    onFailure: (error) => log.warn({ reason: error.message }, 'the outbox cannot be read or marked now'),
  });
  return { drain, start: loop.start, wake: loop.wake, stop: loop.stop };
}
