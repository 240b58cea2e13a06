/**
 * Compares this build with the build of another checkout, or with itself in several workers. Both servers run at the same time, each on a database of its
 * own in one PostgreSQL, and get the same loads in turns. So a machine that is slow for a minute slows both; runs one
 * after the other would differ by ten per cent. Prints the processor time of each server. Does not judge the result.
 */
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { closedLoop } from './load-driver.mjs';
import { type LoginLoad, loginLoads } from './logins.js';
import { note } from './measure.js';
import { descendants, findFreePort, ownCpuMs, startProgram, stopProgram, waitUntilReady } from './processes.js';
import { setUp } from './setup.js';
import { createDatabase } from './stand.js';

export interface Comparison {
  /** Folder of the other checkout, in which `npm run build` has run; `.` to compare this build with itself. */
  readonly against: string;
  /** Workers of this build; 1 for one process. It gets the load of the other build so many times, at once. */
  readonly workers: number;
  /** Number of turns of each load. More turns give steadier figures. */
  readonly rounds: number;
  readonly databaseUrl: string;
  readonly issuer: string;
  readonly samlMetadata: string;
  /** Returns the environment of a server at this port, with this database. */
  readonly environment: (port: number, databaseUrl: string) => Record<string, string>;
}

interface Side {
  readonly child: ChildProcess;
  readonly loads: readonly LoginLoad[];
  readonly workers: number;
  /** Number of the next person. It only grows, so that newcomers have never signed in before. */
  next: number;
}

const WARM = 600;
const LOGINS = { 1: 100, 16: 300 } as const;

async function startSide(plan: Comparison, name: string, folder: string, workers: number = 1): Promise<Side> {
  const url = await createDatabase(plan.databaseUrl, name);
  const port = await findFreePort();
  const script = resolve(folder, 'dist/main.js');
  const child = startProgram(
    process.execPath,
    [script, 'serve', ...(workers > 1 ? ['--workers', String(workers)] : [])],
    plan.environment(port, url),
  );
  const origin = `http://localhost:${port}`;
  await waitUntilReady(origin);
  const tenant = await setUp(origin, plan.issuer, plan.samlMetadata);
  return { child, loads: loginLoads({ origin, tenant }), workers, next: 1 };
}

/** Returns the processor time used so far by a server and its workers, in milliseconds. */
function serverCpuMs({ child: { pid = 0 } }: Side): number {
  return [pid, ...descendants(pid)].reduce((sum, one) => sum + ownCpuMs(one), 0);
}

/**
 * Runs one load on one side: `each` logins at each of its processes, `atOnce` at once. Returns the processor time of the
 * server for each login, in milliseconds.
 */
async function take(side: Side, load: LoginLoad, each: number, atOnce: number): Promise<number> {
  const n = each * side.workers;
  const c = atOnce * side.workers;
  const before = serverCpuMs(side);
  const { ok, errors } = await closedLoop(load.run, { n, c, first: side.next });
  side.next += n;
  if (ok < n) throw new Error(`${load.name}: ${n - ok} of ${n} failed, for example: ${Object.keys(errors)[0]}`);
  return (serverCpuMs(side) - before) / n;
}

/** Returns the value below which `share` of the values are. Interpolates between the two nearest values. */
function quantile(values: readonly number[], share = 0.5): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

const percent = (ratio: number) => `${ratio >= 1 ? '+' : '-'}${Math.abs((ratio - 1) * 100).toFixed(0)} %`;

/** Compares one load at one concurrency, and prints its line. */
async function compareLoad([before, after]: readonly [Side, Side], at: number, c: 1 | 16, rounds: number) {
  const pairs: { before: number; after: number }[] = [];
  const load = (side: Side) => side.loads[at] as LoginLoad;
  const n = LOGINS[c] * load(before).weight;
  for (let round = 0; round < rounds; round += 1) {
    const one = { before: 0, after: 0 };
    // Alternates the order, because the first of a pair has the colder caches.
    for (const name of round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const)) {
      const side = name === 'before' ? before : after;
      one[name] = await take(side, load(side), n, c);
    }
    pairs.push(one);
  }
  const ratios = pairs.map((pair) => pair.after / pair.before);
  const cells = [
    load(before).name.padEnd(20),
    String(c).padStart(7),
    quantile(pairs.map((pair) => pair.before))
      .toFixed(2)
      .padStart(9),
    quantile(pairs.map((pair) => pair.after))
      .toFixed(2)
      .padStart(9),
    percent(quantile(ratios)).padStart(10),
    `${percent(quantile(ratios, 0.25))} to ${percent(quantile(ratios, 0.75))}`.padStart(18),
  ];
  console.log(cells.join('  '));
}

/** Prints a line for each load: the median processor time of a login on both builds, and the median ratio. */
export async function compareBuilds(plan: Comparison): Promise<void> {
  const before = await startSide(plan, 'bench_before', plan.against);
  const after = await startSide(plan, 'bench_after', '.', plan.workers);
  try {
    console.log(`                      at once  before ms   after ms  difference       half are within`);
    for (const at of before.loads.keys()) {
      for (const side of [before, after]) await take(side, side.loads[at] as LoginLoad, WARM, 16);
      for (const c of [1, 16] as const) await compareLoad([before, after], at, c, plan.rounds);
    }
    const what =
      plan.workers > 1 ? `one process, after: ${plan.workers} workers, each with the same load` : plan.against;
    note(`Processor time of the server a login, ${plan.rounds} rounds in turns. before: ${what}`);
  } finally {
    await stopProgram(before.child);
    await stopProgram(after.child);
  }
}
