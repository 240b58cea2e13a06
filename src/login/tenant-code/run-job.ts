/**
 * Runs a job after a commit: the Actions bound to its trigger now, with the event that the commit stored. Nobody waits
 * for the answer, so a denial has no effect and a failure is only logged. Returns `later` only when nothing ran:
 * Actions that have started never run twice.
 */
import type { JsonObject } from '../../domain/actions/action.js';
import type { Tenant } from '../../domain/tenant.js';
import type { ActionJob, JobEnd } from '../../ports/action-jobs.js';
import { isRefusal } from '../refusals.js';
import type { ActionExecution } from '../stages.js';
import { newTrace } from '../trace.js';
import { type ActionDeps, runTrigger } from './run-trigger.js';

export interface JobDeps {
  readonly actions: ActionDeps;
  readonly findBound: () => Promise<Tenant['actions']>;
}

function idOf(part: JsonObject[string] | undefined, name: string): string | undefined {
  const value =
    typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as JsonObject)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Runs one job. Throws the errors of `findBound`: then nothing ran. */
export async function runJob(job: ActionJob, deps: JobDeps): Promise<JobEnd> {
  const tenant = { actions: await deps.findBound() };
  const organization = job.organizationId === undefined ? undefined : { id: job.organizationId };
  const executions: ActionExecution[] = [];
  const call = { trigger: job.trigger, event: job.event, from: 0, effects: [], programKey: undefined } as const;
  const context = { trace: newTrace(), executions };
  const result = await runTrigger({ tenant, organization, client: undefined }, call, context, deps.actions);
  // The Actions were unbound meanwhile: nothing to run.
  if (result === undefined || isRefusal(result) || result.end.kind !== 'failed') return { kind: 'done' };
  const { failure, message } = result.end;
  if (failure === 'busy') return { kind: 'later', reason: message };
  const userId = idOf(job.event.user, 'user_id');
  const connectionId = idOf(job.event.connection, 'id');
  return {
    kind: 'failed',
    description: message,
    about: { ...(userId !== undefined && { userId }), ...(connectionId !== undefined && { connectionId }) },
    details: { job: job.id, trigger: job.trigger, actions: executions },
  };
}
