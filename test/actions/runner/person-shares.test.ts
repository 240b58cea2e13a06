/**
 * Shares of one person within their organization's. Attack: one member sends hundreds of silent renewals at an Action that takes seconds, and
 * their colleagues, or other organizations, wait for them.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { Turns } from '../../../src/actions/runner/turns.js';
import type { Party } from '../../../src/ports/action-runner.js';
import { login, run, startRunner, toProgram } from './support.js';

const open: ClosableActionRunner[] = [];
function start(maxProcesses: number): ClosableActionRunner {
  const runner = startRunner({ maxProcesses, limits: { wallMs: 20_000 } });
  open.push(runner);
  return runner;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.close()));
});

const SLOW = toProgram('post-login', login('await new Promise((resolve) => setTimeout(resolve, 150));'));
const person = (name: string): Party => ({ kind: 'person', name });

/** Asks for many executions, and keeps the order in which they were answered. */
function createCrowd(runner: ClosableActionRunner) {
  const order: string[] = [];
  const ask = async (name: string, more: Parameters<typeof run>[2]) => {
    const { end } = await run(runner, SLOW, more);
    const said = end.kind === 'failed' ? end.failure : end.kind;
    order.push(said === 'done' ? name : `${name} ${said}`);
    return said;
  };
  return { order, ask };
}

describe('one person who renews in a loop', () => {
  test('colleagues and other organizations are served before the rest of the loop', async () => {
    const runner = start(16);
    await run(runner, SLOW);
    const { order, ask } = createCrowd(runner);
    const loop = Array.from({ length: 30 }, () => ask('mallory', { organizationId: 'acme', party: person('mallory') }));
    const others = [
      ask('colleague', { organizationId: 'acme', party: person('dana') }),
      ask('other', { organizationId: 'bolt', party: person('olga') }),
    ];
    expect(await Promise.all([...loop, ...others])).toEqual(Array(32).fill('done'));
    // Two processes at once for one person; processes are still starting for the first few.
    expect(order.indexOf('colleague')).toBeLessThan(12);
    expect(order.indexOf('other')).toBeLessThan(12);
  });

  test('they take turns where an organization has a single process', async () => {
    const runner = start(1);
    await run(runner, SLOW);
    const { order, ask } = createCrowd(runner);
    const loop = Array.from({ length: 10 }, () => ask('mallory', { organizationId: 'acme', party: person('mallory') }));
    await Promise.all([...loop, ask('colleague', { organizationId: 'acme', party: person('dana') })]);
    expect(order.indexOf('colleague')).toBeLessThan(3);
  });

  test('what is more than may wait is refused at once; a colleague is not', async () => {
    const runner = start(4);
    await run(runner, SLOW);
    const { order, ask } = createCrowd(runner);
    const loop = Array.from({ length: 60 }, () => ask('mallory', { organizationId: 'acme', party: person('mallory') }));
    const colleague = ask('colleague', { organizationId: 'acme', party: person('dana') });
    const ends = await Promise.all(loop);
    expect(await colleague).toBe('done');
    expect(ends.filter((end) => end === 'busy').length).toBeGreaterThanOrEqual(60 - 32 - 1);
    expect(ends.filter((end) => end === 'done').length).toBeGreaterThanOrEqual(32);
    // They were refused before anybody had been served.
    expect(order.slice(0, 20)).toEqual(Array(20).fill('mallory busy'));
  });
});

test('work whose sender has left does not begin', async () => {
  const runner = start(1);
  await run(runner, SLOW);
  const { order, ask } = createCrowd(runner);
  let isWanted = true;
  const first = ask('first', { organizationId: 'acme', party: person('dana') });
  const left = Array.from({ length: 5 }, () =>
    ask('left', { organizationId: 'acme', party: person('mallory'), isWanted: () => isWanted }),
  );
  const honest = ask('honest', { organizationId: 'acme', party: person('olga') });
  isWanted = false;
  expect(await Promise.all([first, honest, ...left])).toEqual(['done', 'done', ...Array(5).fill('died')]);
  expect(order.filter((one) => !one.startsWith('left'))).toEqual(['first', 'honest']);
  expect(await ask('later', { isWanted: () => isWanted }), 'a sender who had left before').toBe('died');
});

test('an organization gains no turns by many people, nor a person by many requests', () => {
  const turns = new Turns();
  const waiter = (...names: string[]) => ({ shares: names.map((name) => ({ name })) });
  const crowd = ['a', 'b', 'c', 'd'].map((name) => waiter('crowd', name));
  const lone = waiter('lone', 'z');
  const waiting = [...crowd, lone];
  for (const { shares } of waiting) turns.join(shares);
  const order: string[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const [next] = turns.inOrder(waiting);
    if (next === undefined) throw new Error('nobody waits');
    turns.serve(next.shares);
    turns.join(next.shares);
    turns.leave(next.shares);
    order.push(next.shares.map(({ name }) => name).join(' '));
  }
  expect(order).toEqual(['crowd a', 'lone z', 'crowd b', 'lone z', 'crowd c']);
  for (const { shares } of waiting) turns.leave(shares);
  expect(turns.countWaiting('crowd')).toBe(0);
});
