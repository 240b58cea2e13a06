/** Opens the database: its server, its pools, and the migration before requests come. Has no rules. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createWaitingServer } from '../http/waiting-server.js';
import { startBundledPostgres } from '../storage/bundled/start.js';
import { whenDatabaseIsThere } from '../storage/database/away.js';
import { migrate } from '../storage/database/migrate.js';
import { createPool } from '../storage/database/pool.js';
import { checkPooler } from '../storage/database/pooler.js';
import { checkServerKind, claimServerKind, type ServerKind } from '../storage/database/server-kind.js';
import { analyzeNeglected } from '../storage/database/statistics.js';
import { mendLogOrder } from '../storage/log-order.js';

/** Short, because the caller of a readiness check asks again. */
const PROBE = { maxConnections: 1, waitMs: 3_000, statementTimeoutMs: 2_000, readTimeoutMs: 3_000 };

/**
 * Starts the bundled server unless the configuration names another one, opens the pools and migrates. Waits while a
 * database of the operator's own is away, until `signal` ends the wait. Leaves nothing open on failure. Marks the
 * database as one of this kind of server. Throws {@link StartError}, also for a database of the other kind.
 */
export async function openDatabase(config: Config, kind: ServerKind, log: Logger, signal?: AbortSignal) {
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
  const open = () => migrateAlone({ ...settings, maxConnections: 1, readTimeoutMs: 0 }, kind, log);
  try {
    // The bundled server has just been started by this process: if it is away, it does not come back by itself.
    await (bundled === undefined ? waitAndOpen(config, { probe, open, log, signal }) : open());
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, probe, url, close };
}

/**
 * Opens the database when it is there. Until then, and while it is migrated, the node listens at its port and says that
 * it is not ready: a supervisor must not take it for a process that crashes again and again.
 */
async function waitAndOpen(
  config: Config,
  parts: {
    readonly probe: ReturnType<typeof createPool>;
    readonly open: () => Promise<void>;
    readonly log: Logger;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { probe, open, log, signal } = parts;
  const server = createWaitingServer(config);
  try {
    await whenDatabaseIsThere(probe, open, {
      async onAway(reason, { isNews, tries }) {
        server.reason = `waits for the database: ${reason}`;
        if (isNews) log.warn({ reason, tries }, 'waits for the database, and starts as soon as it is there');
        await server.listen();
      },
      onBack({ isNews, tries }) {
        server.reason = 'the database is there again, and this node is starting';
        if (isNews) log.info({ tries }, 'the database is there: the start goes on');
      },
      signal,
    });
  } finally {
    await server.close();
  }
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
