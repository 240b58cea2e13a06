/** A tenant from outside: which requests are sent again, and which end an error says. A small server plays the tenant. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RemoteError } from '../../src/tenant-tools/remote/exchange.js';
import { connectTenant, type RemoteOptions } from '../../src/tenant-tools/remote/tenant.js';

type Play = (response: ServerResponse, request: IncomingMessage, n: number) => void;

let play: Play = () => {};
let seen: { method: string; url: string; token: string }[] = [];
let tokens = 0;
let playToken: Play | undefined;

const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/oauth/token') {
    tokens += 1;
    if (playToken !== undefined) return playToken(response, request, tokens);
    return json(response, 200, { access_token: `token-${tokens}`, scope: 'read:users read:roles' });
  }
  seen.push({ method: request.method ?? '', url: request.url ?? '', token: request.headers.authorization ?? '' });
  play(response, request, seen.length);
});

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  tokens = 0;
  playToken = undefined;
  play = (response) => json(response, 200, { ok: true });
});

const connect = (options: RemoteOptions = {}) =>
  connectTenant(
    { origin, clientId: 'c', clientSecret: 'hush-hush' },
    { tries: 5, firstWaitMs: 1, timeoutMs: 2_000, ...options },
  );

/** The first answers are bad, the next is good. */
const badFirst =
  (bad: Play, times = 2): Play =>
  (response, request, n) =>
    n <= times ? bad(response, request, n) : json(response, 200, { n });

const BAD: Readonly<Record<string, Play>> = {
  'an error of the server': (response) => json(response, 503, { message: 'busy' }),
  'a page of a balancer': (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>'),
  'a reset': (response) => void response.destroy(),
  'half a body': (response) => void response.writeHead(200).end('{"n":'),
  'no body': (response) => void response.writeHead(200).end(),
  'a torn body': (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"n"', () => response.destroy());
  },
};
const UNKNOWN = expect.objectContaining({ name: 'RemoteError', end: 'unknown' });

describe('a request whose end is unknown', () => {
  test.each(Object.entries(BAD))('case=%s: a read and a question are sent again, a write is not', async (_, bad) => {
    const tenant = await connect();
    play = badFirst(bad);
    expect(await tenant.get('/roles')).toEqual({ n: 3 });
    seen = [];
    expect(await tenant.ask('/explain', {})).toEqual({ n: 3 });
    seen = [];
    await expect(tenant.send('POST', '/roles', {})).rejects.toEqual(UNKNOWN);
    expect(seen).toHaveLength(1);
  });

  test('patience ends: the error of the last try', async () => {
    const tenant = await connect({ tries: 3 });
    play = (response) => json(response, 500, { message: 'broken' });
    await expect(tenant.get('/roles')).rejects.toThrow('GET /roles: 500, broken.');
    expect(seen).toHaveLength(3);
  });

  test('no answer within the time', async () => {
    const tenant = await connect({ timeoutMs: 100 });
    play = () => {};
    await expect(tenant.send('DELETE', '/roles/1')).rejects.toEqual(UNKNOWN);
  });
});

describe('a request that the tenant did not do', () => {
  test('429: a write is sent again as well, and counts as a try', async () => {
    const tenant = await connect({ tries: 3 });
    play = badFirst((response) => json(response, 429, { message: 'slow' }, { 'retry-after': '0' }));
    expect(await tenant.send('PATCH', '/roles/1', {})).toEqual({ n: 3 });
    seen = [];
    play = (response) => json(response, 429, { message: 'slow' });
    await expect(tenant.send('PATCH', '/roles/1', {})).rejects.toMatchObject({ end: 'unknown', status: 429 });
    expect(seen).toHaveLength(3);
    expect(tenant.pace.limited()).toBe(5);
  });

  test('401: one new token for all who were refused, and each of them goes on', async () => {
    const tenant = await connect({ tries: 1 });
    play = (response, request) =>
      request.headers.authorization === 'Bearer token-1'
        ? json(response, 401, { message: 'Expired token received' })
        : json(response, 200, { ok: true });
    const all = await Promise.all(Array.from({ length: 6 }, (_, n) => tenant.send('POST', `/roles/${n}`, {})));
    expect(all).toHaveLength(6);
    expect(tokens).toBe(2);
  });

  test('401 again with the new token is a refusal', async () => {
    const tenant = await connect();
    play = (response) => json(response, 401, { message: 'Invalid token' });
    await expect(tenant.get('/roles')).rejects.toMatchObject({ end: 'refused', status: 401 });
    expect(seen.map(({ token }) => token)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test.each([400, 403, 404, 409])('%i is said at once, with the reason and the code', async (status) => {
    const tenant = await connect();
    play = (response) => json(response, status, { message: 'Not so.', errorCode: 'nope' });
    await expect(tenant.send('POST', '/roles', {})).rejects.toMatchObject({ end: 'refused', status, code: 'nope' });
    await expect(tenant.get('/roles')).rejects.toThrow(`GET /roles: ${status}, Not so.`);
    expect(seen).toHaveLength(2);
  });

  test('find: 404 is undefined, another refusal an error', async () => {
    const tenant = await connect();
    play = (response) => json(response, 404, { message: 'none' });
    expect(await tenant.find('/roles/1')).toBeUndefined();
    play = (response) => json(response, 403, { message: 'no' });
    await expect(tenant.find('/roles/1')).rejects.toThrow('403');
  });
});

describe('the token', () => {
  test('is asked for three times at first, and a refusal is said at once', async () => {
    playToken = (response) => json(response, 503, {});
    await expect(connect({ tries: 9 })).rejects.toBeInstanceOf(RemoteError);
    expect(tokens).toBe(3);
    tokens = 0;
    playToken = (response) => json(response, 401, { error_description: 'Unauthorized' });
    const refused = connect({ tries: 9 });
    await expect(refused).rejects.toMatchObject({ end: 'refused', message: expect.stringContaining('Unauthorized') });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('hush-hush') });
    expect(tokens).toBe(1);
  });

  test('its scopes are those of the answer; a 200 without a token is none', async () => {
    expect([...(await connect()).scopes]).toEqual(['read:users', 'read:roles']);
    playToken = (response) => json(response, 200, { token_type: 'Bearer' });
    await expect(connect()).rejects.toThrow('without a token');
  });

  test('a redirect is not followed: it would carry the secret elsewhere', async () => {
    let elsewhere = 0;
    play = () => {
      elsewhere += 1;
    };
    playToken = (response) => void response.writeHead(307, { location: `${origin}/elsewhere` }).end();
    await expect(connect({ tries: 1 })).rejects.toBeInstanceOf(RemoteError);
    expect(elsewhere).toBe(0);
  });
});

test('pages: from checkpoint to checkpoint, each repeated until it is whole', async () => {
  const tenant = await connect();
  play = (response, request, n) => {
    if (n % 2 === 1) return void response.destroy();
    const from = new URL(request.url ?? '', origin).searchParams.get('from');
    json(response, 200, { items: [{ from }], ...(from === '2/b' ? {} : { next: from === null ? '1' : '2/b' }) });
  };
  const pages: unknown[] = [];
  for await (const page of tenant.pages('/things?a=b', 'items', 2)) pages.push(...page);
  expect(pages).toEqual([{ from: null }, { from: '1' }, { from: '2/b' }]);
  expect(seen[0]?.url).toBe('/api/v2/things?a=b&take=2');
  play = (response) => json(response, 200, { other: [] });
  await expect(tenant.pages('/things', 'items').next()).rejects.toThrow('without items');
});
