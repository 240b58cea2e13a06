/**
 * Compares the migrations with the table of released ones (sql/released.json: version, file, SHA-256 of its text). A
 * database stores the same sums and refuses to start with a changed file (src/storage/database/migrate.ts). This check
 * finds such a change before a release. Reads only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Migration, SQL_DIRECTORY } from '../../src/storage/database/migrate.js';

/** Version, then name of the file, then SHA-256 in hex, as in {@link Migration}. */
export type Released = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads the table. Throws if it is not JSON. */
export function readReleased(): Released {
  return JSON.parse(readFileSync(join(SQL_DIRECTORY, 'released.json'), 'utf8')) as Released;
}

/** Returns one sentence for each released file that was changed or is missing, with the cause and the remedy. */
export function findBroken(files: readonly Migration[], released: Released): readonly string[] {
  const known = new Map(files.map(({ name, checksum }) => [name, checksum]));
  return Object.entries(released).flatMap(([version, sums]) =>
    Object.entries(sums)
      .filter(([name, sum]) => known.get(name) !== sum)
      .map(
        ([name]) =>
          `sql/${name} was released with ${version} and ${known.has(name) ? 'has changed since' : 'is gone'}: databases that have it would refuse to start. ` +
          `Put it back (git checkout v${version} -- sql/${name}) and make the change in a new file.`,
      ),
  );
}

/** Returns one sentence for each file that no version in the table has, with the row that `version` needs. */
export function findUnlisted(files: readonly Migration[], released: Released, version: string): readonly string[] {
  const listed = new Set(Object.values(released).flatMap((sums) => Object.keys(sums)));
  return files
    .filter(({ name }) => !listed.has(name))
    .map(
      ({ name, checksum }) =>
        `sql/${name} is in no release yet: add "${name}": "${checksum}" to "${version}" in sql/released.json. From then on it is frozen.`,
    );
}
