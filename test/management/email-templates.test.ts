/** `/email-templates`: what is accepted and given back, what is refused, and what a template changes about a mail. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCast, type Management, startManagement } from './harness.js';

let api: Management;
let dana: string;
beforeAll(async () => {
  api = await startManagement();
  dana = (await createCast(api)).dana;
});
afterAll(() => api.close());
beforeEach(() => api.database.pool.query('delete from email_templates'));

const WORDS = {
  ...{ template: 'verify_email', body: '<a href="{{ url }}">Go</a>', from: 'Own <a@own.example>', subject: 'Hello' },
  ...{ resultUrl: 'https://app.example/verified', syntax: 'liquid', urlLifetimeInSeconds: 600.5, enabled: true },
};
const PATH = '/email-templates/verify_email';

test('case=a-template-is-made-read-changed-and-replaced', async () => {
  const none = {
    status: 404,
    body: { message: 'The template does not exist.', errorCode: 'inexistent_email_template' },
  };
  expect(await api.get(PATH)).toMatchObject(none);
  expect(await api.patch(PATH, { enabled: false })).toMatchObject(none);
  expect(await api.call('PUT', PATH, WORDS)).toMatchObject(none);
  expect(await api.post('/email-templates', WORDS)).toMatchObject({ status: 200, body: WORDS });
  expect(await api.post('/email-templates', WORDS)).toMatchObject({
    ...{ status: 409, body: { message: 'Template verify_email already exists.' } },
  });
  expect((await api.get(PATH)).body).toEqual(WORDS);
  expect((await api.patch(PATH, { enabled: false })).body).toEqual({ ...WORDS, enabled: false });
  const { urlLifetimeInSeconds: _left, resultUrl: _out, ...less } = WORDS;
  expect((await api.call('PUT', PATH, less)).body).toEqual({ ...less, resultUrl: null, urlLifetimeInSeconds: null });
});

test.each([
  ['a body that is no Liquid', { body: '{% if %}' }],
  ['a body that reads a file', { body: '{% include "/etc/passwd" %}' }],
  ['a subject that is none', { subject: '{{ a | nonsense }}' }],
  ['a sender that is none', { from: 'nobody' }],
  ['another syntax', { syntax: 'handlebars' }],
  ['a body without end', { body: 'x'.repeat(200_001) }],
])('case=refused: %s', async (_what, change) => {
  expect((await api.post('/email-templates', { ...WORDS, ...change })).status).toBe(400);
  await api.post('/email-templates', WORDS);
  expect((await api.patch(PATH, change)).status).toBe(400);
  expect((await api.get(PATH)).body).toEqual(WORDS);
});

test('case=a-template-does-not-become-another', async () => {
  await api.post('/email-templates', WORDS);
  expect((await api.patch(PATH, { template: 'reset_email' })).status).toBe(400);
});

test('case=lifetime-and-result-of-the-link-are-those-of-the-template', async () => {
  await api.post('/email-templates', WORDS);
  const path = `/users/${encodeURIComponent(dana)}`;
  const ask = async () => {
    await api.patch(path, { email: `dana${Math.random()}@acme.example`, email_verified: false, verify_email: true });
    return (await api.database.pool.query('select * from tickets order by created_at desc limit 1')).rows[0];
  };
  const ticket = await ask();
  expect(ticket).toMatchObject({ result_url: 'https://app.example/verified', vouches: 'mail' });
  expect(ticket.expires_at.getTime() - ticket.created_at.getTime()).toBe(600_000);
  const mail = (await api.mail()).at(-1);
  expect(mail?.model.facts).toMatchObject({ user: { user_id: dana } });
  await api.patch(PATH, { resultUrl: '{{ application.callback_domain }}/result' });
  expect((await ask()).result_url).toBeNull();
  await api.patch(PATH, { enabled: false });
  const usual = await ask();
  expect(usual.expires_at.getTime() - usual.created_at.getTime()).toBe(432_000_000);
});
