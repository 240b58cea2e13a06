/**
 * Reads the files that scripts/build-actions.mjs built: the program of the child, and the packages that an Action may
 * require.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StartError } from '../../kernel/errors.js';

export interface PackageBundle {
  readonly bundle: string;
  readonly name: string;
  readonly version: string;
  /** Major versions of a dependency for which this one is used. */
  readonly majors: readonly number[];
}

/** Beside the compiled runner, or in dist/ when it runs from source. */
const PLACES = ['../bundles/', '../../../dist/actions/bundles/'];

function findFolder(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(`${path}manifest.json`),
  );
  if (found === undefined) {
    throw new StartError(
      'the bundles for Actions are missing: node scripts/build-actions.mjs makes them in dist/actions/bundles',
    );
  }
  return found;
}

const sources = new Map<string, string>();
let packages: readonly PackageBundle[] | undefined;

/**
 * Returns a bundle's source; read once. `child` is the program of the processes. Throws StartError when nothing was
 * built.
 */
export function getBundle(name: string): string {
  const known = sources.get(name) ?? readFileSync(`${findFolder()}${name}.cjs`, 'utf8');
  sources.set(name, known);
  return known;
}

/**
 * Lists the packages that an Action may require; of several with one name the first is the default, the last the
 * latest.
 */
export function getPackages(): readonly PackageBundle[] {
  packages ??= (JSON.parse(readFileSync(`${findFolder()}manifest.json`, 'utf8')) as { packages: PackageBundle[] })
    .packages;
  return packages;
}
