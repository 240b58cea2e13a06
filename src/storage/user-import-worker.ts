/**
 * Works off bulk imports. Several nodes may run one each: a job is claimed by moving its next attempt forward (a lease, renewed with
 * every user), and each user is written together with the job's position. A node that dies leaves the job to the next one, which
 * goes on with the user after the last: none is lost, none comes twice. Never logs who a user is.
 */
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import type { Email } from '../domain/email.js';
import type { ImportFile } from '../domain/user-import.js';
import { addSeconds, type Clock } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import { type Entropy, newLogId } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { ImportLease, UserImportJob } from '../ports/directory/user-imports.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { LogEntry } from '../ports/ledger.js';
import type { OutgoingMail } from '../ports/mailer.js';
import type { StorageLog } from './log.js';
import { queryRows } from './pool.js';
import { type ImportedBy, importUser, LeaseLost } from './user-import.js';
import { KEEP_IMPORTS_SECONDS, openImportFile } from './user-imports.js';
import { createWorkerLoop } from './worker-loop.js';

export interface UserImportWorkerOptions {
  readonly pool: pg.Pool;
  readonly directory: DirectoryStore;
  /** Purpose `rows`. */
  readonly box: SecretBox;
  /** Reads a file as it was sent. */
  readonly parseFile: (bytes: Uint8Array) => ImportFile;
  /** Called when the mail about a job is in the outbox, to wake its worker. */
  readonly onMailQueued: () => void;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: StorageLog;
}

export interface UserImportWorker {
  /** Begins to work, now and whenever there is a job. */
  start(): void;
  /** Resolves when the user under way is written; what is left of his job is anybody's at once. */
  stop(): Promise<void>;
  /** Looks at once: a job was put in. */
  wake(): void;
  /** Works off what is due now and returns how many jobs ended. What `start` does repeatedly. */
  drain(): Promise<number>;
}

/** Renewed with every user, so it is how long a job waits after its node died. */
const LEASE_SECONDS = 60;
const POLL_MS = 5_000;
const RETRY_SECONDS = 10;
const SKIPPED_AT_ONCE = 100;
/** A job that has not ended by then has failed (Auth0: "Job timeouts"). */
const TIME_LIMIT_SECONDS = 7_200;
const OUT_OF_TIME = 'The job did not end within two hours. What was imported until then stays; import the rest again.';

const CLAIM = `
  update user_import_jobs set next_attempt_at = $2, attempts = attempts + 1, status = 'processing', started_at = coalesce(started_at, $1)
   where id = (select id from user_import_jobs where finished_at is null and next_attempt_at <= $1
                order by next_attempt_at, id limit 1 for update skip locked)
  returning id, connection_id, upsert, file_sealed, total, position, created_at, attempts`;

const SET_TOTAL = 'update user_import_jobs set total = $3 where id = $1 and attempts = $2 and finished_at is null';
const POSTPONE =
  'update user_import_jobs set next_attempt_at = $3 where id = $1 and attempts = $2 and finished_at is null';

interface ClaimedRow {
  readonly id: string;
  readonly connection_id: string;
  readonly upsert: boolean;
  readonly file_sealed: Buffer;
  readonly total: number;
  readonly position: number;
  readonly created_at: Date;
  readonly attempts: number;
}

/** The line about a job that ended: Auth0's `sui`, and `fui` for one that failed as a whole. */
function toLogEntry(job: UserImportJob, at: Date, entropy: Entropy): LogEntry {
  const { id, total, inserted, updated, failed, upsert, externalId, statusDetails } = job;
  return {
    logId: newLogId(entropy, at),
    date: at,
    type: statusDetails === undefined ? 'sui' : 'fui',
    description: statusDetails ?? 'Users were imported',
    clientId: job.clientId,
    connectionId: job.connectionId,
    details: {
      job_id: id,
      upsert,
      ...(externalId !== undefined && { external_id: externalId }),
      summary: { total, inserted, updated, failed },
    },
  };
}

/** For whoever is told of the end: numbers alone, nothing about anybody. */
function toMail(job: UserImportJob, to: Email, title: string, at: Date): OutgoingMail {
  const { id: jobId, inserted, updated, failed, statusDetails: reason } = job;
  const brand = { title };
  const id = `import:${jobId}`;
  if (reason !== undefined) return { id, to, template: 'import_failed', model: { brand, jobId, reason } };
  const keptUntil = addSeconds(at, KEEP_IMPORTS_SECONDS).toISOString();
  return { id, to, template: 'import_completed', model: { brand, jobId, inserted, updated, failed, keptUntil } };
}

/** The end of a job, the end of its file, the line and the mail about it: one transaction. */
async function finish(
  options: UserImportWorkerOptions,
  lease: ImportLease,
  failure: string | undefined,
): Promise<void> {
  const { directory, clock, entropy } = options;
  const at = clock.now();
  const notified = await directory.transaction(async (db) => {
    const job = await db.imports.finish({ lease, at, failure });
    if (job === undefined) return false;
    await db.ledger.append(toLogEntry(job, at, entropy));
    if (job.notify === undefined) return false;
    const { friendlyName } = await db.tenant.getSettings();
    await db.outbox.enqueue(toMail(job, job.notify, friendlyName, at), at);
    return true;
  });
  if (notified) options.onMailQueued();
}

async function postpone({ pool, clock }: UserImportWorkerOptions, lease: ImportLease, seconds: number): Promise<void> {
  await queryRows(pool, POSTPONE, [lease.id, lease.attempts, addSeconds(clock.now(), seconds)]);
}

type Left = 'ended' | 'stopped' | 'lost';

/** The users from the row's position on. */
async function importUsers(
  options: UserImportWorkerOptions,
  row: ClaimedRow,
  file: Extract<ImportFile, { ok: true }>,
  isStopping: () => boolean,
): Promise<Left> {
  const { directory, clock, entropy, log } = options;
  const connection = await directory.connections.find(row.connection_id);
  const common = {
    job: { id: row.id, connectionId: row.connection_id, upsert: row.upsert },
    lease: row,
    hasUsernames: connection?.options.requires_username === true,
    entropy,
    onSurprise: (error: unknown) =>
      log.error({ job: row.id, kind: (error as Error | undefined)?.name }, 'a user of an import could not be stored'),
  };
  let position = -1;
  for (const entry of file.entries) {
    position += 1;
    if (position < row.position) {
      // Users who are done with still tell who repeats them; reading thousands in one go would keep logins waiting.
      if (position % SKIPPED_AT_ONCE === 0) await setImmediate();
      continue;
    }
    if (isStopping()) return 'stopped';
    const at = clock.now();
    if (at > addSeconds(row.created_at, TIME_LIMIT_SECONDS)) {
      await finish(options, row, OUT_OF_TIME);
      return 'ended';
    }
    const by: ImportedBy = { ...common, at, leaseUntil: addSeconds(at, LEASE_SECONDS) };
    await importUser(directory, entry, position, by);
  }
  await finish(options, row, undefined);
  return 'ended';
}

async function runJob(options: UserImportWorkerOptions, row: ClaimedRow, isStopping: () => boolean): Promise<Left> {
  const { pool, box, clock, parseFile, log } = options;
  if (clock.now() > addSeconds(row.created_at, TIME_LIMIT_SECONDS)) {
    await finish(options, row, OUT_OF_TIME);
    return 'ended';
  }
  const bytes = openImportFile(box, row.id, row.file_sealed);
  if (bytes === undefined) {
    // Time for a node with another key to be put right; then it is out of time.
    log.warn({ job: row.id }, 'the file of an import does not open: it was sealed under another VESTIBULE_SECRET_KEY');
    await postpone(options, row, LEASE_SECONDS);
    return 'lost';
  }
  const file = parseFile(bytes);
  if (!file.ok) {
    await finish(options, row, file.reason);
    return 'ended';
  }
  if (row.total !== file.total) await queryRows(pool, SET_TOTAL, [row.id, row.attempts, file.total]);
  const left = await importUsers(options, row, file, isStopping);
  if (left === 'stopped') await postpone(options, row, 0);
  return left;
}

/** Whoever calls `start` calls `stop`. */
export function createUserImportWorker(options: UserImportWorkerOptions): UserImportWorker {
  const { pool, clock, log } = options;

  const runSafely = async (row: ClaimedRow): Promise<Left> => {
    try {
      return await runJob(options, row, loop.isStopping);
    } catch (error) {
      if (error instanceof LeaseLost) return 'lost';
      if (!(error instanceof Fault)) throw error;
      log.warn({ job: row.id, reason: error.message }, 'an import is interrupted, and goes on in a moment');
      await postpone(options, row, RETRY_SECONDS);
      return 'lost';
    }
  };
  const drain = async (): Promise<number> => {
    let ended = 0;
    while (!loop.isStopping()) {
      const now = clock.now();
      const [row] = await queryRows<ClaimedRow>(pool, CLAIM, [now, addSeconds(now, LEASE_SECONDS)]);
      if (row === undefined) break;
      if ((await runSafely(row)) === 'ended') ended += 1;
    }
    return ended;
  };
  const loop = createWorkerLoop({
    drain,
    pollMs: POLL_MS,
    onFailure: (error) => log.warn({ reason: error.message }, 'the imports of users cannot be read or marked now'),
  });
  return { start: loop.start, stop: loop.stop, wake: loop.wake, drain };
}
