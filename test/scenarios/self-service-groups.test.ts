/**
 * The customer's administrator and their directory: SCIM tokens that the ticket describes, their end and their successors, and roles for groups,
 * of those that the ticket lets the customer give.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SCOPES, callScim, personOf } from '../scim/support.js';
import { Administrator, settingsOf } from '../support/administrator.js';
import type { Json } from '../support/instance.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const api = <T = Json>(...args: Parameters<typeof stage.instance.api>) => stage.instance.api<T>(...args);
let idp: ScriptedIdp;
let beta: string;
let profile: string;

beforeAll(async () => {
  idp = await startScriptedIdp({
    people: { ann: { sub: 'idp-ann', email: 'ann@acme.example', email_verified: true } },
  });
  const enabled_connections = [{ connection_id: stage.cast.databaseId }];
  beta = (await api('POST', '/organizations', { name: 'beta', enabled_connections })).id as string;
  profile = (await api('POST', '/self-service-profiles', { name: 'customers' })).id as string;
  for (const name of ['approver', 'admin']) await api('POST', '/roles', { name });
});
afterAll(() => idp?.stop());

const ticketPath = () => `/self-service-profiles/${profile}/sso-ticket`;

interface Setting {
  readonly admin: Administrator;
  readonly connectionId: string;
}

/** An administrator whose ticket has this `provisioning_config`, and whose settings signed somebody in. */
async function startSetup(name: string, provisioning_config: Json, more: Json = {}): Promise<Setting> {
  const { ticket } = await api('POST', ticketPath(), {
    connection_config: { name },
    enabled_organizations: [{ organization_id: beta }],
    domain_aliases_config: { domain_verification: 'none' },
    provisioning_config,
    ...more,
  });
  const admin = new Administrator(() => stage.instance.origin);
  await admin.open(ticket as string);
  await admin.send('provider', { provider: 'oidc' });
  await admin.send('connection', settingsOf(idp));
  await admin.tryAs('ann');
  const { connections } = await api<{ connections: Json[] }>('GET', `/connections?name=${name}&take=5`);
  return { admin, connectionId: connections[0]?.id as string };
}

const tokensOf = (connectionId: string) => api<Json[]>('GET', `/connections/${connectionId}/scim-configuration/tokens`);
const rulesPath = (connectionId: string) =>
  `/organizations/${beta}/enabled_connections/${connectionId}/scim-group-roles`;
const rulesOf = async (connectionId: string) => (await api('GET', rulesPath(connectionId))).scim_group_roles as Json[];
const secretIn = (text: string) => /tok_\w{16}\.[0-9a-f]{64}/.exec(text)?.[0] ?? '';

describe('tokens', () => {
  let setting: Setting;
  const scopes = ['get:users', 'post:users'];
  beforeAll(async () => {
    setting = await startSetup('beta-tokens', { scopes, token_lifetime: 3_600 });
  });

  test('have the scopes and the lifetime of the ticket', async () => {
    const page = await setting.admin.send('people', { action: 'token' });
    expect(wordsOf(page)).toContain('not used yet, ends on');
    const [token] = await tokensOf(setting.connectionId);
    expect(token?.scopes).toEqual(scopes);
    expect(Date.parse(token?.valid_until as string) - Date.parse(token?.created_at as string)).toBe(3_600_000);
    // The ticket names no roles: groups are not spoken of.
    expect(wordsOf(page)).not.toContain('Roles for groups');
  });

  test('can be made twice, and one of the two taken away, so that one replaces the other', async () => {
    const { admin, connectionId } = setting;
    const two = await admin.send('people', { action: 'token' });
    const second = secretIn(two.text);
    expect(wordsOf(two)).toContain('the most there can be');
    const third = await admin.send('people', { action: 'token' });
    expect([third.status, wordsOf(third)]).toEqual([400, expect.stringContaining('Maximum of 2 tokens')]);
    const [first] = (await tokensOf(connectionId)).filter(({ token_id }) => token_id !== second.split('.')[0]);
    const ended = await admin.send('people', { action: `end:${first?.token_id}` });
    expect(wordsOf(ended)).toContain('The token was deleted.');
    expect((await tokensOf(connectionId)).map(({ token_id }) => token_id)).toEqual([second.split('.')[0]]);
    expect((await callScim(stage.instance.origin, connectionId, second, 'GET', '/Users')).status).toBe(200);
    expect(secretIn((await admin.at('people')).text)).toBe('');
  });

  test('give the connection to no application before the switch', async () => {
    const enabled_clients = [stage.cast.client.id];
    const { admin, connectionId } = await startSetup('beta-clients', {}, { enabled_clients });
    expect(secretIn((await admin.send('people', { action: 'token' })).text)).not.toBe('');
    const clientsOf = async () =>
      (await api<{ clients: Json[] }>('GET', `/connections/${connectionId}/clients`)).clients;
    expect(await clientsOf()).toEqual([]);
    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
    expect((await clientsOf()).map(({ client_id }) => client_id)).toEqual(enabled_clients);
    await admin.send('switch', { to: 'off', pilot: '' });
  });

  test('of another connection are out of reach', async () => {
    const path = `/connections/${stage.cast.acme.connectionId}/scim-configuration`;
    await api('POST', path, {});
    const theirs = await api('POST', `${path}/tokens`, {});
    const refused = await setting.admin.send('people', { action: `end:${theirs.token_id}` });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('does not exist')]);
    expect((await tokensOf(stage.cast.acme.connectionId)).length).toBe(1);
  });

  test('are not made for a connection that another organization uses by now', async () => {
    const { admin, connectionId } = setting;
    const other = await api('POST', '/organizations', { name: 'delta' });
    await api('POST', `/organizations/${other.id}/enabled_connections`, { connection_id: connectionId });
    const refused = await admin.send('people', { action: 'token' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('Another organization uses')]);
    expect((await tokensOf(connectionId)).length).toBe(1);
  });

  test('are not made before a try has worked: people of a directory are people of a provider', async () => {
    const { ticket } = await api('POST', ticketPath(), {
      connection_config: { name: 'beta-early' },
      enabled_organizations: [{ organization_id: beta }],
      enabled_features: { provisioning: true },
    });
    const admin = new Administrator(() => stage.instance.origin);
    await admin.open(ticket as string);
    await admin.send('provider', { provider: 'oidc' });
    await admin.send('connection', settingsOf(idp));
    expect(wordsOf(await admin.at('people'))).toContain('Try a sign-in first');
    const early = await admin.send('people', { action: 'token' });
    expect([early.status, secretIn(early.text)]).toEqual([400, '']);
  });

  test('are made by no ticket without provisioning', async () => {
    const { ticket } = await api('POST', ticketPath(), {
      connection_config: { name: 'beta-none' },
      enabled_organizations: [{ organization_id: beta }],
    });
    const admin = new Administrator(() => stage.instance.origin);
    await admin.open(ticket as string);
    await admin.send('provider', { provider: 'oidc' });
    const page = await admin.send('people', { action: 'token' });
    expect([page.status, secretIn(page.text)]).toEqual([200, '']);
    expect(wordsOf(page)).not.toContain('Your directory');
  });
});

describe('roles for groups', () => {
  let setting: Setting;
  const ids: Record<string, string> = {};
  const field = (group: string, index: number) => ({ [`role.${ids[group]}.${index}`]: 'on' });
  const save = (fields: Record<string, string>, ...groups: string[]) =>
    setting.admin.send('people', { action: 'roles', groups: groups.map((name) => ids[name]).join(' '), ...fields });

  beforeAll(async () => {
    setting = await startSetup('beta-groups', { assignable_roles: ['editor', 'approver'] });
  });

  test('the groups that the directory sent are on the page, with the roles of the ticket and no other', async () => {
    const { admin, connectionId } = setting;
    expect(wordsOf(await admin.at('people'))).toContain('No group has come yet.');
    const token = secretIn((await admin.send('people', { action: 'token' })).text);
    expect((await tokensOf(connectionId))[0]?.scopes).toEqual(expect.arrayContaining(ALL_SCOPES));
    const call = (path: string, body: object) =>
      callScim(stage.instance.origin, connectionId, token, 'POST', path, body);
    ids.ann = (await call('/Users', personOf('ann'))).body.id;
    for (const [displayName, externalId] of [['Writers', 'g-1'], ['Approvers'], ['Leads', 'g-3']])
      ids[displayName ?? ''] = (
        await call('/Groups', { displayName, externalId, members: [{ value: ids.ann }] })
      ).body.id;
    const words = wordsOf(await admin.at('people'));
    for (const word of ['Writers', 'Approvers', 'Leads', 'editor', 'approver']) expect(words).toContain(word);
    expect(words).not.toContain('admin');
  });

  test('a form gives them; the connection is known to the organization, and still off', async () => {
    const { admin, connectionId } = setting;
    const saved = await save({ ...field('Writers', 0), ...field('Approvers', 1) }, 'Writers', 'Approvers', 'Leads');
    expect(wordsOf(saved)).toContain('Saved.');
    expect(await rulesOf(connectionId)).toEqual([
      { display_name: 'Approvers', roles: ['approver'] },
      { external_id: 'g-1', roles: ['editor'] },
    ]);
    expect(await api('GET', `/organizations/${beta}/connections/${connectionId}`)).toMatchObject({ is_enabled: false });
    expect((await admin.at('people')).text.match(/<input[^>]* checked/g)).toHaveLength(2);
  });

  test('what the operator set for other roles and other groups stays', async () => {
    const { connectionId } = setting;
    const theirs = [
      { display_name: 'writers', roles: ['admin', 'editor'] },
      { display_name: 'Not yet sent', roles: ['editor'] },
    ];
    await api('PATCH', rulesPath(connectionId), { scim_group_roles: theirs });
    await save(field('Leads', 1), 'Writers', 'Approvers', 'Leads');
    expect(await rulesOf(connectionId)).toEqual([
      { display_name: 'Not yet sent', roles: ['editor'] },
      { display_name: 'writers', roles: ['admin'] },
      { external_id: 'g-3', roles: ['approver'] },
    ]);
  });

  test('a group that came after the page was drawn keeps its roles', async () => {
    await save(field('Writers', 0), 'Writers');
    expect(await rulesOf(setting.connectionId)).toContainEqual({ external_id: 'g-3', roles: ['approver'] });
  });

  test('a forged form gives no role beyond those of the ticket, and none for a group of another directory', async () => {
    const { connectionId } = setting;
    const before = await rulesOf(connectionId);
    ids.foreign = 'grp_AAAAAAAAAAAAAAAA';
    const forged = { ...field('Writers', 2), [`role.${ids.Writers}.admin`]: 'on', ...field('foreign', 0) };
    await save({ ...field('Writers', 0), ...forged }, 'Writers', 'foreign');
    expect(await rulesOf(connectionId)).toEqual(before);
  });

  test('a ticket that names no roles gives none', async () => {
    const { admin, connectionId } = await startSetup('beta-no-roles', {});
    await admin.send('people', { action: 'token' });
    await admin.send('people', { action: 'roles', groups: ids.Writers ?? '', ...field('Writers', 0) });
    const connections = await api<Json[]>('GET', `/organizations/${beta}/connections`);
    expect(connections.map(({ connection_id }) => connection_id)).not.toContain(connectionId);
  });

  test('after the switch a member has the roles of their groups', async () => {
    const { admin } = setting;
    await save(field('Approvers', 1), 'Approvers', 'Writers', 'Leads');
    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
    await api('POST', `/organizations/${beta}/members`, { members: [ids.ann] });
    const { roles } = await api<{ roles: Json[] }>(
      'GET',
      `/organizations/${beta}/members/${encodeURIComponent(ids.ann ?? '')}/effective-roles?take=50`,
    );
    // The second one is of the operator's own rule.
    expect(roles.map(({ name }) => name).sort()).toEqual(['admin', 'approver']);
  });
});
