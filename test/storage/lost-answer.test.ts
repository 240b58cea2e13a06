/** The question whether a write was done whose answer was lost: it is asked until somebody answers, or until the deadline. */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { Fault } from '../../src/kernel/errors.js';
import { startDeadline, toLimit } from '../../src/storage/database/deadline.js';
import { askWhetherStored, mayBeWritten } from '../../src/storage/database/lost-answer.js';

const AWAY = new Fault('database', 'the database cannot be reached', true);
const poolOf = (limitMs: number) => ({ options: { query_timeout: limitMs } }) as unknown as pg.Pool;

test('asked again while nobody answers; a no is a no', async () => {
  let asked = 0;
  const find = async () => {
    asked += 1;
    if (asked < 3) throw AWAY;
    return true;
  };
  expect(await askWhetherStored(find, startDeadline(poolOf(5_000)))).toBe('stored');
  expect(asked).toBe(3);
  expect(await askWhetherStored(async () => false, startDeadline(poolOf(5_000)))).toBe('absent');
});

test.each([
  ['nobody can be reached', () => Promise.reject(AWAY)],
  ['the question hangs', () => new Promise<boolean>(() => undefined)],
])('%s: unknown, at the deadline', async (_name, find) => {
  const begunAt = performance.now();
  expect(await askWhetherStored(find, startDeadline(poolOf(300)))).toBe('unknown');
  expect(performance.now() - begunAt).toBeLessThan(4_000);
});

test('an error that is not about reaching the database is thrown', async () => {
  await expect(askWhetherStored(() => Promise.reject(new TypeError('x')), startDeadline(poolOf(300)))).rejects.toThrow(
    TypeError,
  );
});

test('what the waits before have used is gone, and the limit is never none', () => {
  let nowMs = 0;
  const deadline = startDeadline(poolOf(12_000), { monotonicMs: () => nowMs });
  nowMs = 5_000;
  expect(toLimit(deadline)).toEqual({ query_timeout: 7_000 });
  nowMs = 20_000;
  expect(deadline.leftMs()).toBe(0);
  expect(toLimit(deadline)).toEqual({ query_timeout: 1 });
});

/** `syscall` as Node sets it, which is the first word of the message. */
const faultOf = (message: string, code?: string) => {
  const [syscall] = message.split(' ');
  const cause = Object.assign(new Error(message), code?.startsWith('E') ? { code, syscall } : code ? { code } : {});
  return new Fault('database', 'x', true, { cause });
};

test.each([
  [true, 'the connection broke', faultOf('Connection terminated unexpectedly')],
  [true, 'no answer came', faultOf('Query read timeout')],
  [true, 'reset', faultOf('read ECONNRESET', 'ECONNRESET')],
  [true, 'ended by the server, perhaps in its commit', faultOf('terminating connection', '57P01')],
  [true, 'its way was lost while the answer came', faultOf('read EHOSTUNREACH', 'EHOSTUNREACH')],
  [false, 'never sent: no way there', faultOf('connect EHOSTUNREACH', 'EHOSTUNREACH')],
  [false, 'never sent: nobody listens', faultOf('connect ECONNREFUSED', 'ECONNREFUSED')],
  [false, 'never sent: no connection was free', faultOf('timeout exceeded when trying to connect')],
  [false, 'rolled back: a lock', faultOf('canceling statement due to lock timeout', '55P03')],
  [false, 'rolled back: a full disk', faultOf('could not extend file', '53100')],
  [false, 'a place in a queue did not come', new Fault('timeout', 'too many wait', true)],
  [false, 'no fault at all', new Error('Connection terminated unexpectedly')],
])('may be written (%s): %s', (expected, _name, error) => {
  expect(mayBeWritten(error)).toBe(expected);
});
