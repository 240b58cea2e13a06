/** A PostgreSQL of a test's own, so that its processes can be killed: as durable as the real one, in a directory of its own. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { startBundledPostgres } from '../../src/storage/bundled/start.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool } from '../../src/storage/database/pool.js';
import { reapAfterUs } from './reaper.js';

export interface OwnPostgres {
  readonly url: string;
  readonly pool: pg.Pool;
  /** `kill -9` of one process: of a connection of a server (the busiest), or of the first process. */
  kill(victim: 'backend' | 'postmaster'): Promise<void>;
  drop(): Promise<void>;
}

const BUSIEST = `select pid from pg_stat_activity where application_name = 'vestibule' and pid <> pg_backend_pid()
  order by state = 'active' desc, random() limit 1`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync(`/proc/${pid}/exe`) || process.platform !== 'linux';
  } catch {
    return false;
  }
}

/** Starts it, empty. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-kill-'));
  chmodSync(dataDir, 0o711);
  const over = reapAfterUs({ dataDir });
  const server = await startBundledPostgres({ dataDir, log: silentLog });
  const pool = createPool({ url: server.url, log: silentLog });
  const findPid = async (victim: 'backend' | 'postmaster'): Promise<number | undefined> => {
    if (victim === 'postmaster')
      return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    return (await pool.query<{ pid: number }>(BUSIEST)).rows[0]?.pid;
  };
  return {
    url: server.url,
    pool,
    async kill(victim) {
      const pid = await findPid(victim);
      if (pid === undefined) return;
      process.kill(pid, 'SIGKILL');
      for (let waited = 0; waited < 100 && isAlive(pid); waited++)
        await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async drop() {
      await pool.end();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
      over();
    },
  };
}
