/** Clients, connections, roles, APIs and grants, tenant settings, the log, explain. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExplainQuestion } from '../../src/login/explain.js';
import { MANAGEMENT_SCOPES } from '../../src/management/api/scopes.js';
import { ensureSystemRows } from '../../src/management/bootstrap.js';
import { CALLER, type Cast, createCast, type Management, ORIGIN, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
const asked: ExplainQuestion[] = [];
const query = async (text: string, values: unknown[] = []) => (await api.database.pool.query(text, values)).rows;

beforeAll(async () => {
  api = await startManagement(async (question) => {
    asked.push(question);
    if (question.email === 'x') return { error: 'invalid_email' };
    return {
      outcome: 'admitted',
      rule: 'member',
      userId: 'auth0|1',
      trace: [{ stage: 'admit', rule: 'member', answer: 'pass', evidence: {} }],
    };
  });
  cast = await createCast(api);
});
afterAll(() => api.close());

describe('clients', () => {
  test('case=create-secret-rotate-delete', async () => {
    const created = await api.post('/clients', {
      name: 'Web',
      app_type: 'regular_web',
      grant_types: ['authorization_code', 'refresh_token'],
      refresh_token: {
        rotation_type: 'rotating',
        expiration_type: 'expiring',
        leeway: 10,
        token_lifetime: 1000,
        idle_token_lifetime: 500,
      },
      jwt_configuration: { lifetime_in_seconds: 60, alg: 'RS256' },
      logo_uri: 'https://x.example/l.png',
    });
    expect(created.status).toBe(201);
    const { client_id: clientId, client_secret: secret } = created.body;
    expect(created.body).toMatchObject({
      is_first_party: true,
      organization_usage: 'deny',
      logo_uri: 'https://x.example/l.png',
      refresh_token: { rotation_type: 'rotating', leeway: 10, token_lifetime: 1000, idle_token_lifetime: 500 },
      jwt_configuration: { lifetime_in_seconds: 60 },
    });
    const path = `/clients/${clientId}`;
    expect((await api.get(path)).body.client_secret).toBe(secret);
    expect((await api.get(path, 'read.clients')).body).not.toHaveProperty('client_secret');
    const rotated = await api.post(`${path}/rotate-secret`);
    expect(rotated.body.client_secret).not.toBe(secret);
    expect((await api.get(path)).body.client_secret).toBe(rotated.body.client_secret);
    const patched = await api.patch(path, { organization_usage: 'allow', description: 'd', initiate_login_uri: '' });
    expect(patched.body).toMatchObject({
      organization_usage: 'allow',
      description: 'd',
      logo_uri: 'https://x.example/l.png',
      name: 'Web',
    });
    expect(JSON.stringify(await query('select * from clients where client_id = $1', [clientId]))).not.toContain(secret);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).body).toMatchObject({ errorCode: 'inexistent_client' });
  });

  test('case=lifetimes-come-back-as-they-were-sent', async () => {
    const sent = {
      rotation_type: 'non-rotating',
      expiration_type: 'non-expiring',
      leeway: 0,
      token_lifetime: 31_557_600,
      idle_token_lifetime: 2_592_000,
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: true,
    };
    const { body } = await api.post('/clients', { name: 'Endless', refresh_token: sent });
    const path = `/clients/${body.client_id}`;
    expect((await api.get(path)).body.refresh_token).toEqual(sent);
    const columns = 'select refresh_lifetime_seconds, refresh_idle_lifetime_seconds from clients where client_id = $1';
    expect(await query(columns, [body.client_id])).toEqual([
      { refresh_lifetime_seconds: 157_788_000, refresh_idle_lifetime_seconds: 157_788_000 },
    ]);
    // Tokens that end have an end, also where the request does not say when.
    await api.patch(path, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } });
    expect((await api.get(path)).body.refresh_token).toMatchObject({
      expiration_type: 'expiring',
      infinite_token_lifetime: false,
      token_lifetime: 2_592_000,
    });
    const cleared = await api.patch(path, { refresh_token: null });
    expect(cleared.body.refresh_token).toMatchObject({ rotation_type: 'non-rotating', idle_token_lifetime: 1_296_000 });
    await api.delete(path);
  });

  test.each([
    { rotation_type: 'rotating', expiration_type: 'expiring', token_lifetime: 86_400 },
    {
      rotation_type: 'rotating',
      expiration_type: 'expiring',
      token_lifetime: 86_400,
      infinite_idle_token_lifetime: true,
    },
    { rotation_type: 'non-rotating', expiration_type: 'non-expiring' },
  ])('case=a-refresh-token-setting-that-is-shown-can-be-sent %o', async (sent) => {
    const created = (await api.post('/clients', { name: 'Shown', refresh_token: sent })).body;
    const { refresh_token: shown } = created;
    const again = await api.post('/clients', { name: 'Shown again', refresh_token: shown });
    expect([again.status, again.body.refresh_token]).toEqual([201, shown]);
    expect((await api.patch(`/clients/${created.client_id}`, { refresh_token: shown })).body.refresh_token).toEqual(
      shown,
    );
  });

  test('case=policies-of-refresh-tokens-are-kept-as-they-were-sent-and-never-name-the-management-api', async () => {
    const rotating = { rotation_type: 'rotating', expiration_type: 'expiring' };
    const policies = [{ audience: 'https://later.example/', scope: ['read:later'] }];
    const { body } = await api.post('/clients', { name: 'Several', refresh_token: { ...rotating, policies } });
    const path = `/clients/${body.client_id}`;
    expect((await api.get(path)).body.refresh_token.policies).toEqual(policies);
    for (const [wrong, words] of [
      [[{ audience: `${ORIGIN}/api/v2/`, scope: ['create:users'] }], 'the Management API'],
      [[{ audience: 'https://later.example/' }], 'scope'],
      [[{ audience: '', scope: [] }], 'audience'],
      [[], 'policies'],
    ] as const) {
      const refused = await api.patch(path, { refresh_token: { ...rotating, policies: wrong } });
      expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(words)]);
      expect((await api.post('/clients', { name: 'No', refresh_token: { ...rotating, policies: wrong } })).status).toBe(
        400,
      );
    }
    expect((await api.get(path)).body.refresh_token.policies).toEqual(policies);
    await api.patch(path, { refresh_token: { ...rotating, policies: null } });
    expect((await api.get(path)).body.refresh_token.policies ?? []).toEqual([]);
    await api.delete(path);
  });

  test('case=null-clears-a-setting', async () => {
    const kept = {
      addons: { samlp: { audience: 'urn:x' } },
      mobile: { ios: { team_id: 'T', app_bundle_identifier: 'b' } },
      oidc_backchannel_logout: { backchannel_logout_urls: ['https://x.example/out'] },
      native_social_login: { apple: { enabled: true } },
      custom_login_page_on: false,
      client_metadata: { a: 'b' },
      jwt_configuration: { lifetime_in_seconds: 60 },
    };
    const { body } = await api.post('/clients', { name: 'Null', ...kept });
    expect(body).toMatchObject(kept);
    const names = ['addons', 'mobile', 'oidc_backchannel_logout', 'native_social_login', 'client_metadata'] as const;
    const nulls = Object.fromEntries(
      [...names, 'jwt_configuration', 'signed_request_object'].map((name) => [name, null]),
    );
    const cleared = await api.patch(`/clients/${body.client_id}`, nulls);
    expect(cleared.status).toBe(200);
    for (const name of [...names, 'signed_request_object']) expect(cleared.body).not.toHaveProperty(name);
    expect(cleared.body).toMatchObject({
      custom_login_page_on: false,
      jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 36_000 },
    });
    // Null in other places is still an error that names the property.
    expect((await api.patch(`/clients/${body.client_id}`, { mobile: 1 })).body.message).toBe(
      "Payload validation error: 'Expected type object but found type integer' on property mobile.",
    );
    expect((await api.patch(`/clients/${body.client_id}`, { callbacks: null })).status).toBe(400);
    await api.delete(`/clients/${body.client_id}`);
  });

  test('case=a public client has a secret, which only the scopes for keys show', async () => {
    const { body } = await api.post('/clients', { name: 'Spa', app_type: 'spa' });
    expect(body).toMatchObject({ token_endpoint_auth_method: 'none', client_secret: expect.stringMatching(/.{40}/) });
    const path = `/clients/${body.client_id}`;
    expect((await api.get(path)).body.client_secret).toBe(body.client_secret);
    expect((await api.get(path, 'read.clients')).body).not.toHaveProperty('client_secret');
    await api.delete(path);
  });

  test.each([
    [undefined, ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']],
    ['regular_web', ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']],
    ['non_interactive', ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']],
    ['spa', ['authorization_code', 'implicit', 'refresh_token']],
    ['native', ['authorization_code', 'implicit', 'refresh_token']],
    ['resource_server', []],
  ])('case=grant types of %s as recorded from Auth0', async (kind, grants) => {
    const audience = (await api.post('/resource-servers', { identifier: `https://${kind}.example` })).body.identifier;
    const own = kind === 'resource_server' ? { resource_server_identifier: audience } : {};
    const { body } = await api.post('/clients', { name: 'Kind', ...(kind && { app_type: kind }), ...own });
    expect(body.grant_types).toEqual(grants);
    // Those that are sent stay as they are, and null is no default.
    const sent = await api.patch(`/clients/${body.client_id}`, { grant_types: ['client_credentials'] });
    expect(sent.body.grant_types).toEqual(['client_credentials']);
    await api.delete(`/clients/${body.client_id}`);
    await api.delete(`/resource-servers/${encodeURIComponent(audience)}`);
  });

  test('case=the certificate of the signing key is shown with the secret, and to nobody without the scopes', async () => {
    await api.issuer();
    const { body } = await api.post('/clients', { name: 'Web' });
    const current = (await api.get('/keys/signing')).body.find((key: { current: boolean }) => key.current);
    expect(body.signing_keys).toEqual([{ cert: current.cert }]);
    const path = `/clients/${body.client_id}`;
    expect((await api.get(path)).body.signing_keys).toEqual([{ cert: current.cert }]);
    expect((await api.get('/clients?per_page=100')).body.at(-1).signing_keys).toEqual([{ cert: current.cert }]);
    expect((await api.get(path, 'read.clients')).body.signing_keys ?? []).toEqual([]);
    expect(JSON.stringify(body)).not.toContain('PRIVATE');
    await api.delete(path);
  });

  test.each([
    [{ callbacks: ['javascript:alert(1)'] }],
    [{ callbacks: ['https://x.example/#a'] }],
    [{ initiate_login_uri: 'http://app.example/login' }],
    [{ token_endpoint_auth_method: 'private_key_jwt' }],
    [{ jwt_configuration: { alg: 'HS256' } }],
    // Protections that nothing here gives.
    [{ signed_request_object: { required: true, credentials: [] } }],
    [{ require_pushed_authorization_requests: true }],
    [{ require_proof_of_possession: true }],
    [{ compliance_level: 'fapi1_adv_pkj_par' }],
    [{ jwt_configuration: { lifetime_in_seconds: 99_999_999_999 } }],
    [{ refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 99_999_999_999 } }],
  ])('case=refused %j', async (changes) => {
    expect((await api.post('/clients', { name: 'X', ...changes })).status).toBe(400);
  });

  test('case=protections-that-are-off are kept', async () => {
    const off = {
      signed_request_object: { required: false },
      require_pushed_authorization_requests: false,
      require_proof_of_possession: false,
      compliance_level: 'none',
    };
    const { status, body } = await api.post('/clients', { name: 'Off', ...off });
    expect([status, body]).toEqual([201, expect.objectContaining(off)]);
    const on = { require_proof_of_possession: true };
    expect(await api.patch(`/clients/${body.client_id}`, on)).toMatchObject({
      status: 400,
      body: { errorCode: 'operation_not_supported', message: expect.stringContaining('require_proof_of_possession') },
    });
    await api.delete(`/clients/${body.client_id}`);
  });

  test('case=list-filters', async () => {
    const { body } = await api.get('/clients?page=0&per_page=50&include_totals=true&is_global=false&fields=client_id');
    expect(body.clients).toContainEqual({ client_id: cast.client });
    expect((await api.get('/clients?is_global=true&fields=name')).body).toEqual([{ name: 'All Applications' }]);
  });
});

describe('connections', () => {
  test('case=what no login could use is refused when it is written, not when somebody signs in', async () => {
    const options = { client_id: 'c', token_endpoint_auth_method: 'private_key_jwt' };
    const created = await api.post('/connections', { name: 'with-a-key', strategy: 'samlp', options });
    expect(created.status).toBe(400);
    expect(created.body.message).toContain('private_key_jwt is for the strategies oidc and okta');
  });

  test('case=secrets-stay-and-revision-moves', async () => {
    const path = `/connections/${cast.oidcConnection}`;
    const revision = async () =>
      (await query('select revision from connections where id = $1', [cast.oidcConnection]))[0]?.revision;
    const sealed = async () =>
      (await query('select secrets_sealed from connections where id = $1', [cast.oidcConnection]))[0]?.secrets_sealed;
    const before = await api.get(path);
    expect(before.body.options.domain_aliases).toEqual(['acme.example']);
    const first = await revision();
    await api.patch(path, { display_name: 'Acme' });
    expect(await revision()).toBe(first);
    const { client_secret: _gone, ...options } = before.body.options;
    const updated = await api.patch(path, { options: { ...options, domain_aliases: ['ACME.example', 'acme.org'] } });
    expect(updated.body.options.domain_aliases).toEqual(['acme.example', 'acme.org']);
    expect(await revision()).not.toBe(first);
    expect(await sealed()).not.toBeNull();
    await api.patch(path, { options: { ...options, client_secret: null } });
    expect(await sealed()).toBeNull();
    const logs = JSON.stringify(await query('select details from logs'));
    expect(logs).not.toContain('hush');
  });

  test('case=secrets-of-what-does-not-exist-are-not-taken', async () => {
    const create = (name: string, options: object) => api.post('/connections', { name, strategy: 'auth0', options });
    for (const [name, value] of [
      ['configuration', { API_KEY: 'hush' }],
      ['gateway_authentication', { method: 'bearer', audience: 'https://sms.example', secret: 'hush' }],
    ] as const) {
      const refused = await create('scripts', { [name]: value });
      expect([refused.status, refused.body.message]).toEqual([
        400,
        `options.${name} holds secrets that nothing here would use: leave it out.`,
      ]);
    }
    expect((await query(`select 1 from connections where options::text like '%hush%'`)).length).toBe(0);
    // As exported from elsewhere: there, and empty.
    const created = await create('scripts', { configuration: {}, gateway_authentication: null });
    expect(created.status).toBe(201);
    expect(created.body.options).not.toHaveProperty('configuration');
    await api.delete(`/connections/${created.body.id}`);
    const long = await create('long', { issuer: `https://${'x'.repeat(1_024)}.example` });
    expect([long.status, long.body.message]).toEqual([400, 'options.issuer takes at most 1024 characters.']);
  });

  test('case=list-and-clients', async () => {
    expect((await api.get('/connections?strategy=oidc&include_totals=true&take=10')).body.connections).toMatchObject([
      { id: cast.oidcConnection },
    ]);
    expect((await api.get('/connections?name=acme-oidc')).body).toHaveLength(1);
    const path = `/connections/${cast.databaseConnection}/clients`;
    const revision = async () =>
      (await query('select revision from connections where id = $1', [cast.databaseConnection]))[0]?.revision;
    const before = await revision();
    expect((await api.patch(path, [{ client_id: cast.client, status: true }])).status).toBe(204);
    expect(await revision()).not.toBe(before);
    expect((await api.get(`${path}?take=100`)).body).toEqual({ clients: [{ client_id: cast.client }] });
    expect((await api.get(`/connections/${cast.databaseConnection}`)).body.enabled_clients).toEqual([cast.client]);
    expect((await api.patch(path, [{ client_id: 'nobody', status: true }])).status).toBe(400);
    expect((await api.patch(path, [{ client_id: cast.client, status: false }])).status).toBe(204);
    expect((await api.get(path)).body).toEqual({ clients: [] });
  });

  test('case=deleting-one-deletes-its-people', async () => {
    const { body } = await api.post('/connections', { name: 'short-lived', strategy: 'auth0' });
    const create = (email: string) =>
      api.post('/users', { email, password: 'Correct-horse-9', connection: 'short-lived' });
    const gone = (await create('gone@acme.example')).body.user_id;
    const linked = (await create('linked@acme.example')).body.user_id;
    const path = (userId: string) => `/users/${encodeURIComponent(userId)}`;
    expect((await api.post(`${path(cast.dana)}/identities`, { provider: 'auth0', user_id: linked })).status).toBe(201);
    expect((await api.delete(`/connections/${body.id}`)).status).toBe(202);
    expect((await api.get(path(gone))).status).toBe(404);
    expect((await api.get(path(cast.dana))).body.identities).toHaveLength(1);
  });

  test('case=create-variants', async () => {
    const real = await api.post('/connections', {
      name: 'front',
      strategy: 'oidc',
      options: { client_secret: null, type: 'front_channel', domain_aliases: [], anything: { goes: 1 } },
    });
    expect(real.status).toBe(201);
    expect(real.body.options).toMatchObject({ type: 'front_channel', domain_aliases: [], anything: { goes: 1 } });
    await api.delete(`/connections/${real.body.id}`);
  });

  test.each([
    [{ name: 'acme-oidc', strategy: 'oidc' }, 409],
    [{ name: 'x y', strategy: 'oidc' }, 400],
    [{ name: 'x', strategy: 'github' }, 400],
    [{ name: 'x', strategy: 'nonsense' }, 400],
    [{ name: 'x', strategy: 'oidc', options: { domain_aliases: ['*'] } }, 400],
    [{ name: 'x', strategy: 'oidc', options: { discovery_url: 'file:///etc/passwd' } }, 400],
    [{ name: 'x', strategy: 'oidc', options: { client_secret: {} } }, 400],
    [{ name: 'x', strategy: 'oidc', enabled_clients: ['nobody'] }, 400],
  ])('case=refused %j', async (body, status) => {
    expect((await api.post('/connections', body)).status).toBe(status);
  });
});

describe('roles', () => {
  test('case=create-update-delete', async () => {
    const created = await api.post('/roles', { name: 'editor' });
    expect(created.status).toBe(200);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^rol_/),
      name: 'editor',
      description: null,
      type: 'tenant',
    });
    expect((await api.post('/roles', { name: 'of one', type: 'organization' })).status).toBe(400);
    expect((await api.get('/roles?type=organization')).body).toEqual([]);
    expect((await api.post('/roles', { name: 'editor' })).status).toBe(409);
    expect((await api.patch(`/roles/${created.body.id}`, { description: 'E' })).body.description).toBe('E');
    expect((await api.patch(`/roles/${created.body.id}`, { description: '' })).body.description).toBe('');
    expect((await api.post('/roles', { name: 'wordless', description: '' })).body.description).toBe('');
    expect((await api.get('/roles?name_filter=EDI&include_totals=true&type=tenant')).body).toMatchObject({ total: 1 });
    expect((await api.get('/roles?name_filter=%25')).body).toEqual([]);
    expect((await api.delete(`/roles/${created.body.id}`)).status).toBe(200);
    expect((await api.get(`/roles/${created.body.id}`)).status).toBe(404);
  });
});

describe('resource servers and grants', () => {
  test.each([
    { proof_of_possession: { mechanism: 'dpop', required: true } },
    {
      token_encryption: {
        format: 'compact-nested-jwe',
        encryption_key: { alg: 'RSA-OAEP-256', pem: '-----BEGIN PUBLIC KEY-----' },
      },
    },
  ])('case=refused for an API %j', async (settings) => {
    const identifier = 'https://protected.example';
    expect(await api.post('/resource-servers', { identifier, ...settings })).toMatchObject({
      status: 400,
      body: { errorCode: 'operation_not_supported' },
    });
  });

  test('case=create-grant-delete', async () => {
    const server = await api.post('/resource-servers', {
      name: 'API',
      identifier: 'https://api.example',
      scopes: [{ value: 'read:x', description: 'x' }],
    });
    expect(server.status).toBe(201);
    expect((await api.get(`/resource-servers/${encodeURIComponent('https://api.example')}`)).body.id).toBe(
      server.body.id,
    );
    const grant = await api.post('/client-grants', {
      client_id: cast.client,
      audience: 'https://api.example',
      scope: ['read:x'],
      organization_usage: 'allow',
      allow_any_organization: false,
    });
    expect(grant.status).toBe(201);
    expect(grant.body).toMatchObject({
      id: expect.stringMatching(/^cgr_/),
      scope: ['read:x'],
      organization_usage: 'allow',
    });
    expect(
      (await api.post('/client-grants', { client_id: cast.client, audience: 'https://api.example', scope: [] })).status,
    ).toBe(409);
    expect((await api.patch(`/client-grants/${grant.body.id}`, { scope: ['write:x'] })).status).toBe(400);
    expect((await api.get('/client-grants?include_totals=true&take=50')).body.client_grants).toHaveLength(2);
    expect((await api.get(`/client-grants?client_id=${cast.client}`)).body).toMatchObject([{ id: grant.body.id }]);
    expect((await api.get(`/organizations/${cast.organization}/client-grants?include_totals=true`)).body).toMatchObject(
      { client_grants: [] },
    );
    expect((await api.patch(`/resource-servers/${server.body.id}`, { token_lifetime: 60 })).body).toMatchObject({
      token_lifetime: 60,
      scopes: [{ value: 'read:x' }],
    });
    expect((await api.delete(`/resource-servers/${server.body.id}`)).status).toBe(204);
    expect((await api.get(`/client-grants/${grant.body.id}`)).status).toBe(404);
  });

  test('case=the-management-api-stays', async () => {
    const path = `/resource-servers/${encodeURIComponent('https://login.example/api/v2/')}`;
    expect((await api.get(path)).body.is_system).toBe(true);
    expect((await api.delete(path)).status).toBe(400);
    expect((await api.patch(path, { scopes: [] })).status).toBe(400);
  });

  test('case=system-rows-are-idempotent', async () => {
    await ensureSystemRows(api.deps.directory, api.deps, { id: 'm2m', secret: 'another' });
    expect(await api.deps.directory.clients.findSecret('m2m')).toBe('another');
    expect(await query('select count(*)::int as n from resource_servers')).toEqual([{ n: 1 }]);
    const [grant] = await query(`select scopes from client_grants where client_id = 'm2m'`);
    expect(grant?.scopes).toEqual(MANAGEMENT_SCOPES);
  });
});

describe('tenant settings', () => {
  test('case=hours-and-additions', async () => {
    expect((await api.get('/tenants/settings')).body).toMatchObject({
      session_lifetime: 168,
      idle_session_lifetime: 72,
      membership_evaluation: 'after_actions',
    });
    const { body } = await api.patch('/tenants/settings', {
      session_lifetime: 24,
      idle_session_lifetime: 1,
      membership_evaluation: 'before_actions',
      allow_organization_name_in_authentication_api: true,
      friendly_name: 'T',
      flags: { enable_sso: true },
    });
    expect(body).toMatchObject({
      session_lifetime: 24,
      idle_session_lifetime: 1,
      membership_evaluation: 'before_actions',
      flags: { enable_sso: true },
      friendly_name: 'T',
    });
    expect(
      await query(
        'select session_lifetime_seconds, idle_session_lifetime_seconds, allow_organization_name from tenant',
      ),
    ).toEqual([
      { session_lifetime_seconds: 86_400, idle_session_lifetime_seconds: 3_600, allow_organization_name: true },
    ]);
    expect((await api.get('/tenants/settings?fields=friendly_name')).body).toEqual({ friendly_name: 'T' });
  });

  test.each([
    [{}],
    [{ session_lifetime: 999_999_999 }],
    [{ idle_session_lifetime: 9_000 }],
    [{ membership_evaluation: 'never' }],
    [{ default_redirection_uri: 'http://app.example' }],
  ])('case=refused %j', async (body) => {
    expect((await api.patch('/tenants/settings', body)).status).toBe(400);
  });
});

describe('log', () => {
  test('case=search-page-collect', async () => {
    const insert = `insert into logs (organization_id, log_id, date, type, user_id, connection_id, client_id, details) values ($1, $2, $3, $4, $5, $6, $7, $8)`;
    for (let n = 0; n < 4; n += 1) {
      const details = JSON.stringify({
        trace: [{ stage: 'admit', rule: 'member', answer: 'pass', evidence: {} }],
        reference: 'V-AAAA-BBBB',
      });
      await query(insert, [
        cast.organization,
        `zz${n}`,
        new Date(),
        n % 2 ? 'f' : 's',
        cast.dana,
        cast.oidcConnection,
        cast.client,
        details,
      ]);
    }
    const list = await api.get('/logs?per_page=5&sort=date:-1&q=type:s&include_totals=true&page=0');
    expect(list.body).toMatchObject({ start: 0, limit: 5, length: 2, total: 2 });
    expect(list.body.logs[0]).toMatchObject({
      log_id: 'zz2',
      type: 's',
      client_id: cast.client,
      client_name: 'App',
      connection: 'acme-oidc',
      user_id: cast.dana,
      user_name: 'dana@acme.example',
      organization_name: 'acme',
      details: { reference: 'V-AAAA-BBBB', trace: [{ rule: 'member' }] },
    });
    expect((await api.get('/logs?q=type:s%20OR%20type:f')).body).toHaveLength(4);
    expect((await api.get(`/logs?q=type:f%20AND%20user_id:"${encodeURIComponent(cast.dana)}"`)).body).toHaveLength(2);
    expect((await api.get('/logs?from=zz1&take=10')).body.map((log: { log_id: string }) => log.log_id)).toEqual([
      'zz2',
      'zz3',
    ]);
    // SDK 7 sends all of these and asks until a page is empty: take wins, and every line comes once.
    for (const [search, ids] of [
      ['q=reference:V-AAAA-BBBB&take=3', ['zz3', 'zz2', 'zz1', 'zz0']],
      ['from=zz0&take=2', ['zz1', 'zz2', 'zz3']],
    ] as const) {
      const seen: string[] = [];
      for (let page = 0; page < 9; page += 1) {
        const path = `/logs?${search}&include_totals=true&page=${page}`;
        const { body } = await api.get(path);
        expect(Object.keys(body).filter((name) => name !== 'next')).toEqual(['logs']);
        if (body.logs.length === 0) break;
        seen.push(...body.logs.map((log: { log_id: string }) => log.log_id));
      }
      expect(seen).toEqual(ids);
    }
    const first = (await api.get('/logs?from=zz0&take=2&include_totals=true')).body;
    expect(first.next).toBe('zz2');
    expect((await api.get(`/logs?from=${first.next}&take=2&include_totals=true`)).body).toMatchObject({
      logs: [{ log_id: 'zz3' }],
    });
    expect((await api.get('/logs/zz0')).body.log_id).toBe('zz0');
    expect((await api.get('/logs/nope')).status).toBe(404);
    expect((await api.get('/logs?q=details:x')).status).toBe(400);
  });

  test('case=log-by-range-of-time', async () => {
    await query(`delete from logs`);
    for (const [id, date, type] of [
      ['tt0', '2026-01-01T00:00:00Z', 's'],
      ['tt1', '2026-01-02T00:00:00Z', 's'],
      ['tt2', '2026-01-03T00:00:00Z', 'f'],
    ]) {
      await query(`insert into logs (organization_id, log_id, date, type) values ('', $1, $2, $3)`, [id, date, type]);
    }
    const ids = async (q: string) =>
      (await api.get(`/logs?sort=date:1&q=${encodeURIComponent(q)}`)).body.map((log: { log_id: string }) => log.log_id);
    expect(await ids('date:[2026-01-02T00:00:00.000Z TO *]')).toEqual(['tt1', 'tt2']);
    expect(await ids('type:s AND date:[2026-01-01 TO 2026-01-02T00:00:00Z]')).toEqual(['tt0', 'tt1']);
    expect(await ids('date:[* TO 2026-01-01T12:00:00Z] AND type:s')).toEqual(['tt0']);
    for (const q of [
      'date:[yesterday TO *]',
      'date:[2026-13-01 TO *]',
      'type:s OR date:[2026-01-01 TO *]',
      'date:[2026-01-01 TO *] AND date:[2026-01-01 TO *]',
      'date:[2026-01-01 TO',
    ])
      expect([q, (await api.get(`/logs?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 400]);
  });

  test('case=log-by-code: of a refused login, or of a refused exchange of tokens', async () => {
    await query(`delete from logs`);
    const insert = `insert into logs (organization_id, log_id, date, type, details) values ('', $1, now(), $2, $3)`;
    await query(insert, ['cc0', 'f', JSON.stringify({ code: 'admit.not_a_member' })]);
    await query(insert, ['cc1', 'f', JSON.stringify({ code: 'authenticate.idp_unreachable' })]);
    await query(insert, ['cc2', 'fertft', JSON.stringify({ check: 'refresh_token.revoked' })]);
    await query(insert, ['cc3', 's', JSON.stringify({ trace: [{ code: 'admit.not_a_member' }] })]);
    const ids = async (q: string) =>
      (await api.get(`/logs?sort=date:1&q=${encodeURIComponent(q)}`)).body.map((log: { log_id: string }) => log.log_id);
    expect(await ids('code:admit.not_a_member')).toEqual(['cc0']);
    expect(await ids('code:"refresh_token.revoked" AND type:fertft')).toEqual(['cc2']);
    expect(await ids('(code:admit.not_a_member OR code:"authenticate.idp_unreachable") type:f')).toEqual([
      'cc0',
      'cc1',
    ]);
    expect(await ids('(type:f OR type:fertft) AND (code:admit.not_a_member OR code:refresh_token.revoked)')).toEqual([
      'cc0',
      'cc2',
    ]);
    // A page of the newest lines of several codes is the same page, whichever code they are of.
    const several = 'code:admit.not_a_member OR code:authenticate.idp_unreachable OR code:refresh_token.revoked';
    const page = async (rest: string, q = several) =>
      (await api.get(`/logs?q=${encodeURIComponent(q)}${rest}`)).body.map((log: { log_id: string }) => log.log_id);
    expect(await page('&per_page=2')).toEqual(['cc2', 'cc1']);
    expect(await page('&per_page=2&page=1')).toEqual(['cc0']);
    expect(await page('&per_page=1', `(${several}) type:f`)).toEqual(['cc1']);
    expect(await page('', `(${several}) AND date:[2000-01-01 TO 2000-01-02]`)).toEqual([]);
    expect((await api.get(`/logs?include_totals=true&per_page=1&q=${encodeURIComponent(several)}`)).body.total).toBe(3);
    for (const q of ['type:f OR code:admit.not_a_member', 'code:a OR type:f', 'code:a AND code:b'])
      expect([q, (await api.get(`/logs?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 400]);
  });

  test('case=log-by-what-somebody-has-at-hand: a number that was read out, an address', async () => {
    await query(`delete from logs`);
    const insert = `insert into logs (organization_id, log_id, date, type, user_id, details) values ('', $1, now(), $2, $3, $4)`;
    const traceLine = (email: string) => ({
      stage: 'admit',
      rule: 'not_a_member',
      answer: 'refuse',
      evidence: { email },
    });
    const refused = {
      reference: 'V-7KQ2-M9XT',
      trace: [traceLine('sam@acme.example')],
    };
    await query(insert, ['qq0', 'f', null, JSON.stringify(refused)]);
    await query(insert, ['qq1', 's', cast.dana, '{}']);
    await query(insert, [
      'qq2',
      'sapi',
      null,
      JSON.stringify({ request: { method: 'post', path: '/users', body: { email: 'sam@acme.example' } } }),
    ]);
    await query(insert, ['qq3', 'f', null, JSON.stringify({ trace: [traceLine('xsam@acme.example')] })]);
    const ids = async (q: string) =>
      (await api.get(`/logs?sort=date:1&q=${encodeURIComponent(q)}`)).body.map((log: { log_id: string }) => log.log_id);
    expect(await ids('V-7KQ2-M9XT')).toEqual(['qq0']);
    expect(await ids(' v-7kq2-m9xt ')).toEqual(['qq0']);
    expect(await ids('reference:V-7KQ2-M9XT')).toEqual(['qq0']);
    expect(await ids('sam@acme.example')).toEqual(['qq0', 'qq2']);
    expect(await ids('"Sam@Acme.example" AND type:f')).toEqual(['qq0']);
    expect(await ids('dana@acme.example')).toEqual(['qq1']);
    expect(await ids('(type:s OR type:f) dana@acme.example')).toEqual(['qq1']);
    expect(await ids('nobody@acme.example')).toEqual([]);
    expect(await ids('type:s && dana@acme.example')).toEqual(['qq1']);
    // A backslash escapes quotes and itself; elsewhere it belongs to the value, as in ids of a Windows domain.
    await query(insert, ['qq4', 's', String.raw`samlp|acme|CORP\nora"s`, '{}']);
    expect(await ids(String.raw`user_id:"samlp|acme|CORP\nora\"s"`)).toEqual(['qq4']);
    expect(await ids(String.raw`user_id:"samlp|acme|CORP\\nora\"s"`)).toEqual(['qq4']);
    for (const q of [
      'sam',
      'NOT type:f',
      '-type:f',
      '!dana@acme.example',
      'created:[2026-01-01 TO *]',
      'V-7KQ2',
      'type:f OR sam@acme.example',
      // Answered as the types together with the person, it would be another question.
      `type:s OR (type:f AND user_id:"${cast.dana}")`,
      `type:s OR type:f AND user_id:"${cast.dana}"`,
      '(type:f',
      'type:f)',
      `${'('.repeat(30)}type:f${')'.repeat(30)}`,
      'a@b.example c@d.example',
      'AND',
      'type:f AND',
      '"',
      ':',
    ])
      expect([q, (await api.get(`/logs?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 400]);
    const message = (await api.get('/logs?q=sam')).body.message;
    expect(message).toContain('Write an address, a reference number');
    // Blanks, words and operators without end are read once each: the same question took a cubic time before.
    expect((await api.get(`/logs?q=${encodeURIComponent(`type:s ${'OR '.repeat(150)}`)}`)).status).toBe(400);
    expect((await api.get(`/logs?q=${'%20'.repeat(400)}x`)).status).toBe(400);
  });

  test('case=every-write-is-logged-with-its-target', async () => {
    await query(`delete from logs`);
    await api.patch(`/organizations/${cast.organization}`, { display_name: 'Acme AG' });
    await api.patch('/organizations/org_0000000000000000', { display_name: 'X' });
    await api.get('/organizations');
    expect(
      await query(`select type, description, organization_id, client_id, details->'request'->'body' as body from logs`),
    ).toEqual([
      {
        type: 'sapi',
        description: 'Update an organization',
        organization_id: cast.organization,
        client_id: CALLER,
        body: { display_name: 'Acme AG' },
      },
    ]);
  });
});

describe('explain', () => {
  const path = () => `/organizations/${cast.organization}/explain`;
  test('case=passes-on-and-answers', async () => {
    const body = { email: 'dana@acme.example', connection_id: cast.oidcConnection, claims: { groups: ['a'] } };
    const answer = await api.post(path(), body, 'read.organizations+read.users');
    expect(answer.body).toEqual({
      outcome: 'admitted',
      rule: 'member',
      user_id: 'auth0|1',
      trace: [{ stage: 'admit', rule: 'member', answer: 'pass', evidence: {} }],
    });
    expect(asked.at(-1)).toEqual({
      organizationId: cast.organization,
      connectionId: cast.oidcConnection,
      email: 'dana@acme.example',
      claims: { groups: ['a'] },
    });
    expect((await api.post(path(), { email: 'x' })).status).toBe(400);
    expect((await api.post(path(), {})).status).toBe(400);
    expect((await api.post('/organizations/org_0000000000000000/explain', { email: 'y' })).status).toBe(404);
  });
});
