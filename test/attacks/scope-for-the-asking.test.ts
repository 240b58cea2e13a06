/**
 * Attack: a person edits the address of /authorize and asks for scopes that nobody offers, for the Management API, or presents a
 * token of one kind where another is expected.
 */
import { decodeJwt } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { askForToken, createMachine } from '../support/machines.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
const API = 'https://api.example';
const EMAIL = 'dana@acme.example';

beforeAll(async () => {
  const scopes = [{ value: 'read:notes' }, { value: 'write:notes' }];
  await stage.instance.api('POST', '/resource-servers', { identifier: API, name: 'Notes', scopes });
  await stage.cast.createMember(EMAIL);
});

const management = (token: string, path = '/users') =>
  fetch(`${stage.instance.origin}/api/v2${path}`, { headers: { authorization: `Bearer ${token}` } });
const userinfo = (token: string) =>
  fetch(`${stage.instance.origin}/userinfo`, { headers: { authorization: `Bearer ${token}` } });

async function signIn(parameters: Record<string, string>) {
  const visitor = stage.visitor();
  return visitor.redeem(await visitor.withPassword(EMAIL, PASSWORD, parameters));
}

test('an API hears of the scopes that it is registered with, and of no other', async () => {
  const scope = 'openid read:notes delete:notes admin READ:NOTES read:notes,admin';
  const { accessToken } = await signIn({ audience: API, scope });
  expect(decodeJwt(accessToken).scope).toBe('openid read:notes');
});

test('a machine has no scope that its API gave up, though its grant names it still', async () => {
  const identifier = 'https://shrinking.example';
  const scopes = [{ value: 'read:notes' }, { value: 'admin' }];
  const { id } = await stage.instance.api('POST', '/resource-servers', { identifier, name: 'Shrinking', scopes });
  const machine = await createMachine(stage.instance, 'Notes', ['read:users']);
  await stage.instance.api('POST', '/client-grants', {
    ...{ client_id: machine.id, audience: identifier, scope: ['read:notes', 'admin'] },
  });
  const ask = (scope?: string) => askForToken(stage.instance, machine, scope, identifier);
  expect((await ask()).body.scope).toBe('read:notes admin');
  await stage.instance.api('PATCH', `/resource-servers/${id}`, { scopes: [{ value: 'read:notes' }] });
  const { body } = await ask();
  expect([body.scope, decodeJwt(body.access_token).scope]).toEqual(['read:notes', 'read:notes']);
  expect(await ask('admin')).toMatchObject({ status: 403, body: { error: 'access_denied' } });
});

test("a person's token for the Management API with every scope opens nothing", async () => {
  const scope = 'openid read:users create:users update:users delete:users read:clients create:client_grants';
  const { accessToken } = await signIn({ audience: `${stage.instance.origin}/api/v2/`, scope });
  expect(decodeJwt(accessToken).aud).toContain(`${stage.instance.origin}/api/v2/`);
  for (const path of ['/users', '/clients', `/organizations/${stage.cast.acme.id}/invitations`, '/logs'])
    expect((await management(accessToken, path)).status, path).toBe(403);
});

test('a token for one API opens no other, a code is no token, a machine is no person', async () => {
  const answer = answerOf(await stage.visitor().withPassword(EMAIL, PASSWORD, { audience: API }));
  expect((await management(answer.code ?? '')).status).toBe(401);
  const { accessToken } = await signIn({ audience: API, scope: 'openid' });
  expect((await management(accessToken)).status).toBe(401);
  const machine = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: MANAGEMENT_CLIENT.id,
      client_secret: MANAGEMENT_CLIENT.secret,
      audience: `${stage.instance.origin}/api/v2/`,
      scope: 'read:users',
    }),
  });
  const { access_token: token } = (await machine.json()) as { access_token: string };
  expect((await management(token)).status).toBe(200);
  expect((await management(token, '/clients')).status).toBe(403);
  expect((await userinfo(token)).status).toBe(401);
});

test('the Management API opens no operation without a token, or with a token that has none of its scopes', async () => {
  const document = (await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security: { management: string[] }[] }>>;
    components: {
      securitySchemes: { management: { flows: { clientCredentials: { scopes: Record<string, string> } } } };
    };
  };
  const opening = new Set(
    Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ security }) => security.flatMap(({ management }) => management)),
  );
  const all = Object.keys(document.components.securitySchemes.management.flows.clientCredentials.scopes);
  const useless = all.find((scope) => !opening.has(scope));
  expect(useless, 'a scope that can be granted and opens nothing').toBeDefined();
  const machine = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: MANAGEMENT_CLIENT.id,
      client_secret: MANAGEMENT_CLIENT.secret,
      audience: `${stage.instance.origin}/api/v2/`,
      scope: useless ?? '',
    }),
  });
  const { access_token: weak } = (await machine.json()) as { access_token?: string };
  const open: string[] = [];
  let asked = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    const url = `${stage.instance.origin}/api/v2${path.replace('/api/v2', '').replace(/\{\w+\}/g, 'x')}`;
    for (const method of Object.keys(operations)) {
      asked++;
      const send = (headers: Record<string, string>) => fetch(url, { method: method.toUpperCase(), headers });
      if ((await send({})).status !== 401) open.push(`${method} ${path} without a token`);
      if (weak !== undefined && (await send({ authorization: `Bearer ${weak}` })).status !== 403)
        open.push(`${method} ${path} with ${useless}`);
    }
  }
  expect(asked).toBeGreaterThan(50);
  expect(weak).toBeDefined();
  expect(open).toEqual([]);
});
