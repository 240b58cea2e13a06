/**
 * Released migrations are frozen: a database that has one refuses every other text of it, and nobody can take it
 * back. Needs no database.
 */
import { describe, expect, test } from 'vitest';
import { findBroken, findUnlisted, readReleased } from '../../scripts/release/released-migrations.js';
import { findPending, readMigrations } from '../../src/storage/database/migrate.js';

const files = readMigrations();
const released = readReleased();

test('no released migration was changed or removed', () => {
  const broken = findBroken(files, released);
  expect(broken, broken.join('\n')).toEqual([]);
});

test('0.1.0 has the first migration', () => {
  expect(Object.keys(released['0.1.0'] ?? {})).toEqual(['0001_initial.sql']);
});

test('each migration after 0014 says whether programs without it keep working, and why', () => {
  const silent = files.slice(14).filter(({ sql }) => !/^-- (?:Compatible|Breaking): \S/.test(sql));
  expect(silent.map(({ name }) => name)).toEqual([]);
});

describe('what is found', () => {
  const [first] = files;
  if (first === undefined) throw new Error('no migration');
  const later = { name: '9999_later.sql', sql: 'select 1', checksum: 'a0', isCompatible: false };

  test('case=a changed file, in the same words for the maintainer as the database has for the operator', () => {
    const changed = { ...first, checksum: 'other' };
    expect(findBroken([changed], { '0.1.0': { [first.name]: first.checksum } })).toEqual([
      'sql/0001_initial.sql was released with 0.1.0 and has changed since: databases that have it would refuse to start. ' +
        'Put it back (git checkout v0.1.0 -- sql/0001_initial.sql) and make the change in a new file.',
    ]);
    expect(() => findPending([changed], [first])).toThrow('was changed after it had been applied');
  });

  test('case=a file that is gone', () => {
    expect(findBroken([], { '0.1.0': { [first.name]: first.checksum } })).toEqual([
      expect.stringContaining('sql/0001_initial.sql was released with 0.1.0 and is gone'),
    ]);
  });

  test('case=a new file is free until a release lists it', () => {
    const known = files.filter(({ name }) => Object.values(released).some((sums) => name in sums));
    expect(findBroken([...known, later], released)).toEqual([]);
    expect(findUnlisted([...known, later], released, '0.2.0')).toEqual([
      'sql/9999_later.sql is in no release yet: add "9999_later.sql": "a0" to "0.2.0" in sql/released.json. From then on it is frozen.',
    ]);
    expect(findUnlisted(known, released, '0.2.0')).toEqual([]);
  });
});
