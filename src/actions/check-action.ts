/**
 * The check of the Management API before it stores or deploys code: does it parse, does it export the handler of its trigger,
 * are its packages available, and what does the linter find. Combines the linter and the list of packages; never runs the code.
 */
import { type ActionDependency, TRIGGERS, type TriggerId } from '../domain/action.js';
import type { ActionDefect, CheckAction } from '../ports/action-check.js';
import type { ParsedAction } from './lint/index.js';

/** A sentence for each package that is not available, naming the available ones. */
type CheckDependencies = (dependencies: readonly ActionDependency[]) => Readonly<Record<string, string>>;

function findCodeDefect(parsed: ParsedAction, trigger: TriggerId): ActionDefect | undefined {
  if (!parsed.ok) {
    const { message, line, column } = parsed.error;
    return { kind: 'code', message: `The code cannot be read: ${message}`, line, column };
  }
  const { handler } = TRIGGERS[trigger];
  const [first] = parsed.handlers;
  if (parsed.mayExportMore || parsed.handlers.some(({ name }) => name === handler)) return undefined;
  const instead = first === undefined ? 'nothing' : parsed.handlers.map(({ name }) => name).join(', ');
  return {
    kind: 'code',
    message: `The trigger ${trigger} calls exports.${handler}, and the code exports ${instead}`,
    line: first?.line ?? 1,
    column: first?.column ?? 1,
  };
}

/** The check; `checkDependencies` knows the available packages. */
export function createActionCheck(checkDependencies: CheckDependencies): CheckAction {
  return async (source) => {
    const { lintAction, parseAction } = await import('./lint/index.js');
    const defect = findCodeDefect(parseAction(source.code), source.trigger);
    const missing = Object.values(checkDependencies(source.dependencies)).map(
      (message): ActionDefect => ({ kind: 'dependency', message, line: undefined, column: undefined }),
    );
    if (defect !== undefined) return { errors: [defect, ...missing], warnings: [] };
    return { errors: missing, warnings: lintAction(source) };
  };
}
