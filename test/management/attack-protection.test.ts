/**
 * `/attack-protection`: the shapes and defaults that tools expect, what is sent comes back, and numbers that the login would not hold are
 * refused with nothing written.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeEach(async () => {
  api = await startManagement();
});
afterEach(() => api.close());

const BRUTE_FORCE = '/attack-protection/brute-force-protection';
const THROTTLING = '/attack-protection/suspicious-ip-throttling';

test('the defaults are what this server does', async () => {
  expect((await api.get(BRUTE_FORCE)).body).toEqual({
    enabled: true,
    shields: ['block'],
    mode: 'count_per_identifier_and_ip',
    allowlist: [],
    max_attempts: 10,
  });
  expect((await api.get(THROTTLING)).body).toEqual({
    enabled: false,
    shields: [],
    allowlist: [],
    stage: {
      'pre-login': { max_attempts: 100, rate: 864_000 },
      'pre-user-registration': { max_attempts: 50, rate: 1_200 },
    },
  });
});

test('what is sent comes back, and what is not named stays', async () => {
  const sent = {
    enabled: true,
    shields: ['block', 'user_notification'],
    mode: 'count_per_identifier',
    allowlist: ['127.0.0.1', '10.0.0.0/8', '2001:db8::1', '2001:db8::/32'],
    max_attempts: 100,
  };
  expect(await api.patch(BRUTE_FORCE, sent)).toMatchObject({ status: 200, body: sent });
  expect((await api.patch(BRUTE_FORCE, { max_attempts: 5 })).body).toEqual({ ...sent, max_attempts: 5 });
  expect((await api.get(BRUTE_FORCE)).body).toEqual({ ...sent, max_attempts: 5 });
  // The settings of a tenant of Auth0's, as its export has them.
  const exported = {
    enabled: true,
    shields: ['admin_notification', 'block'],
    allowlist: [],
    stage: {
      'pre-login': { max_attempts: 100, rate: 864_000 },
      'pre-user-registration': { max_attempts: 50, rate: 1_200 },
    },
  };
  expect((await api.patch(THROTTLING, exported)).body).toEqual(exported);
  const tighter = await api.patch(THROTTLING, { stage: { 'pre-login': { max_attempts: 20 } } });
  expect(tighter.body.stage).toEqual({ ...exported.stage, 'pre-login': { max_attempts: 20, rate: 864_000 } });
  expect((await api.get(THROTTLING)).body).toEqual(tighter.body);
  expect((await api.get(BRUTE_FORCE)).body).toEqual({ ...sent, max_attempts: 5 });
});

const many = Array.from({ length: 101 }, (_, index) => `10.0.0.${index}`);
test.each([
  [BRUTE_FORCE, { max_attempts: 51 }, /max_attempts takes at most 50 with mode count_per_identifier_and_ip: .+\.$/],
  [BRUTE_FORCE, { max_attempts: 101 }, /max_attempts/],
  [BRUTE_FORCE, { max_attempts: 0 }, /max_attempts/],
  [BRUTE_FORCE, { max_attempts: null }, /max_attempts/],
  [BRUTE_FORCE, { mode: 'count_per_moon' }, /mode/],
  [BRUTE_FORCE, { shields: ['admin_notification'] }, /shields/],
  [BRUTE_FORCE, { allowlist: ['everywhere'] }, /allowlist/],
  [BRUTE_FORCE, { allowlist: ['10.0.0.0/40'] }, /allowlist/],
  [BRUTE_FORCE, { allowlist: many }, /allowlist takes at most 100 /],
  [BRUTE_FORCE, { windowSeconds: 1 }, /windowSeconds/],
  [THROTTLING, { allowlist: many }, /allowlist takes at most 100 /],
  [
    THROTTLING,
    { stage: { 'pre-login': { max_attempts: 101, rate: 864_000 } } },
    /stage\.pre-login: .+longer than a day/,
  ],
  [THROTTLING, { stage: { 'pre-user-registration': { max_attempts: 72_000, rate: 1_201 } } }, /longer than a day/],
  [THROTTLING, { stage: { 'pre-login': { rate: 1 } } }, /rate/],
  [THROTTLING, { stage: { 'pre-lunch': { rate: 864_000 } } }, /pre-lunch/],
])('%s %j is refused and nothing is kept', async (path, body, message) => {
  const { body: before } = await api.get(path);
  const answer = await api.patch(path, body);
  expect(answer).toMatchObject({
    status: 400,
    body: { errorCode: 'invalid_body', message: expect.stringMatching(message) },
  });
  expect((await api.get(path)).body).toEqual(before);
});

test('the numbers of two requests are judged together', async () => {
  await api.patch(BRUTE_FORCE, { enabled: false, max_attempts: 90 });
  expect((await api.patch(BRUTE_FORCE, { enabled: true })).status).toBe(400);
  expect((await api.patch(BRUTE_FORCE, { enabled: true, mode: 'count_per_identifier' })).status).toBe(200);
  expect((await api.patch(BRUTE_FORCE, { mode: 'count_per_identifier_and_ip' })).status).toBe(400);
});
