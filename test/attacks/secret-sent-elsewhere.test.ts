/**
 * Attack: somebody who may update a connection, and may not read its client_secret, changes the address that it is sent to and signs in. The code
 * arrives at their server, and the secret must not.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMachine, type Machine } from '../support/machines.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
/** Requests to the attacker's server: path, headers and body in one text. */
const received: string[] = [];
let server: Server;
let evil: string;
let attacker: Machine;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  evil = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  attacker = await createMachine(stage.instance, 'Attacker', [
    'read:connections',
    'read:connections_options',
    'update:connections',
    'update:connections_options',
  ]);
  await stage.cast.createMember('dana@acme.example');
});
afterAll(() => {
  server.close();
});

const path = () => `/connections/${stage.cast.acme.connectionId}`;

test.each<[string, () => object]>([
  ['by hand', () => ({ token_endpoint: `${evil}/token` })],
  ['in the metadata that Auth0 stores', () => ({ oidc_metadata: { token_endpoint: `${evil}/token` } })],
])('a token endpoint set %s gets the code and not the secret', async (_how, change) => {
  const { clientSecret: secret } = stage.cast.idp;
  const { options } = (await attacker.call('GET', path())).body;
  expect(options, 'it is not read').not.toHaveProperty('client_secret');
  // As it was, with its secret: that of the operator, who may.
  await stage.instance.api('PATCH', path(), { options: { ...options, client_secret: secret } });
  expect((await attacker.call('PATCH', path(), { options: { ...options, ...change() } })).status).toBe(200);

  received.length = 0;
  await stage.visitor().throughSso('dana', 'dana@acme.example');
  expect(
    received.map((line) => line.slice(0, 6)),
    'the attacker is asked',
  ).toEqual(['POST /']);
  const all = received.join('\n');
  expect(all).toContain('code=');
  expect(all).not.toContain(secret);
  expect(all).not.toMatch(/"authorization"/);
  await stage.instance.api('PATCH', path(), { options: { ...options, client_secret: secret } });
});

test('a key is another one at another server: its assertion says nothing to the provider that knows the former', async () => {
  const { clientSecret: secret } = stage.cast.idp;
  const { options } = (await attacker.call('GET', path())).body;
  const keyed = { ...options, token_endpoint_auth_method: 'private_key_jwt' };
  await stage.instance.api('PATCH', path(), { options: keyed });
  const list = `${stage.instance.origin}/oauth/connection/${stage.cast.acme.connectionName}/.well-known/jwks.json`;
  const readKids = async () =>
    ((await (await fetch(list)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const known = await readKids();
  expect(known).toHaveLength(2);

  const moved = { ...keyed, token_endpoint: `${evil}/token`, token_endpoint_jwtca_aud_format: 'issuer' };
  const answer = await attacker.call('PATCH', path(), { options: moved });
  expect(answer.body.warnings).toContainEqual(expect.objectContaining({ id: 'connection_keys_replaced' }));
  received.length = 0;
  await stage.visitor().throughSso('dana', 'dana@acme.example');
  const assertion = /client_assertion=([^&]+)/.exec(received.join('\n'))?.[1] ?? '';
  const { kid } = decodeProtectedHeader(assertion);
  expect(await readKids(), 'signed by one of the new keys').toContain(kid);
  expect(known).not.toContain(kid);
  // With the keys made before another method is chosen, too.
  await attacker.call('PATCH', path(), { options });
  expect((await fetch(list)).status).toBe(404);
  await stage.instance.api('PATCH', path(), { options: { ...options, client_secret: secret } });
});

test('the same login with the secret given again goes through, and the real provider gets it', async () => {
  const visit = await stage.visitor().throughSso('dana', 'dana@acme.example');
  expect(visit.url.searchParams.get('code')).not.toBeNull();
});
