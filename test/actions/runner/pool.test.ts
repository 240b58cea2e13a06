/** Processes: kept warm, shared fairly, given up when they changed or when nobody needs them. */
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { login, run, startRunner, toProgram } from './support.js';

const open: ClosableActionRunner[] = [];
function start(...values: Parameters<typeof startRunner>): ClosableActionRunner {
  const runner = startRunner(...values);
  open.push(runner);
  return runner;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.close()));
});

/** An Action that says in which process it ran, and how often that one had run it. */
const WHERE = login(
  `api.idToken.setCustomClaim('pid', process.pid); await new Promise((resolve) => setTimeout(resolve, 2));`,
);
const HANG = login(`await new Promise(() => {});`);

async function pidOf(
  runner: ClosableActionRunner,
  program = toProgram('post-login', WHERE),
  organizationId = 'o',
): Promise<number> {
  const { effects, end } = await run(runner, program, { organizationId });
  const [effect] = effects;
  if (effect?.kind !== 'claim') throw new Error(JSON.stringify(end));
  return Number(effect.value);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes for Actions that this one started. */
function countProcesses(): number {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('permission')).length;
}

async function until(holds: () => boolean, milliseconds = 5_000): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await sleep(10)) if (holds()) return true;
  return holds();
}

test('a process is used again, by the same program alone, and ends when its program was replaced', async () => {
  const runner = start({ limits: { idleMs: 6_000 } });
  const first = await pidOf(runner);
  await sleep(30);
  const second = await pidOf(runner);
  const third = [await pidOf(runner), await pidOf(runner), await pidOf(runner)];
  expect([first, second]).toContain(third.at(-1));
  const other = await pidOf(runner, toProgram('post-login', `${WHERE}\n// another version`));
  expect([first, second]).not.toContain(other);
  expect(await until(() => !isAlive(first))).toBe(true);
});

test('an Action’s module is read anew in every execution: a variable of the last person is gone', async () => {
  const runner = start();
  const program = toProgram('post-login', `let count = 0; ${login('count += 1; console.log(count);')}`);
  for (let turn = 0; turn < 4; turn += 1) expect((await run(runner, program)).reports[0]?.console).toEqual(['1']);
});

test('prepare has a process ready', async () => {
  const runner = start();
  const program = toProgram('post-login', WHERE);
  runner.prepare(program);
  await sleep(1_000);
  const started = performance.now();
  await pidOf(runner, program);
  expect(performance.now() - started).toBeLessThan(500);
});

test('one organization that hangs leaves the others theirs, and is told that it waited too long', async () => {
  const runner = start({ maxProcesses: 8, limits: { wallMs: 4_000 } });
  const hanging = toProgram('post-login', HANG);
  const stuck = Array.from({ length: 6 }, () => run(runner, hanging, { organizationId: 'hangs' }));
  await sleep(300);
  const ordinary = toProgram('credentials-exchange', `exports.onExecuteCredentialsExchange = async () => {};`);
  const started = performance.now();
  for (let turn = 0; turn < 10; turn += 1)
    expect((await run(runner, ordinary, { organizationId: `o${turn}` })).end).toEqual({ kind: 'done' });
  expect(performance.now() - started).toBeLessThan(3_500);
  const failures = (await Promise.all(stuck)).map(({ end }) => (end.kind === 'failed' ? end.failure : end.kind));
  // A quarter of 8 at once; the others waited for as long as one may.
  expect(failures.filter((failure) => failure === 'timeout').length).toBeGreaterThanOrEqual(2);
  expect(failures.filter((failure) => failure === 'busy').length).toBeGreaterThanOrEqual(2);
});

test('without an organization one application that hangs leaves the others theirs', async () => {
  const runner = start({ maxProcesses: 4, limits: { wallMs: 4_000 } });
  const stuck = Array.from({ length: 4 }, () =>
    run(runner, toProgram('post-login', HANG), { fairnessKey: 'client hangs' }),
  );
  await sleep(300);
  const ordinary = toProgram('credentials-exchange', `exports.onExecuteCredentialsExchange = async () => {};`);
  const started = performance.now();
  expect((await run(runner, ordinary, { fairnessKey: 'client other' })).end).toEqual({ kind: 'done' });
  expect((await run(runner, ordinary)).end).toEqual({ kind: 'done' });
  expect(performance.now() - started).toBeLessThan(3_500);
  await Promise.all(stuck);
});

describe('people who have proved nothing yet', () => {
  const hanging = toProgram('login-post-identifier', 'exports.onExecutePostIdentifier = () => new Promise(() => {});');
  const ordinary = toProgram('login-post-identifier', 'exports.onExecutePostIdentifier = async () => {};');
  const known = toProgram('post-login', login(''));
  const at = (customer: string, block = customer) => ({ customer, block });

  /** Runs that hang until their time is over, and how many of them have ended so far. */
  function flood(runner: ClosableActionRunner, runs: readonly Parameters<typeof run>[2][]) {
    let ended = 0;
    const stuck = runs.map((more) => run(runner, hanging, more).finally(() => (ended += 1)));
    return { ended: () => ended, stuck: Promise.all(stuck) };
  }

  // Attack: one address types addresses at every application, and everybody else waits.
  test('one network that floods makes nobody else wait, at whichever applications it does', async () => {
    const runner = start({ maxProcesses: 8 });
    const runs = ['a', 'b', 'c', 'd', 'e'].flatMap((organizationId) =>
      [1, 2, 3].map(() => ({ organizationId, stranger: at('2001:db8:1:200::/56', '2001:db8:1::/48') })),
    );
    const { ended, stuck } = flood(runner, runs);
    await sleep(300);
    for (const organizationId of ['a', 'b', 'z'])
      expect((await run(runner, ordinary, { organizationId, stranger: at('192.0.2.7') })).end).toEqual({
        kind: 'done',
      });
    expect(ended(), 'the flood was still there').toBe(0);
    await stuck;
  });

  // Attack: the same by the customers of one block.
  test('one block that floods leaves the others of the application theirs', async () => {
    const runner = start({ maxProcesses: 16 });
    const runs = Array.from({ length: 12 }, (_, index) => ({
      organizationId: 'a',
      stranger: at(`2001:db8:1:${index}00::/56`, '2001:db8:1::/48'),
    }));
    const { ended, stuck } = flood(runner, runs);
    await sleep(300);
    expect((await run(runner, ordinary, { organizationId: 'a', stranger: at('192.0.2.7') })).end).toEqual({
      kind: 'done',
    });
    expect(ended(), 'the flood was still there').toBe(0);
    await stuck;
  });

  // Attack: strangers of many networks, at one application or at all.
  test.each([
    ['at one organization', () => 'o'],
    ['at all of them', (index: number) => `o${index}`],
  ])('many networks that flood %s: people who have proved who they are do not wait', async (_, organizationOf) => {
    const runner = start({ maxProcesses: 8 });
    const runs = Array.from({ length: 20 }, (_none, index) => ({
      organizationId: organizationOf(index),
      stranger: at(`198.51.${index}.1`),
    }));
    const { ended, stuck } = flood(runner, runs);
    await sleep(300);
    expect((await run(runner, known, { organizationId: organizationOf(0) })).end).toEqual({ kind: 'done' });
    expect(ended(), 'the flood was still there').toBe(0);
    await stuck;
  });
});

test('organizations are served in turn, not in the order in which they piled up', async () => {
  const runner = start({ maxProcesses: 1 });
  const program = toProgram('post-login', login(`await new Promise((resolve) => setTimeout(resolve, 20));`));
  await run(runner, program);
  const order: string[] = [];
  const ask = (organizationId: string) =>
    run(runner, program, { organizationId }).then(() => order.push(organizationId));
  await Promise.all([ask('a'), ask('a'), ask('a'), ask('a'), ask('b'), ask('c')]);
  expect(order.indexOf('b')).toBeLessThan(3);
  expect(order.indexOf('c')).toBeLessThan(4);
});

test('what nobody needed for a while ends', async () => {
  const runner = start({ limits: { idleMs: 200 } });
  const pid = await pidOf(runner);
  expect(isAlive(pid)).toBe(true);
  expect(await until(() => !isAlive(pid))).toBe(true);
});

test('a crash fails the one execution; the next one works', async () => {
  const runner = start();
  const program = toProgram(
    'post-login',
    login(`if (event.request.query.crash) process.exit(3); console.log('fine');`),
  );
  const crashing = { request: { query: { crash: '1' } } };
  expect((await run(runner, program, { event: crashing })).end).toMatchObject({
    failure: 'died',
    message: 'the Action action-1 ended its process',
  });
  expect((await run(runner, program)).reports[0]?.console).toEqual(['fine']);
});

test('close leaves no process, and what was under way fails', async () => {
  const runner = startRunner();
  const pid = await pidOf(runner);
  const hanging = run(
    runner,
    toProgram('credentials-exchange', `exports.onExecuteCredentialsExchange = () => new Promise(() => {});`),
  );
  await sleep(500);
  await runner.close();
  expect((await hanging).end).toMatchObject({ kind: 'failed', failure: 'died' });
  expect(isAlive(pid)).toBe(false);
  expect((await run(runner, toProgram('post-login', WHERE))).end).toMatchObject({ kind: 'failed', failure: 'died' });
});

test.each(['for (;;);', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'])(
  'a process that runs %s ends when the server was killed',
  async (code) => {
    const script = fileURLToPath(new URL('server-child.ts', import.meta.url));
    const server = spawn(process.execPath, ['--import', 'tsx', script, login(`console.log(process.pid); ${code}`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      server.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    await sleep(200);
    expect(isAlive(pid)).toBe(true);
    server.kill('SIGKILL');
    expect(await until(() => !isAlive(pid))).toBe(true);
  },
);

test.runIf(process.getuid?.() === 0)(
  'runs under an account of its own, without groups, and the next one under another',
  async () => {
    const runner = start();
    const ids = login(
      `console.log(process.getuid(), process.getgid(), process.getgroups().filter((group) => group !== process.getgid()).length, process.geteuid());`,
    );
    const seen = [];
    for (const body of [ids, `${ids}//`])
      seen.push((await run(runner, toProgram('post-login', body))).reports[0]?.console[0]);
    expect(seen[0]).toMatch(/^64\d{3} 64\d{3} 0 64\d{3}$/);
    expect(seen[1]).not.toBe(seen[0]);
    expect(execFileSync('ps', ['-o', 'user=', '-p', String(process.pid)]).toString()).not.toMatch(/^64/);
  },
);

test.each([
  [true, 2],
  [false, 1],
])('a spare process is kept ready where somebody may wait for it (%s)', async (keepsSpares, count) => {
  const runner = start({ keepsSpares });
  const before = countProcesses();
  await pidOf(runner);
  expect(await until(() => countProcesses() - before === count)).toBe(true);
  // And no more than that comes.
  await sleep(200);
  expect(countProcesses() - before).toBe(count);
});
