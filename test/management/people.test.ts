/** The people of an organization, read and prepared many at a time. Logins that bind what was prepared are in test/scenarios. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Statement, whileHeld } from '../support/while-held.js';
import { CALLER, type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

interface Sent {
  readonly user_id: string;
  readonly subject?: string;
  readonly expected_email?: string;
}

const path = (rest: string, organization = cast.organization) => `/organizations/${organization}/${rest}`;
const query = async (text: string, values: unknown[] = []) => (await api.database.pool.query(text, values)).rows;
const body = (identities: readonly Sent[], connection = cast.oidcConnection) => ({
  connection_id: connection,
  identities,
});
const prepare = (...identities: Sent[]) => api.post(path('expected-identities'), body(identities));
const withdraw = (...identities: Sent[]) => api.post(path('expected-identities/remove'), body(identities));
const resultsOf = (answer: { body: { results: { result: string }[] } }) => answer.body.results.map((one) => one.result);
const expectedNow = () =>
  query(`select user_id, subject, expected_email from identities where status = 'expected' order by user_id, subject`);

/** Makes a member, and returns their id. */
async function member(name: string): Promise<string> {
  const { user_id: id } = (
    await api.post('/users', {
      email: `${name}@acme.example`,
      password: 'Correct-horse-9',
      connection: 'Username-Password',
    })
  ).body;
  await api.post(path('members'), { members: [id] });
  return id;
}

/** As a login of this person leaves it. */
const bind = (userId: string, subject: string, connection = cast.oidcConnection) =>
  query(
    `insert into identities (user_id, id, connection_id, status, issuer, subject, created_at, bound_at)
     values ($1, 'ide_' || $2, $3, 'bound', 'https://idp.example', $2, now(), now())`,
    [userId, subject, connection],
  );

describe('GET /organizations/{id}/people', () => {
  test('tells how each member signs in', async () => {
    const eve = await member('eve');
    await bind(eve, 'eve-at-idp');
    await api.post(path(`members/${encodeURIComponent(eve)}/roles`), { roles: [cast.role] });
    await query(
      `update members set break_glass = true, first_used_at = '2026-11-01T10:00:00Z',
      first_login_at = '2026-10-01T10:00:00Z', last_login_at = '2026-11-02T09:00:00Z' where user_id = $1`,
      [eve],
    );
    await query(
      `update users set name = 'Eve', logins_count = 3, last_login_at = '2026-11-02T10:00:00Z' where user_id = $1`,
      [eve],
    );
    await query(`update password_credentials set hash = '!' where user_id = $1`, [cast.dana]);
    // Two others with Eve's address, one of them a member here; and another organization of hers.
    const namesake = await member('namesake');
    await query(`update users set email = 'eve@acme.example' where user_id = any($1)`, [[namesake, cast.bob]]);
    const other = (await api.post('/organizations', { name: 'other' })).body.id;
    await api.post(path('members', other), { members: [eve] });
    await prepare({ user_id: cast.dana, expected_email: 'Dana@acme.example' });

    const { people } = (await api.get(path('people'))).body;
    expect(people.map((one: { user_id: string }) => one.user_id)).toEqual([cast.dana, eve, namesake]);
    const main = { provider: 'auth0', connection: 'Username-Password', connection_id: cast.databaseConnection };
    const sso = { provider: 'oidc', connection: 'acme-oidc', connection_id: cast.oidcConnection };
    expect(people[0]).toMatchObject({
      email: 'dana@acme.example',
      email_verified: true,
      has_password: false,
      same_address: 0,
      other_organizations: 0,
      member: {
        roles: [],
        break_glass: false,
        first_login: null,
        last_login: null,
        own_proof_at: null,
        via: 'management',
      },
    });
    expect(people[0]).not.toHaveProperty('last_login');
    expect(people[0].identities).toEqual([
      { ...main, user_id: cast.dana.slice('auth0|'.length), status: 'bound', primary: true },
      { ...sso, expected_email: 'dana@acme.example', status: 'expected', primary: false },
    ]);
    expect(people[1]).toEqual({
      user_id: eve,
      email: 'eve@acme.example',
      email_verified: false,
      name: 'Eve',
      blocked: false,
      has_password: true,
      second_factors: [],
      logins_count: 3,
      last_login: '2026-11-02T10:00:00.000Z',
      other_organizations: 1,
      same_address: 2,
      same_address_members: 1,
      same_address_connections: [cast.databaseConnection],
      member: {
        roles: [{ id: cast.role, name: 'admin' }],
        break_glass: true,
        first_login: '2026-10-01T10:00:00.000Z',
        last_login: '2026-11-02T09:00:00.000Z',
        own_proof_at: '2026-11-01T10:00:00.000Z',
        via: 'management',
      },
      identities: [
        { ...main, user_id: eve.slice('auth0|'.length), status: 'bound', primary: true },
        { ...sso, user_id: 'eve-at-idp', status: 'bound', primary: false },
      ],
    });
    await api.delete(`/organizations/${other}`);
  });

  test('tells the confirmed factors of each person, in one statement for all', async () => {
    const kinds = { one: ['otp'], two: ['passkey', 'recovery-code'], none: [], open: [] } as const;
    for (const [name, has] of Object.entries(kinds)) {
      const id = await member(`factor-${name}`);
      for (const kind of has)
        await query(
          'insert into factors (user_id, id, kind, created_at, confirmed_at) values ($1, $2, $2, now(), now())',
          [id, kind],
        );
      // Set up and not confirmed: it counts for nothing.
      if (name === 'open')
        await query(`insert into factors (user_id, id, kind, created_at) values ($1, 'x', 'otp', now())`, [id]);
    }
    const sent = vi.spyOn(pg.Client.prototype, 'query');
    const costOf = async (take: number) => {
      sent.mockClear();
      const { people } = (await api.get(path(`people?take=${take}`))).body;
      return { people: people as { email: string; second_factors: string[] }[], statements: sent.mock.calls.length };
    };
    const [few, all] = [await costOf(1), await costOf(1_000)];
    sent.mockRestore();
    expect(few.statements).toBeGreaterThan(0);
    expect(all.statements).toBe(few.statements);
    const found = all.people.filter(({ email }) => email.startsWith('factor-'));
    expect(Object.fromEntries(found.map((one) => [one.email.slice(7).split('@')[0], one.second_factors]))).toEqual(
      kinds,
    );
    await query(`delete from users where email like 'factor-%'`);
  });

  test('goes on where a page ended, in the order of the list of members', async () => {
    const inOrder = (await api.get(path('members'))).body.map((one: { user_id: string }) => one.user_id);
    const seen: string[] = [];
    for (let from = ''; seen.length < 100; ) {
      const { people, next } = (await api.get(path(`people?take=1${from}`))).body;
      expect(people).toHaveLength(1);
      seen.push(people[0].user_id);
      if (next === undefined) break;
      from = `&from=${next}`;
    }
    expect(inOrder.length).toBeGreaterThan(2);
    expect(seen).toEqual(inOrder);
  });

  test('gives a thousand at once, and no more', async () => {
    const crowd = (await api.post('/organizations', { name: 'crowd' })).body.id;
    await query(`insert into users (user_id, email, created_at, updated_at)
      select 'auth0|crowd' || n, 'c' || n || '@crowd.example', now(), now() from generate_series(1, 1001) n`);
    await query(
      `insert into members (organization_id, user_id, via, created_at)
       select $1, 'auth0|crowd' || n, 'auto', date_trunc('milliseconds', now()) from generate_series(1, 1001) n`,
      [crowd],
    );
    const first = (await api.get(path('people?take=1000', crowd))).body;
    expect(first.people).toHaveLength(1000);
    const second = (await api.get(path(`people?take=1000&from=${first.next}`, crowd))).body;
    expect(second.people).toHaveLength(1);
    expect(second).not.toHaveProperty('next');
    for (const take of ['0', '1001', 'x']) expect((await api.get(path(`people?take=${take}`, crowd))).status).toBe(400);
    expect((await api.get(path('people?from=here', crowd))).status).toBe(400);
    expect((await api.get(path('people', 'org_0000000000000000'))).status).toBe(404);
  });

  test('finds members by the beginning of the address, in the order of addresses, on one page', async () => {
    const found = async (rest: string) =>
      (await api.get(path(`people?${rest}`))).body.people.map(({ email }: { email: string }) => email);
    await member('zoe.young');
    const zoe = await member('zoe.adams');
    await member('zo%e');
    const elsewhere = await member('zoe.elsewhere');
    await query('delete from members where user_id = $1', [elsewhere]);
    expect(await found('starts_with=ZOE')).toEqual(['zoe.adams@acme.example', 'zoe.young@acme.example']);
    expect(await found('starts_with=zoe&take=1')).toEqual(['zoe.adams@acme.example']);
    expect(await found('starts_with=zo%25')).toEqual(['zo%e@acme.example']);
    for (const pattern of ['%', '_oe', '\\', "' or true --"])
      expect(await found(`starts_with=${encodeURIComponent(pattern)}`), pattern).toEqual([]);
    const { body } = await api.get(path('people?starts_with=zoe&take=1'));
    expect(body).not.toHaveProperty('next');
    expect(body.people).toEqual((await api.post(path('people/find'), { user_ids: [zoe] })).body.people);
    const { next } = (await api.get(path('people?take=1'))).body;
    const wrongs = [
      `starts_with=zoe&from=${next}`,
      'starts_with=',
      'starts_with=%00',
      `starts_with=${'z'.repeat(321)}`,
    ];
    for (const wrong of wrongs) expect((await api.get(path(`people?${wrong}`))).status, wrong).toBe(400);
  });

  test('attack=reading-people-with-a-scope-for-a-part: takes all three', async () => {
    const all = ['read:organization_members', 'read:users', 'read:organization_member_roles'];
    const read = (scopes: readonly string[]) => api.get(path('people'), scopes.join('+').replaceAll(':', '.'));
    expect((await read(all)).status).toBe(200);
    for (const missing of all) {
      const { status, body: refusal } = await read(all.filter((scope) => scope !== missing));
      expect(status, missing).toBe(403);
      expect(refusal).toMatchObject({
        errorCode: 'insufficient_scope',
        message: expect.stringContaining(missing),
      });
    }
  });
});

describe('POST /organizations/{id}/people/find', () => {
  test('tells of those who are named and members, as the list does', async () => {
    const listed = (await api.get(path('people'))).body.people;
    const last = listed.at(-1);
    const asked = { user_ids: [last.user_id, 'auth0|nobody', cast.bob, cast.dana] };
    const { status, body: found } = await api.post(path('people/find'), asked);
    expect(status).toBe(200);
    const dana = listed.find((one: { user_id: string }) => one.user_id === cast.dana);
    expect(found).toEqual({ people: [dana, last] });
  });

  test('takes a thousand names, and no more; no organization is a 404', async () => {
    const many = (count: number) => ({ user_ids: Array.from({ length: count }, (_, n) => `auth0|crowd${n}`) });
    expect((await api.post(path('people/find'), many(1000))).body).toEqual({ people: [] });
    for (const wrong of [many(1001), many(0), {}])
      expect((await api.post(path('people/find'), wrong)).status).toBe(400);
    expect((await api.post(path('people/find', 'org_0000000000000000'), many(1))).status).toBe(404);
  });

  test('attack=reading-people-with-a-scope-for-a-part: takes all three', async () => {
    const all = ['read:organization_members', 'read:users', 'read:organization_member_roles'];
    const find = (scopes: readonly string[]) =>
      api.post(path('people/find'), { user_ids: [cast.dana] }, scopes.join('+').replaceAll(':', '.'));
    expect((await find(all)).status).toBe(200);
    for (const missing of all) expect((await find(all.filter((scope) => scope !== missing))).status, missing).toBe(403);
  });
});

describe('POST /organizations/{id}/expected-identities', () => {
  let gus: string;
  let hal: string;
  let round = 0;
  beforeEach(async () => {
    await query(`delete from identities where status = 'expected' or not is_primary`);
    round += 1;
    gus = await member(`gus${round}`);
    hal = await member(`hal${round}`);
  });

  test('prepares by subject and by address, and says so in the log', async () => {
    const answer = await prepare(
      { user_id: gus, subject: 'gus' },
      { user_id: hal, expected_email: 'Hal@ACME.example' },
    );
    expect(answer.body).toEqual({
      results: [
        { user_id: gus, result: 'created' },
        { user_id: hal, result: 'created' },
      ],
    });
    const rows =
      await query(`select user_id, connection_id, issuer, subject, expected_email, is_primary, bound_by, bound_at
      from identities where status = 'expected' order by subject`);
    const row = {
      connection_id: cast.oidcConnection,
      issuer: '',
      is_primary: false,
      bound_by: `management:${CALLER}`,
      bound_at: null,
    };
    expect(rows).toEqual([
      { ...row, user_id: gus, subject: 'gus', expected_email: null },
      { ...row, user_id: hal, subject: null, expected_email: 'hal@acme.example' },
    ]);
    const [line] = await query(
      `select organization_id, connection_id, details from logs order by date desc, log_id desc limit 1`,
    );
    expect(line).toMatchObject({
      organization_id: cast.organization,
      connection_id: cast.oidcConnection,
      details: { expected: { people: 2, by_subject: { [gus]: 'gus' }, by_email: { [hal]: 'hal@acme.example' } } },
    });
  });

  test('the same again exists, whether by subject or by address', async () => {
    const people = [
      { user_id: gus, subject: 'gus' },
      { user_id: hal, expected_email: 'hal@acme.example' },
    ];
    await prepare(...people);
    const before = await expectedNow();
    expect(resultsOf(await prepare(...people))).toEqual(['exists', 'exists']);
    expect(await expectedNow()).toEqual(before);
    expect(resultsOf(await prepare({ user_id: gus, subject: 'other' }, { user_id: hal, subject: 'hal' }))).toEqual([
      'has_identity',
      'has_identity',
    ]);
    expect(await expectedNow()).toEqual(before);
  });

  test('answers each line in its place, and writes those that are right', async () => {
    const ivy = await member(`ivy${round}`);
    await bind(ivy, `ivy${round}`);
    await prepare({ user_id: hal, expected_email: 'shared@acme.example' });
    const { results } = (
      await prepare(
        { user_id: 'auth0|nobody', subject: 'nobody' },
        { user_id: cast.bob, subject: 'bob' },
        { user_id: ivy, subject: 'ivy-again' },
        { user_id: gus, subject: `ivy${round}` },
        { user_id: cast.dana, expected_email: 'shared@acme.example' },
        { user_id: gus, subject: 'gus' },
        { user_id: 'auth0|a', subject: ' ' },
        { user_id: 'auth0|b', expected_email: 'two@at@signs' },
        { user_id: 'auth0|c' },
        { user_id: 'auth0|d', subject: 'd', expected_email: 'd@acme.example' },
      )
    ).body;
    expect(results.map((one: { result: string }) => one.result)).toEqual([
      'unknown_user',
      'not_a_member',
      'has_identity',
      'taken',
      'taken',
      'invalid',
      'invalid',
      'invalid',
      'invalid',
      'invalid',
    ]);
    for (const one of results)
      expect(typeof one.detail, one.user_id).toBe(one.result === 'invalid' ? 'string' : 'undefined');
    expect(await expectedNow()).toEqual([{ user_id: hal, subject: null, expected_email: 'shared@acme.example' }]);
  });

  test('of two people with one subject in a call, the first gets it', async () => {
    expect(resultsOf(await prepare({ user_id: hal, subject: 'one' }, { user_id: gus, subject: 'one' }))).toEqual([
      'created',
      'taken',
    ]);
    expect(await expectedNow()).toMatchObject([{ user_id: hal, subject: 'one' }]);
  });

  test('a subject that a former issuer bound is not expected for somebody else', async () => {
    await bind(hal, `under-another-issuer${round}`);
    await query(`update identities set issuer = 'https://a-former.example' where user_id = $1 and subject = $2`, [
      hal,
      `under-another-issuer${round}`,
    ]);
    await bind(cast.dana, `today${round}`);
    expect(resultsOf(await prepare({ user_id: gus, subject: `under-another-issuer${round}` }))).toEqual(['taken']);
  });

  test('takes enterprise connections that the organization has enabled', async () => {
    const send = (connection: string) =>
      api.post(path('expected-identities'), body([{ user_id: gus, subject: 'gus' }], connection));
    expect((await send('con_0000000000000000')).status).toBe(404);
    expect((await send(cast.databaseConnection)).status).toBe(400);
    const elsewhere = (
      await api.post('/connections', {
        name: `elsewhere${round}`,
        strategy: 'oidc',
        options: { type: 'back_channel', issuer: 'https://e.example', client_id: 'c', client_secret: 's' },
      })
    ).body.id;
    expect((await send(elsewhere)).body.message).toBe('The connection is not enabled for this organization.');
    await api.patch(path(`connections/${cast.oidcConnection}`), { is_enabled: false });
    expect((await send(cast.oidcConnection)).status).toBe(400);
    expect(await expectedNow()).toEqual([]);
    await api.patch(path(`connections/${cast.oidcConnection}`), { is_enabled: true });
    expect(resultsOf(await send(cast.oidcConnection))).toEqual(['created']);
  });

  test('two calls at once for the same people, each in another order, end without an error', async () => {
    const crowd = await query(`select user_id from users where user_id like 'auth0|crowd%' order by user_id limit 200`);
    const people = crowd.map(({ user_id }, n) => ({ user_id, subject: `crowd-${n}` }));
    await api.post(path('members'), { members: people.map((one) => one.user_id) });
    // The second expects each subject for somebody else.
    const shifted = people
      .map((one, n) => ({ ...one, subject: people[(n + 1) % people.length]?.subject ?? '' }))
      .reverse();
    const [first, second] = await Promise.all([prepare(...people), prepare(...shifted)]);
    const all = [...resultsOf(first), ...resultsOf(second)];
    expect(all.filter((result) => result === 'created')).toHaveLength(people.length);
    expect(
      await query(
        `select count(*)::int as n, count(distinct user_id)::int as users from identities where subject like 'crowd-%'`,
      ),
    ).toEqual([{ n: people.length, users: people.length }]);
  });

  const during = (work: readonly Statement[], sent: Sent) =>
    whileHeld(api.database.pool, work, async () => resultsOf(await prepare(sent)));
  const INSERT = `insert into identities (user_id, id, connection_id, status, subject, created_at)
    values ($1, 'held', $2, 'expected', $3, now())`;

  test('attack=two-ways-in-for-one-user: waits for a login or another call that has the user', async () => {
    const lock = ['select 1 from users where user_id = $1 for no key update', [gus]] as [string, unknown[]];
    const held = [INSERT, [gus, cast.oidcConnection, 'first']] as [string, unknown[]];
    expect(await during([lock, held], { user_id: gus, subject: 'second' })).toEqual(['has_identity']);
    expect(await expectedNow()).toMatchObject([{ user_id: gus, subject: 'first' }]);
  });

  test('a subject that another call is just giving away is taken', async () => {
    expect(await during([[INSERT, [hal, cast.oidcConnection, 'wanted']]], { user_id: gus, subject: 'wanted' })).toEqual(
      ['taken'],
    );
  });

  test('a member who is being removed is none', async () => {
    expect(await during([['delete from members where user_id = $1', [gus]]], { user_id: gus, subject: 'gus' })).toEqual(
      ['not_a_member'],
    );
  });

  test('two calls at once for one subject and different people: one gets it, the other is told', async () => {
    const [one, other] = await Promise.all([
      prepare({ user_id: gus, subject: 'raced' }),
      prepare({ user_id: hal, subject: 'raced' }),
    ]);
    expect([...resultsOf(one), ...resultsOf(other)].sort()).toEqual(['created', 'taken']);
  });

  test('is bounded: one to a thousand lines, and nothing but what it knows', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ user_id: `auth0|x${n}`, subject: 's' }));
    expect((await prepare()).status).toBe(400);
    expect((await prepare(...lines(1001))).status).toBe(400);
    expect((await prepare(...lines(1000))).status).toBe(200);
    expect((await prepare({ user_id: gus, subject: 's', provider: 'oidc' } as Sent)).status).toBe(400);
  });
});

describe('POST /organizations/{id}/expected-identities/remove', () => {
  let kim: string;
  let lee: string;
  let round = 0;
  beforeEach(async () => {
    await query(`delete from identities where status = 'expected' or not is_primary`);
    round += 1;
    kim = await member(`kim${round}`);
    lee = await member(`lee${round}`);
  });

  test('removes what is still expected, and says so in the log', async () => {
    const people = [
      { user_id: kim, subject: 'kim' },
      { user_id: lee, expected_email: 'Lee@acme.example' },
    ];
    await prepare(...people);
    expect(resultsOf(await withdraw(...people))).toEqual(['removed', 'removed']);
    expect(await expectedNow()).toEqual([]);
    const [line] = await query(`select details from logs order by date desc, log_id desc limit 1`);
    expect(line.details.withdrawn).toEqual({
      people: 2,
      by_subject: { [kim]: 'kim' },
      by_email: { [lee]: 'lee@acme.example' },
    });
    expect(resultsOf(await withdraw(...people))).toEqual(['absent', 'absent']);
  });

  test('leaves what is something else, or was bound meanwhile', async () => {
    await prepare({ user_id: kim, subject: 'kim' }, { user_id: lee, expected_email: 'lee@acme.example' });
    await bind(cast.dana, 'dana');
    const before = await query('select * from identities order by user_id, id');
    const answer = await withdraw(
      { user_id: kim, subject: 'not-kim' },
      { user_id: lee, expected_email: 'leo@acme.example' },
      { user_id: cast.dana, subject: 'dana' },
      { user_id: 'auth0|nobody', subject: 'x' },
    );
    expect(resultsOf(answer)).toEqual(['other', 'other', 'bound', 'absent']);
    expect(resultsOf(await withdraw({ user_id: cast.dana, subject: 'not-dana' }))).toEqual(['other']);
    expect(resultsOf(await withdraw({ user_id: cast.dana, expected_email: 'dana@acme.example' }))).toEqual(['bound']);
    expect(resultsOf(await withdraw({ user_id: kim, expected_email: 'kim@acme.example' }))).toEqual(['other']);
    expect(await query('select * from identities order by user_id, id')).toEqual(before);
  });

  test('attack=removing-the-only-identity: a main identity that is expected again stays', async () => {
    await query(
      `insert into users (user_id, created_at, updated_at) values ('oidc|acme-oidc|main', now(), now()) on conflict do nothing`,
    );
    await query(
      `insert into identities (user_id, id, connection_id, status, subject, is_primary, created_at)
       values ('oidc|acme-oidc|main', 'main', $1, 'expected', 'main', true, now())`,
      [cast.oidcConnection],
    );
    expect(resultsOf(await withdraw({ user_id: 'oidc|acme-oidc|main', subject: 'main' }))).toEqual(['other']);
    expect(await expectedNow()).toHaveLength(1);
  });

  test('also for a person who has left, and after the connection was disabled', async () => {
    await prepare({ user_id: kim, subject: 'kim' });
    await api.delete(path('members'), { members: [kim] });
    await api.patch(path(`connections/${cast.oidcConnection}`), { is_enabled: false });
    expect(resultsOf(await withdraw({ user_id: kim, subject: 'kim' }))).toEqual(['removed']);
    await api.patch(path(`connections/${cast.oidcConnection}`), { is_enabled: true });
  });

  test('ends no session', async () => {
    await prepare({ user_id: kim, subject: 'kim' });
    await query(
      `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
       values ($1, 'x', 'ses_kim', $2, now(), now(), now(), now() + interval '1 day')`,
      [kim, cast.oidcConnection],
    );
    await withdraw({ user_id: kim, subject: 'kim' });
    expect(await query('select id from sessions where user_id = $1', [kim])).toEqual([{ id: 'ses_kim' }]);
  });
});

describe('GET /organizations/{id}/people/totals', () => {
  const totals = async (rest = '') => (await api.get(path(`people/totals${rest}`))).body;

  test('counts by what lets people in, and for a connection by what it would change', async () => {
    await api.patch(`/connections/${cast.oidcConnection}`, {
      options: {
        ...(await api.get(`/connections/${cast.oidcConnection}`)).body.options,
        domain_aliases: ['acme.example'],
      },
    });
    const before = await totals(`?connection_id=${cast.oidcConnection}`);
    const [ann, ben, cal, dee] = [await member('ann'), await member('ben'), await member('cal'), await member('dee')];
    await bind(ann, 'ann-at-idp');
    await bind(ben, 'ben-at-idp');
    await query(`update password_credentials set hash = '!' where user_id = $1`, [ben]);
    await api.patch(path(`members/${encodeURIComponent(cal)}`), { break_glass: true });
    await prepare({ user_id: dee, subject: 'dee-at-idp' });
    const elsewhere = await member('far');
    await query(`update users set email = 'far@elsewhere.example' where user_id = $1`, [elsewhere]);

    const after = await totals(`?connection_id=${cast.oidcConnection}`);
    const grown = (now: Record<string, number>, then: Record<string, number>) =>
      Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - (then[name] ?? 0)]));
    const { connection, second_factor: rule, ...all } = after;
    const { connection: connectionBefore, second_factor: _rule, ...allBefore } = before;
    expect(grown(all, allBefore)).toEqual({
      members: 5,
      with_password: 4,
      break_glass: 1,
      never_logged_in: 5,
      without_own_proof: 5,
    });
    expect(grown(connection, connectionBefore)).toEqual({
      bound: 2,
      bound_without_password: 1,
      expected: 1,
      addresses_led: 4,
      only_password: 1,
      only_password_break_glass: 1,
    });
    expect(await totals()).toEqual({ ...all, second_factor: rule });
  });

  test('tells whom the settings ask for a second factor, and with which', async () => {
    const rule = async () => (await totals()).second_factor;
    expect(await rule()).toEqual({ asks: 'nobody', accepts: [] });
    for (const name of ['otp', 'webauthn-platform', 'recovery-code'])
      await api.put(`/guardian/factors/${name}`, { enabled: true });
    await api.patch(`/organizations/${cast.organization}`, { mfa: 'required_unless_idp', mfa_factors: ['otp'] });
    expect(await rule()).toEqual({ asks: 'unless_company', accepts: ['otp', 'recovery-code'] });
    // The tenant's policy asks everybody, whatever the organization says about its company.
    await api.put('/guardian/policies', ['all-applications']);
    expect((await rule()).asks).toBe('everybody');
    await api.put('/guardian/policies', []);
    await api.patch(`/organizations/${cast.organization}`, { mfa: 'required', mfa_factors: [] });
    expect((await rule()).asks).toBe('everybody');
    await api.patch(`/organizations/${cast.organization}`, { mfa: 'none' });
  });

  test('a connection that the organization does not use is told', async () => {
    expect((await api.get(path('people/totals?connection_id=con_0000000000000000'))).status).toBe(404);
  });
});
