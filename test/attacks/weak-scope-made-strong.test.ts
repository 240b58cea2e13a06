/**
 * Attack: somebody who got hold of a machine client with few scopes of the Management API gives themselves more: by a client grant, by the secret
 * of a client that was granted more, or by a property that a weaker scope opens. For every scope there is: a caller with all the
 * others tries every way that is known, and must not end with a token that has it.
 */
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { askForToken, createMachine, type Machine } from '../support/machines.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const audience = () => `${stage.instance.origin}/api/v2/`;
const api = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  stage.instance.api<T>(method, path, body);
const machine = (name: string, ...scopes: string[]) => createMachine(stage.instance, name, scopes);
const scopesOf = async (client: { id: string; secret: string }) => {
  const { status, body } = await askForToken(stage.instance, client);
  return status === 200
    ? String(decodeJwt(body.access_token).scope ?? '')
        .split(' ')
        .sort()
    : undefined;
};

let strong: Machine;

describe('a client', () => {
  let weak: Machine;
  beforeAll(async () => {
    strong = await machine('Strong', 'read:users', 'delete:users', 'update:clients');
    weak = await machine('Weak', 'read:clients');
  });

  test('keeps its secret from who may update clients, and the secret goes on', async () => {
    const { call } = await machine('Updates', 'update:clients', 'read:clients');
    const refused = await call('PATCH', `/clients/${weak.id}`, { client_secret: 'chosen-by-somebody-else' });
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'Sending the "client_secret" property requires the "update:client_keys" scope.' },
    });
    expect((await call('PATCH', `/clients/${weak.id}`, { name: 'Renamed' })).status).toBe(200);
    expect(await scopesOf(weak)).toEqual(['read:clients']);
  });

  test('that may do more than the caller keeps it from who may update and read keys, too; a weaker one does not', async () => {
    const keys = ['update:client_keys', 'read:client_keys', 'update:clients', 'read:clients'];
    const { call } = await machine('Keys', ...keys);
    for (const refused of [
      await call('PATCH', `/clients/${strong.id}`, { client_secret: 'chosen-by-somebody-else' }),
      await call('POST', `/clients/${strong.id}/rotate-secret`),
    ])
      expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
    expect((await call('GET', `/clients/${strong.id}`)).body).not.toHaveProperty('client_secret');
    expect((await call('PATCH', `/clients/${strong.id}`, { name: 'Seen' })).body).not.toHaveProperty('client_secret');
    expect(await scopesOf(strong)).toEqual(['delete:users', 'read:users', 'update:clients']);

    expect((await call('GET', `/clients/${weak.id}`)).body.client_secret).toBe(weak.secret);
    const list: { client_id: string; client_secret?: string }[] = [];
    for (let page = 0; list.length === page * 100; page += 1)
      list.push(...(await call('GET', `/clients?per_page=100&page=${page}`)).body);
    const shown = (id: string) => list.find((client) => client.client_id === id)?.client_secret;
    expect(list.map((client) => client.client_id)).toContain(strong.id);
    expect([shown(weak.id), shown(strong.id)]).toEqual([weak.secret, undefined]);
    const rotated = await call('POST', `/clients/${weak.id}/rotate-secret`);
    expect(await scopesOf({ id: weak.id, secret: rotated.body.client_secret })).toEqual(['read:clients']);
  });

  test('that was taken out of service is not put back into it by who may do less', async () => {
    const { call } = await machine('Restores', 'update:clients', 'read:clients');
    for (const [out, back] of [
      [{ grant_types: ['authorization_code'] }, { grant_types: ['client_credentials'] }],
      [{ token_endpoint_auth_method: 'none' }, { token_endpoint_auth_method: 'client_secret_post' }],
    ]) {
      const ended = await machine('Ended', 'read:users');
      await api('PATCH', `/clients/${ended.id}`, out);
      expect(await scopesOf(ended)).toBeUndefined();
      expect((await call('PATCH', `/clients/${ended.id}`, back)).status).toBe(403);
      expect(await scopesOf(ended)).toBeUndefined();
      // Its operator, who has those scopes, does; and finds the secret as it was.
      await api('PATCH', `/clients/${ended.id}`, back);
      expect(await scopesOf(ended)).toEqual(['read:users']);
    }
  });
});

test('scopes without effect make nobody stronger, and may be given by whoever lacks them', async () => {
  const keys = ['update:client_keys', 'update:clients', 'create:client_grants', 'update:client_grants', 'read:roles'];
  const { call } = await machine('Carries over', ...keys);
  const carried = await machine('Carried', 'read:roles', 'read:limits', 'create:shields');
  expect((await call('POST', `/clients/${carried.id}/rotate-secret`)).status).toBe(200);
  const given = await machine('Given', 'read:roles');
  const change = (scope: string[]) => call('PATCH', `/client-grants/${given.grantId}`, { scope });
  expect((await change(['read:roles', 'read:limits'])).status).toBe(200);
  expect((await change(['read:roles', 'read:limits', 'delete:users'])).body.message).toContain('lacks delete:users.');
});

describe('a client grant', () => {
  test('gives what its maker has, and no more; what it had before may stay', async () => {
    const { call } = await machine('Grants', 'create:client_grants', 'update:client_grants', 'read:users');
    const own = await api('POST', '/clients', { name: 'Own', app_type: 'non_interactive' });
    const grant = (scope: string[]) => ({ client_id: own.client_id, audience: audience(), scope });
    expect(await call('POST', '/client-grants', grant(['read:users', 'delete:users']))).toMatchObject({
      status: 403,
      body: {
        message: 'Your token can only give scopes of the Management API that it has itself; it lacks delete:users.',
        errorCode: 'insufficient_scope',
      },
    });
    const made = await call('POST', '/client-grants', grant(['read:users']));
    expect(made.status).toBe(201);
    const change = (id: string, scope: string[]) => call('PATCH', `/client-grants/${id}`, { scope });
    expect((await change(made.body.id, ['read:users', 'delete:users'])).status).toBe(403);
    // Somebody else's grant can be narrowed, and what the caller has be added to what is there.
    const other = await machine('Other', 'delete:users', 'read:roles');
    expect((await change(other.grantId, ['delete:users', 'read:users'])).status).toBe(200);
    expect((await change(other.grantId, ['delete:users', 'read:roles'])).status, 'what was taken away is gone').toBe(
      403,
    );
  });

  test('for an API of the tenant is nobody else’s business', async () => {
    const { call } = await machine('Tenant', 'create:client_grants');
    const identifier = 'https://notes.example';
    await api('POST', '/resource-servers', { identifier, scopes: [{ value: 'read:notes' }] });
    const own = await api('POST', '/clients', { name: 'Notes', app_type: 'non_interactive' });
    const body = { client_id: own.client_id, audience: identifier, scope: ['read:notes'] };
    expect((await call('POST', '/client-grants', body)).status).toBe(201);
  });

  test('for the Management API at an address that the server had before is held to the same', async () => {
    const { call } = await machine('Former', 'create:client_grants');
    const identifier = 'https://former.example/api/v2/';
    await api('POST', '/resource-servers', { identifier, scopes: [{ value: 'delete:users' }] });
    await stage.instance.database.pool.query('update resource_servers set is_system = true where identifier = $1', [
      identifier,
    ]);
    const own = await api('POST', '/clients', { name: 'Former', app_type: 'non_interactive' });
    const body = { client_id: own.client_id, audience: identifier, scope: ['delete:users'] };
    expect((await call('POST', '/client-grants', body)).status).toBe(403);
  });
});

test('a scope for app_metadata sets no password and no address', async () => {
  const victim = encodeURIComponent(await stage.cast.createMember('dana@acme.example'));
  const { call } = await machine('Metadata', 'update:users_app_metadata');
  for (const body of [{ password: PASSWORD }, { email: 'mallory@evil.example' }, { app_metadata: {}, blocked: true }])
    expect((await call('PATCH', `/users/${victim}`, body)).status).toBe(403);
  expect((await call('PATCH', `/users/${victim}`, { app_metadata: { plan: 'gold' } })).status).toBe(200);
});

test('a scope to update Actions puts no code into service, and one to read organizations finds nobody', async () => {
  const trigger = { id: 'post-login', version: 'v3' };
  const action = await api('POST', '/actions/actions', { name: 'kept', supported_triggers: [trigger] });
  const { call } = await machine('Actions', 'update:actions', 'read:organizations');
  const code = 'exports.onExecutePostLogin = async () => {};';
  expect((await call('PATCH', `/actions/actions/${action.id}`, { code, deploy: true })).status).toBe(403);
  expect((await call('PATCH', `/actions/actions/${action.id}`, { code })).status).toBe(200);
  const question = { email: 'dana@acme.example' };
  expect((await call('POST', `/organizations/${stage.cast.acme.id}/explain`, question)).status).toBe(403);
});
