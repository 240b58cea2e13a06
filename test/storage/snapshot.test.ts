import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, diffSnapshots, snapshotTables, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('case=a picture covers every table of the catalogue, also one that was made a moment ago', async () => {
  await database.pool.query('create table made_a_moment_ago (n integer)');
  const before = await snapshotTables(database.pool);
  expect(Object.keys(before)).toContain('users');
  expect(Object.keys(before)).toContain('schema_migrations');
  await database.pool.query('insert into made_a_moment_ago values (1), (1)');
  const after = await snapshotTables(database.pool);
  expect(diffSnapshots(before, after)).toEqual({ made_a_moment_ago: { added: [{ n: 1 }, { n: 1 }], removed: [] } });
  expect(diffSnapshots(after, after)).toEqual({});
});

test('case=a changed row is seen on both sides', async () => {
  const before = await snapshotTables(database.pool);
  await database.pool.query(`update tenant set friendly_name = 'Other'`);
  const difference = diffSnapshots(before, await snapshotTables(database.pool));
  expect(Object.keys(difference)).toEqual(['settings_revision', 'tenant']);
  expect(difference.tenant?.added).toMatchObject([{ friendly_name: 'Other' }]);
  expect(difference.tenant?.removed).toMatchObject([{ friendly_name: 'Vestibule' }]);
});
