/** `vestibule serve --workers`: several processes that an operator sees as one server, at its start, in its figures, at its end. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPILED } from '../support/compiled.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { findFreePort } from '../support/instance.js';
import { isAlive, listWorkers } from '../support/server-children.js';
import { startServerProcess } from '../support/server-process.js';
import { runVestibule } from './run-vestibule.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const KEY = Buffer.alloc(32, 7).toString('base64');
const own = (more: Readonly<Record<string, string>> = {}) => ({
  DATABASE_URL: database.url,
  VESTIBULE_SECRET_KEY: KEY,
  ...more,
});

test('two workers answer at one port, and the metrics are those of both', async () => {
  const metricsPort = await findFreePort();
  const node = await startServerProcess({
    databaseUrl: database.url,
    args: ['--workers', '2'],
    environment: { VESTIBULE_METRICS_PORT: String(metricsPort), VESTIBULE_DATABASE_CONNECTIONS: '8' },
  });
  expect(node.output().match(/Vestibule answers at/g), 'said once').toHaveLength(1);
  expect(node.output().match(/makes you its owner/g), 'one link').toHaveLength(1);
  expect(listWorkers(node.pid)).toHaveLength(2);
  // A connection of its own for each request, so that the workers take turns.
  for (let i = 0; i < 10; i++)
    expect((await fetch(`http://localhost:${node.port}/health/live`, { headers: { connection: 'close' } })).ok).toBe(
      true,
    );
  const figures = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(figures).toMatch(/^vestibule_ready 1$/m);
  expect(figures).toMatch(
    /^vestibule_http_request_seconds_count\{method="GET",route="\/health\/live",status="2xx"\} 10$/m,
  );
  expect(await node.stop()).toBe(0);
});

test('a worker that is killed is replaced; a primary that is killed leaves no worker', async () => {
  const node = await startServerProcess({ databaseUrl: database.url, args: ['--workers', '2'] });
  const [victim = 0, other = 0] = listWorkers(node.pid);
  process.kill(victim, 'SIGKILL');
  const listNew = () => listWorkers(node.pid).filter((pid) => pid !== other && pid !== victim);
  await expect.poll(listNew, { timeout: 60_000 }).toHaveLength(1);
  // Its output comes through a pipe: on a busy machine after the worker that it tells of.
  await expect.poll(() => node.output()).toContain('a worker ended unexpectedly: another one starts');
  expect((await fetch(`http://localhost:${node.port}/health/ready`)).ok).toBe(true);
  const workers = listWorkers(node.pid);
  await node.kill();
  await expect.poll(() => workers.filter(isAlive), { timeout: 60_000 }).toEqual([]);
}, 120_000);

test('under a supervisor that starts it by the cluster module, it is a server by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-supervised-'));
  const supervisor = join(folder, 'supervisor.mjs');
  const setup = `{ exec: ${JSON.stringify(COMPILED[0])}, args: ['serve'] }`;
  await writeFile(
    supervisor,
    `import cluster from 'node:cluster';\ncluster.setupPrimary(${setup});\ncluster.fork().on('exit', () => process.exit());\n`,
  );
  const port = await findFreePort();
  const env = { PATH: process.env.PATH, ...own({ PORT: String(port) }) };
  const child = spawn(process.execPath, [supervisor], { env, stdio: 'ignore' });
  const isLive = () =>
    fetch(`http://localhost:${port}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await expect.poll(isLive, { timeout: 60_000 }).toBe(true);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);

test('with the bundled database, the primary keeps it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-workers-'));
  const node = await startServerProcess({
    databaseUrl: '',
    args: ['--workers', '2'],
    environment: { VESTIBULE_SECRET_KEY: '', VESTIBULE_DATA_DIR: folder },
  });
  expect((await fetch(`http://localhost:${node.port}/health/ready`)).ok).toBe(true);
  expect(await node.stop()).toBe(0);
  await rm(folder, { recursive: true, force: true });
});

test('a port that is in use is said once, and ends the command with 3', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const run = await runVestibule(['serve', '--workers', '2'], own({ HOST: '127.0.0.1', PORT: String(port) }));
  expect(run.code).toBe(3);
  expect(run.stderr).toBe(
    `vestibule: Cannot listen: port ${port} on 127.0.0.1 is in use. Stop what listens there, or set PORT.\n`,
  );
  await new Promise((resolve) => taken.close(resolve));
});

test.each([
  [['--workers', '0'], 'Give a number from 1 to 64.'],
  [['--workers', 'all'], 'Give a number from 1 to 64.'],
  [['--workers', '2', '--profile', 'auth0'], 'The double of Auth0 runs in one process'],
])('serve %j is wrong use', async (args, says) => {
  const run = await runVestibule(['serve', ...args], own());
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(says);
});

test('more workers than the database connections allow are refused with the number to set', async () => {
  const run = await runVestibule(['serve', '--workers', '5'], own({ VESTIBULE_DATABASE_CONNECTIONS: '16' }));
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('set VESTIBULE_DATABASE_CONNECTIONS to 20 or more, or take fewer workers');
});
