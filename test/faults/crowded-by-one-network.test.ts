/**
 * One network with everything that it may open, against a server as a process of its own: the sign-ins of others are begun all the same, none
 * is refused, and the slowest wait for at most three times as much work of the server as undisturbed. Work is measured, not time: the sender
 * shares the processors of this machine with the server, and so do other tests.
 */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { fetchToken } from '../support/instance.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const SENDER = fileURLToPath(new URL('../support/greedy-sender.mjs', import.meta.url));
const GREEDY = '127.0.50.1';
const OTHERS = ['127.0.61.1', '127.0.62.1', '127.0.63.1', '127.0.64.1'];
const ROUNDS = 100;
const CALLBACK = 'https://app.example/callback';
/** A collection of garbage, or a long turn that is nobody's fault: below it three times is too little to tell anything. */
const LEAST_MS = 40;

let database: TestDatabase;
let server: ServerProcess;
let path: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ databaseUrl: database.url });
  const origin = `http://localhost:${server.port}`;
  const response = await fetch(`${origin}/api/v2/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await fetchToken(origin)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'app', app_type: 'regular_web', callbacks: [CALLBACK], organization_usage: 'allow' }),
  });
  const { client_id } = (await response.json()) as { client_id: string };
  const parameters = { client_id, response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', state: 's' };
  path = `/authorize?${new URLSearchParams(parameters)}`;
});
afterAll(async () => {
  await server?.kill();
  await database?.drop();
});

/** Milliseconds that the server's own thread has worked so far. */
function readWorkMs(): number {
  return Number(readFileSync(`/proc/${server.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

function ask(agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ agent, host: '127.0.0.1', port: server.port, path, headers: { host: 'localhost' } }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    })
      .once('error', reject)
      .end();
  });
}

const toAgent = (localAddress: string) =>
  new Agent({ keepAlive: true, maxSockets: 1, localAddress } as ConstructorParameters<typeof Agent>[0]);
const agents = OTHERS.map(toAgent);
afterAll(() => {
  for (const agent of agents) agent.destroy();
});

/**
 * Each of the others asks again and again. `p99`: what the server's thread worked, in milliseconds, while the slowest in a hundred waited
 * for their answer; and every status.
 */
async function measureOthers() {
  const work: number[] = [];
  const statuses = new Set<number | undefined>();
  await Promise.all(
    agents.map(async (agent) => {
      for (let round = 0; round < ROUNDS; round++) {
        const before = readWorkMs();
        statuses.add(await ask(agent));
        work.push(readWorkMs() - before);
      }
    }),
  );
  work.sort((a, b) => a - b);
  return { p99: work[Math.floor(work.length * 0.99)] ?? 0, statuses: [...statuses] };
}

async function whileSending<T>(form: string, work: () => Promise<T>): Promise<T> {
  const sender = fork(SENDER, [String(server.port), GREEDY, form, path]);
  const gone = new Promise((resolve) => sender.once('exit', resolve));
  try {
    await new Promise((resolve) => sender.once('message', resolve));
    return await work();
  } finally {
    sender.kill('SIGKILL');
    await gone;
  }
}

test.each([
  { what: 'every connection that it may have, a request on each', form: 'crowd' },
  { what: 'connections with packets of requests', form: 'pipelined' },
  { what: 'connections that close before the answer', form: 'leaving' },
])('case=$what: others are served, at most three times as slow', { timeout: 240_000 }, async ({ form }) => {
  await measureOthers();
  const alone = await measureOthers();
  const beside = await whileSending(form, measureOthers);
  expect(beside.statuses).toEqual(alone.statuses);
  expect(beside.p99).toBeLessThanOrEqual(3 * Math.max(alone.p99, LEAST_MS));
  expect(await ask(toAgent('127.0.65.1'))).toBe(302);
});
