/** Users, search, linking, tickets. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openToken } from '../../src/kernel/seal.js';
import { CALLER, type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
const user = (userId: string, path = '') => `/users/${encodeURIComponent(userId)}${path}`;
const query = async (text: string, values: unknown[] = []) => (await api.database.pool.query(text, values)).rows;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

/** A user as a login through the IdP leaves one behind. */
async function createEnterpriseUser(subject: string, email = `${subject}@acme.example`): Promise<string> {
  const userId = `oidc|acme-oidc|${subject}`;
  await query(
    `insert into users (user_id, email, email_vouched_by, name, created_at, updated_at) values ($1, $2, 'idp', $3, now(), now())`,
    [userId, email, `Name of ${subject}`],
  );
  await query(
    `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, created_at, bound_at)
     values ($1, $2, $3, 'bound', 'https://idp.example', $2, true, now(), now())`,
    [userId, subject, cast.oidcConnection],
  );
  return userId;
}

async function openSession(userId: string, connectionId = cast.databaseConnection): Promise<void> {
  await query(
    `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
     values ($1, $2, 's' || md5(random()::text), $3, now(), now(), now(), now() + interval '1 day')`,
    [userId, Buffer.from(`${userId}${connectionId}`), connectionId],
  );
}

const sessions = async (userId: string) => (await query('select 1 from sessions where user_id = $1', [userId])).length;

describe('users', () => {
  test('case=create-get', async () => {
    const created = await api.post('/users', {
      email: 'Owner@Acme.example',
      password: 'Tide-lemon-7x',
      connection: 'Username-Password',
      email_verified: true,
      given_name: 'O',
      user_metadata: { a: 1 },
      app_metadata: { b: 2 },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      user_id: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      email: 'owner@acme.example',
      email_verified: true,
      given_name: 'O',
      name: 'owner@acme.example',
      nickname: 'owner',
      user_metadata: { a: 1 },
      app_metadata: { b: 2 },
      identities: [
        { connection: 'Username-Password', provider: 'auth0', isSocial: false, user_id: created.body.user_id.slice(6) },
      ],
    });
    expect(JSON.stringify(created.body)).not.toContain('Tide-lemon');
    expect((await api.get(user(created.body.user_id))).body).toEqual(created.body);
    expect((await api.get(user(created.body.user_id, '?fields=email,user_id'))).body).toEqual({
      user_id: created.body.user_id,
      email: 'owner@acme.example',
    });
    expect((await api.get(user(created.body.user_id, '?fields=email&include_fields=false'))).body).not.toHaveProperty(
      'email',
    );
    const again = await api.post('/users', {
      email: 'owner@acme.example',
      password: 'Tide-lemon-7x',
      connection: 'Username-Password',
    });
    expect(again.body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      message: 'The user already exists.',
      errorCode: 'auth0_idp_error',
    });
    const logs = await query(`select details::text as text from logs where type = 'sapi'`);
    expect(JSON.stringify(logs)).not.toContain('Tide-lemon');
    await api.delete(user(created.body.user_id));
    expect((await api.get(user(created.body.user_id))).body).toMatchObject({
      message: 'The user does not exist.',
      errorCode: 'inexistent_user',
    });
  });

  test.each([
    [
      'enterprise connection',
      { connection: 'acme-oidc' },
      400,
      'Connection does not support user creation through the API. It must either be a database or passwordless connection',
    ],
    ['unknown connection', { connection: 'nope' }, 400, 'The connection does not exist'],
    ['weak password', { password: 'x' }, 400, 'PasswordStrengthError'],
    ['no password', { password: undefined }, 400, 'Missing required property: password'],
    ['address', { email: 'a@b' }, 400, 'format email'],
    ['foreign id', { user_id: 'oidc|acme-oidc|dana' }, 400, 'without "|"'],
    ['username', { username: 'x' }, 400, 'Cannot set username for connection without requires_username.'],
  ])('case=refused %s', async (_name, changes, status, message) => {
    const body = { email: 'z@acme.example', password: 'Correct-horse-9', connection: 'Username-Password', ...changes };
    const answer = await api.post('/users', body);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  test('case=metadata-merge', async () => {
    await api.patch(user(cast.bob), { app_metadata: { a: 1, b: { c: 2 } } });
    const merged = await api.patch(user(cast.bob), { app_metadata: { b: { d: 3 }, a: null } });
    expect(merged.body.app_metadata).toEqual({ b: { d: 3 } });
    expect((await api.patch(user(cast.bob), { app_metadata: {} })).body).not.toHaveProperty('app_metadata');
    expect((await api.patch(user(cast.bob), { app_metadata: { x: 1 } }, 'update.users_app_metadata')).status).toBe(200);
    expect((await api.patch(user(cast.bob), { blocked: true }, 'update.users_app_metadata')).status).toBe(403);
  });

  test('case=blocking-and-new-password-end-sessions', async () => {
    for (const change of [{ blocked: true }, { password: 'Correct-horse-10' }, { email: 'bob2@acme.example' }]) {
      await openSession(cast.bob);
      expect((await api.patch(user(cast.bob), change)).status).toBe(200);
      expect(await sessions(cast.bob)).toBe(0);
    }
    expect((await api.get(user(cast.bob))).body).toMatchObject({
      blocked: true,
      email: 'bob2@acme.example',
      email_verified: false,
    });
    expect((await api.patch(user(cast.bob), { blocked: false })).body.blocked).toBe(false);
    expect((await api.patch(user(cast.bob), { email: 'dana@acme.example' })).status).toBe(409);
    await api.patch(user(cast.bob), { email: 'bob@acme.example', email_verified: true });
    expect(await query('select email from password_credentials where user_id = $1', [cast.bob])).toEqual([
      { email: 'bob@acme.example' },
    ]);
  });

  test('case=unknown-field', async () => {
    expect((await api.patch(user(cast.bob), { nope: 1 })).body.message).toBe(
      "Payload validation error: 'Additional properties not allowed: nope'.",
    );
  });
});

describe('search', () => {
  const found = async (q: string) => {
    const { status, body } = await api.get(`/users?q=${encodeURIComponent(q)}&search_engine=v3`);
    return status === 200 ? body.map((item: { email: string }) => item.email.split('@')[0]).sort() : body.message;
  };

  test.each([
    ['email:"dana@acme.example"', ['dana']],
    ['email:dana@acme.example', ['dana']],
    ['email:DANA@acme.example', ['dana']],
    ['email:dan*', ['dana']],
    ['email.domain:acme.example', ['bob', 'dana']],
    ['email.domain:"acme.example" AND NOT email:bob*', ['dana']],
    ['email:bob@acme.example OR email:dana@acme.example', ['bob', 'dana']],
    ['email:bob@acme.example email:dana@acme.example', ['bob', 'dana']],
    ['(email:bob* OR email:dana*) AND -email:dana*', ['bob']],
    ['identities.connection:"Username-Password"', ['bob', 'dana']],
    ['identities.connection:acme-oidc', []],
    ['blocked:true', []],
    ['email_verified:true', ['bob', 'dana']],
    ['_exists_:email', ['bob', 'dana']],
    ['name:*', ['bob', 'dana']],
    ['name:dana@acme.example', ['dana']],
    ['*:*', ['bob', 'dana']],
    ['', ['bob', 'dana']],
    ['email:"\' or 1=1 --"', []],
    ['email:%', []],
    ['email:_ob@acme.example', []],
  ])('%s', async (q, expected) => {
    expect(await found(q)).toEqual(expected);
  });

  test.each([
    ['metadata.x:1', 'Cannot search by metadata.x'],
    ['app_metadata:x', 'Cannot search by app_metadata'],
    ['app_metadata..x:1', 'no path of metadata'],
    ['app_metadata.*:1', 'no path of metadata'],
    ['app_metadata.plan:gol*', 'Metadata is searched by whole values'],
    ['app_metadata.plan:g?ld', 'Metadata is searched by whole values'],
    ['user_metadata.age:[1 TO 2]', 'Metadata is searched by whole values'],
    ['user_metadata.age:>5', 'Metadata is searched by whole values'],
    [`app_metadata${'.a'.repeat(11)}:1`, '10 levels deep'],
    ['organization_id:org_*', 'whole ID'],
    ['last_login:yesterday', 'is no date'],
    ['last_login:[2026-02-31 TO *]', 'is no date'],
    ['last_login:2026-01-01T25:00', 'is no date'],
    ['created_at:0000', 'is no date'],
    ['created_at:2026-*', 'is no date'],
    ['logins_count:[1 TO x]', 'no whole number'],
    ['logins_count:>1234567890', 'no whole number'],
    ['email:*ana', 'Wildcards'],
    ['email:"x', 'Cannot read the query'],
    ['(email:x', 'not closed'],
    ['email:x)', 'not opened'],
    ['email:x AND', 'missing'],
    ['logins_count:[1 TO 2', 'no whole number'],
    ['email:[* TO m]', 'ranges'],
    ['*:[* TO m]', 'Cannot'],
    ['_exists_:[email TO m]', 'Cannot'],
    ['dana', 'Write field:value'],
    ['blocked:maybe', 'true or false'],
    [Array.from({ length: 60 }, () => 'email:x').join(' '), 'More than 50 terms'],
    [`${'('.repeat(40)}email:x${')'.repeat(40)}`, 'Nested deeper'],
    [`${'NOT '.repeat(40)}email:x`, 'Nested deeper'],
    [`email:${'x'.repeat(2000)}`, 'Longer than 2000'],
    ['constructor:x', 'Cannot search by constructor'],
  ])('case=refused %s', async (q, reason) => {
    expect(await found(q)).toContain(reason);
  });

  test('case=fields that Auth0 documents, on people who have them', async () => {
    const metadata = { plan: 'gold', seats: 5, customer: { id: 'cus_1' }, teams: [{ name: 'Sales' }, { name: 'Ops' }] };
    await query('update users set app_metadata = $2, user_metadata = $3, username = $4 where user_id = $1', [
      cast.dana,
      JSON.stringify(metadata),
      JSON.stringify({ 'own-color': 'red' }),
      'Dana',
    ]);
    await query(`update users set last_login_at = '2025-12-31T23:30:00Z', logins_count = 7 where user_id = $1`, [
      cast.dana,
    ]);
    await query(
      `insert into members (organization_id, user_id, via, created_at) values ($1, $2, 'invited', now()) on conflict do nothing`,
      [cast.organization, cast.bob],
    );
    const [dana, bob] = [['dana'], ['bob']];
    for (const [q, expected] of [
      ['app_metadata.plan:"gold"', dana],
      ['app_metadata.plan:gold', dana],
      ['app_metadata.plan:"Gold"', []],
      ['app_metadata.seats:5', dana],
      ['app_metadata.seats:"5"', dana],
      ['app_metadata.customer.id:cus_1', dana],
      ['app_metadata.teams.name:"Ops"', dana],
      ['app_metadata.teams:Ops', []],
      ['user_metadata.own-color:red', dana],
      ['user_metadata.plan:gold', []],
      ['NOT _exists_:app_metadata.plan', bob],
      ['username:Dana', dana],
      ['username:Da*', dana],
      ['username:dana', []],
      [`organization_id:${cast.organization}`, ['bob', 'dana']],
      [`organization_id:${cast.organization} AND NOT username:Dana`, bob],
      ['organization_id:org_0000000000000000', []],
      ['last_login:[* TO 2025-12-31]', dana],
      ['last_login:{2025-11 TO 2025-12]', dana],
      ['last_login:[2025-12-31T23:30:01Z TO *]', []],
      ['last_login:2026-01-01T01:30+02:00', dana],
      ['last_login:{2025 TO *]', []],
      ['last_login:[2026-01-01T00:00+01:00 TO *]', dana],
      ['NOT _exists_:last_login', bob],
      ['(NOT _exists_:logins_count OR logins_count:0)', bob],
      ['logins_count:{6 TO 7]', dana],
      ['logins_count:{7 TO *]', []],
      ['logins_count:>=7 AND logins_count:<8', dana],
      ['created_at:[2020 TO *] AND updated_at:[2020-01 TO *]', ['bob', 'dana']],
    ] as const)
      expect([q, await found(q)]).toEqual([q, expected]);
  });

  test('attack=a value that is a piece of a path or of SQL finds nothing else', async () => {
    for (const text of [`x" || true`, `x" || $.plan == "gold`, `' or 1=1 --`, `$`, `x') or true --`, '\\u0022', `"`])
      for (const of of ['app_metadata', 'user_metadata'])
        expect([text, await found(`${of}.plan:"${text.replace(/["\\]/g, '\\$&')}"`)]).toEqual([text, []]);
  });

  test('attack=memberships are told to nobody who may not list members', async () => {
    const q = `/users?q=${encodeURIComponent(`-(email:x OR organization_id:${cast.organization})`)}`;
    expect((await api.get(q, 'read.users')).status).toBe(403);
    expect((await api.get('/users?q=_exists_:organization_id', 'read.users')).status).toBe(403);
    expect((await api.get(q, 'read.users+read.organization_members')).status).toBe(200);
    expect((await api.get('/users?q=email:x', 'read.users')).status).toBe(200);
  });

  test('case=by-user-id-and-totals', async () => {
    const { body } = await api.get(
      `/users?q=${encodeURIComponent(`user_id:"${cast.dana}"`)}&include_totals=true&per_page=10&page=0`,
    );
    expect(body).toMatchObject({ start: 0, limit: 10, length: 1, total: 1, users: [{ user_id: cast.dana }] });
    expect((await api.get('/users?sort=email:-1')).body.map((item: { email: string }) => item.email)).toEqual([
      'dana@acme.example',
      'bob@acme.example',
    ]);
    expect((await api.get('/users?sort=password:1')).status).toBe(400);
  });

  test('case=by-email', async () => {
    expect((await api.get('/users-by-email?email=DANA@acme.example')).body).toMatchObject([{ user_id: cast.dana }]);
    expect((await api.get('/users-by-email?email=nobody@acme.example')).body).toEqual([]);
    expect((await api.get('/users-by-email?email=x')).status).toBe(400);
    expect((await api.get('/users-by-email')).status).toBe(400);
  });
});

describe('identities', () => {
  test.each([
    ['bare', (subject: string) => ({ provider: 'oidc', user_id: `acme-oidc|${subject}` })],
    ['prefixed', (subject: string) => ({ provider: 'oidc', user_id: `oidc|acme-oidc|${subject}` })],
    ['subject', (subject: string) => ({ provider: 'oidc', user_id: subject, connection_id: cast.oidcConnection })],
  ])('case=link-existing-user-and-unlink %s', async (name, body) => {
    const subject = `s-${name}`;
    const secondary = await createEnterpriseUser(subject);
    await openSession(secondary, cast.oidcConnection);
    const linked = await api.post(user(cast.dana, '/identities'), body(subject));
    expect(linked.status).toBe(201);
    expect(linked.body).toEqual([
      { connection: 'Username-Password', provider: 'auth0', isSocial: false, user_id: cast.dana.slice(6) },
      {
        connection: 'acme-oidc',
        provider: 'oidc',
        isSocial: false,
        user_id: `acme-oidc|${subject}`,
        profileData: {
          name: `Name of ${subject}`,
          nickname: subject,
          email: `${subject}@acme.example`,
          email_verified: true,
        },
      },
    ]);
    expect((await api.get(user(secondary))).status).toBe(404);
    await openSession(cast.dana, cast.oidcConnection);
    const unlinked = await api.delete(
      user(cast.dana, `/identities/oidc/${encodeURIComponent(`acme-oidc|${subject}`)}`),
    );
    expect(unlinked.status).toBe(200);
    expect(unlinked.body).toHaveLength(1);
    // A person who came in through that identity is not Dana any more.
    expect(await sessions(cast.dana)).toBe(0);
    expect((await api.get(user(secondary))).body).toMatchObject({
      name: `Name of ${subject}`,
      email: `${subject}@acme.example`,
      email_verified: true,
    });
    await api.delete(user(secondary));
  });

  test('case=expected-by-subject', async () => {
    const body = { provider: 'oidc', connection_id: cast.oidcConnection, user_id: 'acme-oidc|42' };
    const linked = await api.post(user(cast.dana, '/identities'), body);
    expect(linked.status).toBe(201);
    expect(linked.body[1]).toEqual({
      connection: 'acme-oidc',
      provider: 'oidc',
      isSocial: false,
      user_id: 'acme-oidc|42',
      status: 'expected',
    });
    expect(await query(`select subject, status, bound_by from identities where status = 'expected'`)).toEqual([
      { subject: '42', status: 'expected', bound_by: `management:${CALLER}` },
    ]);
    expect((await api.post(user(cast.bob, '/identities'), body)).status).toBe(409);
    expect((await api.delete(user(cast.dana, '/identities/oidc/acme-oidc%7C42'), {})).body).toHaveLength(1);
    expect(await query(`select 1 from users where user_id like 'oidc|%'`)).toEqual([]);
  });

  test.each([
    ['longer than an ID token may say', randomBytes(2_600).toString('base64url')],
    ['256 characters', 'x'.repeat(256)],
    ['no ASCII', 'dän'],
    ['nothing', ''],
  ])('case=expected-subject-that-nobody-can-have: %s', async (_, subject) => {
    const body = { provider: 'oidc', connection_id: cast.oidcConnection, user_id: `acme-oidc|${subject}` };
    const answer = await api.post(user(cast.dana, '/identities'), body);
    expect([answer.status, answer.body.message]).toEqual([
      400,
      'user_id takes the subject that the identity provider gives: 1 to 255 printable ASCII characters.',
    ]);
  });

  test('case=expected-by-address', async () => {
    const body = { provider: 'oidc', connection_id: cast.oidcConnection, expected_email: 'Dana@acme.example' };
    expect((await api.post(user(cast.dana, '/identities'), body)).body[1]).toMatchObject({
      status: 'expected',
      expected_email: 'dana@acme.example',
    });
    expect((await api.post(user(cast.bob, '/identities'), body)).status).toBe(409);
    expect((await api.delete(user(cast.dana, '/identities/oidc/dana@acme.example'))).body).toHaveLength(1);
  });

  test('case=bound-to-somebody-is-not-expected-elsewhere', async () => {
    const secondary = await createEnterpriseUser('taken');
    await api.post(user(cast.dana, '/identities'), { provider: 'oidc', user_id: 'acme-oidc|taken' });
    const again = await api.post(user(cast.bob, '/identities'), {
      provider: 'oidc',
      connection_id: cast.oidcConnection,
      user_id: 'taken',
    });
    expect(again.body).toMatchObject({ statusCode: 409, message: 'Specified identity already exists.' });
    await api.delete(user(cast.dana, '/identities/oidc/acme-oidc%7Ctaken'));
    await api.delete(user(secondary));
  });

  test.each([
    ['no token', { link_with: 'eyJ' }, 400, 'Invalid token (link_with).'],
    ['both ways', { link_with: 'eyJ', provider: 'oidc' }, 400, 'Give link_with alone'],
    ['unknown', { provider: 'oidc', user_id: 'x|1' }, 400, 'Linking an inexistent identity is not allowed.'],
    ['database', { provider: 'auth0', user_id: 'abc' }, 400, 'Linking an inexistent identity is not allowed.'],
    ['nothing', { provider: 'oidc' }, 400, 'Missing required property: user_id'],
    [
      'unknown connection',
      { provider: 'oidc', connection_id: 'con_0000000000000000', user_id: 'x' },
      404,
      'The connection does not exist',
    ],
  ])('case=refused %s', async (_name, body, status, message) => {
    const answer = await api.post(user(cast.dana, '/identities'), body);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  describe('link_with', () => {
    const link = async (token: string) => api.post(user(cast.dana, '/identities'), { link_with: token });
    /** As a login at the application of the caller gives it, an hour long. */
    const idToken = async (userId: string, clientId = CALLER) =>
      (await api.issuer()).issueIdToken({
        clientId,
        user: { userId, email: undefined, emailVerified: false, profile: {}, updatedAt: new Date() },
        scope: 'openid',
        nonce: undefined,
        sessionId: undefined,
        authenticatedAt: new Date(),
        factorPassed: false,
        organization: undefined,
        lifetimeSeconds: 3600,
      });
    const retold = (token: string, header: object, payload: object) => {
      const [head = '', body = '', signature = ''] = token.split('.');
      const changed = (part: string, changes: object) => {
        const before = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
        return Buffer.from(JSON.stringify({ ...before, ...changes })).toString('base64url');
      };
      return [changed(head, header), changed(body, payload), signature].join('.');
    };

    test('case=links-whom-the-token-is-about', async () => {
      const secondary = await createEnterpriseUser('by-token');
      const token = await idToken(secondary);
      const linked = await link(token);
      expect(linked.status).toBe(201);
      expect(linked.body).toHaveLength(2);
      expect(linked.body[1]).toMatchObject({ provider: 'oidc', user_id: 'acme-oidc|by-token' });
      expect((await api.get(user(secondary))).status).toBe(404);
      expect((await link(token)).body.message).toBe('Provided secondary account not found.');
      expect(JSON.stringify(await query('select details from logs'))).not.toContain(token);
      await api.delete(user(cast.dana, '/identities/oidc/acme-oidc%7Cby-token'));
      await api.delete(user(secondary));
    });

    test('case=nobody-is-linked-with-himself', async () => {
      expect((await link(await idToken(cast.dana))).body.message).toContain('must be different');
    });

    test('attack=a-token-that-somebody-gave-another-application', async () => {
      const answer = await link(await idToken(cast.bob, cast.client));
      expect(answer.body).toMatchObject({
        statusCode: 400,
        message: "JWT (link_with) must have an aud claim that matches that of the calling token's azp.",
      });
      expect((await api.get(user(cast.bob))).status).toBe(200);
    });

    test('attack=forged-retold-and-old-tokens', async () => {
      const token = await idToken(cast.bob);
      const access = await (await api.issuer()).issueAccessToken({
        clientId: CALLER,
        userId: cast.bob,
        audience: 'urn:things',
        scope: 'openid',
        organization: undefined,
        lifetimeSeconds: 3600,
        profile: 'auth0',
        permissions: undefined,
      });
      const messages: string[] = [];
      for (const bad of [
        retold(token, {}, { sub: cast.dana }),
        retold(token, { alg: 'none' }, {}),
        retold(token, {}, { iss: 'https://elsewhere.example/' }),
        access,
        'a.b.c',
      ]) {
        const answer = await link(bad);
        messages.push(`${answer.status} ${answer.body.message}`);
      }
      expect(messages).toEqual([
        '401 Invalid signature received for JSON Web Token validation.',
        '400 JWT (link_with) must have an alg of RS256.',
        '400 JWT (link_with) must have the same issuer as the calling user.',
        '400 JWT (link_with) contains an invalid aud claim.',
        '400 Invalid token (link_with).',
      ]);
      api.advance(3601);
      expect((await link(token)).body.message).toBe('Invalid token (link_with): it has expired.');
      api.advance(-3601);
      expect((await api.get(user(cast.bob))).status).toBe(200);
    });
  });

  test('case=main-identity-and-self', async () => {
    expect((await api.delete(user(cast.dana, `/identities/auth0/${cast.dana.slice(6)}`))).body.errorCode).toBe(
      'operation_not_supported',
    );
    expect((await api.post(user(cast.dana, '/identities'), { provider: 'auth0', user_id: cast.dana })).status).toBe(
      400,
    );
    expect((await api.delete(user(cast.dana, '/identities/oidc/nope'))).status).toBe(404);
  });
});

describe('tickets', () => {
  test('case=password-change', async () => {
    const { status, body } = await api.post('/tickets/password-change', {
      user_id: cast.dana,
      client_id: cast.client,
      ttl_sec: 60,
    });
    expect(status).toBe(201);
    const url = new URL(body.ticket);
    expect(url.origin + url.pathname).toBe('https://login.example/u/reset-password');
    const token = url.searchParams.get('ticket') ?? '';
    expect(openToken(api.deps.ticketBox, token, 'ticket:password')).toMatchObject({ u: cast.dana });
    expect(openToken(api.deps.ticketBox, token, 'ticket:verify_email')).toBeUndefined();
    const [row] = await query(
      `select purpose, email, connection_id, extract(epoch from expires_at - created_at)::int as ttl from tickets where user_id = $1`,
      [cast.dana],
    );
    expect(row).toEqual({
      purpose: 'password',
      email: 'dana@acme.example',
      connection_id: cast.databaseConnection,
      ttl: 60,
    });
    const byAddress = await api.post('/tickets/password-change', {
      connection_id: cast.databaseConnection,
      email: 'dana@acme.example',
    });
    expect(byAddress.status).toBe(201);
  });

  test('case=email-verification', async () => {
    const { body } = await api.post('/tickets/email-verification', { user_id: cast.dana });
    expect(body.ticket).toMatch(/^https:\/\/login\.example\/u\/verify-email\?ticket=/);
  });

  test.each([
    [{}, 400],
    [{ user_id: 'auth0|nobody' }, 404],
    [{ connection_id: 'con_0000000000000000', email: 'dana@acme.example' }, 404],
    [{ user_id: 'auth0|x', client_id: 'nobody' }, 400],
  ])('case=refused %j', async (body, status) => {
    expect((await api.post('/tickets/password-change', body)).status).toBe(status);
  });
});
