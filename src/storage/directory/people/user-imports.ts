/**
 * Stores bulk import jobs. The file with the users is encrypted, and can be decrypted only in the row of its job.
 * Leaves out jobs that finished more than a day ago.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Email } from '../../../domain/people/email.js';
import type { ImportFailure } from '../../../domain/people/user-import.js';
import { addSeconds } from '../../../kernel/clock.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { ImportStep, UserImportDirectory, UserImportJob } from '../../../ports/directory/user-imports.js';
import { KEEP_IMPORTS_SECONDS, sealImportFile } from '../../jobs/user-imports.js';
import type { Database } from '../../schema/schema.js';
import type { UserImportJobsTable } from '../../schema/schema-imports.js';
import { orNull, orUndefined } from '../rows.js';

/** Key of the lock for creating jobs: the letters "impo". */
const LOCK_KEY = 0x696d706f;

/** All columns except the file, which only the worker reads. */
const COLUMNS = [
  'id',
  'connection_id',
  'upsert',
  'external_id',
  'notify',
  'client_id',
  'status',
  'status_details',
  'total',
  'position',
  'inserted',
  'updated',
  'failed',
  'created_at',
  'started_at',
  'finished_at',
] as const;

function toJob(row: Pick<Selectable<UserImportJobsTable>, (typeof COLUMNS)[number]>): UserImportJob {
  return {
    id: row.id,
    connectionId: row.connection_id,
    upsert: row.upsert,
    externalId: orUndefined(row.external_id),
    notify: orUndefined(row.notify) as Email | undefined,
    clientId: row.client_id,
    status: row.status,
    statusDetails: orUndefined(row.status_details),
    total: row.total,
    position: row.position,
    inserted: row.inserted,
    updated: row.updated,
    failed: row.failed,
    createdAt: row.created_at,
    startedAt: orUndefined(row.started_at),
    finishedAt: orUndefined(row.finished_at),
  };
}

const failureContext = (id: string, position: number) => `user_import_errors:${id}:${position}`;

/** Creates a job. Returns false when `limit` jobs are unfinished. */
async function createJob(
  db: Kysely<Database>,
  box: SecretBox,
  { file, ...job }: Parameters<UserImportDirectory['create']>[0],
  limit: number,
): Promise<boolean> {
  // Without the lock, two concurrent requests would both see room for the last job.
  await sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(db);
  const active = await db
    .selectFrom('user_import_jobs')
    .select(sql<number>`count(*)`.as('jobs'))
    .where('finished_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (Number(active.jobs) >= limit) return false;
  await db
    .insertInto('user_import_jobs')
    .values({
      id: job.id,
      connection_id: job.connectionId,
      upsert: job.upsert,
      external_id: orNull(job.externalId),
      notify: orNull(job.notify),
      client_id: job.clientId,
      status: 'pending',
      file_sealed: sealImportFile(box, job.id, file),
      created_at: job.createdAt,
      next_attempt_at: job.createdAt,
    })
    .execute();
  return true;
}

/** Returns the directory over a transaction or a pool. `box`: the secret box for rows. */
export function createUserImportDirectory(db: Kysely<Database>, box: SecretBox): UserImportDirectory {
  const addFailure = async ({ lease, position }: ImportStep, failure: ImportFailure) => {
    const sealed = box.seal(JSON.stringify(failure), failureContext(lease.id, position));
    await db.insertInto('user_import_errors').values({ job_id: lease.id, position, entry_sealed: sealed }).execute();
  };
  return {
    create: (job, limit) => createJob(db, box, job, limit),
    async find(id, now) {
      const row = await db
        .selectFrom('user_import_jobs')
        .select(COLUMNS)
        .where('id', '=', id)
        .where((where) =>
          where.or([
            where('finished_at', 'is', null),
            where('finished_at', '>', addSeconds(now, -KEEP_IMPORTS_SECONDS)),
          ]),
        )
        .executeTakeFirst();
      return row && toJob(row);
    },
    async listFailures(id) {
      const rows = await db
        .selectFrom('user_import_errors')
        .select(['position', 'entry_sealed'])
        .where('job_id', '=', id)
        .orderBy('position')
        .execute();
      return rows.flatMap((row) => {
        const entry = box.open(row.entry_sealed, failureContext(id, row.position));
        return entry === undefined ? [] : [JSON.parse(entry) as ImportFailure];
      });
    },
    async advance(step) {
      const { lease, position, outcome } = step;
      const counted = typeof outcome === 'string' ? outcome : 'failed';
      const result = await db
        .updateTable('user_import_jobs')
        .set((set) => ({
          position: position + 1,
          next_attempt_at: step.leaseUntil,
          [counted]: set(counted, '+', 1),
        }))
        .where('id', '=', lease.id)
        .where('attempts', '=', lease.attempts)
        .where('position', '=', position)
        .where('finished_at', 'is', null)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      if (typeof outcome !== 'string') await addFailure(step, outcome);
      return true;
    },
    async finish({ lease, at, failure }) {
      const row = await db
        .updateTable('user_import_jobs')
        .set({
          status: failure === undefined ? 'completed' : 'failed',
          status_details: orNull(failure),
          finished_at: at,
          file_sealed: null,
          last_error: null,
        })
        .where('id', '=', lease.id)
        .where('attempts', '=', lease.attempts)
        .where('finished_at', 'is', null)
        .returning(COLUMNS)
        .executeTakeFirst();
      return row && toJob(row);
    },
  };
}
