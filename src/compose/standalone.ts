/**
 * The part of the composition root behind commands that work on the database without a server around it. Only compose files import this.
 * Migrates nothing: a command must not change tables that a running server of another version relies on.
 */
import { pino } from 'pino';
import type { Config } from '../config/config.js';
import { Fault, StartError } from '../kernel/errors.js';
import { findRunningPostgres, startBundledPostgres } from '../storage/bundled/start.js';
import { createReadinessCheck } from '../storage/database/health.js';
import { createPool } from '../storage/database/pool.js';

/** The database of `config`, beside a server that runs on it or alone. Throws {@link StartError}. */
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

/** Turns a fault into an error for the operator, as at the start of a server. */
export async function toldToOperator<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Fault ? new StartError(error.message, { cause: error }) : error;
  }
}
