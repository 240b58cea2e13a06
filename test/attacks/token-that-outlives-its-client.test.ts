/**
 * Attack: a token leaked, and the operator takes its client, its grant or a scope away. A token is good for a day; from then on it has to
 * open nothing that its client could not have a token for now. The same for what people hold of an application that was deleted.
 */
import { describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { askForToken, createMachine } from '../support/machines.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const SCOPES = ['read:users', 'read:clients'];
const machine = (name: string, scopes = SCOPES) => createMachine(stage.instance, name, scopes);
const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);

describe('the token of a machine', () => {
  test('opens what the grant still has, at once and in both directions, and never more than it was made with', async () => {
    const { call, grantId } = await machine('Narrowed');
    expect((await call('GET', '/users')).status).toBe(200);
    await api('PATCH', `/client-grants/${grantId}`, { scope: ['read:clients', 'read:roles'] });
    expect(await call('GET', '/users')).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
    expect((await call('GET', '/clients')).status).toBe(200);
    expect((await call('GET', '/roles')).status, 'the token was made without it').toBe(403);
    await api('PATCH', `/client-grants/${grantId}`, { scope: SCOPES });
    expect((await call('GET', '/users')).status).toBe(200);
  });

  test.each<[string, (client: { id: string; grantId: string }) => Promise<unknown>]>([
    ['its grant is deleted', ({ grantId }) => api('DELETE', `/client-grants/${grantId}`)],
    ['its client is deleted', ({ id }) => api('DELETE', `/clients/${id}`)],
    [
      'its client is no machine any more',
      ({ id }) => api('PATCH', `/clients/${id}`, { grant_types: ['authorization_code'] }),
    ],
    ['its client is public now', ({ id }) => api('PATCH', `/clients/${id}`, { token_endpoint_auth_method: 'none' })],
  ])('opens nothing once %s', async (_what, take) => {
    const taken = await machine('Taken');
    const other = await machine('Other');
    expect((await taken.call('GET', '/users')).status).toBe(200);
    await take(taken);
    for (const [method, path] of [
      ['GET', '/users'],
      ['GET', '/clients'],
      ['DELETE', '/users/auth0%7Cnobody'],
    ] as const)
      expect(await taken.call(method, path), `${method} ${path}`).toMatchObject({
        status: 401,
        body: { message: 'Invalid token' },
      });
    expect((await other.call('GET', '/users')).status, 'nobody else is touched').toBe(200);
  });

  test('goes on when the secret is rotated, as at Auth0: the operator who wants it ended deletes the grant', async () => {
    const rotated = await machine('Rotated');
    await api('POST', `/clients/${rotated.id}/rotate-secret`);
    expect((await rotated.call('GET', '/users')).status).toBe(200);
    expect((await askForToken(stage.instance, rotated)).status, 'the old secret gives no new one').toBe(401);
  });
});

test('what people hold of an application that was deleted opens nothing', async () => {
  await stage.cast.createMember('dana@acme.example');
  const visitor = stage.visitor();
  const { accessToken, refreshToken } = await visitor.redeem(await visitor.withPassword('dana@acme.example', PASSWORD));
  const code = (await stage.visitor().withPassword('dana@acme.example')).url.searchParams.get('code') ?? '';
  expect([refreshToken, code].map((text) => text?.length > 10)).toEqual([true, true]);
  const userinfo = () =>
    fetch(`${stage.instance.origin}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect((await userinfo()).status).toBe(200);

  const { client } = stage.cast;
  await api('DELETE', `/clients/${client.id}`);

  const shown = await userinfo();
  expect([shown.status, shown.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('error="invalid_token"'),
  ]);
  const { pool } = stage.instance.database;
  for (const table of ['refresh_tokens', 'authorization_codes'])
    expect((await pool.query(`select 1 from ${table} where client_id = $1`, [client.id])).rows, table).toEqual([]);
  for (const grant of [
    { grant_type: 'refresh_token', refresh_token: refreshToken },
    { grant_type: 'authorization_code', code, redirect_uri: 'http://127.0.0.1:9/callback' },
  ]) {
    const body = new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...grant });
    expect((await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body })).status).toBe(401);
  }
});
