/**
 * Port: the Actions that run, for a command with access to the database: for the night on which one of them refuses everybody, operators
 * included. Each write is the one that the Management API makes, with its log line. Never shows code or secrets.
 */
import type { TriggerId } from '../domain/actions/action.js';

export interface FormerVersion {
  readonly number: number;
  readonly deployedAt: Date;
}

/** An Action in the order of a trigger. */
export interface RunningAction {
  readonly trigger: TriggerId;
  readonly id: string;
  readonly name: string;
  readonly version: FormerVersion;
  /** Newest first; of those that are kept, the last few. */
  readonly former: readonly FormerVersion[];
  /** Sign-ins of the last 24 hours that ended at this Action, refused or failed: counted up to 100 for all Actions together. */
  readonly stopped: number;
  /** The reason of the newest of them, as the log has it. */
  readonly lastReason: string | undefined;
}

/** A write by a command; `by` is the name of the person in its log line. */
export interface ByCommand {
  readonly by: string;
}

export interface ActionKeeper {
  /** In the order in which they run. */
  list(): Promise<readonly RunningAction[]>;
  /**
   * Deploys this version of the Action (a name or an id) again. The draft stays as it is. `refusal`: why it cannot run here, such as a
   * package that is gone.
   */
  rollBack(
    action: string,
    version: number,
    options: ByCommand,
  ): Promise<
    { readonly number: number } | { readonly refusal: string } | 'unknown_action' | 'unknown_version' | 'runs_already'
  >;
  /** Takes the Action out of the order of its trigger: from the next login on it is not asked. It stays, and so do its versions. */
  unbind(
    action: string,
    options: ByCommand,
  ): Promise<{ readonly trigger: TriggerId } | 'unknown_action' | 'not_bound' | 'changed_meanwhile'>;
  close(): Promise<void>;
}
