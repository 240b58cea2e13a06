/**
 * A tenant with something of everything that tools carry from one tenant to another: made through the Management API alone. Names are fixed, so that
 * two exports of it can be compared. Must not hold a secret that an export could not carry.
 */
import type { Instance, Json } from './instance.js';

type Api = Instance['api'];

const CODE =
  'const { of } = require("actions:shared");\n\nexports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim("k", of(event.secrets.K));\n};\n';
/** Without secrets: people put those of modules in as those of Actions. */
const MODULE = {
  name: 'shared',
  code: 'exports.of = (k) => k;\n',
  dependencies: [{ name: 'lodash', version: '4.17.21' }],
};

async function createApplications(api: Api): Promise<Json> {
  const web = await api('POST', '/clients', {
    name: 'Web',
    description: 'A web application',
    app_type: 'regular_web',
    callbacks: ['https://web.example/callback'],
    allowed_logout_urls: ['https://web.example'],
    initiate_login_uri: 'https://web.example/login',
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
    refusals: 'page',
    grant_types: ['authorization_code', 'refresh_token'],
    client_metadata: { team: 'one' },
    jwt_configuration: { lifetime_in_seconds: 3_600, alg: 'RS256' },
  });
  await api('POST', '/clients', {
    name: 'Single page',
    app_type: 'spa',
    callbacks: ['https://spa.example'],
    web_origins: ['https://spa.example'],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 3, token_lifetime: 86_400 },
  });
  await api('POST', '/clients', { name: 'Machine', app_type: 'non_interactive' });
  return web;
}

async function createApis(api: Api, clientId: unknown): Promise<void> {
  const identifier = 'https://api.example';
  await api('POST', '/resource-servers', {
    name: 'Reports',
    identifier,
    scopes: [{ value: 'read:reports', description: 'Read reports' }, { value: 'write:reports' }],
    enforce_policies: true,
    token_dialect: 'access_token_authz',
    token_lifetime: 7_200,
    token_lifetime_for_web: 3_600,
    allow_offline_access: true,
  });
  // One grant: deploy-cli takes two of the same client and API for one.
  const grant = { client_id: clientId, audience: identifier, scope: ['read:reports'] };
  await api('POST', '/client-grants', { ...grant, organization_usage: 'allow' });
  const role = await api('POST', '/roles', {
    ...{ name: 'reader', description: 'Reads reports', assignable_by_organizations: true },
  });
  await api('POST', '/roles', { name: 'nothing', description: 'Has no permission' });
  await api('POST', `/roles/${role.id}/permissions`, {
    permissions: [{ resource_server_identifier: identifier, permission_name: 'read:reports' }],
  });
}

async function createConnections(api: Api, clientId: unknown): Promise<readonly [Json, Json]> {
  const database = await api('POST', '/connections', {
    name: 'Username-Password-Authentication',
    strategy: 'auth0',
    // The second is a default of deploy-cli's own schema: an import adds it where the file leaves it out.
    options: {
      passwordPolicy: 'good',
      disable_self_service_change_password: false,
      authentication_methods: { password: { enabled: true }, passkey: { enabled: true } },
      passkey_options: {
        challenge_ui: 'button',
        progressive_enrollment_enabled: false,
        local_enrollment_enabled: true,
      },
    },
  });
  const idp = await api('POST', '/connections', {
    name: 'acme-oidc',
    strategy: 'oidc',
    display_name: 'Acme',
    options: {
      type: 'back_channel',
      issuer: 'https://idp.example/',
      authorization_endpoint: 'https://idp.example/authorize',
      token_endpoint: 'https://idp.example/token',
      jwks_uri: 'https://idp.example/jwks',
      client_id: 'c',
      client_secret: 's',
      scope: 'openid profile email',
      domain_aliases: ['acme.example'],
    },
    metadata: { owner: 'one' },
  });
  for (const { id } of [database, idp])
    await api('PATCH', `/connections/${id}/clients`, [{ client_id: clientId, status: true }]);
  await api('POST', `/connections/${idp.id}/scim-configuration`);
  return [database, idp];
}

async function createActions(api: Api): Promise<void> {
  const module = await api('POST', '/actions/modules', MODULE);
  const version = await api('POST', `/actions/modules/${module.id}/versions`);
  const action = await api('POST', '/actions/actions', {
    name: 'adds a claim',
    code: CODE,
    runtime: 'node22',
    dependencies: [{ name: 'lodash', version: '4.17.21' }],
    secrets: [{ name: 'K', value: 'v' }],
    modules: [{ module_id: module.id, module_version_id: version.id }],
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  });
  await api('POST', `/actions/actions/${action.id}/deploy`);
  await api('PATCH', '/actions/triggers/post-login/bindings', {
    bindings: [{ ref: { type: 'action_name', value: 'adds a claim' }, display_name: 'adds a claim' }],
  });
}

/** Creates both kinds of profiles from their templates, and lets the application use them. */
async function createProfiles(api: Api, clientId: unknown): Promise<void> {
  const ids: Json = {};
  for (const kind of ['connection', 'user-attribute']) {
    const list = await api('GET', `/${kind}-profiles/templates`);
    const [first] = list[`${kind.replaceAll('-', '_')}_profile_templates`] as readonly { readonly template: object }[];
    const { id } = await api('POST', `/${kind}-profiles`, { ...first?.template, name: `Customers: ${kind}` });
    ids[`${kind.replaceAll('-', '_')}_profile_id`] = id;
  }
  await api('PATCH', `/clients/${clientId}`, {
    my_organization_configuration: {
      ...ids,
      ...{ allowed_strategies: ['okta', 'samlp'], connection_deletion_behavior: 'allow_if_empty' },
    },
  });
}

/** Requires a factor of everybody, and enables these kinds. */
async function requireFactors(api: Api): Promise<void> {
  for (const factor of ['otp', 'webauthn-roaming', 'recovery-code'])
    await api('PUT', `/guardian/factors/${factor}`, { enabled: true });
  await api('PUT', '/guardian/policies', ['all-applications']);
}

/** Fills an empty server. */
export async function fillTenant({ api }: Pick<Instance, 'api'>): Promise<void> {
  await requireFactors(api);
  const web = await createApplications(api);
  await createApis(api, web.client_id);
  await createProfiles(api, web.client_id);
  const [database, idp] = await createConnections(api, web.client_id);
  const organization = await api('POST', '/organizations', {
    name: 'acme',
    display_name: 'Acme GmbH',
    branding: { logo_url: 'https://acme.example/logo.png', colors: { primary: '#000000', page_background: '#ffffff' } },
    metadata: { plan: 'pro' },
    is_app_entitlement_active: true,
    enabled_connections: [
      { connection_id: database.id, assign_membership_on_login: false },
      { connection_id: idp.id, assign_membership_on_login: true, show_as_button: true },
    ],
  });
  const path = `/organizations/${organization.id}`;
  await api('PATCH', `${path}/connections/${idp.id}`, { organization_access_level: 'limited', is_enabled: false });
  await api('POST', `${path}/discovery-domains`, { domain: 'acme.example', status: 'verified' });
  await api('POST', `${path}/clients`, { clients: [{ client_id: web.client_id, use_for_member_access: true }] });
  await api('POST', '/organizations', { name: 'plain' });
  await createActions(api);
  await api('POST', '/self-service-profiles', {
    name: 'Set up by the customer',
    description: 'd',
    user_attributes: [{ name: 'email', description: 'Address', is_optional: false }],
  });
  await api('PATCH', '/tenants/settings', {
    friendly_name: 'Full',
    support_email: 'help@web.example',
    session_lifetime: 100,
    idle_session_lifetime: 10,
    allow_organization_name_in_authentication_api: true,
  });
}
