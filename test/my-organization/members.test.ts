/** Members, roles and memberships by the My Organization API, and who may give and take them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { toList } from '../../src/management/my-organization/members.js';
import { diffSnapshots } from '../support/database.js';
import { playInOrder } from '../support/held-writes.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type Administrator,
  type MyOrganization,
  memberPath,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
let ada: Administrator;
let editor: string;
let unmarked: string;

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  editor = await api.createRole('Editor 100%', []);
  unmarked = await api.createRole('secret', [], false);
});

const as = (person: Administrator) => (method: string, path: string, body?: unknown) => {
  clock.advanceMs(2_000);
  return myOrg(stage, person.token, method, path, body);
};
const call = (method: string, path: string, body?: unknown) => as(ada)(method, path, body);
const rolesOf = async (id: string) =>
  ((await call('GET', `${memberPath(id)}/roles`)).body.roles as { id: string }[]).map((role) => role.id);

/** The answer of a call that changes nothing. */
async function refused(answer: () => Promise<{ readonly status: number; readonly body: unknown }>) {
  const before = await stage.instance.snapshot();
  const { status } = await answer();
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  return status;
}

describe('the list', () => {
  test('has the fields of the document and no metadata, by pages', async () => {
    const id = await api.createMember('mia@acme.example', [editor]);
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(id)}`, {
      ...{ name: 'Mia', app_metadata: { plan: 'gold' }, user_metadata: { hobby: 'chess' } },
    });
    const { body } = await call('GET', '/members?take=1');
    expect(body.members).toHaveLength(1);
    const rest = (await call('GET', `/members?take=50&from=${body.next}`)).body;
    expect(rest.next ?? '').toBe('');
    // Members of the same moment are in the order of their ids, so either page may have her.
    const both = [body, rest].flatMap(({ members }) => members as { user_id: string }[]);
    const mia = both.find((one) => one.user_id === id);
    expect(mia).toMatchObject({ email: 'mia@acme.example', name: 'Mia', roles: [{ id: editor, name: 'Editor 100%' }] });
    expect(JSON.stringify(both)).not.toMatch(/gold|chess|identities|metadata/);
    expect((await call('GET', memberPath(id))).body).not.toHaveProperty('roles');
  });

  test('include_totals=true counts all of them, and false, which the SDK always sends, none', async () => {
    for (const path of ['/members', '/member-invitations']) {
      const { body: counted } = await call('GET', `${path}?take=100&include_totals=true`);
      const all = (counted.members ?? counted.invitations) as readonly unknown[];
      expect(counted).toMatchObject({ total: all.length, total_is_capped: false });
      const { body: page } = await call('GET', `${path}?take=1&include_totals=true`);
      expect(page.total).toBe(all.length);
      const { status, body: bare } = await call('GET', `${path}?include_totals=false`);
      expect([status, Object.keys(bare).filter((name) => name.startsWith('total'))]).toEqual([200, []]);
    }
    expect((await call('GET', '/members?include_totals=perhaps')).status).toBe(400);
    expect((await call('GET', '/roles?include_totals=true')).status).toBe(400);
  });

  test('attack=a member’s sign-ins at another customer are told: the last one is of this organization', async () => {
    const id = await api.createMember('gus@acme.example', []);
    const lastLogin = async () => (await call('GET', `${memberPath(id)}?fields=last_login`)).body.last_login;
    expect(await lastLogin()).toBeUndefined();
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('gus@acme.example'));
    const here = await lastLogin();
    expect(here).toEqual(expect.any(String));
    const globex = await stage.cast.createPlace('globex', {}, { domain: 'globex.example' });
    await stage.instance.api('POST', `/organizations/${globex.id}/members`, { members: [id] });
    clock.advanceMs(2_000);
    const there = stage.visitor();
    await there.redeem(await there.withPassword('gus@acme.example', undefined, { organization: globex.id }));
    const { last_login: anywhere } = await stage.instance.api('GET', `/users/${encodeURIComponent(id)}`);
    expect(anywhere).not.toBe(here);
    expect(await lastLogin()).toBe(here);
    const { body } = await call('GET', '/members?fields=user_id,last_login');
    expect(body.members).toContainEqual({ user_id: id, last_login: here });
  });

  test.each([
    [0, { total: 0, total_is_capped: false }],
    [1000, { total: 1000, total_is_capped: false }],
    [1001, { total: 1000, total_is_capped: true }],
  ])('counts to 1000: %i', (total, told) => {
    expect(toList('members', { items: [], total }, () => ({}))).toEqual({ members: [], ...told });
  });

  test('leaves roles out silently without their scope, as components ask for them always', async () => {
    const reader = await api.administrator('read:my_org:members');
    const { status, body } = await as(reader)('GET', '/members?fields=user_id,email,roles,nothing');
    expect(status).toBe(200);
    for (const member of body.members as object[]) expect(Object.keys(member).sort()).toEqual(['email', 'user_id']);
  });

  test.each(['take=0', 'take=101', 'take=x', 'from=', 'q=x', 'page=1', 'organization=x'])(
    '?%s is refused',
    async (query) => {
      expect((await call('GET', `/members?${query}`)).status).toBe(400);
    },
  );
});

describe('roles', () => {
  test('are those that an operator marked; the name filter is no pattern', async () => {
    const names = async (query: string) =>
      ((await call('GET', `/roles${query}`)).body.roles as { name: string }[]).map(({ name }) => name);
    expect(await names('')).toEqual(expect.arrayContaining(['Editor 100%', 'organization admin']));
    expect(await names('')).not.toContain('secret');
    expect(await names('?name=EDITOR%20100%25')).toEqual(['Editor 100%']);
    expect(await names('?name=%25')).toEqual(['Editor 100%']);
  });

  test('are given and taken, with a line of the log each', async () => {
    const id = await api.createMember('noa@acme.example', []);
    expect((await call('POST', `${memberPath(id)}/roles`, { role_ids: [editor] })).status).toBe(204);
    expect(await rolesOf(id)).toEqual([editor]);
    expect((await stage.logs())[0]).toMatchObject({ user_id: id, organization_id: stage.cast.acme.id });
    expect((await call('DELETE', `${memberPath(id)}/roles`, { role_ids: [editor] })).status).toBe(204);
    await call('POST', `${memberPath(id)}/roles`, { role_ids: [editor] });
    expect((await call('POST', `${memberPath(id)}/unassign-roles`, { role_ids: [editor] })).status).toBe(204);
    expect(await rolesOf(id)).toEqual([]);
  });

  test.each([
    [{}],
    [{ role_ids: [] }],
    [{ role_ids: ['rol_1'] }],
    [{ roles: ['rol_0000000000000000'] }],
    [{ role_ids: ['rol_0000000000000000'], organization_id: 'x' }],
    [{ role_ids: Array.from({ length: 11 }, (_, at) => `rol_${String(at).padStart(16, '0')}`) }],
  ])('the body %j is refused', async (body) => {
    expect(await refused(() => call('POST', `${memberPath(ada.id)}/roles`, body))).toBe(400);
  });

  test('attack=a role that no operator marked is given, or taken, or named beside a marked one', async () => {
    const id = await api.createMember('olaf@acme.example', [unmarked]);
    expect(await refused(() => call('POST', `${memberPath(id)}/roles`, { role_ids: [unmarked] }))).toBe(404);
    expect(await refused(() => call('POST', `${memberPath(id)}/roles`, { role_ids: [editor, unmarked] }))).toBe(404);
    expect(await refused(() => call('DELETE', `${memberPath(id)}/roles`, { role_ids: [unmarked] }))).toBe(404);
  });

  test('attack=somebody gives a role that permits more than their own', async () => {
    const helper = await api.createRole('helper', [
      'create:my_org:member_roles',
      'delete:my_org:member_roles',
      'delete:my_org:memberships',
    ]);
    const weak = await api.administrator(undefined, [helper]);
    const friend = await api.createMember('friend@acme.example', []);
    const send = as(weak);
    expect(await refused(() => send('POST', `${memberPath(friend)}/roles`, { role_ids: [api.adminRole] }))).toBe(403);
    expect(await refused(() => send('DELETE', `${memberPath(ada.id)}/roles`, { role_ids: [api.adminRole] }))).toBe(403);
    expect(await refused(() => send('POST', '/delete-memberships', { members: [ada.id] }))).toBe(403);
    expect((await send('POST', `${memberPath(friend)}/roles`, { role_ids: [helper] })).status).toBe(204);
  });

  test('attack=somebody gives themselves a role', async () => {
    expect(await refused(() => call('POST', `${memberPath(ada.id)}/roles`, { role_ids: [editor] }))).toBe(403);
  });

  test('attack=the token has few scopes, but its owner many: the ceiling is that of the roles', async () => {
    const narrow = await api.administrator('create:my_org:member_roles');
    const friend = await api.createMember('friend2@acme.example', []);
    expect((await as(narrow)('POST', `${memberPath(friend)}/roles`, { role_ids: [api.adminRole] })).status).toBe(204);
  });

  test('attack=a stranger, or a member of another organization, is given a role here', async () => {
    const stranger = await stage.cast.createUser('stranger@elsewhere.example');
    expect(await refused(() => call('POST', `${memberPath(stranger)}/roles`, { role_ids: [editor] }))).toBe(404);
    expect(await refused(() => call('POST', '/delete-memberships', { members: [stranger] }))).toBe(404);
    expect((await call('GET', memberPath(stranger))).status).toBe(404);
    expect((await call('GET', `${memberPath(stranger)}/roles`)).status).toBe(404);
  });
});

describe('memberships', () => {
  test('end here alone: the account stays, and its token gives nothing any more', async () => {
    const bob = await api.administrator();
    expect((await call('POST', '/delete-memberships', { members: [bob.id] })).status).toBe(204);
    expect((await as(bob)('GET', '/details')).status).toBe(404);
    expect(await stage.instance.api('GET', `/users/${encodeURIComponent(bob.id)}`)).toMatchObject({ email: bob.email });
    expect(await refused(() => call('POST', '/delete-memberships', { members: [bob.id] }))).toBe(404);
  });

  test.each([[{ members: [] }], [{ members: ['auth0|a', 'auth0|b'] }], [{}], [{ members: 'auth0|a' }]])(
    '%j is refused',
    async (body) => {
      expect(await refused(() => call('POST', '/delete-memberships', body))).toBe(400);
    },
  );
});

describe('the last administrator', () => {
  /** An organization with these administrators. */
  async function createOrganization(name: string, count: number) {
    const { id } = await stage.cast.createPlace(name, {}, { domain: `${name}.example` });
    return Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const email = `boss${at}@${name}.example`;
        const userId = await api.createMember(email, [api.adminRole], id);
        return { id: userId, email, token: await api.token(stage.visitor(), email, undefined, { organization: id }) };
      }),
    );
  }

  test('stays, with the role', async () => {
    const [boss] = await createOrganization('lonely', 1);
    if (!boss) throw new Error('nobody');
    const send = as(boss);
    expect(await refused(() => send('POST', '/delete-memberships', { members: [boss.id] }))).toBe(409);
    expect(
      await refused(() => send('POST', `${memberPath(boss.id)}/unassign-roles`, { role_ids: [api.adminRole] })),
    ).toBe(409);
  });

  test('a colleague who cannot sign in does not count', async () => {
    const [boss, other] = await createOrganization('half', 2);
    if (!boss || !other) throw new Error('nobody');
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(other.id)}`, { blocked: true });
    expect(await refused(() => as(boss)('POST', '/delete-memberships', { members: [boss.id] }))).toBe(409);
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(other.id)}`, { blocked: false });
    expect((await as(boss)('POST', '/delete-memberships', { members: [boss.id] })).status).toBe(204);
  });

  test('race=two administrators remove each other: one of them stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [first, second] = await createOrganization(`race${round}`, 2);
      if (!first || !second) throw new Error('nobody');
      const answers = await Promise.all([
        as(first)('POST', '/delete-memberships', { members: [second.id] }),
        as(second)('POST', '/delete-memberships', { members: [first.id] }),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses[0]).toBe(204);
      expect([403, 404, 409]).toContain(statuses[1]);
    }
  });

  test('race=two administrators lay their role down: one of them keeps it', async () => {
    const [first, second] = await createOrganization('down', 2);
    if (!first || !second) throw new Error('nobody');
    const layDown = (boss: Administrator) => () =>
      as(boss)('POST', `${memberPath(boss.id)}/unassign-roles`, { role_ids: [api.adminRole] });
    // The first has looked for another administrator, and is held before its commit.
    const { server, database } = stage.instance;
    const one = { pool: server.pool, matches: /^delete from "member_roles"/, run: layDown(first) };
    const played = await playInOrder(database.pool, one, { run: layDown(second) });
    expect([played.first.status, played.second.status, played.waited]).toEqual([204, 409, true]);
  });
});

describe('a removal and a write at once', () => {
  /** Holds a change open in a transaction, sends the call, and ends the transaction. */
  async function whileHeld(
    statement: string,
    values: readonly string[],
    send: () => Promise<{ status: number }>,
    meanwhile: () => Promise<unknown> = async () => undefined,
  ) {
    const client = await stage.instance.database.pool.connect();
    try {
      await client.query('begin');
      await client.query(statement, [...values]);
      const answer = send();
      const early = await Promise.race([
        answer.then(() => 'answered'),
        new Promise((done) => setTimeout(done, 400, 'waits')),
      ]);
      expect(early).toBe('waits');
      await meanwhile();
      await client.query('commit');
      return (await answer).status;
    } finally {
      client.release();
    }
  }

  test.each([
    ['membership', 'delete from members where user_id = $1'],
    ['role', 'delete from member_roles where user_id = $1'],
    ['block', 'update users set blocked = true where user_id = $1'],
  ])('race=the %s is taken first: the write waits, and is refused', async (_, statement) => {
    const person = await api.administrator();
    const friend = await api.createMember(`friend-of-${person.email}`, []);
    const status = await whileHeld(statement, [person.id], () =>
      as(person)('POST', `${memberPath(friend)}/roles`, { role_ids: [editor] }),
    );
    expect(status).toBe(403);
    expect(await rolesOf(friend)).toEqual([]);
  });

  test('race=a colleague signs in while a removal waits: the sign-in does not wait for it', async () => {
    const [person, colleague] = [await api.administrator(), await api.administrator()];
    const leaver = await api.createMember('leaver@acme.example', []);
    const signIn = async () => {
      const late = new Promise((_, fail) => setTimeout(fail, 5_000, new Error('the sign-in waits')));
      await Promise.race([api.token(stage.visitor(), colleague.email), late]);
    };
    const status = await whileHeld(
      'update member_roles set role_id = role_id where user_id = $1',
      [person.id],
      () => as(person)('POST', '/delete-memberships', { members: [leaver] }),
      signIn,
    );
    expect(status).toBe(204);
  });
});
