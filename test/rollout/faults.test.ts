/**
 * Faults of the network and of the tenant between tool and API: whatever becomes of a request, apply and rollback end as without it. Each
 * fault is put on every single request in turn, then all of them at random.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isWrite, type Treatment } from '../support/api-proxy.js';
import { numberOf } from '../support/company.js';
import { diffSnapshots } from '../support/database.js';
import { ageEverySecondRead, FAULTS, meetAtRandom, meetOnce, silenceWritesOnce } from '../support/rollout-faults.js';
import { ALL_SETTINGS, type RolloutRig, settle, startRolloutRig, type WorkOptions } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;
let before: string;
let applied: string;

beforeAll(async () => {
  rig = await startRolloutRig(stage, 30);
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS);
  before = await rig.digest();
  await rig.apply();
  applied = await rig.reached();
  await rig.rollBack();
});
afterAll(() => rig?.stop());
afterEach(async () => {
  rig.proxy.reset();
  // After a failure the next test starts from the same state.
  await rig.rollBack();
  await rig.reset();
});

const EVERY: readonly Treatment[] = [...Object.values(FAULTS), 'stale'];

async function goAndReturn(options: WorkOptions = {}): Promise<void> {
  const done = await rig.apply(options);
  expect(done).toEqual({ later: [], moved: [], lockedOut: [], stopped: false });
  expect(await rig.reached()).toBe(applied);
  expect(await rig.rollBack(undefined, options)).toEqual({ undecided: [], selfLinked: [], moved: [], stopped: false });
  expect(await rig.digest()).toBe(before);
}

describe('one fault, at every request of the API in turn', () => {
  test.each(Object.entries(FAULTS))(
    'case=%s',
    async (_, fault) => {
      const hit = meetOnce(rig.proxy, fault);
      await goAndReturn();
      expect(hit.filter(isWrite).length).toBeGreaterThan(6);
    },
    60_000,
  );

  test('case=time-out after the tenant did it', async () => {
    const hit = silenceWritesOnce(rig.proxy);
    await goAndReturn({ remote: { timeoutMs: 500 } });
    expect(hit.length).toBeGreaterThan(3);
  }, 60_000);

  test('case=every second read is answered as before the apply', async () => {
    const hit = ageEverySecondRead(rig.proxy);
    await goAndReturn();
    expect(hit.length).toBeGreaterThan(6);
  }, 60_000);
});

describe('all of them at random', () => {
  test.each([1, 2, 3])(
    'seed %i',
    async (seed) => {
      meetAtRandom(rig.proxy, EVERY, seed);
      await goAndReturn();
    },
    90_000,
  );
});

test('a write that the tenant refuses is not sent again', async () => {
  rig.proxy.treat = ({ method, path }) =>
    method === 'PATCH' && path.startsWith('/api/v2/connections/')
      ? { before: { status: 403, body: { message: 'Insufficient scope' } } }
      : 'pass';
  await expect(rig.apply()).rejects.toThrow('Insufficient scope');
  expect(
    rig.proxy.seen.filter(({ method, path }) => method === 'PATCH' && path.includes('/connections/con')).length,
  ).toBe(1);
  rig.proxy.treat = () => 'pass';
  await rig.rollBack();
  expect(await rig.digest()).toBe(before);
});

describe('people who signed in by SSO are undone', () => {
  test.each(['502 before it was done', '503 after it was done', 'reset after', 'sent twice', 'half a body'])(
    'case=%s at every write',
    async (name) => {
      const fault = FAULTS[name] ?? 'pass';
      const person = rig.plan().people.find((one) => one.prepare !== undefined);
      const settled = settle(await rig.snapshot(), 'somebody signed in');
      await rig.apply();
      const visitor = stage.visitor();
      const answer = await visitor.throughSso(`p${numberOf(person?.user_id ?? '')}`, person?.email ?? '');
      expect((await visitor.redeem(answer)).claims.sub).toBe(person?.user_id);
      const hit = meetOnce(rig.proxy, fault, 'writes');
      expect(await rig.rollBack('undo')).toEqual({ undecided: [], selfLinked: [], moved: [], stopped: false });
      expect(diffSnapshots(settled, settle(await rig.snapshot(), 'somebody signed in'))).toEqual({});
      // Unlinked, and the account that it became is deleted.
      expect(hit.filter(({ method, path }) => method === 'DELETE' && path.startsWith('/api/v2/users/'))).toHaveLength(
        2,
      );
    },
    60_000,
  );
});
