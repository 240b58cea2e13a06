/**
 * Sends queued logout tokens: at least once, for about a day. An application that does not answer gets one try at a
 * time, with growing pauses, so that its notices do not hold up those of others. Never logs a token.
 */
import { addSeconds } from '../../kernel/clock.js';
import { type Entropy, newLogId } from '../../kernel/ids.js';
import { logoutUrlFor } from '../../management/clients/fields.js';
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
  readonly user_id: string;
  readonly session_id: string;
  readonly client_id: string;
  readonly initiator: string;
  readonly created_at: Date;
}

/** Longer than a request may take. */
const LEASE_SECONDS = 60;
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 3_600;
/** Age at which a notice is given up: by then most sessions of an application have expired by themselves. */
const GIVE_UP_SECONDS = 86_400;

const FIND_SETTINGS = 'select extra from clients where client_id = $1';
/** $1: id, $2: number of the lease. */
const DELETE = 'delete from logout_notices where id = $1 and attempts = $2 returning id';
/** The other notices of an application that did not answer wait as well. $1: client id, $2: time of the next try. */
const POSTPONE_OTHERS = `
  update logout_notices set next_attempt_at = $2
   where id = any (array(select id from logout_notices where client_id = $1 and next_attempt_at < $2 and attempts = 0
                          for update skip locked))`;

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

/** Deletes the notice, and logs its end, unless another node has it by now. */
async function finish(options: LogoutNoticeWorkerOptions, row: NoticeRow, type: Told, reason?: string) {
  return inTransaction(options.pool, async (db): Promise<WorkEnd> => {
    const [deleted] = await queryRows(db, DELETE, [row.id, row.attempts]);
    if (deleted === undefined) return { kind: 'lost' };
    await insertLogEntry(db, lineOf(options, row, type, reason));
    return ENDED;
  });
}

async function fail(options: LogoutNoticeWorkerOptions, row: NoticeRow, reason: string): Promise<WorkEnd> {
  const { pool, clock, log } = options;
  const now = clock.now();
  log.warn({ client: row.client_id, attempts: row.attempts, reason }, 'an application could not be told of a logout');
  if (now > addSeconds(row.created_at, GIVE_UP_SECONDS))
    return finish(options, row, 'oidc_backchannel_logout_failed', `given up after a day: ${reason}`);
  // The first failure is in the log at once: the operator can correct the URL while the notices still wait.
  if (row.attempts === 1)
    await insertLogEntry(pool, lineOf(options, row, 'oidc_backchannel_logout_failed', `is tried again: ${reason}`));
  const at = addSeconds(now, backOff(row.attempts, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS));
  await queryRows(pool, POSTPONE_OTHERS, [row.client_id, at]);
  return { kind: 'later', at, reason };
}

async function tell(options: LogoutNoticeWorkerOptions, row: NoticeRow): Promise<WorkEnd> {
  const { pool, delivery } = options;
  const [client] = await queryRows<{ extra: Record<string, unknown> }>(pool, FIND_SETTINGS, [row.client_id]);
  const url = client && logoutUrlFor(client.extra, row.initiator);
  if (url === undefined) {
    await queryRows(pool, DELETE, [row.id, row.attempts]);
    return ENDED;
  }
  const ended = { clientId: row.client_id, userId: row.user_id, sessionId: row.session_id };
  const end = await delivery.deliver(url, ended);
  if (end.kind === 'told') return finish(options, row, 'oidc_backchannel_logout_succeeded');
  // Not tried again: the application may never have finished the sign-in whose session it does not know.
  if (end.kind === 'refused') return finish(options, row, 'oidc_backchannel_logout_failed', end.reason);
  return fail(options, row, end.reason);
}

/** Creates the worker that tells applications of ended sessions. The caller of `start` must call `stop`. */
export function createLogoutNoticeWorker(options: LogoutNoticeWorkerOptions): RowWorker {
  return createRowWorker<NoticeRow>(
    {
      table: 'logout_notices',
      waiting: 'true',
      columns: ['user_id', 'session_id', 'client_id', 'initiator', 'created_at'],
      atOnce: 10,
      leaseSeconds: LEASE_SECONDS,
      pollMs: 1_000,
      run: (row) => tell(options, row),
      trouble: 'the notices of logouts cannot be read or marked now',
    },
    options,
  );
}
