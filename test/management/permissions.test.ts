/** Permissions of roles and of people, and people's roles in the tenant as a whole. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Statement, whileHeld } from '../support/while-held.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const API = 'https://api.example/';
const OTHER = 'urn:other';
let api: Management;
let cast: Cast;
let server: string;
let role: string;
const path = (text: string) => encodeURIComponent(text);
const of = (...names: string[]) => ({
  permissions: names.map((name) => ({ resource_server_identifier: API, permission_name: name })),
});
const named = (items: { permission_name: string }[]) => items.map((item) => item.permission_name);
const permissionsOf = async (of: string) => named((await api.get(`${of}/permissions`)).body);
const user = () => `/users/${path(cast.dana)}`;
let serial = 0;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  const scopes = [{ value: 'read:things', description: 'Read things' }, { value: 'write:things' }, { value: 'other' }];
  server = (await api.post('/resource-servers', { name: 'Things', identifier: API, scopes })).body.id;
  await api.post('/resource-servers', { identifier: OTHER, scopes: [{ value: 'read:things' }, { value: 'other' }] });
});
afterAll(() => api.close());
beforeEach(async () => {
  serial += 1;
  role = `/roles/${(await api.post('/roles', { name: `role ${serial}` })).body.id}`;
});

describe('permissions of a role', () => {
  test('case=added, listed as recorded from Auth0, taken', async () => {
    const added = await api.post(`${role}/permissions`, of('write:things', 'read:things', 'read:things'));
    expect([added.status, added.body]).toEqual([201, {}]);
    expect((await api.post(`${role}/permissions`, of('read:things'))).status).toBe(201);
    const listed = await api.get(`${role}/permissions?include_totals=true&per_page=1`);
    expect(listed.body).toEqual({
      start: 0,
      limit: 1,
      total: 2,
      permissions: [
        {
          permission_name: 'read:things',
          description: 'Read things',
          resource_server_name: 'Things',
          resource_server_identifier: API,
        },
      ],
    });
    expect(named((await api.get(`${role}/permissions?per_page=1&page=1`)).body)).toEqual(['write:things']);
    const taken = await api.delete(`${role}/permissions`, of('read:things'));
    expect([taken.status, taken.body]).toEqual([204, undefined]);
    expect(await permissionsOf(role)).toEqual(['write:things']);
  });

  test('case=what the API does not have cannot be given, and not there is no error when it is taken', async () => {
    const unknown = await api.post(`${role}/permissions`, of('read:things', 'delete:things'));
    expect([unknown.status, unknown.body.message]).toEqual([
      400,
      `The permission delete:things is not defined in the resource server ${API}.`,
    ]);
    const elsewhere = { permissions: [{ resource_server_identifier: 'urn:none', permission_name: 'read:things' }] };
    expect((await api.post(`${role}/permissions`, elsewhere)).body).toMatchObject({
      statusCode: 404,
      message: 'The resource server does not exist',
    });
    expect(await permissionsOf(role)).toEqual([]);
    expect((await api.delete(`${role}/permissions`, elsewhere)).status).toBe(204);
    expect((await api.delete(`${role}/permissions`, of('delete:things'))).status).toBe(204);
  });

  test('case=nobody is given a permission of the Management API', async () => {
    const [{ identifier }] = (await api.get('/resource-servers')).body.filter(
      (item: { is_system: boolean }) => item.is_system,
    );
    const body = { permissions: [{ resource_server_identifier: identifier, permission_name: 'read:users' }] };
    for (const holder of [role, user()])
      expect((await api.post(`${holder}/permissions`, body)).body).toMatchObject({
        statusCode: 400,
        errorCode: 'operation_not_supported',
      });
  });

  test('case=an unknown role', async () => {
    for (const answer of [
      await api.get('/roles/rol_0000000000000000/permissions'),
      await api.post('/roles/rol_0000000000000000/permissions', of('read:things')),
      await api.delete('/roles/rol_0000000000000000/permissions', of('read:things')),
      await api.get('/roles/rol_0000000000000000/users'),
      await api.post('/roles/rol_0000000000000000/users', { users: [cast.dana] }),
    ])
      expect(answer.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_role' });
  });

  test('case=a scope that the API loses leaves roles and people; the same scope of another API stays', async () => {
    const elsewhere = ['read:things', 'other'].map((permission_name) => ({
      resource_server_identifier: OTHER,
      permission_name,
    }));
    await api.post(`${role}/permissions`, { permissions: [...of('other').permissions, ...elsewhere] });
    await api.post(`${user()}/permissions`, of('other'));
    const heldByRole = async () => {
      const { body } = await api.get(`${role}/permissions`);
      return body
        .map((item: Record<string, string>) => `${item.resource_server_identifier} ${item.permission_name}`)
        .sort();
    };
    const stays = [`${OTHER} other`, `${OTHER} read:things`];
    const { scopes } = (await api.get(`/resource-servers/${server}`)).body;
    const less = scopes.filter((scope: { value: string }) => scope.value !== 'other');
    await api.patch(`/resource-servers/${server}`, { token_lifetime: 600 });
    expect(await heldByRole()).toEqual([`${API} other`, ...stays].sort());
    await api.patch(`/resource-servers/${server}`, { scopes: less });
    expect(await heldByRole()).toEqual(stays);
    expect(await permissionsOf(user())).toEqual([]);
    // Back again, it is nobody's.
    await api.patch(`/resource-servers/${server}`, { scopes });
    expect(await heldByRole()).toEqual(stays);
  });

  test('case=a permission is not given while its scope is being taken away', async () => {
    const { scopes } = (await api.get(`/resource-servers/${server}`)).body;
    const less = scopes.filter((scope: { value: string }) => scope.value !== 'other');
    const takeAway: Statement = [
      'update resource_servers set scopes = $2 where id = $1',
      [server, JSON.stringify(less)],
    ];
    const giving = () => api.post(`${role}/permissions`, of('other'));
    const { status } = await whileHeld(api.database.pool, [takeAway], giving);
    expect(status).toBe(400);
    await api.patch(`/resource-servers/${server}`, { scopes });
  });

  test('case=an API that is deleted takes its permissions along', async () => {
    const scopes = [{ value: 'a' }];
    const gone = (await api.post('/resource-servers', { identifier: 'urn:gone', scopes })).body.id;
    const body = { permissions: [{ resource_server_identifier: 'urn:gone', permission_name: 'a' }] };
    for (const holder of [role, user()]) await api.post(`${holder}/permissions`, body);
    await api.delete(`/resource-servers/${gone}`);
    for (const holder of [role, user()]) expect(await permissionsOf(holder)).toEqual([]);
  });
});

describe('roles and permissions of a person', () => {
  test('case=roles are assigned, listed and taken', async () => {
    const id = role.slice('/roles/'.length);
    expect((await api.post(`${user()}/roles`, { roles: [id, id] })).status).toBe(204);
    const listed = (await api.get(`${user()}/roles?include_totals=true`)).body;
    expect(listed).toEqual({
      start: 0,
      limit: 50,
      total: 1,
      roles: [{ id, name: `role ${serial}`, description: null }],
    });
    const holders = await api.get(`${role}/users`);
    const shown = { user_id: cast.dana, email: 'dana@acme.example', name: 'dana@acme.example' };
    expect(holders.body).toEqual([{ ...shown, picture: expect.stringMatching(/^https:/) }]);
    expect((await api.delete(`${user()}/roles`, { roles: [id] })).status).toBe(204);
    expect((await api.get(`${user()}/roles`)).body).toEqual([]);
  });

  test('case=users are assigned to a role, and listed by cursor', async () => {
    const given = await api.post(`${role}/users`, { users: [cast.bob, cast.dana, cast.bob] });
    expect([given.status, given.body]).toEqual([200, {}]);
    const first = (await api.get(`${role}/users?take=1`)).body;
    const second = (await api.get(`${role}/users?take=1&from=${first.next}`)).body;
    expect([...first.users, ...second.users].map((item) => item.user_id).sort()).toEqual([cast.dana, cast.bob].sort());
    expect(second.next).toBeUndefined();
    const refused = await api.post(`${role}/users`, { users: [cast.bob, 'auth0|5f7c8ec7c33c6c004bbafe82'] });
    expect(refused.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_user' });
  });

  test('case=a role that does not exist, a user who does not', async () => {
    const unknown = await api.post(`${user()}/roles`, { roles: ['rol_0000000000000000'] });
    expect(unknown.body).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    const nobody = '/users/auth0%7C5f7c8ec7c33c6c004bbafe82';
    for (const answer of [
      await api.get(`${nobody}/roles`),
      await api.post(`${nobody}/roles`, { roles: [cast.role] }),
      await api.delete(`${nobody}/roles`, { roles: [cast.role] }),
      await api.get(`${nobody}/permissions`),
      await api.post(`${nobody}/permissions`, of('read:things')),
      await api.delete(`${nobody}/permissions`, of('read:things')),
    ])
      expect(answer.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_user' });
  });

  test('case=permissions with their sources; what a role gives is not taken from the person', async () => {
    const id = role.slice('/roles/'.length);
    await api.post(`${role}/permissions`, of('read:things', 'write:things'));
    await api.post(`${user()}/roles`, { roles: [id] });
    expect((await api.post(`${user()}/permissions`, of('read:things'))).body).toEqual({});
    const source = { source_id: id, source_name: `role ${serial}`, source_type: 'ROLE' };
    const direct = { source_id: '', source_name: '', source_type: 'DIRECT' };
    const { permissions, total } = (await api.get(`${user()}/permissions?include_totals=true`)).body;
    expect(total).toBe(2);
    expect(permissions).toMatchObject([
      { permission_name: 'read:things', sources: [direct, source] },
      { permission_name: 'write:things', sources: [source] },
    ]);
    expect((await api.delete(`${user()}/permissions`, of('read:things', 'write:things'))).status).toBe(204);
    expect(await permissionsOf(user())).toEqual(['read:things', 'write:things']);
    await api.delete(role);
    expect(await permissionsOf(user())).toEqual([]);
  });

  test('case=no more than fifty roles', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 51; n += 1) ids.push((await api.post('/roles', { name: `many ${n}` })).body.id);
    const body = { email: 'many@acme.example', password: 'Correct-horse-9', connection: 'Username-Password' };
    const many = (await api.post('/users', body)).body.user_id;
    const theirs = `/users/${path(many)}/roles`;
    expect((await api.post(theirs, { roles: ids.slice(0, 50) })).status).toBe(204);
    expect((await api.post(theirs, { roles: [ids[50]] })).status).toBe(400);
    expect((await api.post(`/roles/${ids[50]}/users`, { users: [many] })).status).toBe(400);
    expect((await api.get(`${theirs}?per_page=100`)).body).toHaveLength(50);
  });

  test('case=a deleted user holds nothing', async () => {
    const body = { email: 'gone@acme.example', password: 'Correct-horse-9', connection: 'Username-Password' };
    const gone = (await api.post('/users', body)).body.user_id;
    await api.post(`${role}/users`, { users: [gone] });
    await api.post(`/users/${path(gone)}/permissions`, of('read:things'));
    await api.delete(`/users/${path(gone)}`);
    expect((await api.get(`${role}/users`)).body).toEqual([]);
  });
});

describe('scopes', () => {
  test('case=a token that may end refresh tokens alone ends no session', async () => {
    const path = '/sessions/ses_0000000000000000000000/revoke';
    const answer = await api.post(path, undefined, 'delete.refresh_tokens');
    expect([answer.status, answer.body.message]).toEqual([403, 'Insufficient scope, expected all of: delete:sessions']);
    expect((await api.post(path, undefined, 'delete.sessions')).status).toBe(404);
  });

  test('case=who has a role is not told to those who may read one half alone', async () => {
    for (const url of [`${role}/users`, `${user()}/roles`]) {
      for (const half of ['read.users', 'read.roles']) {
        const answer = await api.get(url, half);
        expect([answer.status, answer.body.message]).toEqual([
          403,
          'Insufficient scope, expected all of: read:users, read:roles',
        ]);
      }
      expect((await api.get(url, 'read.users+read.roles')).status).toBe(200);
      expect((await api.get(url, 'read.role_members')).status).toBe(200);
    }
  });
});
