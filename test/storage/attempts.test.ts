import { afterAll, beforeAll, expect, test } from 'vitest';
import { addSeconds } from '../../src/kernel/clock.js';
import { createAttemptCounters, deleteExpiredCounters } from '../../src/storage/attempts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const AT = new Date('2026-01-02T03:04:05Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('case=counts within the window, starts anew after it, is forgotten on reset', async () => {
  const counters = createAttemptCounters(database.pool);
  expect(await counters.increment('a', 60, AT)).toBe(1);
  expect(await counters.increment('a', 60, addSeconds(AT, 30))).toBe(2);
  expect(await counters.increment('b', 60, addSeconds(AT, 30))).toBe(1);
  // The window is not pushed on by attempts: it ends 60 s after the first.
  expect(await counters.increment('a', 60, addSeconds(AT, 59))).toBe(3);
  expect(await counters.increment('a', 60, addSeconds(AT, 60))).toBe(1);
  expect(await counters.increment('a', 60, addSeconds(AT, 119))).toBe(2);
  await counters.reset('a');
  expect(await counters.increment('a', 60, addSeconds(AT, 119))).toBe(1);
});

// Attack: many guesses at once, so that each of them counts as the first.
test('case=fifty attempts at once are fifty', async () => {
  const counters = createAttemptCounters(database.pool);
  const counts = await Promise.all(Array.from({ length: 50 }, () => counters.increment('at once', 60, AT)));
  expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test('case=an attempt that is taken back does not count, and none is taken back below zero', async () => {
  const counters = createAttemptCounters(database.pool);
  await counters.increment('back', 60, AT);
  await counters.release('back');
  await counters.release('back');
  expect(await counters.increment('back', 60, AT)).toBe(1);
});

// Attack: a counter that overflows turns into an error, and then into a way around it.
test('case=the highest count stays', async () => {
  const counters = createAttemptCounters(database.pool);
  await counters.increment('high', 60, AT);
  await database.pool.query('update attempt_counters set count = 2147483647');
  expect(await counters.increment('high', 60, AT)).toBe(2147483647);
});

test('case=no key is readable in the table, and what is over can be removed', async () => {
  await database.pool.query('delete from attempt_counters');
  const counters = createAttemptCounters(database.pool);
  await counters.increment('ivy@acme.example', 60, AT);
  await counters.increment('long', 600, AT);
  const rows = await database.pool.query('select attempt_counters::text as row from attempt_counters');
  expect(JSON.stringify(rows.rows)).not.toContain('acme');
  expect(JSON.stringify(rows.rows)).not.toContain(Buffer.from('acme').toString('hex'));
  await deleteExpiredCounters(database.pool, addSeconds(AT, 60));
  expect((await database.pool.query('select 1 from attempt_counters')).rowCount).toBe(1);
  expect(await counters.increment('long', 600, addSeconds(AT, 60))).toBe(2);
});
