/**
 * Measures lists and searches of the Management API in a tenant of a million people and 100,000 organizations. SQL
 * writes these rows directly. Each request is sent a few times, one at a time. The figures are valid only on a machine
 * that has nothing else to do.
 */
import type pg from 'pg';
import { fillLargeTenant, runUnlimited } from '../test/support/large-tenant.js';
import { add, note } from './measure.js';
import { MACHINE } from './setup.js';

const TIMES = 9;

const q = (path: string, text: string) => `${path}?q=${encodeURIComponent(text)}`;
/** The requests by the name of their row in the table. `n` is the number of a person in the middle of the list. */
const requests = (n: number): Readonly<Record<string, string>> => ({
  'users, first page': '/users',
  'users, page 20': '/users?page=20',
  'users by name': '/users?sort=name%3A1',
  'users, newest first': '/users?sort=created_at%3A-1',
  'users with their number': '/users?include_totals=true',
  'user by address': q('/users', `email:"p${n}@large${n + 1}.example"`),
  'users by beginning of an address': q('/users', `email:p${n}*`),
  'users by domain': q('/users', `email.domain:"large${n}.example"`),
  'users by beginning of a name': q('/users', `name:p${n}*`),
  'users of a connection': q('/users', `identities.connection:"large-${n}"`),
  'users of the password database': q('/users', 'identities.connection:"everybody"'),
  'blocked users': q('/users', 'blocked:true'),
  'one of three conditions': q('/users', `email:"p${n}@large${n + 1}.example" OR user_id:"auth0|L7" OR name:"nobody"`),
  organizations: '/organizations?take=50',
  'organizations by shown name': '/organizations?take=50&sort=display_name%3A1',
  'organization by name': `/organizations/name/large-${n}`,
  'members of an organization of 10,000': '/organizations/org_L1/members?take=50',
  'members with their roles': '/organizations/org_L1/members?take=50&fields=user_id%2Croles',
  'organizations of a person': '/users/auth0%7CL1/organizations',
  'people of a role of 10,000': '/roles/rol_L1/users?take=50',
  connections: '/connections?take=50',
  clients: '/clients?take=50',
  'client grants of an API': `/client-grants?audience=urn%3Alarge%3A${n}`,
  'log, newest first': '/logs',
  'log of a person': `/users/auth0%7CL${n}/logs`,
  'log of an organization': q('/logs', `organization_id:org_L${n}`),
  'log by a number that was read out': q('/logs', 'V-0000-0007'),
  'log by an address (goes through the lines)': q('/logs', `nobody@large.example`),
});

/** Tables that the lists read directly or by a join. */
const LISTED: ReadonlySet<string> = new Set(
  (
    'organizations connections clients resource_servers client_grants roles connection_clients organization_connections discovery_domains ' +
    'users identities members member_roles role_permissions user_roles user_permissions invitations logs'
  ).split(' '),
);

/** Removes the rows that the logins were measured with, which have the same ids. */
const EMPTY: readonly string[] = Object.entries({
  users: "user_id like 'auth0|L%'",
  organizations: "id like 'org\\_L%'",
  connections: "id like 'con\\_L%'",
  clients: "client_id like 'cli\\_L%'",
  resource_servers: "id like 'rs\\_L%'",
  roles: "id like 'rol\\_L%'",
  logs: "log_id like 'log\\_L%'",
}).map(([table, rows]) => `delete from ${table} where ${rows}`);

const MORE: readonly string[] = [
  `update users set blocked = true where user_id in ('auth0|L11', 'auth0|L12')`,
  `update logs set user_id = 'auth0|L' || substr(log_id, 6) where log_id like 'log\\_L%'`,
  `update logs set details = '{"reference": "V-0000-0007"}' where log_id = 'log_L7'`,
  `insert into members (organization_id, user_id, via, created_at)
     select 'org_L1', 'auth0|L' || n, 'invited', now() from generate_series(1, 10000) n on conflict do nothing`,
  `insert into user_roles (user_id, role_id, created_at)
     select 'auth0|L' || n, 'rol_L1', now() from generate_series(1, 10000) n on conflict do nothing`,
  `insert into connections (id, name, strategy, revision, created_at, updated_at) values ('con_everybody', 'everybody', 'auth0', 'r', now(), now())`,
  `insert into identities (user_id, id, connection_id, status, issuer, subject, created_at)
     select user_id, 'eve_' || user_id, 'con_everybody', 'bound', '', user_id, now() from users`,
  'vacuum analyze',
];

async function fetchToken(origin: string): Promise<string> {
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: MACHINE.id,
      client_secret: MACHINE.secret,
      audience: `${origin}/api/v2/`,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Runs all measurements of lists. */
export async function measureLists({ origin, pool }: { origin: string; pool: pg.Pool }, quick: boolean): Promise<void> {
  const size = quick ? { people: 50_000, companies: 10_000 } : { people: 1_000_000, companies: 100_000 };
  const begun = performance.now();
  await pool.query('set synchronous_commit = off');
  await runUnlimited(pool, EMPTY);
  await fillLargeTenant(pool, size, LISTED);
  await runUnlimited(pool, MORE);
  note(
    `lists: ${size.people} people, ${size.companies} organizations, made in ${Math.round((performance.now() - begun) / 1_000)} s`,
  );
  const headers = { authorization: `Bearer ${await fetchToken(origin)}` };
  for (const [name, path] of Object.entries(requests(Math.floor(size.companies / 2)))) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const start = performance.now();
      const answer = await fetch(`${origin}/api/v2${path}`, { headers });
      const text = await answer.text();
      times.push(performance.now() - start);
      if (!answer.ok) note(`${name}: ${answer.status} ${text.slice(0, 200)}`);
    }
    times.sort((a, b) => a - b);
    const at = (index: number) => Math.round((times[index] ?? 0) * 10) / 10;
    note(`${name}: ${at(Math.floor(TIMES / 2))} ms, at most ${at(TIMES - 1)} ms`);
    add({ name, p50: at(Math.floor(TIMES / 2)), p99: at(TIMES - 1) });
  }
}
