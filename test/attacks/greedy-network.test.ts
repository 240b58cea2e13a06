/**
 * Attack: one network sends so much, or leaves so often before its answers, that everybody else waits. Its work has a share, what is beyond
 * waits in a line of its own, and work of a connection that has closed never begins.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { createConnections } from '../../src/http/connections.js';
import { createClientFinder, createGate, type Gate } from '../../src/http/gate.js';
import { createGateAnswers } from '../../src/http/gate-answers.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { connectRaw, type RawClient } from '../support/raw-client.js';

/** The most that one machine may have in progress, with the usual number of connections to the database. */
const SHARE = 32;
const GREEDY = '127.0.1.1';
const HONEST = '127.0.2.1';

let server: Server;
let clients: RawClient[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients) client.end();
  clients = [];
  await new Promise((resolve) => server.close(resolve));
});

/** A server that keeps each request to `/slow` until `release` is called, and answers every other at once. */
async function startServer(trustProxy: readonly string[] = [], load = { waiting: 0, served: 0, passedMs: 0 }) {
  const logger = pino({ level: 'silent' });
  const gate: Gate = createGate({
    clock: { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + load.passedMs },
    trustProxy,
    databaseConnections: 16,
    readDatabaseWaiting: () => load.waiting,
    readDatabaseServed: () => load.served++,
    refuse: createGateAnswers({ logger, entropy: systemEntropy, origin: 'https://login.example' }),
  });
  const begun: string[] = [];
  const kept: (() => void)[] = [];
  const serve: RequestListener = ({ url = '' }, response) => {
    begun.push(url);
    if (url.startsWith('/slow')) kept.push(() => response.end(url));
    else response.end(url);
  };
  server = createServer();
  createConnections({ log: logger, maximum: 10_000, trustProxy }).watch(server, (request, response) =>
    gate.admit(request, response, serve),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connect = async (from: string) => {
    const client = await connectRaw(port, from);
    clients.push(client);
    return client;
  };
  const ask = async (from: string, path: string, headers = '') => {
    const client = await connect(from);
    client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`);
    return client;
  };
  return {
    gate,
    begun,
    ask,
    release: (most = kept.length) => {
      for (const answer of kept.splice(0, most)) answer();
    },
    /** So many requests from connections of their own. */
    flood: (from: string, count: number) => Promise.all(Array.from({ length: count }, () => ask(from, '/slow'))),
  };
}

test('case=a network with all that it may have in progress: others are served, and its own next work waits', async () => {
  const { gate, flood, ask, release, begun } = await startServer();
  await flood(GREEDY, SHARE + 5);
  await expect.poll(() => gate.readFigures()).toMatchObject({ inProgress: SHARE, waiting: 5 });
  await (await ask(HONEST, '/quick')).until(/quick/);
  release(2);
  await expect.poll(() => gate.readFigures()).toMatchObject({ inProgress: SHARE, waiting: 3 });
  release();
  await expect.poll(() => begun.filter((url) => url === '/slow').length).toBe(SHARE + 5);
});

test('case=health checks are answered whatever their network has in progress', async () => {
  const { gate, flood, ask } = await startServer();
  await flood(GREEDY, SHARE + 1);
  await expect.poll(() => gate.readFigures().waiting).toBe(1);
  await (await ask(GREEDY, '/health/ready?now')).until(/ready/);
});

test('case=connections that close: what had begun counts until it is over, what waits never begins', async () => {
  const { gate, flood, ask, release, begun } = await startServer();
  for (let round = 1; round <= 3; round++) {
    const left = await flood(GREEDY, SHARE);
    await expect.poll(() => gate.readFigures().inProgress).toBe(SHARE);
    for (const client of left) client.end();
    await expect.poll(() => gate.readFigures()).toMatchObject({ waiting: 0, notServed: { left: (round - 1) * SHARE } });
  }
  expect(begun).toHaveLength(SHARE);
  release();
  await expect.poll(() => gate.readFigures().inProgress).toBe(0);
  await (await ask(GREEDY, '/quick')).until(/quick/);
});

test('case=requests that were sent together on one connection wait for each other, and too many end it', async () => {
  const { gate, ask, release, begun } = await startServer();
  const several = await ask(GREEDY, '/slow/1', '\r\nGET /slow/2 HTTP/1.1\r\nHost: a\r\n');
  await expect.poll(() => begun).toEqual(['/slow/1']);
  release();
  await expect.poll(() => begun).toEqual(['/slow/1', '/slow/2']);
  release();
  await several.until(/slow\/1[\s\S]*slow\/2/);
  const owed: ServerResponse[] = [];
  server.on('request', (_request, response) => owed.push(response));
  const left = await ask(GREEDY, '/slow/left', '\r\nGET /slow/behind HTTP/1.1\r\nHost: a\r\n');
  await expect.poll(() => owed.length).toBe(2);
  let closed = 0;
  for (const response of owed) response.once('close', () => closed++);
  left.end();
  await expect.poll(() => [closed, ...owed.map(({ destroyed }) => destroyed)]).toEqual([2, true, true]);
  const flood = await ask(GREEDY, '/slow/3', '\r\nGET /slow/4 HTTP/1.1\r\nHost: a\r\n'.repeat(100));
  await flood.closed;
  expect(begun).not.toContain('/slow/4');
  release();
  await expect.poll(() => gate.readFigures().inProgress).toBe(0);
});

test('case=people behind one address queue, and every one of them is served', async () => {
  const { gate, flood, release } = await startServer();
  const office = await flood(HONEST, 300);
  await expect.poll(() => gate.readFigures()).toMatchObject({ inProgress: SHARE, waiting: 300 - SHARE });
  const served = Promise.all(office.map((client) => client.until(/200 OK/)));
  const isServed = served.then(() => true);
  while (!(await Promise.race([isServed, new Promise<false>((resolve) => setImmediate(() => resolve(false)))])))
    release();
  expect(gate.readFigures().notServed).toEqual({ too_many: 0, waited: 0, overloaded: 0, left: 0 });
});

test('case=a line that is full: 429 with the time to wait, as a page for people; others are served', async () => {
  const { gate, flood, ask } = await startServer();
  await flood(GREEDY, SHARE + 512);
  await expect.poll(() => gate.readFigures().waiting).toBe(512);
  const [program, person] = [
    await ask(GREEDY, '/slow'),
    await ask(GREEDY, '/slow', 'Accept: text/html\r\nAccept-Language: de\r\n'),
  ];
  await (await ask(HONEST, '/quick')).until(/quick/);
  expect(await program.until(/}$/)).toMatch(
    /^HTTP\/1\.1 429 [\s\S]*retry-after: 5\r\n[\s\S]*"errorCode":"too_many_requests"/i,
  );
  const page = await person.until(/<\/html>/);
  expect(page).toMatch(/^HTTP\/1\.1 429 [\s\S]*content-language: de\r\n/i);
  expect(page).toContain('zu viele Anfragen');
  expect(page).toMatch(/V-[0-9A-Z]{4}-[0-9A-Z]{4}/);
  expect(page).not.toMatch(/__[A-Z]+__/);
});

test('case=behind a trusted proxy each client has a share of their own', async () => {
  const { gate, ask } = await startServer(['127.0.0.0/8']);
  const forwarded = (client: string) => `X-Forwarded-For: ${client}\r\n`;
  for (let at = 0; at <= SHARE; at++) await ask(GREEDY, '/slow', forwarded('192.0.2.1'));
  await expect.poll(() => gate.readFigures()).toMatchObject({ inProgress: SHARE, waiting: 1 });
  await (await ask(GREEDY, '/quick', forwarded('198.51.100.1'))).until(/quick/);
});

test.each([
  { forwarded: undefined },
  { forwarded: '192.0.2.1' },
  { forwarded: '192.0.2.1, 198.51.100.1' },
  { forwarded: '192.0.2.1, 127.0.0.9' },
  { forwarded: '127.0.0.8, 127.0.0.9' },
  { forwarded: 'nonsense, 127.0.0.9' },
  { forwarded: '192.0.2.1:4711' },
  { forwarded: '::ffff:127.0.0.9' },
  { forwarded: ' , 2001:db8::1 ,' },
])('case=the sender is who the framework says: $forwarded', async ({ forwarded }) => {
  const trustProxy = ['127.0.0.0/8'];
  const find = createClientFinder(trustProxy);
  const app = Fastify({ trustProxy });
  app.get('/', async (request) => ({ theirs: request.ip, ours: find(request.raw) }));
  const answer = await app.inject({ url: '/', ...(forwarded && { headers: { 'x-forwarded-for': forwarded } }) });
  server = app.server;
  const { theirs, ours } = answer.json<{ theirs: string; ours: string }>();
  expect(ours).toBe(theirs);
});

test('case=many networks, and the database is behind: no login begins, and those under way go on', async () => {
  const load = { waiting: 0, served: 0, passedMs: 0 };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { ask, gate } = await startServer(['127.0.0.0/8'], load);
  const from = (network: number) => `X-Forwarded-For: 10.0.${network}.1\r\n`;
  for (let count = 0; count < 72; count++) await ask(HONEST, '/slow', from(count % 9));
  await expect.poll(() => gate.readFigures()).toMatchObject({ inProgress: 72 });
  await (await ask(HONEST, '/authorize?a', from(20))).until(/authorize/);
  const look = (count: number) => {
    for (let done = 0; done < count; done++) {
      load.passedMs += 100;
      vi.advanceTimersByTime(100);
    }
  };
  load.waiting = 17;
  look(29);
  await (await ask(HONEST, '/authorize?burst', from(20))).until(/authorize/);
  look(1);
  const refused = await ask(HONEST, '/authorize?d', from(20));
  expect(await refused.until(/}/)).toMatch(
    /^HTTP\/1\.1 503 [\s\S]*retry-after: 5\r\n[\s\S]*Too many requests came at once/,
  );
  await (await ask(HONEST, '/login/callback?d', from(20))).until(/callback/);
  expect(gate.readFigures().notServed.overloaded).toBe(1);
  // Room for one is room for one, before it is over.
  load.waiting = 0;
  await (await ask(HONEST, '/authorize?e', from(20))).until(/authorize/);
});

test('case=a network with sixteen logins in its queue for five seconds begins no further one; others do', async () => {
  const load = { waiting: 0, served: 0, passedMs: 0 };
  const { ask, flood, gate } = await startServer([], load);
  await flood(GREEDY, SHARE);
  for (let count = 0; count < 16; count++) await ask(GREEDY, '/authorize?queued');
  await expect.poll(() => gate.readFigures().waiting).toBe(16);
  load.passedMs += 5_001;
  await (await ask(GREEDY, '/authorize?next')).until(/503/);
  expect(gate.readFigures()).toMatchObject({ waiting: 16, notServed: { overloaded: 1 } });
  await (await ask(HONEST, '/authorize?other')).until(/authorize/);
});

test.each([
  { tokens: 19, waiting: 25 },
  { tokens: 20, waiting: 0 },
])(
  'case=others of its block fill its share; a machine that got $tokens tokens: $waiting requests are queued',
  async ({ tokens, waiting }) => {
    const { ask, flood, gate } = await startServer();
    for (let count = 0; count < tokens; count++) await (await ask(GREEDY, '/oauth/token')).until(/token/);
    // A block of networks has twice the share of one machine.
    for (const neighbour of ['127.0.1.2', '127.0.1.3']) await flood(neighbour, SHARE);
    await flood(GREEDY, 25);
    const begun = 2 * SHARE + 25 - waiting;
    await expect.poll(() => gate.readFigures()).toMatchObject({ inProgress: begun, waiting });
  },
);
