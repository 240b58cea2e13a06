/**
 * Reads the files that scripts/build-actions.mjs built: the program of the processes for Actions (`child`), the linter,
 * and the packages that an Action may load.
 */
import { existsSync, readFileSync } from 'node:fs';
import { StartError } from '../../kernel/errors.js';
import { packagePath } from '../../kernel/package-files.js';

export interface PackageBundle {
  readonly bundle: string;
  readonly name: string;
  readonly version: string;
  /** The major versions that an Action can name to get this bundle. */
  readonly majors: readonly number[];
}

function findFolder(): string {
  const folder = packagePath('dist/actions/bundles/');
  if (!existsSync(`${folder}manifest.json`)) {
    throw new StartError(
      'the bundles for Actions are missing: node scripts/build-actions.mjs makes them in dist/actions/bundles',
    );
  }
  return folder;
}

const sources = new Map<string, string>();
let packages: readonly PackageBundle[] | undefined;

/** Returns the source of a bundle, which is read from disk once. Throws StartError when nothing was built. */
export function getBundle(name: string): string {
  const known = sources.get(name) ?? readFileSync(`${findFolder()}${name}.cjs`, 'utf8');
  sources.set(name, known);
  return known;
}

/**
 * Lists the packages that an Action may load. Of several with one name, the first is the default and the last is the
 * latest.
 */
export function getPackages(): readonly PackageBundle[] {
  packages ??= (JSON.parse(readFileSync(`${findFolder()}manifest.json`, 'utf8')) as { packages: PackageBundle[] })
    .packages;
  return packages;
}
