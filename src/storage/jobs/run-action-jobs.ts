/**
 * Runs the jobs of Actions. A failed Action counts as run and finishes its job; only a job that could not be run is
 * retried. Never logs an event.
 */
import { addSeconds } from '../../kernel/clock.js';
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionJob, JobEnd } from '../../ports/action-jobs.js';
import { insertLogEntry } from '../database/ledger.js';
import { inTransaction, queryRows } from '../database/pool.js';
import { type ActionJobRow, openJob } from './action-jobs.js';
import { backOff, createRowWorker, ENDED, type RowWorker, type WorkEnd, type WorkerParts } from './worker.js';

export interface ActionJobsWorkerOptions extends WorkerParts {
  readonly box: SecretBox;
  /** Runs the Actions now bound to the trigger. A job whose run throws is retried. */
  readonly runJob: (job: ActionJob) => Promise<JobEnd>;
  readonly entropy: Entropy;
  readonly concurrency: number;
}

/** Longer than a run may take, including the wait for a process. */
const LEASE_SECONDS = 300;
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 600;
/**
 * Attempts to open an event, over somewhat more than two hours. Meanwhile the operator can correct a node that runs
 * with another key.
 */
const TRIES_TO_OPEN = 20;
const DOES_NOT_OPEN = 'its event does not open: it was sealed under another VESTIBULE_SECRET_KEY, or changed';

const FINISH = 'delete from action_jobs where id = $1 and attempts = $2 returning 1';

/** Returns the seconds until the retry after the `attempts`-th failure to run: 5 s, doubling, at most ten minutes. */
export function jobDelaySeconds(attempts: number): number {
  return backOff(attempts, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS);
}

function tryLater({ clock, log }: ActionJobsWorkerOptions, row: ActionJobRow, reason: string): WorkEnd {
  log.warn({ job: row.id, trigger: row.trigger, attempts: row.attempts, reason }, 'an Action could not be run yet');
  return { kind: 'later', at: addSeconds(clock.now(), jobDelaySeconds(row.attempts)), reason };
}

/** Deletes the row together with writing the line about a failed run: a node that dies before that leaves the row. */
async function finish(options: ActionJobsWorkerOptions, row: ActionJobRow, end: JobEnd): Promise<WorkEnd> {
  const { pool, clock, entropy } = options;
  if (end.kind !== 'failed') {
    await queryRows(pool, FINISH, [row.id, row.attempts]);
    return ENDED;
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
  return ENDED;
}

/** Returns the outcome of a job when its event cannot be opened. Without it the row would be retried forever. */
function giveUp({ id, trigger, attempts }: ActionJobRow): JobEnd {
  const description = `the Actions of ${trigger} did not run: ${DOES_NOT_OPEN}`;
  return { kind: 'failed', description, about: {}, details: { job: id, trigger, attempts } };
}

async function runRow(options: ActionJobsWorkerOptions, row: ActionJobRow): Promise<WorkEnd> {
  const job = openJob(options.box, row);
  if (job === undefined)
    return row.attempts < TRIES_TO_OPEN ? tryLater(options, row, DOES_NOT_OPEN) : finish(options, row, giveUp(row));
  let end: JobEnd;
  try {
    end = await options.runJob(job);
  } catch (error) {
    end = { kind: 'later', reason: error instanceof Error ? error.message : String(error) };
  }
  return end.kind === 'later' ? tryLater(options, row, end.reason) : finish(options, row, end);
}

/** Creates the worker that runs jobs for Actions. The caller of `start` must call `stop`. */
export function createActionJobsWorker(options: ActionJobsWorkerOptions): RowWorker {
  return createRowWorker<ActionJobRow>(
    {
      table: 'action_jobs',
      waiting: 'true',
      columns: ['trigger', 'organization_id', 'event_sealed', 'created_at'],
      atOnce: options.concurrency,
      leaseSeconds: LEASE_SECONDS,
      pollMs: 1_000,
      run: (row) => runRow(options, row),
      trouble: 'the jobs of Actions cannot be read or marked now',
    },
    options,
  );
}
