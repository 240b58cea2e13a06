/**
 * Finds the files of the package that the program reads at run time: migrations, schemas, and what the builds made. Works
 * from the sources and from the bundle, whose files are in other folders. Must never write or leave the package.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

function findRoot(): string {
  let folder = dirname(here);
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${here}`);
    folder = parent;
  }
  return folder;
}

const root = findRoot();
/** Name of the folder that this code is in: `src`, or `dist` in the package. */
const code = relative(root, here).split(sep)[0] ?? '';

/** Returns the path of a file or folder of the package, such as `sql/`. It may not exist. */
export const packagePath = (path: string): string => join(root, path);

/** Returns the path of a file that is packed beside the program, by its path below src. */
export const programPath = (path: string): string => join(root, code, path);

/** Returns the version of this program. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version;
}
