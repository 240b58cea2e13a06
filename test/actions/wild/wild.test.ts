/**
 * Actions as people write them for Auth0 run here as they are: what they ask for, how they end, what they print and whom they call. Their
 * process can be used again.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import type { JsonObject } from '../../../src/domain/actions/action.js';
import { createCertificate, hasOpenssl, type TestCertificate } from '../../support/certificate.js';
import { getWild, NEEDS_A_SERVER, readWild } from '../../support/wild.js';
import { run, startRunner, toProgram } from '../runner/support.js';
import { type Case, createCases, EVENTS, type Sign } from './cases.js';
import { type Services, startServices } from './services.js';

const hasCertificate = hasOpenssl();
if (!hasCertificate)
  process.stderr.write('test/actions/wild: the call over https is skipped, openssl is not installed\n');

/** Where the services will listen is known only later: the names of the cases are made with these. */
const NAMES = createCases('http://services', hasCertificate ? 'https://services' : undefined, () => '');

let services: Services;
let certificate: TestCertificate | undefined;
let runner: ClosableActionRunner;
let cases: readonly Case[];
let leftovers: string[] = [];

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Signs as the page that a person was sent to. */
const sign: Sign = (claims, secret = 'profile') => {
  const now = Math.floor(Date.now() / 1000);
  const known = { iss: 'page', sub: 'auth0|ada', state: 'state-1', iat: now, exp: now + 60 };
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...known, ...claims })}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

/** `changes` over `event`, part by part; null takes a part away. */
function overlay(event: JsonObject, changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  const result: Record<string, unknown> = { ...event };
  for (const [name, change] of Object.entries(changes)) {
    const before = result[name];
    const isPart =
      typeof before === 'object' && before !== null && typeof change === 'object' && !Array.isArray(change);
    if (change === null) delete result[name];
    else result[name] = isPart ? { ...before, ...change } : change;
  }
  return result as JsonObject;
}

beforeAll(async () => {
  certificate = hasCertificate ? createCertificate() : undefined;
  services = await startServices(
    certificate && { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) },
  );
  cases = createCases(services.url, services.secureUrl, sign);
  runner = startRunner({
    outboundAllow: ['127.0.0.0/8', '::1'],
    caFile: certificate?.ca,
    log: { debug: (fields) => leftovers.push(JSON.stringify(fields)), info: () => {}, warn: () => {} },
  });
});
afterAll(async () => {
  await runner.close();
  await services.stop();
  certificate?.remove();
});

test.each(NAMES.map(({ run: names, when }, index) => [[names].flat().join(', '), when, index] as const))(
  '%s: %s',
  async (_names, _when, index) => {
    const item = cases[index] as Case;
    const actions = [item.run].flat().map(getWild);
    const [{ trigger }] = actions as [ReturnType<typeof getWild>];
    const program = toProgram(
      trigger,
      ...actions.map(({ name, code, dependencies }) => ({ name, code, dependencies, secrets: item.secrets ?? {} })),
    );
    const event = overlay(EVENTS[trigger] ?? {}, item.event);
    services.heard.length = 0;
    leftovers = [];
    const result = await run(runner, program, { event, resume: item.resume ?? false, effects: item.asked ?? [] });
    const lines = result.reports.flatMap((report) => report.console);
    expect(result.end, JSON.stringify(result.reports)).toEqual(item.end ?? { kind: 'done' });
    expect(result.effects).toEqual(item.effects ?? []);
    expect(lines).toEqual(item.console ?? []);
    const heard = services.heard.map(({ call }) => call);
    expect(item.run === 'fan-out' ? heard.sort() : heard).toEqual(item.heard ?? []);
    // The process tells how it is after its answer.
    await expect.poll(() => leftovers.length, { message: leftovers.join() }).toBe(item.leaves === undefined ? 0 : 1);
    expect(leftovers.join()).toContain(item.leaves ?? '');
  },
);

describe('what the services were told', () => {
  async function hear(name: string): Promise<Services['heard'][number]> {
    const index = cases.findIndex((item) => item.run === name);
    const item = cases[index] as Case;
    const { trigger, code, dependencies } = getWild(name);
    const program = toProgram(trigger, { name, code, dependencies, secrets: item.secrets ?? {} });
    services.heard.length = 0;
    await run(runner, program, { event: overlay(EVENTS[trigger] ?? {}, item.event) });
    return services.heard[0] as Services['heard'][number];
  }

  test('axios sends what it was given', async () => {
    const { body, headers } = await hear('first-login-webhook');
    expect(JSON.parse(body)).toEqual({ id: 'auth0|ada', email: 'ada@acme.example', name: 'Ada Lovelace' });
    expect(headers).toMatchObject({ 'x-api-key': 'key', 'content-type': 'application/json' });
  });

  test('fetch leaves out what is undefined', async () => {
    const { body } = await hear('sync-with-fetch');
    expect(JSON.parse(body)).toEqual({
      event_type: 'login',
      actor: { id: 'auth0|ada', email: 'ada@acme.example' },
      context: { ip: '203.0.113.9', agent: 'Browser/1' },
      metadata: { tenant: 'main', connection: 'Username-Password-Authentication', count: 3, mfa: false },
    });
  });

  test('a signature over exactly what was sent', async () => {
    const { body, headers } = await hear('welcome-hook');
    expect(JSON.parse(body)).toMatchObject({ id: 'auth0|ada', role: 'reader' });
    expect(headers['x-signature']).toBe(createHmac('sha256', 'hook secret').update(body).digest('hex'));
  });

  test.skipIf(!hasCertificate)('an emoji through Node’s own https', async () => {
    const { body } = await hear('chat-notice');
    expect(JSON.parse(body)).toEqual({ text: ':wave: ada@acme.example signed in to *Notebook*' });
  });
});

test('each Action of the corpus is in a case, or runs against a server', () => {
  const here = NAMES.flatMap((item) => item.run);
  expect([...new Set([...here, ...NEEDS_A_SERVER])].sort()).toEqual(readWild().map(({ name }) => name));
});
