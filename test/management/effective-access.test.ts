/**
 * Access of a person in the whole tenant and where it comes from, its removal at once, and the connections of an application: the
 * operations beside users that tools of today ask for.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const API = 'https://orders.example/';
let api: Management;
let cast: Cast;
let user: string;
let reader: string;
let writer: string;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  user = encodeURIComponent(cast.dana);
  const scopes = ['read', 'write', 'delete'].map((value) => ({ value, description: `May ${value}` }));
  await api.post('/resource-servers', { name: 'Orders', identifier: API, scopes });
  await api.post('/resource-servers', { name: 'Other', identifier: 'https://other.example/', scopes });
  const permission = (name: string, identifier = API) => ({
    resource_server_identifier: identifier,
    permission_name: name,
  });
  reader = (await api.post('/roles', { name: 'order reader', description: 'Reads' })).body.id;
  writer = (await api.post('/roles', { name: 'order writer' })).body.id;
  await api.post(`/roles/${reader}/permissions`, { permissions: [permission('read')] });
  await api.post(`/roles/${writer}/permissions`, { permissions: [permission('read'), permission('write')] });
  await api.post(`/users/${user}/roles`, { roles: [reader, writer] });
  const own = [permission('write'), permission('delete'), permission('read', 'https://other.example/')];
  await api.post(`/users/${user}/permissions`, { permissions: own });
});
afterAll(() => api.close());

describe('effective roles and permissions', () => {
  test('roles say that they were given directly', async () => {
    const { body } = await api.get(`/users/${user}/effective-roles`);
    expect(body.roles).toEqual([
      { id: reader, name: 'order reader', description: 'Reads', sources: ['direct'] },
      { id: writer, name: 'order writer', description: '', sources: ['direct'] },
    ]);
    const first = (await api.get(`/users/${user}/effective-roles?take=1`)).body;
    expect(first.roles).toHaveLength(1);
    expect((await api.get(`/users/${user}/effective-roles?take=1&from=${first.next}`)).body.roles).toEqual([
      expect.objectContaining({ id: writer }),
    ]);
  });

  test('permissions of one API, own ones and those of roles, page by page', async () => {
    const path = `/users/${user}/effective-permissions?resource_server_identifier=${encodeURIComponent(API)}`;
    const { body } = await api.get(path);
    const shape = (item: Record<string, unknown>) => [item.permission_name, item.sources];
    const all = [
      ['delete', ['direct']],
      ['read', ['roles']],
      ['write', ['direct', 'roles']],
    ];
    expect(body.permissions.map(shape)).toEqual(all);
    expect(body.permissions[1]).toMatchObject({
      resource_server_identifier: API,
      resource_server_name: 'Orders',
      description: 'May read',
    });
    expect(body).not.toHaveProperty('next');
    const first = (await api.get(`${path}&take=2`)).body;
    const rest = (await api.get(`${path}&take=2&from=${first.next}`)).body;
    expect([...first.permissions, ...rest.permissions].map(shape)).toEqual(all);
    expect(rest).not.toHaveProperty('next');
    expect((await api.get(`/users/${user}/effective-permissions`)).status).toBe(400);
    expect((await api.get(`${path}&from=nonsense`)).status).toBe(400);
    const cursor = Buffer.from('2026-01-01T00:00:00.000Z,-5').toString('base64url');
    expect((await api.get(`${path}&from=${cursor}`)).status).toBe(400);
    expect((await api.get(`/users/${user}/effective-permissions?resource_server_identifier=x`)).body).toEqual({
      permissions: [],
    });
  });

  test('the roles that give a permission', async () => {
    const ask = async (name: string) =>
      (
        await api.get(
          `/users/${user}/effective-permissions/sources/effective-roles?resource_server_identifier=${encodeURIComponent(API)}&permission_name=${name}`,
        )
      ).body.roles.map(({ id }: { id: string }) => id);
    expect((await ask('read')).sort()).toEqual([reader, writer].sort());
    expect(await ask('write')).toEqual([writer]);
    expect(await ask('delete')).toEqual([]);
  });

  test('of nobody: 404', async () => {
    for (const path of ['effective-roles', 'effective-permissions?resource_server_identifier=x', 'groups'])
      expect(await api.get(`/users/auth0%7Cnobody/${path}`)).toMatchObject({ status: 404 });
    for (const path of ['/organizations/org_0000000000000000/groups', '/roles/rol_0000000000000000/groups'])
      expect((await api.get(path)).status).toBe(404);
  });
});

describe('revoke-access', () => {
  const NAMES = ['one', 'two'];
  const path = () => `/users/${user}/revoke-access`;
  const sessions = async () =>
    (await api.get(`/users/${user}/sessions`)).body.sessions.map((one: { id: string }) => one.id);
  const tokens = async () => (await api.get(`/users/${user}/refresh-tokens`)).body.tokens.length;

  beforeEach(async () => {
    const { pool } = api.database;
    await pool.query('delete from refresh_tokens');
    await pool.query('delete from sessions');
    for (const name of NAMES)
      await pool.query(
        `insert into sessions (user_id, id, session_hash, connection_id, created_at, last_used_at, authenticated_at, expires_at, idle_expires_at)
         values ($1, $2, sha256(convert_to($2::text, 'UTF8')), $3, now(), now(), now(), now() + interval '1 day', now() + interval '1 day')`,
        [cast.dana, `session-${name}`, cast.oidcConnection],
      );
    for (const name of NAMES)
      await pool.query(
        `insert into refresh_tokens (user_id, token_hash, family_id, client_id, connection_id, session_id, scope,
           authenticated_at, created_at, expires_at, idle_expires_at)
         values ($1, sha256(convert_to($2::text, 'UTF8')), $2, $3, $4, $2, 'openid', now(), now(),
           now() + interval '1 day', now() + interval '1 day')`,
        [cast.dana, `session-${name}`, cast.client, cast.oidcConnection],
      );
  });

  test('all sessions', async () => {
    expect(await sessions()).toHaveLength(2);
    expect(await tokens()).toBe(2);
    expect((await api.post(path(), {})).status).toBe(202);
    expect(await sessions()).toEqual([]);
    expect(await tokens()).toBe(0);
  });

  test('one session', async () => {
    expect((await api.post(path(), { session_id: 'session-one', preserve_refresh_tokens: true })).status).toBe(202);
    expect(await sessions()).toEqual(['session-two']);
    expect(await tokens()).toBe(2);
    expect((await api.post(path(), { session_id: 'session-two' })).status).toBe(202);
    expect(await sessions()).toEqual([]);
    expect(await tokens()).toBe(1);
  });

  test('all sessions, and the refresh tokens stay', async () => {
    expect((await api.post(path(), { preserve_refresh_tokens: true })).status).toBe(202);
    expect(await sessions()).toEqual([]);
    expect(await tokens()).toBe(2);
  });

  test('attack=a session of somebody else, by the path of another user', async () => {
    const other = `/users/${encodeURIComponent(cast.bob)}/revoke-access`;
    expect((await api.post(other, { session_id: 'session-one' })).status).toBe(400);
    expect(await sessions()).toHaveLength(2);
    expect((await api.post(`/users/auth0%7Cnobody/revoke-access`, {})).status).toBe(404);
  });

  test('attack=a scope for refresh tokens alone ends no session, one for sessions alone no refresh token', async () => {
    expect((await api.post(path(), {}, 'delete.refresh_tokens')).status).toBe(403);
    expect((await api.post(path(), {}, 'delete.sessions')).status).toBe(403);
    expect(await sessions()).toHaveLength(2);
    expect(await tokens()).toBe(2);
    expect((await api.post(path(), { preserve_refresh_tokens: true }, 'delete.sessions')).status).toBe(202);
    expect(await tokens()).toBe(2);
  });
});

describe('users and applications of a connection', () => {
  test('the user with an address is deleted; nobody is, for an address of nobody', async () => {
    const database = (await api.post('/connections', { name: 'to-empty', strategy: 'auth0' })).body;
    const email = 'gone@plain.example';
    const made = await api.post('/users', { connection: 'to-empty', email, password: 'Correct-horse-9-battery' });
    expect(made.status).toBe(201);
    const remove = (address: string, id = database.id) =>
      api.delete(`/connections/${id}/users?email=${encodeURIComponent(address)}`);
    expect((await remove('nobody@plain.example')).status).toBe(204);
    expect((await api.get(`/users/${encodeURIComponent(made.body.user_id)}`)).status).toBe(200);
    expect((await remove(email.toUpperCase())).status).toBe(204);
    expect((await api.get(`/users/${encodeURIComponent(made.body.user_id)}`)).status).toBe(404);
    expect((await remove('no address')).status).toBe(400);
    expect((await api.delete(`/connections/${database.id}/users`)).status).toBe(400);
    expect((await remove(email, cast.oidcConnection)).status).toBe(400);
    expect((await remove(email, 'con_0000000000000000')).status).toBe(404);
  });

  test('a linked identity is not deleted with the user of another connection', async () => {
    const database = (await api.post('/connections', { name: 'to-link', strategy: 'auth0' })).body;
    const email = 'linked@plain.example';
    const made = (await api.post('/users', { connection: 'to-link', email, password: 'Correct-horse-9-battery' })).body;
    const main = (await api.post('/connections', { name: 'main', strategy: 'auth0' })).body;
    const primary = (
      await api.post('/users', {
        connection: main.name,
        email: 'main@plain.example',
        password: 'Correct-horse-9-battery',
      })
    ).body;
    const link = { provider: 'auth0', user_id: made.user_id.slice('auth0|'.length) };
    expect((await api.post(`/users/${encodeURIComponent(primary.user_id)}/identities`, link)).status).toBe(201);
    expect((await api.delete(`/connections/${database.id}/users?email=${encodeURIComponent(email)}`)).status).toBe(409);
  });

  test('the connections of an application', async () => {
    const path = `/clients/${cast.client}/connections`;
    await api.patch(`/connections/${cast.oidcConnection}/clients`, [{ client_id: cast.client, status: true }]);
    const { body } = await api.get(path);
    expect(body.connections.map(({ id }: { id: string }) => id)).toContain(cast.oidcConnection);
    const listed = (await api.get('/connections')).body.find(({ id }: { id: string }) => id === cast.oidcConnection);
    expect(body.connections.find(({ id }: { id: string }) => id === cast.oidcConnection)).toEqual(listed);
    expect((await api.get(`${path}?strategy=samlp`)).body).toEqual({ connections: [] });
    expect((await api.get('/clients/nobody/connections')).status).toBe(404);
    expect((await api.get(path, 'read.clients')).status).toBe(403);
  });
});

describe('what is no id', () => {
  test.each(['/organizations/search', '/resource-servers/search'])(
    '%s says that there is no such search',
    async (path) => {
      const { status, body } = await api.get(`${path}?q=name:x&take=50`);
      expect(status).toBe(404);
      expect(body.message).toMatch(/^Search of .+: this server does not have this\. .+\.$/);
    },
  );

  test('an endpoint that only a person may call says what is missing', async () => {
    const { status, body } = await api.post('/device-credentials', {});
    expect({ status, message: body.message }).toEqual({
      status: 404,
      message: expect.stringMatching(/^Device credentials: this server does not have this\. .+\.$/),
    });
  });
});
