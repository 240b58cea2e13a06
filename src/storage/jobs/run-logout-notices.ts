/**
 * Sends queued logout tokens: at least once, for a day. Never logs a token.
 *
 * After a failure of an application its notices wait, and one of them tries again, after growing pauses. So an
 * application that hangs delays the notices of others once, by one request's time limit.
 */
import { addSeconds } from '../../kernel/clock.js';
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { LogoutDelivery } from '../../ports/logout-delivery.js';
import { insertLogEntry } from '../database/ledger.js';
import { inTransaction, queryRows } from '../database/pool.js';
import {
  backOff,
  type Claimed,
  createRowWorker,
  ENDED,
  type RowWorker,
  type WorkEnd,
  type WorkerParts,
} from './worker.js';

export interface LogoutNoticeWorkerOptions extends WorkerParts {
  readonly delivery: LogoutDelivery;
  readonly entropy: Entropy;
}

interface NoticeRow extends Claimed {
  readonly last_error: string | null;
  readonly user_id: string;
  readonly session_id: string;
  readonly client_id: string;
  readonly initiator: string;
  readonly first_attempt_at: Date;
}

/** Longer than a request may take. */
const LEASE_SECONDS = 60;
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 3_600;
/** Time since the first try after which a notice is given up: by then most sessions of an application have expired by themselves. */
const GIVE_UP_SECONDS = 86_400;

const FIND_URL = 'select back_channel_logout_url(extra) as url from clients where client_id = $1';
/** $1: id, $2: number of the lease. */
const DELETE = 'delete from logout_notices where id = $1 and attempts = $2 returning id';

type Told = 'oidc_backchannel_logout_succeeded' | 'oidc_backchannel_logout_failed';

function lineOf({ clock, entropy }: LogoutNoticeWorkerOptions, row: NoticeRow, type: Told, reason?: string) {
  const date = clock.now();
  return {
    logId: newLogId(entropy, date),
    date,
    type,
    description:
      type === 'oidc_backchannel_logout_succeeded'
        ? 'The application was told that a session ended'
        : 'The application could not be told that a session ended',
    clientId: row.client_id,
    userId: row.user_id,
    details: { session_id: row.session_id, initiator: row.initiator, ...(reason !== undefined && { reason }) },
  };
}

/** The failures in succession of one application, as this node knows them. */
interface Trouble {
  readonly failures: number;
  readonly retryAt: Date;
  readonly reason: string;
}

/** Sends the notices of one node. */
class Sender {
  readonly #troubles = new Map<string, Trouble>();

  constructor(readonly options: LogoutNoticeWorkerOptions) {}

  /** Sends one notice, unless its application is to be left alone for now. */
  async send(row: NoticeRow): Promise<WorkEnd> {
    const { pool, delivery, clock, log } = this.options;
    const [found] = await queryRows<{ url: string | null }>(pool, FIND_URL, [row.client_id]);
    if (!found?.url) {
      this.#troubles.delete(row.client_id);
      await queryRows(pool, DELETE, [row.id, row.attempts]);
      return ENDED;
    }
    const trouble = this.#troubles.get(row.client_id);
    if (trouble !== undefined && trouble.retryAt > clock.now()) return this.#wait(row, trouble);
    // Only this notice is sent again. The others see that the next try is later, and wait.
    const reserved = trouble && this.#fail(row, trouble.reason);
    const ended = { clientId: row.client_id, userId: row.user_id, sessionId: row.session_id };
    const end = await delivery.deliver(found.url, ended);
    if (end.kind === 'failed') {
      const next = reserved ?? this.#fail(row, end.reason);
      log.warn(
        { client: row.client_id, failures: next.failures, reason: end.reason },
        'an application could not be told of a logout',
      );
      // Its own pauses grow, even if the application confirms every other notice.
      const pause = backOff(Math.max(row.attempts, next.failures), FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS);
      return this.#wait(row, { ...next, reason: end.reason, retryAt: addSeconds(clock.now(), pause) });
    }
    this.#troubles.delete(row.client_id);
    if (end.kind === 'told') return this.#finish(row, 'oidc_backchannel_logout_succeeded');
    // This notice is not sent again: the application may never have finished the sign-in, and so may not know the
    // session.
    return this.#finish(row, 'oidc_backchannel_logout_failed', end.reason);
  }

  #fail(row: NoticeRow, reason: string): Trouble {
    const before = this.#troubles.get(row.client_id);
    const now = this.options.clock.now();
    // Ten requests that were under way together count as one failure.
    if (before !== undefined && before.retryAt > now) return before;
    const failures = (before?.failures ?? 0) + 1;
    const retryAt = addSeconds(now, backOff(failures, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS));
    const trouble = { failures, retryAt, reason };
    this.#troubles.set(row.client_id, trouble);
    return trouble;
  }

  async #wait(row: NoticeRow, { retryAt, reason }: Trouble): Promise<WorkEnd> {
    const { pool, clock } = this.options;
    if (clock.now() > addSeconds(row.first_attempt_at, GIVE_UP_SECONDS))
      return this.#finish(row, 'oidc_backchannel_logout_failed', `given up after a day: ${reason}`);
    // Logs only the first failure of a notice, and at once: the operator can still correct the URL while the notice
    // waits.
    if (row.last_error === null)
      await insertLogEntry(
        pool,
        lineOf(this.options, row, 'oidc_backchannel_logout_failed', `is tried again: ${reason}`),
      );
    return { kind: 'later', at: retryAt, reason };
  }

  /** Deletes the notice, and logs its end, unless another node has it by now. */
  async #finish(row: NoticeRow, type: Told, reason?: string): Promise<WorkEnd> {
    return inTransaction(this.options.pool, async (db): Promise<WorkEnd> => {
      const [deleted] = await queryRows(db, DELETE, [row.id, row.attempts]);
      if (deleted === undefined) return { kind: 'lost' };
      await insertLogEntry(db, lineOf(this.options, row, type, reason));
      return ENDED;
    });
  }
}

/** Creates the worker that tells applications of ended sessions. The caller of `start` must call `stop`. */
export function createLogoutNoticeWorker(options: LogoutNoticeWorkerOptions): RowWorker {
  const sender = new Sender(options);
  return createRowWorker<NoticeRow>(
    {
      table: 'logout_notices',
      waiting: 'true',
      columns: ['user_id', 'session_id', 'client_id', 'initiator', 'first_attempt_at', 'last_error'],
      onClaim: 'first_attempt_at = coalesce(first_attempt_at, $1)',
      atOnce: 10,
      leaseSeconds: LEASE_SECONDS,
      pollMs: 1_000,
      run: (row) => sender.send(row),
      trouble: 'the notices of logouts cannot be read or marked now',
    },
    options,
  );
}
