/**
 * A rollback gives back exactly what was before: every row of every table, and all that the Management API tells, except the columns that
 * test/support/rollout-rig.ts lists with a reason each.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';
import { numberOf } from '../support/company.js';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { ALL_SETTINGS, type RolloutRig, settle, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;

beforeAll(async () => {
  rig = await startRolloutRig(stage, 40);
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS);
});
afterAll(() => rig?.stop());

/** All of the tenant that a rollout could reach, as the API tells it. */
async function readApi(): Promise<Json> {
  const { api } = stage.instance;
  const { id, connectionId } = stage.cast.acme;
  const users: Json[] = [];
  for (let page = 0; ; page += 1) {
    const found = await api<Json[]>('GET', `/users?per_page=100&page=${page}&sort=user_id:1`);
    users.push(...found.map(({ updated_at: _, ...user }) => user));
    if (found.length < 100) break;
  }
  const get = (path: string) => api('GET', path);
  return {
    users,
    people: await get(`/organizations/${id}/people?take=1000`),
    organization: await get(`/organizations/${id}`),
    // Another revision says that the options were changed in between, which they were.
    connections: (await api<Json[]>('GET', '/connections')).map(({ options_revision: _, ...rest }) => rest),
    enabled: await get(`/organizations/${id}/enabled_connections/${connectionId}`),
    domains: await get(`/organizations/${id}/discovery-domains`),
    roles: await get('/roles'),
    grants: await get('/client-grants'),
  };
}

test('the plan changes every kind of setting, and every class is among its people', () => {
  const { settings, withheld, totals, prepare } = rig.plan().head;
  expect(withheld).toEqual([]);
  expect(settings.map(({ id, before, after, phase }) => [id, before, after, phase])).toEqual([
    ['domain:acme.example', null, 'verified', 'open'],
    ['auto_membership', true, false, 'close'],
    ['alias:acme.example', false, true, 'close'],
    ['alias:second.example', false, true, 'close'],
    ['sso_rollout', 'optional', 'required', 'close'],
  ]);
  expect(Object.keys(totals).length).toBeGreaterThan(10);
  expect(prepare).toBeGreaterThan(20);
});

test('nobody signs in meanwhile: tables and API are as before', async () => {
  const before = settle(await rig.snapshot(), 'nobody signed in');
  const told = await readApi();
  await rig.apply();
  const applied = diffSnapshots(before, settle(await rig.snapshot(), 'nobody signed in'));
  expect(Object.keys(applied).sort()).toEqual([
    'connections',
    'discovery_domains',
    'identities',
    'organization_connections',
  ]);
  expect(await rig.rollBack()).toEqual({ undecided: [], selfLinked: [], moved: [], stopped: false });
  expect(diffSnapshots(before, settle(await rig.snapshot(), 'nobody signed in'))).toEqual({});
  expect(await readApi()).toEqual(told);
});

test('the same plan again, by subject and in parts, and back: no difference', async () => {
  const before = settle(await rig.snapshot(), 'nobody signed in');
  await rig.apply({ limit: 5 });
  const [one] = rig.plan().people.filter((person) => person.prepare !== undefined);
  await rig.rollBack(undefined, { only: new Set([one?.user_id ?? '']) });
  await rig.apply();
  await rig.rollBack();
  expect(diffSnapshots(before, settle(await rig.snapshot(), 'nobody signed in'))).toEqual({});
});

test('people signed in by SSO and are undone: only what their sign-ins made is left', async () => {
  const before = settle(await rig.snapshot(), 'somebody signed in');
  await rig.apply();
  const moved = rig.plan().people.filter((person): person is PlanPerson & { user_id: string; email: string } => {
    return person.prepare !== undefined;
  });
  for (const person of moved.slice(0, 3)) {
    const visitor = stage.visitor();
    const answer = await visitor.throughSso(`p${numberOf(person.user_id)}`, person.email);
    expect((await visitor.redeem(answer)).claims.sub).toBe(person.user_id);
  }
  const first = await rig.rollBack();
  expect(first.undecided.map(({ user_id }) => user_id)).toEqual(moved.slice(0, 3).map(({ user_id }) => user_id));
  expect(await rig.rollBack('undo')).toEqual({ undecided: [], selfLinked: [], moved: [], stopped: false });
  expect(diffSnapshots(before, settle(await rig.snapshot(), 'somebody signed in'))).toEqual({});
});
