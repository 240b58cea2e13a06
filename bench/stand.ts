/** Starts what every measurement of logins needs: a real PostgreSQL with fsync, and identity providers of their own processes. */
import { join } from 'node:path';
import pg from 'pg';
import { startBundledPostgres } from '../src/storage/bundled/start.js';
import { silentLog } from '../src/storage/database/log.js';
import { agent } from './load-driver.mjs';
import { setPostgresPids } from './measure.js';
import { descendants, firstLine, startProgram, stopProgram } from './processes.js';
import { MACHINE } from './setup.js';

export interface Stand {
  readonly databaseUrl: string;
  /** One connection, with `pg_stat_statements`. */
  readonly pool: pg.Pool;
  /** Address of the OpenID provider. */
  readonly issuer: string;
  /** Address of the SAML provider's metadata. */
  readonly samlMetadata: string;
  /** Ends the processes. The caller removes `work`. */
  end(): Promise<void>;
}

/** Starts database and identity providers, with their data in the folder `work`. */
export async function startStand(work: string): Promise<Stand> {
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'top' };
  const before = new Set(descendants(process.pid));
  const database = await startBundledPostgres({ dataDir: join(work, 'db'), log: silentLog, settings });
  const idp = startProgram(process.execPath, ['bench/fast-idp.mjs'], {});
  const issuer = await firstLine(idp);
  const samlIdp = startProgram(process.execPath, ['--import', 'tsx', 'bench/saml-idp.ts'], {});
  const samlMetadata = await firstLine(samlIdp);
  const others = new Set([idp, samlIdp].flatMap(({ pid = 0 }) => [pid, ...descendants(pid)]));
  setPostgresPids(descendants(process.pid).filter((pid) => !before.has(pid) && !others.has(pid)));
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  // The database stops before the pool notices that it was ended. The pool then reports an error, which is ignored.
  pool.on('error', () => {});
  await pool.query('create extension if not exists pg_stat_statements');
  return {
    databaseUrl: database.url,
    pool,
    issuer,
    samlMetadata,
    async end() {
      await stopProgram(idp);
      await stopProgram(samlIdp);
      await pool.end();
      await database.stop();
      await agent.close();
    },
  };
}

/** Creates a database in the same PostgreSQL. Returns its address. */
export async function createDatabase(databaseUrl: string, name: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  await pool.query(`create database ${name}`);
  await pool.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Returns the environment of a measured server at this port. */
export function environment(port: number, more: Record<string, string>): Record<string, string> {
  return {
    PORT: String(port),
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8',
    VESTIBULE_LOG_LEVEL: 'warn',
    // All requests come from one address, which would soon reach its limit. The measured refusal includes the line in
    // the log.
    VESTIBULE_LOG_LINES_PER_MINUTE: '1000000',
    VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.secret,
    ...more,
  };
}
