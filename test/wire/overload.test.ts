/**
 * A node refuses logins only when it has more of them than it can do. Every condition of it by forced numbers, with looks
 * that the test makes: a machine that is slow, a database that stands still and the flood of one network refuse nobody.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOverload } from '../../src/http/overload.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

const CONNECTIONS = 16;
const AT_ITS_LIMIT = { waiting: CONNECTIONS + 1, crowd: 4 * CONNECTIONS + 1, served: 1, lateMs: 0 };

/** An overload whose numbers the test sets. `look` makes looks, each `lateMs` after its time. */
function createRig(databaseConnections = CONNECTIONS) {
  const seen = { ...AT_ITS_LIMIT };
  let nowMs = 5_000;
  let served = 0;
  const { mayBegin } = createOverload({
    clock: { monotonicMs: () => nowMs },
    databaseConnections,
    readDatabaseWaiting: () => seen.waiting,
    readDatabaseServed: () => served,
    readCrowd: () => seen.crowd,
  });
  mayBegin();
  return {
    mayBegin,
    look(count: number, change: Partial<typeof AT_ITS_LIMIT> = {}) {
      Object.assign(seen, AT_ITS_LIMIT, change);
      for (let done = 0; done < count; done += 1) {
        served += seen.served;
        nowMs += 100 + seen.lateMs;
        vi.advanceTimersByTime(100);
      }
    },
  };
}

test('case=many statements of many networks are queued for three seconds: no login begins', () => {
  const { look, mayBegin } = createRig();
  look(29);
  expect(mayBegin()).toBe(true);
  look(1);
  expect(mayBegin()).toBe(false);
});

test('case=the event loop is late for thirty looks, with requests of many networks: no login begins', () => {
  const { look, mayBegin } = createRig();
  look(29, { waiting: 0, lateMs: 41 });
  expect(mayBegin()).toBe(true);
  look(1, { waiting: 0, lateMs: 41 });
  expect(mayBegin()).toBe(false);
});

test.each([
  ['a queue no longer than the connections', { waiting: CONNECTIONS }],
  ['a database that is paused, or away', { served: 0, waiting: 400 }],
  ['the flood of one network, or few people', { crowd: 4 * CONNECTIONS, waiting: 400 }],
  ['few people on a machine that is slow', { crowd: 4 * CONNECTIONS, waiting: 0, lateMs: 800 }],
  ['many people on a machine that stands still for a second at a time', { lateMs: 900, waiting: 400 }],
  ['a loop that is a little late', { lateMs: 40, waiting: 0 }],
])('case=%s: logins begin, however long it lasts', (_name, change) => {
  const { look, mayBegin } = createRig();
  for (let round = 0; round < 30; round += 1) {
    look(10, change);
    expect(mayBegin()).toBe(true);
  }
});

test('case=many people on a machine that is slow for twenty seconds: logins begin', () => {
  const { look, mayBegin } = createRig();
  look(22, { lateMs: 800 });
  expect(mayBegin()).toBe(true);
  look(1, { waiting: 0 });
  look(29);
  expect(mayBegin()).toBe(true);
});

test('case=with two connections a queue is no shorter than with sixteen', () => {
  const { look, mayBegin } = createRig(2);
  look(60, { waiting: CONNECTIONS });
  expect(mayBegin()).toBe(true);
});

test('case=after an overload a login begins where there is room, and all begin after five seconds without a queue', () => {
  const { look, mayBegin } = createRig();
  look(30);
  look(1, { waiting: 5 });
  expect(mayBegin()).toBe(false);
  look(1, { waiting: 4 });
  expect(mayBegin()).toBe(true);
  look(1, { waiting: 4, lateMs: 41, crowd: 33 });
  expect(mayBegin()).toBe(false);
  look(1, { waiting: 4, lateMs: 41, crowd: 32 });
  expect(mayBegin()).toBe(true);
  look(50, { waiting: 16 });
  expect(mayBegin()).toBe(true);
});

test('case=nobody signs in for half a minute: an old overload is no reason', () => {
  const { look, mayBegin } = createRig();
  look(330);
  expect(vi.getTimerCount()).toBe(0);
  look(1, { waiting: 0 });
  expect(mayBegin()).toBe(true);
  expect(vi.getTimerCount()).toBe(1);
});
