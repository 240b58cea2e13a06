/** `ETag` and `If-Match`, our addition: a change that was made since a thing was read is not overwritten unseen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ManagementDeps } from '../../src/management/api/deps.js';
import { hasVersions } from '../../src/management/api/versions.js';
import { createOperations } from '../../src/management/resources.js';
import { type Management, startManagement } from './harness.js';
import { CHANGES, type Made, makeVersioned, three, type Versioned } from './versioned.js';

let api: Management;
let made: Made;

beforeAll(async () => {
  api = await startManagement();
  made = await makeVersioned(api);
});
afterAll(() => api?.close());

/** Written by `PATCH` or `PUT`, and read one by one, but without a version. */
const WITHOUT: Readonly<Record<string, string>> = {
  '/clients/{client_id}/credentials/{credential_id}': 'its end is all that can be changed',
  '/connections/{id}/clients': 'a change names one application each, on or off: nothing unseen is written',
  '/custom-domains/default': 'one of two words',
  '/custom-domains/{id}': 'nothing of it can be changed here',
  '/guardian/factors/webauthn-platform/settings': 'one flag, which cannot be switched on here',
  '/guardian/factors/webauthn-roaming/settings': 'one of three words',
  '/guardian/policies': 'one of two lists',
  '/organizations/{id}/clients/{client_id}': 'one flag is all that can be changed',
  '/organizations/{id}/enabled_connections/{connectionId}/scim-group-roles':
    'replaced as a whole, by the set-up of the customer too: its rows are as many as there are roles, and none stands for all',
  '/refresh-tokens/{id}': 'its metadata is of one program',
  '/sessions/{id}': 'its metadata is of one program',
  '/users/{id}/authentication-methods': 'replaced as a whole, with secrets that no answer has',
  '/users/{id}/authentication-methods/{authentication_method_id}': 'a name is all that can be changed',
};

const etagOf = async (path: string, token?: string) => String((await api.get(path, token)).headers.etag);
const write = (one: Versioned, body: unknown, version: string) =>
  api.call(one.method ?? 'PATCH', one.at(made), body, undefined, { 'if-match': version });

test('everything that is read and written at one path has a version, or a reason to have none', () => {
  const operations = createOperations({} as ManagementDeps).filter(({ absent }) => absent !== true);
  const reads = operations.filter(({ method }) => method === 'get').map(({ path }) => path);
  const writes = operations.filter(({ method, path }) => /patch|put/.test(method) && reads.includes(path));
  const paths = [...new Set(writes.map(({ path }) => path))].sort();
  expect(paths.filter((path) => !hasVersions({ method: 'patch', path })).sort()).toEqual(Object.keys(WITHOUT).sort());
  expect(CHANGES.map(({ path }) => path).sort()).toEqual(paths.filter((path) => WITHOUT[path] === undefined));
});

describe('a write with If-Match', () => {
  test.each(CHANGES.map((one) => [one.path, one] as const))('%s', async (_path, one) => {
    const [first, second] = one.bodies;
    const version = await etagOf(one.at(made));
    expect(version).toMatch(/^"[\w-]{22}"$/);
    expect(await etagOf(one.at(made)), 'the same for who reads twice').toBe(version);
    expect((await write(one, first, version)).status).toBeLessThan(300);
    const { body } = await api.get(one.at(made));
    const refused = await write(one, second, version);
    expect([refused.status, refused.body.errorCode]).toEqual([412, 'changed_meanwhile']);
    expect((await api.get(one.at(made))).body, 'nothing was done').toEqual(body);
    expect((await write(one, second, `"other", W/${await etagOf(one.at(made))}`)).status).toBeLessThan(300);
    expect((await write(one, first, '*')).status).toBeLessThan(300);
  });
});

/** Runs `work` while a transaction of somebody else holds what `statement` locks; ends it once two others wait for it. */
async function whileHeld<T>(statement: string, work: () => readonly Promise<T>[]): Promise<readonly T[]> {
  const { pool } = api.database;
  const other = await pool.connect();
  await other.query('begin');
  await other.query(statement);
  const answers = work();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await pool.query(waiting)).rowCount).toBe(answers.length);
  await other.query('commit');
  other.release();
  return Promise.all(answers);
}

describe('attack=two operators who write within the same second: the later one is told', () => {
  test.each(CHANGES.map((one) => [one.path, one] as const))('%s', async (_path, one) => {
    const [start, ...changes] = one.bodies;
    await write(one, start, '*');
    const version = await etagOf(one.at(made));
    const answers = await whileHeld(`select 1 from ${one.row} for update`, () =>
      changes.map((body) => write(one, body, version)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBeLessThan(300);
    expect(statuses[1]).toBe(412);
  });

  test('a thing that is not there yet', async () => {
    const one: Versioned = {
      path: '',
      at: () => '/prompts/login/custom-text/fr',
      bodies: three((name) => ({ name })),
      method: 'PUT',
      row: '',
    };
    const version = await etagOf(one.at(made));
    const hold = `select pg_advisory_xact_lock(hashtextextended('["custom texts","login","fr"]', 0))`;
    const answers = await whileHeld(hold, () =>
      ['un', 'deux'].map((title) => write(one, { login: { title } }, version)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('by its other name', async () => {
    const byIdentifier: Versioned = {
      path: '',
      at: () => '/resource-servers/urn%3Aapi',
      bodies: three((name) => ({ name })),
      row: '',
    };
    const version = await etagOf(byIdentifier.at(made));
    const answers = await whileHeld(`select 1 from resource_servers for update`, () =>
      ['five', 'six'].map((name) => write(byIdentifier, { name }, version)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });
});

test('a password that was changed counts, which no answer shows', async () => {
  const path = '/emails/provider';
  const withPassword = (smtp_pass: string) => api.patch(path, { credentials: { smtp_user: 'u', smtp_pass } });
  await withPassword('one');
  const version = await etagOf(path);
  expect(await etagOf(`${path}?fields=name,credentials`), 'whichever fields are asked for').toBe(version);
  await withPassword('two');
  const answer = await api.call('PATCH', path, { enabled: false }, undefined, { 'if-match': version });
  expect(answer.status).toBe(412);
});

test('applications that a connection lost or got by their own path count, between the comparison and the write, too', async () => {
  const { pool } = api.database;
  const path = `/connections/${made.oidcConnection}`;
  await api.patch(`${path}/clients`, [{ client_id: made.client, status: true }]);
  const version = await etagOf(path);
  const other = await pool.connect();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const wait = (number: number) => expect.poll(async () => (await pool.query(waiting)).rowCount).toBe(number);
  // Held: the list of applications may be read, and not written.
  await other.query('begin; lock table connection_clients in exclusive mode');
  const taken = api.patch(`${path}/clients`, [{ client_id: made.client, status: false }]);
  await wait(1);
  const change = { display_name: 'For nobody', enabled_clients: [] };
  const stale = api.call('PATCH', path, change, undefined, { 'if-match': version });
  await wait(2);
  await other.query('commit');
  other.release();
  expect([(await taken).status, (await stale).status]).toEqual([204, 412]);
  expect((await api.get(path)).body.display_name).not.toBe('For nobody');
});

test('a change by another way counts: what a login or a directory wrote is not overwritten', async () => {
  const path = `/users/${encodeURIComponent(made.dana)}`;
  const version = await etagOf(path);
  await api.database.pool.query(`update users set app_metadata = '{"by": "an Action"}' where user_id = $1`, [
    made.dana,
  ]);
  const answer = await api.call('PATCH', path, { app_metadata: {} }, undefined, { 'if-match': version });
  expect(answer.status).toBe(412);
  expect((await api.get(path)).body.app_metadata).toEqual({ by: 'an Action' });
});

test('a deletion, too; and a refused one leaves no line in the log', async () => {
  const { id } = (await api.post('/roles', { name: 'gone' })).body;
  const version = await etagOf(`/roles/${id}`);
  await api.patch(`/roles/${id}`, { description: 'needed' });
  const lines = async () => (await api.get('/logs?include_totals=true')).body.total;
  const before = await lines();
  expect((await api.call('DELETE', `/roles/${id}`, undefined, undefined, { 'if-match': version })).status).toBe(412);
  expect(await lines()).toBe(before);
  const now = await etagOf(`/roles/${id}`);
  expect((await api.call('DELETE', `/roles/${id}`, undefined, undefined, { 'if-match': now })).status).toBe(200);
});

test('who sees less has another version, which is that of what they see', async () => {
  const path = `/clients/${made.client}`;
  const [all, less] = [await etagOf(path), await etagOf(path, 'read.clients+update.clients')];
  expect(less).not.toBe(all);
  const patch = (version: string) =>
    api.call('PATCH', path, { description: 'd' }, 'read.clients+update.clients', { 'if-match': version });
  expect((await patch(all)).status).toBe(412);
  expect((await patch(less)).status).toBe(200);
});

test('a version of what has none is refused, not ignored; a list has none', async () => {
  const answer = await api.call('POST', `/clients/${made.client}/rotate-secret`, {}, undefined, { 'if-match': '"x"' });
  expect([answer.status, answer.body.errorCode]).toEqual([412, 'no_version']);
  for (const path of ['/clients', '/organizations', '/users', '/actions/triggers'])
    expect((await api.get(path)).headers.etag).toBeUndefined();
  const { headers } = await api.get('/actions/triggers/post-login/bindings?page=1');
  expect(headers.etag).toBeUndefined();
});

test('without the header a write is done as Auth0 does it', async () => {
  const path = `/roles/${made.role}`;
  for (const name of ['a', 'b']) expect((await api.patch(path, { name })).status).toBe(200);
});
