/**
 * Attack: a code that somebody saw is used again, also at the same moment; codes are guessed; what the exchange relied on
 * was taken away meanwhile. An answer counts once, five tries are allowed, and every check of a refresh is made again.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FactorsApi, forgetFactors, RECOVERY, useFactorsApi } from '../../oauth/factors-fixture.js';
import { createFixture, DANA, type Fixture, SECRET } from '../../oauth/fixture.js';

let at: Fixture;
let api: FactorsApi;
let secret: string;
let recovery: string;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
});
afterAll(() => at.stop());
beforeEach(async () => {
  await forgetFactors(at);
  ({ secret, recovery } = await api.enrol());
});

const statuses = (responses: readonly { readonly statusCode: number }[]) =>
  responses.map(({ statusCode }) => statusCode).sort();

describe('an answer counts once', () => {
  test('case=a code for two exchanges, one after the other', async () => {
    const [first, second] = [await api.refuse(), await api.refuse()];
    expect((await api.otp(first.mfaToken, api.codeOf(secret))).statusCode).toBe(200);
    const again = await api.otp(second.mfaToken, api.codeOf(secret));
    expect([again.statusCode, again.json().error_description]).toEqual([403, 'Invalid otp_code.']);
  });

  test('case=a code for five exchanges at once', async () => {
    const refused = [];
    for (let time = 0; time < 5; time++) refused.push(await api.refuse());
    const code = api.codeOf(secret);
    const responses = await Promise.all(refused.map(({ mfaToken }) => api.otp(mfaToken, code)));
    expect(statuses(responses)).toEqual([200, 403, 403, 403, 403]);
  });

  test('case=one mfa_token five times at once', async () => {
    await at.run(`update clients set refresh_leeway_seconds = 3600 where client_id = 'web'`);
    const { mfaToken } = await api.refuse();
    const code = api.codeOf(secret);
    const responses = await Promise.all([1, 2, 3, 4, 5].map(() => api.otp(mfaToken, code)));
    expect(statuses(responses)).toEqual([200, 403, 403, 403, 403]);
    await at.run(`update clients set refresh_leeway_seconds = 0 where client_id = 'web'`);
  });

  test('case=a recovery code, twice and at once', async () => {
    const [first, second] = [await api.refuse(), await api.refuse()];
    const form = { grant_type: RECOVERY, recovery_code: recovery };
    const responses = await Promise.all([first, second].map(({ mfaToken }) => api.answer(mfaToken, form)));
    expect(statuses(responses)).toEqual([200, 403]);
  });

  test('case=one app is confirmed by two requests at once', async () => {
    await forgetFactors(at);
    const { mfaToken } = await api.refuse();
    const { secret: fresh } = (await api.associate(mfaToken)).json();
    const code = api.codeOf(fresh);
    expect(statuses(await Promise.all([1, 2].map(() => api.otp(mfaToken, code))))).toEqual([200, 403]);
    expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
  });
});

describe('guesses', () => {
  test('case=after five wrong codes the right one is refused, too', async () => {
    const { mfaToken } = await api.refuse();
    for (let time = 0; time < 5; time++)
      expect((await api.otp(mfaToken, '000000')).json().error_description).toBe('Invalid otp_code.');
    const last = await api.otp(mfaToken, api.codeOf(secret));
    expect([last.statusCode, last.json().error]).toEqual([429, 'too_many_attempts']);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('case=a new mfa_token for every guess', async () => {
    const answers: number[] = [];
    for (let round = 0; round < 4; round++) {
      const { mfaToken } = await api.refuse();
      for (let time = 0; time < 4; time++) answers.push((await api.otp(mfaToken, '000000')).statusCode);
    }
    expect(answers.filter((status) => status === 403)).toHaveLength(10);
    expect(answers.at(-1)).toBe(429);
  });

  test('case=the answer does not tell which factors there are', async () => {
    const { mfaToken } = await api.refuse();
    const wrong = (await api.otp(mfaToken, '000000')).json();
    await at.run(`delete from factors where kind = 'otp'`);
    const none = (await api.otp(mfaToken, '000000')).json();
    expect({ ...none, error_reference: '' }).toEqual({ ...wrong, error_reference: '' });
  });
});

describe('what the exchange relies on', () => {
  test.each([
    [
      'the family is revoked',
      `update refresh_tokens set revoked_at = $1`,
      `update refresh_tokens set revoked_at = null`,
    ],
    [
      'the person is blocked',
      `update users set blocked = $1::timestamptz is not null`,
      'update users set blocked = false',
    ],
    [
      'the membership is removed',
      `delete from members where created_at <= $1::timestamptz + interval '10 years'`,
      `insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${DANA}', 'invited', now())`,
    ],
    [
      'the organization is blocked',
      `update organizations set blocked = $1::timestamptz is not null`,
      'update organizations set blocked = false',
    ],
  ])('case=%s between mfa_required and the grant', async (_what, takeAway, giveBack) => {
    const { mfaToken } = await api.refuse();
    await at.run(takeAway, [at.now()]);
    const answer = await api.otp(mfaToken, api.codeOf(secret));
    expect([answer.statusCode, answer.json().error]).toEqual([403, 'invalid_grant']);
    expect((await api.list(mfaToken)).statusCode).toBe(403);
    await at.run(giveBack);
  });

  test('case=the person is blocked while Actions run: no code is used up, nothing is written', async () => {
    const { mfaToken } = await api.refuse();
    const { answer } = at.actions;
    at.actions.answer = async () => {
      await at.run('update users set blocked = true where user_id = $1', [DANA]);
      return {};
    };
    const refused = await api.otp(mfaToken, api.codeOf(secret));
    at.actions.answer = answer;
    await at.run('update users set blocked = false where user_id = $1', [DANA]);
    expect([refused.statusCode, refused.json().error_description]).toEqual([403, 'user is blocked']);
    expect((await api.otp(mfaToken, api.codeOf(secret))).statusCode).toBe(200);
  });

  test('case=the refresh token was exchanged meanwhile', async () => {
    const { mfaToken, refreshToken } = await api.refuse();
    const { answer } = at.actions;
    at.actions.answer = () => ({});
    const own = { grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET };
    expect((await at.post('/oauth/token', { ...own, refresh_token: refreshToken })).statusCode).toBe(200);
    at.actions.answer = answer;
    expect((await api.otp(mfaToken, api.codeOf(secret))).json().error).toBe('invalid_grant');
  });
});
