/**
 * Settings without an effect here: they come back as they were sent, null takes one away, and one that would shut people out, or let them in,
 * is refused with its name rather than kept.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePasswordPolicy } from '../../src/domain/passwords/password-policy.js';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

describe('resource servers', () => {
  const identifier = 'urn:echo';
  const path = `/resource-servers/${encodeURIComponent(identifier)}`;

  test('case=the-lifetime-for-the-web-is-taken-and-shown', async () => {
    const created = await api.post('/resource-servers', { identifier });
    expect(created.body).toMatchObject({ token_lifetime: 86_400, token_lifetime_for_web: 7_200 });
    const patched = await api.patch(path, { token_lifetime: 7_200, token_lifetime_for_web: 3_600 });
    expect(patched.body).toMatchObject({ token_lifetime: 7_200, token_lifetime_for_web: 3_600 });
    expect((await api.get(path)).body.token_lifetime_for_web).toBe(3_600);
    expect(await api.patch(path, { token_lifetime_for_web: 7_201 })).toMatchObject({
      status: 400,
      body: { message: 'token_lifetime_for_web must not be longer than token_lifetime.' },
    });
  });

  test('case=null-clears', async () => {
    await api.patch(path, { consent_policy: 'transactional-authorization-with-mfa' });
    expect((await api.patch(path, { consent_policy: null })).body).not.toHaveProperty('consent_policy');
  });
});

describe('tenant settings', () => {
  const path = '/tenants/settings';

  test('case=defaults-are-shown-and-null-brings-them-back', async () => {
    const fresh = (await api.get(path)).body;
    expect(fresh).toMatchObject({ change_password: {}, enabled_locales: ['en'], sandbox_versions_available: ['22'] });
    const page = {
      change_password: { enabled: true, html: '<b>x</b>' },
      universal_login: { colors: { primary: '#123456' } },
    };
    expect((await api.patch(path, page)).body).toMatchObject(page);
    expect((await api.patch(path, { change_password: null, universal_login: null })).body).toEqual(fresh);
  });

  test('case=an-empty-page-of-ones-own-is-none', async () => {
    const fresh = (await api.get(path)).body;
    expect(fresh).not.toHaveProperty('error_page');
    await api.patch(path, { change_password: { enabled: true, html: '<b>x</b>' } });
    const empty = { change_password: { enabled: false, html: '' }, error_page: { html: '' }, guardian_mfa_page: {} };
    expect((await api.patch(path, empty)).body).toEqual(fresh);
  });

  test('case=flags-are-changed-one-by-one', async () => {
    await api.patch(path, { flags: { enable_apis_section: true, use_scope_descriptions_for_consent: false } });
    const { flags } = (await api.patch(path, { flags: { enable_client_connections: false } })).body;
    expect(flags).toMatchObject({ enable_apis_section: true, enable_client_connections: false, enable_sso: true });
    // Recorded, and not in Auth0's document.
    expect(flags.use_scope_descriptions_for_consent).toBe(false);
  });
});

test('case=a-flag-of-older-tenants-is-taken-with-the-value-that-it-shows', async () => {
  const answer = await api.patch('/tenants/settings', { flags: { universal_login: true } });
  expect(answer).toMatchObject({ status: 200, body: { flags: { universal_login: true } } });
  expect(answer.headers['vestibule-without-effect'] ?? '').not.toContain('flags.universal_login');
  const off = await api.patch('/tenants/settings', { flags: { universal_login: false } });
  expect(off.headers['vestibule-without-effect']).toContain('flags.universal_login');
  await api.patch('/tenants/settings', { flags: { universal_login: true } });
});

describe('applications', () => {
  test('case=the-url-of-back-channel-logout-is-shown-under-both-names', async () => {
    const urls = { backchannel_logout_urls: ['https://app.example/logout'] };
    const initiators = { mode: 'custom', selected_initiators: ['rp-logout', 'idp-logout'] };
    const made = await api.post('/clients', { name: 'told', oidc_logout: urls });
    const shown = {
      oidc_logout: { ...urls, backchannel_logout_initiators: initiators },
      oidc_backchannel_logout: urls,
    };
    expect(made.body).toMatchObject(shown);
    const path = `/clients/${made.body.client_id}`;
    expect((await api.get(path)).body).toMatchObject(shown);
    const all = { ...urls, backchannel_logout_initiators: { mode: 'all' } };
    expect((await api.patch(path, { oidc_logout: all })).body.oidc_logout).toEqual(all);
    const empty = (await api.post('/clients', { name: 'untold', oidc_logout: {} })).body;
    expect([empty.oidc_logout, empty.oidc_backchannel_logout]).toEqual([
      { backchannel_logout_initiators: initiators },
      {},
    ]);
    const older = (await api.post('/clients', { name: 'older', oidc_backchannel_logout: urls })).body;
    expect(older.oidc_backchannel_logout).toEqual(urls);
    expect(older).not.toHaveProperty('oidc_logout');
    const cleared = (await api.patch(path, { oidc_logout: null })).body;
    for (const name of ['oidc_logout', 'oidc_backchannel_logout']) expect(cleared).not.toHaveProperty(name);
  });

  // Attack: a removed URL stays stored under the older name, and goes on getting logout tokens.
  test('case=an-answer-that-is-sent-back-keeps-no-url-that-is-removed-later', async () => {
    const urls = (host: string) => ({ backchannel_logout_urls: [`https://${host}.example/logout`] });
    const made = await api.post('/clients', { name: 'exported', oidc_logout: urls('old') });
    const path = `/clients/${made.body.client_id}`;
    const { oidc_logout, oidc_backchannel_logout } = (await api.get(path)).body;
    await api.patch(path, { oidc_logout, oidc_backchannel_logout });
    const changed = (await api.patch(path, { oidc_logout: urls('new') })).body;
    expect([changed.oidc_logout, changed.oidc_backchannel_logout]).toMatchObject([urls('new'), urls('new')]);
    const cleared = (await api.patch(path, { oidc_logout: null })).body;
    expect(cleared).not.toHaveProperty('oidc_backchannel_logout');
    const stored = await api.database.pool.query(
      'select back_channel_logout_url(extra) as url from clients where client_id = $1',
      [made.body.client_id],
    );
    expect(stored.rows).toEqual([{ url: null }]);
  });

  test('case=an-older-name-of-a-setting-is-taken', async () => {
    const { body } = await api.post('/clients', { name: 'crossing', cross_origin_auth: true });
    expect(body).toMatchObject({ cross_origin_auth: true, cross_origin_authentication: true });
    const off = await api.patch(`/clients/${body.client_id}`, { cross_origin_auth: false });
    expect(off.body).toMatchObject({ cross_origin_auth: false, cross_origin_authentication: false });
    const both = await api.patch(`/clients/${body.client_id}`, {
      cross_origin_authentication: true,
      cross_origin_auth: false,
    });
    expect(both.body).toMatchObject({ cross_origin_auth: true, cross_origin_authentication: true });
  });

  test('case=the-newest-part-of-my-organization-is-kept-and-without-effect', async () => {
    const of = (access: object) => ({
      name: 'mine',
      my_organization_configuration: {
        allowed_strategies: ['okta'],
        connection_deletion_behavior: 'allow',
        third_party_client_access: access,
        enforce_permission_ceiling: false,
        enforce_self_assignment_restriction: true,
      },
    });
    const access = { default_value: 'block', allowed_values: ['allow', 'block'] };
    const made = await api.post('/clients', of(access));
    expect(made).toMatchObject({ status: 201, body: of(access) });
    for (const one of ['enforce_permission_ceiling', 'third_party_client_access'])
      expect(made.headers['vestibule-without-effect']).toContain(`my_organization_configuration.${one}`);
    for (const one of ['self_assignment', 'allowed_strategies', 'deletion_behavior'])
      expect(made.headers['vestibule-without-effect']).not.toContain(one);
    expect((await api.post('/clients', of({ ...access, default_value: 'allow' }))).status).toBe(400);
    const landing = { ...of(access).my_organization_configuration, invitation_landing_client_id: 'nobody' };
    const refused = await api.post('/clients', { name: 'mine', my_organization_configuration: landing });
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('no such application') } });
  });
});

test('case=an-organization-takes-the-values-that-it-shows', async () => {
  const shown = { third_party_client_access: 'block', is_app_entitlement_active: false };
  const created = await api.post('/organizations', { name: 'echo', ...shown });
  expect(created).toMatchObject({ status: 201, body: shown });
  const answer = await api.patch(`/organizations/${created.body.id}`, { third_party_client_access: 'allow' });
  expect(answer).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('third_party_client_access') },
  });
});

test('case=the-version-that-runs-in-both-forms', async () => {
  const code = 'exports.onExecutePostLogin = async () => {};';
  const triggers = [{ id: 'post-login', version: 'v3' }];
  const { body } = await api.post('/actions/actions', { name: 'echo', supported_triggers: triggers, code });
  expect(body).not.toHaveProperty('current_version');
  const deployed = (await api.post(`/actions/actions/${body.id}/deploy`)).body;
  expect((await api.get(`/actions/actions/${body.id}`)).body).toMatchObject({
    current_version: { id: deployed.id, code, status: 'BUILT', number: 1, runtime: deployed.runtime },
    deployed_version: { id: deployed.id, number: 1 },
  });
});

describe('connections', () => {
  const idp = { type: 'back_channel', issuer: 'https://idp.example/', client_id: 'c' };
  const make = async (name: string, strategy: string, options: object = {}) =>
    (await api.post('/connections', { name, strategy, options })).body;

  const methods = {
    password: { enabled: true, api_behavior: 'required', signup_behavior: 'allow' },
    passkey: { enabled: false },
    email_otp: { enabled: false },
    phone_otp: { enabled: false },
  };

  test('case=a-new-one-has-the-defaults-and-an-update-replaces-them', async () => {
    const database = await make('db', 'auth0', { brute_force_protection: false });
    expect(database).toMatchObject({
      authentication: { active: true },
      connected_accounts: { active: false },
      options: {
        mfa: { active: true, return_enroll_settings: true },
        strategy_version: 2,
        brute_force_protection: false,
        authentication_methods: methods,
        passkey_options: { challenge_ui: 'both' },
        password_options: {
          complexity: { character_types: [], max_length_exceeded: 'error' },
          history: { active: false, size: 3 },
          dictionary: { active: false, custom: [], default: 'en_100k' },
          profile_data: { active: false, blocked_fields: expect.arrayContaining(['email', 'user_metadata.last']) },
        },
      },
    });
    const replaced = await api.patch(`/connections/${database.id}`, { options: { disable_signup: true } });
    const passkeys = {
      challenge_ui: 'both',
      progressive_enrollment_enabled: true,
      local_enrollment_enabled: true,
    };
    const usual = { brute_force_protection: true, authentication_methods: methods, passkey_options: passkeys };
    expect(replaced.body.options).toEqual({ disable_signup: true, ...usual });
    const oidc = await make('oidc', 'oidc', idp);
    const maps = { connection_settings: { pkce: 'auto' }, attribute_map: { mapping_mode: 'bind_all' } };
    expect(oidc.options).toEqual({ ...idp, ...maps, schema_version: 'oidc-V4' });
    // The version of the options is no option of the client's: deploy-cli sends the same twice, and nothing changes.
    expect((await api.patch(`/connections/${oidc.id}`, { options: idp })).body.options).toEqual(oidc.options);
    const okta = await make('okta', 'okta', { domain: 'acme.okta.example' });
    expect(okta.options).toMatchObject({ type: 'back_channel', attribute_map: { mapping_mode: 'basic_profile' } });
  });

  test('case=the shown options about passwords change no rule, nor do they when they are sent back', async () => {
    const { id, options } = await make('shown', 'auth0');
    expect(parsePasswordPolicy(options)).toEqual(parsePasswordPolicy({}));
    // Attack: a tool that reads the options and sends them with one change weakens the rule by a length it never chose.
    const stricter = await api.patch(`/connections/${id}`, { options: { ...options, passwordPolicy: 'excellent' } });
    expect(parsePasswordPolicy(stricter.body.options)).toEqual({ strength: 'excellent', minimumLength: 10 });
    const older = await make('older', 'auth0', { passwordPolicy: 'fair' });
    expect(older.options).not.toHaveProperty('password_options');
    expect((await make('no-older', 'auth0', { password_history: null })).options).toHaveProperty('password_options');
    expect(options.authentication_methods.passkey, 'no passkey is promised').toEqual({ enabled: false });
  });

  test('case=parts of an option get the rest, and methods that were set stay', async () => {
    const email = { identifier: { active: true }, signup: { status: 'required' } };
    const sent = { authentication_methods: { password: { enabled: true } }, attributes: { email } };
    const { id, options } = await make('parts', 'auth0', sent);
    expect(options.authentication_methods).toEqual(methods);
    expect(options.attributes.email).toEqual({ ...email, unique: true, verification_method: 'link' });
    const { body } = await api.patch(`/connections/${id}`, { options: { disable_signup: true } });
    expect(body.options.authentication_methods).toEqual(options.authentication_methods);
    expect((await api.patch(`/connections/${id}`, { options })).body.options).toEqual(options);
  });

  const username = (active: boolean, status = 'required') => ({
    username: { identifier: { active }, profile_required: true, signup: { status } },
  });
  test.each([
    [{ attributes: username(true, 'optional') }, 'attribute username must also be required on signup'],
    [{ attributes: username(false) }, 'attributes must contain one active identifier'],
    [{ attributes: username(true), requires_username: true }, 'options.attributes and options.requires_username'],
    [
      { attributes: username(true), validation: { username: { min: 1, max: 5 } } },
      'options.attributes and options.validation',
    ],
    [{ authentication_methods: { password: { enabled: false } } }, 'sign in by a password'],
    [{ authentication_methods: { passkey: { enabled: true } }, requires_username: true }, 'without required usernames'],
    [{ authentication_methods: { email_otp: { enabled: true } } }, 'by a password or a passkey'],
    [{ authentication_methods: { phone_otp: { enabled: true } } }, 'by a password or a passkey'],
  ])('case=options of a database that contradict each other: %o', async (options, message) => {
    const refused = { status: 400, body: { message: expect.stringContaining(message) } };
    expect(await api.post('/connections', { name: 'contradicts', strategy: 'auth0', options })).toMatchObject(refused);
  });

  test.each([
    ['authentication.active', { authentication: { active: false } }],
    ['connected_accounts.active', { connected_accounts: { active: true } }],
    ['cross_app_access_requesting_app.active', { cross_app_access_requesting_app: { active: true } }],
    ['realms', { realms: ['another'] }],
  ])('case=refused-with-its-name %s', async (name, body) => {
    const { id } = await make(`fixed-${name.split('.')[0]?.replaceAll('_', '-')}`, 'auth0');
    const refused = { status: 400, body: { message: expect.stringContaining(name) } };
    expect(await api.patch(`/connections/${id}`, body)).toMatchObject(refused);
    expect(await api.post('/connections', { name: 'never', strategy: 'auth0', ...body })).toMatchObject(refused);
  });

  test('case=fields-never-leave-out-the-id', async () => {
    const { id } = await make('chosen', 'auth0');
    const fixed = { authentication: { active: true }, connected_accounts: { active: false } };
    const chosen = { id, is_domain_connection: false, strategy: 'auth0', name: 'chosen', ...fixed };
    expect((await api.get(`/connections/${id}?fields=strategy,name`)).body).toEqual(chosen);
    expect((await api.get('/connections?name=chosen&fields=strategy,name')).body).toEqual([chosen]);
    expect((await api.get(`/connections/${id}?fields=name&include_fields=false`)).body).toHaveProperty('id', id);
  });

  test('case=a-deleted-one-says-when', async () => {
    const { id } = await make('gone', 'auth0');
    expect(await api.delete(`/connections/${id}`)).toMatchObject({
      status: 202,
      body: { deleted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    });
    expect((await api.delete(`/connections/${id}`)).status).toBe(204);
  });

  test('case=the-secret-is-shown-with-the-scope-for-keys-one-connection-at-a-time', async () => {
    const { id } = await make('secret', 'oidc', { ...idp, client_secret: 'hush' });
    const read = async (path: string, scopes: readonly string[]) =>
      JSON.stringify((await api.get(path, scopes.map((scope) => scope.replace(':', '.')).join('+'))).body);
    const both = ['read:connections', 'read:connections_options', 'read:connections_keys'];
    expect(await read(`/connections/${id}`, both)).toContain('"client_secret":"hush"');
    for (const left of both.slice(1))
      expect(
        await read(
          `/connections/${id}`,
          both.filter((scope) => scope !== left),
        ),
        left,
      ).not.toContain('hush');
    const writer = [...both.slice(0, 2), 'update:connections', 'update:connections_options'];
    expect(await read(`/connections/${id}`, writer)).not.toContain('hush');
    expect(await read('/connections', both)).not.toContain('hush');
    expect(JSON.stringify((await api.patch(`/connections/${id}`, { display_name: 'x' })).body)).not.toContain('hush');
    expect(JSON.stringify((await api.get('/logs')).body)).not.toContain('hush');
  });

  test('case=other-secrets-are-never-shown', async () => {
    const { id } = await make('keys', 'oidc', { ...idp, signing_key: 'hush-key' });
    expect(JSON.stringify((await api.get(`/connections/${id}`)).body)).not.toContain('hush');
  });
});
