/**
 * Sets a tenant up with the unmodified `auth0` SDK 7, as an application's code would, or with an older one of the same form (5 and 6), which
 * the fourth argument names. Run as a process of its own, so that it can be told which authority to trust. Prints one JSON line: name and
 * result of every step.
 */
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { createRecorder, expectEqual } from './recorder.js';

const [, , domain = '', clientId = '', clientSecret = '', sdk = 'auth0'] = process.argv;
const { ManagementClient } = (await import(sdk)) as typeof import('auth0');
const { step, print } = createRecorder();
const management = new ManagementClient({ domain, clientId, clientSecret });
const { organizations, connections, clients, users, roles, tickets, logs, jobs } = management;

const oidc = await step('connections.create oidc', () =>
  connections.create({
    name: 'acme-oidc',
    strategy: 'oidc',
    display_name: 'Acme',
    options: {
      type: 'back_channel',
      discovery_url: 'https://idp.example/.well-known/openid-configuration',
      client_id: 'c',
      client_secret: 's',
      scope: 'openid profile email',
      domain_aliases: ['acme.example'],
    },
  }),
);
await step('connections.create samlp', async () => {
  const options = {
    signInEndpoint: 'https://idp.example/sso',
    signingCert: 'MIIC',
    signSAMLRequest: true,
    fieldsMap: { email: ['mail', 'email'] },
    idpinitiated: { enabled: false },
    protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' as const,
  };
  const saml = await connections.create({ name: 'acme-saml', strategy: 'samlp', options });
  expectEqual(saml.strategy, 'samlp');
  await connections.delete(saml.id ?? '');
});
await step('connections.update', () => connections.update(oidc.id ?? '', { display_name: 'Acme 2' }));
await step('connections.list', async () => {
  const page = await connections.list({ strategy: ['oidc'], take: 10 });
  expectEqual(page.data.length, 1);
});
const database = await step('connections.create auth0', () =>
  connections.create({ name: 'Username-Password', strategy: 'auth0' }),
);
const client = await step('clients.create', () =>
  clients.create({
    name: 'App',
    app_type: 'regular_web',
    callbacks: ['http://localhost:3300/callback'],
    allowed_logout_urls: ['http://localhost:3300'],
    initiate_login_uri: 'https://localhost:3301/login',
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
  }),
);
const databaseId = database.id ?? '';
const oidcId = oidc.id ?? '';
const clientKey = client.client_id ?? '';
await step('connections.clients.update', () =>
  connections.clients.update(databaseId, [{ client_id: clientKey, status: true }]),
);
await step('clients.list', async () => {
  const page = await clients.list({ page: 0, per_page: 50, include_totals: true, is_global: false });
  expectEqual(
    page.data.some((item) => item.client_id === clientKey),
    true,
  );
});
const organization = await step('organizations.create', () =>
  organizations.create({
    name: 'acme',
    display_name: 'Acme Inc',
    branding: { logo_url: 'https://x.example/l.png', colors: { primary: '#000000', page_background: '#ffffff' } },
    metadata: { plan: 'pro' },
    enabled_connections: [{ connection_id: databaseId, assign_membership_on_login: false }],
  }),
);
const orgId = organization.id ?? '';
await step('organizations.getByName', async () => expectEqual((await organizations.getByName('acme')).id, orgId));
await step('organizations.get', async () => expectEqual((await organizations.get(orgId)).metadata, { plan: 'pro' }));
await step('organizations.list', async () => expectEqual((await organizations.list({ take: 50 })).data.length, 1));
await step('organizations.update', () => organizations.update(orgId, { display_name: 'Acme GmbH' }));
await step('enabledConnections.add', () =>
  organizations.enabledConnections.add(orgId, {
    connection_id: oidcId,
    assign_membership_on_login: true,
    show_as_button: true,
    is_signup_enabled: false,
  }),
);
await step('enabledConnections.update', () =>
  organizations.enabledConnections.update(orgId, oidcId, { assign_membership_on_login: false }),
);
await step('enabledConnections.get', async () => {
  const enabled = await organizations.enabledConnections.get(orgId, oidcId);
  expectEqual(enabled.assign_membership_on_login, false);
});
await step('enabledConnections.list', async () => {
  const page = await organizations.enabledConnections.list(orgId, { per_page: 50 });
  expectEqual(page.data.length, 2);
});
await step('enabledConnections.list pages to its end', async () => {
  const seen: unknown[] = [];
  for await (const item of await organizations.enabledConnections.list(orgId, { per_page: 1 })) seen.push(item);
  expectEqual(seen.length, 2);
});
const owner = await step('users.create', () =>
  users.create({
    email: 'Owner@Example.com',
    password: 'Tide-lemon-7x',
    connection: 'Username-Password',
    email_verified: true,
    user_metadata: { a: 1 },
    app_metadata: { b: 2 },
  }),
);
const bob = await step('users.create 2', () =>
  users.create({ email: 'bob@example.com', password: 'Tide-lemon-7x', connection: 'Username-Password' }),
);
const ownerId = owner.user_id ?? '';
const bobId = bob.user_id ?? '';
await step('users.list q', async () => {
  const page = await users.list({
    q: 'email:"owner@example.com"',
    search_engine: 'v3',
    page: 0,
    per_page: 10,
    include_totals: true,
  });
  expectEqual(page.data.length, 1);
});
await step('users.listUsersByEmail', async () => {
  expectEqual((await users.listUsersByEmail({ email: 'bob@example.com' }))[0]?.user_id, bobId);
});
await step('users.get', async () => expectEqual((await users.get(ownerId)).email, 'owner@example.com'));
await step('users.update', () => users.update(ownerId, { app_metadata: { x: 1 } }));
const role = await step('roles.create', () => roles.create({ name: 'admin', description: 'd' }));
const roleId = role.id ?? '';
await step('members.create', () => organizations.members.create(orgId, { members: [ownerId, bobId] }));
await step('members.list', async () => {
  const page = await organizations.members.list(orgId, {
    take: 50,
    fields: 'user_id,email,roles',
    include_fields: true,
  });
  expectEqual(page.data.length, 2);
});
await step('members.list pages to its end', async () => {
  const seen: unknown[] = [];
  for await (const member of await organizations.members.list(orgId, { take: 1 })) seen.push(member.user_id);
  expectEqual(seen.length, 2);
});
await step('members.roles.assign', () => organizations.members.roles.assign(orgId, ownerId, { roles: [roleId] }));
await step('members.roles.list', async () => {
  expectEqual((await organizations.members.roles.list(orgId, ownerId)).data.length, 1);
});
await step('roles.permissions', async () => {
  const identifier = 'urn:permitted';
  await management.resourceServers.create({ identifier, scopes: [{ value: 'do:it' }], enforce_policies: true });
  const permissions = [{ resource_server_identifier: identifier, permission_name: 'do:it' }];
  await roles.permissions.add(roleId, { permissions });
  await roles.users.assign(roleId, { users: [ownerId] });
  expectEqual((await roles.users.list(roleId)).data.length, 1);
  expectEqual((await users.roles.list(ownerId)).data.length, 1);
  expectEqual(
    (await users.permissions.list(ownerId)).data.map((item) => item.permission_name),
    ['do:it'],
  );
  await users.roles.delete(ownerId, { roles: [roleId] });
  await roles.permissions.delete(roleId, { permissions });
  expectEqual((await roles.permissions.list(roleId)).data, []);
});
await step('users.sessions', async () => {
  expectEqual((await users.sessions.list(ownerId)).data, []);
  await users.sessions.delete(ownerId);
  expectEqual((await users.refreshToken.list(ownerId)).data, []);
});
await step('members.roles.delete', () => organizations.members.roles.delete(orgId, ownerId, { roles: [roleId] }));
await step('members.delete', () => organizations.members.delete(orgId, { members: [bobId] }));
const invitation = await step('invitations.create', () =>
  organizations.invitations.create(orgId, {
    inviter: { name: 'Owner' },
    invitee: { email: 'new@example.com' },
    client_id: clientKey,
    connection_id: databaseId,
    roles: [roleId],
    ttl_sec: 3600,
    send_invitation_email: false,
    app_metadata: { k: 1 },
  }),
);
const invitationId = invitation.id ?? '';
await step('invitations.list', async () => {
  const page = await organizations.invitations.list(orgId, { per_page: 50, sort: 'created_at:-1' });
  expectEqual(page.data.length, 1);
});
await step('invitations.get', () => organizations.invitations.get(orgId, invitationId));
await step('invitations.delete', () => organizations.invitations.delete(orgId, invitationId));
await step('identities.link', () =>
  users.identities.link(ownerId, { provider: 'oidc', connection_id: oidcId, user_id: 'acme-oidc|42' }),
);
await step('identities.delete', () => users.identities.delete(ownerId, 'oidc', 'acme-oidc|42'));
await step('users.organizations.list', async () => {
  expectEqual((await users.organizations.list(ownerId)).data.length, 1);
});
await step('tickets.changePassword', () =>
  tickets.changePassword({ user_id: ownerId, client_id: clientKey, ttl_sec: 60 }),
);
await step('tickets.verifyEmail', () => tickets.verifyEmail({ user_id: ownerId }));
await step('logs.list', () => logs.list({ per_page: 5, sort: 'date:-1', search: 'type:sapi' }));
await step('resourceServers.create', () =>
  management.resourceServers.create({
    name: 'API',
    identifier: 'https://api.example',
    scopes: [{ value: 'read:x', description: 'x' }],
  }),
);
await step('clientGrants.create', () =>
  management.clientGrants.create({
    client_id: clientKey,
    audience: 'https://api.example',
    scope: ['read:x'],
    organization_usage: 'allow',
    allow_any_organization: false,
  }),
);
await step('organizations.clientGrants.list', () => organizations.clientGrants.list(orgId));
await step('discoveryDomains.create', () =>
  organizations.discoveryDomains.create(orgId, { domain: 'acme.example', status: 'verified' }),
);
await step('tenants.settings', async () => {
  const settings = await management.tenants.settings.update({ session_lifetime: 100, idle_session_lifetime: 10 });
  expectEqual(settings.session_lifetime, 100);
});
const { actions } = management;
const code = 'exports.onExecutePostLogin = async (event, api) => {};';
const action = await step('actions.create', () =>
  actions.create({
    name: 'post-login',
    code,
    runtime: 'node22',
    dependencies: [],
    secrets: [{ name: 'K', value: 'v' }],
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  }),
);
const actionId = action.id ?? '';
const version = await step('actions.deploy', () => actions.deploy(actionId));
await step('actions.triggers.bindings.updateMany', async () => {
  const bound = await actions.triggers.bindings.updateMany('post-login', {
    bindings: [{ ref: { type: 'action_id', value: actionId }, display_name: 'post-login' }],
  });
  expectEqual(bound.bindings?.[0]?.action?.id, actionId);
});
await step('actions.triggers.bindings.list', async () => {
  expectEqual((await actions.triggers.bindings.list('post-login')).data.length, 1);
});
await step('actions.triggers.list', async () => {
  const { triggers = [] } = await actions.triggers.list();
  expectEqual(triggers.find((trigger) => trigger.id === 'post-login')?.version, 'v3');
});
await step('actions.update', async () => {
  const changed = await actions.update(actionId, { code: `${code}\n`, secrets: [{ name: 'K' }] });
  expectEqual([changed.all_changes_deployed, changed.secrets?.[0]?.name], [false, 'K']);
});
await step('actions.versions.deploy', async () => {
  const again = await actions.versions.deploy(actionId, version.id ?? '', { update_draft: true });
  expectEqual([again.number, again.deployed], [2, true]);
});
await step('actions.versions.list', async () => {
  expectEqual((await actions.versions.list(actionId)).data.length, 2);
});
await step('actions.list', async () => {
  const listed = [];
  for await (const item of await actions.list({ triggerId: 'post-login', deployed: true })) listed.push(item);
  expectEqual([listed.length, listed[0]?.all_changes_deployed], [1, true]);
});
await step('a bound action is a ConflictError', async () => {
  const error = await actions.delete(actionId).then(
    () => undefined,
    (reason: unknown) => reason as { statusCode?: number },
  );
  expectEqual(error?.statusCode, 409);
});
await step('actions.delete', () => actions.delete(actionId, { force: true }));
await step('a missing user is a NotFoundError', async () => {
  const error = await users.get('auth0|nobody').then(
    () => undefined,
    (reason: unknown) => reason as { statusCode?: number; body?: { errorCode?: string } },
  );
  expectEqual([error?.statusCode, error?.body?.errorCode], [404, 'inexistent_user']);
});
const imported = await step('jobs.usersImports.create', () =>
  jobs.usersImports.create({
    // As read from a stream: a file without a name.
    users: Readable.from([JSON.stringify([{ email: 'ida@acme.example', email_verified: true }, { email: 'nobody' }])]),
    connection_id: databaseId,
    upsert: false,
    external_id: 'batch 7',
    send_completion_email: false,
  }),
);
await step('jobs.get', async () => {
  for (let job = await jobs.get(imported.id); ; job = await jobs.get(imported.id)) {
    if (job.status === 'pending' || job.status === 'processing') continue;
    expectEqual([job.status, job.summary], ['completed', { failed: 1, updated: 0, inserted: 1, total: 2 }]);
    return;
  }
});
await step('jobs.errors.get', async () => {
  const errors = await jobs.errors.get(imported.id);
  expectEqual(Array.isArray(errors) && errors.map((entry) => [entry.user, entry.errors?.[0]?.code]), [
    [{ email: 'nobody' }, 'INVALID_FORMAT'],
  ]);
});
await step('jobs.usersExports.create', async () => {
  const fields = [{ name: 'email' }, { name: 'identities[0].connection', export_as: 'provider' }];
  const started = await jobs.usersExports.create({ connection_id: databaseId, format: 'json', limit: 100, fields });
  expectEqual([started.type, started.status, started.connection_id], ['users_export', 'pending', databaseId]);
  const { status, location = '' } = await jobs.get(started.id);
  expectEqual(status, 'completed');
  const file = Buffer.from(await (await fetch(location)).arrayBuffer());
  const lines = gunzipSync(file).toString('utf8').split('\n');
  expectEqual(lines.includes('{"email":"ida@acme.example","provider":"Username-Password"}'), true);
});
await step('jobs.usersImports.create is a BadRequestError', async () => {
  const error = await jobs.usersImports.create({ users: Buffer.from('[]'), connection_id: oidcId }).then(
    () => undefined,
    (reason: unknown) => reason as { statusCode?: number },
  );
  expectEqual(error?.statusCode, 400);
});
const { scimConfiguration } = connections;
await step('scimConfiguration.create', () => scimConfiguration.create(oidcId));
await step('scimConfiguration.tokens.create', async () => {
  const scopes = ['get:users', 'post:users', 'put:users', 'patch:users', 'delete:users'];
  const { token } = await scimConfiguration.tokens.create(oidcId, { scopes });
  expectEqual(typeof token, 'string');
});
await step('scimConfiguration.get', async () => {
  expectEqual((await scimConfiguration.get(oidcId)).connection_id, oidcId);
});
await step('selfServiceProfiles.ssoTicket', async () => {
  const { id = '' } = await management.selfServiceProfiles.create({ name: 'ssp' });
  const { ticket } = await management.selfServiceProfiles.ssoTicket.create(id, {
    connection_config: { name: 'own' },
    enabled_organizations: [{ organization_id: orgId }],
  });
  expectEqual(typeof ticket, 'string');
});
await step('users.delete', () => users.delete(bobId));
await step('organizations.delete', () => organizations.delete(orgId));
print();
