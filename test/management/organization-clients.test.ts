/**
 * `/organizations/{id}/clients` and `is_app_entitlement_active`: the applications of an organization, as Auth0's SDKs, its deploy tool and
 * the recordings of its Terraform provider have them.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
let path: string;
let round = 0;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());
beforeEach(async () => {
  path = `/organizations/${(await api.post('/organizations', { name: `place-${++round}` })).body.id}`;
});

const newClient = async (fields: object = {}): Promise<string> =>
  (await api.post('/clients', { name: 'Portal', ...fields })).body.client_id;
const listed = (id: string, on = true) => ({ client_id: id, use_for_member_access: on });
const add = (...clients: object[]) => api.post(`${path}/clients`, { clients });

describe('the list', () => {
  test('of an organization is empty until an application is added; the answers are as recorded', async () => {
    const id = await newClient({ app_type: 'regular_web', logo_uri: 'https://logo.example/a.png' });
    expect((await api.get(`${path}/clients?take=50`)).body).toEqual({ clients: [] });
    const client = {
      name: 'Portal',
      app_type: 'regular_web',
      logo_uri: 'https://logo.example/a.png',
      is_first_party: true,
      grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
      organization_usage: 'deny',
    };
    expect(await add(listed(id))).toMatchObject({ status: 201, body: [{ ...listed(id), client }] });
    const one = await api.get(`${path}/clients/${id}`);
    expect(one.body).toEqual({ ...listed(id), client });
    expect((await api.get(`${path}/clients?take=50`)).body).toEqual({ clients: [one.body] });
    const changed = await api.patch(`${path}/clients/${id}`, { use_for_member_access: false });
    expect(changed).toMatchObject({ status: 200, body: { ...listed(id, false), client } });
    expect((await api.patch(`${path}/clients/${id}`, {})).body).toEqual(changed.body);
    const removed = await api.delete(`${path}/clients`, { clients: [id] });
    expect(removed.status).toBe(204);
    expect((await api.get(`${path}/clients/${id}`)).body.message).toBe(
      'The client is not associated with this organization.',
    );
    expect((await api.delete(`${path}/clients`, { clients: [id] })).status).toBe(204);
    // The log names the application that was let in and removed.
    const logged = (await api.get('/logs?per_page=20&q=type:sapi')).body as { details: { request: object } }[];
    expect(logged.filter(({ details }) => JSON.stringify(details.request).includes(id)).length).toBeGreaterThanOrEqual(
      3,
    );
  });

  test('is read by a cursor, each application once; more than 100 at a time are 100', async () => {
    const ids = [await newClient(), await newClient(), await newClient()];
    await add(...ids.map((id) => listed(id)));
    const seen: string[] = [];
    let next = '';
    do {
      const { body } = await api.get(`${path}/clients?take=1${next === '' ? '' : `&from=${next}`}`);
      expect(body.clients.length).toBeLessThanOrEqual(1);
      seen.push(...body.clients.map(({ client_id: id }: { client_id: string }) => id));
      next = body.next ?? '';
    } while (next !== '');
    expect(seen.sort()).toEqual(ids.sort());
    expect((await api.get(`${path}/clients`)).body.clients).toHaveLength(3);
    expect((await api.get(`${path}/clients?take=1000`)).status).toBe(200);
    expect((await api.get(`${path}/clients?from=nonsense`)).status).toBe(400);
  });

  test('ends with the application and with the organization', async () => {
    const [first, second] = [await newClient(), await newClient()];
    await add(listed(first), listed(second));
    await api.delete(`/clients/${first}`);
    expect((await api.get(`${path}/clients`)).body.clients).toMatchObject([{ client_id: second }]);
    await api.delete(path);
    const { rows } = await api.database.pool.query('select 1 from organization_clients where client_id = $1', [second]);
    expect(rows).toEqual([]);
  });
});

describe('refused, and nothing is added', () => {
  const expectNone = async () => expect((await api.get(`${path}/clients`)).body).toEqual({ clients: [] });

  test('an unknown application, alone or beside one that exists', async () => {
    for (const clients of [[listed('nobody')], [listed(cast.client), listed('nobody')]])
      expect(await add(...clients)).toMatchObject({ status: 404, body: { errorCode: 'inexistent_client' } });
    await expectNone();
  });

  test('one that is there already, and one that is named twice', async () => {
    expect((await add(listed(cast.client), listed(cast.client))).status).toBe(409);
    await expectNone();
    await add(listed(cast.client));
    const other = await newClient();
    expect(await add(listed(other), listed(cast.client, false))).toMatchObject({
      status: 409,
      body: { message: 'A client is already associated with this organization.' },
    });
    expect((await api.get(`${path}/clients`)).body.clients).toMatchObject([listed(cast.client)]);
  });

  test('more than 100 applications in all', async () => {
    const ids = Array.from({ length: 99 }, (_, index) => `many_${round}_${index}`);
    await api.database.pool.query(
      `insert into clients (client_id, name, created_at, updated_at) select unnest($1::text[]), 'x', now(), now()`,
      [ids],
    );
    expect((await add(...ids.map((id) => listed(id)))).status).toBe(201);
    const [one, two] = [await newClient(), await newClient()];
    expect(await add(listed(one), listed(two))).toMatchObject({
      status: 400,
      body: { message: 'An organization can be associated with at most 100 clients.' },
    });
    // Two requests at once do not fill the last place twice.
    const both = await Promise.all([add(listed(one)), add(listed(two))]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
  });

  test.each([
    ['post', { clients: [] }],
    ['post', { clients: [{ client_id: 'web' }] }],
    ['post', { clients: [{ ...listed('web'), more: 1 }] }],
    ['post', {}],
    ['delete', { clients: [] }],
    ['delete', { clients: [listed('web')] }],
  ] as const)('%s %j', async (method, body) => {
    expect((await api[method](`${path}/clients`, body)).status).toBe(400);
  });

  test('each operation without its own scope, and in an unknown organization', async () => {
    const body = { clients: [listed(cast.client)] };
    const calls = [
      ['GET', '', undefined, 'read'],
      ['POST', '', body, 'create'],
      ['GET', `/${cast.client}`, undefined, 'read'],
      ['PATCH', `/${cast.client}`, { use_for_member_access: true }, 'update'],
      ['DELETE', '', { clients: [cast.client] }, 'delete'],
    ] as const;
    const kinds = ['read', 'create', 'update', 'delete'];
    for (const [method, end, sent, kind] of calls) {
      const others = kinds.filter((one) => one !== kind).map((one) => `${one}.organization_clients`);
      const token = [...others, 'update.organizations', 'read.clients'].join('+');
      const refused = await api.call(method, `${path}/clients${end}`, sent, token);
      expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
      const done = await api.call(method, `${path}/clients${end}`, sent, `${kind}.organization_clients`);
      expect(done.status, `${method} ${JSON.stringify(done.body)}`).toBeLessThan(300);
      const nowhere = await api.call(method, `/organizations/org_AAAAAAAAAAAAAAAA/clients${end}`, sent);
      expect(nowhere.body.message).toBe('No organization found by that id or name');
    }
  });
});

describe('is_app_entitlement_active', () => {
  test('is false until it is set, at the creation or later, and is shown in every answer', async () => {
    expect((await api.get(path)).body.is_app_entitlement_active).toBe(false);
    const made = await api.post('/organizations', { name: `limited-${round}`, is_app_entitlement_active: true });
    expect(made.body.is_app_entitlement_active).toBe(true);
    const changed = await api.patch(path, { is_app_entitlement_active: true });
    expect(changed.body.is_app_entitlement_active).toBe(true);
    const { body } = await api.get('/organizations');
    expect(body.filter((one: { is_app_entitlement_active: boolean }) => one.is_app_entitlement_active)).toHaveLength(2);
    await api.patch(path, { display_name: 'Changed' });
    expect((await api.get(path)).body.is_app_entitlement_active).toBe(true);
    await api.patch(path, { is_app_entitlement_active: false });
    expect((await api.get(path)).body.is_app_entitlement_active).toBe(false);
  });

  test('only what closes an application out makes a login under way decide again', async () => {
    const id = await newClient();
    await api.post(`${path}/enabled_connections`, { connection_id: cast.oidcConnection });
    const revision = async () => {
      const text = `select revision from organization_connections where organization_id = $1`;
      const { rows } = await api.database.pool.query<{ revision: string }>(text, [path.split('/')[2]]);
      return rows[0]?.revision;
    };
    const steps: [name: string, work: () => Promise<unknown>, closes: boolean][] = [
      ['added while nothing is limited', () => add(listed(id)), false],
      ['taken from members', () => api.patch(`${path}/clients/${id}`, { use_for_member_access: false }), false],
      ['given to members', () => api.patch(`${path}/clients/${id}`, { use_for_member_access: true }), false],
      ['limited', () => api.patch(path, { is_app_entitlement_active: true }), true],
      ['limited again', () => api.patch(path, { is_app_entitlement_active: true }), false],
      ['another setting', () => api.patch(path, { display_name: 'X' }), false],
      ['taken from members', () => api.patch(`${path}/clients/${id}`, { use_for_member_access: false }), true],
      ['given to members', () => api.patch(`${path}/clients/${id}`, { use_for_member_access: true }), false],
      ['removed', () => api.delete(`${path}/clients`, { clients: [id] }), true],
      ['no longer limited', () => api.patch(path, { is_app_entitlement_active: false }), false],
    ];
    for (const [name, work, closes] of steps) {
      const before = await revision();
      await work();
      expect((await revision()) !== before, name).toBe(closes);
    }
  });
});

test('the list of organizations says which of them list an application', async () => {
  const id = await newClient();
  await add(listed(id, false));
  const query = `/organizations?include_client_association_for=${id}`;
  const all = (await api.get(query)).body;
  const with_ = all.filter((one: object) => 'client' in one);
  expect(with_).toMatchObject([{ id: path.split('/')[2], client: { use_for_member_access: false } }]);
  expect((await api.get('/organizations')).body.some((one: object) => 'client' in one)).toBe(false);
  expect((await api.get(`${query}&take=1`)).body.organizations).toHaveLength(1);
  // Attack: who may read organizations learns the applications of each.
  const refused = await api.get(query, 'read.organizations');
  expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
  expect((await api.get(query, 'read.organizations+read.organization_clients')).status).toBe(200);
});
