import { describe, expect, test } from 'vitest';
import { createBreaker } from '../../src/connectors/breaker.js';
import { OutboundError } from '../../src/connectors/outbound/error.js';
import type { ConnectorAnswer } from '../../src/ports/connector.js';
import { createManualClock } from '../support/manual-clock.js';
import { CALLBACK, connectionWith, DANA, newWay, startOidcRig } from '../support/oidc-rig.js';
import { startScriptedIdp } from '../support/scripted-idp.js';

const timeout = () => Promise.reject(new OutboundError('timeout', 'slow'));
const answer = () => Promise.resolve('answer');
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof OutboundError ? error.kind : 'other'),
  );

function setUp() {
  const clock = createManualClock();
  const breaker = createBreaker({ clock });
  const failTimes = async (count: number, key = 'acme') => {
    for (let done = 0; done < count; done += 1) await kindOf(breaker.run(key, timeout));
  };
  return { clock, breaker, failTimes };
}

describe('the breaker', () => {
  test('opens after five failures in a row, and then asks nobody', async () => {
    const { breaker, failTimes } = setUp();
    await failTimes(5);
    let asked = false;
    const call = async () => {
      asked = true;
    };
    expect(await kindOf(breaker.run('acme', call))).toBe('breaker_open');
    expect(asked).toBe(false);
  });

  test('stays closed when an answer comes between the failures', async () => {
    const { breaker, failTimes } = setUp();
    await failTimes(4);
    await breaker.run('acme', answer);
    await failTimes(4);
    expect(await kindOf(breaker.run('acme', answer))).toBe('answered');
  });

  test('keeps connections apart: a dead IdP costs the others nothing', async () => {
    const { breaker, failTimes } = setUp();
    await failTimes(5);
    expect(await kindOf(breaker.run('beta', answer))).toBe('answered');
  });

  test('lets one probe through after 15 seconds; its success closes, its failure opens again', async () => {
    const { breaker, failTimes, clock } = setUp();
    await failTimes(5);
    clock.advanceMs(14_999);
    expect(await kindOf(breaker.run('acme', answer))).toBe('breaker_open');
    clock.advanceMs(1);
    await failTimes(1);
    expect(await kindOf(breaker.run('acme', answer))).toBe('breaker_open');
    clock.advanceMs(15_000);
    let release: (value: string) => void = () => {};
    const probe = breaker.run('acme', () => new Promise<string>((resolve) => (release = resolve)));
    expect(await kindOf(breaker.run('acme', answer))).toBe('breaker_open');
    release('back');
    await probe;
    expect(await kindOf(breaker.run('acme', answer))).toBe('answered');
  });

  test('does not count what is not trouble with the connection', async () => {
    const { breaker } = setUp();
    const tooLarge = () => Promise.reject(new OutboundError('too_large', 'x'));
    for (let count = 0; count < 10; count += 1) await kindOf(breaker.run('acme', tooLarge));
    expect(await kindOf(breaker.run('acme', answer))).toBe('answered');
  });

  test('lets 64 calls be under way per connection, not more, and recovers', async () => {
    const { breaker } = setUp();
    const releases: (() => void)[] = [];
    const slow = () => new Promise<void>((resolve) => releases.push(resolve));
    const underWay = Array.from({ length: 64 }, () => breaker.run('acme', slow));
    expect(await kindOf(breaker.run('acme', answer))).toBe('busy');
    expect(await kindOf(breaker.run('beta', answer))).toBe('answered');
    for (const release of releases) release();
    await Promise.all(underWay);
    expect(await kindOf(breaker.run('acme', answer))).toBe('answered');
  });
});

test('a login at an IdP that failed five times is refused at once, as unreachable', async () => {
  const rig = await startOidcRig();
  await rig.idp.stop();
  const start = () => rig.connector.start(rig.connection, newWay(), {});
  for (let count = 0; count < 5; count += 1) {
    expect(await start()).toMatchObject({ ok: false, reason: 'unreachable', check: 'discovery.network' });
  }
  expect(await start()).toMatchObject({ ok: false, reason: 'unreachable', check: 'idp.breaker_open' });
  await rig.stop();
});

test('seventy logins at an IdP that hangs: 64 wait for the deadline, the rest is told at once, other IdPs notice nothing', async () => {
  const slow = await startOidcRig({ timeoutMs: 3000 });
  const other = await startScriptedIdp({ people: { dana: DANA } });
  const options = { issuer: other.issuer, client_id: other.clientId, client_secret: other.clientSecret };
  const connection = connectionWith(options, { id: 'con_OtherOtherOther1' });
  const visit = async (): Promise<() => Promise<ConnectorAnswer>> => {
    const started = await slow.connector.start(slow.connection, newWay(), {});
    if (!started.ok) throw new Error(started.detail);
    const back = await slow.idp.signIn(started.url, 'dana');
    slow.idp.next({ token: 'hang' });
    return () => slow.connector.finish(slow.connection, started.remember, CALLBACK, back);
  };
  const finishes = [];
  for (let count = 0; count < 70; count += 1) finishes.push(await visit());
  const started = await slow.connector.start(connection, newWay(), {});
  if (!started.ok) throw new Error(started.detail);
  const back = await other.signIn(started.url, 'dana');

  const pending = Promise.all(finishes.map((finish) => finish()));
  const first = await Promise.race([
    slow.connector.finish(connection, started.remember, CALLBACK, back),
    pending.then(() => 'the hanging ones were first'),
  ]);
  expect(first).toMatchObject({ ok: true });
  const checks = (await pending).map((answer) => (answer.ok ? 'ok' : answer.check));
  expect(checks.filter((check) => check === 'idp.busy')).toHaveLength(6);
  expect(checks.filter((check) => check === 'token.timeout')).toHaveLength(64);
  await other.stop();
  await slow.stop();
});
