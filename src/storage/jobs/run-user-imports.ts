/**
 * Runs bulk imports. Each user is written together with the job's position and a renewed lease. When a node dies,
 * another continues with the next user: none is lost, none is imported twice. Never logs a user's identity.
 */
import { setImmediate } from 'node:timers/promises';
import type { Email } from '../../domain/people/email.js';
import type { ImportFile } from '../../domain/people/user-import.js';
import { addSeconds } from '../../kernel/clock.js';
import { Fault } from '../../kernel/errors.js';
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { HashWrapper } from '../../ports/connector.js';
import type { ImportLease, UserImportJob } from '../../ports/directory/user-imports.js';
import type { DirectoryStore } from '../../ports/directory.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import { queryRows } from '../database/pool.js';
import { type ImportedBy, importUser, LeaseLost } from './import-user.js';
import { KEEP_IMPORTS_SECONDS, openImportFile } from './user-imports.js';
import { type Claimed, createRowWorker, ENDED, type RowWorker, type WorkEnd, type WorkerParts } from './worker.js';

export interface UserImportWorkerOptions extends WorkerParts {
  readonly directory: DirectoryStore;
  readonly box: SecretBox;
  /** Parses the bytes of an import file as they were sent. */
  readonly parseFile: (bytes: Uint8Array) => ImportFile;
  /** Called when the mail about a job is queued, to wake the worker that sends it. */
  readonly onMailQueued: () => void;
  readonly entropy: Entropy;
  readonly passwords: HashWrapper;
}

/** Seconds of a job's lease, renewed with every user: after a node dies, its job waits at most this long. */
const LEASE_SECONDS = 60;
const RETRY_SECONDS = 10;
const SKIPPED_AT_ONCE = 100;
/** A job that has not finished by then has failed (Auth0: "Job timeouts"). */
const TIME_LIMIT_SECONDS = 7_200;
const OUT_OF_TIME = 'The job did not end within two hours. What was imported until then stays; import the rest again.';

const SET_TOTAL = 'update user_import_jobs set total = $3 where id = $1 and attempts = $2 and finished_at is null';
interface ClaimedRow extends Claimed {
  readonly connection_id: string;
  readonly upsert: boolean;
  readonly file_sealed: Buffer;
  readonly total: number;
  readonly position: number;
  readonly created_at: Date;
}

/** Returns the log line of a finished job: Auth0's `sui`, or `fui` for one that failed as a whole. */
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

/** Returns the mail about a finished job. Contains only numbers, nothing about any user. */
function toMail(job: UserImportJob, to: Email, title: string, at: Date): OutgoingMail {
  const { id: jobId, inserted, updated, failed, statusDetails: reason } = job;
  const brand = { title };
  const id = `import:${jobId}`;
  if (reason !== undefined) return { id, to, template: 'import_failed', model: { brand, jobId, reason } };
  const keptUntil = addSeconds(at, KEEP_IMPORTS_SECONDS).toISOString();
  return { id, to, template: 'import_completed', model: { brand, jobId, inserted, updated, failed, keptUntil } };
}

/** Finishes the job, removes its file, logs it and queues its mail, in one transaction. */
async function finish(
  options: UserImportWorkerOptions,
  lease: ImportLease,
  failure: string | undefined,
): Promise<WorkEnd> {
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
  return ENDED;
}

/** Imports the users from the row's position on. */
async function importUsers(
  options: UserImportWorkerOptions,
  row: ClaimedRow,
  file: Extract<ImportFile, { ok: true }>,
  isStopping: () => boolean,
): Promise<WorkEnd> {
  const { directory, clock, entropy, passwords, log } = options;
  const connection = await directory.connections.find(row.connection_id);
  const common = {
    job: { id: row.id, connectionId: row.connection_id, upsert: row.upsert },
    lease: row,
    hasUsernames: connection?.options.requires_username === true,
    entropy,
    passwords,
    onSurprise: (error: unknown) =>
      log.error({ job: row.id, kind: (error as Error | undefined)?.name }, 'a user of an import could not be stored'),
  };
  let position = -1;
  for (const entry of file.entries) {
    position += 1;
    if (position < row.position) {
      // Users imported earlier are read again, to detect later duplicates of them. Reading thousands without a pause
      // would delay logins.
      if (position % SKIPPED_AT_ONCE === 0) await setImmediate();
      continue;
    }
    const at = clock.now();
    // Another node may continue the job at once.
    if (isStopping()) return { kind: 'later', at };
    if (at > addSeconds(row.created_at, TIME_LIMIT_SECONDS)) {
      return finish(options, row, OUT_OF_TIME);
    }
    const by: ImportedBy = { ...common, at, leaseUntil: addSeconds(at, LEASE_SECONDS) };
    await importUser(directory, entry, position, by);
  }
  return finish(options, row, undefined);
}

async function runJob(options: UserImportWorkerOptions, row: ClaimedRow, isStopping: () => boolean): Promise<WorkEnd> {
  const { pool, box, clock, parseFile, log } = options;
  const now = clock.now();
  if (now > addSeconds(row.created_at, TIME_LIMIT_SECONDS)) return finish(options, row, OUT_OF_TIME);
  const bytes = openImportFile(box, row.id, row.file_sealed);
  if (bytes === undefined) {
    // Retries, so that the operator can correct a node that runs with another key; after two hours the job fails.
    const reason = 'the file of an import does not open: it was sealed under another VESTIBULE_SECRET_KEY';
    log.warn({ job: row.id }, reason);
    return { kind: 'later', at: addSeconds(now, LEASE_SECONDS), reason };
  }
  const file = parseFile(bytes);
  if (!file.ok) return finish(options, row, file.reason);
  if (row.total !== file.total) await queryRows(pool, SET_TOTAL, [row.id, row.attempts, file.total]);
  return importUsers(options, row, file, isStopping);
}

/** Does what {@link runJob} does; a failure of the database only postpones the job. */
async function runSafely(
  options: UserImportWorkerOptions,
  row: ClaimedRow,
  isStopping: () => boolean,
): Promise<WorkEnd> {
  try {
    return await runJob(options, row, isStopping);
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'lost' };
    if (!(error instanceof Fault)) throw error;
    options.log.warn({ job: row.id, reason: error.message }, 'an import is interrupted, and goes on in a moment');
    return { kind: 'later', at: addSeconds(options.clock.now(), RETRY_SECONDS), reason: error.message };
  }
}

/**
 * Creates the worker that runs imports. The caller of `start` must call `stop`, which resolves once the current user is
 * imported.
 */
export function createUserImportWorker(options: UserImportWorkerOptions): RowWorker {
  return createRowWorker<ClaimedRow>(
    {
      table: 'user_import_jobs',
      waiting: 'finished_at is null',
      columns: ['connection_id', 'upsert', 'file_sealed', 'total', 'position', 'created_at'],
      onClaim: "status = 'processing', started_at = coalesce(started_at, $1)",
      // Runs one job at a time: an import must not slow the database for logins.
      atOnce: 1,
      leaseSeconds: LEASE_SECONDS,
      pollMs: 5_000,
      run: (row, isStopping) => runSafely(options, row, isStopping),
      trouble: 'the imports of users cannot be read or marked now',
    },
    options,
  );
}
