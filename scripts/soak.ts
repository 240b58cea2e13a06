/**
 * `npm run soak -- --minutes N [--seed S]`: random histories against a real server for as long as wanted, compared with the
 * reference model after every step (test/model). `--replay SEED` or `--replay FILE` plays one history, as a failure printed it. Ends with
 * 0 when no difference was found, with 1 and the command that repeats it otherwise. Changes nothing but its own database.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { History } from '../test/model/actions.js';
import { check, historyOf, reportFailure, search } from '../test/model/search.js';
import { startOwnWorld } from '../test/model/store.js';

interface Wanted {
  readonly minutes: number;
  readonly seed: number;
  readonly replay: { readonly seed?: number; readonly history: History } | undefined;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n  npm run soak -- --minutes 10 [--seed 1] | --replay SEED or FILE\n`);
  process.exit(2);
}

function parseWanted(): Wanted {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) fail(`--minutes takes a number above 0, not "${values.minutes}".`);
  const seed = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) fail(`--seed takes a whole number, not "${values.seed}".`);
  return { minutes, seed, replay: values.replay === undefined ? undefined : parseReplay(values.replay) };
}

function parseReplay(text: string): NonNullable<Wanted['replay']> {
  if (/^-?\d+$/.test(text)) return { seed: Number(text), history: historyOf(Number(text)) };
  try {
    return { history: JSON.parse(readFileSync(text, 'utf8')) as History };
  } catch (error) {
    return fail(`--replay takes a seed or the file of a history: ${error instanceof Error ? error.message : error}`);
  }
}

class Progress {
  histories = 0;
  steps = 0;
  readonly seen: Record<string, number> = {};
  private readonly started = performance.now();
  private printed = 0;

  count(label: string): void {
    this.steps += 1;
    this.seen[label] = (this.seen[label] ?? 0) + 1;
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** What was done so far; `found` differences. */
  line(found = 0): string {
    const rate = (this.steps / Math.max(this.seconds, 0.001)).toFixed(1);
    const at = `${Math.floor(this.seconds / 60)}:${String(Math.floor(this.seconds % 60)).padStart(2, '0')}`;
    return `${at}  ${this.steps} steps, ${this.histories} histories, ${rate} steps/s, ${found} difference${found === 1 ? '' : 's'}`;
  }

  /** On one line of a terminal; elsewhere a line every half minute. */
  print(): void {
    const pause = process.stdout.isTTY ? 1 : 30;
    if (this.seconds - this.printed < pause) return;
    this.printed = this.seconds;
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${this.line()}` : `${this.line()}\n`);
  }

  table(): string {
    return Object.entries(this.seen)
      .sort(([, a], [, b]) => b - a)
      .map(([label, count]) => `${String(count).padStart(8)}  ${label}`)
      .join('\n');
  }
}

async function soak(wanted: Wanted): Promise<number> {
  process.stdout.write(
    wanted.replay
      ? `Playing one history of ${wanted.replay.history.actions.length} actions on a server and a PostgreSQL of its own: some seconds, a minute if it has to be made small.\n`
      : `Random histories from seed ${wanted.seed} on, on a server and a PostgreSQL of its own, each step compared with the ` +
          `reference model, for ${wanted.minutes} minutes. Ctrl-C ends it with a summary.\n`,
  );
  let interrupted = false;
  // Before anything is started, so that a PostgreSQL is never left behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      interrupted = true;
    });
  const { world, stop } = await startOwnWorld();
  const progress = new Progress();
  const onStep = (label: string) => {
    progress.count(label);
    progress.print();
  };
  try {
    if (wanted.replay) {
      const { seed, history } = wanted.replay;
      const failure = await check(world, history, { onStep, ...(seed !== undefined && { seed }) });
      process.stdout.write(failure ? `\n${reportFailure(failure)}\n` : `No difference in ${progress.steps} steps.\n`);
      return failure ? 1 : 0;
    }
    const result = await search(world, {
      seed: wanted.seed,
      until: performance.now() + wanted.minutes * 60_000,
      shouldStop: () => interrupted,
      onStep,
      onHistory: () => {
        progress.histories += 1;
      },
    });
    if (result.failure) process.stdout.write(`\n${reportFailure(result.failure)}\n`);
    process.stdout.write(`\n${progress.table()}\n\n`);
    if (result.failure) {
      process.stdout.write(`${progress.line(1)}\n`);
      return 1;
    }
    process.stdout.write(
      `${progress.line()}; seeds ${wanted.seed} to ${result.nextSeed - 1}.\n` +
        `${interrupted ? 'Interrupted' : 'Done'}. To go on: npm run soak -- --minutes ${wanted.minutes} --seed ${result.nextSeed}\n`,
    );
    return 0;
  } finally {
    await stop();
  }
}

process.exitCode = await soak(parseWanted());
