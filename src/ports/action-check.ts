/**
 * Port: checks an Action's code without running it. Code that cannot run, or takes too long to check, has a defect;
 * code that runs but does harm has a finding of the linter. Implemented in src/actions, assembled in
 * src/compose/actions.ts. Writes nothing.
 */
import type { ActionDependency, TriggerId } from '../domain/actions/action.js';
import type { Finding } from '../domain/actions/action-finding.js';

/** Why code cannot be deployed. `line` and `column` count from 1; absent when the whole file is meant. */
export interface ActionDefect {
  /**
   * `code`: it does not parse, or does not export the handler of its trigger. `dependency`: a package or version that
   * is not installed here; the message names the installed ones. `module`: a module's code that requires another
   * module.
   */
  readonly kind: 'code' | 'dependency' | 'module';
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface ActionCheck {
  readonly errors: readonly ActionDefect[];
  readonly warnings: readonly Finding[];
}

/** The parts of an Action that are checked. `secrets`: only their names. */
export interface CheckedSource {
  readonly code: string;
  readonly trigger: TriggerId;
  readonly dependencies: readonly ActionDependency[];
  readonly secrets: readonly string[];
  /** Names of modules that the Action may load; if absent, they are unknown and not checked. */
  readonly modules?: readonly string[] | undefined;
}

/**
 * Checks an Action. `caller` is for fairness: callers take turns, and each may have few checks pending. Throws a
 * retryable Fault when too many are pending, and never because of the code.
 */
export type CheckAction = (source: CheckedSource, caller?: string) => Promise<ActionCheck>;

/** Checks a module of Actions, like {@link CheckAction}. */
export type CheckModule = (
  source: Pick<CheckedSource, 'code' | 'dependencies'>,
  caller?: string,
) => Promise<readonly ActionDefect[]>;
