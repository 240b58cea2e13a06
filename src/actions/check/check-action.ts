/**
 * The checks of the Management API before it stores, publishes or deploys code: does it parse, does it export the handler of its trigger,
 * are its packages available, and what does the linter find. Combines the linter's thread and the list of packages; never runs the code.
 */
import type { ActionDependency } from '../../domain/actions/action.js';
import type { ActionDefect, CheckAction, CheckModule } from '../../ports/action-check.js';
import type { CheckThread } from './check-thread.js';

/** A sentence for each package that is not available, naming the available ones. */
type CheckDependencies = (dependencies: readonly ActionDependency[]) => Readonly<Record<string, string>>;

/** For checks that no caller is named for. */
const NOBODY = '';

function findMissing(checkDependencies: CheckDependencies, dependencies: readonly ActionDependency[]): ActionDefect[] {
  return Object.values(checkDependencies(dependencies)).map((message) => ({
    kind: 'dependency',
    message,
    line: undefined,
    column: undefined,
  }));
}

/** The check; `checkDependencies` knows the available packages. */
export function createActionCheck(
  checkDependencies: CheckDependencies,
  thread: Pick<CheckThread, 'judge'>,
): CheckAction {
  return async (source, caller = NOBODY) => {
    const { errors, warnings } = await thread.judge({ kind: 'action', source }, caller);
    return { errors: [...errors, ...findMissing(checkDependencies, source.dependencies)], warnings };
  };
}

/** The check of modules. */
export function createModuleCheck(
  checkDependencies: CheckDependencies,
  thread: Pick<CheckThread, 'judge'>,
): CheckModule {
  return async ({ code, dependencies }, caller = NOBODY) => {
    const { errors } = await thread.judge({ kind: 'module', code }, caller);
    return [...errors, ...findMissing(checkDependencies, dependencies)];
  };
}
