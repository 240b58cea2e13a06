/**
 * The faults of test/rollout/faults.test.ts on Auth0's double, where a person takes a SCIM user and a link, and back an unlink and a deletion:
 * whatever becomes of a request, apply and rollback end as without it. `ROLLOUT_FAULT_SEEDS=100` plays more of them at random.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Treatment } from '../support/api-proxy.js';
import { numberOf } from '../support/company.js';
import { diffSnapshots, type Snapshot } from '../support/database.js';
import { ageEverySecondRead, FAULTS, meetAtRandom, meetOnce, silenceWritesOnce } from '../support/rollout-faults.js';
import {
  ALL_SETTINGS_OF_AUTH0,
  type RolloutRig,
  settle,
  startRolloutRig,
  type WorkOptions,
} from '../support/rollout-rig.js';
import { shareOf } from '../support/share.js';
import { useStage } from '../support/stage.js';

const SEEDS = Number(process.env.ROLLOUT_FAULT_SEEDS ?? 2);
const LONGEST_MS = 120_000;

const stage = useStage({ profile: 'auth0' });
let rig: RolloutRig;
let before: Snapshot;
let applied: string;

beforeAll(async () => {
  rig = await startRolloutRig(stage, 18, 'auth0');
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS_OF_AUTH0);
  before = await picture();
  await rig.apply();
  applied = await rig.reached();
  await rig.rollBack();
});
afterAll(() => rig?.stop());
afterEach(async () => {
  rig.proxy.reset();
  // After a failure the next test starts from the same state.
  await rig.rollBack('undo');
  await rig.reset();
});

const picture = async () => settle(await rig.snapshot(), 'somebody signed in', 'auth0');

async function apply(options: WorkOptions = {}): Promise<void> {
  expect(await rig.apply(options)).toEqual({ later: [], moved: [], lockedOut: [], stopped: false });
  expect(await rig.reached()).toBe(applied);
}

async function goBack(used?: 'undo', options: WorkOptions = {}): Promise<void> {
  expect(await rig.rollBack(used, options)).toEqual({ undecided: [], selfLinked: [], moved: [], stopped: false });
  expect(diffSnapshots(before, await picture())).toEqual({});
}

test('the plan changes every kind of setting, and makes accounts by SCIM', async () => {
  const { settings, prepare } = rig.plan().head;
  expect(settings.map(({ id }) => id)).toEqual([
    'domain:acme.example',
    'auto_membership',
    'alias:acme.example',
    'alias:second.example',
  ]);
  expect(prepare).toBeGreaterThan(6);
  expect(applied).not.toBe(await rig.reached());
});

describe('one fault, at every request of the Management API and of SCIM in turn', () => {
  test.each(shareOf(Object.entries(FAULTS)))(
    'case=%s',
    async (_, fault) => {
      const hit = meetOnce(rig.proxy, fault);
      await apply();
      const made = hit.filter(({ method, path }) => method === 'POST' && path.startsWith('/scim/'));
      const linked = hit.filter(({ method, path }) => method === 'POST' && path.endsWith('/identities'));
      await goBack();
      const deleted = hit.filter(({ method, path }) => method === 'DELETE' && path.startsWith('/api/v2/users/'));
      const { prepare } = rig.plan().head;
      expect([made.length, linked.length, deleted.length]).toEqual([prepare, prepare, 2 * prepare]);
    },
    LONGEST_MS,
  );

  test('case=time-out after the tenant did it', async () => {
    const hit = silenceWritesOnce(rig.proxy);
    await apply({ remote: { timeoutMs: 500 } });
    await goBack(undefined, { remote: { timeoutMs: 500 } });
    expect(hit.length).toBeGreaterThan(3 * rig.plan().head.prepare);
  }, 240_000);

  test(
    'case=every second read is answered as before the apply',
    async () => {
      const hit = ageEverySecondRead(rig.proxy);
      await apply();
      await goBack();
      expect(hit.length).toBeGreaterThan(6);
    },
    LONGEST_MS,
  );
});

describe('a connection that has SCIM already keeps its configuration and its token, and gets no other', () => {
  const path = () => `/connections/${stage.cast.acme.connectionId}/scim-configuration`;
  test.each(['pass', 'reset after'] as const)(
    'case=%s',
    async (fault) => {
      const { api } = stage.instance;
      await api('POST', path(), {});
      // As long, and for as much, as the ones that the rollout makes for itself.
      const theirs = { scopes: ['get:users', 'post:users'], token_lifetime: 900 };
      const { token_id: token } = await api('POST', `${path()}/tokens`, theirs);
      try {
        meetOnce(rig.proxy, fault);
        await apply();
        expect(await rig.rollBack()).toEqual({ undecided: [], selfLinked: [], moved: [], stopped: false });
        const left = await api<{ token_id: string }[]>('GET', `${path()}/tokens`);
        expect(left.map(({ token_id: id }) => id)).toEqual([token]);
      } finally {
        await api('DELETE', path());
      }
      expect(diffSnapshots(before, await picture())).toEqual({});
    },
    LONGEST_MS,
  );
});

describe('all of them at random', () => {
  const every: readonly Treatment[] = [...Object.values(FAULTS), 'stale'];
  test.each(shareOf(Array.from({ length: SEEDS }, (_, index) => index + 1)))(
    'seed %i',
    async (seed) => {
      meetAtRandom(rig.proxy, every, seed);
      await apply();
      await goBack();
    },
    LONGEST_MS,
  );
});

describe('people who signed in by SSO are undone', () => {
  test.each(['502 before it was done', '503 after it was done', 'sent twice'])(
    'case=%s at every write',
    async (name) => {
      const person = rig.plan().people.find((one) => one.prepare !== undefined);
      await apply();
      const visitor = stage.visitor();
      const answer = await visitor.throughSso(`p${numberOf(person?.user_id ?? '')}`, person?.email ?? '');
      expect((await visitor.redeem(answer)).claims.sub).toBe(person?.user_id);
      const hit = meetOnce(rig.proxy, FAULTS[name] ?? 'pass', 'writes');
      await goBack('undo');
      expect(hit.length).toBeGreaterThan(0);
    },
    LONGEST_MS,
  );
});
