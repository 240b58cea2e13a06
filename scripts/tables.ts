/**
 * Counts the rows of every table of the server in the environment, and then reports changes until Ctrl-C. With `--once`
 * it only counts. Reads only. `npm run -s tables`
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseConfig } from '../src/config/config.js';
import { StartError } from '../src/kernel/errors.js';
import { BUNDLED_NAME, findClusterHome, readPassword } from '../src/storage/bundled/cluster.js';
import { readPostmasterFile, SOCKET_PORT } from '../src/storage/bundled/postmaster.js';
import { silentLog } from '../src/storage/database/log.js';
import { createPool, type Queryable, queryRows } from '../src/storage/database/pool.js';

type Counts = ReadonlyMap<string, number>;

const PAUSE_MS = 500;

/**
 * Returns the connection string of the bundled database. Throws {@link StartError} if no server is running on that
 * directory.
 */
function findBundled(dataDir: string): string {
  const pgData = join(findClusterHome(dataDir), 'postgres');
  const socket = readPostmasterFile(pgData)?.socketDirectory;
  if (socket === undefined)
    throw new StartError(
      `No server runs on ${dataDir}. Start it, or set VESTIBULE_DATA_DIR or DATABASE_URL as it has it.`,
    );
  const query = new URLSearchParams({ host: socket, port: String(SOCKET_PORT) });
  return `postgres://${BUNDLED_NAME}:${readPassword(pgData)}@localhost/${BUNDLED_NAME}?${query}`;
}

async function countRows(db: Queryable): Promise<Counts> {
  const tables = await queryRows<{ name: string }>(
    db,
    `select quote_ident(relname) as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by relname`,
  );
  const each = tables.map(({ name }) => `select '${name}' as name, count(*) as rows from ${name}`);
  const rows = await queryRows<{ name: string; rows: number }>(db, each.join(' union all '));
  return new Map(rows.map((row) => [row.name, Number(row.rows)]));
}

function describeChanges(before: Counts, after: Counts): string {
  const changes = [...after].map(([name, rows]) => ({ name, difference: rows - (before.get(name) ?? 0) }));
  return changes
    .filter(({ difference }) => difference !== 0)
    .map(({ name, difference }) => `${name} ${difference > 0 ? '+' : ''}${difference}`)
    .join('   ');
}

async function main(): Promise<void> {
  const config = parseConfig(process.env);
  const pool = createPool({
    url: config.databaseUrl ?? findBundled(config.dataDir),
    log: silentLog,
    maxConnections: 1,
  });
  let counts = await countRows(pool);
  for (const [name, rows] of counts) console.log(`${name.padEnd(26)}${String(rows).padStart(8)}`);
  if (!process.argv.includes('--once')) {
    console.log('What changes from here on (Ctrl-C ends this):');
    for (;;) {
      await pause(PAUSE_MS);
      const now = await countRows(pool);
      const changes = describeChanges(counts, now);
      if (changes !== '') console.log(`${new Date().toTimeString().slice(0, 8)}  ${changes}`);
      counts = now;
    }
  }
  await pool.end();
}

await main().catch((error: unknown) => {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
