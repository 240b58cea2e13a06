/** Opens the database: its server, its pools, and the migration before requests come. Has no rules. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { startBundledPostgres } from '../storage/bundled/start.js';
import { migrate } from '../storage/database/migrate.js';
import { createPool } from '../storage/database/pool.js';
import { checkPooler } from '../storage/database/pooler.js';
import { checkServerKind, claimServerKind, type ServerKind } from '../storage/database/server-kind.js';
import { analyzeNeglected } from '../storage/database/statistics.js';
import { mendLogOrder } from '../storage/log-order.js';

/** Short, because the caller of a readiness check asks again. */
const PROBE = { maxConnections: 1, waitMs: 3_000, statementTimeoutMs: 2_000, readTimeoutMs: 3_000 };

/**
 * Starts the bundled server unless the configuration names another one, opens the pools and migrates. Leaves nothing
 * open on failure. Marks the database as one of this kind of server. Throws {@link StartError}, also for a database of
 * the other kind.
 */
export async function openDatabase(config: Config, kind: ServerKind, log: Logger) {
  const bundled =
    config.databaseUrl === undefined ? await startBundledPostgres({ dataDir: config.dataDir, log }) : undefined;
  const url = config.databaseUrl ?? bundled?.url ?? '';
  const { connections, waitSeconds, lockTimeoutSeconds, pooler } = config.database;
  const settings = { url, log, pooler, lockTimeoutMs: lockTimeoutSeconds * 1000 };
  const pool = createPool({ ...settings, maxConnections: connections, waitMs: waitSeconds * 1000 });
  // A separate pool, so that the probe neither waits behind logins nor takes a connection from them.
  const probe = createPool({ ...settings, ...PROBE, applicationName: 'vestibule-health' });
  const close = async () => {
    await Promise.all([pool.end(), probe.end()]);
    await bundled?.stop();
  };
  try {
    await migrateAlone({ ...settings, maxConnections: 1, readTimeoutMs: 0 }, kind, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, probe, url, close };
}

/**
 * Migrates on a connection of its own without a time-out: a migration of large tables is slow, and logs its progress.
 */
async function migrateAlone(settings: Parameters<typeof createPool>[0], kind: ServerKind, log: Logger): Promise<void> {
  const pool = createPool(settings);
  try {
    await checkPooler(pool, settings);
    await migrate(pool, { log, mayUse: (db) => checkServerKind(db, kind) });
    await claimServerKind(pool, kind);
    await mendLogOrder(pool, log);
    await analyzeNeglected(pool, log);
  } finally {
    await pool.end();
  }
}
