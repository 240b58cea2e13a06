/**
 * `npm run soak -- --minutes N | --steps N [--seed S] [--explain | --actions]`: random histories against a real server for as long as wanted,
 * compared with the reference model after every step (test/model); with `--explain` each login is also explained beforehand, with
 * `--actions` tenants have Actions that deny and admit, in either order. Interrupted
 * by Ctrl-C or killed, `--resume` goes on where it was. `--replay SEED` or `--replay FILE` plays one history, as a failure printed it.
 * Ends with 0 when no difference was found, with 1 and the command that repeats it otherwise. Changes nothing but its own database.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { History } from '../test/model/actions.js';
import { check, historyOf, reportFailure, search } from '../test/model/search.js';
import { startOwnWorld } from '../test/model/store.js';
import { findKeptRun, forgetRun, formatSeconds, keepRun, onInterrupt } from './kept-run.js';

/** A run and its progress. */
interface Run {
  readonly firstSeed: number;
  nextSeed: number;
  /** Length of the run: this many minutes or this many steps. */
  readonly minutes: number | undefined;
  readonly wantedSteps: number | undefined;
  readonly explain: boolean;
  readonly actions: boolean;
  seconds: number;
  histories: number;
  steps: number;
  explained: number;
  readonly seen: Record<string, number>;
  /** Data directory of its PostgreSQL, which survives a `kill -9` of this process. The next run uses it again. */
  dataDir: string | undefined;
}

type Wanted =
  | { readonly run: Run; readonly resumed: boolean }
  | { readonly seed: number | undefined; readonly history: History };

const USAGE = `  npm run soak -- --minutes 10 | --steps 100000 [--seed 1] [--explain | --actions]
  npm run soak -- --resume
  npm run soak -- --replay SEED or FILE [--explain | --actions]`;
/** Measured on two cores. Used only to say in advance how long a run takes. */
const STEPS_PER_SECOND = 90;

function fail(message: string): never {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
}

const OPTIONS = {
  minutes: { type: 'string' },
  steps: { type: 'string' },
  seed: { type: 'string' },
  replay: { type: 'string' },
  resume: { type: 'boolean', default: false },
  explain: { type: 'boolean', default: false },
  actions: { type: 'boolean', default: false },
} as const;

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function parseReplay(text: string, actions: boolean): Wanted {
  if (/^-?\d+$/.test(text)) return { seed: Number(text), history: historyOf(Number(text), actions) };
  try {
    return { seed: undefined, history: JSON.parse(readFileSync(text, 'utf8')) as History };
  } catch (error) {
    return fail(`--replay takes a seed or the file of a history: ${error instanceof Error ? error.message : error}`);
  }
}

function parsePositive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return value > 0 ? value : fail(`--${name} takes a number above 0, not "${text}".`);
}

function parseWanted(values: ReturnType<typeof readOptions>): Wanted {
  if (values.replay !== undefined) return parseReplay(values.replay, values.actions);
  if (values.resume) {
    const run = findKeptRun<Run>('soak') ?? fail('There is no run to go on with: none was interrupted.');
    return { run, resumed: true };
  }
  const wantedSteps = parsePositive('steps', values.steps);
  const minutes = parsePositive('minutes', values.minutes) ?? (wantedSteps === undefined ? 5 : undefined);
  const seed = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) fail(`--seed takes a whole number, not "${values.seed}".`);
  const figures = { seconds: 0, histories: 0, steps: 0, explained: 0, seen: {}, dataDir: undefined };
  const { explain, actions } = values;
  // An explanation does not run the tenant's code, so it cannot predict a login with Actions.
  if (explain && actions) fail('--explain and --actions do not go together.');
  return {
    run: { firstSeed: seed, nextSeed: seed, minutes, wantedSteps, explain, actions, ...figures },
    resumed: false,
  };
}

/** Returns a line about the progress: histories and steps so far, the time, and `found` differences. */
function lineOf(run: Run, found = 0): string {
  const rate = (run.steps / Math.max(run.seconds, 0.001)).toFixed(1);
  const explained = run.explain ? `, ${run.explained} logins explained` : '';
  return (
    `${formatSeconds(run.seconds)}  ${run.steps} steps, ${run.histories} histories${explained}, ${rate} steps/s, ` +
    `${found} difference${found === 1 ? '' : 's'}`
  );
}

/** On a terminal the progress is one line that changes; elsewhere it is a new line every half minute. */
function createPrinter(): (line: () => string) => void {
  let printedMs = performance.now();
  return (line) => {
    if (performance.now() - printedMs < (process.stdout.isTTY ? 1_000 : 30_000)) return;
    printedMs = performance.now();
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line()}` : `${line()}\n`);
  };
}

function tableOf(seen: Readonly<Record<string, number>>): string {
  return Object.entries(seen)
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]) => `${String(count).padStart(8)}  ${label}`)
    .join('\n');
}

function announce({ run, resumed }: { run: Run; resumed: boolean }): string {
  const span =
    run.wantedSteps === undefined
      ? `for ${run.minutes} minutes`
      : `for ${run.wantedSteps} steps, about ${Math.ceil(run.wantedSteps / STEPS_PER_SECOND / 60)} minutes on two cores`;
  const from = resumed ? `going on at seed ${run.nextSeed}: ${lineOf(run)}` : `from seed ${run.firstSeed} on`;
  return (
    `Random histories${run.actions ? ' of tenants with Actions' : ''} ${from}, on a server and a PostgreSQL of its own, each step compared with the reference model` +
    `${run.explain ? ' and each login with what was explained beforehand' : ''}, ${span}. ` +
    'Ctrl-C ends it with a summary; --resume goes on.\n'
  );
}

type Flags = Pick<Run, 'explain' | 'actions'>;
const flagsOf = ({ explain, actions }: Flags): string => `${explain ? ' --explain' : ''}${actions ? ' --actions' : ''}`;

type World = Awaited<ReturnType<typeof startOwnWorld>>['world'];

async function soak(world: World, run: Run, isInterrupted: () => boolean): Promise<number> {
  const print = createPrinter();
  const startedMs = performance.now() - run.seconds * 1000;
  const measure = () => {
    run.seconds = (performance.now() - startedMs) / 1000;
  };
  const result = await search(world, {
    seed: run.nextSeed,
    withCode: run.actions,
    until: run.minutes === undefined ? Number.POSITIVE_INFINITY : startedMs + run.minutes * 60_000,
    shouldStop: () => isInterrupted() || run.steps >= (run.wantedSteps ?? Number.POSITIVE_INFINITY),
    onStep: (label) => {
      run.steps += 1;
      run.seen[label] = (run.seen[label] ?? 0) + 1;
      measure();
      print(() => lineOf(run));
    },
    ...(run.explain && {
      onExplained: () => {
        run.explained += 1;
      },
    }),
    onHistory: () => {
      run.histories += 1;
      run.nextSeed += 1;
      keepRun('soak', run);
    },
  });
  measure();
  run.nextSeed = result.nextSeed;
  const { failure } = result;
  if (failure) process.stdout.write(`\n${reportFailure(failure, flagsOf(run))}\n`);
  process.stdout.write(`\n${tableOf(run.seen)}\n\n${lineOf(run, failure ? 1 : 0)}; seeds ${run.firstSeed} to `);
  process.stdout.write(`${run.nextSeed - 1}.\n`);
  if (failure || isInterrupted()) {
    keepRun('soak', run);
    process.stdout.write(`${failure ? 'After it' : 'Interrupted'}: npm run soak -- --resume goes on.\n`);
  } else {
    forgetRun('soak');
    process.stdout.write(`Done. Further ones: npm run soak -- --seed ${run.nextSeed}${flagsOf(run)}\n`);
  }
  return failure ? 1 : 0;
}

async function replay(world: World, seed: number | undefined, history: History, flags: Flags): Promise<number> {
  let steps = 0;
  const failure = await check(world, history, {
    onStep: () => {
      steps += 1;
    },
    ...(flags.explain && { onExplained: () => undefined }),
    ...(seed !== undefined && { seed }),
  });
  process.stdout.write(
    failure ? `\n${reportFailure(failure, flagsOf(flags))}\n` : `No difference in ${steps} steps.\n`,
  );
  return failure ? 1 : 0;
}

const options = readOptions();
const wanted = parseWanted(options);
let interrupted = false;
// Registered before anything is started, so that no PostgreSQL is left behind.
onInterrupt(() => {
  interrupted = true;
});
process.stdout.write(
  'run' in wanted
    ? announce(wanted)
    : `Playing one history of ${wanted.history.actions.length} actions on a server and a PostgreSQL of its own: some seconds, a minute if it has to be made small.\n`,
);
const { world, dataDir, stop } = await startOwnWorld('run' in wanted ? wanted.run.dataDir : undefined);
if ('run' in wanted) {
  wanted.run.dataDir = dataDir;
  keepRun('soak', wanted.run);
}
try {
  process.exitCode =
    'run' in wanted
      ? await soak(world, wanted.run, () => interrupted)
      : await replay(world, wanted.seed, wanted.history, options);
} finally {
  await stop();
}
