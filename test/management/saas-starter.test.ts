/**
 * Auth0's B2B starter (SaaStart) sets a tenant up by a script of its own: the calls that it makes, in its order, with its properties, and what its
 * application asks afterwards. Second factors, the script's last two calls, are refused in words: nothing here may pretend to have them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const APPLICATION = 'https://saas.example';
/** Scopes in the script's grant of the Management API. */
const SCOPES = [
  ...['read', 'update', 'delete', 'create'].flatMap((verb) => [
    `${verb}:users`,
    `${verb}:connections`,
    `${verb}:organizations`,
    `${verb}:organization_connections`,
    `${verb}:scim_config`,
  ]),
  ...['read', 'delete', 'create'].flatMap((verb) => [
    `${verb}:organization_members`,
    `${verb}:organization_member_roles`,
    `${verb}:organization_invitations`,
    `${verb}:scim_token`,
  ]),
  ...['read:organizations_summary', 'read:guardian_factors', 'read:authentication_methods'],
  ...['delete:authentication_methods', 'create:guardian_enrollment_tickets'],
];

const TEXT = { bold: false, size: 87.5 };
const THEME = {
  colors: {
    primary_button: '#112233',
    primary_button_label: '#ffffff',
    secondary_button_border: '#888888',
    secondary_button_label: '#222222',
    base_focus_color: '#112233',
    base_hover_color: '#112233',
    links_focused_components: '#112233',
    header: '#111111',
    body_text: '#222222',
    widget_background: '#ffffff',
    widget_border: '#dddddd',
    input_labels_placeholders: '#555555',
    input_filled_text: '#000000',
    input_border: '#888888',
    input_background: '#ffffff',
    icons: '#555555',
    error: '#aa0000',
    success: '#006622',
    captcha_widget_theme: 'light',
  },
  fonts: {
    font_url: '',
    reference_text_size: 16,
    title: { bold: true, size: 150 },
    ...{ subtitle: TEXT, body_text: TEXT, buttons_text: TEXT, input_labels: TEXT, links: TEXT },
    links_style: 'underlined',
  },
  borders: {
    ...{ button_border_weight: 1, buttons_style: 'rounded', button_border_radius: 8 },
    ...{ input_border_weight: 1, inputs_style: 'rounded', input_border_radius: 10 },
    ...{ widget_corner_radius: 0, widget_border_weight: 0, show_widget_shadow: false },
  },
  widget: {
    ...{ logo_position: 'none', logo_url: '', logo_height: 52 },
    ...{ header_text_alignment: 'center', social_buttons_layout: 'bottom' },
  },
  page_background: { page_layout: 'center', background_color: '#eeeeee', background_image_url: '' },
};

const expectStatus = (answer: { readonly status: number; readonly body: unknown }, status: number) =>
  expect([answer.status, answer.body]).toEqual([status, answer.body]);

async function createAction(name: string, secrets: readonly { readonly name: string; readonly value: string }[]) {
  const created = await api.post('/actions/actions', {
    name,
    code: 'exports.onExecutePostLogin = async (event, api) => {};',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    secrets,
  });
  expectStatus(created, 201);
  const path = `/actions/actions/${created.body.id}`;
  expect((await api.get(path)).body.status).toBe('built');
  expectStatus(await api.post(`${path}/deploy`), 200);
  return { ref: { type: 'action_name', value: name }, display_name: name };
}

describe("SaaStart's bootstrap", () => {
  test('case=settings-prompts-applications-and-the-shared-database', async () => {
    const settings = {
      customize_mfa_in_postlogin_action: true,
      flags: { enable_client_connections: false },
      friendly_name: 'SaaStart',
      picture_url: 'https://saas.example/logo.png',
    };
    const patched = await api.patch('/tenants/settings', settings);
    expect([patched.status, patched.body]).toEqual([200, expect.objectContaining({ friendly_name: 'SaaStart' })]);
    expectStatus(await api.patch('/prompts', { identifier_first: true }), 200);
    expect((await api.get('/prompts')).body.identifier_first).toBe(true);

    const administration = await api.post('/clients', {
      name: 'SaaStart Management',
      callbacks: [`${APPLICATION}/onboarding/callback`],
      allowed_logout_urls: [APPLICATION],
      app_type: 'regular_web',
    });
    expectStatus(administration, 201);
    const { client_id } = administration.body;
    const fields = 'client_id,name,client_secret,app_type,callbacks,allowed_logout_urls';
    expect(Object.keys((await api.get(`/clients/${client_id}?fields=${fields}`)).body).sort()).toEqual(
      fields.split(',').sort(),
    );
    const dashboard = await api.post('/clients', {
      name: 'SaaStart Dashboard',
      callbacks: [`${APPLICATION}/auth/callback`],
      allowed_logout_urls: [APPLICATION],
      initiate_login_uri: `${APPLICATION}/auth/login`,
      app_type: 'regular_web',
      oidc_conformant: true,
      grant_types: ['authorization_code', 'refresh_token'],
      organization_require_behavior: 'post_login_prompt',
      organization_usage: 'require',
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
    });
    expectStatus(dashboard, 201);
    const database = await api.post('/connections', {
      strategy: 'auth0',
      name: 'SaaStart-Shared-Database',
      display_name: 'SaaStart',
      enabled_clients: [dashboard.body.client_id, client_id],
    });
    expect([database.status, database.body.enabled_clients]).toEqual([
      201,
      [dashboard.body.client_id, client_id].sort(),
    ]);
    const audience = (await api.get('/resource-servers')).body.find(
      ({ is_system }: { is_system: boolean }) => is_system,
    ).identifier;
    expectStatus(await api.post('/client-grants', { client_id, audience, scope: SCOPES }), 201);
  });

  test('case=roles-actions-and-their-order', async () => {
    for (const name of ['admin', 'member']) expectStatus(await api.post('/roles', { name, description: name }), 200);
    const bindings = [
      await createAction('Add Default Role', [{ name: 'CLIENT_SECRET', value: 's' }]),
      await createAction('Add Role to Tokens', [{ name: 'CUSTOM_CLAIMS_NAMESPACE', value: 'https://saas.example' }]),
      await createAction('Security Policies', [{ name: 'DASHBOARD_CLIENT_ID', value: 'c' }]),
    ];
    const bound = await api.patch('/actions/triggers/post-login/bindings', { bindings });
    expect(bound.body.bindings.map(({ display_name }: { display_name: string }) => display_name)).toEqual(
      bindings.map(({ display_name }) => display_name),
    );
  });

  test('case=the-theme-is-made-and-found-the-same-next-time', async () => {
    expect((await api.get('/branding/themes/default')).status).toBe(404);
    expectStatus(await api.post('/branding/themes', THEME), 200);
    const { colors, fonts } = (await api.get('/branding/themes/default')).body;
    expect({ colors, fonts }).toEqual({ colors: THEME.colors, fonts: THEME.fonts });
  });

  test('case=second-factors-are-listed-as-off-and-switched-on', async () => {
    const listed = async () => {
      const factors = (await api.get('/guardian/factors')).body as { name: string; enabled: boolean }[];
      return factors.filter(({ name }) => ['webauthn-roaming', 'otp'].includes(name));
    };
    expect(await listed()).toMatchObject([{ enabled: false }, { enabled: false }]);
    for (const name of ['webauthn-roaming', 'otp'])
      expectStatus(await api.call('PUT', `/guardian/factors/${name}`, { enabled: true }), 200);
    expect(await listed()).toMatchObject([{ enabled: true }, { enabled: true }]);
  });
});
