/** The MFA API: an application that was refused with `mfa_required` lists, sets up and passes factors of its person. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FactorsApi, forgetFactors, OOB, RECOVERY, useFactorsApi } from './factors-fixture.js';
import { createFixture, DANA, type Fixture, ORIGIN } from './fixture.js';

let at: Fixture;
let api: FactorsApi;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
});
afterAll(() => at.stop());
beforeEach(() => forgetFactors(at));

describe('mfa_required', () => {
  test('the exchange is refused, nothing is rotated, and the answer says what may be set up', async () => {
    const { body, refreshToken } = await api.refuse();
    expect(body).toMatchObject({
      error: 'mfa_required',
      error_description: 'Multifactor authentication required',
      mfa_token: expect.any(String),
      mfa_requirements: { enroll: [{ type: 'otp' }] },
    });
    expect(at.ledger[0]).toMatchObject({ type: 'fertft', userId: DANA, details: { check: 'factor.required' } });
    expect(JSON.stringify(at.ledger)).not.toContain(body.mfa_token);
    const again = await at.post('/oauth/token', {
      ...{
        grant_type: 'refresh_token',
        client_id: 'web',
        client_secret: 'Sec%ret+with/odd:chars-and-32-characters-or-more',
      },
      refresh_token: refreshToken,
    });
    expect(again.json().error).toBe('mfa_required');
  });

  test('with factors it says which ones may be asked for', async () => {
    await api.enrol();
    const { body } = await api.refuse();
    expect(body.mfa_requirements).toEqual({ challenge: [{ type: 'otp' }, { type: 'recovery-code' }] });
  });
});

describe('setting up an app with an mfa_token', () => {
  test('a new factor counts for nothing until its code is exchanged; the owner gets a mail', async () => {
    const { mfaToken } = await api.refuse();
    const made = await api.associate(mfaToken);
    expect(made.statusCode).toBe(200);
    const { secret, ...rest } = made.json();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(rest).toEqual({
      authenticator_type: 'otp',
      barcode_uri: expect.stringMatching(/^otpauth:\/\/totp\/.*dana/),
      recovery_codes: [expect.stringMatching(/^[A-Z0-9]{24}$/)],
    });
    expect(await api.kinds()).toEqual([]);
    expect((await api.list(mfaToken)).json()).toEqual([]);
    expect((await api.challenge(mfaToken)).json().error).toBe('unsupported_challenge_type');
    const before = await at.run('select factors_revision::int as r from users where user_id = $1', [DANA]);
    const answer = await api.otp(mfaToken, api.codeOf(secret));
    expect(answer.statusCode).toBe(200);
    const tokens = answer.json();
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      access_token: expect.any(String),
      refresh_token: expect.any(String),
    });
    expect(decodeJwt(tokens.id_token)).toMatchObject({ sub: DANA, org_id: 'org_acme', amr: ['mfa'] });
    expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
    const after = await at.run('select factors_revision::int as r from users where user_id = $1', [DANA]);
    expect(Number(after[0]?.r)).toBe(Number(before[0]?.r) + 1);
    expect(await at.run(`select recipient, template from outbox order by created_at desc limit 1`)).toEqual([
      { recipient: 'dana@acme.example', template: 'factor_changed' },
    ]);
    const lines = await at.run(
      `select type from logs where type in ('gd_start_enroll', 'gd_enrollment_complete', 'seotpft') order by type`,
    );
    expect(lines.map(({ type }) => type)).toEqual(['gd_enrollment_complete', 'gd_start_enroll', 'seotpft']);
  });

  test('the next set-up replaces one that was not confirmed', async () => {
    const { mfaToken } = await api.refuse();
    const first = (await api.associate(mfaToken)).json();
    const second = (await api.associate(mfaToken)).json();
    expect(await at.run('select count(*)::int as n from factors')).toEqual([{ n: 1 }]);
    expect((await api.otp(mfaToken, api.codeOf(first.secret))).json().error_description).toBe('Invalid otp_code.');
    expect((await api.otp(mfaToken, api.codeOf(second.secret))).statusCode).toBe(200);
  });

  test('codes out of band are refused in words', async () => {
    const { mfaToken } = await api.refuse();
    const made = await api.associate(mfaToken, {
      authenticator_types: ['oob'],
      oob_channels: ['sms'],
      phone_number: '+1',
    });
    expect([made.statusCode, made.json().error_description]).toEqual([
      400,
      expect.stringContaining('no codes by text message'),
    ]);
    const granted = await api.answer(mfaToken, { grant_type: OOB, oob_code: 'x' });
    expect([granted.statusCode, granted.json().error_description]).toEqual([
      400,
      expect.stringContaining('binding_code'),
    ]);
    const asked = await api.challenge(mfaToken, { challenge_type: 'oob' });
    expect([asked.statusCode, asked.json()]).toEqual([
      401,
      {
        error: 'unsupported_challenge_type',
        error_description: 'User does not have any enrolled authenticator with the supported challenge type (oob)',
      },
    ]);
  });
});

describe('passing a factor', () => {
  test('a code of the app is exchanged for tokens, and the refresh token rotates', async () => {
    const { secret } = await api.enrol();
    const { mfaToken, refreshToken } = await api.refuse();
    expect((await api.challenge(mfaToken)).json()).toEqual({ challenge_type: 'otp' });
    const tokens = (await api.otp(mfaToken, api.codeOf(secret))).json();
    expect(tokens.refresh_token).not.toBe(refreshToken);
    const methods = at.actions.runs.at(-1)?.event.authentication;
    expect(methods).toEqual({
      methods: [expect.anything(), { name: 'mfa', type: 'otp', timestamp: expect.any(String) }],
    });
    expect(JSON.stringify(at.actions.runs.at(-1)?.event)).not.toContain(mfaToken);
  });

  test('a recovery code is exchanged once; the answer has the next one, and the owner gets a mail', async () => {
    const { recovery } = await api.enrol();
    const { mfaToken } = await api.refuse();
    const answer = await api.answer(mfaToken, { grant_type: RECOVERY, recovery_code: recovery.toLowerCase() });
    const { recovery_code: next } = answer.json();
    expect(next).toMatch(/^[A-Z0-9]{24}$/);
    const second = await api.refuse();
    const again = await api.answer(second.mfaToken, { grant_type: RECOVERY, recovery_code: recovery });
    expect([again.statusCode, again.json().error_description]).toEqual([403, 'MFA Authorization rejected.']);
    expect((await api.answer(second.mfaToken, { grant_type: RECOVERY, recovery_code: next })).statusCode).toBe(200);
  });

  test('a client without the grant type, and requests without their parameters, are refused', async () => {
    const { mfaToken } = await api.refuse();
    expect((await api.answer(mfaToken, { grant_type: RECOVERY })).json().error).toBe('invalid_request');
    await at.run(`update clients set grant_types = array_remove(grant_types, $1) where client_id = 'web'`, [RECOVERY]);
    const barred = await api.answer(mfaToken, { grant_type: RECOVERY, recovery_code: 'x' });
    expect(barred.json().error).toBe('unauthorized_client');
    await at.run(`update clients set grant_types = array_append(grant_types, $1) where client_id = 'web'`, [RECOVERY]);
  });

  test('without rotation the refresh token stays, and the mfa_token still works once', async () => {
    const { secret } = await api.enrol();
    await at.run(`update clients set refresh_rotating = false where client_id = 'web'`);
    const { mfaToken } = await api.refuse();
    const first = await api.otp(mfaToken, api.codeOf(secret));
    expect([first.statusCode, first.json().refresh_token]).toEqual([200, undefined]);
    at.advance(30);
    expect((await api.otp(mfaToken, api.codeOf(secret))).json().error_description).toBe('Malformed mfa_token');
    await at.run(`update clients set refresh_rotating = true where client_id = 'web'`);
  });
});

describe('what pages of other sites may read', () => {
  test('answers are for the origins of the application, like those of the token endpoint', async () => {
    const { mfaToken } = await api.refuse({ clientId: 'spa' });
    for (const [origin, allowed] of [
      ['https://spa.example.test', 'https://spa.example.test'],
      ['https://evil.example', undefined],
    ] as const) {
      const list = await at.app.inject({
        ...{ method: 'GET', url: '/mfa/authenticators' },
        headers: { origin, authorization: `Bearer ${mfaToken}` },
      });
      expect(list.headers['access-control-allow-origin']).toBe(allowed);
      expect(list.headers['cache-control']).toBe('no-store');
      const form = { client_id: 'spa', mfa_token: mfaToken, challenge_type: 'otp' };
      const asked = await at.post('/mfa/challenge', form, { origin });
      expect(asked.headers['access-control-allow-origin']).toBe(allowed);
    }
    const preflight = await at.app.inject({ method: 'OPTIONS', url: '/mfa/authenticators/x' });
    expect(preflight.headers['access-control-allow-methods']).toContain('DELETE');
  });
});

describe('with an access token of the audience /mfa/', () => {
  test('people list, set up and remove their factors', async () => {
    const bearer = await api.accessToken();
    expect(decodeJwt(bearer)).toMatchObject({ aud: [`${ORIGIN}/mfa/`, `${ORIGIN}/userinfo`] });
    const made = (await api.associate(bearer)).json();
    const confirmed = await api.otp(bearer, api.codeOf(made.secret));
    expect(confirmed.json()).toMatchObject({ access_token: bearer, expires_in: 600, token_type: 'Bearer' });
    const list = (await api.list(bearer)).json();
    expect(list).toEqual([
      { id: expect.stringMatching(/^totp\|dev_/), authenticator_type: 'otp', type: 'otp', active: true },
      {
        ...{ id: expect.stringMatching(/^recovery-code\|dev_/), authenticator_type: 'recovery-code' },
        ...{ type: 'recovery-code', active: true },
      },
    ]);
    expect((await api.associate(bearer)).json().error_description).toBe('User is already enrolled');
    expect((await api.remove(bearer, 'totp|dev_none')).statusCode).toBe(404);
    expect((await api.remove(bearer, list[0].id)).statusCode).toBe(204);
    expect(await api.kinds()).toEqual([]);
  });

  test('each operation needs its scope', async () => {
    const bearer = await api.accessToken('read:authenticators');
    expect((await api.list(bearer)).statusCode).toBe(200);
    expect((await api.associate(bearer)).json().error).toBe('insufficient_scope');
    expect((await api.remove(bearer, 'x')).json().error).toBe('insufficient_scope');
  });
});
