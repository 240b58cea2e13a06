/**
 * attack=shutting-the-operator-out: a client with `update:clients` (or the scopes of keys and grants) takes the sign-in away from the machine client
 * that the server's environment names. Refused, by whichever call, and said why; a change that every start would write anyway is accepted. A quota
 * of tokens, its own or the tenant's default, does not limit it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, type Json, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { askForToken, createMachine } from '../support/machines.js';

let instance: Instance;
let grantId: string;
const QUOTA = { client_credentials: { enforce: true, per_day: 1 } };
const path = `/clients/${MANAGEMENT_CLIENT.id}`;

beforeAll(async () => {
  instance = await startInstance();
  const grants = await instance.api<{ id: string; client_id: string }[]>('GET', '/client-grants');
  grantId = grants.find((grant) => grant.client_id === MANAGEMENT_CLIENT.id)?.id ?? '';
});
afterAll(() => instance.stop());

async function canSignIn(): Promise<boolean> {
  const { id, secret } = MANAGEMENT_CLIENT;
  const body = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  const answer = await fetch(`${instance.origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, audience: `${instance.origin}/api/v2/` }),
  });
  return answer.ok;
}

describe('refused', () => {
  test.each<[string, () => readonly [string, string, Json?]]>([
    ['made public', () => ['PATCH', path, { token_endpoint_auth_method: 'none' }]],
    ['another way to show its secret', () => ['PATCH', path, { token_endpoint_auth_method: 'client_secret_basic' }]],
    ['no machine any more', () => ['PATCH', path, { grant_types: ['authorization_code'] }]],
    ['another secret', () => ['PATCH', path, { client_secret: 'x'.repeat(48) }]],
    ['a rotated secret', () => ['POST', `${path}/rotate-secret`]],
    ['deleted', () => ['DELETE', path]],
    ['a quota of tokens', () => ['PATCH', path, { token_quota: QUOTA }]],
    ['fewer scopes', () => ['PATCH', `/client-grants/${grantId}`, { scope: ['read:users'] }]],
    ['no grant', () => ['DELETE', `/client-grants/${grantId}`]],
  ])('case=%s', async (_name, call) => {
    const before = await instance.snapshot();
    const [method, at, body] = call();
    const answer = await instance.api<Json>(method, at, body, 403);
    expect(answer).toMatchObject({ statusCode: 403, errorCode: 'client_of_environment' });
    expect(answer.message).toMatch(/VESTIBULE_MANAGEMENT_CLIENT_ID.*change the environment/);
    const { clients, client_grants: grants } = await instance.snapshot();
    expect({ clients, grants }).toEqual({ clients: before.clients, grants: before.client_grants });
    expect(await canSignIn()).toBe(true);
  });
});

test('case=a change of something else is taken, and so is what it is already', async () => {
  const { scope } = await instance.api<{ scope: string[] }>('GET', `/client-grants/${grantId}`);
  await instance.api('PATCH', `/client-grants/${grantId}`, { scope });
  await instance.api('PATCH', path, {
    description: 'Of the operator',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials', 'refresh_token'],
  });
  expect(await canSignIn()).toBe(true);
});

test('case=every other client may be changed and deleted as before', async () => {
  const { client_id: id } = await instance.api<{ client_id: string }>('POST', '/clients', {
    name: 'Other',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  });
  await instance.api('PATCH', `/clients/${id}`, { token_endpoint_auth_method: 'none' });
  await instance.api('DELETE', `/clients/${id}`);
});

describe('a quota of tokens', () => {
  const spend = async (client: { readonly id: string; readonly secret: string }) => [
    (await askForToken(instance, client)).status,
    (await askForToken(instance, client)).status,
    (await askForToken(instance, client)).status,
  ];

  test('case=the default of the tenant limits every machine except that of the environment', async () => {
    const machine = await createMachine(instance, 'Spender', ['read:users']);
    await instance.api('PATCH', '/tenants/settings', { default_token_quota: { clients: QUOTA } });
    expect(await spend(MANAGEMENT_CLIENT)).toEqual([200, 200, 200]);
    expect(await spend(machine)).toEqual([200, 429, 429]);
    await instance.api('PATCH', '/tenants/settings', { default_token_quota: null });
    expect(await spend(machine)).toEqual([200, 200, 200]);
  });

  test('case=one that is stored already limits nothing, and can be taken away', async () => {
    await instance.database.pool.query(
      `update clients set extra = extra || jsonb_build_object('token_quota', $1::jsonb) where client_id = $2`,
      [QUOTA, MANAGEMENT_CLIENT.id],
    );
    expect(await spend(MANAGEMENT_CLIENT)).toEqual([200, 200, 200]);
    await instance.api('PATCH', path, { description: 'Scripts' });
    await instance.api('PATCH', path, { token_quota: null });
    expect(await canSignIn()).toBe(true);
  });
});
