/**
 * The Management API as a row of the tenant: Auth0's name, so that tools leave it alone, and one row for one server, whichever address the
 * server has had.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
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
