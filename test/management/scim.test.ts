/** The Management API's side of inbound SCIM, in Auth0's words: configurations, the default mapping, tokens. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
let path: string;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  path = `/connections/${cast.oidcConnection}/scim-configuration`;
});
afterAll(() => api.close());

describe('a configuration', () => {
  test('is not there before it is created, and neither are its tokens', async () => {
    for (const answer of [await api.get(path), await api.get(`${path}/tokens`), await api.post(`${path}/tokens`, {})])
      expect(answer.status).toBe(404);
  });

  test('of a connection that does not exist, or that has no SCIM, is 404 in the words of Auth0', async () => {
    const unknown = await api.post('/connections/con_0000000000000000/scim-configuration', {});
    expect([unknown.status, unknown.body.message, unknown.body.errorCode]).toEqual([
      404,
      'The connection does not exist',
      'inexistent_connection',
    ]);
    const database = await api.post(`/connections/${cast.databaseConnection}/scim-configuration`, {});
    expect([database.status, database.body.message]).toEqual([404, 'This connection type does not support SCIM.']);
  });

  test('is created with the defaults, shown, listed, and created once', async () => {
    const created = await api.post(path);
    expect(created.status).toBe(201);
    const { mapping, created_at, updated_on, ...rest } = created.body;
    expect(rest).toEqual({
      tenant_name: 'login',
      connection_id: cast.oidcConnection,
      connection_name: 'acme-oidc',
      strategy: 'oidc',
      user_id_attribute: 'externalId',
    });
    expect([mapping[0], mapping.length]).toEqual([{ scim: 'userName', auth0: 'preferred_username' }, 32]);
    expect(created_at).toBe(updated_on);
    expect((await api.get(path)).body).toEqual(created.body);
    expect((await api.get(`${path}/default-mapping`)).body).toEqual({ mapping });
    expect((await api.get('/connections-scim-configurations')).body).toEqual({ scim_configurations: [created.body] });
    expect((await api.post(path, {})).status).toBe(409);
  });

  test('takes any mapping, as Auth0 does, whole and of a bounded size', async () => {
    const mapping = [{ scim: 'scim', auth0: 'attr_auth0' }];
    const changed = await api.patch(path, { user_id_attribute: 'userName', mapping });
    expect([changed.status, changed.body.mapping, changed.body.user_id_attribute]).toEqual([200, mapping, 'userName']);
    expect((await api.patch(path, { mapping })).status).toBe(400);
    const long = Array.from({ length: 201 }, () => mapping[0]);
    expect((await api.patch(path, { user_id_attribute: 'userName', mapping: long })).status).toBe(400);
    expect((await api.get(path)).body.mapping).toEqual(mapping);
  });
});

describe('a token', () => {
  test('is shown once, and listed without its secret', async () => {
    const { status, body } = await api.post(`${path}/tokens`, {});
    expect(status).toBe(201);
    expect(body.token).toMatch(/^tok_[A-Za-z0-9]{16}\.[0-9a-f]{64}$/);
    expect(body.token.startsWith(`${body.token_id}.`)).toBe(true);
    expect(body.scopes).toEqual(['get:users', 'post:users', 'put:users', 'patch:users', 'delete:users']);
    expect(body).not.toHaveProperty('valid_until');
    const { token, ...shown } = body;
    expect((await api.get(`${path}/tokens`)).body).toEqual([shown]);
    expect(JSON.stringify((await api.get('/logs')).body)).not.toContain(token.split('.')[1]);
  });

  test('is one of two: the third is 409 in the words of Auth0, until one is gone or has expired', async () => {
    const second = await api.post(`${path}/tokens`, { token_lifetime: 900, scopes: ['get:users', 'get:groups'] });
    expect(Date.parse(second.body.valid_until) - Date.parse(second.body.created_at)).toBe(900_000);
    const third = await api.post(`${path}/tokens`, {});
    expect([third.status, third.body.message]).toEqual([409, 'Maximum of 2 tokens already issued for this connection']);
    api.advance(900);
    expect((await api.post(`${path}/tokens`, {})).status).toBe(201);
    const ids = (await api.get(`${path}/tokens`)).body.map((item: { token_id: string }) => item.token_id);
    expect(ids).not.toContain(second.body.token_id);
    expect((await api.delete(`${path}/tokens/${ids[0]}`)).status).toBe(204);
    expect((await api.delete(`${path}/tokens/${ids[0]}`)).status).toBe(404);
  });

  test('three at once are two', async () => {
    for (const { token_id } of (await api.get(`${path}/tokens`)).body) await api.delete(`${path}/tokens/${token_id}`);
    const answers = await Promise.all([1, 2, 3].map(() => api.post(`${path}/tokens`, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
  });

  test.each([
    ['a lifetime below 900 seconds', { token_lifetime: 899 }],
    ['a lifetime beyond every calendar', { token_lifetime: 1e15 }],
    ['a scope that there is none of', { scopes: ['read:users'] }],
    ['no scope', { scopes: [] }],
    ['a property that there is none of', { name: 'x' }],
  ])('with %s is 400', async (_title, body) => {
    expect((await api.post(`${path}/tokens`, body)).status).toBe(400);
  });

  test('of one connection is not there for another', async () => {
    const other = await api.post('/connections', { name: 'other-oidc', strategy: 'oidc', options: {} });
    const [{ token_id }] = (await api.get(`${path}/tokens`)).body;
    const otherPath = `/connections/${other.body.id}/scim-configuration`;
    await api.post(otherPath, {});
    expect((await api.delete(`${otherPath}/tokens/${token_id}`)).status).toBe(404);
    expect((await api.get(`${otherPath}/tokens`)).body).toEqual([]);
  });
});

test('with the configuration its tokens are gone', async () => {
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.delete(path)).status).toBe(404);
  await api.post(path, {});
  expect((await api.get(`${path}/tokens`)).body).toEqual([]);
});

test('roles for groups take the scopes of giving and of taking', async () => {
  const rules = `/organizations/${cast.organization}/enabled_connections/${cast.oidcConnection}/scim-group-roles`;
  const body = { scim_group_roles: [] };
  for (const scope of ['create', 'delete'])
    expect((await api.patch(rules, body, `${scope}.organization_group_roles`)).status, scope).toBe(403);
  const both = 'create.organization_group_roles+delete.organization_group_roles';
  expect((await api.patch(rules, body, both)).status).toBe(200);
  expect((await api.get(rules, 'read.organization_members')).status).toBe(403);
});
