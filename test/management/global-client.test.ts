/** The client of Auth0's that stands for all applications: there for tools that read its login page, and good for nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const findGlobal = async () => (await api.get('/clients?is_global=true&include_totals=true')).body.clients[0];

describe('the client of all applications', () => {
  test('case=is-listed-for-those-who-ask-for-it-once-and-without-a-secret', async () => {
    const { body } = await api.get('/clients?is_global=true&include_totals=true');
    expect(body).toMatchObject({ total: 1, clients: [{ name: 'All Applications', global: true, grant_types: [] }] });
    expect(body.clients[0]).not.toHaveProperty('client_secret');
    expect(body.clients[0]).not.toHaveProperty('custom_login_page');
    expect((await api.get('/clients?is_global=true&page=1&per_page=1')).body).toEqual([]);
    for (const query of ['', '?is_global=false']) {
      const listed = (await api.get(`/clients${query}`)).body as { name: string }[];
      expect(listed.map(({ name }) => name)).not.toContain('All Applications');
    }
    expect((await api.get(`/clients/${(await findGlobal()).client_id}`)).body).toEqual(await findGlobal());
  });

  test('case=a-page-that-is-off-is-taken-and-one-that-people-would-see-is-refused', async () => {
    const before = await findGlobal();
    const path = `/clients/${before.client_id}`;
    const off = await api.patch(path, { custom_login_page: '<b>x</b>', custom_login_page_on: false });
    expect([off.status, off.body]).toEqual([200, before]);
    expect((await api.patch(path, { custom_login_page_on: true })).status).toBe(200);
    for (const change of [
      { custom_login_page: '<b>x</b>', custom_login_page_on: true },
      { custom_login_page: '<b>x</b>' },
      { callbacks: ['https://app.example/callback'] },
      { grant_types: ['client_credentials'] },
    ])
      expect(await api.patch(path, change)).toMatchObject({ status: 403, body: { errorCode: 'feature_not_enabled' } });
  });

  test('case=it-gets-no-secret-no-grant-and-no-connection', async () => {
    const { client_id } = await findGlobal();
    expect((await api.post(`/clients/${client_id}/rotate-secret`, {})).status).toBe(404);
    const audience = 'urn:global';
    await api.post('/resource-servers', { identifier: audience });
    expect((await api.post('/client-grants', { client_id, audience, scope: [] })).status).toBe(404);
    const connection = (await api.post('/connections', { name: 'global-db', strategy: 'auth0' })).body;
    const enabled = await api.patch(`/connections/${connection.id}/clients`, [{ client_id, status: true }]);
    expect(enabled.status).toBe(400);
  });
});
