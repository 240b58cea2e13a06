/** `/jobs/verification-email`: a mail to the user alone, and a job that tells what became of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const send = (body: object = {}) => api.post('/jobs/verification-email', { user_id: cast.bob, ...body });

test('case=the-mail-goes-to-the-user-and-the-job-tells-of-it', async () => {
  const { status, body: job } = await send({ client_id: cast.client, organization_id: cast.organization });
  expect(status).toBe(201);
  expect(job).toMatchObject({ id: expect.stringMatching(/^job_/), type: 'verification_email', status: 'pending' });
  const mail = (await api.mail()).find(({ id }) => id === job.id);
  expect(mail).toMatchObject({
    ...{ to: 'bob@acme.example', template: 'verify_email' },
    model: { brand: { title: 'Acme Inc' }, facts: { application: { name: 'App' }, organization: { name: 'acme' } } },
  });
  const [ticket] = (await api.database.pool.query('select * from tickets')).rows;
  expect(ticket).toMatchObject({ user_id: cast.bob, purpose: 'verify_email', vouches: 'mail', client_id: cast.client });
  const path = `/jobs/${job.id}`;
  expect((await api.get(path)).body).toEqual(job);
  expect((await api.get(`${path}/errors`)).status).toBe(204);
  await api.database.pool.query("update outbox set next_attempt_at = 'infinity' where id = $1", [job.id]);
  expect((await api.get(path)).body.status).toBe('failed');
  await api.database.pool.query('update outbox set sent_at = now() where id = $1', [job.id]);
  expect((await api.get(path)).body.status).toBe('completed');
});

test('case=the-job-tells-what-the-mail-server-said-and-names-no-address', async () => {
  const { body: job } = await send();
  const after = (columns: string) =>
    api.database.pool.query(
      `update outbox set attempts = 2, last_error = 'mail server: 550 <bob@acme.example>: unknown', ${columns}
        where id = $1`,
      [job.id],
    );
  const read = async () => (await api.get(`/jobs/${job.id}`)).body;
  await after(`next_attempt_at = '2030-01-01T00:00:00Z'`);
  const trouble = { tries: 2, reason: 'mail server: 550 (an address) unknown' };
  expect(await read()).toEqual({ ...job, trouble: { ...trouble, next_try_at: '2030-01-01T00:00:00.000Z' } });
  await after(`next_attempt_at = 'infinity'`);
  expect(await read()).toEqual({ ...job, status: 'failed', trouble });
});

test('case=no-answer-and-no-line-has-the-link', async () => {
  const { body: job } = await send();
  const url = String((await api.mail()).find(({ id }) => id === job.id)?.model.url);
  const shown = JSON.stringify([job, (await api.get(`/jobs/${job.id}`)).body, (await api.get('/logs')).body]);
  expect(url).toContain('/u/verify-email?ticket=');
  expect(shown).not.toContain(new URL(url).searchParams.get('ticket'));
});

test('case=a-mail-that-is-no-job-is-not-shown', async () => {
  await api.database.pool.query(
    `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at)
     values ('job_password', 'x@acme.example', 'password_reset', '', now(), now())`,
  );
  expect((await api.get('/jobs/job_password')).status).toBe(404);
});

test.each([
  ['a user who is not there', { user_id: 'auth0|nobody' }, 404],
  ['an application that is not there', { client_id: 'nothing' }, 400],
  ['an organization that is not there', { organization_id: 'org_0000000000000000' }, 404],
  ['an identity of somebody else', { identity: { provider: 'auth0', user_id: 'nobody' } }, 400],
])('case=refused: %s', async (_what, body, status) => {
  const before = (await api.mail()).length;
  expect((await send(body)).status).toBe(status);
  expect(await api.mail()).toHaveLength(before);
});
