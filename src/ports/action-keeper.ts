/**
 * Port: lets a command that has access to the database list, roll back and unbind Actions. It is needed when an Action
 * refuses everybody, operators included. Each write is the same as by the Management API, with its log line. Never
 * shows code or secrets.
 */
import type { TriggerId } from '../domain/actions/action.js';

export interface FormerVersion {
  readonly number: number;
  readonly deployedAt: Date;
}

/** An Action that is bound to a trigger. */
export interface RunningAction {
  readonly trigger: TriggerId;
  readonly id: string;
  readonly name: string;
  readonly version: FormerVersion;
  /** Earlier versions, the newest first; only the last few that are stored. */
  readonly former: readonly FormerVersion[];
  /** Sign-ins of the last 24 hours that this Action refused or failed: counted up to 100 for all Actions together. */
  readonly stopped: number;
  /** The logged reason of the newest sign-in that this Action refused or failed. */
  readonly lastReason: string | undefined;
}

/** A write by a command; `by` is the person's name in its log line. */
export interface ByCommand {
  readonly by: string;
}

export interface ActionKeeper {
  /** Lists the bound Actions in the order in which they run. */
  list(): Promise<readonly RunningAction[]>;
  /**
   * Deploys this version of the Action (a name or an id) again. The draft stays unchanged. `refusal`: why it cannot run
   * here, such as a missing package.
   */
  rollBack(
    action: string,
    version: number,
    options: ByCommand,
  ): Promise<
    { readonly number: number } | { readonly refusal: string } | 'unknown_action' | 'unknown_version' | 'runs_already'
  >;
  /** Removes the Action from its trigger: later logins do not run it. The Action and its versions stay. */
  unbind(
    action: string,
    options: ByCommand,
  ): Promise<{ readonly trigger: TriggerId } | 'unknown_action' | 'not_bound' | 'changed_meanwhile'>;
  close(): Promise<void>;
}
