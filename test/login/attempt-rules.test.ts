/** The tenant's own numbers for the limits of tries: what they change, and the bounds that none of them moves. */
import { describe, expect, test } from 'vitest';
import type { AttemptRules } from '../../src/domain/attempt-rules.js';
import { countAttempt, forgetAttempts, forgiveAttempts, type LimitedAttempt } from '../../src/login/attempt-limits.js';
import {
  BRUTE_FORCE_DEFAULT,
  type BruteForceSettings,
  THROTTLING_DEFAULT,
  type ThrottlingSettings,
  toAttemptRules,
} from '../../src/management/attack-protection/fields.js';
import { countersInMemory } from '../support/attempts-in-memory.js';

const AT = new Date('2026-01-02T03:04:05Z');
const EMAIL = 'ivy@acme.example';
const OFFICE = '203.0.113.7';

const bruteForce = (changes: Partial<BruteForceSettings>) =>
  toAttemptRules({ brute_force: { ...BRUTE_FORCE_DEFAULT, ...changes } });
const throttling = (changes: Partial<ThrottlingSettings>) =>
  toAttemptRules({ throttling: { ...THROTTLING_DEFAULT, enabled: true, shields: ['block'], ...changes } });

/** A server with these rules: how many of `times` tries from an address are allowed. */
function serverWith(rules: AttemptRules | undefined) {
  const attempts = countersInMemory();
  const once = (ip: string, email = EMAIL, kind: LimitedAttempt = 'password', device?: string) =>
    countAttempt(
      attempts,
      kind,
      { email, ip, rules, ...(device && { userId: 'u', device: { id: device, userIds: ['u'] } }) },
      AT,
    );
  const tryTimes = async (times: number, ip: string, kind?: LimitedAttempt, device?: string) => {
    let allowed = 0;
    for (let time = 0; time < times; time += 1) if ((await once(ip, EMAIL, kind, device)).allowed) allowed += 1;
    return allowed;
  };
  /** Tries of one machine, each for another address. */
  const tryEverybody = async (times: number, ip: string, kind?: LimitedAttempt) => {
    let allowed = 0;
    for (let time = 0; time < times; time += 1)
      if ((await once(ip, `p${time}@plain.example`, kind)).allowed) allowed += 1;
    return allowed;
  };
  return { attempts, once, tryTimes, tryEverybody };
}

const everywhere = async (server: ReturnType<typeof serverWith>, device?: string) => {
  let allowed = 0;
  for (let network = 0; network < 60; network += 1)
    allowed += await server.tryTimes(5, `198.51.${network}.2`, 'password', device);
  return allowed;
};

describe('without settings, and with the defaults', () => {
  test.each([
    ['nothing', undefined],
    ['no part', toAttemptRules({})],
    ['the defaults', toAttemptRules({ brute_force: BRUTE_FORCE_DEFAULT, throttling: THROTTLING_DEFAULT })],
  ])('case=%s: this server’s own limits', async (_name, rules) => {
    expect(await serverWith(rules).tryTimes(60, '192.0.2.1')).toBe(10);
    expect(await everywhere(serverWith(rules))).toBe(100);
    expect(await serverWith(rules).tryEverybody(80, '192.0.2.1')).toBe(50);
    expect(await serverWith(rules).tryEverybody(80, '192.0.2.1', 'sign-up-mail')).toBe(30);
  });
});

describe('brute-force protection', () => {
  test.each([
    [{ max_attempts: 3 }, 3],
    [{ max_attempts: 40 }, 40],
    [{ enabled: false, max_attempts: 3 }, 50],
    [{ shields: [], max_attempts: 3 }, 50],
    [{ shields: ['user_notification' as const], max_attempts: 3 }, 50],
  ])('case=%j: %i from one machine, and 100 from everywhere', async (changes, fromHere) => {
    expect(await serverWith(bruteForce(changes)).tryTimes(120, '192.0.2.1')).toBe(fromHere);
    expect(await everywhere(serverWith(bruteForce({ ...changes, max_attempts: 40 })))).toBe(100);
  });

  test('case=for each address: so many from everywhere, of which one machine may use all', async () => {
    const rules = bruteForce({ mode: 'count_per_identifier', max_attempts: 7 });
    expect(await serverWith(rules).tryTimes(20, '192.0.2.1')).toBe(7);
    const server = serverWith(rules);
    expect(await everywhere(server)).toBe(7);
    expect(await server.once('192.0.2.1')).toMatchObject({ passed: { limit: 'for_address', most: 7 } });
    // The owner's own browser has an allowance of its own.
    expect(await server.tryTimes(20, '192.0.2.1', 'password', 'own')).toBe(7);
  });

  // Attack: a row that was written around the API allows a thousand guesses.
  test.each(['count_per_identifier', 'count_per_identifier_and_ip'] as const)('case=%s: never more', async (mode) => {
    const rules = bruteForce({ mode, max_attempts: 5_000 });
    expect(await everywhere(serverWith(rules))).toBe(100);
    expect(await serverWith({ ...rules, trustedForNetwork: ['192.0.2.1'] }).tryTimes(200, '192.0.2.1')).toBe(
      mode === 'count_per_identifier' ? 100 : 50,
    );
  });

  test('case=another kind of try has this server’s own limit', async () => {
    const rules = bruteForce({ mode: 'count_per_identifier', max_attempts: 1 });
    expect(await serverWith(rules).tryTimes(30, '192.0.2.1', 'proof')).toBe(20);
    expect(await serverWith(rules).tryTimes(30, '192.0.2.1', 'forgot')).toBe(5);
  });

  test('case=networks of the allowlist: apart from everybody else, and not without end', async () => {
    const rules = bruteForce({ max_attempts: 3, allowlist: ['203.0.113.0/24', '2001:db8::/32'] });
    const server = serverWith(rules);
    await everywhere(server);
    // As some proxies forward it, with the port of the connection.
    expect(await server.tryTimes(40, `${OFFICE}:4711`)).toBe(40);
    expect(await server.tryTimes(80, '2001:db8:1::1')).toBe(50);
    // For whomever they are counted as everybody is.
    expect(await server.once('2001:db8:1::2')).toMatchObject({ passed: { limit: 'from_network', most: 50 } });
    const wide = serverWith({ ...rules, trustedForNetwork: ['203.0.113.0/24'] });
    expect(await wide.tryTimes(150, OFFICE)).toBe(100);
    expect(await wide.once(OFFICE)).toMatchObject({ passed: { limit: 'for_address_from_allowlist', most: 100 } });
    // People elsewhere lost nothing by that.
    expect(await wide.tryTimes(5, '192.0.2.1')).toBe(3);
    await forgetAttempts(wide.attempts, 'password', { email: EMAIL, ip: '192.0.2.1' });
    expect(await wide.tryTimes(1, OFFICE)).toBe(1);
  });
});

describe('throttling of networks', () => {
  const stage = {
    'pre-login': { max_attempts: 4, rate: 100_000 },
    'pre-user-registration': { max_attempts: 2, rate: 1_200 },
  };

  test('case=so many for whomever, in the time in which they are granted anew', async () => {
    const server = serverWith(throttling({ stage }));
    expect(await server.tryEverybody(10, '192.0.2.1')).toBe(4);
    expect(await server.tryEverybody(10, '192.0.2.1', 'sign-up-mail')).toBe(2);
    expect(await server.tryEverybody(10, '192.0.2.1', 'sign-up-call')).toBe(2);
    const refused = await server.once('192.0.2.1');
    expect(refused).toMatchObject({ passed: { limit: 'from_network', most: 4, windowSeconds: 400 } });
    // Mail to people whom their company has just signed in is another thing.
    expect(await serverWith(throttling({ stage })).tryEverybody(10, '192.0.2.1', 'proof-mail')).toBe(10);
  });

  test.each([{ enabled: false }, { shields: [] }, { shields: ['admin_notification' as const] }])(
    'case=%j: this server’s own limits',
    async (off) => {
      expect(await serverWith(throttling({ stage, ...off })).tryEverybody(80, '192.0.2.1')).toBe(50);
    },
  );

  test('case=networks of the allowlist are not counted for whomever, and an address in them still is', async () => {
    const rules = throttling({ stage, allowlist: ['203.0.113.0/24'] });
    expect(await serverWith(rules).tryEverybody(80, OFFICE)).toBe(80);
    expect(await serverWith(rules).tryTimes(80, OFFICE)).toBe(10);
    expect(await serverWith(rules).tryEverybody(80, '192.0.2.1')).toBe(4);
  });
});

// Attack: guesses at many accounts, between which somebody signs in with an account of their own.
test('case=a success takes back its own try alone, where no counter is of one machine for one address', async () => {
  const server = serverWith({
    ...bruteForce({ mode: 'count_per_identifier', max_attempts: 60 }),
    ...{ forNetworks: { password: { most: 8, windowSeconds: 900 } } },
  });
  expect(await server.tryEverybody(7, '192.0.2.1')).toBe(7);
  const own = await server.once('192.0.2.1', 'attacker@plain.example');
  if (!own.allowed) throw new Error('the eighth try is allowed');
  await forgiveAttempts(server.attempts, own);
  expect(await server.tryEverybody(7, '192.0.2.1')).toBe(1);
});
