/**
 * The unmodified `auth0` SDK 3 sets a tenant up: it sends a body where none is due (delete an invitation, unlink, deploy). Run as a process of its
 * own; prints one JSON line: name and result of every step.
 */
import sdk from 'auth0-v3';
import { createRecorder, expectEqual } from './recorder.js';

const [, , domain = '', clientId = '', clientSecret = ''] = process.argv;
const { step, print } = createRecorder();
const { AuthenticationClient, ManagementClient } = sdk;
const management = new ManagementClient({ domain, clientId, clientSecret });
const { actions, organizations } = management;
/** A call by its name: the SDK has hundreds, and no types. */
const call = (on: Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>, name: string) => {
  const found = on[name];
  if (found === undefined) throw new Error(`the SDK has no ${name}`);
  return found.bind(on);
};

const oidc = await step('createConnection', () =>
  management.createConnection({ name: 'acme-oidc', strategy: 'oidc', options: {} }),
);
const database = await step('createConnection auth0', () =>
  management.createConnection({ name: 'db', strategy: 'auth0' }),
);
await step('getConnections', async () => {
  expectEqual((await management.getConnections({ strategy: 'oidc' })).length, 1);
});
const client = await step('createClient', () =>
  management.createClient({
    name: 'App',
    organization_usage: 'allow',
    initiate_login_uri: 'https://app.example/login',
  }),
);
const { id } = (await step('organizations.create', () =>
  call(
    organizations,
    'create',
  )({
    name: 'acme',
    display_name: 'Acme',
    enabled_connections: [{ connection_id: database.id }],
  }),
)) as { readonly id: string };
await step('addEnabledConnection', () =>
  call(organizations, 'addEnabledConnection')({ id }, { connection_id: oidc.id, assign_membership_on_login: true }),
);
await step('updateEnabledConnection', () =>
  call(organizations, 'updateEnabledConnection')({ id, connection_id: oidc.id }, { assign_membership_on_login: false }),
);
const user = await step('createUser', () =>
  management.createUser({ email: 'a@example.com', password: 'Correct-horse-9', connection: 'db' }),
);
await step('getUsers', async () => {
  const found = await management.getUsers({ q: 'email:a@example.com', search_engine: 'v3', include_totals: true });
  expectEqual(found.total, 1);
});
await step('getUsersByEmail', async () => {
  expectEqual((await management.getUsersByEmail('a@example.com')).length, 1);
});
await step('addMembers', () => call(organizations, 'addMembers')({ id }, { members: [user.user_id] }));
await step('getMembers', async () => {
  const found = (await call(organizations, 'getMembers')({ id, take: 10 })) as { readonly members: unknown[] };
  expectEqual(found.members.length, 1);
});
const role = await step('createRole', () => management.createRole({ name: 'admin', description: 'd' }));
await step('member roles', async () => {
  const path = { id, user_id: user.user_id };
  await call(organizations, 'addMemberRoles')(path, { roles: [role.id] });
  expectEqual(((await call(organizations, 'getMemberRoles')(path)) as unknown[]).length, 1);
  await call(organizations, 'removeMemberRoles')(path, { roles: [role.id] });
});
await step('removeMembers', () => call(organizations, 'removeMembers')({ id }, { members: [user.user_id] }));
const invitation = (await step('createInvitation', () =>
  call(organizations, 'createInvitation')(
    { id },
    { inviter: { name: 'o' }, invitee: { email: 'n@example.com' }, client_id: client.client_id },
  ),
)) as { readonly id: string };
await step('getInvitations', async () => {
  expectEqual(((await call(organizations, 'getInvitations')({ id })) as unknown[]).length, 1);
});
await step('deleteInvitation', () => call(organizations, 'deleteInvitation')({ id, invitation_id: invitation.id }));
await step('linkUsers', () =>
  management.linkUsers(user.user_id, { provider: 'oidc', connection_id: oidc.id, user_id: 'acme-oidc|1' }),
);
await step('unlinkUsers', () => management.unlinkUsers({ id: user.user_id, provider: 'oidc', user_id: 'acme-oidc|1' }));

const action = (await step('actions.create', () =>
  call(
    actions,
    'create',
  )({
    name: 'a',
    code: 'exports.onExecutePostLogin = async (event, api) => {};',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  }),
)) as { readonly id: string };
await step('actions.deploy', async () => {
  const { deployed } = (await call(actions, 'deploy')({ id: action.id })) as { readonly deployed: boolean };
  expectEqual(deployed, true);
});
await step('actions.updateTriggerBindings', () =>
  call(actions, 'updateTriggerBindings')(
    { trigger_id: 'post-login' },
    { bindings: [{ ref: { type: 'action_name', value: 'a' }, display_name: 'a' }] },
  ),
);
await step('actions.getAll', async () => {
  expectEqual(((await call(actions, 'getAll')()) as { readonly actions: unknown[] }).actions.length, 1);
});
await step('actions.delete', () => call(actions, 'delete')({ id: action.id, force: true }));
await step('clientCredentialsGrant', async () => {
  const authentication = new AuthenticationClient({ domain, clientId, clientSecret });
  const token = await authentication.clientCredentialsGrant({ audience: `https://${domain}/api/v2/` });
  expectEqual(token.token_type, 'Bearer');
});
print();
