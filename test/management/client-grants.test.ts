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
