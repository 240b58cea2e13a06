/** The outermost edge: what no route answers, and what an error handler could not. People get a number that the log has, never an error's text. */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../src/compose/server.js';
import { parseConfig } from '../src/config/config.js';
import { ABSENT_ADDRESSES, findAbsentAddress } from '../src/facts/absent-addresses.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { findFreePort } from './support/instance.js';

let database: TestDatabase;
let server: Server;
let lines = '';
const routes: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const config = parseConfig({
    PORT: String(await findFreePort()),
    DATABASE_URL: database.url,
    VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  });
  const log = new Writable({
    write(chunk, _encoding, done) {
      lines += String(chunk);
      done();
    },
  });
  server = await startServer(config, {
    logger: pino({ level: 'trace' }, log),
    onApp: (app) => {
      app.addHook('onRoute', ({ method, url }) => {
        for (const one of [method].flat()) routes.push(`${one} ${url}`);
      });
      app.get('/broken', async () => {
        throw new Error('the inside of the house');
      });
    },
  });
});
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

async function referenceOn(path: string, init: RequestInit, status: number): Promise<string> {
  const response = await fetch(`${server.origin}${path}`, init);
  expect(response.status).toBe(status);
  return /V-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await response.text())?.[0] ?? 'none';
}

test('case=an error that no handler answered shows nothing of itself, and is in the log', async () => {
  const response = await fetch(`${server.origin}/broken`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ statusCode: 500, error: 'Internal Server Error' });
  expect(lines).toContain('the inside of the house');
});

test.each([
  { what: 'an address that leads nowhere', path: '/nowhere', init: {}, status: 404 },
  { what: 'a path that is no URL', path: '/u/%zz', init: {}, status: 400 },
  {
    what: 'a form in another format',
    path: '/u/login/identifier',
    init: { method: 'POST', headers: { 'content-type': 'text/x-none' }, body: 'x' },
    status: 415,
  },
])('case=$what: the number that the person is shown is in the log', async ({ path, init, status }) => {
  const reference = await referenceOn(path, init, status);
  expect(lines).toContain(reference);
});

test('case=what a query holds (tokens, codes, addresses) is in no line of the log, whatever becomes of the request', async () => {
  const secret = 'this-is-the-token-of-somebody';
  const paths = [
    `/userinfo?access_token=${secret}`,
    `/userinfo?access_token=${secret}&access_token=${secret}`,
    `/userinfo?access_token=${secret}%zz`,
    `/u/%zz?access_token=${secret}`,
    `/nowhere?access_token=${secret}`,
    `/broken?access_token=${secret}`,
    `/login/callback?code=${secret}&state=${secret}`,
    `/authorize?login_hint=${secret}`,
    `/api/v2/users?q=${secret}`,
  ];
  for (const path of paths) {
    await (await fetch(`${server.origin}${path}`)).text();
    await (await fetch(`${server.origin}${path}`, { method: 'POST', body: `access_token=${secret}` })).text();
  }
  expect(lines).toContain('"path":"/userinfo"');
  expect(lines).not.toContain(secret);
});

/** Auth0's documented addresses outside the Management API. */
const ADDRESSES = JSON.parse(
  readFileSync(new URL('../scripts/auth0-addresses.json', import.meta.url), 'utf8'),
) as string[];
const withoutNames = (address: string) => address.replace(/\{\w+\}/g, '{}').replace(/:\w+/g, '{}');

test('attack=a path of many kilobytes is compared with no address', () => {
  expect(findAbsentAddress('GET', '/me/v1/consents/x')?.name).toContain('My Account API');
  expect(findAbsentAddress('GET', `/me/v1/consents/${'x/'.repeat(10_000)}`)).toBeUndefined();
});

test("each of Auth0's addresses is either a route or in the table of absent ones, which has no others", () => {
  const served = new Set(routes.map(withoutNames));
  for (const address of ADDRESSES) {
    const [method = '', path = ''] = address.split(' ');
    const isAbsent = findAbsentAddress(method, path) !== undefined;
    expect(isAbsent, address).toBe(!served.has(withoutNames(address)));
  }
  for (const address of ABSENT_ADDRESSES.flatMap(({ addresses }) => addresses)) {
    const start = address.split(' ')[1]?.replace(/\/?\*$/, '') ?? '';
    const isOne = (one: string) => (address.startsWith('*') ? one.includes(` ${start}/`) : one === address);
    expect(ADDRESSES.some(isOne), address).toBe(true);
  }
});

const fill = (path: string) => path.replace(/\{\w+\}/g, 'x');

test.each(ADDRESSES.filter((address) => findAbsentAddress(...(address.split(' ') as [string, string]))))(
  '%s: says in JSON and words that it is not here',
  async (address) => {
    const [method = '', path = ''] = address.split(' ');
    const init = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${server.origin}${fill(path)}`, { method, ...init });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/json');
    const answer = (await response.json()) as { readonly error_description?: string; readonly detail?: string };
    expect(answer.error_description ?? answer.detail).toMatch(/^.+: this server does not have this\. .+\.$/);
  },
);

test.each([
  ['GET', '/nowhere', { accept: 'application/json' }, 404],
  ['GET', '/nowhere', { accept: 'application/scim+json' }, 404],
  ['GET', '/oauth/nowhere', {}, 404],
  ['GET', '/oauth/token', {}, 404],
  ['POST', '/dbconnections/nowhere', {}, 404],
  ['GET', '/api/v1/users', {}, 404],
  ['GET', '/scim/v1/Users', {}, 404],
  ['POST', '/oauth/nowhere', { 'content-type': 'text/x-none' }, 404],
  ['GET', '/oauth/%zz', {}, 400],
] as const)('%s %s with %o: a program gets JSON', async (method, path, headers, status) => {
  const body = method === 'POST' ? { body: 'x' } : {};
  const response = await fetch(`${server.origin}${path}`, { method, headers, ...body });
  const answer = (await response.json()) as { readonly error: string };
  expect({ status: response.status, error: typeof answer.error }).toEqual({ status, error: 'string' });
});

test.each(['/my-org/nowhere', '/my-org/v1/nowhere', '/my-org/v1/user-stores', '/me/v1/nowhere'])(
  "%s: a program gets a problem, which Auth0's SDKs read",
  async (path) => {
    const response = await fetch(`${server.origin}${path}`, { headers: { accept: 'application/json' } });
    const problem = (await response.json()) as Readonly<Record<string, unknown>>;
    expect(problem).toEqual({ type: 'about:blank', status: 404, title: 'Not Found', detail: expect.any(String) });
  },
);

test('/my-org/%zz: the title of a problem is that of its status', async () => {
  const answer = await fetch(`${server.origin}/my-org/%zz`, { headers: { accept: 'application/json' } });
  expect(await answer.json()).toMatchObject({ status: 400, title: 'Bad Request' });
});

test.each(['/nowhere', '/samlp/x', '/oauth/nowhere'])('%s: a person gets a page', async (path) => {
  const response = await fetch(`${server.origin}${path}`, { headers: { accept: 'text/html,*/*' } });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toContain('text/html');
});
