/**
 * A PostgreSQL of its own for a search outside the test runner, in a directory that is removed at the end. `TEST_DATABASE_URL`
 * names another server. What is stored need not survive a power cut, so it does not wait for the disk.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/log.js';
import { startWorld, type World } from './world.js';

async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-soak-'));
  chmodSync(dataDir, 0o711);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await startBundledPostgres({ dataDir, log: silentLog, settings });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** Starts PostgreSQL, a database and a world on it; `stop` ends all three and removes what they left. */
export async function startOwnWorld(): Promise<{ world: World; stop(): Promise<void> }> {
  const server = await startPostgres();
  const name = `vestibule_soak_${randomBytes(6).toString('hex')}`;
  await runOn(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  const world = await startWorld(url.href, pool);
  return {
    world,
    async stop() {
      await world.stop();
      await pool.end();
      await runOn(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
}
