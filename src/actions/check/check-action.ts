/**
 * The checks before the Management API stores, publishes or deploys code: does it parse, does it export its trigger's
 * handler, are its packages available, what does the linter find. Combines the linter's thread and the list of
 * packages; never executes the code.
 */
import type { ActionDependency } from '../../domain/actions/action.js';
import type { ActionDefect, CheckAction, CheckModule } from '../../ports/action-check.js';
import type { CheckThread } from './check-thread.js';

/** Returns a sentence for each unavailable package, by its name. The sentence lists the available packages. */
type CheckDependencies = (dependencies: readonly ActionDependency[]) => Readonly<Record<string, string>>;

/** The caller of checks that name none. The linter's thread limits the queued checks of each caller. */
const NOBODY = '';

function findMissing(checkDependencies: CheckDependencies, dependencies: readonly ActionDependency[]): ActionDefect[] {
  return Object.values(checkDependencies(dependencies)).map((message) => ({
    kind: 'dependency',
    message,
    line: undefined,
    column: undefined,
  }));
}

/** Creates the function that checks an Action's code. `checkDependencies` finds packages that are not available. */
export function createActionCheck(
  checkDependencies: CheckDependencies,
  thread: Pick<CheckThread, 'judge'>,
): CheckAction {
  return async (source, caller = NOBODY) => {
    const { errors, warnings } = await thread.judge({ kind: 'action', source }, caller);
    return { errors: [...errors, ...findMissing(checkDependencies, source.dependencies)], warnings };
  };
}

/** Creates the function that checks a module's code. */
export function createModuleCheck(
  checkDependencies: CheckDependencies,
  thread: Pick<CheckThread, 'judge'>,
): CheckModule {
  return async ({ code, dependencies }, caller = NOBODY) => {
    const { errors } = await thread.judge({ kind: 'module', code }, caller);
    return [...errors, ...findMissing(checkDependencies, dependencies)];
  };
}
