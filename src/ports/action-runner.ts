/**
 * Port: runs the tenant's own code, contained. Gets everything by value and gives back values: the code sees no store, no
 * transaction and no request. Implemented by src/actions/runner. A runner never throws because of what the code did.
 */
import type { ActionProgram, ActionReport, Effect, JsonObject, TriggerId } from '../domain/action.js';

export interface TriggerRun {
  readonly program: ActionProgram;
  /** For fairness: one organization cannot hold all processes. */
  readonly organizationId: string | undefined;
  /** Whose share it is where there is no organization; never the id of one. Without it all such executions share one place. */
  readonly fairnessKey?: string;
  /** Somebody who has proved nothing yet, by the networks that the address is of; undefined for everybody else. */
  readonly stranger?: { readonly customer: string; readonly block: string } | undefined;
  /** The event of the trigger without `secrets`, which the runner adds for each Action. */
  readonly event: JsonObject;
  /** Index of the first Action to run; not 0 only after a redirect. */
  readonly from: number;
  /** The first one runs its `onContinue…` handler: the person came back from where it sent him. */
  readonly resume: boolean;
  /** What Actions asked for before the redirect. */
  readonly effects: readonly Effect[];
}

/** Why an execution failed: by the code's own doing, or because there was no free process in time. */
export type ActionFailure =
  | 'threw'
  | 'timeout'
  | 'cpu'
  | 'memory'
  | 'output'
  | 'result'
  | 'died'
  | 'not_available'
  | 'busy';

export type TriggerEnd =
  | { readonly kind: 'done' }
  /** `reason` is what the code gave: for the application (post-login, admission) or the log (`userMessage` is for the person). */
  | {
      readonly kind: 'denied';
      readonly reason: string;
      readonly code: string | undefined;
      readonly userMessage: string | undefined;
    }
  /** post-login alone: the person goes to `url` and comes back to /continue; `index` is the Action that then goes on. */
  | { readonly kind: 'redirect'; readonly url: string; readonly index: number }
  /** `message` is what Auth0 would send to the application: the exception's message; `detail` has the stack with the Action's own lines. */
  | { readonly kind: 'failed'; readonly failure: ActionFailure; readonly message: string; readonly detail: string };

export interface TriggerResult {
  readonly end: TriggerEnd;
  /** Those given in, then what the Actions of this run asked for, in order. Checked for shape and size, and that the trigger has them. */
  readonly effects: readonly Effect[];
  readonly reports: readonly ActionReport[];
}

export interface ActionRunner {
  /** Runs the Actions of a trigger, one after the other, within one time limit. */
  run(run: TriggerRun): Promise<TriggerResult>;
}

/** Where the deployed Actions come from. */
export interface ActionPrograms {
  /**
   * What is bound to `trigger` at this `revision` of the tenant's Actions (it changes with every deployment and binding, so an
   * implementation may keep what it read). Undefined when nothing is bound.
   */
  findProgram(trigger: TriggerId, revision: string): Promise<ActionProgram | undefined>;
}
