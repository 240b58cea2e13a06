/** Requests at the same time: what one of them wrote must not be taken back by another that read before. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const ROUNDS = 8;
const AT_ONCE = 4;

let api: Management;
let cast: Cast;
let server: string;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  const body = { name: 'API', identifier: 'https://api.example' };
  server = (await api.post('/resource-servers', body)).body.id;
});
afterAll(() => api.close());

const user = () => `/users/${encodeURIComponent(cast.dana)}`;
const inside = (name: string) => (key: string) => ({ [name]: { [key]: 'x' } });

describe('case=nothing-written-at-the-same-time-is-lost', () => {
  test.each<[string, () => string, (key: string) => object, (n: number) => string]>([
    ['app_metadata of a user', user, inside('app_metadata'), (n) => `k${n}`],
    ['user_metadata of a user', user, inside('user_metadata'), (n) => `k${n}`],
    ['client_metadata', () => `/clients/${cast.client}`, inside('client_metadata'), (n) => `k${n}`],
    ['metadata of a connection', () => `/connections/${cast.oidcConnection}`, inside('metadata'), (n) => `k${n}`],
  ])('%s', async (_name, path, body, keyOf) => {
    const kept = Object.keys(body('x'))[0] ?? '';
    for (let round = 0; round < ROUNDS; round += 1) {
      await api.patch(path(), { [kept]: {} });
      const keys = Array.from({ length: AT_ONCE }, (_, n) => keyOf(n));
      const answers = await Promise.all(keys.map((key) => api.patch(path(), body(key))));
      expect(answers.map((answer) => answer.status)).toEqual(keys.map(() => 200));
      expect(Object.keys((await api.get(path())).body[kept]).sort()).toEqual(keys);
    }
  });

  test.each<[string, () => string, readonly (readonly [string, unknown, unknown])[]]>([
    [
      'the profile of a user',
      user,
      [
        ['given_name', 'A', 'B'],
        ['family_name', 'A', 'B'],
        ['nickname', 'A', 'B'],
      ],
    ],
    [
      'settings of a client',
      () => `/clients/${cast.client}`,
      [
        ['description', 'A', 'B'],
        ['logo_uri', 'https://a.example/', 'https://b.example/'],
        ['sso', true, false],
      ],
    ],
    [
      'settings of the tenant',
      () => '/tenants/settings',
      [
        ['support_url', 'https://a.example/', 'https://b.example/'],
        ['support_email', 'a@acme.example', 'b@acme.example'],
        ['picture_url', 'https://a.example/', 'https://b.example/'],
      ],
    ],
    [
      'settings of an API',
      () => `/resource-servers/${server}`,
      [
        ['enforce_policies', true, false],
        ['skip_consent_for_verifiable_first_party_clients', true, false],
        ['token_dialect', 'access_token', 'access_token_authz'],
      ],
    ],
  ])('%s', async (_name, path, fields) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const wanted = fields.map(([name, even, odd]) => [name, round % 2 === 0 ? even : odd] as const);
      await Promise.all(wanted.map(([name, value]) => api.patch(path(), { [name]: value })));
      expect((await api.get(path())).body).toMatchObject(Object.fromEntries(wanted));
    }
  });

  test('what an Action has set, in a login that commits while the request is under way', async () => {
    await api.patch(user(), { app_metadata: {} });
    await api.patch(user(), { app_metadata: { before: 1 } });
    const login = await api.database.pool.connect();
    await login.query('begin');
    const set = `update users set app_metadata = app_metadata || '{"action": 1}' where user_id = $1`;
    await login.query(set, [cast.dana]);
    const patched = api.patch(user(), { app_metadata: { management: 1 } });
    const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await expect.poll(async () => (await api.database.pool.query(waiting)).rowCount).toBe(1);
    await login.query('commit');
    login.release();
    expect((await patched).body.app_metadata).toEqual({ before: 1, action: 1, management: 1 });
  });
});
