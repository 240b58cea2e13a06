/**
 * Attack: a program asks as often as it can, at the endpoints that are open to everybody or with a token of the Management API. Beyond the
 * operator's limits it is answered 429, in Auth0's form, before anything is read.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

let clock: ManualClock;
let instance: Instance;
beforeAll(async () => {
  clock = createManualClock();
  instance = await startInstance({
    clock,
    environment: {
      VESTIBULE_RATE_LIMIT_MANAGEMENT: '1/3',
      VESTIBULE_RATE_LIMIT_TOKEN: '1/2',
      VESTIBULE_RATE_LIMIT_AUTHORIZE: '1/2',
    },
  });
});
afterAll(() => instance?.stop());

const askToken = (path = '/oauth/token') =>
  fetch(`${instance.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: MANAGEMENT_CLIENT.id,
      client_secret: MANAGEMENT_CLIENT.secret,
      audience: `${instance.origin}/api/v2/`,
    }),
  });

test('the Management API counts by client, and says so in each answer', async () => {
  const { access_token } = (await (await askToken()).json()) as { access_token: string };
  const ask = () =>
    fetch(`${instance.origin}/api/v2/clients`, { headers: { authorization: `Bearer ${access_token}` } });
  const answers = await Promise.all([ask(), ask(), ask(), ask()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(await refused?.json()).toEqual({
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'Global limit has been reached',
    errorCode: 'too_many_requests',
  });
  expect(refused?.headers.get('retry-after')).toBe('1');
  for (const { headers } of answers) expect(headers.get('x-ratelimit-limit')).toBe('3');
  clock.advanceMs(1_000);
  expect((await ask()).status).toBe(200);
});

test('the token endpoint counts by network, however its path is written', async () => {
  clock.advanceMs(60_000);
  const statuses = [await askToken(), await askToken('/oauth/%74oken'), await askToken()].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 429]);
  const refused = await askToken();
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ error: 'too_many_requests' });
  expect((await fetch(`${instance.origin}/oauth/token`, { method: 'OPTIONS' })).status).toBeLessThan(300);
});

test('the endpoints of second factors count with the token endpoint', async () => {
  clock.advanceMs(60_000);
  const list = () => fetch(`${instance.origin}/mfa/authenticators`);
  const remove = () => fetch(`${instance.origin}/mfa/authenticators/x`, { method: 'DELETE' });
  const statuses = [(await askToken()).status, (await list()).status, (await remove()).status, (await list()).status];
  expect(statuses).toEqual([200, 401, 429, 429]);
});

test('/authorize counts by network, and people get a page', async () => {
  const open = () => fetch(`${instance.origin}/authorize?client_id=none`, { redirect: 'manual' });
  expect([(await open()).status, (await open()).status]).not.toContain(429);
  const refused = await open();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toContain('text/html');
  expect(await refused.text()).toContain('Too many sign-ins at once');
  expect((await fetch(`${instance.origin}/health/live`)).status).toBe(200);
});
