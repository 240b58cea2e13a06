/**
 * Searches random histories for a difference: one history per seed, seeds counted up from the first, so that any of them can be
 * played again alone. A history that fails is made small, and comes with the command that repeats it.
 */

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../support/random.js';
import { type History, histories } from './actions.js';
import { Difference, type PlayOptions, playHistory } from './play.js';
import { shrink } from './shrink.js';
import { tenantCodes } from './tenant-code.js';
import type { World } from './world.js';

/** Groups of actions in one history: up to some sixty steps. */
const GROUPS = 40;

export interface Failure {
  readonly seed: number | undefined;
  /** Made small. */
  readonly history: History;
  readonly message: string;
}

/** The history that belongs to a seed: always the same one, `withCode` in a tenant that has Actions. */
export function historyOf(seed: number, withCode = false): History {
  const [history] = fc.sample(histories(GROUPS), { seed, numRuns: 1 });
  if (!history) throw new Error(`no history for seed ${seed}`);
  if (!withCode) return history;
  const [code] = fc.sample(tenantCodes, { seed, numRuns: 1 });
  return code ? { ...history, tenant: { ...history.tenant, code } } : history;
}

async function findDifference(world: World, history: History, options: PlayOptions): Promise<string | undefined> {
  try {
    await playHistory(world, history, options);
    return undefined;
  } catch (error) {
    if (error instanceof Difference) return error.message;
    return `the history could not be played: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

/** Plays one history; a difference is made small within `shrinkMs`. */
export async function check(
  world: World,
  history: History,
  options: PlayOptions & { seed?: number; shrinkMs?: number; shouldStop?: () => boolean } = {},
): Promise<Failure | undefined> {
  const first = await findDifference(world, history, options);
  if (first === undefined) return undefined;
  const until = performance.now() + (options.shrinkMs ?? 60_000);
  const inTime = () => performance.now() < until && !options.shouldStop?.();
  const quietly = options.onExplained ? { onExplained: () => undefined } : {};
  const small = await shrink(history, async (one) => (await findDifference(world, one, quietly)) !== undefined, inTime);
  const message =
    (await findDifference(world, small, quietly)) ?? `${first}\n  (not every time: it depends on the moment)`;
  return { seed: options.seed, history: small, message };
}

/** Keeps the small history in a file of its own, and says how to play it again; `flags` is what the command needs besides. */
export function reportFailure(failure: Failure, flags = ''): string {
  const file = join(tmpdir(), `vestibule-history-${failure.seed ?? process.pid}.json`);
  writeFileSync(file, JSON.stringify(failure.history));
  const whole =
    failure.seed === undefined ? '' : `\n  the whole history:  npm run soak -- --replay ${failure.seed}${flags}`;
  return (
    `model and server disagree${failure.seed === undefined ? '' : ` at seed ${failure.seed}`}\n${failure.message}\n\n` +
    `  made small:         npm run soak -- --replay ${file}${flags}${whole}\n` +
    `  for test/model/regressions.ts:\n${JSON.stringify(failure.history)}`
  );
}

export interface SearchOptions extends PlayOptions {
  readonly seed: number;
  /** Milliseconds of the monotonic clock after which no new history begins. */
  readonly until: number;
  readonly shrinkMs?: number;
  readonly shouldStop?: () => boolean;
  /** Tenants have Actions. */
  readonly withCode?: boolean;
  readonly onHistory?: () => void;
}

/** Goes through seeds until time is up, somebody stops it, or a difference is found. */
export async function search(
  world: World,
  options: SearchOptions,
): Promise<{ nextSeed: number; failure: Failure | undefined }> {
  let { seed } = options;
  while (performance.now() < options.until && !options.shouldStop?.()) {
    const failure = await check(world, historyOf(seed, options.withCode), { ...options, seed });
    if (failure) return { nextSeed: seed + 1, failure };
    options.onHistory?.();
    seed += 1;
  }
  return { nextSeed: seed, failure: undefined };
}
