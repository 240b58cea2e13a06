/** How many tries are left: those of the nearest limit, and nothing that a stranger may not know. */
import { describe, expect, test } from 'vitest';
import { addSeconds } from '../../src/kernel/clock.js';
import { countAttempt, type LimitedAttempt, type Tried } from '../../src/login/attempt-limits.js';
import { checkFactor } from '../../src/login/check-factor.js';
import { findNearest } from '../../src/login/limits-ahead.js';
import { newTrace } from '../../src/login/trace.js';
import { countersInMemory } from '../support/attempts-in-memory.js';
import { AT, attemptOf } from '../support/login-facts.js';

const IVY = 'auth0|ivy';
const HERE = '192.0.2.1';
const DEVICE = { id: 'd1', userIds: [IVY] };

function start(kind: LimitedAttempt = 'factor') {
  const attempts = countersInMemory();
  const tryOnce = (question: string, rest: Partial<Tried> = {}) =>
    countAttempt(
      attempts,
      kind,
      { email: IVY, ip: HERE, userId: IVY, once: { key: `q:${question}`, limit: 5 }, ...rest },
      AT,
    );
  return {
    tryTimes: async (times: number, question: string, rest?: Partial<Tried>) => {
      for (let time = 0; time < times; time += 1) await tryOnce(question, rest);
    },
    /** The limit that the next try comes nearest to; how often another try may follow is in `left`. */
    nearest: async (question: string, rest?: Partial<Tried>) => {
      const counted = await tryOnce(question, rest);
      return counted.allowed ? findNearest(counted.ahead) : counted.passed.limit;
    },
  };
}

describe('the nearest limit', () => {
  test('case=of one question, while the account has more', async () => {
    const { nearest } = start();
    expect(await nearest('a')).toMatchObject({ limit: 'for_this_one', left: 4 });
  });

  test('case=of the account from this machine, though the question has more', async () => {
    const { tryTimes, nearest } = start();
    await tryTimes(5, 'a');
    await tryTimes(2, 'b');
    expect(await nearest('c')).toMatchObject({ limit: 'for_address_from_network', network: HERE, left: 2 });
    expect(await nearest('c')).toMatchObject({ left: 1 });
    const endsAt = addSeconds(AT, 3600);
    expect(await nearest('c')).toMatchObject({ left: 0, most: 10, windowSeconds: 3600, endsAt });
    expect(await nearest('c')).toBe('for_address_from_network');
  });

  test('case=of the account from everywhere', async () => {
    const { tryTimes, nearest } = start();
    for (let network = 0; network < 3; network += 1)
      for (const question of ['a', 'b']) await tryTimes(5, `${question}${network}`, { ip: `198.51.${network}.2` });
    expect(await nearest('c')).toBe('for_address');
    const other = start();
    for (let network = 0; network < 7; network += 1)
      await other.tryTimes(4, `${network}`, { ip: `198.51.${network}.2` });
    expect(await other.nearest('c')).toMatchObject({ limit: 'for_address', left: 1 });
  });

  // Another sign-in would be refused, too, so the account's limit is the one to tell.
  test('case=of both at once, the account’s', async () => {
    const { tryTimes, nearest } = start();
    await tryTimes(5, 'a');
    await tryTimes(4, 'b');
    expect(await nearest('b')).toMatchObject({ limit: 'for_address_from_network', left: 0 });
  });
});

describe('a known browser', () => {
  test('case=has the tries of strangers after its own', async () => {
    const { tryTimes, nearest } = start();
    await tryTimes(5, 'a', { device: DEVICE });
    await tryTimes(4, 'b', { device: DEVICE });
    // The tenth and last of its own; the question has four, and strangers have ten.
    expect(await nearest('c', { device: DEVICE })).toMatchObject({ limit: 'for_this_one', left: 4 });
    expect(await nearest('c', { device: DEVICE })).toMatchObject({ limit: 'for_this_one', left: 3 });
  });

  test('case=is told when strangers have used theirs up', async () => {
    const { tryTimes, nearest } = start();
    for (const question of ['x', 'y']) await tryTimes(5, question);
    await tryTimes(5, 'a', { device: DEVICE });
    await tryTimes(2, 'b', { device: DEVICE });
    expect(await nearest('c', { device: DEVICE })).toMatchObject({ limit: 'for_address_from_network', left: 2 });
    await tryTimes(1, 'c', { device: DEVICE });
    expect(await nearest('c', { device: DEVICE })).toMatchObject({ limit: 'for_address_from_network', left: 0 });
    expect(await nearest('c', { device: DEVICE })).toBe('for_address_from_network');
  });

  test('case=ends a question where its own tries end too, and strangers have more', async () => {
    const { tryTimes, nearest } = start();
    await tryTimes(5, 'a', { device: DEVICE });
    await tryTimes(4, 'b', { device: DEVICE });
    expect(await nearest('b', { device: DEVICE })).toMatchObject({ limit: 'for_this_one', left: 0 });
  });
});

// Attack: a stranger types somebody's address into a sign-up, and reads from the tries left that this person signs in.
test.each<[string, Partial<Tried>]>([
  ['a stranger', {}],
  ['a known browser', { device: DEVICE }],
])('case=%s is not told by a mailed code what others try', async (_name, rest) => {
  const { tryTimes, nearest } = start('proof');
  for (let network = 0; network < 7; network += 1)
    for (const question of ['a', 'b']) await tryTimes(4, `${network}${question}`, { ip: `198.51.${network}.2` });
  await tryTimes(2, 'c', { ip: '198.51.9.2' });
  // All but one of the tries of a known browser: the limits of strangers are the next ones.
  if (rest.device)
    for (const question of ['e', 'f', 'g', 'h', 'i']) await tryTimes(question === 'i' ? 3 : 4, question, rest);
  expect(await nearest('d', rest)).toMatchObject({ limit: 'for_this_one', left: 4 });
});

test('case=a stranger is told by a mailed code what this machine itself has left', async () => {
  const { tryTimes, nearest } = start('proof');
  for (const question of ['a', 'b', 'c', 'd']) await tryTimes(4, question);
  await tryTimes(2, 'e');
  expect(await nearest('f')).toMatchObject({ limit: 'for_address_from_network', left: 1 });
});

test('case=the last try of the account is refused as at its limit, with the time to wait', async () => {
  const attempts = countersInMemory();
  const answer = async (questionId: string) => {
    const trace = newTrace();
    const deps = { attempts, reads: {}, factorChecks: {}, entropy: {} } as unknown as Parameters<typeof checkFactor>[2];
    const rules = { accepts: ['otp'], isRequired: false, keyVerification: 'discouraged' } as const;
    const given = { by: 'otp', typed: '000000' } as const;
    const asked = {
      usable: [],
      rules,
      userId: IVY,
      canRemember: false,
      answer: { questionId, remembers: false, given },
    };
    return { result: await checkFactor(asked, { attempt: attemptOf(), trace }, deps), evidence: trace.lines.at(-1) };
  };
  for (const question of ['a', 'a', 'a', 'a', 'b', 'b', 'b']) await answer(question);
  expect((await answer('c')).result).toEqual({ kind: 'factor_again', triesLeft: 2 });
  expect((await answer('c')).result).toEqual({ kind: 'factor_again', triesLeft: 1 });
  const last = await answer('c');
  expect(last.result).toMatchObject({ kind: 'refused', code: 'authenticate.too_many_attempts', lasts: 'hour' });
  expect(last.evidence).toMatchObject({
    answer: 'refuse',
    evidence: { tries_left: 0, limit: 'for_address_from_network', most: 10 },
  });
});
