/**
 * The memory for settings answers only after the database said that nothing changed. Requests share an answer only if
 * its question came after all of them.
 */
import { expect, test } from 'vitest';
import { createSettingsMemory, createSharedRead, type ReadSettings } from '../../src/storage/settings-memory.js';
import { createManualClock } from '../support/manual-clock.js';

/** A database of one value, whose answers can be held back. */
function start() {
  const clock = createManualClock(new Date('2026-03-01T10:00:00Z'));
  const state = { value: { name: 'first' }, revision: 'r1', asked: 0, read: 0, mayBeKept: true };
  const memory = createSettingsMemory<{ name: string }>(async () => {
    state.asked += 1;
    return state.revision;
  }, clock);
  const readNow = (more: Partial<ReadSettings<{ name: string }>> = {}) => {
    state.read += 1;
    const { value, revision, mayBeKept } = state;
    return { value, revision, mayBeKept, ...more };
  };
  const find = (key = 'k', more: Partial<ReadSettings<{ name: string }>> = {}) =>
    memory(key, async () => readNow(more));
  const change = (name: string) => Object.assign(state, { value: { name }, revision: `r-${name}` });
  return { clock, state, memory, find, readNow, change };
}

test('case=a kept value is read once, and asked about each time', async () => {
  const { find, state } = start();
  for (let turn = 0; turn < 3; turn++) expect(await find()).toEqual({ name: 'first' });
  expect(state).toMatchObject({ read: 1, asked: 2 });
});

test('case=after a change the next call reads, for every key', async () => {
  const { find, change } = start();
  await find('a');
  await find('b');
  change('second');
  expect(await find('a')).toEqual({ name: 'second' });
  expect(await find('b')).toEqual({ name: 'second' });
});

test('case=an older read that ends last is not used', async () => {
  const { memory, readNow, change, find } = start();
  const old = readNow();
  let answer = () => {};
  const late = memory('k', () => new Promise((resolve) => (answer = () => resolve(old))));
  change('second');
  expect(await find()).toEqual({ name: 'second' });
  answer();
  expect(await late).toEqual({ name: 'first' });
  expect(await find()).toEqual({ name: 'second' });
});

test('case=a value is read again after a minute, when time changes it, and when the clock went back', async () => {
  const { clock, find, state } = start();
  await find();
  clock.advanceMs(59_999);
  await find();
  expect(state.read).toBe(1);
  clock.advanceMs(1);
  await find();
  expect(state.read).toBe(2);
  clock.advanceMs(-1);
  await find();
  expect(state.read).toBe(3);
  await find('soon', { changesAtMs: clock.now().getTime() + 10 });
  clock.advanceMs(9);
  await find('soon');
  expect(state.read).toBe(4);
  clock.advanceMs(1);
  await find('soon');
  expect(state.read).toBe(5);
});

test('case=what may not be kept is read each time, and nobody asks', async () => {
  const { find, state } = start();
  await find('k', { mayBeKept: false });
  await find('k', { mayBeKept: false });
  expect(state).toMatchObject({ read: 2, asked: 0 });
});

test('case=a thousand values are kept; the one used longest ago goes', async () => {
  const { find, state } = start();
  for (let n = 0; n < 1000; n++) await find(`k${n}`);
  await find('k0');
  await find('one more');
  expect(state.read).toBe(1001);
  await find('k0');
  expect(state.read).toBe(1001);
  await find('k1');
  expect(state.read).toBe(1002);
});

test('case=a kept value cannot be changed by a request that uses it', async () => {
  const { find } = start();
  const found = await find();
  expect(() => Object.assign(found, { name: 'changed' })).toThrow(TypeError);
});

test('case=when the database does not answer, nothing is answered from memory', async () => {
  const clock = createManualClock(new Date('2026-03-01T10:00:00Z'));
  const memory = createSettingsMemory<string>(() => Promise.reject(new Error('gone')), clock);
  const read = async () => ({ value: 'v', revision: 'r', mayBeKept: true });
  await memory('k', read);
  await expect(memory('k', read)).rejects.toThrow('gone');
});

test('case=callers who come while a read is under way share the next one, and not that one', async () => {
  const answers: ((value: number) => void)[] = [];
  const ask = createSharedRead(() => new Promise<number>((resolve) => answers.push(resolve)));
  const first = ask();
  const second = ask();
  const third = ask();
  expect(answers).toHaveLength(1);
  answers[0]?.(1);
  expect(await first).toBe(1);
  await expect.poll(() => answers.length).toBe(2);
  const fourth = ask();
  answers[1]?.(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  await expect.poll(() => answers.length).toBe(3);
  answers[2]?.(3);
  expect(await fourth).toBe(3);
});

test('case=a read that hangs holds up nobody who comes after it', async () => {
  let turn = 0;
  const ask = createSharedRead(() => {
    turn += 1;
    return turn === 1 ? new Promise<number>(() => undefined) : Promise.resolve(turn);
  });
  void ask();
  expect(await ask()).toBe(2);
  expect(await ask()).toBe(3);
});

test('case=a read that fails, fails for those who asked before it, and not for those who come after', async () => {
  let turn = 0;
  const ask = createSharedRead(async () => {
    turn += 1;
    if (turn === 1) throw new Error('once');
    return turn;
  });
  const [first, second] = await Promise.allSettled([ask(), ask()]);
  expect(first.status).toBe('rejected');
  expect(second).toEqual({ status: 'fulfilled', value: 2 });
});
