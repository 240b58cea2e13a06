/**
 * Opens the database for commands that run without a server. Only compose files import this. Migrates nothing: a
 * command must not change tables on which a running server of another version relies.
 */
import { pino } from 'pino';
import type { Config } from '../config/config.js';
import { Fault, StartError } from '../kernel/errors.js';
import { findRunningPostgres, startBundledPostgres } from '../storage/bundled/start.js';
import { createReadinessCheck } from '../storage/database/health.js';
import { createPool } from '../storage/database/pool.js';

/** Opens the database of `config`, with or without a running server. Throws {@link StartError}. */
export async function openBeside(config: Config) {
  const log = pino({ level: 'silent' });
  const found = config.databaseUrl ?? (await findRunningPostgres(config.dataDir));
  const own = found === undefined ? await startBundledPostgres({ dataDir: config.dataDir, log }) : undefined;
  const pool = createPool({ url: found ?? own?.url ?? '', log, maxConnections: 2, pooler: config.database.pooler });
  const close = async () => {
    await pool.end();
    await own?.stop();
  };
  const readiness = await createReadinessCheck(pool)();
  if (readiness.ready) return { pool, close };
  await close();
  throw new StartError(`The database cannot be used: ${readiness.reason}.`);
}

/** Converts a fault to an error for the operator, as at the start of a server. */
export async function toldToOperator<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Fault ? new StartError(error.message, { cause: error }) : error;
  }
}
