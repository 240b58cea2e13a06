/**
 * The checks of the Management API before it stores, publishes or deploys code: does it parse, does it export the handler of its trigger,
 * are its packages available, and what does the linter find. Combines the linter and the list of packages; never runs the code.
 */
import { type ActionDependency, TRIGGERS, type TriggerId } from '../domain/action.js';
import type { ActionDefect, CheckAction, CheckModule } from '../ports/action-check.js';
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

function findMissing(checkDependencies: CheckDependencies, dependencies: readonly ActionDependency[]): ActionDefect[] {
  return Object.values(checkDependencies(dependencies)).map((message) => ({
    kind: 'dependency',
    message,
    line: undefined,
    column: undefined,
  }));
}

/** The check; `checkDependencies` knows the available packages. */
export function createActionCheck(checkDependencies: CheckDependencies): CheckAction {
  return async (source) => {
    const { lintAction, parseAction } = await import('./lint/index.js');
    const defect = findCodeDefect(parseAction(source.code), source.trigger);
    const missing = findMissing(checkDependencies, source.dependencies);
    if (defect !== undefined) return { errors: [defect, ...missing], warnings: [] };
    return { errors: missing, warnings: lintAction(source) };
  };
}

/** The check of modules. A module has no trigger and no handler, so no rule of the linter is about it. */
export function createModuleCheck(checkDependencies: CheckDependencies): CheckModule {
  return async ({ code, dependencies }) => {
    const { listRequired, parseAction } = await import('./lint/index.js');
    const missing = findMissing(checkDependencies, dependencies);
    const parsed = parseAction(code);
    if (!parsed.ok) {
      const { message, line, column } = parsed.error;
      return [{ kind: 'code', message: `The code cannot be read: ${message}`, line, column }, ...missing];
    }
    const nested = listRequired(code).filter(({ name }) => name.startsWith('actions:'));
    const defects = nested.map(
      ({ name, line, column }): ActionDefect => ({
        kind: 'module',
        message: `A module cannot require another module: ${name}`,
        line,
        column,
      }),
    );
    return [...defects, ...missing];
  };
}
