/**
 * Opens a database for `vestibule doctor`: the one that a running server uses, or the bundled one alone. Creates
 * neither a database nor a secret key, and migrates nothing.
 */
import { join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../../config/config.js';
import { StartError } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import { findClusterHome } from '../../storage/bundled/cluster.js';
import { hasCluster } from '../../storage/bundled/postmaster.js';
import { findRunningPostgres, startBundledPostgres } from '../../storage/bundled/start.js';
import { toStartError } from '../../storage/database/migrate.js';
import { createPool, type PoolOptions } from '../../storage/database/pool.js';

export interface DoctorDatabase {
  readonly pool: ReturnType<typeof createPool>;
  readonly options: PoolOptions;
  close(): Promise<void>;
}

/** Runs `work` with the database's pool and the box that opens sealed rows. Throws {@link StartError}. */
export type WithRows = <T>(work: (pool: DoctorDatabase['pool'], box: SecretBox) => Promise<T>) => Promise<T>;

/** Returns the directory of the bundled database's files, even if there are none. */
export function findBundledDirectory({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(findClusterHome(dataDir), 'postgres');
}

/** True if the data directory has a bundled database; the operator's own database does not count. */
export function hasBundledDatabase(config: Pick<Config, 'dataDir'>): boolean {
  return hasCluster(findBundledDirectory(config));
}

async function findUrl(config: Config, log: PoolOptions['log']) {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: async () => {} };
  if (!hasBundledDatabase(config)) return undefined;
  const running = await findRunningPostgres(config.dataDir);
  if (running !== undefined) return { url: running, stop: async () => {} };
  return startBundledPostgres({ dataDir: config.dataDir, log });
}

/**
 * Opens the database; undefined where the data directory has none yet. Throws {@link StartError} when it cannot be
 * reached.
 */
export async function openDoctorDatabase(config: Config): Promise<DoctorDatabase | undefined> {
  const log = pino({ level: 'silent' });
  const found = await findUrl(config, log);
  if (found === undefined) return undefined;
  const { pooler, lockTimeoutSeconds } = config.database;
  const options = {
    url: found.url,
    log,
    pooler,
    lockTimeoutMs: lockTimeoutSeconds * 1_000,
    maxConnections: 2,
    applicationName: 'vestibule-doctor',
  };
  const pool = createPool(options);
  const close = async () => {
    await pool.end();
    await found.stop();
  };
  return { pool, options, close };
}

/** Converts errors of the database to sentences that say what to do. */
export async function orStartError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StartError ? error : toStartError(error);
  }
}
