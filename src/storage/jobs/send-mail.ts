/** Sends the mail of the outbox. Never logs the text of a mail or its recipient. */
import type pg from 'pg';
import { addSeconds } from '../../kernel/clock.js';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import { queryRows } from '../database/pool.js';
import { toStorableText } from '../storable.js';
import { type OutboxRow, openMail } from './outbox.js';
import { backOff, createRowWorker, ENDED, type RowWorker, type WorkEnd, type WorkerParts } from './worker.js';

export interface OutboxWorkerOptions extends WorkerParts {
  readonly box: SecretBox;
  /** Resolves when the mail server accepted the mail. Otherwise throws, {@link Fault} with `retryable` if known. */
  readonly send: (mail: OutgoingMail) => Promise<void>;
  /** True when the environment names no mail server: mail is kept until the tenant has one. */
  readonly waitsForProvider?: boolean;
}

/** Mail from more than a day before the tenant had a server is no longer sent: nobody expects it. */
const UNSENT = 'sent_at is null';
const UNSENT_WITH_PROVIDER = `${UNSENT} and exists (
  select 1 from email_provider p where p.enabled and outbox.created_at > p.created_at - interval '1 day')`;

/** A send that takes longer than the limit counts as failed, before its lease expires. */
const LEASE_SECONDS = 120;
const SEND_LIMIT_MS = 100_000;
const KEEP_SENT_SECONDS = 86_400;
const KEEP_GIVEN_UP_SECONDS = 30 * 86_400;
const FIRST_RETRY_SECONDS = 30;
const LONGEST_RETRY_SECONDS = 3_600;
/**
 * Seconds after which a mail is given up, because nobody expects it any more. The row remains with its last error for
 * the operator.
 */
const GIVE_UP_SECONDS = 86_400;

/** Erases the sealed body, which is not needed after sending. */
const MARK_SENT = `update outbox set sent_at = $2, last_error = null, body_sealed = '' where id = $1`;

/**
 * Returns the seconds until the retry after the `attempts`-th failure: 30 s, doubling, at most an hour; an hour after a
 * final refusal.
 */
export function retryDelaySeconds(attempts: number, outlook: 'retryable' | 'final'): number {
  if (outlook === 'final') return LONGEST_RETRY_SECONDS;
  return backOff(attempts, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS);
}

function limited(sending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('timeout', 'the mail server took too long', true)), SEND_LIMIT_MS);
  });
  return Promise.race([sending, limit]).finally(() => clearTimeout(timer));
}

function tryLater({ clock, log }: OutboxWorkerOptions, row: OutboxRow, error: unknown): WorkEnd {
  const reason = toStorableText(error instanceof Error ? error.message : String(error)).slice(0, 500);
  const outlook = error instanceof Fault && !error.retryable ? 'final' : 'retryable';
  const next = addSeconds(clock.now(), retryDelaySeconds(row.attempts, outlook));
  const givenUp = next > addSeconds(row.created_at, GIVE_UP_SECONDS);
  log.warn({ mail: row.id, attempts: row.attempts, reason, givenUp }, 'a mail was not sent');
  return { kind: 'later', at: givenUp ? 'infinity' : next, reason };
}

async function sendRow(options: OutboxWorkerOptions, row: OutboxRow): Promise<WorkEnd> {
  const mail = openMail(options.box, row);
  try {
    if (mail === undefined)
      throw new Fault('crypto', 'its body does not open: it was sealed under another VESTIBULE_SECRET_KEY', false);
    await limited(options.send(mail));
  } catch (error) {
    return tryLater(options, row, error);
  }
  await queryRows(options.pool, MARK_SENT, [row.id, options.clock.now()]);
  return ENDED;
}

/** Deletes mail that was sent a day ago or given up a month ago: the rows contain people's addresses. */
export async function deleteSentMail(pool: pg.Pool, at: Date): Promise<void> {
  await queryRows(pool, 'delete from outbox where sent_at <= $1', [addSeconds(at, -KEEP_SENT_SECONDS)]);
  await queryRows(
    pool,
    `delete from outbox where sent_at is null and next_attempt_at = 'infinity' and created_at <= $1`,
    [addSeconds(at, -KEEP_GIVEN_UP_SECONDS)],
  );
}

/** Creates the worker that sends queued mail. The caller of `start` must call `stop`. */
export function createOutboxWorker(options: OutboxWorkerOptions): RowWorker {
  return createRowWorker<OutboxRow>(
    {
      table: 'outbox',
      waiting: options.waitsForProvider ? UNSENT_WITH_PROVIDER : UNSENT,
      columns: ['recipient', 'template', 'body_sealed', 'created_at'],
      atOnce: 4,
      leaseSeconds: LEASE_SECONDS,
      pollMs: 5_000,
      run: (row) => sendRow(options, row),
      trouble: 'the outbox cannot be read or marked now',
    },
    options,
  );
}
