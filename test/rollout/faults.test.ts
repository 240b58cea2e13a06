/**
 * Faults of the network and of the tenant between tool and API: whatever becomes of a request, apply and rollback end as without it. Each
 * fault is put on every single request in turn, then all of them at random.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isWrite, type Passing, type Treatment } from '../support/api-proxy.js';
import { numberOf } from '../support/company.js';
import { diffSnapshots } from '../support/database.js';
import { createDice } from '../support/kill-rounds.js';
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

const now = () => Math.floor(Date.now() / 1000);
const isApi = ({ path }: Passing) => path.startsWith('/api/');

const FAULTS: Readonly<Record<string, Treatment>> = {
  '429 without headers': { before: { status: 429, body: { message: 'Too many requests' } } },
  '429 with retry-after': { before: { status: 429, headers: { 'retry-after': '0' } } },
  '429 with a reset in the past': {
    before: { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now() - 60) } },
  },
  '502 before it was done': { before: { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>' } },
  '503 after it was done': { after: { status: 503, body: { message: 'try again' } } },
  '401 of an expired token': { before: { status: 401, body: { message: 'Expired token received' } } },
  'reset before': 'reset before',
  'reset after': 'reset after',
  'sent twice': 'twice',
  'torn body': 'torn',
  'half a body': 'half',
};
const EVERY: readonly Treatment[] = [...Object.values(FAULTS), 'stale'];

async function goAndReturn(options: WorkOptions = {}): Promise<void> {
  const done = await rig.apply(options);
  expect(done).toEqual({ later: [], moved: [], lockedOut: [], stopped: false });
  expect(await rig.reached()).toBe(applied);
  expect(await rig.rollBack(undefined, options)).toEqual({ undecided: [], moved: [], stopped: false });
  expect(await rig.digest()).toBe(before);
}

describe('one fault, at every request of the API in turn', () => {
  test.each(Object.entries(FAULTS))(
    'case=%s',
    async (_, fault) => {
      // One cycle has every request meet the fault once: the repetition of a request is another request, and passes.
      const met = new Set<string>();
      const hit: Passing[] = [];
      rig.proxy.treat = (request) => {
        const key = `${request.method} ${request.path} ${request.body}`;
        if (!isApi(request) || met.has(key)) return 'pass';
        met.add(key);
        hit.push(request);
        return fault;
      };
      await goAndReturn();
      expect(hit.filter(isWrite).length).toBeGreaterThan(6);
    },
    60_000,
  );

  test('case=time-out after the tenant did it', async () => {
    const met = new Set<string>();
    rig.proxy.treat = ({ method, path }) => {
      if (method === 'GET' || path === '/oauth/token' || met.has(path)) return 'pass';
      met.add(path);
      return 'silence after';
    };
    await goAndReturn({ remote: { timeoutMs: 500 } });
    expect(met.size).toBeGreaterThan(3);
  }, 60_000);

  test('case=every second read is answered as before the apply', async () => {
    const reads = new Map<string, number>();
    let old = 0;
    rig.proxy.treat = ({ method, path }) => {
      if (method !== 'GET') return 'pass';
      const count = (reads.get(path) ?? 0) + 1;
      reads.set(path, count);
      if (count % 2 === 1) return 'pass';
      old += 1;
      return 'stale';
    };
    await goAndReturn();
    expect(old).toBeGreaterThan(6);
  }, 60_000);
});

describe('all of them at random', () => {
  test.each([1, 2, 3])(
    'seed %i',
    async (seed) => {
      const dice = createDice(seed);
      rig.proxy.treat = (request) => {
        if (!isApi(request) || dice() > 0.25) return 'pass';
        return EVERY[Math.floor(dice() * EVERY.length)] ?? 'pass';
      };
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
      const met = new Set<string>();
      rig.proxy.treat = (request) => {
        const key = `${request.method} ${request.path} ${request.body}`;
        if (request.method === 'GET' || !isApi(request) || met.has(key)) return 'pass';
        met.add(key);
        return fault;
      };
      expect(await rig.rollBack('undo')).toEqual({ undecided: [], moved: [], stopped: false });
      expect(diffSnapshots(settled, settle(await rig.snapshot(), 'somebody signed in'))).toEqual({});
      // Unlinked, and the account that it became is deleted.
      expect([...met].filter((key) => key.startsWith('DELETE /api/v2/users/'))).toHaveLength(2);
    },
    60_000,
  );
});
