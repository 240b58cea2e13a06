/**
 * The second factors and passkeys of a user: what is stored counts at once, no secret comes back, the owner hears of each change, and nobody
 * changes them with a right meant for something else.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashRecoveryCode } from '../../src/domain/factors/new-factor.js';
import { openFactorSecret } from '../../src/storage/factor-secrets.js';
import { type Cast, createCast, type Management, ORIGIN, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const query = async (text: string, ...values: unknown[]) => (await api.database.pool.query(text, values)).rows;
beforeEach(() => query('delete from factors'));

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** A COSE key: a map of five, shortened. */
const PUBLIC_KEY = Buffer.concat([Buffer.from([0xa5]), Buffer.alloc(76, 7)]).toString('base64');
const HOST = new URL(ORIGIN).hostname;
const pathOf = (userId: string, ...rest: string[]) =>
  ['/users', ...[userId, ...rest].map(encodeURIComponent)].join('/');
const methods = (...rest: string[]) => pathOf(cast.dana, 'authentication-methods', ...rest);
const key = (name: string, more: object = {}) => ({
  ...{ type: 'webauthn-roaming', key_id: Buffer.from(name).toString('base64url'), public_key: PUBLIC_KEY },
  ...more,
});
const passkey = (name: string, more: object = {}) =>
  key(name, { type: 'passkey', user_handle: Buffer.from('handle').toString('base64url'), ...more });
const add = (body: object, token?: string) => api.post(methods(), body, token);
const totp = (more: object = {}) => add({ type: 'totp', totp_secret: SECRET, ...more });
const revision = async (userId = cast.dana) =>
  Number((await query('select factors_revision from users where user_id = $1', userId))[0].factors_revision);
const lines = async () =>
  (
    await query("select type, details from logs where type like 'gd_%' and user_id = $1 order by log_id", cast.dana)
  ).map(({ type, details }) => [type, details.authenticator.type]);
const mails = async () => (await api.mail()).filter(({ template }) => template === 'factor_changed');

describe('an authenticator app', () => {
  test('case=is stored sealed, counts at once, and its secret never comes back', async () => {
    const before = await revision();
    const { status, body } = await totp({ name: 'Phone' });
    expect(status).toBe(201);
    expect(body).toEqual({
      ...{ id: expect.stringMatching(/^totp\|dev_[A-Za-z0-9]{16}$/), type: 'totp', name: 'Phone', confirmed: true },
      ...{ created_at: expect.any(String), enrolled_at: expect.any(String) },
    });
    for (const answer of [await api.get(methods()), await api.get(methods(body.id)), await api.get(pathOf(cast.dana))])
      expect(JSON.stringify(answer.body)).not.toContain(SECRET.slice(0, 8));
    const [row] = await query('select * from factors where user_id = $1', cast.dana);
    expect(row).toMatchObject({ kind: 'otp', vouched_by: 'operator', last_step: null });
    expect(row.confirmed_at).not.toBeNull();
    expect(openFactorSecret(api.rows, cast.dana, body.id, row.secret_sealed)).toBe(SECRET);
    // Attack: the row of one person copied to another.
    expect(() => openFactorSecret(api.rows, cast.bob, body.id, row.secret_sealed)).toThrow('does not open');
    expect(await revision()).toBe(before + 1);
    const [line] = await query("select * from logs where type = 'sapi' order by log_id desc limit 1");
    expect(JSON.stringify(line)).not.toContain(SECRET.slice(0, 8));
  });

  test('case=small letters and padding are the same secret', async () => {
    const { body } = await totp({ totp_secret: `${SECRET.toLowerCase()}==` });
    const [row] = await query('select secret_sealed from factors');
    expect(openFactorSecret(api.rows, cast.dana, body.id, row.secret_sealed)).toBe(SECRET);
  });

  test('case=a second one is one too many', async () => {
    await totp();
    expect(await totp()).toMatchObject({ status: 403, body: { message: /reached the limit/ } });
  });

  test.each([
    [{ totp_secret: undefined }, /Missing required property: totp_secret/],
    [{ totp_secret: 'JBSWY3DP' }, /base32 of 16 to 256/],
    [{ totp_secret: `${SECRET}1` }, /base32/],
    [{ totp_secret: 'A'.repeat(257) }, /base32/],
    [{ name: '' }, /1 to 20/],
    [{ name: 'x'.repeat(21) }, /1 to 20/],
    [{ email: 'dana@acme.example' }, /no such property' on property email/],
    [{ preferred_authentication_method: 'sms' }, /sends no text messages/],
    [{ more: 1 }, /more/],
  ])('case=%j is refused', async (more, words) => {
    expect(await totp(more)).toMatchObject({ status: 400, body: { message: expect.stringMatching(words) } });
    expect(await query('select * from factors')).toEqual([]);
  });
});

describe('keys and passkeys', () => {
  test('case=a key comes back with its public part, for this host', async () => {
    const { status, body } = await add(key('first', { name: 'Blue key', relying_party_identifier: HOST }));
    expect([status, body]).toMatchObject([
      201,
      {
        ...{ id: expect.stringMatching(/^webauthn-roaming\|dev_/), type: 'webauthn-roaming', confirmed: true },
        ...{ key_id: Buffer.from('first').toString('base64url'), public_key: PUBLIC_KEY },
        ...{ relying_party_identifier: HOST },
      },
    ]);
    const [row] = await query('select user_handle, sign_count, credential from factors');
    expect(row).toMatchObject({ sign_count: 0, credential: { rpId: HOST, userVerified: false } });
    // The same for all keys of the account, and nothing that tells who it is.
    await add(key('second'));
    const handles = await query('select distinct user_handle from factors');
    expect(handles).toEqual([{ user_handle: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) }]);
  });

  test('case=a passkey comes back whole', async () => {
    const sent = {
      ...{ credential_device_type: 'multi_device', credential_backed_up: true, transports: ['internal', 'hybrid'] },
      ...{ aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', user_agent: 'Safari' },
      identity_user_id: cast.dana.slice('auth0|'.length),
    };
    const { body } = await add(passkey('first', sent));
    expect(body).toMatchObject({ ...sent, type: 'passkey', id: expect.stringMatching(/^passkey\|dev_/) });
    expect((await api.get(methods(body.id))).body).toEqual(body);
  });

  test.each([
    [{ key_id: undefined }, /Missing required property: key_id/],
    [{ key_id: '!' }, /base64/],
    [{ public_key: 'AAAA' }, /COSE/],
    [{ public_key: Buffer.alloc(2_049, 0xa5).toString('base64') }, /at most 2048/],
    [{ user_handle: undefined }, /Missing required property: user_handle/],
    [{ user_handle: Buffer.alloc(65).toString('base64') }, /at most 64/],
    [{ relying_party_identifier: 'login.elsewhere.example' }, /does not work at login\.example/],
    [{ credential_backed_up: true }, /multi_device/],
    [{ credential_backed_up: true, credential_device_type: 'single_device' }, /multi_device/],
    [{ identity_user_id: 'somebody-else' }, /no such identity/],
    [{ transports: ['<script>'] }, /transports/],
    [{ transports: Array(11).fill('usb') }, /transports/],
    [{ user_agent: 'x'.repeat(513) }, /user_agent/],
    [{ totp_secret: SECRET }, /no such property/],
  ])('case=a passkey with %j is refused', async (more, words) => {
    expect(await add(passkey('bad', more))).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(words) },
    });
  });

  test('case=a property of passkeys at a key is refused', async () => {
    expect((await add(key('one', { user_handle: 'AAAA' }))).status).toBe(400);
  });

  test('case=a credential belongs to one account', async () => {
    await add(key('shared'));
    const taken = { status: 409, body: { message: 'Authentication method already exists.' } };
    expect(await add(key('shared'))).toMatchObject(taken);
    expect(await api.post(pathOf(cast.bob, 'authentication-methods'), key('shared'))).toMatchObject(taken);
    // Base64 in another alphabet is the same.
    expect(await add(key('x', { key_id: Buffer.from('shared').toString('base64') }))).toMatchObject(taken);
  });

  test('case=10 keys and 20 passkeys, as on Auth0', async () => {
    for (const [make, most] of [
      [key, 10],
      [passkey, 20],
    ] as const) {
      for (let index = 0; index < most; index += 1) expect((await add(make(`${make.name}-${index}`))).status).toBe(201);
      expect((await add(make(`${make.name}-more`))).status, make.name).toBe(403);
    }
    const page = (await api.get(`${methods()}?include_totals=true&per_page=7&page=4`)).body;
    expect(page).toMatchObject({ start: 28, limit: 7, total: 30 });
    expect(page.authenticators).toHaveLength(2);
    expect((await api.get(`${methods()}?per_page=4`)).body).toHaveLength(4);
  });
});

describe('addresses and phones', () => {
  test('case=an address gets codes; twice is 409, and five are enough', async () => {
    const mail = (email: string) => add({ type: 'email', email });
    expect((await mail('Dana@Home.example')).body).toMatchObject({ type: 'email', email: 'dana@home.example' });
    expect((await mail('dana@home.example')).status).toBe(409);
    expect((await mail('no address')).status).toBe(400);
    for (const name of ['b', 'c', 'd', 'e']) expect((await mail(`${name}@home.example`)).status).toBe(201);
    expect((await mail('f@home.example')).status).toBe(403);
  });

  test('case=a phone is refused in words', async () => {
    expect(await add({ type: 'phone', phone_number: '+15551234567' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('sends no text messages') },
    });
  });
});

describe('changes', () => {
  test('case=a name, and nothing else, is changed', async () => {
    const { id } = (await totp()).body;
    const before = await revision();
    expect((await api.patch(methods(id), { name: 'New phone' })).body).toMatchObject({ id, name: 'New phone' });
    expect((await api.get(methods(id))).body.name).toBe('New phone');
    expect((await api.patch(methods(id), {})).body.name).toBe('New phone');
    expect(await revision(), 'remembered browsers stay').toBe(before);
    for (const body of [{ name: '' }, { preferred_authentication_method: 'voice' }, { totp_secret: SECRET }])
      expect((await api.patch(methods(id), body)).status, JSON.stringify(body)).toBe(400);
    expect((await api.patch(methods('totp|dev_none'), { name: 'x' })).status).toBe(404);
  });

  test('case=one is removed, and the recovery code with the last other one', async () => {
    const { id } = (await totp()).body;
    const other = (await add(key('other'))).body.id;
    const path = pathOf(cast.dana, 'recovery-code-regeneration');
    await api.post(path);
    expect((await api.delete(methods(id))).status).toBe(204);
    expect((await api.get(methods())).body.map(({ type }: { type: string }) => type)).toEqual([
      'webauthn-roaming',
      'recovery-code',
    ]);
    expect((await api.delete(methods(other))).status).toBe(204);
    expect((await api.get(methods())).body).toEqual([]);
    expect((await api.delete(methods(other))).status).toBe(404);
  });

  test('case=all are replaced by what is sent', async () => {
    await totp();
    await add(passkey('old'));
    const sent = [
      { type: 'email', email: 'dana@home.example' },
      { type: 'totp', totp_secret: SECRET, name: 'Second' },
    ];
    const { status, body } = await api.put(methods(), sent);
    expect([status, body]).toMatchObject([200, [{ type: 'email' }, { type: 'totp', name: 'Second' }]]);
    expect((await api.get(methods())).body).toEqual(body);
    expect((await api.put(methods(), [{ type: 'phone', phone_number: '+15551234567' }])).status).toBe(400);
    expect((await api.get(methods())).body, 'a refusal leaves all').toEqual(body);
    expect((await api.put(methods(), [sent[0], sent[0]])).status).toBe(409);
    expect((await api.put(methods(), [sent[1], sent[1]])).status).toBe(403);
    expect((await api.put(methods(), [])).body).toEqual([]);
    expect((await api.get(methods())).body).toEqual([]);
  });

  test('case=a reset removes all; the older one keeps passkeys', async () => {
    for (const [path, left] of [
      [methods(), []],
      [pathOf(cast.dana, 'authenticators'), ['passkey']],
    ] as const) {
      await totp();
      await add(passkey(path));
      const before = await revision();
      expect((await api.delete(path)).status).toBe(204);
      expect((await api.get(methods())).body.map(({ type }: { type: string }) => type)).toEqual(left);
      expect(await revision()).toBe(before + 1);
      expect((await api.delete(path)).status, 'of nobody').toBe(204);
      expect(await revision()).toBe(before + 1);
    }
  });

  test("case=each is a line of the log in Auth0's code, and a mail to the owner", async () => {
    await query('delete from logs');
    await query('delete from outbox');
    const { id } = (await totp()).body;
    await api.patch(methods(id), { name: 'Phone' });
    await api.post(pathOf(cast.dana, 'recovery-code-regeneration'));
    await api.delete(methods());
    const written = await lines();
    // The last two are of one request, in any order.
    expect([...written.slice(0, 3), ...written.slice(3).sort()]).toEqual([
      ['gd_enrollment_complete', 'totp'],
      ['gd_update_device_account', 'totp'],
      ['gd_enrollment_complete', 'recovery-code'],
      ['gd_unenroll', 'recovery-code'],
      ['gd_unenroll', 'totp'],
    ]);
    const told = (await mails()).map(({ to, model }) => [to, model.change, model.factor]);
    expect(told).toEqual([
      ['dana@acme.example', 'added', 'otp'],
      ['dana@acme.example', 'recovery_code', undefined],
      ['dana@acme.example', 'reset', undefined],
    ]);
    // The address of the operator's machine is nothing that the person needs to know.
    expect(JSON.stringify(await mails())).not.toContain('127.0.0.1');
  });

  test('case=a user who is not there is 404', async () => {
    const nobody = (...rest: string[]) => pathOf('auth0|nobody', ...rest);
    for (const [method, path, body] of [
      ['GET', nobody('authentication-methods')],
      ['POST', nobody('authentication-methods'), { type: 'totp', totp_secret: SECRET }],
      ['PUT', nobody('authentication-methods'), []],
      ['DELETE', nobody('authentication-methods')],
      ['GET', nobody('authentication-methods', 'totp|dev_1')],
      ['DELETE', nobody('authenticators')],
      ['GET', nobody('enrollments')],
      ['DELETE', `${nobody('multifactor')}/duo`],
      ['POST', nobody('recovery-code-regeneration')],
      ['POST', `${nobody('multifactor')}/actions/invalidate-remember-browser`],
    ] as const)
      expect(await api.call(method, path, body), path).toMatchObject({
        status: 404,
        body: { errorCode: 'inexistent_user' },
      });
  });

  test('case=two at once leave one application', async () => {
    const answers = await Promise.all([totp(), totp(), totp()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
  });
});

describe('older operations', () => {
  test('case=enrollments are the confirmed factors that count alone or beside one', async () => {
    expect((await api.get(pathOf(cast.dana, 'enrollments'))).body).toEqual([]);
    const { id } = (await totp({ name: 'Phone' })).body;
    await add(key('key'));
    await add(passkey('passkey'));
    await add({ type: 'email', email: 'dana@home.example' });
    const { body } = await api.get(pathOf(cast.dana, 'enrollments'));
    expect(body).toMatchObject([
      {
        id: id.replace('totp|', ''),
        status: 'confirmed',
        type: 'authenticator',
        name: 'Phone',
        auth_method: 'authenticator',
      },
      { status: 'confirmed', auth_method: 'webauthn-roaming' },
    ]);
    await query('update factors set confirmed_at = null');
    expect((await api.get(pathOf(cast.dana, 'enrollments'))).body).toEqual([]);
  });

  test('case=an enrollment is found, and removed, by its own id', async () => {
    const { id } = (await totp({ name: 'Phone' })).body;
    const path = `/guardian/enrollments/${id.replace('totp|', '')}`;
    expect((await api.get(path, 'read.guardian_enrollments')).body).toEqual({
      ...{ id: id.replace('totp|', ''), status: 'confirmed', name: 'Phone', enrolled_at: expect.any(String) },
    });
    const before = await revision();
    expect((await api.delete(path, undefined, 'delete.guardian_enrollments')).status).toBe(204);
    expect((await api.get(methods())).body).toEqual([]);
    expect(await revision()).toBe(before + 1);
    const [line] = await query("select user_id from logs where type = 'sapi' order by log_id desc limit 1");
    expect(line).toEqual({ user_id: cast.dana });
    const device = (await add(passkey('no enrollment'))).body.id.replace('passkey|', '');
    for (const other of [path, '/guardian/enrollments/x', `/guardian/enrollments/${device}`])
      for (const method of ['GET', 'DELETE'])
        expect(await api.call(method, other), `${method} ${other}`).toMatchObject({
          status: 404,
          body: { message: 'Enrollment not found.' },
        });
  });

  test('case=a recovery code is shown once, and its hash is stored', async () => {
    const path = pathOf(cast.dana, 'recovery-code-regeneration');
    expect(await api.post(path)).toMatchObject({ status: 404, body: { message: 'Enrollment not found.' } });
    await totp();
    const first = (await api.post(path)).body.recovery_code;
    const before = await revision();
    const second = (await api.post(path)).body.recovery_code;
    expect([first, second]).toEqual([expect.stringMatching(/^[A-Z0-9]{24}$/), expect.stringMatching(/^[A-Z0-9]{24}$/)]);
    expect(await revision()).toBe(before + 1);
    const rows = await query("select code_hash from factors where kind = 'recovery-code'");
    expect(rows).toEqual([{ code_hash: hashRecoveryCode(second) }]);
    expect(JSON.stringify(await query('select details from logs'))).not.toContain(second);
    expect(JSON.stringify(await api.mail())).not.toContain(second);
  });

  test('case=a provider is removed, and one that nobody has is answered as done', async () => {
    await totp();
    await add(key('key'));
    const remove = (provider: string) => api.delete(`${pathOf(cast.dana, 'multifactor')}/${provider}`);
    expect((await remove('duo')).status).toBe(204);
    expect((await api.get(methods())).body).toHaveLength(2);
    expect((await remove('google-authenticator')).status).toBe(204);
    expect((await api.get(methods())).body).toMatchObject([{ type: 'webauthn-roaming' }]);
    expect((await remove('retina')).status).toBe(400);
  });

  test('case=remembered browsers are forgotten by the revision, and no factor is touched', async () => {
    await totp();
    const before = await revision();
    const path = `${pathOf(cast.dana, 'multifactor')}/actions/invalidate-remember-browser`;
    expect((await api.post(path, undefined, 'update.users')).status).toBe(204);
    expect(await revision()).toBe(before + 1);
    expect((await api.get(methods())).body).toHaveLength(1);
  });
});

describe('the user', () => {
  test('case=shows multifactor while a second factor counts', async () => {
    const shown = async () => [
      (await api.get(pathOf(cast.dana))).body.multifactor,
      (await api.get('/users?q=email:dana@acme.example')).body[0].multifactor,
    ];
    await add(passkey('only'));
    expect(await shown()).toEqual([undefined, undefined]);
    await totp();
    expect(await shown()).toEqual([['guardian'], ['guardian']]);
    await query('update factors set confirmed_at = null');
    expect(await shown()).toEqual([undefined, undefined]);
  });

  test('case=who may change users alone cannot drop factors by linking the account away', async () => {
    await totp();
    const link = (token: string) =>
      api.post(pathOf(cast.bob, 'identities'), { provider: 'auth0', user_id: cast.dana }, token);
    await query('update identities set connection_id = $1 where user_id = $2', cast.oidcConnection, cast.bob);
    expect(await link('update.users')).toMatchObject({
      status: 403,
      body: { errorCode: 'insufficient_scope', message: expect.stringContaining('delete:authentication_methods') },
    });
    expect((await api.get(methods())).body).toHaveLength(1);
    await query('update identities set connection_id = $1 where user_id = $2', cast.databaseConnection, cast.bob);
  });

  test('case=a factor that a stranger set up goes when the owner comes, even if the password stays', async () => {
    await totp();
    const stranger = () => query('update factors set vouched_by = null');
    const path = pathOf(cast.dana, 'identities');
    const arrive = async (subject: string) => {
      const values = [`oidc|acme-oidc|${subject}`, subject, cast.oidcConnection];
      await query('insert into users (user_id, created_at, updated_at) values ($1, now(), now())', values[0]);
      await query(
        `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, created_at, bound_at)
         values ($1, $2, $3, 'bound', 'https://idp.example', $2, true, now(), now())`,
        ...values,
      );
      const linked = await api.post(path, { provider: 'oidc', user_id: `acme-oidc|${subject}` });
      expect(linked.status, JSON.stringify(linked.body)).toBe(201);
      await query('delete from identities where user_id = $1 and connection_id = $2', cast.dana, cast.oidcConnection);
    };
    await arrive('first');
    expect((await api.get(methods())).body, 'the operator added it').toHaveLength(1);
    await stranger();
    const before = await revision();
    await arrive('second');
    expect((await api.get(methods())).body).toEqual([]);
    expect(await revision()).toBe(before + 1);
  });
});

describe('rights', () => {
  test('case=who may change users may not change their factors by it', async () => {
    const { id } = (await totp()).body;
    const left = async () => (await api.get(methods())).body.map(({ id: one }: { id: string }) => one);
    const google = `${pathOf(cast.dana, 'multifactor')}/google-authenticator`;
    const recovery = pathOf(cast.dana, 'recovery-code-regeneration');
    for (const [method, path] of [
      ['DELETE', methods()],
      ['DELETE', methods(id)],
      ['POST', methods()],
      ['PUT', methods()],
      ['PATCH', methods(id)],
      ['DELETE', pathOf(cast.dana, 'authenticators')],
      ['DELETE', google],
      ['POST', recovery],
    ] as const)
      expect((await api.call(method, path, undefined, 'update.users')).status, `${method} ${path}`).toBe(403);
    expect(await left()).toEqual([id]);
    const both = 'update.users+create.authentication_methods+delete.authentication_methods';
    expect((await api.post(recovery, undefined, both)).status).toBe(200);
    expect((await api.delete(google, undefined, both)).status).toBe(204);
  });

  test('case=each scope opens its own part', async () => {
    expect((await api.get(methods(), 'read.authentication_methods')).status).toBe(200);
    expect((await api.get(methods(), 'read.users')).status).toBe(403);
    expect((await add({ type: 'totp', totp_secret: SECRET }, 'create.authentication_methods')).status).toBe(201);
    expect((await api.delete(methods(), undefined, 'create.authentication_methods')).status).toBe(403);
    expect((await api.delete(methods(), undefined, 'delete.authentication_methods')).status).toBe(204);
  });
});
