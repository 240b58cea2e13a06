/** The outermost edge: what no route answers, and what an error handler could not. People get a number that the log has, never an error's text. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../src/compose/server.js';
import { parseConfig } from '../src/config/config.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { findFreePort } from './support/instance.js';

let database: TestDatabase;
let server: Server;
let lines = '';

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
