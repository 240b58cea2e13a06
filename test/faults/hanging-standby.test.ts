/**
 * A synchronous standby that does not answer: the database answers every read, and finishes no commit. A node has to notice,
 * with little cost, and without a heap of commits that wait. The PostgreSQL is the test's own: its setting holds for all
 * databases of a server.
 */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeDatabase } from '../../src/cli/doctor/database.js';
import { parseConfig } from '../../src/config/config.js';
import { systemClock } from '../../src/kernel/clock.js';
import { readDatabaseFacts } from '../../src/storage/database/condition.js';
import { createReadinessCheck } from '../../src/storage/database/health.js';
import { silentLog } from '../../src/storage/database/log.js';
import { migrate } from '../../src/storage/database/migrate.js';
import { createPool } from '../../src/storage/database/pool.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';

let postgres: OwnPostgres;
let probe: pg.Pool;
let nowMs = 0;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  await migrate(postgres.pool);
  probe = createPool({
    url: postgres.url,
    log: silentLog,
    maxConnections: 1,
    waitMs: 3_000,
    statementTimeoutMs: 2_000,
    readTimeoutMs: 3_000,
  });
});
afterAll(async () => {
  await probe.end();
  await postgres.drop();
});

/** Names the standby that every commit waits for; an empty name ends the wait. */
async function waitForStandby(name: string): Promise<void> {
  await postgres.pool.query(`alter system set synchronous_standby_names = '${name}'`);
  await postgres.pool.query('select pg_reload_conf()');
  await expect
    .poll(async () => (await postgres.pool.query('show synchronous_standby_names')).rows[0]?.synchronous_standby_names)
    .toBe(name);
  // The checkpointer reads the name a moment after the backends, and until then commits do not wait.
  await expect.poll(isWaitingForStandby).toBe(name !== '');
}

/** Tells whether a new commit waits for the standby. Ends the wait of its own commit by a cancellation. */
async function isWaitingForStandby(): Promise<boolean> {
  const client = await postgres.pool.connect();
  const pid: number = (await client.query('select pg_backend_pid() as pid')).rows[0]?.pid;
  let isDone = false;
  const commit = client.query(`select pg_logical_emit_message(true, 'test', '')`).then(() => {
    isDone = true;
  });
  const waits = `select 1 from pg_stat_activity where pid = $1 and wait_event = 'SyncRep'`;
  let isStuck = false;
  while (!isDone && !isStuck) isStuck = (await postgres.pool.query(waits, [pid])).rowCount === 1;
  if (isStuck) await postgres.pool.query('select pg_cancel_backend($1)', [pid]);
  await commit;
  client.release();
  return isStuck;
}

async function countStuck(): Promise<number> {
  const stuck = await postgres.pool.query(`select 1 from pg_stat_activity where wait_event = 'SyncRep'`);
  return stuck.rowCount ?? 0;
}

test('not ready within three seconds, with one commit that waits however often somebody asks; then ready again', async () => {
  const check = createReadinessCheck(probe, undefined, { monotonicMs: () => nowMs });
  expect(await check()).toEqual({ ready: true });
  await waitForStandby('away');
  // A commit counts for a second.
  nowMs += 1_001;
  const begunAt = performance.now();
  const answer = await check();
  expect(performance.now() - begunAt).toBeLessThan(3_000);
  expect(answer).toEqual({ ready: false, reason: expect.stringContaining('finishes no commit') });
  for (let times = 0; times < 5; times += 1) expect(await check()).toMatchObject({ ready: false });
  expect(await countStuck()).toBe(1);
  const options = { url: postgres.url, log: silentLog };
  await expect
    .poll(async () => judgeDatabase(await readDatabaseFacts(postgres.pool, options, systemClock), parseConfig({})))
    .toContainEqual(
      expect.objectContaining({
        state: 'fail',
        found: '1 commits wait for a synchronous standby that does not answer.',
      }),
    );
  await waitForStandby('');
  await expect.poll(check, { timeout: 10_000 }).toEqual({ ready: true });
  expect(await countStuck()).toBe(0);
}, 60_000);

test('another process with the number of the unfinished commit, as after a fail-over, is not taken for it', async () => {
  const check = createReadinessCheck(probe, undefined, { monotonicMs: () => nowMs });
  await waitForStandby('away');
  expect(await check()).toMatchObject({ ready: false });
  await waitForStandby('');
  const { query } = probe;
  // The connection that asks has the number.
  probe.query = (async (text: string, values: unknown[]) => {
    const asksForIt = text.includes('from pg_stat_activity where pid');
    const client = await probe.connect();
    const [own] = (await client.query('select pg_backend_pid() as pid')).rows;
    const answer = await client.query(text, asksForIt ? [own.pid] : values);
    client.release();
    return answer;
  }) as unknown as typeof query;
  const answer = await check();
  probe.query = query;
  expect(answer).toEqual({ ready: true });
}, 60_000);

// Attack: somebody asks for the readiness a thousand times, and each time the database has to write.
test('one commit a second at most, and no row', async () => {
  const read = async () =>
    (
      await postgres.pool.query(`select sum(n_tup_ins + n_tup_upd)::int as rows, (select pg_current_wal_insert_lsn()) as at
      from pg_stat_user_tables`)
    ).rows[0];
  const check = createReadinessCheck(probe, undefined, { monotonicMs: () => nowMs });
  nowMs += 5_000;
  expect(await check()).toEqual({ ready: true });
  const queries: string[] = [];
  const connect = probe.connect;
  probe.connect = ((...args: unknown[]) => {
    if (args.length === 0) queries.push('commit');
    return (connect as (...all: unknown[]) => unknown).apply(probe, args);
  }) as typeof connect;
  const before = await read();
  for (let times = 0; times < 20; times += 1) await check();
  expect(queries).toEqual([]);
  nowMs += 1_001;
  for (let times = 0; times < 20; times += 1) await check();
  expect(queries).toEqual(['commit']);
  expect((await read())?.rows).toBe(before?.rows);
  probe.connect = connect;
});
