/**
 * The same with the unmodified `auth0` SDK 4, whose calls and list forms differ. Run as a process of its own; prints one JSON
 * line: name and result of every step.
 */
import { ManagementClient } from 'auth0-v4';
import { createRecorder, expectEqual } from './recorder.js';

const [, , domain = '', clientId = '', clientSecret = ''] = process.argv;
const { step, print } = createRecorder();
const management = new ManagementClient({ domain, clientId, clientSecret });
const { organizations, connections, clients, users } = management;

const connection = await step('connections.create', () =>
  connections.create({ name: 'acme-oidc', strategy: 'oidc', options: {} }),
);
const database = await step('connections.create auth0', () => connections.create({ name: 'db', strategy: 'auth0' }));
const client = await step('clients.create', () =>
  clients.create({
    name: 'App',
    organization_usage: 'allow',
    initiate_login_uri: 'https://app.example/login',
  }),
);
const connectionId = connection.data.id;
const organization = await step('organizations.create', () =>
  organizations.create({
    name: 'acme',
    display_name: 'Acme',
    enabled_connections: [{ connection_id: database.data.id }],
  }),
);
const id = organization.data.id;
await step('addEnabledConnection', () =>
  organizations.addEnabledConnection({ id }, { connection_id: connectionId, assign_membership_on_login: true }),
);
await step('updateEnabledConnection', () =>
  organizations.updateEnabledConnection({ id, connectionId }, { assign_membership_on_login: false }),
);
await step('getEnabledConnections', async () => {
  expectEqual((await organizations.getEnabledConnections({ id })).data.length, 2);
});
const user = await step('users.create', () =>
  users.create({ email: 'a@example.com', password: 'Correct-horse-9', connection: 'db' }),
);
const userId = user.data.user_id;
await step('users.getAll', async () => {
  const { data } = await users.getAll({ q: 'email:a@example.com', search_engine: 'v3', include_totals: true });
  expectEqual(data.total, 1);
});
await step('usersByEmail', async () => {
  expectEqual((await management.usersByEmail.getByEmail({ email: 'a@example.com' })).data.length, 1);
});
await step('addMembers', async () => {
  expectEqual((await organizations.addMembers({ id }, { members: [userId] })).status, 204);
});
await step('getMembers', async () => {
  const { data } = await organizations.getMembers({ id, take: 10, fields: 'user_id,roles' });
  expectEqual((data as unknown as { members: object[] }).members, [{ user_id: userId, roles: [] }]);
});
await step('deleteMembers', () => organizations.deleteMembers({ id }, { members: [userId] }));
const invitation = await step('createInvitation', () =>
  organizations.createInvitation(
    { id },
    { inviter: { name: 'o' }, invitee: { email: 'n@example.com' }, client_id: client.data.client_id },
  ),
);
await step('getInvitations', async () => {
  expectEqual((await organizations.getInvitations({ id })).data.length, 1);
});
await step('deleteInvitation', () => organizations.deleteInvitation({ id, invitation_id: invitation.data.id }));
await step('users.link', () =>
  users.link({ id: userId }, { provider: 'oidc', connection_id: connectionId, user_id: 'acme-oidc|1' }),
);
await step('users.unlink', () => users.unlink({ id: userId, provider: 'oidc', user_id: 'acme-oidc|1' }));
const code = 'exports.onExecutePostLogin = async (event, api) => {};';
const action = await step('actions.create', () =>
  management.actions.create({
    name: 'a',
    code,
    secrets: [{ name: 'K', value: 'v' }],
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  }),
);
const actionId = action.data.id;
const version = await step('actions.deploy', () => management.actions.deploy({ id: actionId }));
await step('actions.updateTriggerBindings', async () => {
  const { data } = await management.actions.updateTriggerBindings(
    { triggerId: 'post-login' },
    { bindings: [{ ref: { type: 'action_name', value: 'a' }, display_name: 'a' }] },
  );
  expectEqual(data.bindings?.[0]?.action?.id, actionId);
});
await step('actions.update', async () => {
  const { data } = await management.actions.update({ id: actionId }, { code: `${code}\n`, secrets: [{ name: 'K' }] });
  expectEqual([data.all_changes_deployed, data.secrets?.[0]?.name], [false, 'K']);
});
await step('actions.deployVersion', async () => {
  const { data } = await management.actions.deployVersion({ actionId, id: version.data.id ?? '' }, null);
  expectEqual([data.number, data.deployed], [2, true]);
});
await step('actions.getAll', async () => {
  const { data } = await management.actions.getAll({ triggerId: 'post-login', deployed: true });
  expectEqual([data.total, data.actions?.[0]?.deployed_version?.number], [1, 2]);
});
await step('actions.getVersions', async () => {
  expectEqual((await management.actions.getVersions({ actionId })).data.total, 2);
});
await step('actions.delete', () => management.actions.delete({ id: actionId, force: true }));
const imported = await step('jobs.importUsers', () =>
  management.jobs.importUsers({
    users: new Blob([JSON.stringify([{ email: 'ida@acme.example' }, { email: 'nobody' }])]),
    connection_id: database.data.id,
    send_completion_email: false,
  }),
);
await step('jobs.get', async () => {
  const { id } = imported.data;
  for (let { data } = await management.jobs.get({ id }); ; { data } = await management.jobs.get({ id })) {
    if (data.status === 'pending' || data.status === 'processing') continue;
    expectEqual([data.status, data.summary], ['completed', { failed: 1, updated: 0, inserted: 1, total: 2 }]);
    return;
  }
});
await step('jobs.getErrors', async () => {
  const { data } = await management.jobs.getErrors({ id: imported.data.id });
  expectEqual(Array.isArray(data) && data.map((entry) => entry.errors?.[0]?.code), ['INVALID_FORMAT']);
});
const identifier = 'urn:permitted';
await step('roles.addPermissions', async () => {
  await management.resourceServers.create({ identifier, scopes: [{ value: 'do:it' }], enforce_policies: true });
  const { data: role } = await management.roles.create({ name: 'permitted' });
  const permissions = [{ resource_server_identifier: identifier, permission_name: 'do:it' }];
  await management.roles.addPermissions({ id: role.id }, { permissions });
  await management.roles.assignUsers({ id: role.id }, { users: [userId] });
  expectEqual((await management.users.getRoles({ id: userId })).data.length, 1);
  const { data } = await management.users.getPermissions({ id: userId });
  expectEqual(
    data.map((item) => item.permission_name),
    ['do:it'],
  );
  await management.roles.deletePermissions({ id: role.id }, { permissions });
  expectEqual((await management.roles.getPermissions({ id: role.id })).data, []);
  await management.users.deleteRoles({ id: userId }, { roles: [role.id] });
  expectEqual((await management.roles.getUsers({ id: role.id })).data, []);
});
await step('users.getSessions', async () => {
  expectEqual((await management.users.getSessions({ user_id: userId })).data.sessions, []);
  await management.users.deleteRefreshTokens({ user_id: userId });
});
await step('a missing organization is a 404', async () => {
  const error = await organizations.get({ id: 'org_0000000000000000' }).then(
    () => undefined,
    (reason: unknown) => reason as { statusCode?: number },
  );
  expectEqual(error?.statusCode, 404);
});
print();
