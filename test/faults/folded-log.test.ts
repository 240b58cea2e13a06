/** The log of an outage: a bounded number of lines, however many requests fail, and a count of those that were left out. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from '../../src/compose/log.js';
import { Fault } from '../../src/kernel/errors.js';

let lines: Record<string, unknown>[];
let log: ReturnType<typeof openLog>;
beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  log = openLog(
    { logLevel: 'info' },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
});
afterEach(() => void vi.useRealTimers());

const AWAY = new Fault('database', 'the connection to the database was lost (ECONNREFUSED)', true);

test('three lines of a kind, then one a minute with the count, and all of them again after a quiet minute', () => {
  for (let request = 0; request < 5_000; request += 1)
    log.child({ reqId: request }).error({ err: AWAY, reference: `r${request}` }, 'a page could not be answered');
  expect(lines).toHaveLength(3);
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatchObject({
    level: 50,
    msg: 'a page could not be answered',
    reason: AWAY.message,
    leftOut: 4_997,
  });
  expect(lines[3]).not.toHaveProperty('reqId');
  vi.advanceTimersByTime(120_000);
  expect(lines).toHaveLength(4);
  log.error({ err: AWAY }, 'a page could not be answered');
  expect(lines).toHaveLength(5);
});

test('workers that say the reason as text are folded, too', () => {
  for (let tries = 0; tries < 50; tries += 1) log.warn({ reason: AWAY.message }, 'mail could not be looked for');
  expect(lines).toHaveLength(3);
});

test.each([
  new Fault('timeout', 'the database did not answer in time', true),
  new Fault('timeout', 'too many wait for the same part of the database', true),
  new Fault('database_full', 'the database has no disk space left (53100)', true),
])('folded: $message', (err) => {
  for (let tries = 0; tries < 50; tries += 1) log.error({ err }, 'a page could not be answered');
  expect(lines).toHaveLength(3);
});

// Attack: somebody causes an outage, or many lines, and hides in it what the log would say of them.
test.each([
  ['a fault of another kind', (n: number) => log.error({ err: new Error(`bug ${n}`) }, 'a page could not be answered')],
  ['a final fault', () => log.error({ err: new Fault('database', 'the database refused to work', false) }, 'no')],
  ['a full queue', () => log.error({ err: new Fault('crypto', 'too many passwords are being checked', true) }, 'no')],
  ['the mail server', () => log.warn({ err: new Fault('timeout', 'mail server: it is silent', true) }, 'no mail')],
  ['a refusal', () => log.warn({ reference: 'x', code: 'not_a_member' }, 'refused')],
  ['a reason of somebody else', () => log.warn({ reason: 'the mail server refuses' }, 'a mail was not sent')],
  ['what is no warning', () => log.info({ reason: AWAY.message }, 'started')],
])('%s is always written', (_name, write) => {
  for (let n = 0; n < 20; n += 1) write(n);
  expect(lines).toHaveLength(20);
});

test('reasons without end share a count', () => {
  for (let n = 0; n < 2_000; n += 1) log.warn({ reason: `connect ${n}` }, 'away');
  expect(lines.length).toBeLessThan(250);
});
