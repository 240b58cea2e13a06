/**
 * The worker for mail, jobs of Actions, bulk imports, log streams, notices of logouts and DNS checks of domains. Rows are written by the
 * transaction of the change that they follow. Each node may run a worker: it claims a row by moving its next attempt
 * forward (a lease), works without an open transaction, and then finishes or postpones the row. After a crash the lease
 * expires and another node claims the row: at least once, never lost (ADR 0041). Knows nothing of the work itself. Its
 * timer keeps no process alive.
 */
import type pg from 'pg';
import { addSeconds, type Clock } from '../../kernel/clock.js';
import type { StorageLog } from '../database/log.js';
import { queryRows } from '../database/pool.js';
import { toStorableText } from '../storable.js';

/** A row claimed by this worker. `attempts` distinguishes its lease from a later one of another node. */
export interface Claimed {
  readonly id: string;
  readonly attempts: number;
}

/** `ended`: the work has marked its row as finished. `lost`: another node has the row. */
export type WorkEnd =
  | { readonly kind: 'ended' | 'lost' }
  | { readonly kind: 'later'; readonly at: Date | 'infinity'; readonly reason?: string };

export const ENDED: WorkEnd = { kind: 'ended' };

/** One kind of work: a table with `id`, `next_attempt_at`, `attempts` and `last_error`. SQL texts must be constants. */
export interface RowWork<Row extends Claimed> {
  readonly table:
    | 'outbox'
    | 'action_jobs'
    | 'user_import_jobs'
    | 'discovery_domains'
    | 'log_streams'
    | 'logout_notices';
  /** SQL condition for rows that need work. */
  readonly waiting: string;
  /** Columns that `run` reads, besides those of {@link Claimed}. */
  readonly columns: readonly (keyof Row & string)[];
  /** Further assignments of the statement that claims rows; $1 is the time. */
  readonly onClaim?: string;
  /** Number of rows that are worked on at the same time. */
  readonly atOnce: number;
  /** Seconds of a row's lease: longer than `run` may take, unless `run` renews the lease. */
  readonly leaseSeconds: number;
  readonly pollMs: number;
  /** Works on one row. When it throws, the row is retried after its lease. */
  readonly run: (row: Row, isStopping: () => boolean) => Promise<WorkEnd>;
  /** The log's sentence for a failure to read or write the table. */
  readonly trouble: string;
}

export interface WorkerParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: StorageLog;
}

export interface RowWorker {
  /** Starts working on due rows. Each start needs a `stop`. */
  start(): void;
  /** Resolves when the claimed rows are finished and marked. Claims no row afterwards. */
  stop(): Promise<void>;
  /** Looks for due rows at once, because one was queued. */
  wake(): void;
  /** Works on all due rows and returns how many finished. `start` does this repeatedly. */
  drain(): Promise<number>;
}

/** Returns the seconds until the retry after the `attempts`-th attempt: `first`, doubling, at most `longest`. */
export function backOff(attempts: number, first: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(attempts - 1, 20), longest);
}

/** Calls `round` repeatedly: `pollMs` after it has finished, or at once when woken. A failure goes to `onFailure`. */
function createLoop(round: () => Promise<unknown>, pollMs: number, onFailure: (error: Error) => void) {
  let running: Promise<void> | undefined;
  let stopping = false;
  let woken = false;
  let endPause: () => void = () => {};

  const pause = async (): Promise<void> => {
    if (!woken && !stopping)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        timer.unref();
        endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    woken = false;
  };
  const loop = async (): Promise<void> => {
    while (!stopping) {
      await round().catch(onFailure);
      await pause();
    }
  };
  return {
    isStopping: () => stopping,
    start: () => {
      running ??= loop();
    },
    wake: () => {
      woken = true;
      endPause();
    },
    stop: async () => {
      stopping = true;
      endPause();
      await running;
    },
  };
}

/**
 * Returns the statements of a kind of work. `array(…)` is computed once. With `in (…)` the planner may run the
 * sub-select again for each row; each run skips rows already claimed, so that more rows than the limit would be
 * claimed.
 *
 * `claim` leases up to $3 rows that are due at $1, until $2. `postpone` moves the row $1, if it still has the lease $2,
 * to the time $3 with the reason $4.
 */
function statementsOf<Row extends Claimed>({ table, waiting, columns, onClaim }: RowWork<Row>) {
  const also = onClaim === undefined ? '' : `, ${onClaim}`;
  return {
    claim: `
      update ${table} set next_attempt_at = $2, attempts = attempts + 1${also}
       where id = any (array(select id from ${table} where ${waiting} and next_attempt_at <= $1
                              order by next_attempt_at, id limit $3 for update skip locked))
      returning ${['id', 'attempts', ...columns].join(', ')}`,
    postpone: `update ${table} set next_attempt_at = $3, last_error = $4 where id = $1 and attempts = $2 and ${waiting}`,
  };
}

/** Returns a worker for one kind of work. The caller of `start` must call `stop`. */
export function createRowWorker<Row extends Claimed>(work: RowWork<Row>, { pool, clock, log }: WorkerParts): RowWorker {
  const statements = statementsOf(work);

  const claim = () => {
    const now = clock.now();
    return queryRows<Row>(pool, statements.claim, [now, addSeconds(now, work.leaseSeconds), work.atOnce]);
  };
  /** Works on one row. Returns true when its work finished. */
  const workOff = async (row: Row): Promise<boolean> => {
    const end = await work.run(row, loop.isStopping);
    if (end.kind === 'later') {
      const reason = end.reason === undefined ? null : toStorableText(end.reason).slice(0, 500);
      await queryRows(pool, statements.postpone, [row.id, row.attempts, end.at, reason]);
    }
    return end.kind === 'ended';
  };
  const drain = async (): Promise<number> => {
    let ended = 0;
    while (!loop.isStopping()) {
      const rows = await claim();
      if (rows.length === 0) break;
      // All runs finish before a failure of the database is thrown: `stop` promises that no work goes on.
      const outcomes = await Promise.allSettled(rows.map(workOff));
      ended += outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    return ended;
  };
  const loop = createLoop(drain, work.pollMs, (error) => log.warn({ reason: error.message }, work.trouble));
  return { drain, start: loop.start, wake: loop.wake, stop: loop.stop };
}
