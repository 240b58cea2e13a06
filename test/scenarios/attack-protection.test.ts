/** `/attack-protection` over the pages: a tenant's own number holds for the next try, and a network that it trusts is shut out by nobody. */
import { beforeEach, expect, test } from 'vitest';
import { createMachine } from '../support/machines.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1' } });
beforeEach(() =>
  stage.instance.database.pool.query(`delete from attempt_counters; update tenant set attack_protection = '{}'`),
);

const from = (ip: string) => {
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = ip;
  return visitor;
};
const change = async (part: string, body: object) => {
  const scopes = ['update:attack_protection'];
  const { call } = await createMachine(stage.instance, `protect ${Math.random()}`, scopes);
  expect((await call('PATCH', `/attack-protection/${part}`, body)).status).toBe(200);
};
const tryTimes = async (ip: string, statuses: readonly number[], emailOf: (time: number) => string) => {
  for (const [time, status] of statuses.entries())
    expect((await from(ip).withPassword(emailOf(time), `guess-${time}`)).status, `try ${time}`).toBe(status);
};

test('brute-force protection: so many wrong passwords for one address, and the office goes on', async () => {
  const email = 'ivy@plain.example';
  await stage.cast.createMember(email);
  const settings = { mode: 'count_per_identifier', max_attempts: 2, allowlist: ['203.0.113.0/24'] };
  await change('brute-force-protection', settings);
  await tryTimes('198.51.100.1', [400, 400, 429], () => email);
  expect((await from('192.0.2.9').withPassword(email)).status).toBe(429);
  answerOf(await from('203.0.113.7').withPassword(email));
  // The next try counts by the new number.
  await change('brute-force-protection', { max_attempts: 4 });
  await tryTimes('192.0.2.9', [400, 400, 429], () => email);
});

test('suspicious IP throttling: so many wrong passwords from one network, for whomever', async () => {
  const stages = { 'pre-login': { max_attempts: 2, rate: 400_000 } };
  await change('suspicious-ip-throttling', { enabled: true, shields: ['block'], stage: stages });
  const refused = await from('198.51.100.1').withPassword('no@plain.example', 'guess');
  expect(refused.status).toBe(400);
  await tryTimes('198.51.100.1', [400, 429], (time) => `p${time}@plain.example`);
  const page = wordsOf(await from('198.51.100.1').withPassword('q@plain.example', 'guess'));
  expect(page).toContain('There were too many wrong passwords in a short time from your network');
  expect(page).toContain('Wait a quarter of an hour');
  const last = await stage.refusal(await from('198.51.100.1').withPassword('q@plain.example', 'guess'));
  expect(last.details.trace?.at(-1)?.evidence).toMatchObject({ limit: 'from_network', most: 2, window_seconds: 800 });
  await change('suspicious-ip-throttling', { allowlist: ['198.51.100.1'] });
  await tryTimes('198.51.100.1', [400], () => 'q@plain.example');
});

test('a limit that lasts for a day says so', async () => {
  const stages = { 'pre-login': { max_attempts: 1, rate: 86_400_000 } };
  await change('suspicious-ip-throttling', { enabled: true, shields: ['block'], stage: stages });
  await tryTimes('198.51.100.1', [400], () => 'no@plain.example');
  const page = wordsOf(await from('198.51.100.1').withPassword('q@plain.example', 'guess'));
  expect(page).toContain('Try again tomorrow, or from another network.');
  expect(page).not.toContain('quarter of an hour');
});
