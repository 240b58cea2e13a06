import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/errors.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool, inTransaction, queryRows, toFault, violatedConstraint } from '../../src/storage/database/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import fc from '../support/random.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('create table counters (id integer primary key, n integer not null)');
  await database.pool.query('insert into counters values (1, 0), (2, 0)');
});
afterAll(() => database.drop());

async function thrown(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('case=int8 is exact, timestamptz is a Date, json is parsed', async () => {
  const rows = await queryRows(
    database.pool,
    `select 9007199254740991::int8 as safe, 9007199254740993::int8 as large, count(*) as count,
            timestamptz '2026-01-02 03:04:05.678+02' as at, '{"a":[1]}'::jsonb as json, array[1, 2]::int8[] as list from counters`,
  );
  expect(rows[0]).toMatchObject({
    safe: 9007199254740991,
    large: 9007199254740993n,
    count: 2,
    at: new Date('2026-01-02T01:04:05.678Z'),
    json: { a: [1] },
  });
});

test('property: text[] arrives as it was stored, whatever its elements contain', async () => {
  const special = ['NULL', 'null', 'xNULLx', '', ' ', 'a b', ',', '"', '\\', '{', '}', '{}', '[1:2]={a}', '\t', 'Ж'];
  const element = fc.oneof(
    fc.constantFrom(...special),
    fc.stringMatching(/^[a-z]+:[a-z_]+$/),
    fc.string().filter((text) => !text.includes('\0')),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(element, { maxLength: 12 }), async (list) => {
      expect(await queryRows(database.pool, 'select $1::text[] as list', [list])).toEqual([{ list }]);
    }),
    { numRuns: 300 },
  );
  expect(
    await queryRows(database.pool, `select '{{a,b},{c,NULL}}'::text[] as list, '[2:3]={a,b}'::text[] as from_two`),
  ).toEqual([
    {
      list: [
        ['a', 'b'],
        ['c', null],
      ],
      from_two: ['a', 'b'],
    },
  ]);
});

test('case=a statement that takes too long ends in a retryable timeout', async () => {
  const pool = createPool({ url: database.url, log: silentLog, statementTimeoutMs: 100 });
  expect(await thrown(queryRows(pool, 'select pg_sleep(5)'))).toMatchObject({ kind: 'timeout', retryable: true });
  const name = await queryRows(pool, `select current_setting('application_name') as name`);
  expect(name).toEqual([{ name: 'vestibule' }]);
  await pool.end();
});

// A commit that waits for its standby, after other waits: the person has left before the node gives it up.
test('case=the answers of a transaction have one deadline, which the next use of the connection does not have', async () => {
  const pool = createPool({ url: database.url, log: silentLog, maxConnections: 1 });
  const soon = { leftMs: () => 300 };
  const begunAt = performance.now();
  const late = inTransaction(pool, (client) => client.query('select pg_sleep(8)'), soon);
  expect(await thrown(late)).toMatchObject({ kind: 'timeout', retryable: true });
  expect(performance.now() - begunAt).toBeLessThan(3_000);
  await inTransaction(pool, (client) => client.query('select 1'), soon);
  await pool.query('select pg_sleep(0.8)');
  await pool.end();
});

test('case=two transactions that wait for each other: one gets a retryable fault, nothing of it is left', async () => {
  let firstHolds = 0;
  let bothHold: () => void = () => {};
  const meeting = new Promise<void>((resolve) => {
    bothHold = resolve;
  });
  const work = (first: number, second: number) =>
    inTransaction(database.pool, async (client) => {
      await client.query('update counters set n = n + 1 where id = $1', [first]);
      firstHolds += 1;
      if (firstHolds === 2) bothHold();
      await meeting;
      await client.query('update counters set n = n + 1 where id = $1', [second]);
    });
  const outcomes = await Promise.allSettled([work(1, 2), work(2, 1)]);
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(failed).toHaveLength(1);
  expect(failed[0]?.reason).toBeInstanceOf(Fault);
  expect(failed[0]?.reason).toMatchObject({ kind: 'database', retryable: true });
  expect(await queryRows(database.pool, 'select n from counters order by id')).toEqual([{ n: 1 }, { n: 1 }]);
});

test('case=a constraint that says no is for the caller to read, not a fault', async () => {
  const error = await thrown(queryRows(database.pool, 'insert into counters values (1, 1)'));
  expect(error).not.toBeInstanceOf(Fault);
  expect(violatedConstraint(error)).toBe('counters_pkey');
  expect(violatedConstraint(new Error('other'))).toBeUndefined();
  expect(violatedConstraint(undefined)).toBeUndefined();
});

test('case=a connection that is lost is a retryable fault, and the pool goes on', async () => {
  const pool = createPool({ url: database.url, log: silentLog, maxConnections: 1 });
  const [{ pid } = { pid: 0 }] = await queryRows<{ pid: number }>(pool, 'select pg_backend_pid() as pid');
  const sleeping = thrown(queryRows(pool, 'select pg_sleep(20)'));
  for (let tries = 0; tries < 100; tries += 1) {
    const rows = await queryRows<{ active: boolean }>(
      database.pool,
      `select state = 'active' as active from pg_stat_activity where pid = $1`,
      [pid],
    );
    if (rows[0]?.active) break;
  }
  await queryRows(database.pool, 'select pg_terminate_backend($1)', [pid]);
  expect(await sleeping).toMatchObject({ name: 'Fault', kind: 'database', retryable: true });
  expect(await queryRows(pool, 'select 1 as n')).toEqual([{ n: 1 }]);
  await pool.end();
});

test('case=a connection lost inside a transaction is a fault, and is not given back to the pool', async () => {
  const pool = createPool({ url: database.url, log: silentLog, maxConnections: 1 });
  const error = await thrown(
    inTransaction(pool, async (client) => {
      client.on('error', () => {});
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await queryRows(database.pool, 'select pg_terminate_backend($1)', [rows[0]?.pid]);
      await client.query('update counters set n = 100');
    }),
  );
  expect(error).toMatchObject({ name: 'Fault', retryable: true });
  expect(await queryRows(pool, 'select max(n) as n from counters')).toEqual([{ n: 1 }]);
  await pool.end();
});

test('case=a connection that leads to a standby is closed at the first refused write, with those that stand beside it', async () => {
  const pool = createPool({ url: database.url, log: silentLog, maxConnections: 3 });
  const former = await Promise.all([1, 2, 3].map(() => pool.connect()));
  // As the former primary, for these connections only.
  for (const client of former) await client.query('set default_transaction_read_only = on');
  for (const client of former) client.release();
  const write = () => queryRows(pool, 'update counters set n = n where id = 1 returning n');
  const outcomes = [await thrown(write()), await thrown(write()), await thrown(write()), await thrown(write())];
  expect(outcomes.filter((one) => one !== undefined)).toHaveLength(1);
  expect(await queryRows(pool, 'show default_transaction_read_only')).toEqual([
    { default_transaction_read_only: 'off' },
  ]);
  await pool.end();
});

test('case=a refused connection is a retryable fault', async () => {
  const pool = createPool({ url: 'postgres://user@127.0.0.1:1/none', log: silentLog });
  expect(await thrown(queryRows(pool, 'select 1'))).toMatchObject({ name: 'Fault', kind: 'database', retryable: true });
  expect(await thrown(inTransaction(pool, async () => 1))).toMatchObject({ name: 'Fault', retryable: true });
  await pool.end();
});

test.each([
  ['53100', 'database_full', true],
  ['57000', 'database', true],
  ['40001', 'database', true],
  ['40P01', 'database', true],
  ['53300', 'database', true],
  ['57P01', 'database', true],
  ['08006', 'database', true],
  ['25006', 'database', true],
  ['55P03', 'timeout', true],
  ['28P01', 'database', false],
  ['XX001', 'database', false],
])('case=SQLSTATE %s is a fault of kind %s, retryable %s', (code, kind, retryable) => {
  expect(toFault(Object.assign(new Error('x'), { code }))).toMatchObject({ name: 'Fault', kind, retryable });
});

test.each(['23505', '22P02', '42601', undefined])('case=SQLSTATE %s stays what it is', (code) => {
  const error = Object.assign(new Error('x'), { code });
  expect(toFault(error)).toBe(error);
  expect(toFault('text')).toBe('text');
});
