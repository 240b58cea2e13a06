/** The rollout command killed with -9 at a hundred instants over apply and rollback, and the server at twenty: the end is always the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Passing, Treatment } from '../support/api-proxy.js';
import { diffSnapshots } from '../support/database.js';
import { createDice } from '../support/kill-rounds.js';
import { playKills, spreadOverAll } from '../support/rollout-kills.js';
import { ALL_SETTINGS, type RolloutRig, settle, startRolloutRig, type WorkOptions } from '../support/rollout-rig.js';
import { startServerProcess } from '../support/server-process.js';
import { shareOfCount } from '../support/share.js';
import { useStage } from '../support/stage.js';

const KILLS = Number(process.env.ROLLOUT_KILLS ?? shareOfCount(100));
const SERVER_KILLS = Number(process.env.ROLLOUT_SERVER_KILLS ?? shareOfCount(20));
const MINUTE = 60_000;

const stage = useStage();
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 30);
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS);
});
afterAll(() => rig?.stop());

test(
  'the tool is killed',
  async () => {
    const setting = { rig, cast: stage.cast, visitor: () => stage.visitor() };
    const kills = await playKills(setting, await spreadOverAll(rig, KILLS));
    expect(kills).toBeGreaterThanOrEqual(KILLS - 3);
  },
  30 * MINUTE,
);

test(
  'the server is killed: the tool waits for the next one',
  async () => {
    const before = settle(await rig.snapshot(), 'nobody signed in');
    const start = () => startServerProcess({ databaseUrl: stage.instance.database.url, origin: stage.instance.origin });
    const dice = createDice(20);
    let current = await start();
    let next = start();
    let kills = 0;
    const replace = async () => {
      await current.kill();
      current = await next;
      next = start();
      next.catch(() => undefined);
      rig.proxy.direct(`http://127.0.0.1:${current.port}`);
      kills += 1;
    };
    rig.proxy.direct(`http://127.0.0.1:${current.port}`);
    const patient: WorkOptions = { remote: { tries: 14, firstWaitMs: 20, timeoutMs: 30_000 } };
    let replacing: Promise<void> | undefined;
    // One in four requests: at once, or while the server is at it. The first token of a command has little patience, on purpose.
    const kill = ({ path }: Passing): Treatment => {
      if (path === '/oauth/token' || replacing !== undefined || kills >= SERVER_KILLS || dice() > 0.25) return 'pass';
      const delay = dice() < 0.5 ? 0 : dice() * 10;
      replacing = (delay === 0 ? replace() : sleep(delay).then(replace)).finally(() => {
        replacing = undefined;
      });
      return 'pass';
    };
    try {
      while (kills < SERVER_KILLS) {
        rig.proxy.treat = kill;
        expect(await rig.apply(patient)).toEqual({ later: [], moved: [], lockedOut: [], stopped: false });
        await replacing;
        expect(await rig.rollBack(undefined, patient)).toEqual({
          undecided: [],
          selfLinked: [],
          moved: [],
          stopped: false,
        });
        await replacing;
        const changed = diffSnapshots(before, settle(await rig.snapshot(), 'nobody signed in'));
        // A server that starts rewrites its management client, and counts the client's first token.
        delete changed.clients;
        delete changed.attempt_counters;
        expect(changed).toEqual({});
        await rig.reset();
      }
    } finally {
      await replacing;
      await current.kill();
      await next.then((server) => server.kill()).catch(() => undefined);
      rig.proxy.direct(stage.instance.origin);
    }
    expect(kills).toBeGreaterThanOrEqual(SERVER_KILLS);
  },
  20 * MINUTE,
);
