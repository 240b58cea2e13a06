/** Sessions, refresh tokens and log lines of one person through the Management API: what is listed is what works, and what is ended does not. */
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);
let dana: string;
let serial = 0;
let email: string;

async function newcomer() {
  serial += 1;
  email = `dana${serial}@plain.example`;
  dana = await stage.cast.createMember(email);
}

async function signIn() {
  const visitor = stage.visitor();
  return { visitor, ...(await visitor.redeem(await visitor.withPassword(email, PASSWORD))) };
}

async function refresh(refreshToken: string): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: stage.cast.client.id,
      client_secret: stage.cast.client.secret,
    }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

const user = () => `/users/${encodeURIComponent(dana)}`;
const listed = async (what: 'sessions' | 'refresh-tokens') => {
  const body = await api('GET', `${user()}/${what}`);
  return body[what === 'sessions' ? 'sessions' : 'tokens'] as Json[];
};
const isSignedIn = async ({ visitor }: Awaited<ReturnType<typeof signIn>>) =>
  'code' in answerOf(await visitor.open({ prompt: 'none' }));

test('what is listed: each session with its applications, each login with one refresh token, whatever was rotated', async () => {
  await newcomer();
  const first = await signIn();
  await signIn();
  const sessions = await listed('sessions');
  const { sid } = decodeJwt(first.idToken);
  expect(sessions).toHaveLength(2);
  expect(sessions[0]).toMatchObject({
    id: sid,
    user_id: dana,
    clients: [{ client_id: stage.cast.client.id }],
    authentication: { methods: [{ name: 'pwd', timestamp: expect.any(String) }] },
    session_metadata: {},
  });
  expect(await api('GET', `/sessions/${sid}`)).toEqual(sessions[0]);

  const before = await listed('refresh-tokens');
  expect(before).toHaveLength(2);
  expect(before[0]).toMatchObject({
    user_id: dana,
    client_id: stage.cast.client.id,
    session_id: sid,
    last_exchanged_at: null,
    resource_servers: [],
  });
  const { status, body } = await refresh(first.refreshToken);
  expect(status).toBe(200);
  const after = await listed('refresh-tokens');
  expect(after.map((token) => token.id)).toEqual(before.map((token) => token.id));
  expect(JSON.stringify(after), 'no token is shown').not.toContain(String(body.refresh_token ?? first.refreshToken));
  expect(await api('GET', `/refresh-tokens/${after[0]?.id}`)).toEqual(after[0]);

  const page = await api('GET', `${user()}/sessions?take=1`);
  const rest = await api('GET', `${user()}/sessions?take=1&from=${page.next}`);
  expect([...(page.sessions as Json[]), ...(rest.sessions as Json[])]).toEqual(sessions);
});

test('deleted, a session is over and its refresh tokens go on; revoked, both are over', async () => {
  await newcomer();
  const [one, two] = [await signIn(), await signIn()];
  await api('DELETE', `/sessions/${decodeJwt(one.idToken).sid}`, undefined, 202);
  expect(await isSignedIn(one)).toBe(false);
  const gone = await refresh(one.refreshToken);
  expect(gone.status).toBe(200);
  await api('POST', `/sessions/${decodeJwt(two.idToken).sid}/revoke`, undefined, 202);
  expect(await isSignedIn(two)).toBe(false);
  expect((await refresh(two.refreshToken)).body.error).toBe('invalid_grant');
  expect(await listed('sessions')).toEqual([]);
  expect(await listed('refresh-tokens')).toHaveLength(1);
  await api('POST', `/sessions/${decodeJwt(two.idToken).sid}/revoke`, undefined, 404);
  await api('GET', `/sessions/${decodeJwt(two.idToken).sid}`, undefined, 404);
});

test('revoked with a session: the code that was not exchanged yet', async () => {
  await newcomer();
  const visitor = stage.visitor();
  const answer = await visitor.withPassword(email, PASSWORD);
  const [session] = await listed('sessions');
  await api('POST', `/sessions/${session?.id}/revoke`, undefined, 202);
  await expect(visitor.redeem(answer)).rejects.toThrow('invalid_grant');
});

test('all sessions of a person, and all refresh tokens, alone or one', async () => {
  await newcomer();
  const [one, two] = [await signIn(), await signIn()];
  await api('DELETE', `${user()}/sessions`, undefined, 202);
  expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, false]);
  const [first] = await listed('refresh-tokens');
  await api('DELETE', `/refresh-tokens/${first?.id}`, undefined, 202);
  expect((await refresh(one.refreshToken)).body.error).toBe('invalid_grant');
  await api('GET', `/refresh-tokens/${first?.id}`, undefined, 404);
  await api('DELETE', `/refresh-tokens/${first?.id}`, undefined, 202);
  expect((await refresh(two.refreshToken)).status).toBe(200);
  await api('DELETE', `${user()}/refresh-tokens`, undefined, 202);
  expect(await listed('refresh-tokens')).toEqual([]);
});

test("nobody else's: another person's sessions, tokens and lines stay", async () => {
  await newcomer();
  const other = await signIn();
  const others = user();
  await newcomer();
  await signIn();
  for (const what of ['sessions', 'refresh-tokens']) await api('DELETE', `${user()}/${what}`, undefined, 202);
  expect(await isSignedIn(other)).toBe(true);
  expect((await refresh(other.refreshToken)).status).toBe(200);
  const lines = (await api('GET', `${others}/logs?sort=date:1`)) as unknown as Json[];
  expect(new Set(lines.map((line) => line.user_id)).size).toBe(1);
  expect(lines.map((line) => line.type)).toContain('seacft');
  const counted = await api('GET', `${others}/logs?include_totals=true&per_page=2`);
  expect(counted).toMatchObject({ start: 0, limit: 2, length: 2, total: lines.length });
});

test('a person who does not exist', async () => {
  const nobody = '/users/auth0%7C5f7c8ec7c33c6c004bbafe82';
  for (const what of ['sessions', 'refresh-tokens'])
    for (const method of ['GET', 'DELETE'] as const)
      expect((await api(method, `${nobody}/${what}`, undefined, 404)).message).toBe('The user does not exist.');
});

test('metadata: replaced as a whole, told to no other session, kept by the rotation of a token', async () => {
  await newcomer();
  const { refreshToken } = await signIn();
  await signIn();
  const [session, otherSession] = await listed('sessions');
  const [token, otherToken] = await listed('refresh-tokens');
  for (const [path, property, other] of [
    [`/sessions/${session?.id}`, 'session_metadata', `/sessions/${otherSession?.id}`],
    [`/refresh-tokens/${token?.id}`, 'refresh_token_metadata', `/refresh-tokens/${otherToken?.id}`],
  ] as const) {
    await api('PATCH', path, { [property]: { device: 'phone', colour: 'red' } });
    expect((await api('PATCH', path, { [property]: { device: 'laptop' } }))[property]).toEqual({ device: 'laptop' });
    expect((await api('GET', path))[property]).toEqual({ device: 'laptop' });
    expect((await api('GET', other))[property]).toEqual({});
  }
  expect((await refresh(refreshToken)).status).toBe(200);
  const path = `/refresh-tokens/${token?.id}`;
  expect((await api('GET', path)).refresh_token_metadata).toEqual({ device: 'laptop' });
  expect((await api('PATCH', path, { refresh_token_metadata: null })).refresh_token_metadata).toEqual({});
  const many = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`n${index}`, 'x']));
  for (const wrong of [{ 'a b': 'x' }, { a: 1 }, { a: 'x'.repeat(256) }, { ['n'.repeat(256)]: 'x' }, many])
    await api('PATCH', path, { refresh_token_metadata: wrong }, 400);
  await api('PATCH', '/refresh-tokens/fam_none', { refresh_token_metadata: {} }, 404);
  await api('PATCH', '/sessions/ses_none', { session_metadata: {} }, 404);
});

test('refresh tokens by user and application, and revoked by each of the four combinations', async () => {
  await newcomer();
  const tokens = async (query = '') => {
    const body = await api('GET', `/refresh-tokens?user_id=${encodeURIComponent(dana)}${query}`);
    return body.refresh_tokens as Json[];
  };
  const { client } = stage.cast;
  const first = await signIn();
  const [token] = await tokens();
  expect(token).toEqual((await listed('refresh-tokens'))[0]);
  expect(await tokens(`&client_id=${client.id}`)).toHaveLength(1);
  expect(await tokens('&client_id=another')).toEqual([]);
  await api('GET', '/refresh-tokens?user_id=auth0%7C5f7c8ec7c33c6c004bbafe82', undefined, 404);
  await api('GET', '/refresh-tokens', undefined, 400);

  const revoke = (body: Json, status = 202) => api('POST', '/refresh-tokens/revoke', body, status);
  const ofUser = { user_id: dana };
  const others = [
    { ...ofUser, client_id: 'another' },
    { ...ofUser, client_id: client.id, audience: 'urn:another' },
    { ids: ['fam_none'] },
    { user_id: 'auth0|5f7c8ec7c33c6c004bbafe82' },
  ];
  for (const body of others) await revoke(body);
  for (const body of [{}, { client_id: client.id }, { ...ofUser, audience: 'urn:x' }, { ...ofUser, ids: ['x'] }])
    await revoke(body, 400);
  await revoke({ ids: Array.from({ length: 101 }, () => 'x') }, 400);
  expect((await refresh(first.refreshToken)).status).toBe(200);

  await revoke({ ids: [token?.id] });
  expect(await tokens()).toEqual([]);
  for (const body of [ofUser, { ...ofUser, client_id: client.id }]) {
    const { refreshToken } = await signIn();
    await revoke(body);
    expect((await refresh(refreshToken)).body.error).toBe('invalid_grant');
  }
});
