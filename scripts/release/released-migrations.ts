/**
 * Compares the migrations with the table of those that were released (sql/released.json: version, file, SHA-256 of
 * its text). A database keeps the same sums and refuses to start with a changed file
 * (src/storage/database/migrate.ts); this finds the change before anybody has it. Reads only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Migration, SQL_DIRECTORY } from '../../src/storage/database/migrate.js';

/** Version, name of the file, SHA-256 in hex as {@link Migration} has it. */
export type Released = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The table. Throws when it is no JSON. */
export function readReleased(): Released {
  return JSON.parse(readFileSync(join(SQL_DIRECTORY, 'released.json'), 'utf8')) as Released;
}

/** One sentence for each released file that is changed or gone: what happened and what to do. */
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

/** One sentence for each file that no version in the table has: which row `version` needs. */
export function findUnlisted(files: readonly Migration[], released: Released, version: string): readonly string[] {
  const listed = new Set(Object.values(released).flatMap((sums) => Object.keys(sums)));
  return files
    .filter(({ name }) => !listed.has(name))
    .map(
      ({ name, checksum }) =>
        `sql/${name} is in no release yet: add "${name}": "${checksum}" to "${version}" in sql/released.json. From then on it is frozen.`,
    );
}
