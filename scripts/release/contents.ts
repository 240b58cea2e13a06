/**
 * Judges what a tarball has in it: nothing that neither git nor a build knows, no tests, no path of the machine
 * that packed it, and the licence of everything that is bundled. Attack: a secret or a private file that lies in a
 * maintainer's checkout is published with the package. Reads the unpacked files only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLicences } from '../licences.mjs';

/** Files that are packed unchanged from git. npm adds the first five by itself. */
const AS_IN_GIT =
  /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md|scripts\/prepare\.mjs|(sql|docs|deploy)\/.+)$/;
/** Folders of a bundler's output, and the names of the files in each. */
const BUNDLED: Readonly<Record<string, RegExp>> = {
  'dist/chunks/': /^([\w-]+\.js(\.map)?|THIRD-PARTY-LICENSES\.txt)$/,
  'dist/actions/bundles/': /^([\w-]+\.cjs|manifest\.json|THIRD-PARTY-LICENSES\.txt)$/,
  'dist/console/':
    /^(index\.html|manifest\.json|fingerprint|THIRD-PARTY-LICENSES\.txt|assets\/[^/]+\.(js|css|svg)(\.br|\.gz)?)$/,
  'dist/docs/': /\.(html|js|css|json|svg)(\.br|\.gz)?$|\.png$|^(fingerprint|THIRD-PARTY-LICENSES\.txt)$/,
};
const TEST = /(^|\/)(tests?|__tests__)\/|\.(test|spec)\.[cm]?[jt]sx?(\.map)?$/;

/** Licences under which we may ship a package without publishing our own sources or asking anybody. */
const LICENCES = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'],
  // Permissive: keep its text or a link to it (https://blueoakcouncil.org/license/1.0.0).
  'BlueOak-1.0.0',
]);

/** True for a file that `npm run build` makes out of one that git knows. */
function isCompiled(path: string, tracked: ReadonlySet<string>): boolean {
  const source = path.replace(/^dist\//, 'src/');
  if (/\.tsx?$/.test(source)) return false;
  const program = source.replace(/\.js(\.map)?$/, '');
  return tracked.has(source) || (program !== source && (tracked.has(`${program}.ts`) || tracked.has(`${program}.tsx`)));
}

/** Returns the files that do not belong in the package. `paths` are those of the tarball, `tracked` those of git. */
export function findStrays(paths: readonly string[], tracked: ReadonlySet<string>): readonly string[] {
  return paths.filter((path) => {
    if (TEST.test(path)) return true;
    const [folder, made] = Object.entries(BUNDLED).find(([start]) => path.startsWith(start)) ?? [];
    if (folder !== undefined) return made?.test(path.slice(folder.length)) !== true;
    return path.startsWith('dist/') ? !isCompiled(path, tracked) : !(AS_IN_GIT.test(path) && tracked.has(path));
  });
}

/**
 * Returns the files that contain one of `places`, which are paths of this machine. Skips compressed copies, because
 * their originals are checked.
 */
export function findNaming(folder: string, paths: readonly string[], places: readonly string[]): readonly string[] {
  return paths
    .filter((path) => !/\.(br|gz|png)$/.test(path))
    .filter((path) => {
      const text = readFileSync(join(folder, path), 'latin1');
      return places.some((place) => text.includes(place));
    });
}

/**
 * Returns the faults of one list of licences (`THIRD-PARTY-LICENSES.txt`), one sentence each. `undefined` means that
 * the list is missing.
 */
export function judgeLicences(path: string, list: string | undefined): readonly string[] {
  if (list === undefined) return [`${path} is missing.`];
  return readLicences(list).flatMap(({ name, license, hasText }) => {
    if (name === '') return [`${path} has an entry without a package.`];
    if (!LICENCES.has(license)) return [`${name} in ${path} has the licence "${license}", which nobody has agreed to.`];
    return hasText ? [] : [`${name} in ${path} has no text of its licence: scripts/licences.mjs looks for it.`];
  });
}

/** The lists that the package must have, by their paths in it. */
export const LICENCE_LISTS: readonly string[] = Object.keys(BUNDLED).map(
  (folder) => `${folder}THIRD-PARTY-LICENSES.txt`,
);
