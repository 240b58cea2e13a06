/** `/log-streams`: what is accepted, what is refused in words, and who sees the secrets of a stream. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const SINK = {
  httpEndpoint: 'https://logs.example/in',
  httpAuthorization: 'Bearer very-secret',
  httpContentFormat: 'JSONARRAY',
  httpContentType: 'application/json',
  httpCustomHeaders: [{ header: 'X-Key', value: 'also-secret' }],
};
const create = async (body: object = {}) =>
  (await api.post('/log-streams', { name: 'Collector', type: 'http', sink: SINK, ...body })).body;

test('case=a-stream-is-made-read-changed-and-deleted', async () => {
  const made = await create({ filters: [{ type: 'category', name: 'auth.login.fail' }], isPriority: true });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^lst_[A-Za-z0-9]{16}$/),
    ...{ name: 'Collector', type: 'http', status: 'active', isPriority: true, sink: SINK },
    filters: [{ type: 'category', name: 'auth.login.fail' }],
    signing_secret: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const path = `/log-streams/${made.id}`;
  expect((await api.get(path)).body).toEqual(made);
  const changed = await api.patch(path, { name: 'Other', status: 'paused', filters: [] });
  expect(changed.body).toMatchObject({ name: 'Other', status: 'paused', filters: [], isPriority: true });
  expect((await api.delete(path)).status).toBe(204);
  for (const answer of [await api.get(path), await api.patch(path, { name: 'x' }), await api.delete(path)])
    expect(answer).toMatchObject({ status: 404, body: { message: 'The log stream does not exist.' } });
});

test('case=secrets-are-shown-to-those-who-may-change-the-stream-and-nowhere-else', async () => {
  const made = await create();
  const path = `/log-streams/${made.id}`;
  const both = await api.get(path, 'read.log_streams+update.log_streams');
  expect(both.body.sink.httpAuthorization).toBe('Bearer very-secret');
  const others = [
    (await api.get(path, 'read.log_streams')).body,
    (await api.get('/log-streams')).body,
    (await api.patch(path, { name: 'x' })).body,
    (await api.get('/logs')).body,
    (await api.database.pool.query('select to_jsonb(s) from log_streams s')).rows,
  ];
  for (const shown of others) expect(JSON.stringify(shown)).not.toMatch(/very-secret|also-secret/);
  expect(JSON.stringify(others)).not.toContain(made.signing_secret);
});

test('case=a-new-endpoint-does-not-get-the-former-authorization', async () => {
  const path = `/log-streams/${(await create()).id}`;
  await api.patch(path, { sink: { httpEndpoint: 'https://elsewhere.example/' } });
  expect((await api.get(path)).body.sink).toEqual({
    httpEndpoint: 'https://elsewhere.example/',
    httpContentFormat: 'JSONLINES',
    httpContentType: 'application/json',
  });
});

test.each([
  ['another kind', { type: 'datadog', sink: { datadogApiKey: 'a'.repeat(32), datadogRegion: 'eu' } }, 403],
  ['masking', { pii_config: { log_fields: ['email'] } }, 400],
  ['a password in the address', { sink: { httpEndpoint: 'https://a:b@logs.example/' } }, 400],
  ['no address', { sink: { httpEndpoint: 'https://' } }, 400],
  ['another scheme', { sink: { httpEndpoint: 'ftp://logs.example/' } }, 400],
  ['a header with a line break', { sink: { ...SINK, httpAuthorization: 'x\r\nHost: evil' } }, 400],
  ['a header of the server', { sink: { ...SINK, httpCustomHeaders: [{ header: 'Host', value: 'x' }] } }, 400],
  ['a filter without a name', { filters: [{ type: 'category' }] }, 400],
  ['a date that is none', { startFrom: 'yesterday' }, 400],
])('case=refused: %s', async (_what, body, status) => {
  const before = (await api.get('/log-streams')).body.length;
  const answer = await api.post('/log-streams', { name: 'x', type: 'http', sink: SINK, ...body });
  expect(answer.status).toBe(status);
  expect((await api.get('/log-streams')).body).toHaveLength(before);
});

test('case=nobody-but-the-server-suspends-a-stream', async () => {
  const path = `/log-streams/${(await create()).id}`;
  expect((await api.patch(path, { status: 'suspended' })).status).toBe(400);
});

test('case=there-are-ten-streams-at-most', async () => {
  for (let made = (await api.get('/log-streams')).body.length; made < 10; made += 1) await create();
  expect((await api.post('/log-streams', { type: 'http', sink: SINK })).status).toBe(409);
});

test('attack=streams-made-at-once-are-ten-at-most', async () => {
  const ids: string[] = (await api.get('/log-streams')).body.map(({ id }: { id: string }) => id);
  for (const id of ids.slice(9)) await api.delete(`/log-streams/${id}`);
  for (let made = Math.min(ids.length, 9); made < 9; made += 1) await create();
  const { pool } = api.database;
  const other = await pool.connect();
  // Held: no stream is made yet, and both requests have come.
  await other.query('begin; lock table log_streams in exclusive mode; select 1 from tenant for update');
  const answers = [1, 2].map(() => api.post('/log-streams', { type: 'http', sink: SINK }));
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await pool.query(waiting)).rowCount).toBe(2);
  await other.query('commit');
  other.release();
  expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 409]);
});
