/**
 * Lists that are read by `take` and `from`: each row once, in one order, also of rows whose times differ by microseconds, as a restored backup or an
 * import by SQL has them. This server writes milliseconds, so only rows written past it show the difference.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const ROWS = 7;

let api: Management;
let cast: Cast;

/** Within one millisecond; the ids go the other way round, so that an order by milliseconds and id is another one. */
const AT = `timestamptz '2026-01-01 00:00:00.123' + n * interval '100 microseconds'`;
const each = `from generate_series(1, ${ROWS}) n`;
const id = (prefix: string) => `'${prefix}' || (9 - n)`;

const FILL = (organization: string): readonly string[] => [
  `insert into organizations (id, name, display_name, created_at, updated_at) select ${id('org_m')}, 'micro-' || n, 'same', ${AT}, now() ${each}`,
  `insert into connections (id, name, strategy, revision, options, created_at, updated_at)
    select ${id('con_m')}, 'micro-' || n, 'oidc', 'r', '{}', ${AT}, now() ${each}`,
  `insert into scim_configurations (connection_id, user_id_attribute, created_at, updated_at)
    select ${id('con_m')}, 'externalId', ${AT}, now() ${each}`,
  `insert into clients (client_id, name, created_at, updated_at) select ${id('cli_m')}, 'micro', ${AT}, now() ${each}`,
  `insert into resource_servers (id, identifier, created_at) select 'rs_m', 'urn:micro', now()`,
  `insert into client_grants (client_id, audience, id, created_at) select ${id('cli_m')}, 'urn:micro', ${id('cgr_m')}, ${AT} ${each}`,
  `insert into users (user_id, email, created_at, updated_at) select ${id('auth0|m')}, 'm' || n || '@x.example', ${AT}, now() ${each}`,
  `insert into members (organization_id, user_id, via, created_at) select '${organization}', ${id('auth0|m')}, 'management', ${AT} ${each}`,
  `insert into discovery_domains (organization_id, id, domain, status, verification_txt, created_at)
    select '${organization}', ${id('dom_m')}, 'm' || n || '.example', 'pending', 't', ${AT} ${each}`,
];

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  for (const statement of FILL(cast.organization)) await api.database.pool.query(statement);
});
afterAll(() => api.close());

type Row = Readonly<Record<string, unknown>>;

/** All rows, `take` at a time. */
async function readAll(path: string, key: string, take: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let from = '';
  // A list that goes in a circle ends here, too.
  for (let page = 0; page < 60; page += 1) {
    const { status, body } = await api.get(`${path}${path.includes('?') ? '&' : '?'}take=${take}${from}`);
    expect(status, JSON.stringify(body)).toBe(200);
    rows.push(...body[key]);
    if (body.next === undefined) return rows;
    from = `&from=${encodeURIComponent(body.next)}`;
  }
  throw new Error(`${path} has no end`);
}

describe('each row once, in the order of age', () => {
  const inside = (list: string) => () => `/organizations/${cast.organization}/${list}`;
  test.each<[string, () => string, string, string, string]>([
    ['organizations', () => '/organizations', 'organizations', 'id', 'org_m'],
    ['connections', () => '/connections', 'connections', 'id', 'con_m'],
    ['SCIM configurations', () => '/connections-scim-configurations', 'scim_configurations', 'connection_id', 'con_m'],
    ['clients', () => '/clients', 'clients', 'client_id', 'cli_m'],
    ['client grants', () => '/client-grants', 'client_grants', 'id', 'cgr_m'],
    ['members', inside('members'), 'members', 'user_id', 'auth0|m'],
    ['people', inside('people'), 'people', 'user_id', 'auth0|m'],
    ['discovery domains', inside('discovery-domains'), 'domains', 'id', 'dom_m'],
  ])('case=%s', async (_name, path, key, name, prefix) => {
    const whole = (await readAll(path(), key, 100)).map((row) => row[name]);
    const ours = whole.filter(
      (value) => String(value).startsWith(prefix) && String(value).length === prefix.length + 1,
    );
    expect(ours).toEqual(Array.from({ length: ROWS }, (_, n) => `${prefix}${8 - n}`));
    for (const take of [1, 2]) expect((await readAll(path(), key, take)).map((row) => row[name])).toEqual(whole);
  });

  test('case=organizations in the order of a name that all of them have', async () => {
    const path = '/organizations?sort=display_name:1';
    const whole = (await readAll(path, 'organizations', 100)).map((row) => row.id);
    expect((await readAll(path, 'organizations', 1)).map((row) => row.id)).toEqual(whole);
    expect(new Set(whole).size).toBe(ROWS + 1);
  });
});

test.each([
  ['a time that is none', '2026-13-45T00:00:00.000000Z,org_m1'],
  ['a time of another form', '2026-01-01,org_m1'],
  ['SQL in the time', "2026-01-01T00:00:00Z'; drop table users,org_m1"],
  ['more digits than a database has', '2026-01-01T00:00:00.1234567Z,org_m1'],
])('case=a cursor with %s is a 400', async (_name, plain) => {
  const from = Buffer.from(plain).toString('base64url');
  expect((await api.get(`/organizations?take=1&from=${from}`)).status).toBe(400);
});

test('case=a cursor of before, in milliseconds, is still taken', async () => {
  const from = Buffer.from('2026-01-01T00:00:00.122Z,org_x').toString('base64url');
  const { status, body } = await api.get(`/organizations?take=1&from=${from}`);
  expect([status, body.organizations[0].id]).toEqual([200, 'org_m8']);
});

test('case=members-a-page-with-items-names-a-next-one-which-may-be-empty', async () => {
  const path = `/organizations/${cast.organization}/members?take=100`;
  const { body } = await api.get(path);
  expect(body.members.length).toBeGreaterThan(0);
  const after = await api.get(`${path}&from=${encodeURIComponent(body.next)}`);
  expect(after.body).toEqual({ members: [] });
});
