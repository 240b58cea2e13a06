/**
 * Port: work for Actions that run after something was committed. It is put in by the very commit that it follows, so that neither
 * is there without the other, and runs later, at least once (see src/storage/jobs/run-action-jobs.ts).
 */
import type { JsonObject } from '../domain/action.js';
import type { LogEntry } from './ledger.js';

export type JobTrigger = 'post-user-registration' | 'post-change-password';

export interface ActionJob {
  readonly id: string;
  readonly trigger: JobTrigger;
  /** For fairness: whose work it is. */
  readonly organizationId: string | undefined;
  /** Sealed where it lies: it tells who a person is. */
  readonly event: JsonObject;
}

export interface ActionJobQueue {
  /** Puts a job in if its trigger is bound at this moment; otherwise there is nothing to do. */
  enqueue(job: ActionJob, at: Date): Promise<void>;
}

/** How a job went. `failed` is an end too, and the rest tells the administrator of it; `later`: nothing could run. */
export type JobEnd =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly description: string;
      readonly about: Partial<Pick<LogEntry, 'userId' | 'connectionId'>>;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'later'; readonly reason: string };
