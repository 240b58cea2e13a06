/**
 * A node that starts while its database is away: it waits, listens at its port, says why it is not ready, and starts as soon as
 * the database is there. An error that waiting cannot fix ends the start with one sentence.
 */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findAway, whenDatabaseIsThere } from '../../src/storage/database/away.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';
import { startServerProcess } from '../support/server-process.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function ask(port: number, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
  return (
    response && { status: response.status, text: await response.text(), again: response.headers.get('retry-after') }
  );
}

const OTHER_HOST = /127\.0\.0\.1|localhost/;

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

test.each([
  ['ECONNREFUSED', withCode('ECONNREFUSED'), /nobody listens/],
  ['a server that starts', withCode('57P03', 'the database system is starting up'), /is starting/],
  ['a standby, by a failed write', new Error('outer', { cause: withCode('25006') }), /standby/],
  ['a silent one', new Error('timeout exceeded when trying to connect'), /does not answer/],
  ['a pooler without its server', withCode('08P01', 'server login has been failing, try again later'), /pooler/],
])('%s is away', (_name, error, reason) => {
  expect(findAway(error)).toMatch(reason);
});

test.each([
  ['a wrong password', withCode('28P01')],
  ['a missing database', withCode('3D000')],
  ['a missing right', withCode('42501')],
  ['a pooler that takes no settings', withCode('08P01', 'unsupported startup parameter: lock_timeout')],
  ['a bug', new TypeError('x')],
])('%s is not away: waiting would not mend it', (_name, error) => {
  expect(findAway(error)).toBeUndefined();
});

describe('the database is away', () => {
  let proxy: TcpProxy | undefined;
  afterEach(() => proxy?.stop());

  test('it waits, alive and not ready; then it starts by itself', async () => {
    proxy = await startTcpProxy(database.url);
    proxy.freezeAll();
    const [port, metricsPort] = [await findFreePort(), await findFreePort()];
    const ports = { PORT: String(port), VESTIBULE_METRICS_PORT: String(metricsPort) };
    const starts = startInstance({ database, environment: { DATABASE_URL: proxy.url, ...ports } });
    await expect
      .poll(() => ask(port, '/health/ready'), { timeout: 30_000 })
      .toMatchObject({
        status: 503,
        text: expect.stringContaining('waits for the database: the database does not answer'),
      });
    expect((await ask(port, '/health/ready'))?.text).not.toMatch(OTHER_HOST);
    expect(await ask(port, '/health/live')).toMatchObject({ status: 200 });
    expect(await ask(port, '/authorize?client_id=web')).toMatchObject({ status: 503, again: '5' });
    // Prometheus sees a node that is not ready, and no node that is down.
    expect(await ask(metricsPort, '/metrics')).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^vestibule_ready 0$/m),
    });
    expect(await ask(metricsPort, '/health/ready')).toMatchObject({ status: 404 });
    proxy.thaw();
    const instance: Instance = await starts;
    await expect.poll(() => ask(port, '/health/ready'), { timeout: 30_000 }).toMatchObject({ status: 200 });
    expect(await ask(metricsPort, '/metrics')).toMatchObject({ text: expect.stringMatching(/^vestibule_ready 1$/m) });
    await instance.stop();
  }, 90_000);

  test('a standby: it waits, and says that it is one', async () => {
    const { database: name } = new pg.Client({ connectionString: database.url });
    await database.pool.query(`alter database "${name}" set default_transaction_read_only = on`);
    const port = await findFreePort();
    const starts = startInstance({ database, environment: { PORT: String(port) } });
    await expect
      .poll(() => ask(port, '/health/ready'), { timeout: 30_000 })
      .toMatchObject({
        status: 503,
        text: expect.stringContaining('can be read, but not written'),
      });
    const client = await database.pool.connect();
    await client.query('set default_transaction_read_only = off');
    await client.query(
      `alter database "${new URL(database.url).pathname.slice(1)}" reset default_transaction_read_only`,
    );
    client.release(true);
    await (await starts).stop();
  }, 90_000);

  test('told to stop while it waits, the process ends at once and in order', async () => {
    const nobody = await findFreePort();
    const node = await startServerProcess({
      databaseUrl: `postgres://a:b@127.0.0.1:${nobody}/c`,
      environment: { VESTIBULE_LOG_LEVEL: 'warn' },
      until: 'waits for the database',
    });
    await expect
      .poll(() => ask(node.port, '/health/ready'))
      .toMatchObject({
        status: 503,
        text: expect.stringContaining('nobody listens at its address'),
      });
    // Some tries later.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await node.stop()).toBe(0);
    // One line, however often it tried.
    expect(node.output().match(/waits for the database/g)).toHaveLength(1);
  }, 90_000);
});

test('a database that is away only for the start itself is told of once', async () => {
  const told: string[] = [];
  let tries = 0;
  await whenDatabaseIsThere(
    database.pool,
    async () => {
      tries += 1;
      if (tries < 4) throw Object.assign(new Error('sorry, too many clients already'), { code: '53300' });
    },
    {
      onAway: async (reason, { isNews }) => void (isNews && told.push(reason)),
      onBack: ({ isNews }) => void (isNews && told.push('back')),
    },
  );
  expect(tries).toBe(4);
  expect(told).toEqual(['the database has no connection left', 'back']);
}, 30_000);

test('a wrong password ends the start with one sentence, and so does a database that is not there', async () => {
  const proxy = await startTcpProxy(database.url);
  const startAt = (change: { readonly password?: string; readonly pathname?: string }) => {
    const url = Object.assign(new URL(proxy.url), change);
    return startInstance({ database, environment: { DATABASE_URL: url.href } });
  };
  const sentence = /^The database cannot be used: [^\n]+$/;
  await expect(startAt({ password: 'wrong' })).rejects.toThrow(sentence);
  await expect(startAt({ pathname: '/not_there' })).rejects.toThrow(sentence);
  await proxy.stop();
}, 60_000);
