import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dumpSchema } from '../../scripts/dump-schema.js';
import { StartError } from '../../src/kernel/errors.js';
import { createReadinessCheck } from '../../src/storage/database/health.js';
import { silentLog } from '../../src/storage/database/log.js';
import { migrate, readMigrations, SQL_DIRECTORY } from '../../src/storage/database/migrate.js';
import { createPool } from '../../src/storage/database/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase({ template: 'empty' });
  directory = mkdtempSync(join(tmpdir(), 'vestibule-sql-'));
  cpSync(SQL_DIRECTORY, directory, { recursive: true });
});
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await database.drop();
});

const NAMES = readMigrations().map((file) => file.name);
const NEXT = `${String(NAMES.length + 1).padStart(4, '0')}_next.sql`;

async function appliedNames(): Promise<string[]> {
  const rows = await database.pool.query<{ name: string }>('select name from schema_migrations order by name');
  return rows.rows.map((row) => row.name);
}

async function failure(): Promise<string> {
  const error = await migrate(database.pool, { directory }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StartError);
  return (error as StartError).message;
}

describe('migrations', () => {
  test('case=a fresh database gets all of them, a second run none', async () => {
    expect(await migrate(database.pool)).toEqual(NAMES);
    expect(await migrate(database.pool)).toEqual([]);
    expect(await appliedNames()).toEqual(NAMES);
  });

  test('case=four nodes at once: each file is applied once, all of them succeed', async () => {
    writeFileSync(
      join(directory, NEXT),
      'create table once (n integer); select pg_sleep(0.2); insert into once values (1);',
    );
    const pools = Array.from({ length: 4 }, () => createPool({ url: database.url, log: silentLog }));
    const applied = await Promise.all(pools.map((pool) => migrate(pool, { directory })));
    await Promise.all(pools.map((pool) => pool.end()));
    expect(applied.flat().sort()).toEqual([...NAMES, NEXT]);
    expect((await database.pool.query('select n from once')).rows).toEqual([{ n: 1 }]);
  });

  test('case=a file that fails leaves nothing of itself, and those before it stay', async () => {
    writeFileSync(join(directory, NEXT), 'create table half (n integer); insert into half values (1 / 0);');
    expect(await failure()).toMatch(new RegExp(`^sql/${NEXT} cannot be applied .*division by zero`));
    expect(await appliedNames()).toEqual(NAMES);
    expect((await database.pool.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
    writeFileSync(join(directory, NEXT), 'create table half (n integer);');
    expect(await migrate(database.pool, { directory })).toEqual([NEXT]);
  });

  test('case=a migration may take longer than a statement of a login', async () => {
    const pool = createPool({ url: database.url, log: silentLog, statementTimeoutMs: 300 });
    writeFileSync(join(directory, NEXT), 'select pg_sleep(0.6);');
    await expect(migrate(pool, { directory })).resolves.toContain(NEXT);
    await expect(pool.query('select pg_sleep(0.6)')).rejects.toThrow(/statement timeout/);
    await pool.end();
  });

  test('case=an applied file that was changed is refused by name; other line ends are no change', async () => {
    await migrate(database.pool, { directory });
    const path = join(directory, NAMES[0] ?? '');
    const original = readFileSync(path, 'utf8');
    writeFileSync(path, original.replaceAll('\n', '\r\n'));
    expect(await migrate(database.pool, { directory })).toEqual([]);
    writeFileSync(path, `${original}\n-- a remark`);
    expect(await failure()).toContain(`sql/${NAMES[0]} was changed after it had been applied`);
  });

  test('case=a database that is newer than the program is refused and left alone', async () => {
    writeFileSync(join(directory, NEXT), 'create table next (n integer);');
    await migrate(database.pool, { directory });
    rmSync(join(directory, NEXT));
    expect(await failure()).toContain(`newer than this program: it has ${NEXT}`);
    expect(await appliedNames()).toEqual([...NAMES, NEXT]);
  });

  test('case=the program of before starts on what a compatible migration made, and says so', async () => {
    writeFileSync(join(directory, NEXT), '-- Compatible: a table that nobody reads\ncreate table next (n integer);');
    await migrate(database.pool, { directory });
    rmSync(join(directory, NEXT));
    const said: unknown[] = [];
    const log = { ...silentLog, warn: (fields: object) => void said.push(fields) };
    expect(await migrate(database.pool, { directory, log })).toEqual([]);
    expect(said).toEqual([{ migrations: [NEXT] }]);
    const check = createReadinessCheck(database.pool);
    expect(await check()).toEqual({
      ready: true,
      note: 'the database is newer than this program: a later version has migrated it.',
    });
    await database.pool.query(`insert into schema_migrations (name, checksum) values ('9999_breaking.sql', '')`);
    expect(await failure()).toContain('newer than this program: it has 9999_breaking.sql');
  });

  test('case=a file says in its first line that it is compatible, and why', async () => {
    for (const sql of ['-- compatible: no', '-- Compatible:', '-- Compatible: ', '-- First\n-- Compatible: late']) {
      writeFileSync(join(directory, NEXT), `${sql}\nselect 1;`);
      expect(readMigrations(directory).at(-1)).toMatchObject({ name: NEXT, isCompatible: false });
    }
  });

  test('case=a missing or doubled number is refused before anything is applied', async () => {
    writeFileSync(join(directory, '0099_far.sql'), 'select 1;');
    expect(await failure().catch(String)).toContain('0099_far.sql is out of order');
    rmSync(join(directory, '0099_far.sql'));
    writeFileSync(join(directory, '0001_twice.sql'), 'select 1;');
    await expect(migrate(database.pool, { directory })).rejects.toThrow(/out of order/);
    expect((await database.pool.query(`select to_regclass('schema_migrations') as t`)).rows).toEqual([{ t: null }]);
  });

  test('case=a database that cannot be reached is one clear sentence without the password', async () => {
    const pool = createPool({ url: 'postgres://user:hidden-password@127.0.0.1:1/none', log: silentLog });
    const error = await migrate(pool).catch((thrown: unknown) => thrown);
    await pool.end();
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toMatch(/cannot be used: .*ECONNREFUSED.*DATABASE_URL/);
    expect(String(error)).not.toContain('hidden-password');
  });

  test('case=a role that may not create tables in public: one sentence that says who has to own the database', async () => {
    const role = `vestibule_role_${randomBytes(6).toString('hex')}`;
    await database.pool.query(`create role ${role} login password 'hush-hush'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'hush-hush';
    const pool = createPool({ url: url.href, log: silentLog });
    try {
      const error = await migrate(pool).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StartError);
      expect(String(error)).toContain('permission denied for schema public');
      expect(String(error)).toContain('Make the role of DATABASE_URL the owner of the database');
    } finally {
      await pool.end();
      await database.pool.query(`drop role ${role}`);
    }
  });

  test.each([
    { name: 'sslmode=require at a server without TLS', query: 'sslmode=require', says: 'does not support SSL' },
    { name: 'a certificate that is not there', query: 'sslrootcert=/no/such/file', says: '/no/such/file' },
  ])('case=$name is one sentence', async ({ query, says }) => {
    const pool = createPool({
      url: `${database.url}${database.url.includes('?') ? '&' : '?'}${query}`,
      log: silentLog,
    });
    const error = await migrate(pool).catch((thrown: unknown) => thrown);
    await pool.end();
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toContain(says);
    expect(String(error)).toContain('DATABASE_URL');
    expect(String(error)).not.toContain('\n');
  });

  test('case=PostgreSQL 14 is refused with both versions', async () => {
    const answers = [{ number: 140011, version: '14.11', encoding: 'UTF8' }];
    const old = { query: async () => ({ rows: answers }) } as unknown as TestDatabase['pool'];
    await expect(migrate(old)).rejects.toThrow(/PostgreSQL 15 or newer is needed; this server is 14\.11/);
  });

  test('case=an encoding that cannot hold every name is refused', async () => {
    const name = `vestibule_latin_${database.url.slice(-8).replace(/\W/g, '')}`;
    await database.pool.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const pool = createPool({ url: url.href, log: silentLog });
    const outcome = migrate(pool);
    await expect(outcome).rejects.toThrow(/must be encoded in UTF8, this one is in LATIN1/);
    await pool.end();
    await database.pool.query(`drop database ${name}`);
  });
});

describe('the dump', () => {
  const REFRESH = 'sql/schema.sql is not what the migrations make. Refresh it: npx tsx scripts/dump-schema.ts';

  test('case=sql/schema.sql equals the migrated database', async () => {
    await migrate(database.pool);
    const committed = readFileSync(join(SQL_DIRECTORY, 'schema.sql'), 'utf8').replaceAll('\r\n', '\n');
    expect(committed, REFRESH).toBe(await dumpSchema(database.pool));
  });

  test('case=the dump makes the schema that it was made from', async () => {
    await migrate(database.pool);
    await database.pool.query(`
      create type mood as enum ('good', 'bad');
      create function twice(n integer) returns integer language sql as 'select n * 2';
      create table "Odd name" (id bigint generated always as identity primary key, m mood default 'good', d integer generated always as (1 + 1) stored);
      create view moods as select m from "Odd name"`);
    const dump = await dumpSchema(database.pool);
    expect(dump).toContain('"Odd name"');
    const copy = await createTestDatabase({ template: 'empty' });
    await copy.pool.query(dump);
    expect(await dumpSchema(copy.pool)).toBe(dump);
    await copy.drop();
  });

  test('case=a column that a migration adds shows', async () => {
    await migrate(database.pool);
    const before = await dumpSchema(database.pool);
    await database.pool.query('alter table tenant add column added text');
    expect(await dumpSchema(database.pool)).not.toBe(before);
  });

  test('case=the directory holds nothing but numbered files, the table of released ones and the dump', () => {
    expect(readdirSync(SQL_DIRECTORY).sort()).toEqual([...NAMES, 'released.json', 'schema.sql']);
  });
});

describe('readiness', () => {
  test('case=ready only with all of this schema; a newer one is said, and stops nobody who serves', async () => {
    const check = createReadinessCheck(database.pool);
    expect(await check()).toEqual({ ready: false, reason: `the database is not migrated: ${NAMES[0]} is missing` });
    await migrate(database.pool);
    expect(await check()).toEqual({ ready: true });
    await database.pool.query(`insert into schema_migrations (name, checksum) values ('9999_later.sql', '')`);
    expect(await check()).toMatchObject({ ready: true, note: expect.stringContaining('newer than this program') });
    await database.pool.query(`update schema_migrations set checksum = 'other' where name = $1`, [NAMES[0]]);
    expect(await check()).toMatchObject({ ready: false, reason: expect.stringContaining('was changed after') });
  });

  test('case=a database that can be read but not written', async () => {
    await migrate(database.pool);
    const name = new URL(database.url).pathname.slice(1);
    await database.pool.query(`alter database ${name} set default_transaction_read_only = on`);
    const pool = createPool({ url: database.url, log: silentLog });
    const check = createReadinessCheck(pool);
    expect(await check()).toEqual({ ready: false, reason: 'the database can be read, but not written' });
    await database.pool.query(`alter database ${name} reset default_transaction_read_only`);
    // The connection of before stays as it was, as one to a former primary does.
    expect(await check()).toEqual({ ready: true });
    await pool.end();
  });

  test('case=no descriptor or memory left in this process, and again when there is some', async () => {
    await migrate(database.pool);
    const use = { descriptors: 10, mostDescriptors: 1_000, heapBytes: 10, mostHeapBytes: 1_000 };
    const check = createReadinessCheck(database.pool, () => use);
    expect(await check()).toEqual({ ready: true });
    use.descriptors = 999;
    expect(await check()).toMatchObject({ ready: false, reason: expect.stringContaining('descriptor left of 1000') });
    use.descriptors = 10;
    use.heapBytes = 999;
    expect(await check()).toMatchObject({ ready: false, reason: expect.stringContaining('memory left') });
    use.heapBytes = 10;
    expect(await check()).toEqual({ ready: true });
  });

  test('case=a database that is gone', async () => {
    const pool = createPool({ url: 'postgres://user@127.0.0.1:1/none', log: silentLog });
    expect(await createReadinessCheck(pool)()).toEqual({ ready: false, reason: 'the database cannot be reached' });
    await pool.end();
  });

  test('case=a database that hangs is answered for within seconds', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const pool = createPool({ url: `postgres://user@127.0.0.1:${port}/none`, log: silentLog });
    expect(await createReadinessCheck(pool)()).toEqual({ ready: false, reason: 'the database does not answer' });
    for (const socket of sockets) socket.destroy();
    await pool.end();
    silent.close();
  });
});
