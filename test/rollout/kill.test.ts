/** The command is killed with -9 at eight instants over apply and rollback. test/faults/rollout-kill.test.ts has a hundred, and the server's. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playKills, spread } from '../support/rollout-kills.js';
import { ALL_SETTINGS, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 30);
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS);
});
afterAll(() => rig?.stop());

test('killed anywhere and taken up again, or turned round: the same end', async () => {
  // Every command starts with a token and three look-ups; the instants after these are the ones that matter.
  const instants = spread(8, { apply: 16, rollback: 16 }).map((one) => ({ ...one, n: one.n + 4 }));
  const kills = await playKills({ rig, cast: stage.cast, visitor: () => stage.visitor() }, instants);
  expect(kills).toBe(instants.length);
}, 240_000);
