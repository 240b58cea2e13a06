/**
 * Queues jobs that run Actions after an administrator's write. A job is queued in the transaction of that write, so
 * that neither is stored without the other.
 */
import { type Kysely, sql } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import type { ActionJobQueue } from '../../../ports/action-jobs.js';
import { sealJobEvent } from '../../jobs/action-jobs.js';
import type { Database } from '../../schema/schema.js';

/** Returns a queue over a transaction or a pool. `box`: the secret box for rows. */
export function createDirectoryJobs(db: Kysely<Database>, box: SecretBox): ActionJobQueue {
  return {
    async enqueue(job, at) {
      await db
        .insertInto('action_jobs')
        .columns(['id', 'trigger', 'organization_id', 'event_sealed', 'created_at', 'next_attempt_at'])
        .expression((builder) =>
          builder
            .selectFrom('tenant')
            .select([
              sql<string>`${job.id}::text`.as('id'),
              sql<string>`${job.trigger}::text`.as('trigger'),
              sql<string | null>`${job.organizationId ?? null}::text`.as('organization_id'),
              sql<Buffer>`${sealJobEvent(box, job)}::bytea`.as('event_sealed'),
              sql<Date>`${at}::timestamptz`.as('created_at'),
              sql<Date>`${at}::timestamptz`.as('next_attempt_at'),
            ])
            .where(sql<boolean>`${job.trigger} = any (actions_bound)`),
        )
        .execute();
    },
  };
}
