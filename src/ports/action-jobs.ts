/**
 * Port: jobs for Actions that run after a commit. The commit itself writes the job, so that neither exists without the
 * other. The job runs later, at least once (see src/storage/jobs/run-action-jobs.ts).
 */
import type { JsonObject } from '../domain/actions/action.js';
import type { LogEntry } from './ledger.js';

export type JobTrigger = 'post-user-registration' | 'post-change-password';

export interface ActionJob {
  readonly id: string;
  readonly trigger: JobTrigger;
  /** The organization on whose share of the Action processes the job runs; undefined without an organization. */
  readonly organizationId: string | undefined;
  /** The event that Actions get. The store seals it, because it contains a person's data. */
  readonly event: JsonObject;
}

export interface ActionJobQueue {
  /** Stores a job if an Action is bound to its trigger at this moment; otherwise does nothing. */
  enqueue(job: ActionJob, at: Date): Promise<void>;
}

/**
 * The result of a job. `done` and `failed` are final; the fields of `failed` go into the log, for the administrator.
 * `later`: nothing ran, so the job is retried.
 */
export type JobEnd =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly description: string;
      readonly about: Partial<Pick<LogEntry, 'userId' | 'connectionId'>>;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'later'; readonly reason: string };
