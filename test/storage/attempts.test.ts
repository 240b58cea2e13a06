import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addSeconds } from '../../src/kernel/clock.js';
import type { AttemptCounters } from '../../src/ports/attempts.js';
import { createAttemptCounters, deleteExpiredCounters } from '../../src/storage/attempts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const AT = new Date('2026-01-02T03:04:05Z');
let database: TestDatabase;
let counters: AttemptCounters;
beforeAll(async () => {
  database = await createTestDatabase();
  counters = createAttemptCounters(database.pool);
});
afterAll(() => database.drop());

const counter = (key: string, limit = 1000, windowSeconds = 60) => ({ key, limit, windowSeconds });
const values = async (keys: readonly string[], limits: readonly number[] = [], at = AT) => {
  const outcome = await counters.count(
    keys.map((key, index) => counter(key, limits[index])),
    at,
  );
  return outcome.within ? outcome.counts : outcome;
};
const countOne = async (key: string, at = AT, windowSeconds = 60) => {
  const outcome = await counters.count([counter(key, 2 ** 31 - 1, windowSeconds)], at);
  return outcome.within ? outcome.counts[0] : outcome;
};

test('case=counts within the window, starts anew after it, is forgotten', async () => {
  expect(await countOne('a')).toBe(1);
  expect(await countOne('a', addSeconds(AT, 30))).toBe(2);
  expect(await countOne('b', addSeconds(AT, 30))).toBe(1);
  // The window is not pushed on by attempts: it ends 60 s after the first.
  expect(await values(['a'], [2], addSeconds(AT, 59))).toEqual({ within: false, place: 0, endsAt: addSeconds(AT, 60) });
  expect(await countOne('a', addSeconds(AT, 60))).toBe(1);
  expect(await countOne('a', addSeconds(AT, 119))).toBe(2);
  await counters.change([{ key: 'a', change: 'forget' }]);
  expect(await countOne('a', addSeconds(AT, 119))).toBe(1);
});

// Attack: somebody who is refused goes on, and uses up a wide counter that others need, or fills the table.
test('case=several counters in one statement; where one is at its limit, nothing is counted', async () => {
  const rows = async () => (await database.pool.query('select count(*)::integer as n from attempt_counters')).rows[0].n;
  const full = (place: number) => ({ within: false, place, endsAt: addSeconds(AT, 60) });
  expect(await values(['narrow', 'wide', 'wider'], [2, 5, 5])).toEqual([1, 1, 1]);
  expect(await values(['narrow', 'wide', 'wider'], [2, 5, 5])).toEqual([2, 2, 2]);
  const before = await rows();
  for (const _ of [1, 2, 3]) expect(await values(['narrow', 'wide', 'wider'], [2, 5, 5])).toEqual(full(0));
  expect(await values(['other', 'wide', 'wider'], [2, 2, 5])).toEqual(full(1));
  expect(await values(['other', 'wide', 'wider'], [2, 5, 2])).toEqual(full(2));
  expect(await rows()).toBe(before);
  expect(await values(['third', 'wide', 'wider'], [2, 5, 5])).toEqual([1, 3, 3]);
});

// Attack: many guesses at once, none of which sees the others.
test('case=of attempts at the same moment as many get through as are left', async () => {
  for (let time = 0; time < 6; time += 1) await values(['burst', 'burst, wide', 'burst, wider'], [7, 20, 30]);
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('select 1 from attempt_counters for update');
  const burst = Array.from({ length: 4 }, () => values(['burst', 'burst, wide', 'burst, wider'], [7, 20, 30]));
  // All of them have read what is counted so far, and wait for the row.
  const waiting = `select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await client.query(waiting)).rows[0].n < burst.length) await client.query('select pg_stat_clear_snapshot()');
  await client.query('commit');
  client.release();
  expect((await Promise.all(burst)).filter(Array.isArray)).toEqual([[7, 7, 7]]);
  expect(await values(['burst, wider'], [1000])).toEqual([8]);
});

// Attack: somebody who is refused at a wide counter uses up the narrow one of somebody else.
test('case=an attempt that a simultaneous one refuses at a later counter leaves the earlier ones as they were', async () => {
  const [keys, limits] = [
    ['open', 'tight', 'open too'],
    [100, 3, 100],
  ] as const;
  for (let time = 0; time < 2; time += 1) await values(keys, limits);
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('select 1 from attempt_counters for update');
  const burst = Array.from({ length: 4 }, () => values(keys, limits));
  const waiting = `select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await client.query(waiting)).rows[0].n < burst.length) await client.query('select pg_stat_clear_snapshot()');
  await client.query('commit');
  client.release();
  expect((await Promise.all(burst)).filter(Array.isArray)).toEqual([[3, 3, 3]]);
  const counts = await Promise.all(keys.map(async (key) => values([key], [1000])));
  expect(counts).toEqual([[4], [4], [4]]);
});

test('case=the first full counter is found, and nothing is counted by asking', async () => {
  const asked = [counter('asked, not full', 3), counter('asked', 2), counter('asked, full too', 2)];
  const find = (at = AT) => counters.findFirstFull(asked, at);
  expect(await find()).toBeUndefined();
  await counters.count(asked, AT);
  expect(await find()).toBeUndefined();
  await counters.count(asked, AT);
  expect([await find(), await find()]).toEqual([{ place: 1 }, { place: 1 }]);
  expect(await find(addSeconds(AT, 60))).toBeUndefined();
  expect(await values(['asked, not full'], [3])).toEqual([3]);
});

test('case=counters are read with the ends of their windows, and nothing is counted by reading', async () => {
  const asked = [counter('read, never counted'), counter('read')];
  const counted = await counters.count([counter('read')], AT);
  expect(counted).toEqual({ within: true, counts: [1], ends: [addSeconds(AT, 60)] });
  const later = addSeconds(AT, 30);
  for (const _ of [1, 2])
    expect(await counters.read(asked, later)).toEqual({
      counts: [0, 1],
      ends: [addSeconds(AT, 90), addSeconds(AT, 60)],
    });
  expect((await counters.read(asked, addSeconds(AT, 60))).counts).toEqual([0, 0]);
});

// Attack: many guesses at once, so that each of them counts as the first.
test('case=fifty attempts at once are fifty', async () => {
  const counts = await Promise.all(Array.from({ length: 50 }, () => countOne('at once')));
  expect(counts.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test('case=counting, taking back and cleaning at once never wait for each other', async () => {
  const keys = (person: number) => [`p${person}`, `office ${person % 2}`, 'everybody'];
  const limits = [1000, 1000, 1000] as const;
  await Promise.all(
    Array.from({ length: 120 }, async (_, index) => {
      await values(keys(index % 4), limits);
      if (index % 3 > 0) await counters.change(keys(index % 4).map((key) => ({ key, change: 'take_back' })));
      else await deleteExpiredCounters(database.pool, addSeconds(AT, index % 2 === 0 ? 60 : 0));
    }),
  );
});

test('case=an attempt that is taken back does not count, and none is taken back below zero', async () => {
  await countOne('back');
  for (const _ of [1, 2])
    await counters.change([
      { key: 'back', change: 'take_back' },
      { key: 'never counted', change: 'take_back' },
    ]);
  expect(await countOne('back')).toBe(1);
  expect(await countOne('never counted')).toBe(1);
});

// Attack: a counter that overflows turns into an error, and then into a way around it.
test('case=the highest count stays', async () => {
  await countOne('high');
  await database.pool.query('update attempt_counters set count = 2147483647');
  expect(await countOne('high')).toMatchObject({ within: false });
});

test('case=a key is remembered for as long as was said last, and no shorter', async () => {
  expect(await counters.isRemembered('known', AT)).toBe(false);
  await counters.remember('known', 600, AT);
  await counters.remember('known', 60, AT);
  expect(await counters.isRemembered('known', addSeconds(AT, 599))).toBe(true);
  expect(await counters.isRemembered('known', addSeconds(AT, 600))).toBe(false);
  await counters.remember('known', 600, addSeconds(AT, 300));
  expect(await counters.isRemembered('known', addSeconds(AT, 899))).toBe(true);
});

test('case=what is full is found by its subject with its network, and is set to zero by it', async () => {
  const tries = [
    { ...counter('ivy here', 2), subject: 'ivy', network: '192.0.2.1' },
    { ...counter('ivy block', 2), subject: 'ivy', network: '192.0.2.0/24' },
    { ...counter('everybody here', 3), subject: 'network', network: '192.0.2.1' },
    { ...counter('ivy', 2), subject: 'ivy' },
    { ...counter('a code', 2) },
  ];
  const found = async (subjects: readonly string[], at = AT) => counters.findFull(subjects, at);
  await counters.count(tries, AT);
  expect(await found(['ivy', 'network'])).toEqual([]);
  await counters.count(tries, AT);
  expect(await found(['ivy'])).toEqual([{ network: '192.0.2.0/24' }, { network: '192.0.2.1' }, {}]);
  expect(await found(['network', 'iv', 'ivy here', ''])).toEqual([]);
  // The window is over.
  expect(await found(['ivy'], addSeconds(AT, 60))).toEqual([]);
  await counters.forget(['ivy']);
  expect(await found(['ivy'])).toEqual([]);
  const named = async (key: string) => values([key]);
  expect([await named('ivy here'), await named('ivy block'), await named('ivy')]).toEqual([[1], [1], [1]]);
  expect([await named('everybody here'), await named('a code')]).toEqual([[3], [3]]);
});

// Attack: an attempt holds a narrow counter and waits for a wide one, while the end of a block holds the wide one and waits for the narrow.
test('case=setting to zero holds no counter while it waits for another', async () => {
  const subject = 'held';
  for (const key of ['held narrow', 'held wide', 'held wider'])
    await counters.count([{ ...counter(key), subject }], AT);
  const keys = 'select key_hash from attempt_counters where subject_hash = $1 order by ctid';
  const hash = createHash('sha256').update(subject).digest();
  const all = (await database.pool.query(keys, [hash])).rows.map((row) => row.key_hash as Buffer);
  expect(all).toHaveLength(3);
  for (const last of all) {
    await database.pool.query('update attempt_counters set count = 1 where subject_hash = $1', [hash]);
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query('update attempt_counters set count = 1 where key_hash = $1', [last]);
    const forgotten = counters.forget([subject]);
    const waiting = `select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await client.query(waiting)).rows[0].n < 1) await client.query('select pg_stat_clear_snapshot()');
    // No other change waits: every other counter can be changed.
    await client.query(`set local lock_timeout = '5s'`);
    await client.query('update attempt_counters set count = 1 where subject_hash = $1', [hash]);
    await client.query('commit');
    client.release();
    await forgotten;
  }
});

test('case=no key is readable in the table, and what is over can be removed', async () => {
  await database.pool.query('delete from attempt_counters');
  await counters.count(
    [{ ...counter('ivy@acme.example'), subject: 'password:ivy@acme.example', network: '192.0.2.1' }],
    AT,
  );
  await countOne('long', AT, 600);
  const rows = await database.pool.query('select attempt_counters::text as row from attempt_counters');
  expect(JSON.stringify(rows.rows)).not.toContain('acme');
  expect(JSON.stringify(rows.rows)).not.toContain(Buffer.from('acme').toString('hex'));
  await deleteExpiredCounters(database.pool, addSeconds(AT, 60));
  expect((await database.pool.query('select 1 from attempt_counters')).rowCount).toBe(1);
  expect(await countOne('long', addSeconds(AT, 60), 600)).toBe(2);
});
