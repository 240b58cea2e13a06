/**
 * One event has one time, however the clock moves meanwhile: in the row that it writes, in its line of the log and in its
 * mail. Attack: a factor counts as confirmed before it was, so that an older token passes as one that came after it.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { listKeptMail } from '../../src/storage/jobs/outbox.js';
import { type FactorsApi, forgetFactors, RECOVERY, useFactorsApi } from './factors-fixture.js';
import { createFixture, DANA, type Fixture } from './fixture.js';

const ACTION_SECONDS = 3;
let at: Fixture;
let api: FactorsApi;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
  // As an Action takes its time: the clock moves between the answer and the exchange.
  const { answer } = at.actions;
  at.actions.answer = (...args) => {
    at.advance(ACTION_SECONDS);
    return answer(...args);
  };
});
afterAll(() => at.stop());
beforeEach(async () => {
  at.tick(0);
  await forgetFactors(at);
  await at.run('delete from outbox');
});

const timeOf = async (type: string) =>
  (await at.run('select date from logs where type = $1 order by date desc limit 1', [type]))[0]?.date as Date;
const mailedAt = async () => {
  const box = createSecretBox(Buffer.alloc(32, 3), 'rows', systemEntropy);
  const [kept] = await listKeptMail(at.database.pool, box);
  return [kept?.createdAt, new Date(String(kept?.mail.model.at))];
};
const factor = async (kind: string) =>
  (await at.run('select confirmed_at, last_used_at from factors where user_id = $1 and kind = $2', [DANA, kind]))[0];
const newestToken = async () =>
  (await at.run('select created_at from refresh_tokens order by created_at desc limit 1'))[0]?.created_at as Date;

test('a new factor, its lines, its mail and the refresh token that came with it', async () => {
  const { mfaToken } = await api.refuse();
  const { secret } = (await api.associate(mfaToken)).json();
  const code = api.codeOf(secret);
  at.tick(7);
  expect((await api.otp(mfaToken, code)).statusCode).toBe(200);
  const confirmedAt = (await factor('otp'))?.confirmed_at as Date;
  expect(await timeOf('gd_enrollment_complete')).toEqual(confirmedAt);
  expect(await mailedAt()).toEqual([confirmedAt, confirmedAt]);
  expect(await timeOf('seotpft')).toEqual(confirmedAt);
  expect(await newestToken()).toEqual(confirmedAt);
});

test('a recovery code that was used', async () => {
  const { recovery } = await api.enrol();
  const { mfaToken } = await api.refuse();
  await at.run('delete from outbox');
  at.tick(7);
  expect((await api.answer(mfaToken, { grant_type: RECOVERY, recovery_code: recovery })).statusCode).toBe(200);
  const usedAt = (await factor('recovery-code'))?.last_used_at as Date;
  expect(await timeOf('gd_recovery_succeed')).toEqual(usedAt);
  expect(await mailedAt()).toEqual([usedAt, usedAt]);
});

test('a factor that an access token confirms', async () => {
  const token = await api.accessToken();
  const { secret } = (await api.associate(token)).json();
  const code = api.codeOf(secret);
  at.tick(7);
  expect((await api.otp(token, code)).statusCode).toBe(200);
  const confirmedAt = (await factor('otp'))?.confirmed_at as Date;
  expect(await timeOf('gd_enrollment_complete')).toEqual(confirmedAt);
  expect(await mailedAt()).toEqual([confirmedAt, confirmedAt]);
});
