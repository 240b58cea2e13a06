/**
 * Runs what lies in action_jobs. Several nodes may run one each: a row is claimed by moving its next attempt forward (a lease), then
 * run with no transaction open, then taken away. After a crash the lease runs out and the work is done again: at least once, never
 * lost. What an Action does is its own affair; a job is tried again only when it could not be run. Never logs an event.
 */
import type pg from 'pg';
import { addSeconds, type Clock } from '../kernel/clock.js';
import { type Entropy, newLogId } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { ActionJob, JobEnd } from '../ports/action-jobs.js';
import { type ActionJobRow, openJob } from './action-jobs.js';
import { insertLogEntry } from './ledger.js';
import type { StorageLog } from './log.js';
import { inTransaction, queryRows } from './pool.js';
import { createWorkerLoop } from './worker-loop.js';

export interface ActionJobsWorkerOptions {
  readonly pool: pg.Pool;
  /** Purpose `rows`. */
  readonly box: SecretBox;
  /** Runs what is bound to the trigger now. What it throws counts as `later`. */
  readonly runJob: (job: ActionJob) => Promise<JobEnd>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: StorageLog;
  /** Jobs at a time. */
  readonly concurrency: number;
}

export interface ActionJobsWorker {
  /** Begins to run jobs, now and whenever something is due. */
  start(): void;
  /** Resolves when the jobs under way have ended and are marked. Nothing is claimed afterwards. */
  stop(): Promise<void>;
  /** Runs what is due now and returns how many jobs ended. What `start` does repeatedly. */
  drain(): Promise<number>;
}

/** Longer than a run may take, waiting for a process included. */
const LEASE_SECONDS = 300;
const POLL_MS = 1_000;
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 600;
/** An event that does not open is tried this often, somewhat over two hours: time for a node with another key to be put right. */
const TRIES_TO_OPEN = 20;
const DOES_NOT_OPEN = 'its event does not open: it was sealed under another VESTIBULE_SECRET_KEY, or changed';

const CLAIM = `
  update action_jobs set next_attempt_at = $2, attempts = attempts + 1
   where id in (select id from action_jobs where next_attempt_at <= $1
                 order by next_attempt_at limit $3 for update skip locked)
  returning id, trigger, organization_id, event_sealed, created_at, attempts`;

/** `attempts` tells this lease from a later one of another node, whose outcome must not be taken away. */
const FINISH = 'delete from action_jobs where id = $1 and attempts = $2 returning 1';
const POSTPONE = 'update action_jobs set next_attempt_at = $2 where id = $1 and attempts = $3';

/** When to try again after the `attempts`-th time that nothing could run: 5 s, doubling, at most ten minutes. */
export function jobDelaySeconds(attempts: number): number {
  return Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_RETRY_SECONDS);
}

async function postpone(options: ActionJobsWorkerOptions, row: ActionJobRow, reason: string): Promise<void> {
  const { pool, clock, log } = options;
  log.warn({ job: row.id, trigger: row.trigger, attempts: row.attempts, reason }, 'an Action could not be run yet');
  await queryRows(pool, POSTPONE, [row.id, addSeconds(clock.now(), jobDelaySeconds(row.attempts)), row.attempts]);
}

/** The row and the line about it are one: a node that dies in between leaves the row. */
async function finish(options: ActionJobsWorkerOptions, row: ActionJobRow, end: JobEnd): Promise<void> {
  const { pool, clock, entropy } = options;
  if (end.kind !== 'failed') {
    await queryRows(pool, FINISH, [row.id, row.attempts]);
    return;
  }
  const date = clock.now();
  await inTransaction(pool, async (db) => {
    const taken = await queryRows(db, FINISH, [row.id, row.attempts]);
    if (taken.length === 0) return;
    await insertLogEntry(db, {
      logId: newLogId(entropy, date),
      date,
      type: 'actions_execution_failed',
      description: end.description,
      ...(row.organization_id !== null && { organizationId: row.organization_id }),
      ...end.about,
      details: end.details,
    });
  });
}

/** The end of work that nobody can read: a row that stayed would be tried for ever. */
function giveUp({ id, trigger, attempts }: ActionJobRow): JobEnd {
  const description = `the Actions of ${trigger} did not run: ${DOES_NOT_OPEN}`;
  return { kind: 'failed', description, about: {}, details: { job: id, trigger, attempts } };
}

/** True when the job came to an end. */
async function runRow(options: ActionJobsWorkerOptions, row: ActionJobRow): Promise<boolean> {
  const job = openJob(options.box, row);
  if (job === undefined) {
    if (row.attempts < TRIES_TO_OPEN) {
      await postpone(options, row, DOES_NOT_OPEN);
      return false;
    }
    await finish(options, row, giveUp(row));
    return true;
  }
  let end: JobEnd;
  try {
    end = await options.runJob(job);
  } catch (error) {
    end = { kind: 'later', reason: error instanceof Error ? error.message : String(error) };
  }
  if (end.kind === 'later') {
    await postpone(options, row, end.reason);
    return false;
  }
  await finish(options, row, end);
  return true;
}

/** Whoever calls `start` calls `stop`. */
export function createActionJobsWorker(options: ActionJobsWorkerOptions): ActionJobsWorker {
  const { pool, clock, log, concurrency } = options;

  const claim = () => {
    const now = clock.now();
    return queryRows<ActionJobRow>(pool, CLAIM, [now, addSeconds(now, LEASE_SECONDS), concurrency]);
  };
  const drain = async (): Promise<number> => {
    let ended = 0;
    while (!loop.isStopping()) {
      const rows = await claim();
      if (rows.length === 0) break;
      // All of them end before a failure of the database is told: `stop` promises that nothing is under way.
      const outcomes = await Promise.allSettled(rows.map((row) => runRow(options, row)));
      ended += outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    return ended;
  };
  const loop = createWorkerLoop({
    drain,
    pollMs: POLL_MS,
    onFailure: (error) => log.warn({ reason: error.message }, 'the jobs of Actions cannot be read or marked now'),
  });
  return { drain, start: loop.start, stop: loop.stop };
}
