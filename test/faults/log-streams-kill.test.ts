/**
 * A log stream while its node is killed at random instants and its endpoint refuses, tears connections down and is slow. Afterwards the endpoint
 * has every line of the log, and has seen each for the first time in the order of the log.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { fetchToken, MANAGEMENT_CLIENT } from '../support/instance.js';
import { SEED } from '../support/random.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const ORIGIN = 'http://localhost:1';
const KILLS = 4;

interface Endpoint {
  readonly url: string;
  readonly server: Server;
  /** Ids of the lines that it has taken (answered 200), in the order of arrival, the repeated ones too. */
  readonly taken: string[];
}

/** Takes most requests; every fourth one it refuses, answers after the lines were read and dropped, or takes without an answer. */
async function startEndpoint(): Promise<Endpoint> {
  const taken: string[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const kind = requests % 4 === 0 ? ['refuse', 'tear', 'take and tear'][(SEED + requests) % 3] : 'take';
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const ids = (JSON.parse(Buffer.concat(parts).toString()) as { log_id: string }[]).map(({ log_id }) => log_id);
      if (kind === 'take' || kind === 'take and tear') taken.push(...ids);
      if (kind === 'refuse') response.writeHead(503).end();
      else if (kind === 'take') setTimeout(() => response.writeHead(200).end(), 20);
      else request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, server, taken };
}

/** A line of the log each: a machine that gives a wrong secret. */
async function writeLines({ port }: ServerProcess, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1)
    await fetch(`http://127.0.0.1:${port}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: MANAGEMENT_CLIENT.id,
        client_secret: 'wrong',
        audience: `${ORIGIN}/api/v2/`,
      }),
    });
}

test(`kill -9 while a log stream sends, seed ${SEED}: every line arrives, in the order of the log`, async () => {
  const database = await createTestDatabase();
  const endpoint = await startEndpoint();
  const nodes = [await start(), await start()];
  function start() {
    return startServerProcess({ databaseUrl: database.url, origin: ORIGIN });
  }
  try {
    const origin = `http://127.0.0.1:${nodes[0]?.port}`;
    const made = await fetch(`${origin}/api/v2/log-streams`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await fetchToken(ORIGIN, origin)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        name: 'Collector',
        type: 'http',
        sink: { httpEndpoint: endpoint.url, httpContentFormat: 'JSONARRAY', httpContentType: 'application/json' },
      }),
    });
    expect(made.status, await made.text()).toBe(200);
    const [begun] = (await database.pool.query('select sent_position, sent_log_id from log_streams')).rows;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = endpoint.taken.length;
      const victim = kill % 2;
      const writing = writeLines(nodes[1 - victim] as ServerProcess, 30);
      await expect.poll(() => endpoint.taken.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before);
      await pause((SEED >> kill) % 80);
      await nodes[victim]?.kill();
      await writing;
      // The lease of a node that is gone runs out after a minute, and a retry waits longer with every failure: let both be now.
      await database.pool.query('update log_streams set next_attempt_at = now()');
      nodes[victim] = await start();
    }
    const { rows } = await database.pool.query<{ log_id: string }>(
      'select log_id from logs where (position, log_id) > ($1, $2) order by position, log_id',
      [begun.sent_position, begun.sent_log_id],
    );
    const lines = rows.map(({ log_id }) => log_id);
    await expect
      .poll(
        async () => {
          await database.pool.query('update log_streams set next_attempt_at = now() where last_error is not null');
          return lines.filter((line) => !endpoint.taken.includes(line)).length;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(0);
    expect(lines.length).toBeGreaterThan(KILLS * 29);
    expect([...new Set(endpoint.taken)].slice(0, lines.length)).toEqual(lines);
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
    endpoint.server.close();
    await database.drop();
  }
}, 300_000);
