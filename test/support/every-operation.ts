/**
 * Calls every operation that Auth0 has, too: each resource is made with the least that it needs and read in every way. Gives the answers
 * by operation (`get /users/{id}`). It must not choose bodies that show more than a client gets who asks for nothing.
 */
import { generateKeyPairSync } from 'node:crypto';
import { assert } from '../../src/kernel/assert.js';
import type { Management } from '../management/harness.js';
import { THEME } from './themes.js';

type Body = Readonly<Record<string, unknown>>;
// biome-ignore lint/suspicious/noExplicitAny: tests read answers by path.
type Json = any;

/** The operation of a path: fixed parts win over parameters. */
function createRouter(keys: readonly string[]): (method: string, path: string) => string | undefined {
  const routes = keys.map((key) => ({
    key,
    weight: key.split('{').length,
    pattern: new RegExp(`^${key.replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  routes.sort((a, b) => a.weight - b.weight);
  return (method, path) =>
    routes.find(({ pattern }) => pattern.test(`${method.toLowerCase()} ${path.split('?')[0]}`))?.key;
}

interface Walk {
  post(path: string, body?: unknown): Promise<Json>;
  patch(path: string, body: Body | readonly unknown[]): Promise<Json>;
  put(path: string, body: Body | readonly unknown[]): Promise<Json>;
  get(path: string): Promise<Json>;
  delete(path: string): Promise<Json>;
  /** One page in each form of a list, and one resource of it. */
  read(list: string, id: string): Promise<void>;
}

const LISTS = ['', '?include_totals=true', '?page=7&per_page=5&include_totals=true', '?take=2'];

function createWalk(api: Management, keys: readonly string[], answers: Record<string, unknown[]>): Walk {
  const find = createRouter(keys);
  const call = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await api.call(method, path, body);
    assert(answer.status < 300, `${method} ${path} ${answer.status}: ${JSON.stringify(answer.body)}`);
    const key = find(method, path);
    assert(key, `${method} ${path} is served`);
    if (answer.body !== undefined) answers[key] = [...(answers[key] ?? []), answer.body];
    return answer.body;
  };
  const get = (path: string) => call('GET', path);
  return {
    get,
    post: (path, body = {}) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
    async read(list, id) {
      for (const query of LISTS) await get(`${list}${query}`);
      await get(`${list}/${encodeURIComponent(id)}`);
    },
  };
}

async function walkSettings(walk: Walk): Promise<{ readonly client: string; readonly role: string }> {
  const client = (await walk.post('/clients', { name: 'Least' })).client_id;
  await walk.read('/clients', client);
  await walk.patch(`/clients/${client}`, { description: 'd' });
  await walk.post(`/clients/${client}/rotate-secret`);
  const credentials = `/clients/${client}/credentials`;
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
  const { id } = await walk.post(credentials, { credential_type: 'public_key', pem });
  await walk.get(credentials);
  await walk.get(`${credentials}/${id}`);
  await walk.patch(`${credentials}/${id}`, { expires_at: null });
  await walk.delete(`${credentials}/${id}`);
  const role = (await walk.post('/roles', { name: 'least' })).id;
  await walk.read('/roles', role);
  await walk.patch(`/roles/${role}`, { name: 'least' });
  const server = (await walk.post('/resource-servers', { identifier: 'urn:least' })).id;
  await walk.read('/resource-servers', server);
  await walk.patch(`/resource-servers/${server}`, { name: 'Least' });
  const grant = (await walk.post('/client-grants', { client_id: client, audience: 'urn:least', scope: [] })).id;
  await walk.read('/client-grants', grant);
  await walk.patch(`/client-grants/${grant}`, { scope: [] });
  const { kid } = await walk.post('/keys/signing/rotate');
  await walk.get('/keys/signing');
  await walk.get(`/keys/signing/${kid}`);
  await walk.get('/tenants/settings');
  await walk.patch('/tenants/settings', { friendly_name: 'Least' });
  await walk.put('/prompts/login-id/custom-text/de', { 'login-id': { title: 'Willkommen' } });
  await walk.get('/prompts/login-id/custom-text/de');
  return { client, role };
}

async function walkDomains(walk: Walk): Promise<void> {
  const { domain: name } = await walk.get('/custom-domains/default');
  const { custom_domain_id: domain } = await walk.post('/custom-domains', { domain: name, type: 'self_managed_certs' });
  await walk.patch('/custom-domains/default', { domain: name });
  await walk.read('/custom-domains', domain);
  await walk.patch(`/custom-domains/${domain}`, {});
  await walk.post(`/custom-domains/${domain}/verify`);
  await walk.post(`/custom-domains/${domain}/test`);
}

async function walkProtection(walk: Walk): Promise<void> {
  for (const part of ['brute-force-protection', 'suspicious-ip-throttling']) {
    const settings = await walk.get(`/attack-protection/${part}`);
    await walk.patch(`/attack-protection/${part}`, { ...settings });
  }
}

async function walkBranding(walk: Walk): Promise<void> {
  await walk.get('/stats/active-users');
  await walk.get('/stats/daily');
  await walk.get('/server/settings');
  await walk.get('/branding');
  await walk.patch('/branding', { colors: { primary: '#0059d6' } });
  const theme = await walk.post('/branding/themes', THEME);
  await walk.get('/branding/themes/default');
  await walk.get(`/branding/themes/${theme.themeId}`);
  await walk.patch(`/branding/themes/${theme.themeId}`, { ...THEME });
  await walk.put('/branding/templates/universal-login', { template: '{%- auth0:head -%}{%- auth0:widget -%}' });
  await walk.get('/branding/templates/universal-login');
}

async function walkConnections(
  walk: Walk,
  client: string,
): Promise<{ readonly database: string; readonly idp: string }> {
  const database = (await walk.post('/connections', { name: 'db', strategy: 'auth0' })).id;
  const options = { type: 'back_channel', issuer: 'https://idp.example/', client_id: 'c', client_secret: 's' };
  const idp = (await walk.post('/connections', { name: 'idp', strategy: 'oidc', options })).id;
  await walk.read('/connections', database);
  await walk.get(`/connections/${idp}`);
  await walk.patch(`/connections/${idp}`, { show_as_button: true });
  await walk.patch(`/connections/${idp}/clients`, [{ client_id: client, status: true }]);
  await walk.get(`/connections/${idp}/clients`);
  await walk.get(`/clients/${client}/connections`);
  await walk.get(`/connections/${idp}/organizations`);
  await walk.post(`/connections/${idp}/examine`);
  await walk.post(`/connections/${idp}/keys`, { signing_alg: 'ES256' });
  await walk.get(`/connections/${idp}/keys`);
  await walk.patch(`/connections/${idp}`, { options: { ...options, token_endpoint_auth_method: 'private_key_jwt' } });
  await walk.post(`/connections/${idp}/keys/rotate`, { signing_alg: 'ES256' });
  const scim = `/connections/${idp}/scim-configuration`;
  const { mapping, user_id_attribute } = await walk.post(scim);
  await walk.get(scim);
  await walk.get(`${scim}/default-mapping`);
  await walk.patch(scim, { mapping, user_id_attribute });
  await walk.post(`${scim}/tokens`);
  await walk.get(`${scim}/tokens`);
  await walk.get('/connections-scim-configurations');
  return { database, idp };
}

async function walkUsers(
  walk: Walk,
  { database, idp }: { readonly database: string; readonly idp: string },
): Promise<string> {
  const least = { email: 'a@least.example', connection: 'db', password: 'Correct-horse-9' };
  const user = (await walk.post('/users', least)).user_id;
  await walk.read('/users', user);
  await walk.patch(`/users/${encodeURIComponent(user)}`, { blocked: false });
  await walk.get('/users-by-email?email=a@least.example');
  await walk.get(`/users/${encodeURIComponent(user)}/evidence`);
  const identities = `/users/${encodeURIComponent(user)}/identities`;
  await walk.post(identities, { provider: 'oidc', connection_id: idp, user_id: 'one' });
  await walk.delete(`${identities}/oidc/${encodeURIComponent('idp|one')}`);
  await walk.post('/tickets/password-change', { user_id: user });
  await walk.post('/tickets/email-verification', { user_id: user });
  const form = new FormData();
  form.append('users', new Blob(['[{"email":"c@least.example"}]'], { type: 'application/json' }), 'users.json');
  form.append('connection_id', database);
  const job = (await walk.post('/jobs/users-imports', form)).id;
  await walk.get(`/jobs/${job}`);
  await walk.get(`/jobs/${(await walk.post('/jobs/users-exports', { format: 'json' })).id}`);
  await walk.post('/jobs/verification-email', { user_id: user });
  return user;
}

interface Made {
  readonly client: string;
  readonly role: string;
  readonly database: string;
  readonly idp: string;
  readonly user: string;
}

/** Roles and permissions in the tenant as a whole. */
async function walkPermissions(walk: Walk, { role, user }: Pick<Made, 'role' | 'user'>): Promise<void> {
  await walk.post('/resource-servers', { identifier: 'urn:permitted', scopes: [{ value: 'do' }] });
  const permissions = [{ resource_server_identifier: 'urn:permitted', permission_name: 'do' }];
  for (const path of [`/roles/${role}`, `/users/${encodeURIComponent(user)}`]) {
    await walk.post(`${path}/permissions`, { permissions });
    for (const query of LISTS.slice(0, 3)) await walk.get(`${path}/permissions${query}`);
  }
  await walk.post(`/roles/${role}/users`, { users: [user] });
  for (const query of LISTS) await walk.get(`/roles/${role}/users${query}`);
  for (const query of LISTS.slice(0, 3)) await walk.get(`/users/${encodeURIComponent(user)}/roles${query}`);
  const person = `/users/${encodeURIComponent(user)}`;
  const ofApi = 'resource_server_identifier=urn%3Apermitted';
  await walk.get(`${person}/effective-roles`);
  await walk.get(`${person}/effective-permissions?${ofApi}`);
  await walk.get(`${person}/effective-permissions/sources/effective-roles?${ofApi}&permission_name=do`);
  await walk.get(`/refresh-tokens?user_id=${encodeURIComponent(user)}`);
  for (const list of ['logs', 'sessions', 'refresh-tokens'])
    await walk.get(`/users/${encodeURIComponent(user)}/${list}`);
  for (const path of [`/user-blocks/${encodeURIComponent(user)}`, '/user-blocks?identifier=nobody@least.example']) {
    await walk.get(path);
    await walk.delete(path);
  }
  await walk.delete('/anomaly/blocks/ips/192.0.2.1');
}

async function walkOrganizations(walk: Walk, made: Made): Promise<string> {
  const id = (await walk.post('/organizations', { name: 'least' })).id;
  const path = `/organizations/${id}`;
  await walk.read('/organizations', id);
  await walk.get('/organizations/name/least');
  await walk.patch(path, { display_name: 'Least' });
  await walk.post(`${path}/enabled_connections`, { connection_id: made.database });
  await walk.read(`${path}/enabled_connections`, made.database);
  await walk.patch(`${path}/enabled_connections/${made.database}`, { show_as_button: true });
  await walk.post(`${path}/connections`, { connection_id: made.idp });
  await walk.read(`${path}/connections`, made.idp);
  await walk.patch(`${path}/connections/${made.idp}`, { show_as_button: true });
  await walk.post(`${path}/members`, { members: [made.user] });
  for (const query of LISTS) await walk.get(`${path}/members${query}`);
  const roles = `${path}/members/${encodeURIComponent(made.user)}/roles`;
  await walk.post(roles, { roles: [made.role] });
  for (const query of LISTS.slice(0, 3)) await walk.get(`${roles}${query}`);
  await walk.get(`${path}/members/${encodeURIComponent(made.user)}/effective-roles`);
  await walk.get(
    `${path}/members/${encodeURIComponent(made.user)}/effective-roles/sources/groups?role_id=${made.role}`,
  );
  await walk.get(`/users/${encodeURIComponent(made.user)}/organizations`);
  const invitation = { inviter: { name: 'I' }, invitee: { email: 'd@least.example' }, client_id: made.client };
  await walk.read(`${path}/invitations`, (await walk.post(`${path}/invitations`, invitation)).id);
  for (const query of LISTS) await walk.get(`/invitations${query}`);
  const domain = (await walk.post(`${path}/discovery-domains`, { domain: 'least.example' })).id;
  await walk.read(`${path}/discovery-domains`, domain);
  await walk.get(`${path}/discovery-domains/name/least.example`);
  await walk.patch(`${path}/discovery-domains/${domain}`, { use_for_organization_discovery: true });
  const [{ id: grant } = { id: '' }] = (await walk.get(`/client-grants?client_id=${made.client}`)) as unknown as Json[];
  await walk.post(`${path}/clients`, { clients: [{ client_id: made.client, use_for_member_access: true }] });
  await walk.read(`${path}/clients`, made.client);
  await walk.patch(`${path}/clients/${made.client}`, { use_for_member_access: false });
  await walk.get(`/organizations?include_client_association_for=${made.client}`);
  await walk.post(`${path}/client-grants`, { grant_id: grant });
  await walk.get(`${path}/client-grants`);
  await walk.get(`/client-grants/${grant}/organizations`);
  await walk.delete(`${path}/client-grants/${grant}`);
  return id;
}

async function walkActions(walk: Walk): Promise<void> {
  const code = 'exports.onExecutePostLogin = async () => {};';
  const body = { name: 'least', supported_triggers: [{ id: 'post-login', version: 'v3' }], code };
  const id = (await walk.post('/actions/actions', body)).id;
  const path = `/actions/actions/${id}`;
  await walk.get('/actions/actions');
  await walk.post('/actions/check', { trigger_id: 'post-login', code });
  await walk.get(path);
  await walk.patch(path, { code });
  await walk.post(`${path}/deploy`);
  await walk.post(`${path}/test`, { payload: {} });
  const version = (await walk.get(`${path}/versions`)).versions[0].id;
  await walk.get(`${path}/versions/${version}`);
  await walk.post(`${path}/versions/${version}/deploy`);
  await walk.get('/actions/triggers');
  const bindings = '/actions/triggers/post-login/bindings';
  await walk.patch(bindings, { bindings: [{ ref: { type: 'action_name', value: 'least' } }] });
  await walk.get(bindings);
  await walk.get(`${bindings}?page=7`);
}

async function walkModules(walk: Walk): Promise<void> {
  const { id } = await walk.post('/actions/modules', { name: 'least', code: '' });
  const path = `/actions/modules/${id}`;
  const version = (await walk.post(`${path}/versions`)).id;
  await walk.patch(path, { code: 'exports.more = 1;' });
  await walk.post(`${path}/rollback`, { module_version_id: version });
  await walk.get(path);
  await walk.get('/actions/modules');
  await walk.get(`${path}/versions`);
  await walk.get(`${path}/versions/${version}`);
  const modules = [{ module_id: id, module_version_id: version }];
  const code = 'exports.onExecutePostLogin = async () => {};';
  const triggers = [{ id: 'post-login', version: 'v3' }];
  const action = { name: 'with a module', supported_triggers: triggers, code, modules, deploy: true };
  const made = (await walk.post('/actions/actions', action)).id;
  await walk.get(`${path}/actions`);
  await walk.delete(`/actions/actions/${made}`);
  await walk.delete(path);
}

async function walkSelfService(walk: Walk, organization: string): Promise<void> {
  const profile = (await walk.post('/self-service-profiles', { name: 'least' })).id;
  await walk.read('/self-service-profiles', profile);
  await walk.patch(`/self-service-profiles/${profile}`, { name: 'least' });
  await walk.post(`/self-service-profiles/${profile}/sso-ticket`, {
    connection_config: { name: 'own' },
    enabled_organizations: [{ organization_id: organization }],
  });
}

const LEAST_ATTRIBUTES = {
  email: { label: 'Email', description: 'The address', profile_required: true, auth0_mapping: 'email' },
};

async function walkProfiles(walk: Walk): Promise<void> {
  for (const [path, body] of [
    ['/connection-profiles', { name: 'least' }],
    ['/user-attribute-profiles', { name: 'least', user_attributes: LEAST_ATTRIBUTES }],
  ] as const) {
    const id = (await walk.post(path, body)).id;
    await walk.get(path);
    await walk.get(`${path}/${id}`);
    await walk.get(`${path}/templates`);
    await walk.get(`${path}/templates/auth0-generic`);
    await walk.patch(`${path}/${id}`, { name: 'other' });
    await walk.delete(`${path}/${id}`);
  }
}

async function walkEmails(walk: Walk): Promise<void> {
  await walk.post('/emails/provider', { name: 'smtp', credentials: { smtp_host: 'mail.example' } });
  await walk.get('/emails/provider');
  await walk.get('/emails/provider?fields=name,credentials');
  await walk.patch('/emails/provider', { enabled: false });
  await walk.delete('/emails/provider');
  const words = { body: '{{ url }}', from: 'a@least.example', subject: 's', syntax: 'liquid', enabled: true };
  await walk.post('/email-templates', { template: 'verify_email', ...words });
  await walk.get('/email-templates/verify_email');
  await walk.put('/email-templates/verify_email', { template: 'verify_email', ...words });
  await walk.patch('/email-templates/verify_email', { enabled: false });
}

async function walkLogStreams(walk: Walk): Promise<void> {
  const sink = { httpEndpoint: 'https://logs.example/in' };
  const { id } = await walk.post('/log-streams', { type: 'http', sink });
  await walk.get('/log-streams');
  await walk.get(`/log-streams/${id}`);
  await walk.patch(`/log-streams/${id}`, { status: 'paused' });
}

async function walkFactors(walk: Walk, user: string): Promise<void> {
  await walk.get('/guardian/factors');
  await walk.put('/guardian/factors/otp', { enabled: true });
  await walk.put('/guardian/policies', ['all-applications']);
  await walk.get('/guardian/policies');
  await walk.put('/guardian/policies', []);
  for (const kind of ['roaming', 'platform']) {
    const path = `/guardian/factors/webauthn-${kind}/settings`;
    await walk.put(path, { ...(await walk.get(path)) });
  }
  const person = `/users/${encodeURIComponent(user)}`;
  const methods = `${person}/authentication-methods`;
  await walk.post('/guardian/enrollments/ticket', { user_id: user, send_mail: false });
  const factor = { type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
  await walk.put(methods, [factor]);
  const { id } = await walk.post(methods, { type: 'email', email: 'a@home.example' });
  for (const query of LISTS.slice(0, 3)) await walk.get(`${methods}${query}`);
  await walk.get(`${methods}/${encodeURIComponent(id)}`);
  await walk.patch(`${methods}/${encodeURIComponent(id)}`, { name: 'Home' });
  const [{ id: enrollment }] = await walk.get(`${person}/enrollments`);
  await walk.get(`/guardian/enrollments/${enrollment}`);
  await walk.post(`${person}/recovery-code-regeneration`);
  await walk.delete(methods);
}

/** Calls all of `keys` that can be called without a login; the answers by operation, in the order of the calls. */
export async function walkOperations(
  api: Management,
  keys: readonly string[],
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const answers: Record<string, unknown[]> = {};
  const walk = createWalk(api, keys, answers);
  const settings = await walkSettings(walk);
  const connections = await walkConnections(walk, settings.client);
  await walk.patch(`/clients/${settings.client}`, {
    initiate_login_uri: 'https://app.example/login',
    organization_usage: 'allow',
  });
  const user = await walkUsers(walk, connections);
  const organization = await walkOrganizations(walk, { ...settings, ...connections, user });
  await walkPermissions(walk, { role: settings.role, user });
  await walkDomains(walk);
  await walkProtection(walk);
  await walkFactors(walk, user);
  await walkBranding(walk);
  await walkActions(walk);
  await walkModules(walk);
  await walkSelfService(walk, organization);
  await walkProfiles(walk);
  await walkLogStreams(walk);
  await walkEmails(walk);
  await walk.get('/logs');
  await walk.get(`/logs/${(await walk.get('/logs?take=1'))[0].log_id}`);
  return answers;
}
