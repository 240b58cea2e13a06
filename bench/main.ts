/**
 * `npm run bench`: measures whole logins. The built server, the identity provider and the load driver are separate
 * processes, on a real PostgreSQL with fsync. Prints a table, and writes JSON if asked. Does not judge the figures:
 * docs/performance.md has the expected ones.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startBundledPostgres } from '../src/storage/bundled/start.js';
import { silentLog } from '../src/storage/database/log.js';
import { measureActions } from './actions.js';
import { compareBuilds } from './compare.js';
import { measureImports } from './imports.js';
import { measureLists } from './lists.js';
import { agent } from './load-driver.mjs';
import { measureLogins } from './logins.js';
import { add, countFailures, note, results, setPostgresPids } from './measure.js';
import { descendants, findFreePort, firstLine, rssMb, startProgram, stopProgram, waitUntilReady } from './processes.js';
import { measureRollout } from './rollout.js';
import { measureScim } from './scim.js';
import { MACHINE, setUp } from './setup.js';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(
    'npm run bench [-- --quick] [-- PART] [-- --json FILE]\nnpm run bench -- --against DIR [--rounds N]\n\n  --quick        fewer logins, about two minutes\n  PART           only this: one of start, logins, actions, rollout, scim, imports, lists\n  --json FILE    also write {machine, results: [...]} to FILE\n  --against DIR  compare the logins of this build with those of the built checkout in DIR, in turns\n  --rounds N     turns of each load in a comparison; 10 if not given',
  );
  process.exit(0);
}
const quick = args.includes('--quick');
const PARTS = ['start', 'logins', 'actions', 'rollout', 'scim', 'imports', 'lists'];
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : args.find((word) => PARTS.includes(word));
if (args.includes('--only') && !PARTS.includes(only ?? '')) {
  console.error(`--only needs one of ${PARTS.join(', ')}\nnpm run bench -- --only actions`);
  process.exit(2);
}
/** The value of an option that takes one. Ends the program when it is missing. */
function readOption(option: string, example: string): string | undefined {
  if (!args.includes(option)) return undefined;
  const value = args[args.indexOf(option) + 1];
  if (value !== undefined && !value.startsWith('--')) return value;
  console.error(`${option} needs a value\nnpm run bench -- ${option} ${example}`);
  process.exit(2);
}
const jsonFile = readOption('--json', 'FILE');
const against = readOption('--against', '../before');
const rounds = Number(readOption('--rounds', '10') ?? '10');
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('--rounds needs a whole number above 0\nnpm run bench -- --against ../before --rounds 10');
  process.exit(2);
}
if (against !== undefined && !existsSync(join(against, 'dist/main.js'))) {
  console.error(`${against} has no dist/main.js: run npm ci and npm run build there\nnpm run bench -- --against DIR`);
  process.exit(2);
}
const isWanted = (part: string) => only === undefined || only === part;

const SERVER = ['dist/main.js', 'serve'];
const work = mkdtempSync(join(tmpdir(), 'vestibule-bench-'));

function environment(port: number, more: Record<string, string>): Record<string, string> {
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

const COLD_STARTS = 5;

/**
 * Measures one start until `/health/ready` says yes, in milliseconds. Calls `whileReady` before it stops the process.
 */
async function measureStart(dataDir: string, whileReady = async (_pid: number): Promise<void> => {}): Promise<number> {
  const port = await findFreePort();
  const child = startProgram(process.execPath, SERVER, environment(port, { VESTIBULE_DATA_DIR: dataDir }));
  const ms = await waitUntilReady(`http://localhost:${port}`);
  await whileReady(child.pid ?? 0);
  await stopProgram(child);
  return ms;
}

/**
 * Measures starts with the bundled database: on new data directories, then on the same ones again. Then it measures the
 * memory of an idle server.
 */
async function measureColdStart(): Promise<void> {
  for (const name of ['cold-start-new', 'cold-start-existing']) {
    const times: number[] = [];
    for (let round = 0; round < COLD_STARTS; round++) times.push(await measureStart(join(work, `cold-${round}`)));
    times.sort((a, b) => a - b);
    const at = (index: number) => Math.round(times[index] ?? 0);
    note(`${name}: ${at(Math.floor(COLD_STARTS / 2))} ms`);
    add({ name, p50: at(Math.floor(COLD_STARTS / 2)), p99: at(COLD_STARTS - 1) });
  }
  await measureStart(join(work, 'cold-0'), async (pid) => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    add({ name: 'rss-idle', rss: rssMb(pid) });
  });
}

function printTable(): void {
  const columns = [
    'name',
    'concurrency',
    'rate',
    'p50',
    'p99',
    'cpuMs',
    'dbCpuMs',
    'dbRoundTrips',
    'rss',
    'actionCpuMs',
  ] as const;
  const titles = [
    '',
    'at once',
    'per s',
    'p50 ms',
    'p99 ms',
    'CPU ms',
    'db CPU ms',
    'round trips',
    'RSS MB',
    'Action CPU ms',
  ];
  const rows = results.map((result) => columns.map((column) => (result[column] ? String(result[column]) : '-')));
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [titles, ...rows]) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
  }
}

async function main(): Promise<void> {
  if (against !== undefined) note(`This build against ${against}: whole logins at 1 and 16 at once, ${rounds} rounds.`);
  else note(`${quick ? 'Quick run' : 'Full run'}: ${only ?? 'cold starts, then whole logins at 1 and 16 at once'}.`);
  if (against === undefined && isWanted('start')) await measureColdStart();
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
  const secretKey = Buffer.alloc(32, 1).toString('base64');
  const endAll = async () => {
    await stopProgram(idp);
    await stopProgram(samlIdp);
    await pool.end();
    await database.stop();
    await agent.close();
    rmSync(work, { recursive: true, force: true });
  };
  if (against !== undefined) {
    const settingsOf = (port: number, databaseUrl: string) =>
      environment(port, { DATABASE_URL: databaseUrl, VESTIBULE_SECRET_KEY: secretKey });
    try {
      await compareBuilds({
        against,
        rounds,
        databaseUrl: database.url,
        issuer,
        samlMetadata,
        environment: settingsOf,
      });
    } finally {
      await endAll();
    }
    return;
  }
  const port = await findFreePort();
  const start = () =>
    startProgram(
      process.execPath,
      SERVER,
      environment(port, { DATABASE_URL: database.url, VESTIBULE_SECRET_KEY: secretKey }),
    );
  let server = start();
  const origin = `http://localhost:${port}`;
  try {
    await waitUntilReady(origin);
    const target = { origin, tenant: await setUp(origin, issuer, samlMetadata), pool, serverPid: server.pid ?? 0 };
    if (isWanted('logins')) await measureLogins(target, quick);
    if (isWanted('actions')) await measureActions(target, quick);
    if (isWanted('scim')) await measureScim(target, quick);
    if (isWanted('imports')) {
      const killAndStart = async () => {
        const gone = new Promise((resolve) => server.once('close', resolve));
        server.kill('SIGKILL');
        await gone;
        server = start();
        await waitUntilReady(origin);
      };
      await measureImports({ origin, pool, pid: () => server.pid ?? 0, killAndStart }, quick);
    }
    if (isWanted('rollout')) await measureRollout({ origin, pool, work }, quick);
    // Runs last, because it fills the tenant with a million people.
    if (isWanted('lists')) await measureLists({ origin, pool }, quick);
  } finally {
    await stopProgram(server);
    await endAll();
  }
  printTable();
  if (countFailures() > 0) {
    console.error(`${countFailures()} of the measured logins failed: the figures are not worth anything`);
    process.exitCode = 1;
  }
  if (jsonFile === undefined) return;
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    memoryMb: Math.round(totalmem() / 1_048_576),
    node: process.version,
  };
  writeFileSync(jsonFile, `${JSON.stringify({ machine, results }, null, 2)}\n`);
}

await main();
