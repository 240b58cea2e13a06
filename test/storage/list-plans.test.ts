/**
 * Every list and search of the Management API in a tenant of thousands, run with `explain analyze`: a page goes through as many rows as a page has,
 * not through a table. A count goes through what it counts and nothing else.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Management, startManagement } from '../management/harness.js';
import { fillLargeTenant, runUnlimited } from '../support/large-tenant.js';
import { type Recorded, recordStatements, type StatementRecorder } from '../support/recorded-statements.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Of a page of 50, with what belongs to each row of it. */
const MOST_ROWS = 900;

let api: Management;
let recorder: StatementRecorder;

/** Adds much data to one organization, connection, role, user and company domain. */
const MORE: readonly string[] = [
  `update users set name = 'Person ' || user_id || ' of many', email_vouched_by = case when user_id <> 'auth0|L77' then 'operator' end,
     blocked = user_id in ('auth0|L11', 'auth0|L12'), created_at = now() - length(user_id) * interval '1 day', username = 'user' || substr(user_id, 8),
     app_metadata = jsonb_build_object('plan', 'plan-' || right(user_id, 3), 'seats', 5, 'customer', jsonb_build_array(jsonb_build_object('id', 'cus_' || user_id))),
     user_metadata = jsonb_build_object('own', user_id), last_login_at = seen.at, updated_at = seen.at, logins_count = 1
     from generate_series(1, 40000) n, lateral (select case when n = 77 then timestamptz '2026-01-05 09:30Z'
       else timestamptz '2026-01-01 12:00Z' - n % 365 * interval '1 day' end as at) seen where user_id = 'auth0|L' || n`,
  `update logs set user_id = 'auth0|L' || (right(log_id, -5)::int % 9000 + 1), client_id = 'cli_L1' where log_id like 'log\\_L%'`,
  `update logs set details = jsonb_build_object('code', 'admit.not_a_member') where right(log_id, 1) = '5'`,
  `update logs set details = jsonb_build_object('check', 'code.expired') where log_id in ('log_L17', 'log_L27')`,
  `update logs set details = jsonb_build_object('reference', 'V-0000-0007') where log_id = 'log_L7'`,
  `insert into members (organization_id, user_id, via, created_at)
     select 'org_L1', user_id, 'invited', created_at from users where user_id like '%7' on conflict do nothing`,
  `insert into user_roles (user_id, role_id, created_at) select user_id, 'rol_L1', created_at from users on conflict do nothing`,
  `insert into connections (id, name, strategy, revision, created_at, updated_at) values
     ('con_everybody', 'everybody', 'auth0', 'r', now(), now()), ('con_saml', 'only-saml', 'samlp', 'r', now(), now())`,
  `insert into identities (user_id, id, connection_id, status, issuer, subject, created_at)
     select user_id, 'eve_' || user_id, 'con_everybody', 'bound', '', user_id, now() from users`,
  `insert into members (organization_id, user_id, via, created_at)
     select 'org_L' || n, 'auth0|L1', 'invited', now() from generate_series(1, 4000) n on conflict do nothing`,
  `update invitations set created_at = now() - right(id, 2)::int * interval '1 day',
     expires_at = now() + (right(id, 2)::int - 50) * interval '1 hour' + interval '1 minute' where id ~ '[0-9]{2}$'`,
  `update organizations set display_name = case when id = 'org_L77' then 'Zebra Ltd' else 'Company ' || name end`,
  `update clients set name = 'Zebra' where client_id = 'cli_L77'`,
  `insert into invitations (organization_id, id, ticket_hash, ticket_sealed, client_id, inviter_name, invitee_email, created_at, expires_at)
     select 'org_L1', 'inv_M' || n, sha256(('m' || n)::bytea), '', 'cli_L1', 'x', 'many' || n || '@large.example', now(), now()
     from generate_series(1, 20000) n`,
  'analyze',
];

beforeAll(async () => {
  api = await startManagement();
  const { pool } = api.database;
  await api.post('/connections', { name: 'Username-Password', strategy: 'auth0' });
  await fillLargeTenant(pool, { people: 40_000, companies: 30_000 });
  await runUnlimited(pool, MORE);
  recorder = recordStatements(pool);
  // Its rows cost more than a minute of a processor.
}, 600_000);
afterAll(() => api?.close());

/** The rows that a plan takes up, whether or not it keeps them. The entries of a bitmap are those rows once more. */
function countTouched(node: PlanNode): number {
  const inner = (node.Plans ?? []).reduce((sum, plan) => sum + countTouched(plan), 0);
  if (!/Scan$/.test(node['Node Type']) || /^(CTE|Subquery|Function|Values|Bitmap Index)/.test(node['Node Type']))
    return inner;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return inner + (node['Actual Rows'] + removed) * node['Actual Loops'];
}

const isRead = ({ text }: Recorded) =>
  /^\s*(select|with)/i.test(text) && !/\bfor (update|no key update|share)\b/i.test(text);

async function touchedBy({ text, values }: Recorded): Promise<number> {
  const { rows } = await api.database.pool.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
    `explain (analyze, format json) ${text}`,
    [...values],
  );
  return rows.flatMap((row) => row['QUERY PLAN']).reduce((sum, { Plan }) => sum + countTouched(Plan), 0);
}

/** Asks, and gives the answer and the statements that took up more rows than a page is worth. */
async function ask(path: string, body?: object) {
  const before = new Set(recorder.list());
  const answer = await recorder.during(() => (body === undefined ? api.get(path) : api.post(path, body)));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const walks: string[] = [];
  const reads = recorder.list().filter((statement) => !before.has(statement) && isRead(statement));
  for (const read of reads) {
    const touched = await touchedBy(read);
    const isCount = /^select count\(\*\)/.test(read.text);
    const allowed = MOST_ROWS + (isCount ? (answer.body.total ?? 0) : 0);
    if (touched > allowed) walks.push(`${touched} rows: ${read.text.replace(/\s+/g, ' ')}`);
  }
  return { answer, walks, reads };
}

const q = (text: string) => `/users?q=${encodeURIComponent(text)}`;
const logs = (text: string) => `/logs?q=${encodeURIComponent(text)}`;

describe('a search finds some, by an index', () => {
  test.each([
    [q('email:"p77@large78.example"'), 1],
    [q('email:P77*'), 50],
    [q('email.domain:"large7.example"'), 2],
    [q('email.domain:large777*'), 22],
    [q('user_id:"auth0|L77"'), 1],
    [q('user_id:auth0|L77*'), 50],
    [q('name:"person AUTH0|l77 of many"'), 1],
    [q('name:"nobody"'), 0],
    [q('name:person\\ auth0|l777*'), 11],
    [q('identities.connection:"large-7"'), 2],
    [q('identities.connection:large-777*'), 22],
    [q('identities.connection:"everybody"'), 50],
    [q('identities.connection:"nowhere"'), 0],
    [q('blocked:true'), 2],
    [q('blocked:false'), 50],
    [q('email_verified:false'), 1],
    [q('email_verified:true'), 50],
    [q('NOT blocked:true'), 50],
    [q('_exists_:name'), 50],
    [q('identities.connection:"everybody" AND name:"person auth0|l77 of many"'), 1],
    [q('identities.connection:"everybody" AND email.domain:"large7.example"'), 2],
    [q('blocked:true AND NOT email:"p11@large12.example"'), 1],
    [q('email:"p77@large78.example" OR user_id:"auth0|L78" OR name:"person auth0|l79 of many"'), 3],
    [q('username:"user777"'), 1],
    [q('username:user777*'), 11],
    [q('_exists_:username'), 50],
    [q('organization_id:"org_L7"'), 3],
    [q('organization_id:"org_L1"'), 50],
    [q('organization_id:"org_L1" AND email:"p77@large78.example"'), 1],
    [q('app_metadata.plan:"plan-777"'), 40],
    [q('app_metadata.seats:5'), 50],
    [q('app_metadata.customer.id:"cus_auth0|L7777"'), 1],
    [q('app_metadata.customer.id:"nobody"'), 0],
    [q('user_metadata.own:"auth0|L7778" OR email:"p77@large78.example"'), 2],
    [q('app_metadata.plan:"plan-777" AND NOT user_metadata.own:"auth0|L777"'), 39],
    [q('last_login:[2026-01-02 TO *]'), 1],
    [q('last_login:>=2026-01-05T09:00Z'), 1],
    [q('last_login:[* TO 2025-12-31]'), 50],
    [q('last_login:[2025-06-01 TO 2025-12-31]'), 50],
    [q('last_login:2025-12-01'), 50],
    [q('updated_at:[2026-01-05 TO 2026-01-05]'), 1],
    [q('created_at:[* TO 2000]'), 0],
    [q('logins_count:[1 TO *]'), 50],
    ['/organizations?starts_with=zeb', 1],
    ['/organizations?starts_with=COMPANY', 50],
    ['/connections?starts_with=large-777', 11],
    ['/connections?starts_with=LARGE', 50],
    ['/clients?starts_with=zeb', 1],
    ['/clients?starts_with=large', 50],
    ['/invitations?starts_with=i777', 11],
    ['/invitations?starts_with=i77777', 0],
    ['/invitations?starts_with=i7&state=waiting', 50],
    ['/organizations/org_L7/invitations?starts_with=i', 2],
    ['/organizations/org_L1/invitations?starts_with=many7', 50],
    ['/users?connection=large-7', 2],
    ['/users?connection=everybody&sort=email%3A1', 50],
    ['/users-by-email?email=p77%40large78.example', 1],
    ['/connections?name=large-7', 1],
    ['/connections?strategy=samlp', 1],
    ['/client-grants?client_id=cli_L7', 1],
    ['/client-grants?audience=urn%3Alarge%3A7', 1],
    ['/organizations/org_L7/client-grants', 2],
    ['/client-grants/cgr_L7/organizations', 1],
    [logs('user_id:"auth0|L77"'), 5],
    [logs('organization_id:org_L7'), 2],
    [logs('V-0000-0007'), 1],
    [logs('code:code.expired'), 2],
    [logs('code:admit.not_a_member'), 50],
    [logs('code:code.expired OR code:nothing.like.it'), 2],
    [logs('code:code.expired OR code:admit.not_a_member'), 50],
    [logs('connection:"nowhere"'), 0],
    [logs('client_name:"nobody"'), 0],
  ])('case=%s', async (path, found) => {
    const { answer, walks, reads } = await ask(path);
    expect(answer.body).toHaveLength(found);
    expect(reads.length).toBeGreaterThan(0);
    expect(walks).toEqual([]);
  });
});

describe('a page of a long list, by an index', () => {
  test.each([
    '/users',
    '/users?page=3',
    '/users?sort=created_at%3A-1',
    '/users?sort=email%3A1',
    '/users?sort=name%3A-1',
    '/users?sort=user_id%3A1',
    '/organizations',
    '/organizations?sort=name%3A1',
    '/organizations?sort=display_name%3A-1',
    '/organizations/org_L1/members',
    '/invitations',
    '/invitations?state=waiting',
    '/invitations?state=expired',
    '/client-grants/cgr_L1/organizations',
    '/roles',
    '/roles/rol_L1/users',
    '/connections',
    '/connections?strategy=oidc&strategy=okta',
    '/clients',
    '/client-grants',
    '/resource-servers',
    '/logs',
    '/logs?sort=date%3A1',
    '/users/auth0%7CL1/organizations',
  ])('case=%s', async (path) => {
    const { answer, walks, reads } = await ask(path);
    expect(answer.body).toHaveLength(50);
    expect(reads.length).toBeGreaterThan(0);
    expect(walks).toEqual([]);
  });

  test.each([
    '/organizations/org_L7/members/auth0%7CL6/roles',
    '/organizations/org_L7/invitations',
    '/organizations/org_L7/enabled_connections',
    '/organizations/org_L7/discovery-domains',
    '/organizations/name/large-7',
    '/users/auth0%7CL77',
    '/users/auth0%7CL77/logs',
    '/users/auth0%7CL77/roles',
    '/users/auth0%7CL77/permissions',
    '/users/auth0%7CL77/sessions',
    '/users/auth0%7CL77/refresh-tokens',
    '/roles/rol_L7/permissions',
    '/connections/con_L7',
    '/connections/con_L7/clients',
  ])('case=%s belongs to one', async (path) => {
    const { walks, reads } = await ask(path);
    expect(reads.length).toBeGreaterThan(0);
    expect(walks).toEqual([]);
  });
});

test('case=the organizations of a page of connections, by an index', async () => {
  await api.database.pool.query(
    `insert into organization_connections (organization_id, connection_id, revision, created_at)
       select 'org_L' || n, 'con_everybody', 'r', now() from generate_series(1, 20000) n`,
  );
  const ids = ['con_everybody', ...Array.from({ length: 24 }, (_, n) => `con_L${n + 1}`)];
  const { answer, walks } = await ask('/connections/organizations/find', { connection_ids: ids });
  expect(answer.body.connections).toHaveLength(25);
  expect(walks).toEqual([]);
});

test('case=members by the beginning of an address: a thousand of each side are looked at, and not the tenant', async () => {
  const { answer, walks } = await ask('/organizations/org_L1/people?take=50&starts_with=p7');
  expect(answer.body.people).toHaveLength(50);
  for (const walk of walks) expect(Number.parseInt(walk, 10), walk).toBeLessThan(10_000);
});

describe('the next page after a cursor, by an index', () => {
  test.each([
    '/organizations?take=50',
    '/organizations?take=50&sort=name%3A1',
    '/organizations?take=50&sort=display_name%3A-1',
    '/organizations?take=50&starts_with=company',
    '/connections?take=50&starts_with=large',
    '/clients?take=50&starts_with=large',
    '/invitations?take=50&starts_with=i',
    '/invitations?take=50',
    '/invitations?take=50&state=waiting',
    '/invitations?take=50&state=expired',
    '/organizations/org_L1/members?take=50',
    '/organizations/org_L1/people?take=50',
    '/roles/rol_L1/users?take=50',
    '/connections?take=50',
    '/clients?take=50',
    '/client-grants?take=50',
  ])('case=%s', async (path) => {
    const first = await api.get(path);
    const { answer, walks } = await ask(`${path}&from=${first.body.next}`);
    expect(answer.body.next).toBeDefined();
    expect(answer.body.next).not.toBe(first.body.next);
    expect(walks).toEqual([]);
  });

  test('case=the log after a line', async () => {
    const { answer, walks } = await ask('/logs?take=50&from=log_L5');
    expect(answer.body.logs ?? answer.body).toHaveLength(50);
    expect(walks).toEqual([]);
  });
});

test.each([
  [q('email.domain:"large7.example"'), 2],
  [q('blocked:true'), 2],
  [q('identities.connection:"large-7"'), 2],
  ['/organizations/org_L1/members?', 4_002],
  [logs('user_id:"auth0|L77"'), 5],
])('case=%s counts what it finds, and goes through nothing else', async (path, total) => {
  const { answer, walks } = await ask(`${path}&include_totals=true`);
  expect(answer.body.total).toBe(total);
  expect(walks).toEqual([]);
});

test('case=a sign-in changes its person in place: the day of the last one has an index, and not its time', async () => {
  const client = await api.database.pool.connect();
  const countInPlace = async () => {
    const { rows } = await client.query<{ n: string }>(
      "select pg_stat_get_xact_tuples_hot_updated('in_place'::regclass) as n",
    );
    return Number(rows[0]?.n);
  };
  const inPlace = async (at: string) => {
    await client.query('begin');
    const before = await countInPlace();
    await client.query(
      `update in_place set logins_count = logins_count + 1, last_login_at = $1, updated_at = $1 where user_id = 'auth0|H1'`,
      [at],
    );
    const changed = (await countInPlace()) - before;
    await client.query('commit');
    return changed;
  };
  try {
    // A table of its own: among the many rows of `users`, the page of the new row may be full.
    await client.query('create table in_place (like users including all)');
    await client.query(
      `insert into in_place (user_id, last_login_at, created_at, updated_at) values ('auth0|H1', '2026-02-01 08:00Z', now(), '2026-02-01 08:00Z')`,
    );
    expect(await inPlace('2026-02-01 09:00Z')).toBe(1);
    expect(await inPlace('2026-02-01 23:59Z')).toBe(1);
    expect(await inPlace('2026-02-02 00:00Z')).toBe(0);
  } finally {
    await client.query('drop table if exists in_place');
    client.release();
  }
});
