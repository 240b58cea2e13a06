/**
 * SIGTERM in the middle of traffic, on a server process of its own: readiness says no first, idle connections are closed, the login in
 * flight is finished, what strangers send is cut, nobody reads raw JSON in a browser, and the process ends by itself.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Gate, startGate } from '../support/gate.js';
import { type Instance, startInstance } from '../support/instance.js';
import { connectRaw, unfinishedForm } from '../support/raw-client.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { wordsOf } from '../support/stage.js';

const WAIT = `exports.onExecutePostLogin = async (event) => {
  await fetch(event.secrets.gate + '/' + encodeURIComponent(event.user.email));
};`;
const READY = 'GET /health/ready HTTP/1.1\r\nhost: localhost\r\n\r\n';
const BROWSER = { accept: 'text/html' };

let database: TestDatabase;
let keeper: Instance;
let cast: Cast;
let gate: Gate;
const nodes: ServerProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  keeper = await startInstance({ database });
  cast = await createCast(keeper);
  gate = await startGate();
  await useActions(keeper, 'post-login', { name: 'wait', code: WAIT, secrets: { gate: gate.url } });
  await cast.createMember('dana@acme.example');
  await cast.createMember('erin@acme.example');
}, 120_000);
afterAll(async () => {
  // Those that did not end by themselves.
  for (const node of nodes) await node.kill();
  await gate?.stop();
  await cast?.stop();
  await keeper?.stop();
  await database?.drop();
});

async function startNode(environment: Record<string, string>): Promise<{ node: ServerProcess; visitor: Visitor }> {
  const node = await startServerProcess({
    databaseUrl: database.url,
    origin: keeper.origin,
    environment: { VESTIBULE_SHUTDOWN_GRACE: '60', VESTIBULE_REQUEST_TIMEOUT: '600', ...environment },
  });
  nodes.push(node);
  return { node, visitor: new Visitor({ ...cast, instance: { ...keeper, address: `http://localhost:${node.port}` } }) };
}

test('readiness first, then no new connections and no idle ones; the login in flight is finished, uploads are cut, the process ends with 0', async () => {
  const { node, visitor } = await startNode({ VESTIBULE_SHUTDOWN_DELAY: '5', VESTIBULE_SHUTDOWN_GRACE: '600' });
  const watcher = await connectRaw(node.port);
  watcher.send(READY);
  await watcher.until(/\{"status":"ready"\}$/);
  const idle = await Promise.all(Array.from({ length: 5 }, () => connectRaw(node.port)));
  for (const client of idle) client.send('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  for (const client of idle) await client.until(/"live"/);
  const upload = await connectRaw(node.port);
  upload.send(unfinishedForm('/u/login/password?state=x', BROWSER));
  upload.drip(200);
  const silent = await connectRaw(node.port);
  const login = visitor.withPassword('dana@acme.example');
  await gate.arrived('dana@acme.example');

  const ended = node.stop();
  // The port is open still, and clients that come are told not to come again.
  watcher.send(READY);
  for (let tries = 0; !watcher.received().includes('not ready'); tries++) {
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
    watcher.send(READY);
  }
  const told = await watcher.closed;
  expect(told).toContain('HTTP/1.1 503 Service Unavailable');
  expect(told).toContain('{"status":"not ready","reason":"the server is stopping"}');
  expect(told).toContain('connection: close');
  for (const client of idle) expect((await client.closed).match(/HTTP\/1.1/g)).toHaveLength(1);
  await expect(connectRaw(node.port)).rejects.toThrow('ECONNREFUSED');
  // As long as a login is finished, nobody is cut: it costs nothing to let the others go on. Longer than anybody who sends is waited for.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(upload.received()).toBe('');

  gate.open('dana@acme.example');
  const answer = await login;
  expect(answer.status, wordsOf(answer)).toBe(0);
  expect(answer.url.searchParams.get('code')).not.toBeNull();
  const cut = await Promise.race([
    upload.closed,
    new Promise<string>((resolve) => setTimeout(resolve, 60_000, 'the upload goes on')),
  ]);
  expect(cut).toMatch(
    /^HTTP\/1.1 503 [\s\S]*content-type: text\/html[\s\S]*being restarted[\s\S]*V-[0-9A-Z]{4}-[0-9A-Z]{4}/,
  );
  expect(await silent.closed).toBe('');
  expect(await ended).toBe(0);
}, 120_000);

test('a login that does not end is answered with a page when the grace period is over, and the process ends', async () => {
  const { node, visitor } = await startNode({ VESTIBULE_SHUTDOWN_GRACE: '4' });
  const login = visitor.withPassword('erin@acme.example');
  await gate.arrived('erin@acme.example');
  const upload = await connectRaw(node.port);
  upload.send(unfinishedForm('/api/v2/users'));
  upload.drip(200);
  const ended = node.stop();
  const page = await login;
  expect(page.status).toBe(503);
  expect(wordsOf(page)).toContain('being restarted');
  expect(await ended).toBe(0);
  const { rows } = await database.pool.query(
    `select 1 from sessions s join users u using (user_id) where u.email = $1`,
    ['erin@acme.example'],
  );
  expect(rows).toEqual([]);
}, 120_000);
