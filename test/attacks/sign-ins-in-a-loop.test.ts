/**
 * Attack: one signed-in person sends `prompt=none` in a loop, and the log grows by a line each time. Such sign-ins are folded into the line of the
 * first; their count is told by one line, which every reader of the log sees.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { createManualClock } from '../support/manual-clock.js';
import { answerOf, type LogLine, useStage } from '../support/stage.js';

const MINUTES = 60_000;
const clock = createManualClock();
const stage = useStage({ clock });
let dana = '';

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@acme.example');
});

const tidy = () => cleanUp(stage.instance.database.pool, clock.now(), { logDays: 30 });

/** A new session; what earlier tests left is told before. */
async function signIn(): Promise<Visitor> {
  clock.advanceMs(60 * MINUTES);
  await tidy();
  const visitor = stage.visitor();
  expect(answerOf(await visitor.withPassword('dana@acme.example', PASSWORD)).code).toBeDefined();
  return visitor;
}

/** Silent sign-ins, all of which succeed. */
async function renew(visitor: Visitor, times: number, more: Record<string, string> = {}): Promise<void> {
  for (let turn = 0; turn < times; turn += 1)
    expect(answerOf(await visitor.open({ prompt: 'none', ...more })).code).toBeDefined();
}

/** Lines of silent sign-ins that came since the newest line of `before`, oldest first. */
async function silentSince(before: readonly LogLine[]): Promise<LogLine[]> {
  const known = new Set(before.map(({ log_id }) => log_id));
  const lines = (await stage.logs()).filter(({ log_id, type }) => type === 'ssa' && !known.has(log_id));
  return lines.reverse();
}

describe('a loop of silent sign-ins', () => {
  test('leaves one line, and one with the count when the next comes after the window', async () => {
    const visitor = await signIn();
    const before = await stage.logs();
    await renew(visitor, 20);
    const [first, ...more] = await silentSince(before);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ user_id: dana, details: { rule: 'member' } });
    const from = clock.now();
    clock.advanceMs(11 * MINUTES);
    await renew(visitor, 1);
    const lines = await silentSince(before);
    expect(lines).toHaveLength(3);
    const told = lines.find(({ details }) => details.repeats !== undefined);
    expect(told).toMatchObject({
      type: 'ssa',
      user_id: dana,
      details: { repeats: { count: 19, line: first?.log_id, from: from.toISOString(), to: from.toISOString() } },
    });
    expect(told?.description).toBe('the same sign-in again, without a line for each');
  });

  test('a sign-in that differs has its own line, and the count of those before is told', async () => {
    const visitor = await signIn();
    const before = await stage.logs();
    await renew(visitor, 3);
    await renew(visitor, 1, { organization: stage.cast.acme.id, login_hint: 'dana@acme.example' });
    const same = await silentSince(before);
    expect(same, 'nothing that the line says differs').toHaveLength(1);
    visitor.browser.userAgent = 'another browser';
    await renew(visitor, 2);
    const lines = await silentSince(before);
    expect(lines.map(({ details }) => (details.repeats as { count: number } | undefined)?.count)).toEqual(
      expect.arrayContaining([undefined, 3, undefined]),
    );
    expect(lines).toHaveLength(3);
  });

  test('sign-ins that differ each time have a bounded number of lines', async () => {
    const visitor = await signIn();
    const before = await stage.logs();
    for (let turn = 0; turn < 40; turn += 1) {
      visitor.browser.userAgent = `browser ${turn}`;
      await renew(visitor, 1);
    }
    expect(await silentSince(before)).toHaveLength(30);
  });

  test('what nobody comes back for is told by housekeeping, once', async () => {
    const visitor = await signIn();
    const before = await stage.logs();
    await renew(visitor, 5);
    await tidy();
    expect(await silentSince(before), 'the window is open').toHaveLength(1);
    clock.advanceMs(11 * MINUTES);
    for (const _again of [1, 2]) await tidy();
    const [first, told, ...more] = await silentSince(before);
    expect(more).toEqual([]);
    expect(told?.details.repeats).toMatchObject({ count: 4, line: first?.log_id });
  });
});

test('sign-ins by the session without prompt=none are folded as well, and days still count each', async () => {
  const visitor = await signIn();
  const day = () => clock.now().toISOString().slice(0, 10).replaceAll('-', '');
  const countLogins = async () => {
    const days = await stage.instance.api<{ date: string; logins: number }[]>(
      'GET',
      `/stats/daily?from=${day()}&to=${day()}`,
    );
    return days.reduce((sum, { logins }) => sum + logins, 0);
  };
  const [lines, logins] = [(await stage.logs()).length, await countLogins()];
  for (let turn = 0; turn < 10; turn += 1) expect(answerOf(await visitor.open()).code).toBeDefined();
  expect((await stage.logs()).length - lines).toBe(1);
  clock.advanceMs(11 * MINUTES);
  await tidy();
  expect((await countLogins()) - logins).toBe(10);
});
