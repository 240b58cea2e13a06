/** How often something may be tried for an address, from here and from everywhere. */
import { describe, expect, test } from 'vitest';
import {
  countAttempt,
  forgetAttempts,
  forgiveAttempts,
  type LimitedAttempt,
  networkOf,
} from '../../src/login/attempt-limits.js';
import type { AttemptCounters } from '../../src/ports/attempts.js';

const AT = new Date('2026-01-02T03:04:05Z');
const EMAIL = 'ivy@acme.example';

/** Counters whose windows never end. */
function countersInMemory(): AttemptCounters {
  const counts = new Map<string, number>();
  return {
    async increment(key) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key) ?? 0;
    },
    async release(key) {
      counts.set(key, Math.max(0, (counts.get(key) ?? 0) - 1));
    },
    async reset(key) {
      counts.delete(key);
    },
  };
}
const tryTimes = async (attempts: AttemptCounters, times: number, ip: string, kind: LimitedAttempt = 'password') => {
  let allowed = 0;
  for (let time = 0; time < times; time += 1)
    if ((await countAttempt(attempts, kind, { email: EMAIL, ip }, AT)).allowed) allowed += 1;
  return allowed;
};

describe('one network address', () => {
  // Attack: shutting a person out by his name.
  test('case=takes what it may, and nothing away from the others, however often it goes on', async () => {
    const attempts = countersInMemory();
    expect(await tryTimes(attempts, 5000, '192.0.2.1')).toBe(10);
    expect(await tryTimes(attempts, 20, '192.0.2.2')).toBe(10);
    expect(
      (await countAttempt(attempts, 'password', { email: 'dana@acme.example', ip: '192.0.2.1' }, AT)).allowed,
    ).toBe(true);
  });

  test.each([
    ['password', 10, 100],
    ['proof-mail', 5, 20],
    ['proof', 20, 60],
    ['forgot', 5, 20],
  ] as const)('case=%s: %i from one, %i from all', async (kind, fromHere, fromAnywhere) => {
    const attempts = countersInMemory();
    let allowed = await tryTimes(attempts, fromHere + 3, '192.0.2.1', kind);
    expect(allowed).toBe(fromHere);
    // Attack: guesses that are spread over many machines.
    for (let host = 2; host < 60; host += 1) allowed += await tryTimes(attempts, fromHere, `192.0.2.${host}`, kind);
    expect(allowed).toBe(fromAnywhere);
  });
});

test('case=a success takes back what was tried from there and leaves what others tried', async () => {
  const attempts = countersInMemory();
  for (let host = 2; host < 12; host += 1) await tryTimes(attempts, 9, `192.0.2.${host}`);
  await tryTimes(attempts, 1, '192.0.2.1');
  await forgiveAttempts(attempts, 'password', { email: EMAIL, ip: '192.0.2.1' });
  expect(await tryTimes(attempts, 20, '192.0.2.1')).toBe(10);
  // 90 by the others and these ten are all.
  expect(await tryTimes(attempts, 1, '192.0.2.99')).toBe(0);
  await forgetAttempts(attempts, 'password', { email: EMAIL, ip: '192.0.2.1' });
  expect(await tryTimes(attempts, 1, '192.0.2.1')).toBe(1);
});

describe('the network of an address', () => {
  // Attack: one machine has 2^64 addresses of its own.
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
  ])('case=%s', (ip, network) => expect(networkOf(ip)).toBe(network));
});
