/**
 * The network between a node and its database is cut: no connection is closed, nothing comes any more. Each wait ends, what was
 * asked is a fault that may be tried again (503), and as soon as a database answers at that address, the node goes on by itself.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool, inTransaction, queryRows } from '../../src/storage/database/pool.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

let database: TestDatabase;
let proxy: TcpProxy;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  proxy = await startTcpProxy(database.url);
});
afterEach(() => proxy.stop());
afterAll(() => database.drop());

const SILENT = { name: 'Fault', kind: 'timeout', retryable: true };
const thrown = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('a pool', () => {
  const open = () =>
    createPool({ url: proxy.url, log: silentLog, maxConnections: 4, readTimeoutMs: 1_500, waitMs: 1_500 });
  const askAll = (pool: ReturnType<typeof open>) =>
    Promise.all(Array.from({ length: 4 }, () => queryRows(pool, 'select 1 as n, pg_sleep(0.05)')));

  test('one silent connection ends in a fault, and all that stood unused beside it are given up', async () => {
    const pool = open();
    await askAll(pool);
    expect(pool.totalCount).toBe(4);
    proxy.freezeOpen();
    expect(await thrown(queryRows(pool, 'select 1 as n'))).toMatchObject(SILENT);
    expect(await queryRows(pool, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(await askAll(pool)).toHaveLength(4);
    await pool.end();
  });

  test('a transaction that falls silent ends in a fault; its connection is not used again', async () => {
    const pool = open();
    const silent = inTransaction(pool, async (client) => {
      await client.query('select 1');
      proxy.freezeOpen();
      await client.query('select 2');
    });
    expect(await thrown(silent)).toMatchObject(SILENT);
    expect(pool.idleCount).toBe(0);
    expect(await queryRows(pool, 'select 1 as n')).toEqual([{ n: 1 }]);
    await pool.end();
  });

  test('so does one of the directory, which has a way of its own', async () => {
    const pool = open();
    const directory = createDirectory(pool, createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy));
    const silent = directory.transaction(async ({ tenant }) => {
      await tenant.getSettings();
      proxy.freezeOpen();
      await tenant.getSettings();
    });
    // The query builder rolls back first, on the connection that was given up: that is what it throws.
    expect(await thrown(silent)).toMatchObject({ name: 'Fault', retryable: true });
    expect(await directory.tenant.getSettings()).toBeDefined();
    await pool.end();
  });

  test('new connections that are silent end in a fault, and work once they are not', async () => {
    const pool = open();
    proxy.freezeAll();
    expect(await thrown(queryRows(pool, 'select 1'))).toMatchObject({ name: 'Fault', retryable: true });
    proxy.thaw();
    expect(await queryRows(pool, 'select 1 as n')).toEqual([{ n: 1 }]);
    await pool.end();
  });
});

describe('a server', () => {
  let instance: Instance;
  const askForToken = () =>
    fetch(`${instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: MANAGEMENT_CLIENT.id,
        client_secret: MANAGEMENT_CLIENT.secret,
        audience: `${instance.origin}/api/v2/`,
      }),
    });
  const readiness = async () => {
    const response = await fetch(`${instance.origin}/health/ready`);
    return { status: response.status, body: await response.json() };
  };

  test('a partition: not ready, 503; then, without a restart, ready and 200', async () => {
    instance = await startInstance({ database, environment: { DATABASE_URL: proxy.url } });
    try {
      expect((await askForToken()).status).toBe(200);
      expect((await readiness()).status).toBe(200);
      proxy.freezeAll();
      const silent = askForToken();
      expect(await readiness()).toEqual({
        status: 503,
        body: { status: 'not ready', reason: expect.stringMatching(/does not answer|cannot be reached/) },
      });
      expect((await silent).status).toBe(503);
      proxy.thaw();
      expect((await askForToken()).status).toBe(200);
      await expect.poll(readiness, { timeout: 20_000 }).toMatchObject({ status: 200, body: { status: 'ready' } });
    } finally {
      await instance.stop();
    }
  }, 90_000);
});
