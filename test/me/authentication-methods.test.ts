/** The My Account API: Auth0's shapes of lists, enrolments and errors, and what it refuses. */
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { totpOf } from '../support/account-page.js';
import { createAuthenticator } from '../support/authenticator.js';
import { createManualClock } from '../support/manual-clock.js';
import { ME_SCOPES, METHODS_PATH, me, methodPath, myToken, registerMyAccount } from '../support/my-account.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];

let server: Record<string, unknown>;
beforeAll(async () => {
  server = await registerMyAccount(stage);
  const factors = { otp: true, 'webauthn-platform': true, 'webauthn-roaming': true, 'recovery-code': true };
  await sql('update tenant set guardian = $1', [JSON.stringify({ factors })]);
});

describe('the API as a resource server', () => {
  test('is registered by its identifier, with the settings and scopes of Auth0', () => {
    expect(server).toMatchObject({
      name: 'Auth0 My Account API',
      token_lifetime: 600,
      subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } },
    });
    expect((server.scopes as { value: string }[]).map(({ value }) => value)).toEqual(ME_SCOPES);
  });

  test.each([
    [{ scopes: [{ value: 'read:everything' }] }, 'has no scope'],
    [{ subject_type_authorization: { user: { policy: 'allow_all' } } }, 'client grant'],
    [{ subject_type_authorization: { client: { policy: 'require_client_grant' } } }, 'deny_all'],
    [{ token_lifetime: 86_400 }, '600 seconds'],
  ])('refuses %j in words', async (changes, words) => {
    const answer = await stage.instance.api('PATCH', `/resource-servers/${server.id}`, changes, 400);
    expect(answer.message).toContain(words);
  });
});

describe('an authenticator app', () => {
  let token: string;
  let id: unknown;

  beforeAll(async () => {
    await stage.cast.createMember('ada@acme.example');
    token = await myToken(stage, stage.visitor(), 'ada@acme.example');
  });

  test('the token names the session and is valid for ten minutes', () => {
    const { sid, exp = 0, iat = 0 } = decodeJwt(token);
    expect(sid).toBeTypeOf('string');
    expect(exp - iat).toBe(600);
  });

  test('factors lists the types of the tenant', async () => {
    const { status, body } = await me(stage, token, 'GET', '/factors');
    expect(status).toBe(200);
    expect((body.factors as { type: string }[]).map(({ type }) => type)).toEqual([
      'passkey',
      'totp',
      'webauthn-roaming',
      'password',
    ]);
  });

  test('is started, refused with a wrong code, and confirmed with the right one', async () => {
    const started = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' });
    expect(started.status).toBe(202);
    expect(started.body).toMatchObject({ id: expect.stringMatching(/^totp\|dev_/), auth_session: expect.any(String) });
    expect(started.body.barcode_uri).toMatch(/^otpauth:\/\/totp\//);
    expect(started.headers.get('location')).toContain(encodeURIComponent(String(started.body.id)));
    expect(started.headers.get('cache-control')).toBe('no-store');
    const path = `${methodPath(started.body.id)}/verify`;
    const { auth_session } = started.body;
    const wrong = await me(stage, token, 'POST', path, { auth_session, otp_code: '000000' });
    expect(wrong).toMatchObject({ status: 400, body: { detail: expect.stringContaining('invalid_code') } });
    const otp_code = totpOf(String(started.body.manual_input_code), clock.now());
    const made = await me(stage, token, 'POST', path, { auth_session, otp_code });
    expect(made).toMatchObject({ status: 201, body: { type: 'totp', confirmed: true, usage: ['secondary'] } });
    ({ id } = made.body);
    const again = await me(stage, token, 'POST', path, { auth_session, otp_code });
    expect(again.status).toBe(403);
    const { body } = await me(stage, token, 'GET', METHODS_PATH);
    expect((body.authentication_methods as { type: string }[]).map(({ type }) => type).sort()).toEqual([
      'password',
      'totp',
    ]);
    expect(JSON.stringify(body)).not.toContain(String(started.body.manual_input_code));
    expect(await sql("select type from logs where type = 'gd_enrollment_complete'")).toHaveLength(1);
    const mail = (await stage.instance.mail()).filter(({ mail: one }) => one.template === 'factor_changed');
    expect(mail.length).toBeGreaterThan(0);
  });

  test('is shown alone, and renamed or deleted only after a factor', async () => {
    expect((await me(stage, token, 'GET', methodPath(id))).body).toMatchObject({ id, type: 'totp' });
    expect((await me(stage, token, 'GET', `${METHODS_PATH}?type=totp`)).body.authentication_methods).toHaveLength(1);
    const renamed = await me(stage, token, 'PATCH', methodPath(id), { name: 'Phone' });
    expect(renamed).toMatchObject({ status: 403, body: { detail: expect.stringContaining('second factor') } });
    expect((await me(stage, token, 'DELETE', methodPath(id))).status).toBe(403);
  });
});

describe('a passkey', () => {
  test('is made for the options of the server', async () => {
    const userId = await stage.cast.createMember('bea@acme.example');
    const token = await myToken(stage, stage.visitor(), 'bea@acme.example');
    const started = await me(stage, token, 'POST', METHODS_PATH, { type: 'passkey' });
    expect(started.status).toBe(202);
    expect(started.body.id).toBeUndefined();
    const options = started.body.authn_params_public_key as Record<string, unknown>;
    const { origin } = stage.instance;
    const device = createAuthenticator({ origin, rpId: new URL(origin).hostname });
    const finish = (answer: string) =>
      me(stage, token, 'POST', `${methodPath('passkey|new')}/verify`, {
        auth_session: started.body.auth_session,
        authn_response: JSON.parse(answer),
      });
    // Attack: a key without a PIN, which later signs in anybody who finds it.
    expect((await finish(device.create(options, { userVerified: false }))).status).toBe(400);
    const made = await finish(device.create(options));
    expect(made).toMatchObject({ status: 201, body: { type: 'passkey', credential_device_type: expect.any(String) } });
    expect(await sql("select kind from factors where user_id = $1 and kind = 'passkey'", [userId])).toHaveLength(1);
  });
});

describe('a password', () => {
  const PATH = `${methodPath('password|new')}/verify`;
  const NEW_PASSWORD = 'tulip anchor violet 9 Orbit';

  test('is listed, and changed after a fresh sign-in; every other session ends and the owner is mailed', async () => {
    const email = 'dee@acme.example';
    const userId = await stage.cast.createMember(email);
    const other = await myToken(stage, stage.visitor(), email);
    const token = await myToken(stage, stage.visitor(), email);
    const listed = (await me(stage, token, 'GET', `${METHODS_PATH}?type=password`)).body;
    const [method] = listed.authentication_methods as Record<string, unknown>[];
    expect(method).toMatchObject({ id: expect.stringMatching(/^password\|/), type: 'password', usage: ['primary'] });
    expect((await me(stage, token, 'GET', methodPath(method?.id))).body).toEqual(method);
    expect((await me(stage, token, 'POST', METHODS_PATH, { type: 'password', connection: 'x' })).status).toBe(400);
    const started = await me(stage, token, 'POST', METHODS_PATH, { type: 'password' });
    expect(started).toMatchObject({ status: 202, body: { id: 'password|new', policy: { complexity: {} } } });
    const { auth_session } = started.body;
    const weak = await me(stage, token, 'POST', PATH, { auth_session, new_password: 'short' });
    expect(weak).toMatchObject({ status: 400, body: { detail: expect.stringContaining('new_password') } });
    // Attack: another session of the account finishes it.
    expect((await me(stage, other, 'POST', PATH, { auth_session, new_password: NEW_PASSWORD })).status).toBe(400);
    const made = await me(stage, token, 'POST', PATH, { auth_session, new_password: NEW_PASSWORD });
    expect(made).toMatchObject({ status: 201, body: { type: 'password', id: method?.id } });
    expect((await me(stage, token, 'POST', PATH, { auth_session, new_password: NEW_PASSWORD })).status).toBe(400);
    expect(await sql('select 1 from sessions where user_id = $1', [userId])).toHaveLength(1);
    const mail = (await stage.instance.mail()).filter(({ mail: one }) => one.to === email);
    expect(mail.map(({ mail: one }) => one.template)).toContain('password_changed');
    expect((await me(stage, token, 'DELETE', methodPath(method?.id))).status).toBe(404);
  });

  test('needs a sign-in of the last quarter of an hour', async () => {
    await stage.cast.createMember('fay@acme.example');
    const token = await myToken(stage, stage.visitor(), 'fay@acme.example');
    await sql("update sessions set authenticated_at = authenticated_at - interval '16 minutes'");
    expect((await me(stage, token, 'POST', METHODS_PATH, { type: 'password' })).status).toBe(403);
  });

  test('is neither listed nor made for an account without one', async () => {
    const userId = await stage.cast.createMember('gil@acme.example');
    const token = await myToken(stage, stage.visitor(), 'gil@acme.example');
    await sql('delete from password_credentials where user_id = $1', [userId]);
    const { body } = await me(stage, token, 'GET', METHODS_PATH);
    expect(body.authentication_methods).toEqual([]);
    expect((await me(stage, token, 'POST', METHODS_PATH, { type: 'password' })).status).toBe(400);
  });
});

describe('a refused change', () => {
  test('leaves a line with its reason, but not one for each of many', async () => {
    const userId = await stage.cast.createMember('hal@acme.example');
    const token = await myToken(stage, stage.visitor(), 'hal@acme.example');
    for (let i = 0; i < 12; i++) await me(stage, token, 'DELETE', methodPath('totp|dev_x'));
    const lines = await sql('select type, description, details from logs where user_id = $1 and type like $2', [
      ...[userId, 'my_account_%'],
    ]);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatchObject({
      type: 'my_account_authentication_method_failed',
      description: 'The authentication method does not exist.',
      details: { method: 'DELETE' },
    });
    await me(stage, token, 'GET', methodPath('totp|dev_x'));
    expect(await sql("select 1 from logs where type like 'my_account_%' and details ->> 'method' = 'GET'")).toEqual([]);
  });
});

describe('refusals', () => {
  let token: string;
  beforeAll(async () => {
    await stage.cast.createMember('cy@acme.example');
    token = await myToken(stage, stage.visitor(), 'cy@acme.example');
  });

  test.each(['phone', 'push-notification', 'webauthn-platform', '__proto__', 'x'])(
    'type %s is refused in words',
    async (type) => {
      const { status, body } = await me(stage, token, 'POST', METHODS_PATH, { type });
      expect(status).toBe(400);
      expect(body.detail).toContain('type');
    },
  );

  test.each([[{}], [[]], ['text'], [{ type: 'totp', connection: 'x' }], [{ type: 7 }]])(
    'body %j is refused',
    async (body) => {
      expect((await me(stage, token, 'POST', METHODS_PATH, body)).status).toBe(400);
    },
  );

  test('no token, no scope, no such method, no such address', async () => {
    expect((await me(stage, '', 'GET', '/factors')).status).toBe(401);
    const narrow = await myToken(stage, stage.visitor(), 'cy@acme.example', { scope: 'openid read:me:factors' });
    const refused = await me(stage, narrow, 'GET', METHODS_PATH);
    expect(refused).toMatchObject({ status: 403, body: { type: expect.stringMatching(/#A0E-403-0002$/) } });
    expect((await me(stage, token, 'GET', methodPath('totp|dev_x'))).status).toBe(404);
    expect((await me(stage, token, 'GET', '/connected-accounts/accounts')).status).toBe(404);
  });

  test('a script of another origin may call it, and gets no cookie', async () => {
    const response = await fetch(`${stage.instance.origin}/me/v1/factors`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
