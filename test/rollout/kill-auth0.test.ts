/**
 * The command is killed with -9 over apply and rollback on Auth0's double, at instants spread over all requests: SCIM's configuration, token and users,
 * links, unlinks, deletions, settings. `ROLLOUT_AUTH0_KILLS=100` plays more.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playKills, spreadOverAll } from '../support/rollout-kills.js';
import { ALL_SETTINGS_OF_AUTH0, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { shareOf } from '../support/share.js';
import { useStage } from '../support/stage.js';

const KILLS = Number(process.env.ROLLOUT_AUTH0_KILLS ?? 12);
/** Of one kill, on a machine with much else to do. */
const LONGEST_MS = 60_000;

const stage = useStage({ profile: 'auth0' });
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 18, 'auth0');
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS_OF_AUTH0);
});
afterAll(() => rig?.stop());

test(
  'killed anywhere and taken up again, or turned round: the same end',
  async () => {
    const setting = { rig, cast: stage.cast, visitor: () => stage.visitor() };
    const instants = shareOf(await spreadOverAll(rig, KILLS));
    expect(await playKills(setting, instants)).toBeGreaterThanOrEqual(instants.length - 1);
  },
  60_000 + KILLS * LONGEST_MS,
);
