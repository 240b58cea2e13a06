/**
 * The network goes away permanently at each single write, before or after the tenant did it: what is run next (the same command, or the other
 * one) ends as if nothing had happened. Nobody's work is taken away with it: what others changed since the plan stays.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GroundMoved } from '../../src/tenant-tools/rollout/apply-settings.js';
import type { PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';
import { isWrite, type Treatment } from '../support/api-proxy.js';
import { numberOf } from '../support/company.js';
import { ALL_SETTINGS, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;
let before: string;
let people: readonly (PlanPerson & { readonly user_id: string; readonly email: string })[];

beforeAll(async () => {
  rig = await startRolloutRig(stage, 24);
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS);
  before = await rig.digest('somebody signed in');
  people = rig.plan().people.filter((person): person is (typeof people)[number] => person.prepare !== undefined);
});
afterAll(() => rig?.stop());
afterEach(() => rig.reset());

const digest = () => rig.digest('somebody signed in');
const BACK = { undecided: [], selfLinked: [], moved: [], stopped: false };
const WHOLE = { later: [], moved: [], lockedOut: [], stopped: false };

/** From the n-th write on nothing passes any more; that write is done, or not. Returns false when there are fewer writes. */
async function breakAt(n: number, isDone: boolean, work: () => Promise<unknown>): Promise<boolean> {
  let writes = 0;
  rig.proxy.treat = ({ method, path }) => {
    if (isWrite({ method, path })) writes += 1;
    if (writes < n) return 'pass';
    return writes === n && isWrite({ method, path }) && isDone ? 'reset after' : 'reset before';
  };
  const broken = await work().then(
    () => false,
    () => true,
  );
  rig.proxy.reset();
  return broken;
}

async function signInOne(): Promise<void> {
  const [person] = people;
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.throughSso(`p${numberOf(person?.user_id ?? '')}`, person?.email ?? ''));
}

const BRIEF = { remote: { tries: 2 } };

describe.each([true, false])('the last write was done: %s', (isDone) => {
  test('apply is interrupted: rolled back at once', async () => {
    let n = 1;
    for (; await breakAt(n, isDone, () => rig.apply(BRIEF)); n += 1) {
      expect(await rig.rollBack()).toEqual(BACK);
      expect(await digest(), `write ${n}`).toBe(before);
      await rig.reset();
    }
    expect(n).toBe(6);
    await rig.rollBack();
  }, 60_000);

  test('rollback is interrupted, with a person who signed in: rolled back again, or applied and rolled back', async () => {
    let n = 1;
    for (; ; n += 1) {
      expect(await rig.apply()).toEqual(WHOLE);
      await signInOne();
      if (!(await breakAt(n, isDone, () => rig.rollBack('undo', BRIEF)))) break;
      if (n % 2 === 0) await rig.apply();
      expect(await rig.rollBack('undo')).toEqual(BACK);
      expect(await digest(), `write ${n}`).toBe(before);
      await rig.reset();
    }
    // Three ways in, the people, unlink and delete, the proof of the domain.
    expect(n).toBe(8);
    expect(await digest()).toBe(before);
  }, 120_000);
});

describe('the ground has moved', () => {
  const query = (text: string, ...values: unknown[]) => stage.instance.database.pool.query(text, values);

  test.each([
    { name: 'blocked', change: 'blocked = true', back: 'blocked = false' },
    { name: 'an unverified address', change: 'email_vouched_by = null', back: "email_vouched_by = 'mail'" },
    { name: 'another address', change: "email = 'x' || email", back: 'email = substr(email, 2)' },
  ])('case=$name: the person is skipped and reported, and no door is shut', async ({ change, back }) => {
    const [person] = people;
    await query(`update users set ${change} where user_id = $1`, person?.user_id);
    await expect(rig.apply({ strict: true })).rejects.toThrow(GroundMoved);
    const { later } = await rig.apply();
    expect(later.map(({ id }) => id)).toContain('sso_rollout');
    const status = JSON.parse((await rig.run('status', rig.planFile, '--json')).stdout).status;
    expect(status).toMatchObject({ skipped: 1, done: people.length - 1 });
    const { rows } = await query(
      `select 1 from identities where user_id = $1 and status = 'expected'`,
      person?.user_id,
    );
    expect(rows).toEqual([]);
    await query(`update users set ${back} where user_id = $1`, person?.user_id);
    // The next run takes them in, and then closes the ways in.
    expect(await rig.apply()).toEqual(WHOLE);
    expect(await rig.rollBack()).toEqual(BACK);
    expect(await digest()).toBe(before);
  });

  test.each(['before the apply', 'between its look and its write'])(
    'an identity that somebody else made %s is left, whatever is decided about used ones',
    async (when) => {
      const [person] = people;
      const make = () =>
        query(
          `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, bound_at, created_at)
           values ($1, 'theirs', $2, 'bound', $3, $4, '{}', now(), now())`,
          person?.user_id,
          stage.cast.acme.connectionId,
          stage.cast.idp.issuer,
          person?.prepare !== undefined && 'subject' in person.prepare ? person.prepare.subject : '',
        );
      if (when === 'before the apply') await make();
      let made = when === 'before the apply';
      rig.proxy.treat = async ({ path }): Promise<Treatment> => {
        if (path.endsWith('/expected-identities') && !made) {
          made = true;
          await make();
        }
        return 'pass';
      };
      expect((await rig.apply()).later).not.toEqual([]);
      expect(await rig.rollBack('undo')).toEqual(BACK);
      const { rowCount } = await query(`delete from identities where id = 'theirs'`);
      expect(rowCount).toBe(1);
      expect(await digest()).toBe(before);
    },
  );

  test('a setting that somebody else set as planned stays theirs', async () => {
    await stage.enablement({ assign_membership_on_login: false });
    expect(await rig.apply()).toEqual(WHOLE);
    expect(await rig.rollBack()).toEqual(BACK);
    const path = `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.acme.connectionId}`;
    expect(await stage.instance.api('GET', path)).toMatchObject({ assign_membership_on_login: false });
    await stage.enablement({ assign_membership_on_login: true });
    expect(await digest()).toBe(before);
  });

  test('a member who left between begin and end: what was prepared is taken back', async () => {
    const [person] = people;
    await breakAt(2, true, () => rig.apply(BRIEF));
    const { rows } = await query('select * from members where user_id = $1', person?.user_id);
    await query('delete from members where user_id = $1', person?.user_id);
    const { later } = await rig.apply();
    expect(later).not.toEqual([]);
    expect(await rig.rollBack()).toEqual(BACK);
    await query('insert into members select * from json_populate_recordset(null::members, $1)', JSON.stringify(rows));
    await query(
      `insert into member_roles (organization_id, user_id, role_id)
      select $1, $2, $3 where $4 > 0`,
      stage.cast.acme.id,
      person?.user_id,
      stage.cast.roleId,
      person?.roles?.length ?? 0,
    );
    const left = await query(
      `select 1 from identities where user_id = $1 and connection_id = $2`,
      person?.user_id,
      stage.cast.acme.connectionId,
    );
    expect(left.rows).toEqual([]);
  });

  test('a setting that somebody else changed is left and reported', async () => {
    await rig.apply({ limit: 1 });
    const domains = `/organizations/${stage.cast.acme.id}/discovery-domains`;
    const { id } = await stage.instance.api('GET', `${domains}/name/acme.example`);
    await stage.instance.api('PATCH', `${domains}/${id}`, { status: 'pending' });
    expect((await rig.apply()).moved).toMatchObject([{ change: { id: 'domain:acme.example' }, now: 'pending' }]);
    const { moved } = await rig.rollBack();
    expect(moved).toMatchObject([{ change: { id: 'domain:acme.example' }, now: 'pending' }]);
    await stage.instance.api('DELETE', `${domains}/${id}`);
  });
});
