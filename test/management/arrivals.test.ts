/** Members who have come by a connection, and a condition of auto-membership tried on what was kept of them. Logins of them are in test/scenarios. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCondition } from '../../src/domain/companies/membership-condition.js';
import { assert } from '../../src/kernel/assert.js';
import { tallyArrivals } from '../../src/management/enabled-connections/tally-arrivals.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  for (const [name, claims] of [
    ['ann', { email: 'ann@acme.example', department: 'Sales', level: 3, groups: ['staff'] }],
    ['ben', { email: 'ben@acme.example', department: 'Sales', level: 1, groups: [] }],
    ['cal', { email: 'cal@acme.example', department: 'Law', groups: ['staff'] }],
  ] as const)
    await come(name, claims);
  await member('never');
  await come('stranger', { department: 'Sales' }, { isMember: false });
  await come('linked', {});
});
afterAll(() => api.close());

const path = (rest: string) => `/organizations/${cast.organization}/enabled_connections/${cast.oidcConnection}/${rest}`;
const query = async (text: string, values: unknown[] = []) => (await api.database.pool.query(text, values)).rows;
const idOf: Record<string, string> = {};

async function member(name: string): Promise<string> {
  const address = { email: `${name}@acme.example`, password: 'Correct-horse-9', connection: 'Username-Password' };
  const { user_id: id } = (await api.post('/users', address)).body;
  idOf[name] = id;
  await api.post(`/organizations/${cast.organization}/members`, { members: [id] });
  return id;
}

/** As a login by the organization's provider leaves a person. */
async function come(name: string, claims: object, { isMember = true } = {}): Promise<void> {
  const id = await member(name);
  if (!isMember) await query('delete from members where user_id = $1', [id]);
  await query(
    `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, email_vouched_by, created_at, bound_at)
     values ($1, 'ide_' || $2, $3, 'bound', 'https://idp.example', $2, $4, 'idp', now(), now())`,
    [id, name, cast.oidcConnection, claims],
  );
}

const tried = async (condition: string, ids: readonly string[] = []) =>
  (await api.post(path('explain/condition'), { condition, user_ids: ids })).body;

describe('POST …/explain/condition', () => {
  test('counts the members who came by the connection, names those whom it leaves out, answers for the chosen', async () => {
    const ids = ['ann', 'ben', 'stranger', 'never'].map((name) => idOf[name] ?? '');
    const { people, ...rest } = await tried(`claims.department == 'Sales' && 'staff' in claims.groups`, ids);
    expect(rest).toEqual({
      usable: true,
      reads_groups: false,
      members: {
        tried: 3,
        holds: 1,
        complete: true,
        without: ['ben', 'cal'].map((name) => ({ user_id: idOf[name], email: `${name}@acme.example` })),
      },
    });
    expect(new Map(people.map((one: { user_id: string; holds: boolean }) => [one.user_id, one.holds]))).toEqual(
      new Map([
        [idOf.ann, true],
        [idOf.ben, false],
      ]),
    );
  });

  test('reads the address that was proved, and the groups of the directory', async () => {
    expect((await tried(`email_domain == 'acme.example'`)).members).toMatchObject({ tried: 3, holds: 3 });
    await api.post(`/connections/${cast.oidcConnection}/scim-configuration`, {});
    await query(
      `insert into scim_groups (id, connection_id, display_name, created_at, updated_at) values ('grp_1', $1, 'Law', now(), now())`,
      [cast.oidcConnection],
    );
    await query(
      `insert into scim_group_members (group_id, user_id, identity_id, created_at) values ('grp_1', $1, 'ide_cal', now())`,
      [idOf.cal],
    );
    expect(await tried(`'Law' in scim_groups`)).toMatchObject({ reads_groups: true, members: { tried: 3, holds: 1 } });
    await query(`update identities set email_vouched_by = null where id = 'ide_ann'`);
    await query(`update users set email_vouched_by = null where user_id = $1`, [idOf.ann]);
    expect((await tried(`email_domain == 'acme.example'`)).members).toMatchObject({ tried: 3, holds: 2 });
    await query(`update identities set email_vouched_by = 'idp' where id = 'ide_ann'`);
    await query(`update users set email_vouched_by = 'operator' where user_id = $1`, [idOf.ann]);
  });

  test('says why an expression cannot be used', async () => {
    expect(await tried('claims.')).toEqual({ usable: false, error: expect.any(String) });
    expect((await api.post(path('explain/condition'), {})).status).toBe(400);
  });

  test('attack=a-dear-condition-over-many-people: it stops after a quarter of a second, and says so', async () => {
    const condition = parseCondition('true');
    assert(!('error' in condition), 'it can be used');
    const person = {
      userId: '',
      email: undefined,
      name: undefined,
      provedEmail: undefined,
      claims: {},
      scimGroups: [],
    };
    let passedMs = 0;
    const clock = {
      monotonicMs() {
        passedMs += 100;
        return passedMs;
      },
    };
    const list = async () => ({ items: [person, person, person, person] });
    expect(await tallyArrivals(list, condition, clock)).toMatchObject({ tried: 2, holds: 2, complete: false });
  });

  test('stops after a thousand members, and says so', async () => {
    await query(
      `insert into users (user_id, email, created_at, updated_at)
       select 'crowd|' || n, 'crowd' || n || '@acme.example', now(), now() from generate_series(1, 1001) n`,
    );
    await query(
      `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, created_at, bound_at)
       select 'crowd|' || n, 'crowd' || n, $1, 'bound', 'https://idp.example', 'crowd' || n, '{"department": "Crowd"}', now(), now()
       from generate_series(1, 1001) n`,
      [cast.oidcConnection],
    );
    await query(
      `insert into members (organization_id, user_id, via, created_at)
       select $1, 'crowd|' || n, 'auto', now() from generate_series(1, 1001) n`,
      [cast.organization],
    );
    expect((await tried(`claims.department == 'Crowd'`)).members).toMatchObject({
      tried: 1000,
      holds: 997,
      complete: false,
    });
    await query(`delete from users where user_id like 'crowd|%'`);
  });

  test('writes nothing', async () => {
    const before = await query('select count(*) from logs');
    await tried('true', [idOf.ann ?? '']);
    expect(await query('select count(*) from logs')).toEqual(before);
  });
});

describe('GET …/people', () => {
  const found = async (rest: string) =>
    (await api.get(path(`people${rest}`))).body.people.map(({ email }: { email: string }) => email);

  test('finds them by the beginning of the address; others are not among them', async () => {
    expect(await found('')).toEqual(['ann@acme.example', 'ben@acme.example', 'cal@acme.example']);
    expect(await found('?starts_with=BE')).toEqual(['ben@acme.example']);
    expect(await found('?starts_with=%25')).toEqual([]);
    expect(await found('?starts_with=never')).toEqual([]);
    expect(await found('?take=1')).toEqual(['ann@acme.example']);
  });

  test('tells the claims that were kept of one, and when they were seen', async () => {
    const proof = { trace: [{ stage: 'authenticate', rule: 'protocol_proof', answer: 'pass' }] };
    const session = { trace: [{ stage: 'authenticate', rule: 'session', answer: 'pass' }] };
    await query(
      `insert into logs (log_id, date, type, user_id, connection_id, details) values
         ('seen1', '2026-10-01T10:00:00Z', 's', $1, $2, $3), ('seen2', '2026-10-02T10:00:00Z', 's', $1, $2, $3),
         ('seen3', '2026-10-03T10:00:00Z', 's', $1, $2, $4), ('seen4', '2026-10-04T10:00:00Z', 's', $1, 'con_other', $3)`,
      [idOf.ann, cast.oidcConnection, proof, session],
    );
    expect((await api.get(path(`people/${encodeURIComponent(idOf.ann ?? '')}`))).body).toEqual({
      user_id: idOf.ann,
      email: 'ann@acme.example',
      proved_email: 'ann@acme.example',
      claims: { email: 'ann@acme.example', department: 'Sales', level: 3, groups: ['staff'] },
      scim_groups: [],
      seen_at: '2026-10-02T10:00:00.000Z',
    });
    const ben = (await api.get(path(`people/${encodeURIComponent(idOf.ben ?? '')}`))).body;
    expect(ben.seen_at).toBeUndefined();
  });

  test('somebody who is no member, or has not come by it, is a 404', async () => {
    for (const name of ['stranger', 'never', 'linked'])
      expect((await api.get(path(`people/${encodeURIComponent(idOf[name] ?? '')}`))).status, name).toBe(404);
    const elsewhere = `/organizations/${cast.organization}/enabled_connections/con_0000000000000000/people`;
    expect((await api.get(elsewhere)).status).toBe(404);
  });
});

test('attack=learning-claims-with-a-scope-for-members: each takes read:users as well', async () => {
  const asked = [
    () => api.get(path('people'), 'read.organization_members'),
    () => api.get(path(`people/${encodeURIComponent(idOf.ann ?? '')}`), 'read.organization_members'),
    () => api.post(path('explain/condition'), { condition: 'true' }, 'read.organization_members'),
  ];
  for (const ask of asked) expect((await ask()).status).toBe(403);
  const both = 'read.organization_members+read.users';
  expect((await api.get(path('people'), both)).status).toBe(200);
  expect((await api.post(path('explain/condition'), { condition: 'true' }, both)).status).toBe(200);
});
