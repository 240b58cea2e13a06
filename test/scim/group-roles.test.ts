/**
 * Rights by groups of a directory: roles of an organization, by a rule that its operator sets, and admission, by a condition. A group makes no
 * membership and no role for a stranger; what it gave ends with it, and nothing else does.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage } from '../support/stage.js';
import { ALL_SCOPES, type Company, personOf, startCompany } from './support.js';

const stage = useStage();
let company: Company;
let groupId: string;
let roleId: string;
let names = 0;

const api = <T = Json>(...args: Parameters<typeof stage.instance.api>) => stage.instance.api<T>(...args);
const member = (id: string) => `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(id)}`;
const rulesPath = () =>
  `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.acme.connectionId}/scim-group-roles`;
const setRules = (...rules: Json[]) => api('PATCH', rulesPath(), { scim_group_roles: rules });
const EDITORS = { display_name: 'Editors', roles: ['group-editor'] };

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId, { token: { scopes: ALL_SCOPES } });
  roleId = (await api('POST', '/roles', { name: 'group-editor' })).id as string;
  await api('POST', '/roles', { name: 'group-reader' });
  groupId = (await company.call('POST', '/Groups', { displayName: 'editors', externalId: 'g-edit' })).body.id;
});
beforeEach(() => setRules(EDITORS));
afterEach(() => stage.enablement({ assign_membership_on_login: false, auto_membership_condition: null }));

interface EffectiveRole {
  readonly name: string;
  readonly sources: readonly string[];
  readonly groups?: readonly string[];
}

const rolesOf = async (id: string) =>
  (await api<{ roles: EffectiveRole[] }>('GET', `${member(id)}/effective-roles?take=50`)).roles
    .map(({ name, sources, groups = [] }) => `${name} (${[...sources, ...groups].join(', ')})`)
    .sort();
const assignedTo = async (id: string) =>
  (await api<EffectiveRole[]>('GET', `${member(id)}/roles`)).map((role) => role.name);
const put = (id: string) =>
  company.call('PATCH', `/Groups/${groupId}`, { Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }] });
const take = (id: string) =>
  company.call('PATCH', `/Groups/${groupId}`, { Operations: [{ op: 'remove', path: `members[value eq "${id}"]` }] });
const join = (id: string) => api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [id] });

function newName(): string {
  const name = `grouped${++names}`;
  const email = `${name}@acme.example`;
  stage.cast.people[name] = { sub: `idp-${name}`, email, email_verified: true, name };
  return name;
}

async function newPerson(): Promise<{ name: string; id: string }> {
  const name = newName();
  const answer = await company.create(personOf(name));
  expect(answer.status).toBe(201);
  return { name, id: answer.body.id };
}

async function signIn(name: string) {
  const visitor = stage.visitor();
  return { visitor, answer: await visitor.throughSso(name, `${name}@acme.example`) };
}

async function enter(name: string): Promise<Json> {
  const { visitor, answer } = await signIn(name);
  return (await visitor.redeem(answer)).claims as Json;
}

const codeOf = async (name: string) => (await stage.refusal((await signIn(name)).answer)).details.code;

describe('a role of a group', () => {
  test('is nothing to a stranger, and nobody is let in by a group alone', async () => {
    const { name, id } = await newPerson();
    await put(id);
    const before = await stage.instance.snapshot();
    expect(await codeOf(name)).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
    await api('GET', `${member(id)}/effective-roles?take=50`, undefined, 404);
  });

  test('waits for the membership and is there with it; leaving the group ends it', async () => {
    const { id } = await newPerson();
    await put(id);
    await join(id);
    expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)']);
    // Not assigned: tools that copy the assigned roles do not make it a lasting one.
    expect(await assignedTo(id)).toEqual([]);
    await take(id);
    expect(await rolesOf(id)).toEqual([]);
    expect(await api('GET', member(id).replace(/\/members.*/, '/members'))).toEqual(
      expect.arrayContaining([expect.objectContaining({ user_id: id })]),
    );
  });

  test('that an administrator gave as well stays when the group is left', async () => {
    const { id } = await newPerson();
    await put(id);
    await join(id);
    await api('POST', `${member(id)}/roles`, { roles: [roleId] });
    expect(await rolesOf(id)).toEqual(['group-editor (direct, groups, editors)']);
    await take(id);
    expect(await rolesOf(id)).toEqual(['group-editor (direct)']);
    await put(id);
    await api('DELETE', `${member(id)}/roles`, { roles: [roleId] });
    expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)']);
  });

  test('follows the person: a member with a password whom the operator linked', async () => {
    const { name, id } = await newPerson();
    await put(id);
    const dana = await stage.cast.createMember(`${name}@acme.example`);
    expect(await rolesOf(dana)).toEqual([]);
    await api('POST', `/users/${encodeURIComponent(dana)}/identities`, {
      provider: 'oidc',
      user_id: `acme-oidc|idp-${name}`,
    });
    expect(await rolesOf(dana)).toEqual(['group-editor (groups, editors)']);
    // The first sign-in binds the identity; the groups stay with it.
    expect((await enter(name)).sub).toBe(dana);
    expect(await rolesOf(dana)).toEqual(['group-editor (groups, editors)']);
    await api(
      'DELETE',
      `/users/${encodeURIComponent(dana)}/identities/oidc/${encodeURIComponent(`acme-oidc|idp-${name}`)}`,
    );
    expect(await rolesOf(dana)).toEqual([]);
    await join(id);
    expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)']);
  });

  test('is no role of a person whom the directory made inactive', async () => {
    const { name, id } = await newPerson();
    const dana = await stage.cast.createMember(`${name}@acme.example`);
    await put(id);
    await api('POST', `/users/${encodeURIComponent(dana)}/identities`, {
      provider: 'oidc',
      user_id: `acme-oidc|idp-${name}`,
    });
    await company.patch(id, { op: 'replace', path: 'active', value: false });
    expect(await rolesOf(dana)).toEqual([]);
    await company.patch(id, { op: 'replace', path: 'active', value: true });
    expect(await rolesOf(dana)).toEqual(['group-editor (groups, editors)']);
  });

  test('reaches the Actions of the login that makes the membership, and only that far', async () => {
    const remove = await useActions(stage.instance, 'post-login', {
      name: 'roles into the token',
      code: `exports.onExecutePostLogin = async (event, api) => {
        api.idToken.setCustomClaim('https://acme.example/roles', event.authorization.roles);
      };`,
    });
    try {
      const { name, id } = await newPerson();
      await put(id);
      await stage.enablement({ assign_membership_on_login: true });
      expect((await enter(name))['https://acme.example/roles']).toEqual(['group-editor']);
      await take(id);
      expect((await enter(name))['https://acme.example/roles']).toEqual([]);
    } finally {
      await remove();
    }
  });

  test('is none of another organization that enabled the same connection', async () => {
    const { id } = await newPerson();
    await put(id);
    const other = await api('POST', '/organizations', {
      name: 'sister',
      enabled_connections: [{ connection_id: stage.cast.acme.connectionId }],
    });
    await api('POST', `/organizations/${other.id}/members`, { members: [id] });
    const path = `/organizations/${other.id}/members/${encodeURIComponent(id)}/effective-roles?take=50`;
    expect((await api<{ roles: Json[] }>('GET', path)).roles).toEqual([]);
    await api('DELETE', `/organizations/${other.id}`);
  });

  test.each([
    ['the rule is taken away', () => setRules()],
    ['the connection is switched off', () => setEnabled(false)],
    ['the group is renamed', () => rename('Former editors')],
    ['the group is deleted', () => company.call('DELETE', `/Groups/${groupId}`)],
    ['the role is deleted', () => api('DELETE', `/roles/${roleId}`)],
  ])('ends when %s', async (title, change) => {
    const { id } = await newPerson();
    await put(id);
    await join(id);
    expect(await rolesOf(id)).toHaveLength(1);
    await change();
    expect(await rolesOf(id)).toEqual([]);
    await setEnabled(true);
    if (title.includes('renamed')) await rename('editors');
    if (title.includes('group is deleted'))
      groupId = (await company.call('POST', '/Groups', { displayName: 'editors', externalId: 'g-edit' })).body.id;
    if (title.includes('role is deleted'))
      roleId = (await api('POST', '/roles', { name: 'group-editor' })).id as string;
  });
});

const setEnabled = (isEnabled: boolean) =>
  api('PATCH', `/organizations/${stage.cast.acme.id}/connections/${stage.cast.acme.connectionId}`, {
    is_enabled: isEnabled,
  });
const rename = (value: string) =>
  company.call('PATCH', `/Groups/${groupId}`, { Operations: [{ op: 'replace', path: 'displayName', value }] });

describe('the rules', () => {
  test('are replaced as a whole, by name or by external id', async () => {
    const rules = [
      { display_name: 'Editors', roles: ['group-editor', 'group-reader'] },
      { external_id: 'g-edit', roles: ['group-reader'] },
    ];
    expect(await setRules(...rules)).toEqual({ scim_group_roles: rules });
    expect(await api('GET', rulesPath())).toEqual({ scim_group_roles: rules });
    const { id } = await newPerson();
    await put(id);
    await join(id);
    expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)', 'group-reader (groups, editors)']);
  });

  test.each([
    ['a role that does not exist', [{ display_name: 'Editors', roles: ['group-editor', 'nobody-has-this'] }]],
    ['no name of a group', [{ roles: ['group-editor'] }]],
    ['two names of a group', [{ display_name: 'a', external_id: 'b', roles: ['group-editor'] }]],
    ['no roles', [{ display_name: 'a', roles: [] }]],
  ])('with %s are 400, and the old ones stay', async (_title, rules) => {
    await api('PATCH', rulesPath(), { scim_group_roles: rules }, 400);
    expect(await api('GET', rulesPath())).toEqual({ scim_group_roles: [EDITORS] });
  });

  test('of a connection that has no SCIM are 400; of an unknown one 404', async () => {
    const at = (id: string) => `/organizations/${stage.cast.acme.id}/enabled_connections/${id}/scim-group-roles`;
    await api('PATCH', at(stage.cast.databaseId), { scim_group_roles: [EDITORS] }, 400);
    await api('PATCH', at('con_0000000000000000'), { scim_group_roles: [EDITORS] }, 404);
  });
});

describe('a condition over scim_groups', () => {
  const condition = (text: string) =>
    stage.enablement({ assign_membership_on_login: true, auto_membership_condition: text });

  test('admits whom the directory has in the group, with the roles of the group in the same commit', async () => {
    await condition('"editors" in scim_groups');
    const { name, id } = await newPerson();
    const stranger = await newPerson();
    await put(id);
    const before = await stage.instance.snapshot();
    expect((await enter(name)).sub).toBe(id);
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.members?.added).toMatchObject([{ user_id: id, via: 'auto' }]);
    expect(changed.member_roles).toBeUndefined();
    expect(changed.scim_group_members).toBeUndefined();
    expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)']);
    expect(await codeOf(stranger.name)).toBe('admit.not_a_member');
  });

  test('leaving the group afterwards takes the role, and leaves the membership: that is not of SCIM', async () => {
    await condition('scim_groups.exists(g, g.lowerAscii() == "editors")');
    const { name, id } = await newPerson();
    await put(id);
    await enter(name);
    await take(id);
    expect((await enter(name)).sub).toBe(id);
    expect(await rolesOf(id)).toEqual([]);
  });

  test('a person whom SCIM does not know is in no group', async () => {
    await condition('!("editors" in scim_groups) && email_domain == "acme.example"');
    const name = newName();
    expect((await enter(name)).sub).toBe(`oidc|acme-oidc|idp-${name}`);
    await condition('"editors" in scim_groups');
    expect(await codeOf(newName())).toBe('admit.not_a_member');
  });

  test('case=the groups are those of the directory: a claim of the same name counts for nothing', async () => {
    await condition('"editors" in scim_groups');
    const { name } = await newPerson();
    stage.cast.people[name] = { ...stage.cast.people[name], sub: `idp-${name}`, scim_groups: ['editors'] };
    expect(await codeOf(name)).toBe('admit.not_a_member');
  });

  test('explain shows the groups that it looked at', async () => {
    await condition('"editors" in scim_groups');
    const { name, id } = await newPerson();
    await put(id);
    const answer = await api('POST', `/organizations/${stage.cast.acme.id}/explain`, {
      connection_id: stage.cast.acme.connectionId,
      claims: { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true },
    });
    expect(answer).toMatchObject({ outcome: 'admitted', rule: 'auto' });
    expect(JSON.stringify(answer.trace)).toContain('"scim_groups":["editors"]');
  });
});

describe('one person', () => {
  test('created, put into a group and signing in at once is one user, whatever comes first', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    for (let round = 0; round < 5; round += 1) {
      const name = newName();
      const [created, signedIn] = await Promise.all([company.create(personOf(name)), signIn(name)]);
      expect([201, 409]).toContain(created.status);
      const id = `oidc|acme-oidc|idp-${name}`;
      const found = (await company.find(`externalId eq "idp-${name}"`)).body;
      expect(found.Resources.map((item: Json) => item.id)).toEqual([id]);
      expect((await put(id)).status).toBe(204);
      if (!signedIn.answer.url.searchParams.has('code')) expect((await enter(name)).sub).toBe(id);
      expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)']);
      expect(await api('GET', `/users-by-email?email=${encodeURIComponent(`${name}@acme.example`)}`)).toHaveLength(1);
    }
  });

  test('moved between groups while they sign in for the first time is in the last one', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    for (let round = 0; round < 5; round += 1) {
      const { name, id } = await newPerson();
      const [moved, signedIn] = await Promise.all([put(id), signIn(name)]);
      expect(moved.status).toBe(204);
      expect((await signedIn.visitor.redeem(signedIn.answer)).claims.sub).toBe(id);
      expect(await rolesOf(id)).toEqual(['group-editor (groups, editors)']);
    }
  });
});
