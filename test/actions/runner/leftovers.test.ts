/**
 * Code that one execution left behind does not speak in the next one: that is another person's login. Each attempt calls back when the
 * next execution of the same process runs; the next one must neither fail by it nor have it in its report.
 */
import { afterAll, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { EVENT, login, run, startRunner, toProgram } from './support.js';

/** One process, so that the second execution is in the first one's when that is used again. */
function startSingle(leftovers: unknown[] = []): ClosableActionRunner {
  return startRunner({
    maxProcesses: 1,
    log: {
      debug: (fields) => leftovers.push((fields as { leftover: unknown }).leftover),
      info: () => {},
      warn: () => {},
    },
  });
}
const runner = startSingle();
afterAll(() => runner.close());

const LATE = "'LATE ' + event.user.user_id";
const ATTEMPTS: Record<string, string> = {
  'a rejection by AbortSignal.timeout': `AbortSignal.timeout(400).addEventListener('abort', () => Promise.reject(new Error(${LATE})));`,
  'an exception by AbortSignal.timeout': `AbortSignal.timeout(400).addEventListener('abort', () => { throw new Error(${LATE}); });`,
  'timers/promises': `require('timers/promises').setTimeout(400, 0, { ref: false }).then(() => console.log(${LATE}));`,
  'timers.promises': `require('timers').promises.setTimeout(400, 0, { ref: false }).then(() => console.log(${LATE}));`,
  'an interval of timers/promises': `(async () => { for await (const _ of require('timers/promises').setInterval(400, 0, { ref: false })) console.log(${LATE}); })();`,
  promisify: `require('util').promisify(setTimeout)(400, 0, { ref: false }).then(() => console.log(${LATE}));`,
  'promisify of the module’s': `require('util').promisify(require('timers').setTimeout)(400, 0, { ref: false }).then(() => console.log(${LATE}));`,
  'globalThis.setTimeout': `globalThis.setTimeout(() => console.log(${LATE}), 400).unref();`,
  'a timer of lodash': `const timer = require('lodash').delay(() => console.log(${LATE}), 400); void timer;`,
  'a socket that is never connected': `new (require('net').Socket)().setTimeout(400, () => console.log(${LATE}));`,
  'Atomics.waitAsync': `Atomics.waitAsync?.(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400).value.then(() => console.log(${LATE}));`,
  FinalizationRegistry: `const registry = new FinalizationRegistry(() => console.log(${LATE})); globalThis.JSON.kept ??= undefined; delete JSON.kept;
    for (let turn = 0; turn < 1000; turn += 1) registry.register({}, 0); void (async () => { await 0; registry.unregister({}); })();`,
  'a callback of OpenSSL': `require('crypto').pbkdf2('x', 'y', 150_000, 64, 'sha512', () => { console.log(${LATE}); Promise.reject(new Error(${LATE})); });`,
  'a reserved claim, from a callback of OpenSSL': `require('crypto').pbkdf2('x', 'y', 150_000, 64, 'sha512', () => api.idToken.setCustomClaim('sub', 1));`,
};

/** The one that comes after it waits, and makes garbage, so that whatever is late has time to come. */
const NEXT = `const end = Date.now() + 700; while (Date.now() < end) { new Array(1e5).fill({}); await new Promise((resolve) => setTimeout(resolve, 10)); }
  console.log('own'); setTimeout(() => console.log('own timer'), 1); await new Promise((resolve) => setTimeout(resolve, 20));`;

test.each(Object.entries(ATTEMPTS))('%s', async (_, attempt) => {
  const program = toProgram('post-login', login(`if (event.request.query.first) { ${attempt} return; }\n${NEXT}`));
  const user = { ...(EVENT.user as object), user_id: 'auth0|first' };
  const first = await run(runner, program, { event: { ...EVENT, user, request: { query: { first: '1' } } } });
  expect(first.end).toEqual({ kind: 'done' });
  const next = await run(runner, program);
  expect(next.end).toEqual({ kind: 'done' });
  expect(next.reports[0]?.console).toEqual(['own', 'own timer']);
});

test('what came late costs the process, after the execution that it came into', async () => {
  // A runner of its own: a process of the test before, worn out by its processor time, is reported late.
  const leftovers: unknown[] = [];
  const own = startSingle(leftovers);
  const late = ATTEMPTS['a callback of OpenSSL'] ?? '';
  const program = toProgram('post-login', login(`if (event.request.query.first) { ${late} return; }\n${NEXT}`));
  await run(own, program, { event: { ...EVENT, request: { query: { first: '1' } } } });
  await run(own, program);
  await expect.poll(() => leftovers.length, { timeout: 5_000 }).toBeGreaterThan(0);
  await own.close();
  expect(leftovers).toEqual([expect.stringMatching(/^(a line|an exception) of an earlier execution$/)]);
});

test('the execution’s own exceptions, from wherever, still are its own', async () => {
  for (const body of [
    `setTimeout(() => { throw new Error('mine'); }, 1);`,
    `require('timers/promises').setTimeout(5, 0, { ref: false }).then(() => { throw new Error('mine'); });`,
    `process.nextTick(() => { throw new Error('mine'); });`,
    `queueMicrotask(() => { throw new Error('mine'); });`,
    `require('crypto').randomBytes(8, () => { throw new Error('mine'); });`,
    `AbortSignal.timeout(5).addEventListener('abort', () => Promise.reject(new Error('mine')));`,
    `const { port1, port2 } = new MessageChannel(); port1.on('message', () => { throw new Error('mine'); }); port2.postMessage(1);`,
    `require('http').get('http://127.0.0.1:2').on('error', () => { throw new Error('mine'); });`,
    `fetch('http://127.0.0.1:2').catch(() => { throw new Error('mine'); });`,
  ]) {
    const { end } = await run(runner, toProgram('post-login', login(`${body} await new Promise(() => {});`)));
    expect(end, body).toMatchObject({ kind: 'failed', failure: 'threw', message: 'mine' });
  }
});

test('the promises of timers keep what Node’s do', async () => {
  const program = toProgram(
    'post-login',
    login(`const { setTimeout: wait, setImmediate: soon, setInterval: every, scheduler } = require('node:timers/promises');
    const controller = new AbortController();
    const aborted = wait(5_000, 0, { signal: controller.signal }).catch((error) => error.name + ' ' + error.code);
    controller.abort();
    let count = 0;
    for await (const value of every(1, 'v')) if ((count += 1) === 3) { console.log(value); break; }
    await scheduler.wait(1);
    console.log(await wait(1, 'a'), await soon('b'), await require('util').promisify(setTimeout)(1, 'c'), await aborted);
    const signal = AbortSignal.timeout(2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(signal.aborted, signal.reason.name);`),
  );
  const { end, reports } = await run(runner, program);
  expect(end).toEqual({ kind: 'done' });
  expect(reports[0]?.console).toEqual(['v', 'a b c AbortError ABORT_ERR', 'true TimeoutError']);
});

test('timers and requests that are done leave a process that is used again', async () => {
  const leftovers: unknown[] = [];
  const own = startSingle(leftovers);
  const program = toProgram(
    'post-login',
    login(`await require('timers/promises').setTimeout(1); await fetch('http://127.0.0.1:2').catch(() => {});
    AbortSignal.timeout(1_000); setTimeout(() => {}, 1_000); console.log(process.pid);`),
  );
  const pids = new Set<string | undefined>();
  for (let turn = 0; turn < 3; turn += 1) pids.add((await run(own, program)).reports[0]?.console[0]);
  await own.close();
  expect(leftovers).toEqual([]);
  expect(pids.size).toBe(1);
});

test('promisify of what Node gives twice: as it was, and the process is used again', async () => {
  const code = login(`const { promisify } = require('util');
    const { pipeline, finished } = require('stream');
    const { lookup } = require('dns');
    console.log([pipeline, finished, lookup, setTimeout].map((given) => typeof promisify(given)).join());`);
  const program = toProgram('post-login', code);
  for (const _again of [1, 2]) {
    const { end, reports } = await run(runner, program);
    expect(end, JSON.stringify(end)).toEqual({ kind: 'done' });
    expect(reports[0]?.console).toEqual(['function,function,function,function']);
  }
});
