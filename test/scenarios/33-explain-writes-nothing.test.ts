/**
 * Story 33: `explain` writes nothing. Checked where it cannot be hidden: in PostgreSQL's own log of every statement, and by its count
 * of transactions that wrote anything. A database server of its own, so that nobody else writes meanwhile.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundledPostgres, startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool } from '../../src/storage/database/pool.js';
import { runVestibule } from '../cli/run-vestibule.js';
import { type Cast, createCast } from '../support/cast.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { LOOKING_FOR_WORK } from '../support/looking-for-work.js';

const SETTINGS = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_directory: 'log',
  log_filename: 'statements',
  log_statement: 'all',
  log_parameter_max_length: '0',
  // Its own writes would count as somebody's.
  autovacuum: 'off',
};

let dataDir: string;
let postgres: BundledPostgres;
let pool: pg.Pool;
let instance: Instance;
let cast: Cast;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-statements-'));
  chmodSync(dataDir, 0o711);
  postgres = await startBundledPostgres({ dataDir, log: silentLog, settings: SETTINGS });
  pool = createPool({ url: postgres.url, log: silentLog, maxConnections: 2 });
  instance = await startInstance({ database: { url: postgres.url, pool, drop: async () => undefined } });
  cast = await createCast(instance);
  await cast.createMember('dana@acme.example');
  await cast.createMember('uma@acme.example', { verified: false });
  await cast.invite('ivy@acme.example');
}, 120_000);
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
  await pool?.end();
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Every statement that PostgreSQL was sent so far, in its order. */
async function readStatements(): Promise<string[]> {
  // The collector is a process of its own: a statement of ours that has arrived comes after all others.
  const mark = `select 'mark ${Math.random()}'`;
  await pool.query(mark);
  const folder = join(dataDir, 'postgres', 'log');
  for (let tries = 0; tries < 100; tries++) {
    const lines = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => String((JSON.parse(line) as { message?: string }).message ?? ''));
    const statements = lines.flatMap((line) => {
      const [, text] = /^(?:statement|execute [^:]*): ([\s\S]*)$/.exec(line) ?? [];
      return text === undefined ? [] : [text.trim()];
    });
    const end = statements.indexOf(mark);
    if (end >= 0) return statements.slice(0, end).filter((text) => !text.startsWith("select 'mark"));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("PostgreSQL's log does not show a statement that it was sent");
}

/** Moves on with every transaction that wrote anything at all. */
async function countWritingTransactions(): Promise<number> {
  const { rows } = await pool.query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as next');
  return Number(rows[0]?.next);
}

const WRITES =
  /\b(insert|update|delete|merge|truncate|alter|create|drop|copy|nextval|setval|lock|for (no key )?update|for (key )?share)\b/i;

/** True for a statement with the words of a write. A name in quotes, such as that of a permission, is none. */
const isWrite = (text: string): boolean => WRITES.test(text.replaceAll(/'[^']*'/g, "''"));

/** Returns what was sent to the database during `work`, without the questions of this test. */
async function during(work: () => Promise<void>): Promise<{ statements: string[]; wrote: number }> {
  const before = await readStatements();
  const first = await countWritingTransactions();
  await work();
  const wrote = (await countWritingTransactions()) - first;
  const statements = (await readStatements())
    .slice(before.length)
    .filter((text) => !text.includes('pg_snapshot_xmax') && !LOOKING_FOR_WORK.test(text));
  return { statements, wrote };
}

const people = ['dana', 'uma', 'ivy', 'sam', 'olga'].map((name) => `${name}@acme.example`);

test('the check itself sees a write: an invitation', async () => {
  const { statements, wrote } = await during(async () => {
    await cast.invite('nora@acme.example');
  });
  expect(wrote).toBeGreaterThan(0);
  expect(statements.some((text) => isWrite(text))).toBe(true);
});

test('the Management API: every statement only reads, and no transaction wrote', async () => {
  const outcomes = new Set<unknown>();
  const { statements, wrote } = await during(async () => {
    for (const email of people)
      for (const question of [{ email }, { claims: { sub: 's', email, email_verified: true } }])
        outcomes.add((await instance.api('POST', `/organizations/${cast.acme.id}/explain`, question)).outcome);
  });
  expect([...outcomes].sort()).toEqual(['admitted', 'proof_required', 'refused']);
  expect(statements.length).toBeGreaterThan(people.length);
  expect(statements.filter((text) => isWrite(text))).toEqual([]);
  expect(wrote).toBe(0);
});

test('the command line: the same, its token and its look for the organization included', async () => {
  const { statements, wrote } = await during(async () => {
    const run = await runVestibule(['explain', 'dana@acme.example', '--organization', 'acme'], {
      VESTIBULE_URL: instance.origin,
      VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });
  expect(statements.length).toBeGreaterThan(2);
  expect(statements.filter((text) => isWrite(text))).toEqual([]);
  expect(wrote).toBe(0);
});
