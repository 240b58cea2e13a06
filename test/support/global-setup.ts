/**
 * One PostgreSQL for the whole run (the bundled one in a temporary directory, or TEST_DATABASE_URL) and in it one migrated
 * template, from which every test file gets a database of its own (see database.ts). Leaves nothing behind.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/database/log.js';
import { migrate } from '../../src/storage/database/migrate.js';
import { createPool } from '../../src/storage/database/pool.js';
import { compileProgram } from './compiled.js';
import { reapAfterUs } from './reaper.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where databases are made; may create and drop them. */
    adminDatabaseUrl: string;
    templateDatabase: string;
    /** Where tarball.ts packs, once. */
    packFolder: string;
  }
}

const PREFIX = 'vestibule-test-';

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A run that was killed could not clean up: its server still runs. Its lock is no longer renewed, which a live run does
 * every few seconds.
 */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const dataDir = join(tmpdir(), name);
    const lock = statSync(join(dataDir, 'vestibule.lock'), { throwIfNoEntry: false });
    if (lock === undefined || Date.now() - lock.mtimeMs < 120_000) continue;
    // The server ends by itself within a minute: it looks whether its postmaster.pid is still there.
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function startServer(): Promise<Server> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(dataDir, 0o711);
  const over = reapAfterUs({ dataDir });
  const server = await startBundledPostgres({
    dataDir,
    log: silentLog,
    // Nothing here has to survive a power cut. Only ever in tests: a real server that does not wait for the disk loses logins.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '100',
      // Two writes that block each other are found out after a second by default, and tests make them meet.
      deadlock_timeout: '100ms',
    },
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
      over();
    },
  };
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** A process of its own, because it is plain JavaScript that also runs before anything is compiled. */
function buildBundles(): void {
  for (const name of ['build-actions', 'build-console'])
    execFileSync(process.execPath, [fileURLToPath(new URL(`../../scripts/${name}.mjs`, import.meta.url))]);
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildBundles();
  await compileProgram();
  const server = await startServer();
  const template = `vestibule_template_${randomBytes(6).toString('hex')}`;
  await run(server.url, `create database ${template}`);
  // Ended from outside, this process would not run its exit listeners, and the server would be left running.
  process.once('SIGTERM', () => process.exit(143));
  const pool = createPool({ url: withDatabase(server.url, template), log: silentLog });
  await migrate(pool)
    // As a server does at its start: each test's server finds it done.
    .then(() => pool.query('analyze'))
    .finally(() => pool.end());
  project.provide('adminDatabaseUrl', server.url);
  project.provide('templateDatabase', template);
  const packFolder = mkdtempSync(join(tmpdir(), 'vestibule-packed-'));
  project.provide('packFolder', packFolder);
  return async () => {
    rmSync(packFolder, { recursive: true, force: true });
    await run(server.url, `drop database ${template}`);
    await server.stop();
  };
}
