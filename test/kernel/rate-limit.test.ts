/** The bucket: as many at once as it holds, then as it fills; each key for itself; bounded. */
import { expect, test } from 'vitest';
import { createRateLimit, rateHeaders } from '../../src/kernel/rate-limit.js';

function start(rate = { perSecond: 2, atOnce: 4 }, maxKeys?: number) {
  let ms = 0;
  const limit = createRateLimit(rate, { monotonicMs: () => ms }, maxKeys);
  return {
    limit,
    pass: (more: number) => (ms += more),
    times: (key: string, count: number) => Array.from({ length: count }, () => limit.take(key)),
  };
}

test('as many at once as the bucket holds, then one for each that fell in', () => {
  const { limit, pass, times } = start();
  expect(times('a', 5).map(({ isWithin, remaining }) => [isWithin, remaining])).toEqual([
    [true, 3],
    [true, 2],
    [true, 1],
    [true, 0],
    [false, 0],
  ]);
  pass(499);
  expect(limit.take('a').isWithin).toBe(false);
  pass(1);
  expect(limit.take('a').isWithin).toBe(true);
  expect(limit.take('a').isWithin).toBe(false);
  pass(3_600_000);
  expect(times('a', 5).filter(({ isWithin }) => isWithin)).toHaveLength(4);
});

test('a refused request takes nothing: who keeps asking is not shut out for longer', () => {
  const { limit, pass, times } = start();
  times('a', 4);
  for (let at = 0; at < 10; at += 1) {
    expect(limit.take('a').isWithin).toBe(false);
    pass(49);
  }
  pass(11);
  expect(limit.take('a').isWithin).toBe(true);
});

test('one key does not use up the bucket of another', () => {
  const { limit, times } = start();
  times('a', 10);
  expect(limit.take('b')).toMatchObject({ isWithin: true, remaining: 3 });
});

test('beyond its number of keys the one that was used longest ago is forgotten', () => {
  const { limit, times } = start({ perSecond: 1, atOnce: 1 }, 2);
  times('a', 1);
  times('b', 1);
  limit.take('a');
  limit.take('c');
  expect(limit.take('a').isWithin).toBe(false);
  expect(limit.take('b').isWithin).toBe(true);
});

test('headers: the time of the clock at which the next may come, or at which the bucket is full', () => {
  const { limit, times } = start();
  const now = new Date('2026-01-01T00:00:00.000Z');
  const second = now.getTime() / 1_000;
  expect(rateHeaders(limit.take('a'), now)).toEqual({
    'x-ratelimit-limit': '4',
    'x-ratelimit-remaining': '3',
    'x-ratelimit-reset': String(second + 1),
  });
  times('a', 3);
  expect(rateHeaders(limit.take('a'), now)).toEqual({
    'x-ratelimit-limit': '4',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(second + 1),
    'retry-after': '1',
  });
});
