/** How many lines of the login log refusals may cause, and what is said of those that are left out. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createBoundedLedger } from '../../src/login/log-allowance.js';
import type { LogEntry } from '../../src/ports/ledger.js';
import { createManualClock } from '../support/manual-clock.js';

const LINES = 60;
afterEach(() => vi.useRealTimers());

function start({ fails = false } = {}) {
  const clock = createManualClock();
  const written: LogEntry[] = [];
  const counted: string[] = [];
  const warned: object[] = [];
  const bounded = createBoundedLedger({
    ledger: {
      async append(entry) {
        if (fails) throw new Error('the database is away');
        written.push(entry);
      },
    },
    clock,
    entropy: systemEntropy,
    log: { warn: (fields, message) => warned.push({ ...fields, message }) },
    linesPerMinute: LINES,
    onLeftOut: (code) => counted.push(code),
  });
  const refuse = (ip: string | undefined, rest: Partial<LogEntry> = {}) =>
    bounded.append({
      logId: 'id',
      date: clock.now(),
      type: 'f',
      ...(ip !== undefined && { ip }),
      details: { code: 'authenticate.wrong_password', reference: 'V-2222-2222' },
      ...rest,
    });
  const times = async (count: number, ipOf: (index: number) => string, rest?: Partial<LogEntry>) => {
    const before = written.length;
    for (let index = 0; index < count; index += 1) await refuse(ipOf(index), rest);
    return written.length - before;
  };
  return { clock, bounded, written, counted, warned, refuse, times };
}

describe('as many a minute', () => {
  // Attack: filling the log from the addresses that one machine, customer or block has.
  test.each([
    ['an IPv4 address', () => '192.0.2.1', 60],
    ['an address that is none', () => 'unknown', 60],
    ['a /64', (index: number) => `2001:db8:1:2::${index}`, 60],
    ['a /56', (index: number) => `2001:db8:1:${(0x200 + (index % 256)).toString(16)}::1`, 120],
    ['a /48', (index: number) => `2001:db8:1:${(index % 65_536).toString(16)}::1`, 240],
    ['a /24', (index: number) => `192.0.2.${index % 256}`, 240],
    ['everybody', (index: number) => `${1 + (index % 200)}.${Math.floor(index / 200)}.0.1`, 6000],
  ])('%s', async (_, ipOf, most) => {
    const { times } = start();
    expect(await times(most + 200, ipOf)).toBe(most);
  });

  // Attack: sixty lines a minute of five times the usual length.
  test('long lines count as several', async () => {
    const { times } = start();
    const long = { details: { code: 'authenticate.idp_denied', texts: Array(5).fill('x'.repeat(1_900)) } };
    const bytes = 60 * 2_000;
    const written = await times(70, () => '192.0.2.1', long);
    expect(written).toBeLessThan(60);
    expect(written).toBeGreaterThanOrEqual(bytes / 10_000);
    expect(await times(5, () => '192.0.2.1'), 'a short one is over the limit as well').toBe(0);
    expect(await times(5, () => '192.0.2.2'), 'the neighbour has their own').toBe(5);
  });

  test('the next minute has its own', async () => {
    const { times, clock } = start();
    expect(await times(70, () => '192.0.2.1')).toBe(60);
    clock.advanceMs(59_999);
    expect(await times(1, () => '192.0.2.1')).toBe(0);
    clock.advanceMs(1);
    // And the line about what was left out of the last one.
    expect(await times(70, () => '192.0.2.1')).toBe(61);
  });

  test('whoever is left out takes nothing away from the customer or the block', async () => {
    const { times } = start();
    await times(5000, () => '192.0.2.1');
    expect(await times(70, () => '192.0.2.2')).toBe(60);
  });

  // Attack: a stranger floods so that the line of somebody who was refused at the organization is left out.
  test('people who had proved who they are have lines of their own, and not without end', async () => {
    const { times } = start();
    expect(await times(70, () => '192.0.2.1')).toBe(60);
    expect(await times(400, () => '192.0.2.1', { hasProof: true })).toBe(300);
  });
});

test('what was done is never left out: a sign-out needs a session each', async () => {
  const { times } = start();
  expect(await times(100, () => '192.0.2.1', { type: 'limit_sf' })).toBe(100);
  expect(await times(500, () => '192.0.2.1', { type: 'slo' })).toBe(500);
  expect(await times(70, () => '192.0.2.1')).toBe(60);
});

describe('what is left out', () => {
  test('is in the server’s own log with its number, is counted, and is one line for the minute', async () => {
    const { times, clock, counted, warned, written, refuse } = start();
    await times(63, () => '192.0.2.1');
    await refuse('192.0.2.1', { details: { check: 'client.wrong_secret' } });
    for (let host = 0; host < 30; host += 1) await times(62, () => `198.51.${host}.1`);
    expect(counted.filter((code) => code === 'authenticate.wrong_password')).toHaveLength(63);
    expect(counted).toContain('client.wrong_secret');
    expect(warned[0]).toMatchObject({
      reference: 'V-2222-2222',
      code: 'authenticate.wrong_password',
      network: '192.0.2.1',
    });
    const from = clock.now().toISOString();
    clock.advanceMs(60_000);
    await refuse('203.0.113.1');
    const lines = written.filter(({ type }) => type === 'api_limit');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      description: '64 refusals were left out of this log: their networks had had their lines',
      details: {
        left_out: 64,
        codes: { 'authenticate.wrong_password': 63, 'client.wrong_secret': 1 },
        from,
        to: clock.now().toISOString(),
      },
    });
    const networks = (lines[0]?.details.networks ?? {}) as Record<string, number>;
    expect(Object.keys(networks)).toHaveLength(10);
    expect(networks['192.0.2.1']).toBe(4);
  });

  test('names the ten networks that had most left out, and is dated by the first', async () => {
    const { times, clock, written, bounded } = start();
    const most = Array.from({ length: 12 }, (_, host) => [`198.51.${host}.1`, host + 1] as const);
    for (const [ip] of most) await times(60, () => ip);
    const from = clock.now().toISOString();
    for (const [ip, leftOut] of most) {
      await times(leftOut, () => ip);
      clock.advanceMs(1_000);
    }
    await bounded.close();
    const { networks, ...details } = (written.at(-1)?.details ?? {}) as {
      networks: Record<string, number>;
      from: string;
    };
    expect(details.from).toBe(from);
    expect(Object.entries(networks)).toEqual([...most].reverse().slice(0, 10));
  });

  test('a line that names neither a code nor a check is counted by its type', async () => {
    const { times, counted } = start();
    await times(61, () => '192.0.2.1', { type: 'fp', details: { check: 7 } });
    expect(counted).toEqual(['fp']);
  });

  test('is said though nobody comes any more, and once', async () => {
    vi.useFakeTimers();
    const { times, written } = start();
    await times(61, () => '192.0.2.1');
    expect(written.filter(({ type }) => type === 'api_limit')).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written.filter(({ type }) => type === 'api_limit')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(written.filter(({ type }) => type === 'api_limit')).toHaveLength(1);
  });

  test('is said when the server ends, and nothing where nothing was left out', async () => {
    const one = start();
    await one.times(61, () => '192.0.2.1');
    await one.bounded.close();
    expect(one.written.at(-1)?.type).toBe('api_limit');
    const other = start();
    await other.times(60, () => '192.0.2.1');
    await other.bounded.close();
    expect(other.written).toHaveLength(60);
  });

  test('a database that is away fails the refusal that has its line there, and not the line about the others', async () => {
    const { refuse, bounded, warned, clock } = start({ fails: true });
    for (let time = 0; time < 60; time += 1) await expect(refuse('192.0.2.1')).rejects.toThrow('away');
    await refuse('192.0.2.1');
    clock.advanceMs(60_000);
    await expect(refuse('192.0.2.1')).rejects.toThrow('away');
    await bounded.close();
    expect(warned.at(-1)).toMatchObject({ reason: 'the database is away' });
  });
});

test('a text of 2,000 characters is whole, and a line without a longer one is the very line that came', async () => {
  const { written, bounded, clock } = start();
  const details = { said: 'x'.repeat(2_000), nothing: null, count: 3 };
  const entry = { logId: 'id', date: clock.now(), type: 'f', details };
  await bounded.append(entry);
  expect(written[0]).toBe(entry);
});

test('a line is no longer than a line is: texts are cut wherever they stand, and nothing else is touched', async () => {
  const { written, refuse } = start();
  const long = 'x'.repeat(60_000);
  const at = new Date();
  const whole = 'y'.repeat(2_000);
  await refuse('192.0.2.1', {
    description: long,
    details: { trace: [{ evidence: { said: long, whole, at, count: 3 } }] },
  });
  const cut = `${'x'.repeat(2_000)}…`;
  expect(written[0]).toMatchObject({
    description: cut,
    details: { trace: [{ evidence: { said: cut, whole, at, count: 3 } }] },
  });
});
