/**
 * Port: runs the tenant's own code in a restricted process. Takes and returns values only: the code has no access to a
 * store, a transaction or a request. Implemented by src/actions/runner. Never throws because of an Action's behaviour.
 */
import type { ActionProgram, ActionReport, Effect, JsonObject, TriggerId } from '../domain/actions/action.js';

/** The sender of a request. Each sender has a fair share of the Action processes. */
export interface Party {
  readonly kind: 'person' | 'network' | 'machine' | 'operator';
  readonly name: string;
}

export interface TriggerRun {
  readonly program: ActionProgram;
  /** The organization that the execution counts for, so that one organization cannot hold all processes. */
  readonly organizationId: string | undefined;
  /**
   * Names the share of the Action processes for an execution without an organization; never an organization's id.
   * Executions with neither use one common share.
   */
  readonly fairnessKey?: string;
  /**
   * The sender that the execution counts for within the organization, so that one sender cannot hold all processes of
   * the organization. `network`: the account is only about to be opened, and its sender can invent any number of
   * accounts. `machine`: a client that acts for nobody.
   */
  readonly party?: Party | undefined;
  /**
   * Asked before the execution begins. False when nobody waits for the answer: then the execution fails with `died`.
   */
  readonly isWanted?: (() => boolean) | undefined;
  /**
   * Names of the networks of a person who has proved nothing yet; undefined for everybody else. Strangers share
   * processes by network.
   */
  readonly stranger?: { readonly customer: string; readonly block: string } | undefined;
  /** The event of the trigger without `secrets`, which the runner adds for each Action. */
  readonly event: JsonObject;
  /** Index of the first Action to run: 0, except after a redirect. */
  readonly from: number;
  /**
   * True when the person came back from the first Action's redirect: that Action then runs its `onContinue…` handler.
   * False after a second factor: the first Action is then the one behind the Action that asked for it.
   */
  readonly resume: boolean;
  /** Effects that Actions requested before the redirect or the second factor. */
  readonly effects: readonly Effect[];
}

/** Why an execution failed: the code, a module that is no longer stored, or no free process in time. */
export type ActionFailure =
  | 'threw'
  | 'module'
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
  /**
   * `reason`: the Action's text for the application (post-login, organization-admission) or for the log. `userMessage`:
   * its text for the person.
   */
  | {
      readonly kind: 'denied';
      readonly reason: string;
      readonly code: string | undefined;
      readonly userMessage: string | undefined;
    }
  /** The person goes to `url` and returns to /continue. `index`: the Action that then resumes. Only post-login. */
  | { readonly kind: 'redirect'; readonly url: string; readonly index: number }
  /**
   * The person passes the factors that the Action at `index` asked for (`factor_command` among the effects); then the
   * next Action runs. Only post-login.
   */
  | { readonly kind: 'factor'; readonly index: number }
  /**
   * `message` is the exception's message, `detail` has the stack with the Action's own lines: both are for the log
   * alone.
   */
  | { readonly kind: 'failed'; readonly failure: ActionFailure; readonly message: string; readonly detail: string };

export interface TriggerResult {
  readonly end: TriggerEnd;
  /**
   * The effects given as input, then those of this run, in order. All are checked: their shape and size, and whether
   * the trigger allows them.
   */
  readonly effects: readonly Effect[];
  readonly reports: readonly ActionReport[];
}

export interface ActionRunner {
  /** Runs the Actions of a trigger in order, within one time limit. */
  run(run: TriggerRun): Promise<TriggerResult>;
}

/** Reads the deployed Actions of a trigger. */
export interface ActionPrograms {
  /**
   * Finds the Actions bound to `trigger` at this `revision` of the tenant's Actions (it changes with every deployment
   * and binding, so an implementation may cache them). Undefined when none is bound.
   */
  findProgram(trigger: TriggerId, revision: string): Promise<ActionProgram | undefined>;
}
