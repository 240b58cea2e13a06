/**
 * `/custom-domains`: the address of the server, listed once somebody asks for it, in every form that tools read; and refusals for everything that
 * would need another.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

test('a tenant has no custom domain before somebody asks for it: its address is the canonical domain', async () => {
  expect((await api.get('/custom-domains')).body).toEqual([]);
  expect((await api.get('/custom-domains/default')).body).toEqual({ domain: 'login.example' });
  const same = { domain: 'login.example' };
  expect(await api.patch('/custom-domains/default', same)).toMatchObject({ status: 200, body: same });
  const ask = (more = {}) => api.post('/custom-domains', { ...same, type: 'self_managed_certs', ...more });
  expect((await ask({ type: 'auth0_managed_certs' })).status).toBe(403);
  expect((await ask({ custom_client_ip_header: 'true-client-ip' })).status).toBe(403);
  const { status, body } = await ask({ domain: 'LOGIN.example', tls_policy: 'recommended' });
  expect({ status, domain: body.domain, is: body.status }).toEqual({
    status: 201,
    domain: 'login.example',
    is: 'ready',
  });
  const path = `/custom-domains/${body.custom_domain_id}`;
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get('/custom-domains')).body).toEqual([]);
  expect((await api.get(path)).status).toBe(404);
  expect((await api.patch(path, {})).status).toBe(404);
  expect((await ask()).status).toBe(201);
});

const get = async () => (await api.get('/custom-domains')).body[0];

test('the address of the server is the one domain: ready, default, in each form of the list', async () => {
  const domain = await get();
  expect(domain).toMatchObject({ domain: 'login.example', status: 'ready', primary: true, is_default: true });
  expect((await api.get(`/custom-domains/${domain.custom_domain_id}`)).body).toEqual(domain);
  expect((await api.get('/custom-domains/default')).body).toEqual(domain);
  expect((await api.get('/custom-domains?take=10')).body).toEqual({ custom_domains: [domain] });
  const ask = async (q: string) => (await api.get(`/custom-domains?q=${encodeURIComponent(q)}`)).body.length;
  expect(await ask('domain:login.example AND status:ready')).toBe(1);
  expect(await ask('domain:login.*')).toBe(1);
  expect(await ask('status:pending_verification')).toBe(0);
  expect(await ask('domain:log')).toBe(0);
  expect((await api.get('/custom-domains?q=a%20OR%20b')).status).toBe(400);
});

test('verification and test say that it works; an unknown domain is 404', async () => {
  const { custom_domain_id: id, ...domain } = await get();
  expect((await api.post(`/custom-domains/${id}/verify`)).body).toMatchObject(domain);
  expect((await api.post(`/custom-domains/${id}/test`)).body).toMatchObject({ success: true });
  for (const path of ['', '/verify', '/test'])
    expect((await api.call(path === '' ? 'GET' : 'POST', `/custom-domains/cd_other${path}`, path && {})).status).toBe(
      404,
    );
});

test('writes that ask for what is there are done, all others refused', async () => {
  const domain = await get();
  const path = `/custom-domains/${domain.custom_domain_id}`;
  const same = { tls_policy: 'recommended', custom_client_ip_header: '', domain_metadata: {} };
  expect(await api.patch(path, same)).toMatchObject({ status: 200, body: domain });
  expect(await api.patch('/custom-domains/default', { domain: domain.domain })).toMatchObject({ status: 200 });
  // deploy-cli sends all that it read, except what no update accepts.
  const { custom_domain_id, domain: name, status, primary, is_default, type, verification, ...exported } = domain;
  expect(await api.patch(path, exported)).toMatchObject({ status: 200, body: domain });
  expect((await api.patch(path, { custom_client_ip_header: 'true-client-ip' })).status).toBe(403);
  expect((await api.patch('/custom-domains/default', { domain: 'other.example' })).status).toBe(404);
  expect((await api.delete('/custom-domains/cd_other')).status).toBe(204);
  const make = (name: string) => api.post('/custom-domains', { domain: name, type: 'self_managed_certs' });
  expect((await make('LOGIN.example')).status).toBe(409);
  expect(await make('other.example')).toMatchObject({ status: 403, body: { errorCode: 'feature_not_enabled' } });
});
