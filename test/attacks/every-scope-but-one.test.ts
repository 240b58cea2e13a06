/**
 * Attack: somebody who got hold of a machine client with few scopes of the Management API gives themselves more. For every scope there is: a caller
 * with all the others tries every way that is known, and must not end with a token that has it. Beside it, test/attacks/weak-scope-made-strong
 * tries each way by itself.
 */
import { decodeJwt } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { askForToken, type CallAs, callWith, createMachine, type Machine } from '../support/machines.js';
import { shareOf } from '../support/share.js';
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

/** Every scope that opens something here. */
async function usefulScopes(): Promise<readonly string[]> {
  const document = (await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security: { management: string[] }[] }>>;
  };
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  return [...new Set(operations.flatMap(({ security }) => security.flatMap(({ management }) => management)))].sort();
}

let strong: Machine;
let every: readonly string[];
beforeAll(async () => {
  every = await usefulScopes();
  strong = await machine('Strong', ...every);
});

/** Every way that is known, each tried whatever became of the others. Returns the clients whose secrets the caller knows by then. */
async function tryEverything(call: CallAs, own: Machine): Promise<{ id: string; secret: string }[]> {
  const known = [{ id: own.id, secret: own.secret }];
  const take = (id: string, body: { client_secret?: string } | undefined) => {
    if (body?.client_secret !== undefined) known.push({ id, secret: body.client_secret });
  };
  await call('PATCH', `/client-grants/${own.grantId}`, { scope: every });
  const second = await call('POST', '/clients', { name: 'Second', app_type: 'non_interactive' });
  if (second.status === 201) {
    take(second.body.client_id, second.body);
    await call('POST', '/client-grants', { client_id: second.body.client_id, audience: audience(), scope: every });
  }
  const { id } = strong;
  const chosen = { client_secret: 'a-secret-of-the-attackers-own' };
  if ((await call('PATCH', `/clients/${id}`, chosen)).status === 200) take(id, chosen);
  // Public, and confidential again with a secret that the answer shows.
  await call('PATCH', `/clients/${id}`, { token_endpoint_auth_method: 'none' });
  take(id, (await call('PATCH', `/clients/${id}`, { token_endpoint_auth_method: 'client_secret_post' })).body);
  take(id, (await call('POST', `/clients/${id}/rotate-secret`)).body);
  take(id, (await call('GET', `/clients/${id}`)).body);
  const list = (await call('GET', '/clients?per_page=100')).body as { client_id: string; client_secret?: string }[];
  for (const client of Array.isArray(list) ? list : []) if (client.client_id !== own.id) take(client.client_id, client);
  return known;
}

test('a caller with every scope but one cannot get that one', async () => {
  expect(every.length).toBeGreaterThan(60);
  const own = await machine('Weak', 'read:clients');
  const gained: string[] = [];
  for (const missing of shareOf(every)) {
    const rest = every.filter((scope) => scope !== missing);
    await api('PATCH', `/client-grants/${own.grantId}`, { scope: rest });
    const { body } = await askForToken(stage.instance, own);
    const known = await tryEverything(callWith(stage.instance, body.access_token), own);
    for (const client of known)
      if ((await scopesOf(client))?.includes(missing)) gained.push(`${missing} by ${client.id}`);
    // Left, the list of clients would grow with every scope, and with it what the next one tries.
    for (const { id } of known) if (![own.id, strong.id].includes(id)) await api('DELETE', `/clients/${id}`);
    // They may have made it public; its secret is as it was.
    await api('PATCH', `/clients/${strong.id}`, { token_endpoint_auth_method: 'client_secret_post' });
    expect(await scopesOf(strong), `the secret of the strong one, without ${missing}`).toEqual(every);
  }
  expect(gained).toEqual([]);
  // The tries are real ones: a caller with every scope succeeds by them.
  await api('PATCH', `/client-grants/${own.grantId}`, { scope: every });
  const { body } = await askForToken(stage.instance, own);
  const known = await tryEverything(callWith(stage.instance, body.access_token), own);
  const taken = await Promise.all(known.map(async (client) => [client.id, await scopesOf(client)] as const));
  expect(new Map(taken).get(strong.id), 'the strong one is taken over').toEqual(every);
  expect(
    taken.filter(([id, scopes]) => ![own.id, strong.id].includes(id) && scopes?.length === every.length).length,
    'a client of their own has it all',
  ).toBeGreaterThan(0);
}, 300_000);
