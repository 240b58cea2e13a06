/** `GET /server/settings`: what the environment sets, and never a secret of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const read = async () => (await api.get('/server/settings')).body;

test('case=the-node-and-its-variables-a-secret-one-without-its-value', async () => {
  expect(await read()).toEqual({
    version: '1.2.3',
    issuer: 'https://login.example/',
    node: { name: 'one', runtime: `Node.js ${process.versions.node}`, started_at: '2026-11-01T08:00:00.000Z' },
    mail: { source: 'environment' },
    variables: [
      { name: 'VESTIBULE_LOG_RETENTION_DAYS', is_secret: false, value: 90 },
      { name: 'SMTP_URL', is_secret: false, value: 'smtps://mail.example' },
      { name: 'VESTIBULE_METRICS_PORT', is_secret: false, value: null },
      { name: 'DATABASE_URL', is_secret: true, is_set: true },
    ],
  });
});

test('case=mail-leaves-through-the-server-of-the-tenant-while-it-is-switched-on', async () => {
  await api.post('/emails/provider', { name: 'smtp', credentials: { smtp_host: 'mail.acme.example' } });
  expect((await read()).mail).toEqual({ source: 'tenant' });
  await api.patch('/emails/provider', { enabled: false });
  expect((await read()).mail).toEqual({ source: 'environment' });
});

test('case=it-takes-the-scope-of-the-settings', async () => {
  expect((await api.get('/server/settings', 'read.users')).status).toBe(403);
  expect((await api.get('/server/settings', 'read.tenant_settings')).status).toBe(200);
});
