/**
 * Finds the bundled package for a dependency that an Action names. Downloads nothing: only bundled packages are
 * available.
 */
import type { ActionDependency, ActionSource } from '../../domain/actions/action.js';
import { getPackages, type PackageBundle } from './bundles.js';

/** Returns the major version that a version range names: 4 for `4`, `4.x`, `^4.2.0`, `~4.2`, `>=4`, `v4.1.0`. */
function findMajor(version: string): number | undefined {
  const found = /^(?:[\^~=v]|>=)?\s*(\d{1,4})(?:[.\s-]|$)/.exec(version.trim())?.[1];
  return found === undefined ? undefined : Number(found);
}

function findPackage({ name, version }: ActionDependency): PackageBundle | undefined {
  const known = getPackages().filter((item) => item.name === name);
  // `latest` means the newest bundled version; on Auth0 it means the newest at the time of the deployment.
  if (['latest', '*', 'x', ''].includes(version.trim())) return known.at(-1);
  const major = findMajor(version);
  return known.find((item) => major !== undefined && item.majors.includes(major));
}

/** Lists the bundled packages for messages: `auth0 4.37.1`, `axios 1.21.1`… */
export function listPackages(): readonly string[] {
  return getPackages().map((item) => `${item.name} ${item.version}`);
}

/**
 * Returns a message for each dependency without a bundled package of a compatible version, by the dependency's name.
 * The API refuses to create or deploy such an Action. Node's own modules need no dependency.
 */
export function checkDependencies(dependencies: readonly ActionDependency[]): Readonly<Record<string, string>> {
  const problems: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const dependency of dependencies) {
    if (findPackage(dependency) !== undefined) continue;
    const same = getPackages().filter((item) => item.name === dependency.name);
    const wanted = `${dependency.name} ${dependency.version}`;
    problems[dependency.name] =
      same.length > 0
        ? `${wanted} is not available here: ${same.map((item) => item.version).join(' and ')} is`
        : `${wanted} is not available here: an Action can require ${listPackages().join(', ')} and Node's own modules`;
  }
  return problems;
}

/**
 * Maps the names that `require` finds to bundles, for one Action or module. A dependency chooses the version; without
 * one the first bundle of that name is used.
 */
export function toPackages(action: Pick<ActionSource, 'code' | 'dependencies'>): Readonly<Record<string, string>> {
  const chosen: Record<string, string> = {};
  for (const item of getPackages()) chosen[item.name] ??= item.bundle;
  for (const dependency of action.dependencies) {
    const found = findPackage(dependency);
    if (found === undefined) delete chosen[dependency.name];
    else chosen[dependency.name] = found.bundle;
  }
  // A package that the code does not name is not sent to the process, which then starts faster.
  for (const name of Object.keys(chosen)) {
    if (!action.code.includes(name) && !action.dependencies.some((one) => one.name === name)) delete chosen[name];
  }
  return chosen;
}
