/**
 * A PostgreSQL of its own for a search outside the test runner, in a directory that is removed at the end. `TEST_DATABASE_URL`
 * names another server. The data need not survive a power cut, so it does not wait for the disk.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/database/log.js';
import { startWorld, type World } from './world.js';

interface OwnServer {
  readonly url: string;
  readonly dataDir: string | undefined;
  stop(): Promise<void>;
}

/** In `left`, what a search that was killed left behind, if it is still there: its server goes on, and is removed at the end. */
async function startPostgres(left: string | undefined): Promise<OwnServer> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, dataDir: undefined, stop: async () => {} };
  const dataDir = left !== undefined && existsSync(left) ? left : mkdtempSync(join(tmpdir(), 'vestibule-soak-'));
  chmodSync(dataDir, 0o711);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await startBundledPostgres({ dataDir, log: silentLog, settings });
  return {
    url: server.url,
    dataDir,
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
export async function startOwnWorld(
  left?: string,
): Promise<{ world: World; dataDir: string | undefined; stop(): Promise<void> }> {
  const server = await startPostgres(left);
  const name = `vestibule_soak_${randomBytes(6).toString('hex')}`;
  await runOn(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  const world = await startWorld(url.href, pool).catch(async (error: unknown) => {
    await pool.end();
    await server.stop();
    throw error;
  });
  return {
    world,
    dataDir: server.dataDir,
    async stop() {
      await world.stop();
      await pool.end();
      await runOn(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
}
