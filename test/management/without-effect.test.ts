/**
 * Settings that do nothing here, in requests: a write that asks for one is answered as on Auth0 and told of it in a header and in its log line; one
 * that is refused changes nothing. And the document and the page that name them all.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE, toPage } from '../../scripts/without-effect-list.js';
import { SETTING_ROWS } from '../../src/facts/without-effect.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const HEADER = 'vestibule-without-effect';
let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const lastLine = async () =>
  (
    await api.database.pool.query<{ details: Record<string, unknown> }>(
      'select details from logs order by log_id desc limit 1',
    )
  ).rows[0]?.details;

describe('a setting without effect', () => {
  test('is stored and shown, and named in the answer and in the log line', async () => {
    const made = await api.post('/clients', {
      name: 'Third',
      is_first_party: false,
      logo_uri: 'https://x.example/l.png',
    });
    expect(made.status).toBe(201);
    expect(made.headers[HEADER]).toBe('logo_uri, is_first_party');
    expect(made.body).toMatchObject({ is_first_party: false, logo_uri: 'https://x.example/l.png' });
    expect(await lastLine()).toMatchObject({ without_effect: ['logo_uri', 'is_first_party'] });
    const changed = await api.patch(`/clients/${made.body.client_id}`, {
      session_transfer: { allow_refresh_token: true },
    });
    expect(changed.headers[HEADER]).toBe('session_transfer');
  });

  test('is not told where the value asks for nothing', async () => {
    const made = await api.post('/clients', {
      name: 'First',
      is_first_party: true,
      oidc_conformant: true,
      custom_login_page_on: true,
      cross_origin_authentication: false,
      logo_uri: '',
      addons: {},
    });
    expect(made.status).toBe(201);
    expect(made.headers).not.toHaveProperty(HEADER);
    expect(await lastLine()).not.toHaveProperty('without_effect');
    // An answer may be sent again, as tools do.
    const { client_id: id, ...shown } = (await api.get('/tenants/settings')).body;
    const { sandbox_versions_available: _, ...sent } = shown;
    expect(id).toBeUndefined();
    expect((await api.patch('/tenants/settings', sent)).headers).not.toHaveProperty(HEADER);
  });

  test('is not told where the value is the default that answers show', async () => {
    const database = await api.post('/connections', { name: 'shown-db', strategy: 'auth0' });
    expect(database.headers).not.toHaveProperty(HEADER);
    expect(database.body.options).toHaveProperty('passkey_options');
    expect(database.body.options).toHaveProperty('password_options');
    const again = await api.patch(`/connections/${database.body.id}`, { options: database.body.options });
    expect(again.headers).not.toHaveProperty(HEADER);
    const made = await api.post('/clients', { name: 'Shown', app_type: 'regular_web' });
    const grants = await api.patch(`/clients/${made.body.client_id}`, { grant_types: made.body.grant_types });
    expect(grants.headers).not.toHaveProperty(HEADER);
  });

  test('of a connection depends on the strategy, also where a change does not name it', async () => {
    const database = await api.post('/connections', {
      name: 'vain-db',
      strategy: 'auth0',
      options: { password_history: { enable: true, size: 3 }, thumbprints: ['x'] },
    });
    expect(database.headers[HEADER]).toBe('options.password_history');
    const changed = await api.patch(`/connections/${database.body.id}`, {
      options: { password_dictionary: { enable: true }, mfa: { active: true } },
    });
    expect(changed.headers[HEADER]).toBe('options.password_dictionary');
  });

  test('of a connection is not told where it is turned off', async () => {
    const off = await api.post('/connections', {
      name: 'off-db',
      strategy: 'auth0',
      options: {
        password_history: { enable: false, size: 5 },
        password_dictionary: { enable: false, dictionary: ['x'] },
        password_no_personal_info: { enable: false },
        password_options: {
          history: { active: false, size: 5 },
          dictionary: { active: false, custom: ['x'] },
          profile_data: { active: false, blocked_fields: ['x'] },
        },
      },
    });
    expect([off.status, off.headers[HEADER]]).toEqual([201, undefined]);
  });

  test('of a logout says that the person is asked, and a telephone number has an effect in Actions', async () => {
    const settings = (value: boolean) =>
      api.patch('/tenants/settings', { sessions: { oidc_logout_prompt_enabled: value } });
    expect((await settings(true)).headers).not.toHaveProperty(HEADER);
    expect((await settings(false)).headers[HEADER]).toBe('sessions.oidc_logout_prompt_enabled');
    const row = (property: string) => SETTING_ROWS.some((one) => one.at === '/users' && one.property === property);
    expect([row('phone_number'), row('phone_verified')]).toEqual([false, true]);
  });

  test('is never told by a read', async () => {
    expect((await api.get('/clients')).headers).not.toHaveProperty(HEADER);
  });
});

describe('a setting that is refused', () => {
  const REFUSED: readonly (readonly [path: string, body: object, words: string])[] = [
    [
      '/clients',
      { name: 'x', require_pushed_authorization_requests: true },
      'require_pushed_authorization_requests: this server does not check it',
    ],
    [
      '/clients',
      { name: 'x', compliance_level: 'fapi1_adv_pkj_par' },
      'compliance_level: this server does not check it',
    ],
    [
      '/resource-servers',
      { identifier: 'urn:pop', proof_of_possession: { mechanism: 'dpop', required: true } },
      'proof_of_possession.required: this server does not check it',
    ],
    [
      '/connections',
      { name: 'x', strategy: 'auth0', options: { enabledDatabaseCustomization: true } },
      'options.enabledDatabaseCustomization: this server keeps the people of a database itself',
    ],
    [
      '/connections',
      { name: 'x', strategy: 'auth0', options: { customScripts: { login: 'function login() {}' } } },
      'options.customScripts: this server keeps',
    ],
    [
      '/connections',
      { name: 'x', strategy: 'auth0', options: { import_mode: true } },
      'options.import_mode: this server',
    ],
  ];

  test.each(REFUSED)('%s %j', async (path, body, words) => {
    const before = await lastLine();
    const answer = await api.post(path, body);
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'operation_not_supported']);
    expect(answer.body.message).toContain(words);
    expect(await lastLine()).toEqual(before);
  });

  test('is accepted where it is off, and refused in a change that does not name the strategy', async () => {
    const made = await api.post('/connections', {
      name: 'vain-db-2',
      strategy: 'auth0',
      options: { enabledDatabaseCustomization: false, import_mode: false, customScripts: {} },
    });
    expect(made.status).toBe(201);
    const changed = await api.patch(`/connections/${made.body.id}`, { options: { import_mode: true } });
    expect(changed.status).toBe(400);
  });
});

test('a quota that is not enforced is named', async () => {
  const token_quota = { client_credentials: { enforce: false, per_hour: 5 } };
  const named = 'token_quota.client_credentials.enforce';
  expect((await api.post('/organizations', { name: 'watched', token_quota })).headers[HEADER]).toBe(named);
  expect((await api.post('/clients', { name: 'Watched', token_quota })).headers[HEADER]).toBe(named);
  const tenant = await api.patch('/tenants/settings', { default_token_quota: { clients: token_quota } });
  expect(tenant.headers[HEADER]).toBe('default_token_quota.clients.client_credentials.enforce');
  const limit = { client_credentials: { per_hour: 5 } };
  expect((await api.post('/clients', { name: 'Limited', token_quota: limit })).headers).not.toHaveProperty(HEADER);
});

test('a quota of an organization is kept and shown, and taken back by null', async () => {
  const quota = { client_credentials: { enforce: true, per_hour: 5, per_day: 20 } };
  const made = await api.post('/organizations', { name: 'with-quota', token_quota: quota });
  expect([made.status, made.body.token_quota]).toEqual([201, quota]);
  expect(made.headers).not.toHaveProperty(HEADER);
  const path = `/organizations/${made.body.id}`;
  expect((await api.patch(path, { display_name: 'Other' })).body.token_quota).toEqual(quota);
  expect((await api.get(path)).body.token_quota).toEqual(quota);
  expect((await api.patch(path, { token_quota: null })).body).not.toHaveProperty('token_quota');
  expect((await api.get(`/organizations/${cast.organization}`)).body).not.toHaveProperty('token_quota');
});

test('directory provisioning is refused in words where it would be created, and missing where it would be read', async () => {
  const path = `/connections/${cast.oidcConnection}/directory-provisioning`;
  expect((await api.get(path)).status).toBe(404);
  const answer = await api.post(path, {});
  expect([answer.status, answer.body.errorCode]).toEqual([403, 'feature_not_enabled']);
  expect(answer.body.message).toContain('Inbound SCIM');
});

test('the document names each row at its operations', async () => {
  interface Item {
    readonly 'x-without-effect'?: Readonly<Record<string, string>>;
    readonly 'x-refused'?: Readonly<Record<string, string>>;
  }
  const body = (await api.app.inject('/api/v2/openapi.json')).json<{ paths: Record<string, Record<string, Item>> }>();
  const items = Object.values(body.paths).flatMap((item) => Object.values(item));
  const said = new Set(items.flatMap((item) => Object.values({ ...item['x-without-effect'], ...item['x-refused'] })));
  expect(SETTING_ROWS.filter(({ because }) => !said.has(because))).toEqual([]);
  expect(body.paths['/clients']?.post?.['x-without-effect']?.logo_uri).toContain('Pages show the logo');
  expect(body.paths['/clients']?.get).not.toHaveProperty('x-without-effect');
  // Only what the body may have: a change cannot name it.
  expect(body.paths['/clients/{id}']?.patch?.['x-without-effect']).not.toHaveProperty('resource_server_identifier');
});

test('the page of all rows is up to date', () => {
  expect(readFileSync(PAGE, 'utf8'), 'run npx tsx scripts/without-effect-list.ts').toBe(toPage());
});
