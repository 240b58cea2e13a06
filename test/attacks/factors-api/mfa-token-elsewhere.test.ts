/**
 * Attack: an `mfa_token` is used by another application, after its time, twice, or as a token of another kind; and other
 * tokens are used as an `mfa_token`. It names a refused exchange, and is good for that one alone.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FactorsApi, forgetFactors, OTP, useFactorsApi } from '../../oauth/factors-fixture.js';
import { CALLBACK, createFixture, type Fixture, ORIGIN, SECRET, VERIFIER } from '../../oauth/fixture.js';

let at: Fixture;
let api: FactorsApi;
let secret: string;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
});
afterAll(() => at.stop());
beforeEach(async () => {
  await forgetFactors(at);
  ({ secret } = await api.enrol());
});

const MALFORMED = { error: 'invalid_grant', error_description: 'Malformed mfa_token' };

test('case=another application, with its own secret', async () => {
  const { mfaToken } = await api.refuse();
  const basic = Buffer.from(`web2:${encodeURIComponent(SECRET)}`).toString('base64');
  const form = { grant_type: OTP, mfa_token: mfaToken, otp: api.codeOf(secret) };
  const stolen = await at.post('/oauth/token', form, { authorization: `Basic ${basic}` });
  expect(stolen.json()).toMatchObject(MALFORMED);
  const spa = await at.post('/oauth/token', { ...form, client_id: 'spa' });
  expect(spa.json()).toMatchObject(MALFORMED);
  const asked = await at.post('/mfa/challenge', { client_id: 'spa', mfa_token: mfaToken, challenge_type: 'otp' });
  expect(asked.json()).toMatchObject(MALFORMED);
  const associated = await api.associate(mfaToken, { client_id: 'spa' });
  expect(associated.json()).toMatchObject(MALFORMED);
  expect((await api.otp(mfaToken, api.codeOf(secret))).statusCode).toBe(200);
});

test('case=its own application without the secret, or with a wrong one', async () => {
  const { mfaToken } = await api.refuse();
  const form = { grant_type: OTP, client_id: 'web', mfa_token: mfaToken, otp: api.codeOf(secret) };
  for (const wrong of [{}, { client_secret: 'wrong' }])
    expect((await at.post('/oauth/token', { ...form, ...wrong })).statusCode).toBe(401);
  expect((await api.associate(mfaToken, { client_id: 'web', client_secret: 'wrong' })).statusCode).toBe(401);
});

test('case=after ten minutes', async () => {
  const { mfaToken } = await api.refuse();
  at.advance(600);
  const expired = { error: 'expired_token', error_description: 'mfa_token is expired' };
  for (const response of [
    await api.otp(mfaToken, api.codeOf(secret)),
    await api.list(mfaToken),
    await api.associate(mfaToken),
    await api.challenge(mfaToken),
  ]) {
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject(expired);
  }
});

test.each([0, 3600])('case=twice after a success, with a leeway of %i seconds', async (leeway) => {
  await at.run(`update clients set refresh_leeway_seconds = $1 where client_id = 'web'`, [leeway]);
  const { mfaToken } = await api.refuse();
  expect((await api.otp(mfaToken, api.codeOf(secret))).statusCode).toBe(200);
  at.advance(30);
  const again = await api.otp(mfaToken, api.codeOf(secret));
  expect([again.statusCode, again.json().error]).toEqual([403, 'invalid_grant']);
  await at.run(`update clients set refresh_leeway_seconds = 0 where client_id = 'web'`);
});

test('case=as a bearer, a code or a refresh token', async () => {
  const { mfaToken } = await api.refuse();
  const bearer = { authorization: `Bearer ${mfaToken}` };
  expect((await at.app.inject({ method: 'GET', url: '/userinfo', headers: bearer })).statusCode).toBe(401);
  expect(await at.issuer.verifyAccessToken(mfaToken, `${ORIGIN}/api/v2/`)).toBeUndefined();
  const own = { client_id: 'web', client_secret: SECRET };
  const refreshed = await at.post('/oauth/token', { ...own, grant_type: 'refresh_token', refresh_token: mfaToken });
  expect(refreshed.json().error).toBe('invalid_grant');
  const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: VERIFIER };
  expect((await at.post('/oauth/token', { ...own, ...form, code: mfaToken })).json().error).toBe('invalid_grant');
});

test('case=other tokens here', async () => {
  const { refreshToken } = await api.refuse();
  const tokens = await at.signIn({ scope: 'openid enroll read:authenticators remove:authenticators' });
  const machine = await at.issuer.issueAccessToken({
    ...{ clientId: 'web', userId: undefined, audience: `${ORIGIN}/mfa/`, scope: 'enroll read:authenticators' },
    ...{ organization: undefined, lifetimeSeconds: 600, profile: 'auth0', permissions: undefined },
  });
  const management = await at.issuer.issueAccessToken({
    ...{ clientId: 'web', userId: 'auth0|dana', audience: `${ORIGIN}/api/v2/`, scope: 'enroll read:authenticators' },
    ...{ organization: undefined, lifetimeSeconds: 600, profile: 'auth0', permissions: undefined },
  });
  const code = await at.seedCode();
  const wrong = [
    refreshToken,
    tokens.access_token ?? '',
    tokens.id_token ?? '',
    machine,
    management,
    code,
    '',
    'x.y.z',
  ];
  for (const bearer of wrong) {
    for (const response of [await api.list(bearer), await api.associate(bearer), await api.remove(bearer, 'x')])
      expect([401, 403]).toContain(response.statusCode);
    const granted = await api.answer(bearer, { grant_type: OTP, otp: api.codeOf(secret) });
    expect(granted.statusCode).toBeGreaterThanOrEqual(400);
  }
  expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
});

test('case=an access token of the audience /mfa/ is none of the Management API or the account API', async () => {
  const bearer = await api.accessToken('read:authenticators');
  for (const audience of [`${ORIGIN}/api/v2/`, `${ORIGIN}/me/`])
    expect(await at.issuer.verifyAccessToken(bearer, audience)).toBeUndefined();
  expect(await at.issuer.verifyAccessToken(bearer, `${ORIGIN}/mfa/`)).toBeDefined();
});
