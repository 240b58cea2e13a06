/**
 * `npm run bench`: measures whole logins. The built server, the identity provider and the load driver are separate
 * processes, on a real PostgreSQL with fsync. Prints a table, and writes JSON if asked. Does not judge the figures:
 * docs/performance.md has the expected ones.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { measureActions } from './actions.js';
import { compareBuilds } from './compare.js';
import { measureImports } from './imports.js';
import { measureLists } from './lists.js';
import { measureLogins } from './logins.js';
import { add, countFailures, note, results, type Target } from './measure.js';
import { measureOverload } from './overload.js';
import { findFreePort, rssMb, startProgram, stopProgram, waitUntilReady } from './processes.js';
import { measureRollout } from './rollout.js';
import { measureScim } from './scim.js';
import { setUp } from './setup.js';
import { environment, startStand } from './stand.js';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(
    'npm run bench [-- --quick] [-- PART] [-- --json FILE]\nnpm run bench -- --against DIR [--rounds N]\nnpm run bench -- --workers N [--rounds N]\n\n  --quick        fewer logins, about two minutes\n  PART           only this: one of start, logins, actions, rollout, scim, imports, lists, overload\n  --json FILE    also write {machine, results: [...]} to FILE\n  --against DIR  compare the logins of this build with those of the built checkout in DIR, in turns\n  --workers N    compare this build in one process with itself in N workers, in turns\n  --rounds N     turns of each load in a comparison; 10 if not given',
  );
  process.exit(0);
}
const quick = args.includes('--quick');
const PARTS = ['start', 'logins', 'actions', 'rollout', 'scim', 'imports', 'lists', 'overload'];
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
const workers = readOption('--workers', '2');
const against = workers === undefined ? readOption('--against', '../before') : '.';
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

// In an overload each person has an address, which this program forwards as a proxy does.
const forwarding = only === 'overload' ? { VESTIBULE_TRUST_PROXY: '127.0.0.1' } : {};
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
    'walKb',
    'pageImages',
    'writes',
    'rss',
    'actionCpuMs',
    'signatures',
    'dbSignatures',
    'spread',
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
    'WAL kB',
    'page images',
    'writes',
    'RSS MB',
    'Action CPU ms',
    'signatures',
    'db signatures',
    'spread',
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
  const stand = await startStand(work);
  const { pool, issuer, samlMetadata, databaseUrl } = stand;
  const secretKey = Buffer.alloc(32, 1).toString('base64');
  const endAll = async () => {
    await stand.end();
    rmSync(work, { recursive: true, force: true });
  };
  if (against !== undefined) {
    const settingsOf = (port: number, url: string) =>
      environment(port, { DATABASE_URL: url, VESTIBULE_SECRET_KEY: secretKey });
    try {
      await compareBuilds({
        against,
        workers: Number(workers ?? '1'),
        rounds,
        databaseUrl,
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
      environment(port, { DATABASE_URL: databaseUrl, VESTIBULE_SECRET_KEY: secretKey, ...forwarding }),
    );
  let server = start();
  const origin = `http://localhost:${port}`;
  try {
    await waitUntilReady(origin);
    let target: Target = {
      origin,
      tenant: await setUp(origin, issuer, samlMetadata),
      pool,
      serverPid: server.pid ?? 0,
    };
    const restart = async () => {
      await stopProgram(server);
      server = start();
      await waitUntilReady(origin);
      target = { ...target, serverPid: server.pid ?? 0 };
      return target;
    };
    if (isWanted('logins')) await measureLogins(target, restart, quick);
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
    // Alone only: it says what happens above the capacity, and takes minutes.
    if (only === 'overload') await measureOverload(target, quick);
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
