/**
 * Things of one organization do not exist by way of another: every route below `/organizations/{id}`, taken from the
 * list of routes, is asked with the ids of one organization under the id of a second and of an unknown one.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ManagementDeps } from '../../src/management/api/deps.js';
import { keyOf, statusOf } from '../../src/management/api/operation.js';
import { getRequestSchemas } from '../../src/management/api/validation.js';
import { createOperations } from '../../src/management/resources.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
let other: string;
/** Of the first organization, by the name of the parameter. */
let ids: Readonly<Record<string, string>>;

// Routes are declared without anything being asked of what they are given.
const OPERATIONS = createOperations({} as ManagementDeps)
  .filter((operation) => operation.path.startsWith('/organizations/{id}'))
  .map((operation) => ({ ...operation, key: keyOf(operation), names: operation.path.match(/\{\w+\}/g) ?? [] }));
const INSIDE = OPERATIONS.filter((operation) => operation.names.length > 1);
/** Answered as done, whether there is something to take or not. */
const TAKES_NOTHING: readonly string[] = ['delete /organizations/{id}/client-grants/{grant_id}'];

/** A body that each route takes, where it needs one. */
const BODIES: Readonly<Record<string, () => object>> = {
  'patch /organizations/{id}': () => ({ display_name: 'Changed' }),
  'post /organizations/{id}/enabled_connections': () => ({ connection_id: cast.oidcConnection }),
  'post /organizations/{id}/connections': () => ({ connection_id: cast.oidcConnection }),
  'patch /organizations/{id}/enabled_connections/{connectionId}': () => ({ show_as_button: false }),
  'patch /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles': () => ({
    scim_group_roles: [{ display_name: 'Sales', roles: ['admin'] }],
  }),
  'patch /organizations/{id}/connections/{connection_id}': () => ({ is_enabled: true }),
  'post /organizations/{id}/members': () => ({ members: [cast.bob] }),
  'delete /organizations/{id}/members': () => ({ members: [cast.dana] }),
  'patch /organizations/{id}/members/{user_id}': () => ({ break_glass: true }),
  'post /organizations/{id}/members/{user_id}/roles': () => ({ roles: [cast.role] }),
  'delete /organizations/{id}/members/{user_id}/roles': () => ({ roles: [cast.role] }),
  'post /organizations/{id}/invitations': () => ({
    inviter: { name: 'Dana' },
    invitee: { email: 'new@acme.example' },
    client_id: cast.client,
  }),
  'post /organizations/{id}/discovery-domains': () => ({ domain: 'new.example' }),
  'patch /organizations/{id}/discovery-domains/{discovery_domain_id}': () => ({ status: 'verified' }),
  'post /organizations/{id}/discovery-domains/{discovery_domain_id}/verify': () => ({}),
  'post /organizations/{id}/client-grants': () => ({ grant_id: ids.grant_id }),
  'post /organizations/{id}/clients': () => ({ clients: [{ client_id: cast.client, use_for_member_access: true }] }),
  'delete /organizations/{id}/clients': () => ({ clients: [cast.client] }),
  'patch /organizations/{id}/clients/{client_id}': () => ({ use_for_member_access: false }),
  'post /organizations/{id}/explain': () => ({ email: 'dana@acme.example' }),
  'post /organizations/{id}/explain/people': () => ({ people: [{ email: 'dana@acme.example' }] }),
  'post /organizations/{id}/explain/condition': () => ({ condition: 'true' }),
  'post /organizations/{id}/enabled_connections/{connectionId}/explain/condition': () => ({ condition: 'true' }),
  'post /organizations/{id}/people/find': () => ({ user_ids: [cast.dana] }),
  'post /organizations/{id}/expected-identities': () => ({
    connection_id: cast.oidcConnection,
    identities: [{ user_id: cast.dana, subject: 'dana-of-acme' }],
  }),
  'post /organizations/{id}/expected-identities/remove': () => ({
    connection_id: cast.oidcConnection,
    identities: [{ user_id: cast.dana, subject: 'dana-of-acme' }],
  }),
};

/** A query that a route takes, where it needs one. */
const QUERIES: Readonly<Record<string, () => string>> = {
  'get /organizations/{id}/members/{user_id}/effective-roles/sources/groups': () => `?role_id=${cast.role}`,
};

/** A client grant that the first organization has; its id. */
async function giveGrant(): Promise<string> {
  const identifier = 'https://orders.example/';
  await api.post('/resource-servers', { name: 'Orders', identifier, scopes: [{ value: 'read' }] });
  const grant = { client_id: cast.client, audience: identifier, scope: ['read'], organization_usage: 'require' };
  const { id } = (await api.post('/client-grants', grant)).body;
  const given = await api.post(`/organizations/${cast.organization}/client-grants`, { grant_id: id });
  expect(given.status).toBe(201);
  return id;
}

beforeAll(async () => {
  api = await startManagement(async () => ({ outcome: 'admitted', rule: 'member', trace: [] }));
  cast = await createCast(api);
  const path = `/organizations/${cast.organization}`;
  const invitation = { inviter: { name: 'Dana' }, invitee: { email: 'a@acme.example' }, client_id: cast.client };
  ids = {
    connectionId: cast.oidcConnection,
    connection_id: cast.oidcConnection,
    user_id: cast.dana,
    invitation_id: (await api.post(`${path}/invitations`, invitation)).body.id,
    discovery_domain_id: (await api.post(`${path}/discovery-domains`, { domain: 'acme.example' })).body.id,
    discovery_domain: 'acme.example',
    grant_id: await giveGrant(),
    client_id: cast.client,
  };
  await api.post(`${path}/clients`, { clients: [{ client_id: cast.client, use_for_member_access: true }] });
  await api.post(`${path}/members/${encodeURIComponent(cast.dana)}/roles`, { roles: [cast.role] });
  // As a login by the connection leaves a member.
  await api.database.pool.query(
    `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, created_at, bound_at)
     values ($1, 'ide_dana', $2, 'bound', 'https://idp.example', 'dana', '{"email": "dana@acme.example"}', now(), now())`,
    [cast.dana, cast.oidcConnection],
  );
  other = (await api.post('/organizations', { name: 'other' })).body.id;
});
afterAll(() => api.close());

const call = ({ method, path, key }: { method: string; path: string; key: string }, organization: string) => {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(name === 'id' ? organization : (ids[name] ?? '')),
  );
  return api.call(method.toUpperCase(), `${filled}${QUERIES[key]?.() ?? ''}`, BODIES[key]?.());
};

/** All rows that name the first organization, but its lines in the log. */
async function rowsOf(organization: string) {
  const tables = [
    'organization_connections',
    'discovery_domains',
    'members',
    'member_roles',
    'invitations',
    'organization_client_grants',
    'organization_clients',
  ];
  const rows = tables.map(async (table) => {
    const text = `select to_jsonb(t)::text as row from ${table} t where organization_id = $1 order by 1`;
    return (await api.database.pool.query(text, [organization])).rows;
  });
  const own = await api.database.pool.query('select to_jsonb(o) as row from organizations o where id = $1', [
    organization,
  ]);
  return [own.rows, ...(await Promise.all(rows))];
}

test('case=the-table-is-whole', () => {
  expect(OPERATIONS.length).toBeGreaterThan(30);
  for (const { key, names } of OPERATIONS) {
    const body = getRequestSchemas(key).body;
    if (body !== undefined) expect(Object.keys(BODIES), key).toContain(key);
    for (const name of names.slice(1)) expect(ids, key).toHaveProperty(name.slice(1, -1));
  }
});

describe('attack=reaching-into-another-organization', () => {
  test.each(INSIDE.map((operation) => [operation.key, operation] as const))('%s', async (_key, operation) => {
    const before = await rowsOf(cast.organization);
    const answer = await call(operation, other);
    expect(answer.status).toBe(TAKES_NOTHING.includes(operation.key) ? 204 : 404);
    // The same answer as for something that does not exist anywhere.
    const nowhere = await api.call(
      operation.method.toUpperCase(),
      `${operation.path
        .replace('{id}', other)
        .replace(/\{discovery_domain\}/, 'nowhere.example')
        .replace(/\{connection(Id|_id)\}/, 'con_0000000000000000')
        .replace(/\{\w+\}/g, 'x_0000000000000000')}${QUERIES[operation.key]?.() ?? ''}`,
      BODIES[operation.key]?.(),
    );
    expect(answer.body).toEqual(nowhere.body);
    expect(await rowsOf(cast.organization)).toEqual(before);
  });

  test('what is listed, added and removed elsewhere', async () => {
    const before = await rowsOf(cast.organization);
    for (const operation of OPERATIONS.filter((one) => one.names.length === 1 && one.path !== '/organizations/{id}')) {
      const answer = await call(operation, other);
      if (operation.method !== 'get') continue;
      const items = Array.isArray(answer.body) ? answer.body : Object.values(answer.body).find(Array.isArray);
      // Of what was added just now some is shared (a user, a connection), nothing is of the first organization alone.
      expect(JSON.stringify(answer.body), operation.key).not.toContain('a@acme.example');
      if (operation.path.endsWith('/totals')) {
        expect(answer.body.members, operation.key).toBeLessThanOrEqual(1);
        continue;
      }
      expect(items, operation.key).toBeInstanceOf(Array);
      expect(items?.length, operation.key).toBeLessThanOrEqual(1);
    }
    expect(await rowsOf(cast.organization)).toEqual(before);
  });
});

test.each(OPERATIONS.map((operation) => [operation.key, operation] as const))(
  'case=unknown-organization %s',
  async (_key, operation) => {
    const answer = await call(operation, 'org_0000000000000000');
    expect(answer.status).toBe(404);
    expect(answer.body.message).toBe('No organization found by that id or name');
  },
);

// Last, because it takes everything away: with the right organization the same requests find what they name.
test('case=the-ids-are-right', async () => {
  const order = ['get', 'patch', 'post', 'delete'];
  const inside = [...INSIDE].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
  const seen = new Set<string>();
  for (const operation of inside) {
    // The twins are one: who is gone by the one way is gone by the other.
    const twin = operation.key.replace('enabled_connections/{connectionId}', 'connections/{connection_id}');
    const { status, body } = await call(operation, cast.organization);
    expect(status, `${operation.key} ${JSON.stringify(body)}`).toBe(
      operation.method === 'delete' && seen.has(twin) ? 404 : statusOf(operation),
    );
    seen.add(twin);
  }
});
