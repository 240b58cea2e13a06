/**
 * Queued jobs for Actions: written in the transaction of the change that causes them, and only if the trigger is bound
 * at that moment. The event identifies a person, so it is sealed with the row's id as context.
 */
import type { JsonObject } from '../../domain/actions/action.js';
import type { Tenant } from '../../domain/tenant.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionJob, JobTrigger } from '../../ports/action-jobs.js';
import { type Queryable, queryRows } from '../database/pool.js';

export interface ActionJobRow {
  readonly id: string;
  readonly trigger: JobTrigger;
  readonly organization_id: string | null;
  readonly event_sealed: Buffer;
  readonly created_at: Date;
  readonly attempts: number;
}

const context = (id: string) => `action_jobs:${id}`;

/** Seals the event of a job. The row's id is authenticated: an event moved to another row does not open. */
export function sealJobEvent(box: SecretBox, job: ActionJob): Buffer {
  return box.seal(JSON.stringify(job.event), context(job.id));
}

/** Returns the job of a row, or undefined when its event was sealed under another key or changed. */
export function openJob(box: SecretBox, row: ActionJobRow): ActionJob | undefined {
  const event = box.open(row.event_sealed, context(row.id));
  if (event === undefined) return undefined;
  const organizationId = row.organization_id ?? undefined;
  return { id: row.id, trigger: row.trigger, organizationId, event: JSON.parse(event) as JsonObject };
}

/** $1 id, $2 trigger, $3 organization or null, $4 sealed event, $5 now */
const INSERT_JOB = `
insert into action_jobs (id, trigger, organization_id, event_sealed, created_at, next_attempt_at)
select $1, $2::text, $3, $4::bytea, $5::timestamptz, $5 from tenant where id = 1 and $2 = any (actions_bound)`;

/** Returns the triggers with bound Actions, and the revision of the tenant's code. */
export async function findBoundActions(db: Queryable): Promise<Tenant['actions']> {
  const [row] = await queryRows<Tenant['actions']>(
    db,
    'select actions_revision as revision, actions_bound as bound from tenant where id = 1',
  );
  return row ?? { revision: '', bound: [] };
}

/** Queues a job in a transaction `db` if its trigger is bound. Throws {@link Fault} when the database failed. */
export async function insertJob(db: Queryable, box: SecretBox, job: ActionJob, at: Date): Promise<void> {
  await queryRows(db, INSERT_JOB, [job.id, job.trigger, job.organizationId ?? null, sealJobEvent(box, job), at]);
}
