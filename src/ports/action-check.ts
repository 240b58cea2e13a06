/**
 * Port: looks at the code of an Action without running it. What cannot run at all is a defect, what runs and does harm is a
 * finding of the linter. Implemented in src/actions, put together in src/compose.ts. Pure: the same code has the same answer.
 */
import type { ActionDependency, TriggerId } from '../domain/action.js';
import type { Finding } from '../domain/action-finding.js';

/** Why code cannot be deployed. `line` and `column` count from 1 and are absent where the whole file is meant. */
export interface ActionDefect {
  /**
   * `code`: it does not parse, or does not export the handler of its trigger. `dependency`: a package, or a version of it,
   * that is not here; the message names what is.
   */
  readonly kind: 'code' | 'dependency';
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface ActionCheck {
  readonly errors: readonly ActionDefect[];
  readonly warnings: readonly Finding[];
}

/** What of an Action is looked at: of its secrets only the names. */
export interface CheckedSource {
  readonly code: string;
  readonly trigger: TriggerId;
  readonly dependencies: readonly ActionDependency[];
  readonly secrets: readonly string[];
}

/** Never throws, whatever the code is. */
export type CheckAction = (source: CheckedSource) => ActionCheck;
