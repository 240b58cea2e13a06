/** The disk of the database is full: people are answered 503, nothing is left of their login, and with room again they get in. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCast, PASSWORD, Visitor } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startInstance } from '../support/instance.js';

interface SmallDisk {
  readonly directory: string;
  remove(): void;
}

/** A file system of two megabytes that the database's own account may write to, or why there is none. */
async function mountSmallDisk(database: TestDatabase): Promise<SmallDisk | string> {
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-full-'));
  try {
    const { rows } = await database.pool.query<{ data_directory: string }>('show data_directory');
    const { uid, gid } = statSync(rows[0]?.data_directory ?? '');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'none', directory], { stdio: 'pipe' });
    chownSync(directory, uid, gid);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    return (error as Error).message.split('\n', 1)[0] ?? 'unknown';
  }
  const remove = () => {
    execFileSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, remove };
}

const FILL = `insert into filler select convert_to(string_agg(md5(random()::text || n || m), ''), 'UTF8')
  from generate_series(1, $1::integer) n, generate_series(1, 40) m group by n`;

/** Until not even a page is left. */
async function fill(database: TestDatabase): Promise<void> {
  for (const rows of [1_000, 100, 10, 1, 1]) {
    let isFull = false;
    while (!isFull)
      await database.pool.query(FILL, [rows]).catch((error: { code?: string }) => {
        expect(error.code).toBe('53100');
        isFull = true;
      });
  }
}

test('a full disk: 503, nothing left, and a way in as soon as there is room', async (context) => {
  const database = await createTestDatabase();
  const disk = await mountSmallDisk(database);
  if (typeof disk === 'string') {
    await database.drop();
    console.log(`left out: no small file system for the database can be made here (${disk})`);
    context.skip(`no small file system can be made here: ${disk}`);
    return;
  }
  const tablespace = `small_${process.pid}_${Date.now()}`;
  const instance = await startInstance({ database });
  const cast = await createCast(instance);
  try {
    const { pool } = database;
    const userId = await cast.createMember('dana@plain.example');
    await pool.query(`create tablespace ${tablespace} location '${disk.directory}'`);
    // The log line of a login is written with it. An empty table has to grow for the first one.
    await pool.query('truncate logs');
    await pool.query(`alter table logs set tablespace ${tablespace}`);
    await pool.query(`create table filler (n bytea) tablespace ${tablespace}`);
    await pool.query('alter table filler alter column n set storage plain');
    await fill(database);
    const full = await new Visitor(cast).withPassword('dana@plain.example', PASSWORD);
    expect(full.status).toBe(503);
    for (const table of ['sessions', 'authorization_codes', 'login_receipts', 'logs'])
      expect((await pool.query(`select 1 from ${table}`)).rows, table).toEqual([]);
    await pool.query('drop table filler');
    const visitor = new Visitor(cast);
    const { claims } = await visitor.redeem(await visitor.withPassword('dana@plain.example', PASSWORD));
    expect(claims.sub).toBe(userId);
  } finally {
    await cast.stop();
    await instance.stop();
    const other = await createTestDatabase();
    await database.drop();
    await other.pool.query(`drop tablespace if exists ${tablespace}`);
    await other.drop();
    disk.remove();
  }
}, 90_000);
