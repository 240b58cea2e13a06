/**
 * Measures loads: rate, latency, round trips, memory, and the processor time of server, database and Actions. Loads that are
 * compared are measured in blocks that alternate, so that a machine that is slow for a minute slows all of them.
 */
import type pg from 'pg';
import { closedLoop } from './load-driver.mjs';
import { cpuMs, descendants, ownCpuMs, rssMb } from './processes.js';
import type { BenchTenant } from './setup.js';
import { timeSignature } from './signature.js';

export interface Result {
  readonly name: string;
  readonly concurrency: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
  readonly dbCpuMs: number;
  readonly dbRoundTrips: number;
  /** Kilobytes of the write-ahead log for each login, and the images of whole pages among them. */
  readonly walKb: number;
  readonly pageImages: number;
  /** Transactions with a write for each login. */
  readonly writes: number;
  readonly rss: number;
  /** Processor time of the Action processes for each login; absent if no Action ran. */
  readonly actionCpuMs?: number;
  /** Processor time of server and database in RS256 signatures of this machine; absent if no signature was timed. */
  readonly signatures?: number;
  readonly dbSignatures?: number;
  /** Greatest minus least `signatures` of the blocks. */
  readonly spread?: number;
}

export const results: Result[] = [];
export const note = (text: string) => console.error(text);

/** Adds a row to the table. */
export function add(result: Partial<Result> & { name: string }): void {
  results.push({
    concurrency: 1,
    rate: 0,
    p50: 0,
    p99: 0,
    cpuMs: 0,
    dbCpuMs: 0,
    dbRoundTrips: 0,
    walKb: 0,
    pageImages: 0,
    writes: 0,
    rss: 0,
    ...result,
  });
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

/** Returns what was written to the write-ahead log so far, and the id of the next transaction. */
async function readWrites(pool: pg.Pool) {
  const { rows } = await pool.query<{ wal: string; images: string; transactions: string }>(
    `select wal_bytes as wal, wal_fpi as images, pg_snapshot_xmax(pg_current_snapshot()) as transactions from pg_stat_wal`,
  );
  return { wal: Number(rows[0]?.wal), images: Number(rows[0]?.images), transactions: Number(rows[0]?.transactions) };
}

/** Ids of the PostgreSQL processes that this benchmark started. */
let postgresPids: readonly number[] = [];

export function setPostgresPids(pids: readonly number[]): void {
  postgresPids = pids;
}

/** Returns the ids of PostgreSQL and the processes of its connections. */
export function listPostgres(): readonly number[] {
  return [...new Set(postgresPids.flatMap((pid) => [pid, ...descendants(pid)]))];
}

/** Returns the CPU time used so far by PostgreSQL and the processes of its connections. */
function databaseCpu(): number {
  return listPostgres().reduce((sum, pid) => sum + cpuMs(pid), 0);
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
/** Rounds in which loads take turns. */
const ROUNDS = 3;

/** Returns how many of the measured logins have failed so far. */
export function countFailures(): number {
  return failures;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Runs the load once. Returns its row without adding it to the table. */
async function runBlock(target: Turn['target'], load: Load): Promise<Result> {
  const { pool, serverPid } = target;
  const read = async () => ({
    cpu: ownCpuMs(serverPid),
    actions: actionCpu(serverPid),
    db: databaseCpu(),
    statements: await countStatements(pool),
    ...(await readWrites(pool)),
  });
  const before = await read();
  const { count: n, concurrency: c, first, restMs = 0 } = load;
  const loop = await closedLoop(load.run, { n, c, first, restMs });
  const after = await read();
  failures += load.count - loop.ok;
  if (loop.ok < load.count)
    note(`${load.name}: ${load.count - loop.ok} of ${load.count} failed, for example: ${Object.keys(loop.errors)[0]}`);
  const per = (value: number) => value / load.count;
  return {
    name: load.name,
    concurrency: load.concurrency,
    rate: loop.rate,
    p50: loop.p50,
    p99: loop.p99,
    cpuMs: per(after.cpu - before.cpu),
    dbCpuMs: per(after.db - before.db),
    dbRoundTrips: per(after.statements - before.statements),
    walKb: per((after.wal - before.wal) / 1_024),
    pageImages: per(after.images - before.images),
    writes: per(after.transactions - before.transactions),
    rss: rssMb(serverPid),
    ...(after.actions > 0 && { actionCpuMs: per(after.actions - before.actions) }),
  };
}

/** Adds the row with two decimals, and prints its rate. */
function report(result: Result): void {
  const rounded = Object.entries(result).map(([key, value]) => [key, typeof value === 'number' ? round(value) : value]);
  add({ ...result, ...(Object.fromEntries(rounded) as Partial<Result>) });
  note(`${result.name} at ${result.concurrency}: ${round(result.rate)}/s, ${round(result.cpuMs)} ms CPU`);
}

/** Runs the load and adds its row to the table. */
export async function measure(target: Target, load: Load): Promise<void> {
  report(await runBlock(target, load));
}

/** Runs the load between two timings of the signature. Returns its row with the processor time in signatures. */
async function runTimedBlock(target: Turn['target'], load: Load): Promise<Result> {
  const before = timeSignature();
  const block = await runBlock(target, load);
  const unit = (before + timeSignature()) / 2;
  return { ...block, signatures: block.cpuMs / unit, dbSignatures: block.dbCpuMs / unit };
}

/** Returns the median of one figure of the blocks. */
function median(blocks: readonly Result[], figure: Exclude<keyof Result, 'name'>): number {
  const sorted = blocks.map((block) => block[figure] ?? 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Returns one row for the blocks of a load: the median of each figure, and the spread of the server's. */
function summarize(blocks: readonly [Result, ...Result[]]): Result {
  const figures = [
    'rate',
    'p50',
    'p99',
    'cpuMs',
    'dbCpuMs',
    'dbRoundTrips',
    'rss',
    'signatures',
    'dbSignatures',
  ] as const;
  const medians = Object.fromEntries(figures.map((figure) => [figure, median(blocks, figure)]));
  const costs = blocks.map(({ signatures = 0 }) => signatures);
  return { ...blocks[0], ...medians, spread: Math.max(...costs) - Math.min(...costs) };
}

/** A server and a load for it. */
export interface Turn {
  readonly target: Pick<Target, 'pool' | 'serverPid'>;
  readonly load: Load;
}

/**
 * Runs every load in each of three rounds, with a timed signature around each block. Returns a row for each load.
 * `first` of a load is the number of its first person; blocks never share a newcomer.
 */
export async function measureBlocks(turns: readonly Turn[]): Promise<readonly Result[]> {
  const blocks = turns.map((): Result[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { target, load }] of turns.entries())
      blocks[index]?.push(await runTimedBlock(target, { ...load, first: load.first + round * load.count }));
    note(`round ${round + 1} of ${ROUNDS}`);
  }
  return blocks.flatMap(([first, ...others]) => (first ? [summarize([first, ...others])] : []));
}

/** Measures the loads in turns, and adds a row for each. */
export async function measureInTurns(target: Target, loads: readonly Load[]): Promise<void> {
  for (const row of await measureBlocks(loads.map((load) => ({ target, load })))) report(row);
}

/** Runs the load once, with a timed signature around it, and adds its row. For loads that cannot be repeated. */
export async function measureOnce(target: Target, load: Load): Promise<void> {
  report(await runTimedBlock(target, load));
}
