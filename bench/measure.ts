/** Measures one load: rate, latency, round trips, memory, and the processor time of server, database and Actions. */
import type pg from 'pg';
import { closedLoop } from './load-driver.mjs';
import { cpuMs, descendants, ownCpuMs, rssMb } from './processes.js';
import type { BenchTenant } from './setup.js';

export interface Result {
  readonly name: string;
  readonly concurrency: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
  readonly dbCpuMs: number;
  readonly dbRoundTrips: number;
  readonly rss: number;
  /** Processor time of the Action processes for each login; absent if no Action ran. */
  readonly actionCpuMs?: number;
}

export const results: Result[] = [];
export const note = (text: string) => console.error(text);

/** Adds a row to the table. */
export function add(result: Partial<Result> & { name: string }): void {
  results.push({ concurrency: 1, rate: 0, p50: 0, p99: 0, cpuMs: 0, dbCpuMs: 0, dbRoundTrips: 0, rss: 0, ...result });
}

export interface Target {
  readonly origin: string;
  readonly tenant: BenchTenant;
  readonly pool: pg.Pool;
  readonly serverPid: number;
}

/** Counts the statements that clients sent, without those inside functions. */
async function countStatements(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ calls: string }>(
    `select coalesce(sum(calls), 0) as calls from pg_stat_statements where toplevel and query not like '%pg_stat_statements%'`,
  );
  return Number(rows[0]?.calls);
}

/** Ids of the PostgreSQL processes that this benchmark started. */
let postgresPids: readonly number[] = [];

export function setPostgresPids(pids: readonly number[]): void {
  postgresPids = pids;
}

/** Returns the CPU time used so far by PostgreSQL and the processes of its connections. */
function databaseCpu(): number {
  const all = new Set(postgresPids.flatMap((pid) => [pid, ...descendants(pid)]));
  return [...all].reduce((sum, pid) => sum + cpuMs(pid), 0);
}

/** Returns the CPU time used so far by the processes that run Actions. */
function actionCpu(serverPid: number): number {
  return descendants(serverPid).reduce((sum, pid) => sum + cpuMs(pid), 0);
}

export interface Load {
  readonly name: string;
  readonly concurrency: number;
  readonly count: number;
  readonly first: number;
  /** Average rest of each person before a login, in milliseconds; none by default. */
  readonly restMs?: number;
  readonly run: (index: number) => Promise<{ ok: boolean; error?: unknown }>;
}

let failures = 0;

/** Returns how many of the measured logins have failed so far. */
export function countFailures(): number {
  return failures;
}

/** Runs the load and adds its row to the table. */
export async function measure(target: Target, load: Load): Promise<void> {
  const { pool, serverPid } = target;
  const read = async () => ({
    cpu: ownCpuMs(serverPid),
    actions: actionCpu(serverPid),
    db: databaseCpu(),
    statements: await countStatements(pool),
  });
  const before = await read();
  const { count: n, concurrency: c, first, restMs = 0 } = load;
  const loop = await closedLoop(load.run, { n, c, first, restMs });
  const after = await read();
  failures += load.count - loop.ok;
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
    ...(after.actions > 0 && { actionCpuMs: per(after.actions - before.actions) }),
  });
  note(`${load.name} at ${load.concurrency}: ${loop.rate}/s, ${per(after.cpu - before.cpu)} ms CPU`);
}
