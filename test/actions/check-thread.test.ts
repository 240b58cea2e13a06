/**
 * The linter's thread. Attack: code of the largest size, made to be slow to judge, is sent again and again, and holds the process that signs
 * people in.
 */
import { afterEach, describe, expect, test } from 'vitest';
import {
  CHECK_LIMITS,
  type CheckLimits,
  type CheckThread,
  createCheckThread,
} from '../../src/actions/check/check-thread.js';
import type { LintQuestion } from '../../src/actions/check/judge.js';

const open: CheckThread[] = [];
function start(limits: Partial<CheckLimits> = {}): CheckThread {
  const thread = createCheckThread({ ...CHECK_LIMITS, ...limits });
  open.push(thread);
  return thread;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((thread) => thread.close()));
});

const login = (body: string) => `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;
const about = (code: string): LintQuestion => ({
  kind: 'action',
  source: { code, trigger: 'post-login', dependencies: [], secrets: [] },
});
const HONEST = about(login("api.idToken.setCustomClaim('x', 1);"));
const SLOW = about(login('if (event.a) return;\n'.repeat(4_700)));
/** Far more than a request may bring: longer than any limit of these tests. */
const ENDLESS = about(login('if (event.a) return;\n'.repeat(600_000)));

test('the process goes on while code is judged', async () => {
  const thread = start({ timeMs: 60_000 });
  await thread.judge(HONEST, 'a');
  let turns = 0;
  const beat = setInterval(() => {
    turns += 1;
  }, 1);
  const { errors } = await thread.judge(SLOW, 'a');
  clearInterval(beat);
  expect(errors).toEqual([]);
  // On the server's own thread there is not a single one.
  expect(turns).toBeGreaterThan(2);
});

describe('what takes too much', () => {
  test('time: said in words, as a defect, and the next question is answered', async () => {
    // Memory enough that time is what runs out.
    const thread = start({ timeMs: 1_500, heapMegabytes: 2_048 });
    const [slow, honest] = await Promise.all([thread.judge(ENDLESS, 'a'), thread.judge(HONEST, 'b')]);
    expect(slow).toEqual({
      errors: [
        {
          kind: 'code',
          message: 'The code could not be checked within 1.5 seconds: make it shorter or simpler',
          line: undefined,
          column: undefined,
        },
      ],
      warnings: [],
    });
    expect(honest).toEqual({ errors: [], warnings: [] });
  });

  test('memory: the same', async () => {
    const thread = start({ timeMs: 60_000, heapMegabytes: 24 });
    const { errors } = await thread.judge(ENDLESS, 'a');
    expect(errors[0]?.message).toBe(
      'The code could not be checked within the memory that a check may take: make it shorter or simpler',
    );
    expect(await thread.judge(HONEST, 'b')).toEqual({ errors: [], warnings: [] });
  });
});

describe('one caller who asks in a loop', () => {
  test('is refused beyond a few, and others take turns with the rest', async () => {
    const thread = start({ timeMs: 60_000, waitingPerCaller: 4 });
    const order: string[] = [];
    const ask = (question: LintQuestion, caller: string) =>
      thread.judge(question, caller).then(
        () => order.push(caller),
        (error: Error) => order.push(`${caller}: ${error.message}`),
      );
    const loop = Array.from({ length: 20 }, () => ask(SLOW, 'mallory'));
    const other = ask(HONEST, 'olga');
    await Promise.all([...loop, other]);
    expect(
      order.filter((name) => name === 'mallory: too many checks of code wait already: try again in a moment'),
    ).toHaveLength(15);
    expect(order.filter((name) => name === 'mallory')).toHaveLength(5);
    expect(order.indexOf('olga') - order.indexOf('mallory')).toBeLessThanOrEqual(2);
  });

  test('no more wait than may, whoever asks', async () => {
    const thread = start({ timeMs: 60_000, waiting: 3 });
    const asked = ['a', 'b', 'c', 'd', 'e'].map((caller) => thread.judge(SLOW, caller));
    const ends = await Promise.allSettled(asked);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  });
});

test('close: what waits fails, and nothing is asked any more', async () => {
  const thread = start();
  const asked = Promise.allSettled([thread.judge(ENDLESS, 'a'), thread.judge(HONEST, 'b')]);
  await thread.close();
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(thread.judge(HONEST, 'c')).rejects.toThrow('try again');
});
