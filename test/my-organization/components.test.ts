/**
 * The requests of Auth0's components for the My Organization API, in their order and with the scopes that each component
 * asks for. The components are not on npm; their requests are those of Auth0's documents and of its published bundle.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { type MyOrganization, memberPath, myOrg, registerMyOrganization } from '../support/my-organization.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';
import { startTextNameServer, txt } from '../support/text-name-server.js';

const clock = createManualClock();
const names = await startTextNameServer();
const stage = useStage({ clock, environment: { VESTIBULE_DNS_SERVERS: names.address } });
const zone = new Map<string, string>();
let api: MyOrganization;
let idp: ScriptedIdp;
let editor: string;

beforeAll(async () => {
  names.answer((name) => ({ records: [txt(name, zone.get(name) ?? 'nothing')] }));
  api = await registerMyOrganization(stage);
  idp = await startScriptedIdp({ people: {}, clock });
  editor = await api.createRole('Editor', []);
});
afterAll(() => Promise.all([names.stop(), idp.stop()]));

const scopesOf = (verbs: string, ...things: string[]) =>
  things.flatMap((thing) => verbs.split(' ').map((verb) => `${verb}:my_org:${thing}`));
const EVERY_VERB = 'create read update delete';

/** Mounts a component: a member with a token of these scopes, as its fetcher uses it. Each call must have this status. */
async function mount(...scopes: string[]) {
  const { token } = await api.administrator(scopes.join(' '));
  return async (method: string, path: string, status: number, body?: unknown): Promise<Json> => {
    clock.advanceMs(5_000);
    const answer = await myOrg(stage, token, method, path, body);
    expect([`${method} ${path}`, answer.status, answer.body.detail]).toEqual([
      `${method} ${path}`,
      status,
      status < 300 ? undefined : expect.any(String),
    ]);
    return answer.body;
  };
}

const listOf = (body: Json, name: string) => body[name] as Json[];
const provider = (name: string): Json => ({
  ...{ name, strategy: 'oidc', display_name: `Acme ${name}` },
  options: {
    ...{ type: 'back_channel', discovery_url: `${idp.issuer}/.well-known/openid-configuration` },
    ...{ client_id: idp.clientId, client_secret: idp.clientSecret },
  },
});
const creating = () => mount(...scopesOf('read create', 'identity_providers'), 'read:my_org:configuration');
const create = async (name: string) => (await creating())('POST', '/identity-providers', 201, provider(name));

test('OrganizationDetailsEdit shows and changes the details', async () => {
  const call = await mount(...scopesOf('read update', 'details'));
  const { branding, display_name } = await call('GET', '/details', 200);
  expect(display_name).toBe('Acme');
  const colors = { primary: '#0f766e', page_background: '#ffffff' };
  const changed = { display_name: 'Acme Motors', branding: { ...(branding as Json), colors } };
  expect(await call('PATCH', '/details', 200, changed)).toMatchObject({
    display_name: 'Acme Motors',
    branding: { colors },
  });
  await call('PATCH', '/details', 200, { display_name: 'Acme' });
});

test('SsoProviderCreate offers the chosen strategies, and creates with four properties alone', async () => {
  const call = await creating();
  expect((await call('GET', '/config', 200)).allowed_strategies).toEqual(['oidc', 'okta', 'samlp']);
  const { strategies } = await call('GET', '/config/identity-providers', 200);
  expect(Object.keys(strategies as Json).sort()).toEqual(['oidc', 'okta', 'samlp']);
  const made = await call('POST', '/identity-providers', 201, provider('created'));
  expect(made).toMatchObject({ strategy: 'oidc', is_enabled: true, name: expect.stringMatching(/-created$/) });
  // The form shows "a provider of this name exists" for this type.
  const taken = await call('POST', '/identity-providers', 409, provider('created'));
  expect(taken.type).toMatch(/#A0E-409-0001$/);
  const unread = provider('unread');
  const { options } = unread as { options: Json };
  const lost = { ...unread, options: { ...options, discovery_url: `${idp.issuer}/nothing` } };
  // The form shows the address that follows these words.
  expect((await call('POST', '/identity-providers', 400, lost)).detail).toMatch(/discovery failure: (.+)/);
});

test('SsoProviderTable lists, switches, deletes and detaches providers', async () => {
  const [one, two] = [await create('table-one'), await create('table-two')];
  const call = await mount(
    ...scopesOf(EVERY_VERB, 'identity_providers'),
    ...['read:my_org:details', 'read:my_org:configuration', 'update:my_org:identity_providers_detach'],
  );
  for (const path of ['/details', '/config', '/config/identity-providers']) await call('GET', path, 200);
  const listed = listOf(await call('GET', '/identity-providers', 200), 'identity_providers');
  expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([one.id, two.id]));
  for (const is_enabled of [false, true])
    expect(await call('PATCH', `/identity-providers/${one.id}`, 200, { is_enabled })).toMatchObject({ is_enabled });
  await call('DELETE', `/identity-providers/${one.id}`, 204);
  await call('POST', `/identity-providers/${two.id}/detach`, 204);
  const left = listOf(await call('GET', '/identity-providers', 200), 'identity_providers').map(({ id }) => id);
  expect(left).not.toContain(one.id);
  expect(left).not.toContain(two.id);
});

test('SsoProviderEdit has the tabs for settings, provisioning and domains', async () => {
  const { id } = await create('edited');
  const call = await mount(
    ...scopesOf('read update', 'details'),
    ...scopesOf(EVERY_VERB, 'identity_providers', 'domains'),
    ...scopesOf('create read delete', 'identity_providers_provisioning', 'identity_providers_scim_tokens'),
    ...scopesOf('create delete', 'identity_providers_domains'),
    ...['read:my_org:configuration', 'update:my_org:identity_providers_detach'],
  );
  const at = `/identity-providers/${id}`;
  const { options, display_name } = await call('GET', at, 200);
  expect(await call('PATCH', at, 200, { display_name: 'Acme SSO', options })).not.toMatchObject({ display_name });
  await call('PUT', `${at}/update-attributes`, 200, {});

  // "Off" is 404.
  await call('GET', `${at}/provisioning`, 404);
  await call('POST', `${at}/provisioning`, 201);
  const token = await call('POST', `${at}/provisioning/scim-tokens`, 201, {});
  expect(token.token).toEqual(expect.any(String));
  const tokens = listOf(await call('GET', `${at}/provisioning/scim-tokens`, 200), 'scim_tokens');
  expect(tokens.map(({ token_id }) => token_id)).toEqual([token.token_id]);
  await call('DELETE', `${at}/provisioning/scim-tokens/${token.token_id}`, 204);
  // The list of scopes that Auth0's set-up gives leaves this one out, so the button gets 403 there as well.
  await call('PUT', `${at}/provisioning/update-attributes`, 403, {});
  await call('DELETE', `${at}/provisioning`, 204);

  const domain = await call('POST', '/domains', 201, { domain: 'edited.example' });
  zone.set(String(domain.verification_host).toLowerCase(), String(domain.verification_txt));
  expect(await call('POST', `/domains/${domain.id}/verify`, 202)).toMatchObject({ status: 'verified' });
  await call('POST', `${at}/domains`, 201, { domain: 'edited.example' });
  const using: unknown[] = [];
  for (const one of listOf(await call('GET', '/domains', 200), 'organization_domains')) {
    const providers = listOf(await call('GET', `/domains/${one.id}/identity-providers`, 200), 'identity_providers');
    if (one.id === domain.id) using.push(...providers.map((each) => each.id));
  }
  expect(using).toEqual([id]);
  await call('DELETE', `${at}/domains/edited.example`, 204);
  await call('DELETE', `/domains/${domain.id}`, 204);
  await call('DELETE', at, 204);
});

test('DomainTable claims, proves and uses a domain', async () => {
  const { id } = await create('of-domain');
  const call = await mount(
    ...scopesOf(EVERY_VERB, 'domains'),
    ...scopesOf('create delete', 'identity_providers_domains'),
    'read:my_org:identity_providers',
  );
  const domain = await call('POST', '/domains', 201, { domain: 'table.example' });
  // The table shows the words of `detail` for a domain that is there already.
  expect((await call('POST', '/domains', 409, { domain: 'table.example' })).detail).toEqual(expect.any(String));
  expect(await call('POST', `/domains/${domain.id}/verify`, 202)).toMatchObject({ status: 'pending' });
  zone.set(String(domain.verification_host).toLowerCase(), String(domain.verification_txt));
  expect(await call('POST', `/domains/${domain.id}/verify`, 202)).toMatchObject({ status: 'verified' });
  await call('GET', '/identity-providers', 200);
  await call('POST', `/identity-providers/${id}/domains`, 201, { domain: 'table.example' });
  const used = await call('GET', `/domains/${domain.id}/identity-providers`, 200);
  expect(listOf(used, 'identity_providers')).toHaveLength(1);
  await call('DELETE', `/identity-providers/${id}/domains/table.example`, 204);
  await call('DELETE', `/domains/${domain.id}`, 204);
});

/** The table of members names every field, also those that its token may not read. */
const FIELDS = 'user_id,email,name,nickname,given_name,family_name,created_at,updated_at,last_login,phone_number,roles';

test('the table of members invites, invites again and removes', async () => {
  const call = await mount(
    ...scopesOf('create read delete', 'member_invitations'),
    ...['read:my_org:members', 'read:my_org:member_roles', 'read:my_org:identity_providers'],
    'delete:my_org:memberships',
  );
  const gone = await api.createMember('gone@acme.example', [editor]);
  const members = listOf(await call('GET', `/members?take=50&fields=${FIELDS}`, 200), 'members');
  expect(members.find(({ user_id }) => user_id === gone)).toMatchObject({ roles: [{ id: editor, name: 'Editor' }] });
  expect(listOf(await call('GET', '/roles?take=10&name=edi', 200), 'roles').map(({ id }) => id)).toEqual([editor]);
  for (const path of ['/roles?take=100', '/identity-providers']) await call('GET', path, 200);

  const invitees = [{ email: 'new@acme.example', roles: [editor] }];
  const [first] = (await call('POST', '/member-invitations', 201, { invitees })) as unknown as readonly Json[];
  // "Resend" is these two requests. The second one names no provider.
  await call('DELETE', `/member-invitations/${first?.id}`, 204);
  const [second] = (await call('POST', '/member-invitations', 201, { invitees })) as unknown as readonly Json[];
  const open = await call('GET', '/member-invitations?take=50&sort=created_at:-1', 200);
  const invited = listOf(open, 'invitations').filter(({ invitee }) => (invitee as Json).email === invitees[0]?.email);
  expect(invited.map(({ id }) => id)).toEqual([second?.id]);

  await call('POST', '/delete-memberships', 204, { members: [gone] });
  const left = listOf(await call('GET', `/members?take=50&fields=${FIELDS}`, 200), 'members');
  expect(left.map(({ user_id }) => user_id)).not.toContain(gone);
});

test('without the right to read roles, the table of members has none, and is not refused', async () => {
  const call = await mount('read:my_org:members');
  const members = listOf(await call('GET', `/members?take=50&fields=${FIELDS}`, 200), 'members');
  expect(members.length).toBeGreaterThan(0);
  for (const one of members) expect(one).not.toHaveProperty('roles');
});

test('the page of a member gives and takes roles', async () => {
  const id = await api.createMember('paged@acme.example', []);
  const call = await mount(
    ...scopesOf('create read delete', 'member_roles'),
    'read:my_org:members',
    'read:my_org:details',
  );
  await call('GET', '/details', 200);
  expect(await call('GET', memberPath(id), 200)).toMatchObject({ email: 'paged@acme.example' });
  const rolesOf = async () => listOf(await call('GET', `${memberPath(id)}/roles`, 200), 'roles').map((role) => role.id);
  await call('POST', `${memberPath(id)}/roles`, 204, { role_ids: [editor] });
  expect(await rolesOf()).toEqual([editor]);
  await call('POST', `${memberPath(id)}/unassign-roles`, 204, { role_ids: [editor] });
  expect(await rolesOf()).toEqual([]);
});
