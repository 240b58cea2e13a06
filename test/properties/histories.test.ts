/**
 * Random histories of a tenant against the real server, compared with the reference model after every step, for a fixed time;
 * and every history that ever showed a difference. `npm run soak` goes on for as long as wanted.
 */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playHistory } from '../model/play.js';
import { REGRESSIONS } from '../model/regressions.js';
import { reportFailure, search } from '../model/search.js';
import { startWorld, type World } from '../model/world.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const SECONDS = 25;

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

test.each(REGRESSIONS)('$name', async ({ history }) => {
  const { steps } = await playHistory(world, history);
  expect(steps).toBeGreaterThan(1);
});

test(
  'model and server agree after every step of random histories',
  async () => {
    const seed = randomInt(1, 1_000_000_000);
    const seen: Record<string, number> = {};
    let steps = 0;
    const { failure, nextSeed } = await search(world, {
      seed,
      until: performance.now() + SECONDS * 1000,
      shrinkMs: 30_000,
      onStep: (label) => {
        steps += 1;
        seen[label] = (seen[label] ?? 0) + 1;
      },
    });
    console.log(`histories: ${steps} steps in ${nextSeed - seed} histories from seed ${seed} on`);
    expect(failure && reportFailure(failure)).toBeUndefined();
    // A search in which nobody ever gets in would find nothing.
    expect(Object.keys(seen).filter((label) => label.startsWith('admitted')).length).toBeGreaterThan(0);
    expect(steps).toBeGreaterThan(50);
  },
  (SECONDS + 60) * 1000,
);
