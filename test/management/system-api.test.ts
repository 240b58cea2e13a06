/**
 * The Management API as a row of the tenant: Auth0's name, so that tools leave it alone, and one row for one server, whichever address the
 * server has had.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MANAGEMENT_SCOPES } from '../../src/management/api/scopes.js';
import { ensureSystemRows } from '../../src/management/bootstrap.js';
import { type Cast, createCast, type Management, ORIGIN, startManagement } from './harness.js';

const MOVED = 'https://moved.example';
const AUDIENCE = `${ORIGIN}/api/v2/`;

let api: Management;
let cast: Cast;
beforeEach(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterEach(() => api.close());

const startAt = (origin: string) =>
  ensureSystemRows(api.deps.directory, { ...api.deps, origin }, { id: 'm2m', secret: 's3cret' });
const listServers = async () => (await api.get('/resource-servers')).body;
/** As they are stored: the served API has the address before. */
const listStored = async () => (await api.deps.directory.access.listResourceServers({}, { limit: 10 })).items;

test('it has the name that tools look for, and its mark', async () => {
  expect(await listServers()).toEqual([
    expect.objectContaining({ identifier: AUDIENCE, name: 'Auth0 Management API', is_system: true }),
  ]);
  const [{ id }] = await listServers();
  expect((await api.delete(`/resource-servers/${id}`)).status).toBe(400);
});

test('another address moves it: one row with the same id, and the grants for it', async () => {
  const grant = { client_id: cast.client, audience: AUDIENCE, scope: ['read:users'] };
  const { id: grantId } = (await api.post('/client-grants', grant)).body;
  const [{ id }] = await listServers();
  await startAt(MOVED);
  expect(await listStored()).toMatchObject([
    { id, identifier: `${MOVED}/api/v2/`, name: 'Auth0 Management API', isSystem: true },
  ]);
  const { access } = api.deps.directory;
  expect(await access.findGrant(grantId)).toMatchObject({ audience: `${MOVED}/api/v2/`, scopes: ['read:users'] });
  expect(await access.findUsableScopes('m2m', `${MOVED}/api/v2/`)).toEqual(MANAGEMENT_SCOPES);
  expect(await access.findUsableScopes('m2m', AUDIENCE)).toBeUndefined();
  await startAt(ORIGIN);
  expect(await listServers()).toEqual([expect.objectContaining({ id, identifier: AUDIENCE })]);
});

test('refresh tokens for it follow', async () => {
  await api.database.pool.query(
    `insert into refresh_tokens (user_id, token_hash, family_id, client_id, connection_id, scope, audience,
       authenticated_at, created_at, expires_at, idle_expires_at)
     select $1, a::bytea, a, $2, 'c', 'openid', a, now(), now(), now(), now()
       from unnest($3::text[]) as a`,
    [cast.dana, cast.client, [AUDIENCE, 'urn:other']],
  );
  await startAt(MOVED);
  const { rows } = await api.database.pool.query('select audience from refresh_tokens order by audience');
  expect(rows.map(({ audience }) => audience)).toEqual([`${MOVED}/api/v2/`, 'urn:other']);
});

test('an API that somebody registered at the next address does not become the Management API', async () => {
  const lure = { identifier: `${MOVED}/api/v2/`, name: 'Lure', scopes: [{ value: 'delete:users' }] };
  const { id } = (await api.post('/resource-servers', lure)).body;
  await api.post('/client-grants', { client_id: cast.client, audience: lure.identifier, scope: ['delete:users'] });
  await expect(startAt(MOVED)).rejects.toThrow(`an API with this identifier is registered in the tenant (${id})`);
  expect(await listServers()).toContainEqual(expect.objectContaining({ id, is_system: false }));
  expect(await listServers()).toContainEqual(expect.objectContaining({ identifier: AUDIENCE, is_system: true }));
});

describe('its own row takes nothing that could shut anybody out', () => {
  const path = `/resource-servers/${encodeURIComponent(AUDIENCE)}`;

  const ATTACKS: readonly (readonly [string, object])[] = [
    ['tokens too long to be accepted', { token_dialect: 'access_token_authz' }],
    ['another form of tokens', { token_dialect: 'rfc9068_profile' }],
    ['people without their permissions', { enforce_policies: false }],
    ['operators without refresh tokens', { allow_offline_access: false }],
    ['tokens that expire at once', { token_lifetime: 1 }],
    ['tokens that expire before a tool is done', { token_lifetime: 299 }],
    ['tokens that last for weeks', { token_lifetime: 2_592_000 }],
    ['no scopes', { scopes: [] }],
    ['one scope less', { scopes: MANAGEMENT_SCOPES.slice(1).map((value) => ({ value })) }],
    ['another name', { name: 'Mine' }],
    ['no machines', { subject_type_authorization: { client: { policy: 'deny_all' } } }],
    ['no people', { subject_type_authorization: { user: { policy: 'deny_all' } } }],
    ['another algorithm', { signing_alg: 'HS256' }],
    ['a setting that this server does not know yet', { authorization_details: [{ type: 'pay' }] }],
    ['one good change and one bad one', { token_lifetime: 3_600, token_dialect: 'access_token_authz' }],
  ];
  test('attack: settings that would shut people or machines out', async () => {
    const before = (await api.get(path)).body;
    for (const [what, body] of ATTACKS) {
      const refused = await api.patch(path, body);
      expect([refused.status, refused.body.errorCode], what).toEqual([400, 'operation_not_supported']);
      expect(refused.body.message, what).toMatch(/shut tools/);
    }
    expect((await api.get(path)).body).toEqual(before);
  });

  test('a lifetime between five minutes and a day is taken, and what was read may be sent back', async () => {
    for (const token_lifetime of [300, 86_400, 3_600])
      expect(await api.patch(path, { token_lifetime, token_lifetime_for_web: 300 })).toMatchObject({
        status: 200,
        body: { token_lifetime },
      });
    const { id, identifier, is_system, ...read } = (await api.get(path)).body;
    expect([id, identifier, is_system]).toEqual([expect.any(String), AUDIENCE, true]);
    expect(await api.patch(path, read)).toMatchObject({ status: 200, body: read });
    expect((await api.patch(path, { skip_consent_for_verifiable_first_party_clients: true })).status).toBe(200);
  });

  test('a row that was changed before is brought back by the next start, and the grant of the environment with it', async () => {
    await startAt(ORIGIN);
    await api.database.pool.query(
      `update resource_servers set token_dialect = 'access_token_authz', enforce_policies = false, allow_offline_access = false,
         token_lifetime_seconds = 1 where is_system;
       update client_grants set organization_usage = 'require', allow_any_organization = true where client_id = 'm2m'`,
    );
    await startAt(ORIGIN);
    expect((await api.get(path)).body).toMatchObject({
      ...{ token_dialect: 'access_token', enforce_policies: true, allow_offline_access: true, token_lifetime: 300 },
    });
    const [grant] = (await api.get('/client-grants?client_id=m2m')).body;
    expect([grant.organization_usage, grant.allow_any_organization]).toEqual([undefined, false]);
  });

  test('APIs of the tenant take all of it', async () => {
    const { id } = (await api.post('/resource-servers', { identifier: 'urn:own' })).body;
    const body = { token_dialect: 'access_token_authz', enforce_policies: true, token_lifetime: 2_592_000 };
    expect(await api.patch(`/resource-servers/${id}`, body)).toMatchObject({ status: 200, body });
  });
});
