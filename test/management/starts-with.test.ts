/** `starts_with` of the lists of applications, connections and invitations, our addition: how a person who types finds one. Indexes: list-plans.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
let invitations: string;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  for (const name of ['Zeta', 'zebra', '100% Ltd', '1000 Things', 'Ärzte']) await api.post('/clients', { name });
  for (const [name, display_name] of [
    ['z-one', 'Zeta'],
    ['zebra', undefined],
    ['hundred', '100% Ltd'],
    ['thousand', '1000 Things'],
    ['arzte', 'Ärzte'],
  ])
    await api.post('/connections', { name, strategy: 'auth0', ...(display_name !== undefined && { display_name }) });
  invitations = `/organizations/${cast.organization}/invitations`;
  for (const name of ['zeta', 'zebra', '100%', '1000'])
    await api.post(invitations, {
      inviter: { name: 'Dana' },
      invitee: { email: `${name}@acme.example` },
      client_id: cast.client,
    });
});
afterAll(() => api.close());

const NAMED = ['zebra', 'Zeta'];
const shown = (one: { name?: string; display_name?: string; invitee?: { email: string } }) =>
  one.invitee?.email.replace('@acme.example', '') ?? one.display_name ?? one.name;
const lists = () => [
  { at: '/clients', key: 'clients', zs: NAMED, other: 'ä', others: ['Ärzte'] },
  { at: '/connections', key: 'connections', zs: NAMED, other: 'ÄR', others: ['Ärzte'] },
  { at: '/invitations', key: 'invitations', zs: ['zebra', 'zeta'], other: 'zet', others: ['zeta'] },
  { at: invitations, key: 'invitations', zs: ['zebra', 'zeta'], other: 'zet', others: ['zeta'] },
];
const find = async (at: string, text: string, rest = '') =>
  (await api.get(`${at}?starts_with=${encodeURIComponent(text)}${rest}`)).body;

test('case=by-what-is-shown, in its order, whatever the case', async () => {
  for (const { at, zs, other, others } of lists()) {
    expect((await find(at, 'ZE')).map(shown), at).toEqual(zs);
    expect((await find(at, other)).map(shown), at).toEqual(others);
    expect(await find(at, 'eta'), at).toEqual([]);
  }
});

test('case=signs-of-a-pattern-are-letters', async () => {
  for (const { at } of lists()) {
    expect(await find(at, '100%'), at).toHaveLength(1);
    expect(await find(at, '_'), at).toEqual([]);
    expect(await find(at, '\\'), at).toEqual([]);
  }
});

test('case=page-by-page, with a cursor of this order and of no other', async () => {
  for (const { at, key, zs } of lists().slice(0, 3)) {
    const first = await find(at, 'ze', '&take=1');
    expect(first[key].map(shown), at).toEqual(zs.slice(0, 1));
    const second = await find(at, 'ze', `&take=1&from=${first.next}`);
    expect(second[key].map(shown), at).toEqual(zs.slice(1));
    expect(second.next, at).toBeUndefined();
    expect((await api.get(`${at}?take=1&from=${first.next}`)).status, at).toBe(400);
    const byAge = (await api.get(`${at}?take=1`)).body.next;
    expect((await api.get(`${at}?starts_with=ze&take=1&from=${byAge}`)).status, at).toBe(400);
    expect((await find(at, 'ze', '&include_totals=true')).total, at).toBe(2);
  }
});

describe('invitations', () => {
  test('of one organization have page numbers, and no other order than that of addresses', async () => {
    expect((await find(invitations, 'ze', '&per_page=1&page=1')).map(shown)).toEqual(['zeta']);
    expect((await api.get(`${invitations}?starts_with=ze&sort=created_at:1`)).status).toBe(400);
  });

  test('of a state', async () => {
    await api.database.pool.query(`update invitations set expires_at = now() where invitee_email like 'zeb%'`);
    expect((await find('/invitations', 'ze', '&state=waiting')).map(shown)).toEqual(['zeta']);
    expect((await find('/invitations', 'ze', '&state=expired')).map(shown)).toEqual(['zebra']);
  });
});

test('no text is a 400', async () => {
  for (const { at } of lists()) expect((await api.get(`${at}?starts_with=`)).status, at).toBe(400);
});

test('POST /connections/organizations/find tells the first two organizations of each connection, and how many there are', async () => {
  const { id: second } = (await api.post('/organizations', { name: 'second' })).body;
  const { id: third } = (await api.post('/organizations', { name: 'third', display_name: 'The Third' })).body;
  const [lone] = (await api.get('/connections?name=zebra')).body;
  for (const id of [third, second])
    await api.post(`/organizations/${id}/enabled_connections`, { connection_id: cast.oidcConnection });
  const ask = (ids: readonly string[], token?: string) =>
    api.post('/connections/organizations/find', { connection_ids: ids }, token);
  const { connections } = (await ask([cast.oidcConnection, lone.id, 'con_0000000000000000'])).body;
  const found = new Map(connections.map((one: { connection_id: string }) => [one.connection_id, one]));
  expect(found.size).toBe(2);
  expect(found.get(cast.oidcConnection)).toMatchObject({
    organizations: [
      { id: cast.organization, is_enabled: true },
      { id: third, display_name: 'The Third' },
    ],
    total: 3,
    complete: true,
  });
  expect(found.get(lone.id)).toMatchObject({ organizations: [], total: 0, complete: true });
  await api.database.pool.query(
    `with made as (
       insert into organizations (id, name, created_at, updated_at)
       select 'org_many' || n, 'many-' || n, now(), now() from generate_series(1, 120) n returning id)
     insert into organization_connections (organization_id, connection_id, revision, created_at)
     select id, $1, 'r', now() from made`,
    [lone.id],
  );
  const [many] = (await ask([lone.id])).body.connections;
  expect([many.organizations.length, many.total, many.complete]).toEqual([2, 100, false]);
  expect((await ask([])).status).toBe(400);
  expect((await ask([lone.id], 'read.connections')).status).toBe(403);
});
