/** `/emails/provider`: a mail server alone, its password never shown, and never sent to another server. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());
beforeEach(() => api.database.pool.query('delete from email_provider'));

const PATH = '/emails/provider';
const CREDENTIALS = { smtp_host: 'mail.example', smtp_port: 2525, smtp_user: 'u', smtp_pass: 'very-secret' };
const BODY = { name: 'smtp', default_from_address: 'Northwind <no-reply@northwind.example>', credentials: CREDENTIALS };
const SHOWN = {
  ...{ name: 'smtp', enabled: true, default_from_address: 'Northwind <no-reply@northwind.example>' },
  credentials: { smtp_host: 'mail.example', smtp_port: 2525, smtp_user: 'u' },
};
const ALL = `${PATH}?fields=name,enabled,default_from_address,credentials,settings`;

test('case=a-provider-is-made-read-changed-and-deleted', async () => {
  expect((await api.get(PATH)).body).toMatchObject({
    ...{ statusCode: 404, message: 'There is not a configured email provider', errorCode: 'inexistent_email_provider' },
  });
  expect((await api.patch(PATH, { enabled: false })).status).toBe(404);
  expect(await api.post(PATH, BODY)).toMatchObject({ status: 201, body: SHOWN });
  expect(await api.post(PATH, BODY)).toMatchObject({ status: 409 });
  expect((await api.get(PATH)).body).toEqual({ name: 'smtp', enabled: true });
  expect((await api.get(ALL)).body).toEqual(SHOWN);
  const settings = { headers: { 'X-SES-Configuration-Set': 'one' } };
  expect((await api.patch(PATH, { enabled: false, settings })).body).toEqual({ ...SHOWN, enabled: false, settings });
  expect((await api.delete(PATH)).status).toBe(204);
  expect((await api.delete(PATH)).status).toBe(404);
});

test('case=the-password-is-in-no-answer-no-log-and-no-row', async () => {
  const made = await api.post(PATH, BODY);
  const shown = [made.body, (await api.get(ALL)).body, (await api.patch(PATH, { enabled: true })).body];
  const logs = (await api.get('/logs')).body;
  const rows = (await api.database.pool.query('select to_jsonb(p) from email_provider p')).rows;
  expect(JSON.stringify([shown, logs, rows])).not.toContain('very-secret');
});

test('case=the-password-is-not-sent-to-another-server', async () => {
  await api.post(PATH, BODY);
  for (const credentials of [{ smtp_host: 'evil.example' }, { smtp_port: 25 }, { smtp_user: 'other' }])
    expect((await api.patch(PATH, { credentials })).status, JSON.stringify(credentials)).toBe(400);
  expect((await api.patch(PATH, { credentials: { smtp_host: 'mail.example' } })).status).toBe(200);
  const provider = await api.deps.directory.emails.findProvider();
  expect(provider).toMatchObject({ host: 'mail.example', password: 'very-secret' });
  await api.patch(PATH, { credentials: { ...CREDENTIALS, smtp_host: 'other.example', smtp_pass: 'new' } });
  expect(await api.deps.directory.emails.findProvider()).toMatchObject({ host: 'other.example', password: 'new' });
});

test.each([
  ['another provider', { name: 'sendgrid', credentials: { api_key: 'k' } }, 403],
  ['an Action', { name: 'custom', credentials: {} }, 403],
  ['another change of the provider', { ...BODY, credentials: { api_key: 'k' } }, 400],
  ['no host', { ...BODY, credentials: { smtp_port: 25 } }, 400],
  ['a host that is an address', { ...BODY, credentials: { smtp_host: 'http://mail.example' } }, 400],
  ['a user without a password', { ...BODY, credentials: { smtp_host: 'mail.example', smtp_user: 'u' } }, 400],
  ['two senders', { ...BODY, default_from_address: 'a@a.example, b@b.example' }, 400],
  ['a header of the mail itself', { ...BODY, settings: { headers: { Bcc: 'x@evil.example' } } }, 400],
  ['a header with a line break', { ...BODY, settings: { headers: { 'X-A': 'a\r\nBcc: x@evil.example' } } }, 400],
  ['an unknown setting', { ...BODY, settings: { message: {} } }, 400],
])('case=refused: %s', async (_what, body, status) => {
  expect((await api.post(PATH, body)).status).toBe(status);
  expect((await api.get(PATH)).status).toBe(404);
});

test('case=the-scope-is-enough-while-nobody-runs-the-tenant-in-person', async () => {
  expect((await api.post(PATH, BODY, 'create.email_provider')).status).toBe(201);
  expect((await api.delete(PATH, undefined, 'delete.email_provider')).status).toBe(204);
});
