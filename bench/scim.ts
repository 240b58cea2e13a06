/**
 * Measures a company's directory with 10,000 people. It creates, replaces, changes, deactivates and reactivates them,
 * and puts them into groups. One token sends 16 requests at once. Each request is a write with its own transaction and
 * log line.
 */
import { Agent, request } from 'undici';
import { measure, type Target } from './measure.js';
import { MACHINE } from './setup.js';

const CONCURRENCY = 16;
const SCOPES = ['get', 'post', 'put', 'patch', 'delete'].flatMap((method) => [`${method}:users`, `${method}:groups`]);
/** Number of people that one request adds to a group. */
const PEOPLE_A_GROUP = 100;

const agent = new Agent({ connections: CONCURRENCY, pipelining: 1 });

type Json = Record<string, unknown>;

async function post(url: string, body: Json, token?: string): Promise<Record<string, string>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

/** Turns SCIM on for the benchmark's connection. Returns the address of the endpoint and a token for it. */
async function turnOn({ origin, pool }: Target): Promise<{ root: string; token: string }> {
  const { access_token: access } = await post(`${origin}/oauth/token`, {
    grant_type: 'client_credentials',
    client_id: MACHINE.id,
    client_secret: MACHINE.secret,
    audience: `${origin}/api/v2/`,
  });
  const { rows } = await pool.query<{ id: string }>(`select id from connections where name = 'corp'`);
  const id = rows[0]?.id ?? '';
  const path = `${origin}/api/v2/connections/${id}/scim-configuration`;
  await post(path, {}, access);
  const { token = '' } = await post(`${path}/tokens`, { scopes: SCOPES }, access);
  return { root: `${origin}/scim/v2/connections/${id}`, token };
}

const idOf = (index: number) => `oidc|corp|scim-${index}`;
const at = (index: number) => `/Users/${encodeURIComponent(idOf(index))}`;
const personOf = (index: number, changes: Json = {}): Json => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `scim${index}@corp.test`,
  externalId: `scim-${index}`,
  displayName: `Person ${index}`,
  name: { givenName: `Given ${index}`, familyName: 'Corp' },
  emails: [{ value: `scim${index}@corp.test`, type: 'work', primary: true }],
  active: true,
  ...changes,
});
const patchOf = (operation: Json): Json => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [operation],
});

/** Runs all measurements of SCIM. */
export async function measureScim(target: Target, quick: boolean): Promise<void> {
  const { root, token } = await turnOn(target);
  const people = quick ? 1_000 : 10_000;
  const send = async (method: string, path: string, body: Json | undefined, expected: number) => {
    const answer = await request(`${root}${path}`, {
      dispatcher: agent,
      method: method as 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return answer.statusCode === expected ? { ok: true } : { ok: false, error: `${answer.statusCode} ${text}` };
  };
  const run = (name: string, count: number, one: (index: number) => Promise<{ ok: boolean; error?: unknown }>) =>
    measure(target, { name: `scim-${name}`, concurrency: CONCURRENCY, count, first: 0, run: one });
  const setActive = (index: number, value: boolean) =>
    send('PATCH', at(index), patchOf({ op: 'replace', path: 'active', value }), 200);
  await run('create', people, (index) => send('POST', '/Users', personOf(index), 201));
  await run('replace', people, (index) => send('PUT', at(index), personOf(index, { title: 'Clerk' }), 200));
  await run('patch', people, (index) =>
    send('PATCH', at(index), patchOf({ op: 'replace', path: 'name.familyName', value: 'Patched' }), 200),
  );
  await run('deactivate', people, (index) => setActive(index, false));
  await run('activate', people, (index) => setActive(index, true));
  await run('find', people, (index) =>
    send('GET', `/Users?filter=${encodeURIComponent(`userName eq "scim${index}@corp.test"`)}`, undefined, 200),
  );
  await run('group', people / PEOPLE_A_GROUP, (index) =>
    send(
      'POST',
      '/Groups',
      {
        displayName: `Group ${index}`,
        members: Array.from({ length: PEOPLE_A_GROUP }, (_, item) => ({ value: idOf(index * PEOPLE_A_GROUP + item) })),
      },
      201,
    ),
  );
  await agent.close();
}
