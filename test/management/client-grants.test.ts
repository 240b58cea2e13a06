/** Client grants for machines and for people, grants of all scopes, and the policies of an API. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const API = 'https://api.example/';
let api: Management;
let cast: Cast;
let server: string;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  server = (await api.post('/resource-servers', { identifier: API, scopes: [{ value: 'a' }, { value: 'b' }] })).body.id;
});
afterAll(() => api.close());

test('case=one grant for the machine and one for people, found by their kind', async () => {
  const body = { client_id: cast.client, audience: API };
  const machine = await api.post('/client-grants', { ...body, scope: ['a'] });
  expect([machine.status, machine.body.subject_type]).toEqual([201, 'client']);
  const people = await api.post('/client-grants', { ...body, scope: ['b'], subject_type: 'user' });
  expect([people.status, people.body.subject_type]).toEqual([201, 'user']);
  expect((await api.post('/client-grants', { ...body, scope: ['a'], subject_type: 'user' })).status).toBe(409);
  for (const kind of ['client', 'user']) {
    const listed = await api.get(`/client-grants?client_id=${cast.client}&subject_type=${kind}`);
    expect(listed.body.map((grant: { id: string }) => grant.id)).toEqual([
      (kind === 'client' ? machine : people).body.id,
    ]);
  }
  await api.delete(`/client-grants/${machine.body.id}`);
  expect((await api.get(`/client-grants/${people.body.id}`)).body).toEqual(people.body);
});

test('case=all scopes, given and taken back', async () => {
  const body = { client_id: 'm2m', audience: API, allow_all_scopes: true };
  const made = await api.post('/client-grants', body);
  expect(made.body).toMatchObject({ allow_all_scopes: true, scope: [] });
  const path = `/client-grants/${made.body.id}`;
  expect((await api.patch(path, { allow_all_scopes: null, scope: ['a'] })).body.allow_all_scopes).toBeUndefined();
  expect((await api.patch(path, { allow_all_scopes: true })).body.allow_all_scopes).toBe(true);
});

test('attack: every scope of the Management API, those of later versions too', async () => {
  const audience = 'https://login.example/api/v2/';
  const body = { client_id: cast.client, audience, scope: [], allow_all_scopes: true };
  expect((await api.post('/client-grants', body)).body.errorCode).toBe('operation_not_supported');
  const made = await api.post('/client-grants', { ...body, allow_all_scopes: false });
  const widened = await api.patch(`/client-grants/${made.body.id}`, { allow_all_scopes: true });
  expect(widened.body.errorCode).toBe('operation_not_supported');
});

test('case=rich authorization requests are refused rather than ignored', async () => {
  const body = { client_id: cast.client, audience: API, subject_type: 'user', authorization_details_types: ['pay'] };
  expect((await api.post('/client-grants', body)).body.errorCode).toBe('operation_not_supported');
});

test('case=policies of an API, each by itself; the Management API keeps its own', async () => {
  const path = `/resource-servers/${server}`;
  const shown = async () => (await api.get(path)).body.subject_type_authorization;
  expect(await shown()).toEqual({ user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } });
  await api.patch(path, { subject_type_authorization: { user: { policy: 'require_client_grant' } } });
  await api.patch(path, { subject_type_authorization: { client: { policy: 'deny_all' } } });
  expect(await shown()).toEqual({ user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } });
  const unknown = { subject_type_authorization: { client: { policy: 'allow_all' } } };
  expect((await api.patch(path, unknown)).status).toBe(400);
  const made = await api.post('/resource-servers', {
    identifier: 'urn:closed',
    subject_type_authorization: { user: { policy: 'deny_all' } },
  });
  expect(made.body.subject_type_authorization.user).toEqual({ policy: 'deny_all' });
  const system = `/resource-servers/${encodeURIComponent('https://login.example/api/v2/')}`;
  const closed = { subject_type_authorization: { client: { policy: 'deny_all' } } };
  expect((await api.patch(system, closed)).body.errorCode).toBe('operation_not_supported');
});

const newGrant = async (client: string, more: object = {}) =>
  (await api.post('/client-grants', { client_id: client, audience: API, scope: ['a'], ...more })).body;

test('case=a grant is given to organizations and taken from them, and ends with each of both', async () => {
  const clients = await Promise.all(
    ['One', 'Two'].map(async (name) => (await api.post('/clients', { name })).body.client_id),
  );
  const [first, second] = await Promise.all(clients.map((client) => newGrant(client, { organization_usage: 'allow' })));
  const other = (await api.post('/organizations', { name: 'with-machines' })).body.id;
  const path = `/organizations/${other}/client-grants`;
  const shown = { id: first.id, client_id: clients[0], audience: API, scope: ['a'] };
  const given = await api.post(path, { grant_id: first.id });
  const expected = { ...shown, organization_usage: 'allow', allow_any_organization: false };
  expect(given).toMatchObject({ status: 201, body: expected });
  expect(given.body).toEqual(expected);
  expect(await api.post(path, { grant_id: first.id })).toMatchObject({
    status: 409,
    body: { message: 'The client grant has already been added to this organization.' },
  });
  await api.post(path, { grant_id: second.id });
  await api.post(`/organizations/${cast.organization}/client-grants`, { grant_id: second.id });
  const idsOf = async (query: string) => (await api.get(`${path}${query}`)).body.map(({ id }: { id: string }) => id);
  expect(await idsOf('')).toEqual([first.id, second.id]);
  expect(await idsOf('?per_page=1&page=1')).toEqual([second.id]);
  expect(await idsOf(`?client_id=${clients[1]}`)).toEqual([second.id]);
  expect(await idsOf(`?grant_ids=${second.id}`)).toEqual([second.id]);
  expect(await idsOf(`?grant_ids=${second.id}&grant_ids=${first.id}`)).toEqual([first.id, second.id]);
  expect(await idsOf(`?audience=${encodeURIComponent(API)}`)).toEqual([first.id, second.id]);
  expect(await idsOf('?audience=urn:other')).toEqual([]);
  expect((await api.get(`${path}?include_totals=true`)).body).toMatchObject({
    total: 2,
    client_grants: [expected, {}],
  });
  const organizations = `/client-grants/${second.id}/organizations`;
  const names = async () => (await api.get(organizations)).body.map(({ name }: { name: string }) => name);
  expect((await api.get(organizations)).body).toHaveLength(2);
  const page = (await api.get(`${organizations}?take=1`)).body;
  expect((await api.get(`${organizations}?take=1&from=${page.next}`)).body.organizations).toMatchObject([
    { id: cast.organization },
  ]);
  expect((await api.delete(`${path}/${second.id}`)).status).toBe(204);
  expect((await api.delete(`${path}/${second.id}`)).status).toBe(204);
  expect(await idsOf('')).toEqual([first.id]);
  await api.delete(`/client-grants/${first.id}`);
  expect(await idsOf('')).toEqual([]);
  await api.post(path, { grant_id: second.id });
  expect(await names()).toContain('with-machines');
  await api.delete(`/organizations/${other}`);
  expect(await names()).not.toContain('with-machines');
});

test('case=no such grant, no such organization, and a grant for people', async () => {
  const path = `/organizations/${cast.organization}/client-grants`;
  const missing = await api.post(path, { grant_id: 'cgr_AAAAAAAAAAAAAAAA' });
  expect(missing).toMatchObject({ status: 404, body: { message: 'The grant does not exist.' } });
  expect((await api.post('/organizations/org_AAAAAAAAAAAAAAAA/client-grants', { grant_id: 'cgr_A' })).status).toBe(404);
  expect((await api.get('/client-grants/cgr_AAAAAAAAAAAAAAAA/organizations')).status).toBe(404);
  const client = (await api.post('/clients', { name: 'For people' })).body.client_id;
  const people = await newGrant(client, { subject_type: 'user' });
  expect((await api.post(path, { grant_id: people.id })).body.message).toMatch(/subject_type user/);
  const any = await newGrant(client, { organization_usage: 'require', allow_any_organization: true });
  expect((await api.get('/client-grants?allow_any_organization=true')).body).toMatchObject([{ id: any.id }]);
});
