/** Rows that are deleted, and those that are not: the log by its age, mail that was given up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../src/storage/database/log.js';
import { analyzeNeglected } from '../../src/storage/database/statistics.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { takeStatistics } from '../support/large-tenant.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const NOW = new Date('2026-11-25T12:00:00Z');
const count = async (sql: string) =>
  Number((await database.pool.query<{ count: string }>(`select count(*) as count from ${sql}`)).rows[0]?.count);

test('lines of the log end with their time, however many there are, and no other line does', async () => {
  await database.pool.query(
    `insert into logs (organization_id, log_id, date, type)
     select case when n % 2 = 0 then '' else 'org_1' end, 'log_' || n, $1::timestamptz - make_interval(secs => n * 60), 's'
     from generate_series(0, 25000) n`,
    [NOW],
  );
  await cleanUp(database.pool, NOW, { logDays: 30 });
  expect(await count('logs')).toBe(25_001);
  await cleanUp(database.pool, NOW, { logDays: 10 });
  // A minute apart: ten days are 14,400 minutes; the line of that very moment stays.
  expect(await count('logs')).toBe(14_401);
  expect(await count(`logs where date < '2026-11-15T12:00:00Z'`)).toBe(0);
  await cleanUp(database.pool, NOW, { logDays: 1 });
  expect(await count('logs')).toBe(1_441);
});

test('mail that was given up ends after a month; mail that still waits does not', async () => {
  await database.pool.query(
    `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at, sent_at)
     values ('waits', 'a@x.example', 't', '', $1::timestamptz - interval '60 days', $1, null),
            ('given-up', 'b@x.example', 't', '', $1::timestamptz - interval '30 days', 'infinity', null),
            ('given-up-lately', 'c@x.example', 't', '', $1::timestamptz - interval '29 days', 'infinity', null),
            ('sent', 'd@x.example', 't', '', $1::timestamptz - interval '2 days', $1, $1::timestamptz - interval '1 day')`,
    [NOW],
  );
  await cleanUp(database.pool, NOW, { logDays: 1 });
  const { rows } = await database.pool.query('select id from outbox order by id');
  expect(rows).toEqual([{ id: 'given-up-lately' }, { id: 'waits' }]);
});

test('a set-up ends with its ticket, and with it the settings that were typed, a secret among them', async () => {
  await database.pool.query(
    `insert into organizations (id, name, created_at, updated_at) values ('org_1', 'acme', $1, $1)`,
    [NOW],
  );
  await database.pool.query(
    `insert into self_service_profiles (id, name, created_at, updated_at) values ('ssp_1', 'customers', $1, $1)`,
    [NOW],
  );
  await database.pool.query(
    `insert into connection_setups (organization_id, id, profile_id, ticket_hash, config, candidate_sealed, created_at, expires_at)
     select 'org_1', id, 'ssp_1', '', '{}', 'sealed', $1, $1::timestamptz + make_interval(secs => seconds)
     from (values ('sst_over', -1), ('sst_open', 1)) as tickets (id, seconds)`,
    [NOW],
  );
  await cleanUp(database.pool, NOW, { logDays: 1 });
  const { rows } = await database.pool.query('select id from connection_setups');
  expect(rows).toEqual([{ id: 'sst_open' }]);
});

test('a step that fails keeps nothing else from being cleaned, and is told', async () => {
  await database.pool.query(
    `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at, sent_at)
     values ('sent-too', 'e@x.example', 't', '', $1::timestamptz - interval '2 days', $1, $1::timestamptz - interval '1 day')`,
    [NOW],
  );
  await database.pool.query(`insert into login_receipts values ('', 'old', $1::timestamptz - interval '1 day')`, [NOW]);
  await database.pool.query('alter table sessions rename to sessions_away');
  try {
    await expect(cleanUp(database.pool, NOW, { logDays: 1 })).rejects.toThrow('sessions');
  } finally {
    await database.pool.query('alter table sessions_away rename to sessions');
  }
  expect(await count(`outbox where id = 'sent-too'`)).toBe(0);
  expect(await count('login_receipts')).toBe(0);
});

test('small tables get the statistics that autovacuum never gives them: at first, and when they changed', async () => {
  const own = await createTestDatabase();
  try {
    // The template has been analysed, as a server does at its start.
    await takeStatistics(own.pool);
    expect(await analyzeNeglected(own.pool, silentLog)).toContain('tenant');
    const { rows } = await own.pool.query(`select reltuples from pg_class where oid = 'tenant'::regclass`);
    expect(rows).toEqual([{ reltuples: 1 }]);
    await own.pool.query(`update tenant set friendly_name = 'Changed'; select pg_stat_force_next_flush()`);
    // Counters of changes come to be known when the connection that made them is idle.
    const changed = new Set<string>();
    const analyze = async () => {
      for (const name of await analyzeNeglected(own.pool, silentLog)) changed.add(name);
      return [...changed].sort();
    };
    await expect.poll(analyze, { timeout: 20_000 }).toEqual(['settings_revision', 'tenant']);
  } finally {
    await own.drop();
  }
});
