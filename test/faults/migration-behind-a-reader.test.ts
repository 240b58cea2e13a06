/**
 * A migration that changes a table while somebody reads it for long (`pg_dump`). It must not block everybody until the reader
 * has ended: it gives way, tries again, and nodes of the version before serve meanwhile and afterwards, and say so.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createReadinessCheck } from '../../src/storage/database/health.js';
import { silentLog } from '../../src/storage/database/log.js';
import { migrate, readMigrations, SQL_DIRECTORY } from '../../src/storage/database/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let directory: string;
const NEXT = `${String(readMigrations().length + 1).padStart(4, '0')}_next.sql`;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'vestibule-sql-'));
  cpSync(SQL_DIRECTORY, directory, { recursive: true });
  writeFileSync(join(directory, NEXT), 'alter table users add column later text;');
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await database.drop();
});

async function startReader() {
  const reader = await database.pool.connect();
  await reader.query('begin');
  await reader.query('select 1 from users');
  let isOpen = true;
  const end = async () => {
    if (!isOpen) return;
    isOpen = false;
    await reader.query('commit');
    reader.release();
  };
  // Also when the test has failed: the database could not be dropped.
  onTestFinished(end);
  return end;
}

test('it gives way to a reader and tries again; the node of the version before stays ready', async () => {
  const endReader = await startReader();
  const checkReady = createReadinessCheck(database.pool);
  let tries = 0;
  const countTry = () => {
    tries += 1;
  };
  const log = { ...silentLog, warn: countTry };
  const patience = { lockTimeoutMs: 200, pauseMs: 200, tries: 10_000 };
  const migrating = migrate(database.pool, { directory, log, patience });
  await expect.poll(() => tries, { timeout: 30_000 }).toBeGreaterThan(1);
  // Statements that come after the waiting migration wait with it; not for long.
  expect((await database.pool.query('select 1 from users')).rows).toEqual([]);
  expect(await checkReady()).toEqual({ ready: true });
  await endReader();
  expect(await migrating).toEqual([NEXT]);
  expect(await checkReady()).toMatchObject({ ready: true, note: expect.stringContaining('later version') });
  await database.pool.query('alter table users drop column later');
  await database.pool.query('delete from schema_migrations where name = $1', [NEXT]);
}, 60_000);

test('a reader that never ends: one sentence for the operator, and nothing is changed', async () => {
  const endReader = await startReader();
  const patience = { lockTimeoutMs: 100, pauseMs: 10, tries: 2 };
  await expect(migrate(database.pool, { directory, patience })).rejects.toThrow(
    /Somebody uses a table .*pg_stat_activity/,
  );
  await endReader();
  const { rows } = await database.pool.query('select name from schema_migrations where name = $1', [NEXT]);
  expect(rows).toEqual([]);
});

test('it tries again after a deadlock with a transaction that holds another of its tables', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-deadlock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(SQL_DIRECTORY, folder, { recursive: true });
  writeFileSync(join(folder, NEXT), 'lock table users; lock table roles;');
  const other = await database.pool.connect();
  onTestFinished(() => other.release());
  await other.query('begin');
  // The migration is the one that PostgreSQL gives up: the other one looks for deadlocks later.
  await other.query("set local deadlock_timeout = '20s'");
  await other.query('lock table roles in access share mode');
  const patience = { lockTimeoutMs: 10_000, pauseMs: 200, tries: 10_000 };
  let tries = 0;
  const countTry = () => {
    tries += 1;
  };
  const migrating = migrate(database.pool, { directory: folder, log: { ...silentLog, warn: countTry }, patience });
  await expect
    .poll(async () => {
      const { rows } = await database.pool.query(
        "select 1 from pg_locks where relation = 'roles'::regclass and not granted",
      );
      return rows.length;
    })
    .toBe(1);
  await other.query('select 1 from users');
  await other.query('commit');
  expect(await migrating).toEqual([NEXT]);
  expect(tries).toBeGreaterThan(0);
  await database.pool.query('delete from schema_migrations where name = $1', [NEXT]);
}, 60_000);
