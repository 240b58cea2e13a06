/**
 * Runs the jobs of Actions. An Action that fails has run, and its job is over; a job is tried again only when it could not be run.
 * Never logs an event.
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
  /** Purpose `rows`. */
  readonly box: SecretBox;
  /** Runs the Actions that are bound to the trigger now. A job whose run throws is tried later. */
  readonly runJob: (job: ActionJob) => Promise<JobEnd>;
  readonly entropy: Entropy;
  /** Jobs at a time. */
  readonly concurrency: number;
}

/** Longer than a run may take, waiting for a process included. */
const LEASE_SECONDS = 300;
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 600;
/** An event that does not open is tried this often, somewhat over two hours: time for a node with another key to be put right. */
const TRIES_TO_OPEN = 20;
const DOES_NOT_OPEN = 'its event does not open: it was sealed under another VESTIBULE_SECRET_KEY, or changed';

const FINISH = 'delete from action_jobs where id = $1 and attempts = $2 returning 1';

/** When to try again after the `attempts`-th time that nothing could run: 5 s, doubling, at most ten minutes. */
export function jobDelaySeconds(attempts: number): number {
  return backOff(attempts, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS);
}

function tryLater({ clock, log }: ActionJobsWorkerOptions, row: ActionJobRow, reason: string): WorkEnd {
  log.warn({ job: row.id, trigger: row.trigger, attempts: row.attempts, reason }, 'an Action could not be run yet');
  return { kind: 'later', at: addSeconds(clock.now(), jobDelaySeconds(row.attempts)), reason };
}

/** Takes the row away together with the line about a failed run: a node that dies in between leaves the row. */
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

/** The end of a job whose event cannot be read: a row that stayed would be tried for ever. */
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

/** The caller of `start` calls `stop`. */
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
