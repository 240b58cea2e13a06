/**
 * `POST /guardian/enrollments/ticket`: a link for setting up a second factor, as Auth0 answers it. A ticket that nobody could use is
 * refused in words, and only the answer and the mail have the link.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeEach(async () => {
  api = await startManagement();
  cast = await createCast(api);
  await api.put('/guardian/factors/otp', { enabled: true });
});
afterEach(() => api.close());

const create = (body: object, token?: string) =>
  api.post('/guardian/enrollments/ticket', { user_id: cast.bob, ...body }, token);
const rows = async () => (await api.database.pool.query('select * from tickets')).rows as Record<string, unknown>[];
const mails = async () => (await api.mail()).filter(({ template }) => template === 'enrollment_email');
const enrol = () =>
  api.post(`/users/${encodeURIComponent(cast.bob)}/authentication-methods`, {
    type: 'totp',
    totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  });

test('answers 200 with the id and the link; five days; the row has only a hash; no mail unless asked', async () => {
  const { status, body } = await create({});
  expect(status).toBe(200);
  expect(Object.keys(body as object)).toEqual(['ticket_id', 'ticket_url']);
  const { ticket_id: id, ticket_url: url } = body as { ticket_id: string; ticket_url: string };
  expect(new URL(url).pathname).toBe('/u/enroll-factor');
  expect(new URL(url).searchParams.get('ticket')).toBe(id);
  const [row] = await rows();
  expect(row).toMatchObject({ user_id: cast.bob, purpose: 'enrollment', factor: null, vouches: null });
  expect(Number(row?.expires_at) - Number(row?.created_at)).toBe(432_000_000);
  expect(JSON.stringify(row)).not.toContain(id);
  expect(await mails()).toEqual([]);
});

describe('the mail', () => {
  test('goes to the account, in the language that the caller names', async () => {
    await create({ send_mail: true, email_locale: 'de-AT' });
    const [mail] = await mails();
    expect(mail).toMatchObject({ to: 'bob@acme.example', model: { wish: { uiLocales: 'de-AT' } } });
  });

  test('goes to another address if the caller names one', async () => {
    await create({ send_mail: true, email: 'bob@home.example' });
    expect(await mails()).toMatchObject([{ to: 'bob@home.example' }]);
    expect(await rows()).toMatchObject([{ email: 'bob@acme.example' }]);
  });

  test('the lifetime of the tenant’s own template shortens the link', async () => {
    await api.post('/email-templates', {
      ...{ template: 'enrollment_email', body: 'Go: {{ link }}', subject: 'Go', from: '', syntax: 'liquid' },
      ...{ enabled: true, urlLifetimeInSeconds: 600 },
    });
    await create({ send_mail: true });
    const [row] = await rows();
    expect(Number(row?.expires_at) - Number(row?.created_at)).toBe(600_000);
  });
});

describe('what no ticket sets up is refused in words', () => {
  test.each([
    ['push-notification', /need an app of Auth0/],
    ['phone', /sends no text messages/],
    ['email', /needs no enrollment/],
    ['webauthn-platform', /also signs a person in/],
    ['webauthn-roaming', /is not enabled/],
  ])('case=%s', async (factor, words) => {
    expect(await create({ factor })).toMatchObject({ status: 400, body: { message: expect.stringMatching(words) } });
    expect(await rows()).toEqual([]);
  });

  test('case=nothing is enabled', async () => {
    await api.put('/guardian/factors/otp', { enabled: false });
    await api.put('/guardian/factors/webauthn-platform', { enabled: true });
    expect(await create({})).toMatchObject({ status: 400, body: { message: expect.stringMatching(/Enable otp/) } });
  });
});

test('somebody who is enrolled gets none, unless the caller allows it and another kind is enabled', async () => {
  await enrol();
  expect(await create({})).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(/allow_multiple_enrollments/) },
  });
  expect((await create({ allow_multiple_enrollments: true })).status).toBe(400);
  await api.put('/guardian/factors/webauthn-roaming', { enabled: true });
  expect((await create({ allow_multiple_enrollments: true })).status).toBe(200);
  expect((await create({ allow_multiple_enrollments: true, factor: 'otp' })).status).toBe(400);
  expect(await rows()).toHaveLength(1);
});

test('unknown and blocked users get none, and nobody without the scope', async () => {
  expect(await create({ user_id: 'auth0|nobody' })).toMatchObject({
    status: 404,
    body: { errorCode: 'inexistent_user' },
  });
  await api.patch(`/users/${encodeURIComponent(cast.bob)}`, { blocked: true });
  expect(await create({})).toMatchObject({ status: 400, body: { message: expect.stringMatching(/is blocked/) } });
  expect((await create({}, 'read.guardian_enrollments+create.authentication_methods')).status).toBe(403);
});
