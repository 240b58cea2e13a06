/** How often something may be tried for an address: from one machine, from a network, by a known browser, from everywhere. */
import { describe, expect, test } from 'vitest';
import { addSeconds } from '../../src/kernel/clock.js';
import {
  type Counted,
  countAttempt,
  countSecret,
  evidenceOfLimit,
  forgetAttempts,
  forgiveAttempts,
  type LimitedAttempt,
  type Tried,
} from '../../src/login/attempt-limits.js';
import { findNearest } from '../../src/login/limits-ahead.js';
import type { AttemptCounters } from '../../src/ports/attempts.js';
import { countersInMemory } from '../support/attempts-in-memory.js';

const AT = new Date('2026-01-02T03:04:05Z');
const EMAIL = 'ivy@acme.example';
const IVY = 'auth0|ivy';

const countFrom = (
  attempts: AttemptCounters,
  ip: string,
  rest: Partial<Tried> = {},
  kind: LimitedAttempt = 'password',
) => countAttempt(attempts, kind, { email: EMAIL, ip, ...rest }, AT);
const tryTimes = async (
  attempts: AttemptCounters,
  times: number,
  ip: string,
  kind?: LimitedAttempt,
  rest?: Partial<Tried>,
) => {
  let allowed = 0;
  for (let time = 0; time < times; time += 1) if ((await countFrom(attempts, ip, rest, kind)).allowed) allowed += 1;
  return allowed;
};
const passedOf = (counted: Counted) => (counted.allowed ? undefined : counted.passed);

describe('one machine', () => {
  // Attack: shutting a person out by the person's name.
  test('case=takes what it may, and nothing away from the others, however often it goes on', async () => {
    const attempts = countersInMemory();
    expect(await tryTimes(attempts, 5000, '192.0.2.1')).toBe(10);
    expect(await tryTimes(attempts, 20, '198.51.100.2')).toBe(10);
    expect((await countFrom(attempts, '192.0.2.1', { email: 'dana@acme.example' })).allowed).toBe(true);
  });

  test.each([
    ['password', 10, 100],
    ['proof-mail', 5, 20],
    ['sign-up-mail', 5, 20],
    ['sign-up-call', 5, 20],
    ['proof', 20, 60],
    ['factor', 10, 30],
    ['forgot', 5, 20],
  ] as const)('case=%s: %i from one, %i from all', async (kind, fromHere, fromAnywhere) => {
    const attempts = countersInMemory();
    let allowed = await tryTimes(attempts, fromHere + 3, '192.0.2.1', kind);
    expect(allowed).toBe(fromHere);
    // Attack: guesses that are spread over many machines of many networks.
    for (let network = 0; network < 30; network += 1)
      allowed += await tryTimes(attempts, fromHere, `198.51.${network}.2`, kind);
    expect(allowed).toBe(fromAnywhere);
  });

  test.each([
    ['password', 50],
    ['proof-mail', 300],
    ['sign-up-mail', 30],
    ['sign-up-call', 30],
    ['proof', 300],
    ['factor', 300],
    ['forgot', 100],
  ] as const)('case=%s: %i for whomever', async (kind, forAnybody) => {
    const attempts = countersInMemory();
    let allowed = 0;
    for (let person = 0; person < forAnybody + 20; person += 1)
      allowed += await tryTimes(attempts, 1, '192.0.2.1', kind, { email: `p${person}@plain.example` });
    expect(allowed).toBe(forAnybody);
    expect(passedOf(await countFrom(attempts, '192.0.2.1', { email: 'new@plain.example' }, kind))).toMatchObject({
      limit: 'from_network',
      network: '192.0.2.1',
      most: forAnybody,
    });
  });

  test('case=what is tried in one way takes nothing away from what is tried in another', async () => {
    const attempts = countersInMemory();
    expect(await tryTimes(attempts, 20, '192.0.2.1', 'password')).toBe(10);
    expect(await tryTimes(attempts, 20, '192.0.2.1', 'proof-mail')).toBe(5);
    expect(await tryTimes(attempts, 20, '192.0.2.1', 'forgot')).toBe(5);
  });

  test('case=codes for a sign-up and codes for whom a company signed in are mail to the same person', async () => {
    const attempts = countersInMemory();
    expect(await tryTimes(attempts, 3, '192.0.2.1', 'sign-up-mail')).toBe(3);
    expect(await tryTimes(attempts, 9, '192.0.2.1', 'proof-mail')).toBe(2);
  });
});

describe('sign-ups by programs', () => {
  // Attack: strangers post a member's address, and the member gets no code any more.
  test('case=take no code away from whom a company signed in, nor from who signs up on the page', async () => {
    const attempts = countersInMemory();
    expect(await tryTimes(attempts, 9, '192.0.2.1', 'sign-up-call')).toBe(5);
    expect(await tryTimes(attempts, 2, '192.0.2.1', 'proof-mail')).toBe(2);
    expect(await tryTimes(attempts, 9, '192.0.2.1', 'sign-up-mail')).toBe(3);
  });
});

describe('one customer of an access provider', () => {
  /** The n-th /64 of a network, and the n-th address of a /24. */
  const hosts = {
    '/56': (index: number) => `2001:db8:1:${(0x200 + (index % 256)).toString(16)}::${index + 1}`,
    '/48': (index: number) => `2001:db8:1:${(index % 65_536).toString(16)}::1`,
    '/24': (index: number) => `192.0.2.${index % 256}`,
  };

  // Attack: somebody with a /56 has 256 times what a /64 may, and shuts the owner out of sign-in and of the reset.
  test.each([
    ['password', '/56', 20],
    ['password', '/48', 40],
    ['password', '/24', 40],
    ['forgot', '/56', 10],
    ['forgot', '/48', 10],
    ['forgot', '/24', 10],
    ['proof-mail', '/48', 10],
    ['proof', '/56', 30],
    ['proof', '/48', 30],
  ] as const)('case=%s by a %s: %i, and the owner goes on', async (kind, network, most) => {
    const attempts = countersInMemory();
    let allowed = 0;
    for (let index = 0; index < 500; index += 1) allowed += await tryTimes(attempts, 1, hosts[network](index), kind);
    expect(allowed).toBe(most);
    expect((await countFrom(attempts, '203.0.113.7', {}, kind)).allowed).toBe(true);
  });

  test.each([
    ['/56', 100],
    ['/48', 200],
    ['/24', 200],
  ] as const)('case=passwords of whomever by a %s: %i', async (network, most) => {
    const attempts = countersInMemory();
    let allowed = 0;
    for (let index = 0; index < 500; index += 1)
      allowed += await tryTimes(attempts, 1, hosts[network](index), 'password', { email: `p${index}@plain.example` });
    expect(allowed).toBe(most);
    // Attack: filling the table of counters, by machines and addresses that are made up.
    expect(attempts.keys.length).toBeLessThanOrEqual(most * 7);
  });
});

describe('a browser that has signed the person in', () => {
  const own: Partial<Tried> = { userId: IVY, device: { id: 'd1', userIds: ['auth0|other', IVY] } };
  /** Guesses of strangers everywhere, the owner's own machine included. */
  const exhaust = async (attempts: AttemptCounters) => {
    for (let network = 0; network < 30; network += 1) await tryTimes(attempts, 10, `198.51.${network}.2`);
    await tryTimes(attempts, 10, '192.0.2.1');
    expect(await tryTimes(attempts, 1, '192.0.2.1')).toBe(0);
  };

  // Attack: a stranger's guesses shut the owner out.
  test('case=has an allowance of its own where strangers have used up theirs', async () => {
    const attempts = countersInMemory();
    await exhaust(attempts);
    expect(await tryTimes(attempts, 30, '192.0.2.1', 'password', own)).toBe(10);
  });

  test('case=takes nothing away from strangers, and has their allowance besides', async () => {
    const attempts = countersInMemory();
    expect(await tryTimes(attempts, 30, '192.0.2.1', 'password', own)).toBe(20);
    expect(await tryTimes(attempts, 30, '198.51.100.2')).toBe(10);
  });

  // Attack: a browser of somebody else, or one whose cookie names somebody else, guesses with it.
  test.each<[string, Partial<Tried>]>([
    ['of somebody else', { userId: IVY, device: { id: 'd1', userIds: ['auth0|other'] } }],
    ['for an address that leads to nobody', { device: { id: 'd1', userIds: [IVY] } }],
  ])('case=a browser %s is a stranger', async (_, rest) => {
    const attempts = countersInMemory();
    await exhaust(attempts);
    expect(await tryTimes(attempts, 3, '192.0.2.1', 'password', rest)).toBe(0);
  });

  // Attack: somebody who once knew the password has made many browsers known.
  test('case=all known browsers of an account have half of what everybody has', async () => {
    const attempts = countersInMemory();
    await exhaust(attempts);
    let allowed = 0;
    for (let browser = 0; browser < 20; browser += 1) {
      const device = { id: `d${browser}`, userIds: [IVY] };
      allowed += await tryTimes(attempts, 10, '192.0.2.1', 'password', { userId: IVY, device });
    }
    expect(allowed).toBe(50);
  });

  test('case=a success there is forgiven there', async () => {
    const attempts = countersInMemory();
    for (let round = 0; round < 8; round += 1) {
      await tryTimes(attempts, 6, '192.0.2.1', 'password', own);
      const counted = await countFrom(attempts, '192.0.2.1', own);
      if (!counted.allowed) throw new Error(`round ${round}`);
      await forgiveAttempts(attempts, counted);
    }
  });
});

describe('afterwards', () => {
  test('case=a success takes back what was tried from there and leaves what others tried', async () => {
    const attempts = countersInMemory();
    for (let network = 1; network < 11; network += 1) await tryTimes(attempts, 9, `198.51.${network}.2`);
    const counted = await countFrom(attempts, '192.0.2.1');
    if (!counted.allowed) throw new Error('allowed');
    await forgiveAttempts(attempts, counted);
    expect(await tryTimes(attempts, 20, '192.0.2.1')).toBe(10);
    // 90 by the others and these ten are all.
    expect(await tryTimes(attempts, 1, '203.0.113.9')).toBe(0);
    await forgetAttempts(attempts, 'password', { email: EMAIL, ip: '192.0.2.1', userId: IVY });
    expect(await tryTimes(attempts, 1, '192.0.2.1')).toBe(1);
    expect(await tryTimes(attempts, 1, '203.0.113.9')).toBe(1);
  });

  // Attack: a network that guesses at everybody makes an account of its own, and takes back what it tried by a new password for that one.
  test('case=a new password forgets what was tried for that address, and not what its network tried on others', async () => {
    const attempts = countersInMemory();
    for (let person = 0; person < 50; person += 1)
      await tryTimes(attempts, 1, '192.0.2.1', 'password', { email: `p${person}@plain.example` });
    await forgetAttempts(attempts, 'password', { email: EMAIL, ip: '192.0.2.1', userId: IVY });
    expect(await tryTimes(attempts, 1, '192.0.2.1')).toBe(0);
  });

  test('case=what was counted is named, the narrowest first', async () => {
    const counted = await countFrom(countersInMemory(), '192.0.2.1');
    if (!counted.allowed) throw new Error('allowed');
    expect(counted.keys).toHaveLength(5);
    for (const key of counted.keys) expect(key).toMatch(/192\.0\.2\.|ivy@acme/);
    expect(counted.keys[0]).toContain(`${EMAIL} 192.0.2.1`);
  });

  test('case=of something that may be tried a few times itself its own tries are told, whatever else was tried', async () => {
    const attempts = countersInMemory();
    await tryTimes(attempts, 3, '192.0.2.1', 'proof');
    const counted = await countFrom(attempts, '192.0.2.1', { once: { key: 'proof:2', limit: 5 } }, 'proof');
    expect(counted.allowed && findNearest(counted.ahead)).toMatchObject({ limit: 'for_this_one', left: 4 });
  });

  test('case=a known browser that has used up a code is told so, and is not counted as a stranger besides', async () => {
    const attempts = countersInMemory();
    for (let network = 0; network < 6; network += 1) await tryTimes(attempts, 20, `198.51.${network}.2`, 'proof');
    const own = { userId: IVY, device: { id: 'd1', userIds: [IVY] }, once: { key: 'proof:3', limit: 2 } };
    expect(await tryTimes(attempts, 2, '192.0.2.1', 'proof', own)).toBe(2);
    expect(passedOf(await countFrom(attempts, '192.0.2.1', own, 'proof'))).toMatchObject({
      limit: 'for_this_one',
      most: 2,
    });
  });

  test('case=something that may be tried a few times itself is counted last, and says how often it was', async () => {
    const attempts = countersInMemory();
    const once = { key: 'proof:1', limit: 5 };
    const outcomes: (number | undefined)[] = [];
    for (let time = 0; time < 6; time += 1) {
      const counted = await countFrom(attempts, '192.0.2.1', { once }, 'proof');
      outcomes.push(counted.allowed ? findNearest(counted.ahead).left : undefined);
    }
    expect(outcomes).toEqual([4, 3, 2, 1, 0, undefined]);
    expect(passedOf(await countFrom(attempts, '192.0.2.1', { once }, 'proof'))).toMatchObject({
      limit: 'for_this_one',
      most: 5,
      endsAt: addSeconds(AT, 3600),
    });
    const own = { userId: IVY, device: { id: 'd1', userIds: [IVY] }, once };
    expect((await countFrom(attempts, '192.0.2.1', own, 'proof')).allowed).toBe(false);
    // Attack: codes that nobody was sent fill the table of counters.
    for (let code = 0; code < 400; code += 1) {
      const made = { once: { key: `proof:made-${code}`, limit: 5 }, email: `p${code}@plain.example` };
      await countFrom(attempts, '192.0.2.1', made, 'proof');
    }
    expect(attempts.keys.filter((key) => key.startsWith('proof:made')).length).toBeLessThanOrEqual(300);
  });
});

describe('the secret of an application', () => {
  const trySecrets = async (
    attempts: AttemptCounters,
    times: number,
    ip: string,
    isKnownNetwork: boolean,
    clientId = 'app',
  ) => {
    let allowed = 0;
    for (let time = 0; time < times; time += 1)
      if ((await countSecret(attempts, { clientId, ip, isKnownNetwork }, AT)).allowed) allowed += 1;
    return allowed;
  };

  test('case=ten from one machine, a hundred from everywhere', async () => {
    const attempts = countersInMemory();
    expect(await trySecrets(attempts, 20, '192.0.2.1', false)).toBe(10);
    let allowed = 10;
    for (let network = 0; network < 30; network += 1)
      allowed += await trySecrets(attempts, 10, `198.51.${network}.2`, false);
    expect(allowed).toBe(100);
  });

  // Attack: guesses from elsewhere shut an application out.
  test('case=a network from which the right one has come lately has ten of its own, for this application', async () => {
    const attempts = countersInMemory();
    for (let network = 0; network < 30; network += 1) await trySecrets(attempts, 10, `198.51.${network}.2`, false);
    expect(await trySecrets(attempts, 20, '192.0.2.1', true)).toBe(10);
    expect(await trySecrets(attempts, 20, '203.0.113.9', true)).toBe(10);
    expect(await trySecrets(attempts, 20, '192.0.2.1', true, 'other')).toBe(10);
    const passed = passedOf(
      await countSecret(attempts, { clientId: 'app', ip: '192.0.2.1', isKnownNetwork: true }, AT),
    );
    expect(passed).toEqual({ limit: 'from_known_network', most: 10, windowSeconds: 900, endsAt: addSeconds(AT, 900) });
  });
});

test('case=a limit that was passed says what it was, of which network, and until when', async () => {
  const attempts = countersInMemory();
  await tryTimes(attempts, 10, '192.0.2.1');
  const passed = passedOf(await countFrom(attempts, '192.0.2.1'));
  const said = { limit: 'for_address_from_network', most: 10, window_seconds: 900, ends_at: addSeconds(AT, 900) };
  expect(passed && evidenceOfLimit(passed)).toEqual({ ...said, network: '192.0.2.1' });
  const { network: _network, ...anywhere } = passed ?? { limit: 'for_address', most: 0, windowSeconds: 0, endsAt: AT };
  expect(evidenceOfLimit(anywhere)).toEqual(said);
});
