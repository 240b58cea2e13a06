/**
 * `npm run bench`: whole logins against the built server as a process of its own, on a real PostgreSQL with fsync, the identity
 * provider a third process. Prints a table; writes JSON where asked. Measures, never judges: what the figures should be is in
 * docs/performance.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startBundledPostgres } from '../src/storage/bundled/start.js';
import { silentLog } from '../src/storage/log.js';
import { agent, closedLoop, Jar, login, makeHttp } from './load-driver.mjs';
import {
  cpuMs,
  descendants,
  findFreePort,
  firstLine,
  rssMb,
  startProgram,
  stopProgram,
  waitUntilReady,
} from './processes.js';
import { type BenchTenant, CALLBACK, MACHINE, setUp } from './setup.js';

interface Result {
  readonly name: string;
  readonly concurrency: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
  readonly dbCpuMs: number;
  readonly dbRoundTrips: number;
  readonly rss: number;
}

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(
    'npm run bench [-- --quick] [-- --json FILE]\n\n  --quick      fewer logins, about two minutes\n  --json FILE  also write {machine, results: [...]} to FILE',
  );
  process.exit(0);
}
const quick = args.includes('--quick');
const jsonFile = args.includes('--json') ? args[args.indexOf('--json') + 1] : undefined;
if (args.includes('--json') && jsonFile === undefined) {
  console.error('--json needs a file name\nnpm run bench -- --json FILE');
  process.exit(2);
}

const SERVER = ['dist/main.js', 'serve'];
const work = mkdtempSync(join(tmpdir(), 'vestibule-bench-'));
const results: Result[] = [];
const note = (text: string) => console.error(text);

function environment(port: number, more: Record<string, string>): Record<string, string> {
  return {
    PORT: String(port),
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8',
    VESTIBULE_LOG_LEVEL: 'warn',
    VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.secret,
    ...more,
  };
}

function add(result: Partial<Result> & { name: string }): void {
  results.push({ concurrency: 1, rate: 0, p50: 0, p99: 0, cpuMs: 0, dbCpuMs: 0, dbRoundTrips: 0, rss: 0, ...result });
}

/** Start to `/health/ready`, with the bundled database: a new data directory, then the same again; then memory at rest. */
async function measureColdStart(): Promise<void> {
  const dataDir = join(work, 'cold');
  for (const name of ['cold-start-new', 'cold-start-existing']) {
    const port = await findFreePort();
    const child = startProgram(process.execPath, SERVER, environment(port, { VESTIBULE_DATA_DIR: dataDir }));
    const ms = Math.round(await waitUntilReady(`http://localhost:${port}`));
    note(`${name}: ${ms} ms`);
    add({ name, p50: ms, p99: ms, rss: rssMb(child.pid ?? 0) });
    if (name === 'cold-start-existing') {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      add({ name: 'rss-idle', rss: rssMb(child.pid ?? 0) });
    }
    await stopProgram(child);
  }
}

interface Target {
  readonly origin: string;
  readonly tenant: BenchTenant;
  readonly pool: pg.Pool;
  readonly serverPid: number;
}

/** Statements that clients sent (those inside functions not counted). */
async function countStatements(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ calls: string }>(
    `select coalesce(sum(calls), 0) as calls from pg_stat_statements where toplevel and query not like '%pg_stat_statements%'`,
  );
  return Number(rows[0]?.calls);
}

/** Processes of the database server that this benchmark started. */
let postgresPids: readonly number[] = [];

/** CPU time so far of PostgreSQL with all of its connections. */
function databaseCpu(): number {
  const all = new Set(postgresPids.flatMap((pid) => [pid, ...descendants(pid)]));
  return [...all].reduce((sum, pid) => sum + cpuMs(pid), 0);
}

interface Load {
  readonly name: string;
  readonly concurrency: number;
  readonly count: number;
  readonly first: number;
  readonly run: (index: number) => Promise<{ ok: boolean; error?: unknown }>;
}

async function measure(target: Target, load: Load): Promise<void> {
  const { pool, serverPid } = target;
  const before = { cpu: cpuMs(serverPid), db: databaseCpu(), statements: await countStatements(pool) };
  const loop = await closedLoop(load.run, { n: load.count, c: load.concurrency, first: load.first });
  const after = { cpu: cpuMs(serverPid), db: databaseCpu(), statements: await countStatements(pool) };
  if (loop.ok < load.count)
    note(`${load.name}: ${load.count - loop.ok} of ${load.count} failed, for example: ${Object.keys(loop.errors)[0]}`);
  const per = (value: number) => Math.round((value / load.count) * 100) / 100;
  add({
    name: load.name,
    concurrency: load.concurrency,
    rate: loop.rate,
    p50: loop.p50,
    p99: loop.p99,
    cpuMs: per(after.cpu - before.cpu),
    dbCpuMs: per(after.db - before.db),
    dbRoundTrips: per(after.statements - before.statements),
    rss: rssMb(serverPid),
  });
  note(`${load.name} at ${load.concurrency}: ${loop.rate}/s, ${per(after.cpu - before.cpu)} ms CPU`);
}

function ssoScenario(
  { origin, tenant }: Target,
  name: string,
  organization: string,
  options: { users?: number; expectRefusal?: boolean; prefix: string },
) {
  return {
    name,
    ...(options.users !== undefined && { users: options.users }),
    callback: CALLBACK,
    start: (ctx: { i: number; challenge: string }) => ({
      url: `${origin}/authorize?${new URLSearchParams({
        client_id: tenant.clientId,
        response_type: 'code',
        redirect_uri: CALLBACK,
        scope: 'openid profile email',
        state: `s${ctx.i}`,
        nonce: `n${ctx.i}`,
        code_challenge: ctx.challenge,
        code_challenge_method: 'S256',
        organization,
        connection: tenant.connection,
      })}`,
    }),
    forms: [
      {
        match: '*',
        fields: (form: { fields: object }, ctx: { u: number }) =>
          'login' in form.fields ? { login: `${options.prefix}${ctx.u}` } : null,
      },
    ],
    async finish(url: URL, ctx: { backend: ReturnType<typeof makeHttp>; verifier: string }) {
      const code = url.searchParams.get('code');
      if (options.expectRefusal) throw new Error(`not refused: ${url.search.slice(0, 100)}`);
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code: code ?? '',
        redirect_uri: CALLBACK,
        client_id: tenant.clientId,
        client_secret: tenant.clientSecret,
        code_verifier: ctx.verifier,
      });
      const response = await ctx.backend(`${origin}/oauth/token`, { method: 'POST', body });
      if (response.status !== 200)
        throw new Error(`token ${response.status} ${response.text.slice(0, 100)} ${url.search.slice(0, 200)}`);
      return response.json();
    },
  };
}

async function measureLogins(target: Target): Promise<void> {
  const { origin, tenant } = target;
  const count = quick ? 400 : 2_000;
  let first = 1;
  for (const [name, organization, options] of [
    ['sso-new', tenant.openOrganization, { prefix: 'new' }],
    ['sso-returning', tenant.openOrganization, { prefix: 'back', users: 100 }],
    ['sso-refused', tenant.closedOrganization, { prefix: 'stranger', expectRefusal: true }],
  ] as const) {
    const scenario = ssoScenario(target, name, organization, options);
    // The driver takes an error at the callback for a failed login: for strangers it is the answer that is measured.
    const run = async (index: number) => {
      const done = await login(scenario, index);
      const refused =
        'expectRefusal' in options &&
        /^callback error access_denied: user .* is not part of the/.test(
          (done.error as Error | undefined)?.message ?? '',
        );
      return refused ? { ...done, ok: true } : done;
    };
    await closedLoop(run, { n: quick ? 100 : 300, c: 8, first });
    first += 1_000;
    for (const concurrency of [1, 16]) {
      const n = concurrency === 1 ? Math.ceil(count / 4) : count;
      await measure(target, { name, concurrency, count: n, first, run });
      first += n;
    }
  }
  const http = makeHttp(new Jar(), undefined, true);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: MACHINE.id,
    client_secret: MACHINE.secret,
    audience: `${origin}/api/v2/`,
  });
  const run = async () => {
    const response = await http(`${origin}/oauth/token`, { method: 'POST', body });
    return { ok: response.status === 200, error: response.status };
  };
  await closedLoop(run, { n: 500, c: 8 });
  for (const concurrency of [1, 16])
    await measure(target, { name: 'client-credentials', concurrency, count: count * 2, first: 0, run });
}

function printTable(): void {
  const columns = ['name', 'concurrency', 'rate', 'p50', 'p99', 'cpuMs', 'dbCpuMs', 'dbRoundTrips', 'rss'] as const;
  const titles = ['', 'at once', 'per s', 'p50 ms', 'p99 ms', 'CPU ms', 'db CPU ms', 'round trips', 'RSS MB'];
  const rows = results.map((result) => columns.map((column) => (result[column] === 0 ? '-' : String(result[column]))));
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
  note(`${quick ? 'Quick run' : 'Full run'}: cold starts, then whole logins at 1 and 16 at once.`);
  await measureColdStart();
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'top' };
  const before = new Set(descendants(process.pid));
  const database = await startBundledPostgres({ dataDir: join(work, 'db'), log: silentLog, settings });
  const idp = startProgram(process.execPath, ['bench/fast-idp.mjs'], {});
  const issuer = await firstLine(idp);
  postgresPids = descendants(process.pid).filter((pid) => !before.has(pid) && pid !== idp.pid);
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  await pool.query('create extension if not exists pg_stat_statements');
  const port = await findFreePort();
  const secretKey = Buffer.alloc(32, 1).toString('base64');
  const server = startProgram(
    process.execPath,
    SERVER,
    environment(port, { DATABASE_URL: database.url, VESTIBULE_SECRET_KEY: secretKey }),
  );
  const origin = `http://localhost:${port}`;
  try {
    await waitUntilReady(origin);
    await measureLogins({ origin, tenant: await setUp(origin, issuer), pool, serverPid: server.pid ?? 0 });
  } finally {
    await stopProgram(server);
    await stopProgram(idp);
    await pool.end();
    await database.stop();
    await agent.close();
    rmSync(work, { recursive: true, force: true });
  }
  printTable();
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
