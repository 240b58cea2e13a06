/**
 * While `sso_rollout` is `required`, the last break-glass member stays, and stays able to sign in: whichever call would take
 * him away answers 409 and changes nothing.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
const org = (path = '') => `/organizations/${cast.organization}${path}`;
const user = (userId: string, path = '') => `/users/${encodeURIComponent(userId)}${path}`;
const member = (userId: string) => org(`/members/${encodeURIComponent(userId)}`);

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  await api.post(org('/members'), { members: [cast.bob] });
});
afterAll(() => api.close());

/** Dana is the only one with the flag, and the company's sign-in is required. */
beforeEach(async () => {
  await api.patch(org(`/connections/${cast.oidcConnection}`), { sso_rollout: 'optional' });
  for (const userId of [cast.dana, cast.bob]) await api.patch(user(userId), { blocked: false });
  await api.patch(member(cast.dana), { break_glass: true });
  await api.patch(member(cast.bob), { break_glass: false });
  await api.patch(org(`/connections/${cast.oidcConnection}`), { sso_rollout: 'required' });
});

async function createUser(name: string): Promise<string> {
  const password = 'Correct-horse-9';
  const { body } = await api.post('/users', {
    email: `${name}@acme.example`,
    password,
    connection: 'Username-Password',
  });
  return body.user_id;
}

type Removal = readonly [string, (userId: string) => readonly [string, string, unknown?]];
const REMOVALS: readonly Removal[] = [
  ['removing the member', (userId) => ['DELETE', org('/members'), { members: [userId] }]],
  ['taking the flag', (userId) => ['PATCH', member(userId), { break_glass: false }]],
  ['blocking the user', (userId) => ['PATCH', user(userId), { blocked: true }]],
  ['deleting the user', (userId) => ['DELETE', user(userId)]],
];
const OF_CONNECTION: readonly Removal[] = [
  ['deleting the database', () => ['DELETE', `/connections/${cast.databaseConnection}`]],
  ['taking the database away', () => ['DELETE', org(`/enabled_connections/${cast.databaseConnection}`)]],
  ['taking the database away (twin)', () => ['DELETE', org(`/connections/${cast.databaseConnection}`)]],
  [
    'switching the database off',
    () => ['PATCH', org(`/connections/${cast.databaseConnection}`), { is_enabled: false }],
  ],
];

const everything = async () => {
  const tables = [
    'users',
    'identities',
    'password_credentials',
    'members',
    'organization_connections',
    'connections',
    'logs',
  ];
  const rows = tables.map(async (table) => {
    return (await api.database.pool.query(`select to_jsonb(t)::text as row from ${table} t order by 1`)).rows;
  });
  return Promise.all(rows);
};

describe('the last break-glass member stays', () => {
  test.each([...REMOVALS, ...OF_CONNECTION])('case=%s', async (_name, toRequest) => {
    const before = await everything();
    const answer = await api.call(...(toRequest(cast.dana) as [string, string, unknown?]));
    expect(answer.status).toBe(409);
    expect(answer.body.errorCode).toBe('last_break_glass_member');
    expect(answer.body.message).toContain('last break-glass member of acme');
    expect(await everything()).toEqual(before);
  });

  test('case=linking-him-into-another-user', async () => {
    const other = await createUser('other');
    const [provider, id] = cast.dana.split('|');
    const answer = await api.post(user(other, '/identities'), { provider, user_id: id });
    expect(answer.body).toMatchObject({ statusCode: 409 });
    await api.delete(user(other));
  });

  test('case=unlinking-the-identity-that-has-the-password', async () => {
    const name = 'acme-second';
    const second = (await api.post('/connections', { name, strategy: 'auth0' })).body.id;
    await api.post(org('/enabled_connections'), { connection_id: second });
    const body = { email: 'second@acme.example', password: 'Correct-horse-9', connection: name };
    const secondary: string = (await api.post('/users', body)).body.user_id;
    await api.post(user(cast.dana, '/identities'), { provider: 'auth0', user_id: secondary });
    // With the other database off, this is the password that she has left.
    const off = await api.patch(org(`/connections/${cast.databaseConnection}`), { is_enabled: false });
    expect(off.status).toBe(200);
    const unlinked = await api.delete(user(cast.dana, `/identities/auth0/${secondary.slice(6)}`));
    expect(unlinked.body).toMatchObject({ statusCode: 409, errorCode: 'last_break_glass_member' });
    await api.patch(org(`/connections/${cast.databaseConnection}`), { is_enabled: true });
    expect((await api.delete(user(cast.dana, `/identities/auth0/${secondary.slice(6)}`))).status).toBe(200);
    await api.delete(`/connections/${second}`);
  });

  test('case=a-member-who-is-blocked-does-not-count', async () => {
    await api.patch(member(cast.bob), { break_glass: true });
    expect((await api.patch(user(cast.bob), { blocked: true })).status).toBe(200);
    expect((await api.patch(user(cast.dana), { blocked: true })).status).toBe(409);
    expect((await api.patch(user(cast.bob), { blocked: false })).status).toBe(200);
    expect((await api.patch(user(cast.dana), { blocked: true })).status).toBe(200);
  });

  test('case=free-to-go-when-nothing-is-required', async () => {
    await api.patch(org(`/connections/${cast.oidcConnection}`), { sso_rollout: 'optional' });
    expect((await api.patch(member(cast.dana), { break_glass: false })).status).toBe(200);
    expect((await api.patch(user(cast.dana), { blocked: true })).status).toBe(200);
  });
});

describe('attack=two-last-ones-at-once-each-counting-on-the-other', () => {
  const pairs = REMOVALS.flatMap((one) => REMOVALS.map((two) => [`${one[0]} and ${two[0]}`, one[1], two[1]] as const));
  test.each(pairs)('case=%s', async (_name, one, two) => {
    const people = [await createUser('one'), await createUser('two')];
    await api.post(org('/members'), { members: people });
    for (const userId of people) await api.patch(member(userId), { break_glass: true });
    expect((await api.patch(member(cast.dana), { break_glass: false })).status).toBe(200);
    const requests = [one(people[0] ?? ''), two(people[1] ?? '')];
    const answers = await Promise.all(requests.map((request) => api.call(...(request as [string, string, unknown?]))));
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(1);
    await api.patch(org(`/connections/${cast.oidcConnection}`), { sso_rollout: 'optional' });
    for (const userId of people) await api.delete(user(userId));
  });
});
