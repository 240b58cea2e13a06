/** How many requests may be under way, and when the next may start, by what the tenant's answers say. */
import { describe, expect, test } from 'vitest';
import { askedWait, createPace } from '../../src/tenant-tools/remote/pace.js';
import { createManualClock } from '../support/manual-clock.js';

const AT = Date.parse('2026-03-01T12:00:00Z');
const wait = (headers: Record<string, string>) => askedWait(new Headers(headers), AT);

describe('the wait that an answer asks for', () => {
  test.each([
    { name: 'nothing', headers: {}, ms: undefined },
    { name: 'retry-after in seconds', headers: { 'retry-after': '7' }, ms: 7_000 },
    { name: 'retry-after before reset', headers: { 'retry-after': '2', 'x-ratelimit-reset': '9999999999' }, ms: 2_000 },
    { name: 'a date as retry-after', headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:05 GMT' }, ms: undefined },
    { name: 'a reset, with a second more', headers: { 'x-ratelimit-reset': String(AT / 1000 + 3) }, ms: 4_000 },
    {
      name: 'a reset by the clock of the tenant',
      headers: { 'x-ratelimit-reset': String(AT / 1000 + 1_003), date: 'Sun, 01 Mar 2026 12:16:40 GMT' },
      ms: 4_000,
    },
    { name: 'a reset that is over', headers: { 'x-ratelimit-reset': String(AT / 1000 - 100) }, ms: 0 },
    { name: 'a reset in a year', headers: { 'x-ratelimit-reset': String(AT / 1000 + 31_536_000) }, ms: 60_000 },
    { name: 'no number', headers: { 'x-ratelimit-reset': 'soon', 'retry-after': '' }, ms: undefined },
  ])('case=$name', ({ headers, ms }) => {
    expect(wait(headers as Record<string, string>)).toBe(ms);
  });
});

/** Work that ends when the test says so. */
function hold() {
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
  };
  return { work, ends, running: () => running, most: () => most };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const NONE = new Headers();

describe('requests at once', () => {
  test('never more than the width; every one gets its turn', async () => {
    const pace = createPace(createManualClock(), { start: 3, most: 3 });
    const held = hold();
    const all = Promise.all(Array.from({ length: 20 }, () => pace.run(held.work)));
    for (let done = 0; done < 20; ) {
      await tick();
      expect(held.running()).toBe(Math.min(3, 20 - done));
      held.ends.shift()?.();
      done += 1;
    }
    await all;
    expect(held.most()).toBe(3);
  });

  test('work that fails gives its place back', async () => {
    const pace = createPace(createManualClock(), { start: 1, most: 1 });
    await expect(pace.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pace.run(async () => 7)).toBe(7);
  });

  test('a round of good answers adds a place, a 429 halves them, never below one or beyond the most', async () => {
    const pace = createPace(createManualClock(), { start: 2, most: 4, firstWaitMs: 0 });
    const answers = (count: number, status = 200, headers = NONE) => {
      for (let n = 0; n < count; n += 1) pace.learn(status, headers);
    };
    answers(2);
    expect(pace.width()).toBe(3);
    answers(30);
    expect(pace.width()).toBe(4);
    pace.learn(429, NONE);
    expect(pace.width()).toBe(2);
    answers(3, 429);
    expect([pace.width(), pace.limited()]).toEqual([1, 4]);
    // Few requests are left: no further place.
    answers(10, 200, new Headers({ 'x-ratelimit-remaining': '1' }));
    expect(pace.width()).toBe(1);
  });

  test.each([
    { name: '429 without headers', status: 429, headers: NONE, waits: true },
    { name: '429 with a wait of nothing', status: 429, headers: new Headers({ 'retry-after': '0' }), waits: true },
    {
      name: 'the last request of the window',
      status: 200,
      headers: new Headers({ 'x-ratelimit-remaining': '0', 'retry-after': '0.1' }),
      waits: true,
    },
    { name: 'a good answer', status: 200, headers: NONE, waits: false },
  ])('case=$name: the next one waits: $waits', async ({ status, headers, waits }) => {
    const clock = createManualClock();
    const pace = createPace(clock, { firstWaitMs: 40 });
    pace.learn(status, headers);
    let isDone = false;
    const next = pace.run(async () => {
      isDone = true;
    });
    await tick();
    expect(isDone).toBe(!waits);
    clock.advanceMs(61_000);
    await next;
    expect(isDone).toBe(true);
  });
});
