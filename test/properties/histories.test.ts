/**
 * Random histories of a tenant against the real server, compared with the reference model after every step, for a fixed time;
 * and every history that ever showed a difference. `npm run soak` goes on for as long as wanted.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { playHistory } from '../model/play.js';
import { REGRESSIONS } from '../model/regressions.js';
import { type Failure, reportFailure, search } from '../model/search.js';
import { startWorld, type World } from '../model/world.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { SEED } from '../support/random.js';
import { shareOfCount } from '../support/share.js';

let database: TestDatabase;
let world: World;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startWorld(database.url, database.pool);
});
afterAll(async () => {
  await world?.stop();
  await database?.drop();
});

test.each(REGRESSIONS)('$name', async ({ history, sees = [] }) => {
  const { steps, seen } = await playHistory(world, history);
  expect(steps).toBeGreaterThan(1);
  expect(Object.keys(seen)).toEqual(expect.arrayContaining([...sees]));
});

test.each([
  ['tenants without Actions', false, shareOfCount(15)],
  ['tenants whose Actions deny and admit, in both orders', true, shareOfCount(10)],
] as const)(
  'model and server agree after every step of random histories: %s',
  async (_name, withCode, seconds) => {
    const seed = SEED;
    const seen: Record<string, number> = {};
    let steps = 0;
    // A search in which nobody ever gets in, or is denied, would find nothing: a slow machine searches longer.
    const isEnough = () =>
      steps > 50 &&
      Object.keys(seen).some((label) => label.startsWith('admitted')) &&
      (!withCode || seen['refused act.denied'] !== undefined);
    const until = performance.now() + 50_000;
    let failure: Failure | undefined;
    let nextSeed: number = seed;
    do {
      ({ failure, nextSeed } = await search(world, {
        seed: nextSeed,
        withCode,
        until: performance.now() + seconds * 1000,
        shrinkMs: 30_000,
        onStep: (label) => {
          steps += 1;
          seen[label] = (seen[label] ?? 0) + 1;
        },
      }));
    } while (failure === undefined && !isEnough() && performance.now() < until);
    const kind = withCode ? ' with Actions' : '';
    console.log(`histories${kind}: ${steps} steps in ${nextSeed - seed} histories from seed ${seed} on`);
    expect(failure && reportFailure(failure, withCode ? ' --actions' : '')).toBeUndefined();
    expect(isEnough(), JSON.stringify(seen)).toBe(true);
  },
  120_000,
);
