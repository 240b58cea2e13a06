/**
 * People who join, and options that somebody writes, between plan and apply or between a pilot and the rest. A person
 * outside the plan keeps their way in. A resume reads only the people that it has still to do.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GroundMoved } from '../../src/tenant-tools/rollout/apply-settings.js';
import { DoorShut } from '../../src/tenant-tools/rollout/rollback.js';
import type { Passing, Treatment } from '../support/api-proxy.js';
import { ALL_SETTINGS, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const query = (text: string, ...values: unknown[]) => stage.instance.database.pool.query(text, values);
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 24);
  await rig.makePlan(...ALL_SETTINGS);
});
afterAll(() => rig?.stop());
afterEach(async () => {
  rig.proxy.reset();
  await query(`delete from users where email like 'late-%'`);
  await rig.rollBack();
  await rig.reset();
});

const WHOLE = { later: [], moved: [], lockedOut: [], stopped: false };
const enablement = () =>
  stage.instance.api('GET', `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.acme.connectionId}`);
const connection = () => stage.instance.api('GET', `/connections/${stage.cast.acme.connectionId}`);

/** A member with a password, of whom the company's list does not know: the plan would have said `not_in_directory`. */
async function join(name = 'late-lea'): Promise<string> {
  return stage.cast.createMember(`${name}@acme.example`);
}

describe('a member who joined since the plan was made', () => {
  test('attack=shutting-the-door-on-a-newcomer: required is not set, and they are named', async () => {
    const id = await join();
    const { lockedOut, ...rest } = await rig.apply();
    expect(rest).toEqual({ later: [], moved: [], stopped: false });
    expect(lockedOut).toMatchObject([
      { change: { id: 'sso_rollout' }, people: [{ user_id: id, class: 'not_in_directory' }] },
    ]);
    expect(lockedOut[0]?.people).toHaveLength(1);
    expect(await enablement()).not.toMatchObject({ sso_rollout: 'required' });
    // Every other way in is closed.
    expect(await enablement()).toMatchObject({ assign_membership_on_login: false });

    const run = await rig.run('apply', rig.planFile);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('late-lea@acme.example');
    expect(run.stdout).toContain('--allow-lockout');
    await expect(rig.apply({ strict: true })).rejects.toThrow(GroundMoved);
    expect(await rig.apply({ allowLockout: true })).toEqual(WHOLE);
    expect(await enablement()).toMatchObject({ sso_rollout: 'required' });
  });

  test('who leaves again, or gets a break-glass mark, stands in no door', async () => {
    const id = await join();
    expect((await rig.apply()).lockedOut).toHaveLength(1);
    await query('update members set break_glass = true where user_id = $1', id);
    expect(await rig.apply()).toEqual(WHOLE);
    expect(await enablement()).toMatchObject({ sso_rollout: 'required' });
  });

  test('whom the company’s list knew already comes in by it, and is no obstacle', async () => {
    const listed = { email: 'newcomer@acme.example', class: 'unknown' };
    expect(rig.plan().people).toContainEqual(expect.objectContaining(listed));
    const id = await stage.cast.createMember(listed.email);
    expect(await rig.apply()).toEqual(WHOLE);
    await query('delete from users where user_id = $1', id);
  });

  test('a door that somebody opened again is judged anew before it is shut again', async () => {
    expect(await rig.apply()).toEqual(WHOLE);
    await stage.enablement({ sso_rollout: 'optional' });
    await join();
    expect((await rig.apply()).lockedOut).toHaveLength(1);
    expect(await enablement()).not.toMatchObject({ sso_rollout: 'required' });
  });
});

describe('one person is taken back alone', () => {
  const only = () => new Set([rig.plan().people.find(({ prepare }) => prepare !== undefined)?.user_id ?? '']);

  test('attack=locking-out-by-rollback: not while a door of the plan is shut; then nothing is done', async () => {
    await rig.apply();
    const before = await rig.digest('somebody signed in');
    await expect(rig.rollBack(undefined, { only: only() })).rejects.toThrow(DoorShut);
    expect(await rig.digest('somebody signed in')).toBe(before);
    const run = await rig.run('rollback', rig.planFile, '--only', [...only()][0] ?? '');
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--allow-lockout') });
    expect(await rig.rollBack(undefined, { only: only(), allowLockout: true })).toMatchObject({ stopped: false });
  });

  test('before the doors are shut, they are', async () => {
    await rig.apply({ limit: 3 });
    expect(await rig.rollBack(undefined, { only: only() })).toEqual({
      undecided: [],
      selfLinked: [],
      moved: [],
      stopped: false,
    });
  });
});

describe('a resume', () => {
  test('reads those alone whom the journal has not done', async () => {
    const total = rig.plan().head.prepare;
    await rig.apply({ limit: total - 2 });
    const asked: string[][] = [];
    let lists = 0;
    rig.proxy.treat = ({ path, body }: Passing): Treatment => {
      if (path.endsWith('/people/find')) asked.push((JSON.parse(body) as { user_ids: string[] }).user_ids);
      if (/\/people\?/.test(path)) lists += 1;
      return 'pass';
    };
    expect((await rig.apply({ limit: 1 })).later).not.toEqual([]);
    expect({ asked: asked.map((ids) => ids.length), lists }).toEqual({ asked: [1], lists: 0 });
  });

  test('attack=lost-update: an option that somebody changes between look and write is kept, and the domains are added', async () => {
    const path = `/connections/${stage.cast.acme.connectionId}`;
    const before = (await connection()).options as Record<string, unknown>;
    let done = false;
    rig.proxy.treat = async ({ method, path: asked }): Promise<Treatment> => {
      if (method === 'PATCH' && asked.includes('/connections/con_') && asked.includes('options_revision') && !done) {
        done = true;
        await stage.instance.api('PATCH', path, { options: { ...before, scope: 'openid email theirs' } });
      }
      return 'pass';
    };
    expect(await rig.apply()).toEqual(WHOLE);
    expect(done).toBe(true);
    expect((await connection()).options).toMatchObject({
      scope: 'openid email theirs',
      domain_aliases: expect.arrayContaining(['acme.example', 'second.example']),
    });
    rig.proxy.reset();
    await rig.rollBack();
    await stage.instance.api('PATCH', path, { options: before });
  });
});

describe('machine output', () => {
  test('names everybody who was skipped, and says what is being rolled back', async () => {
    const person = rig.plan().people.find(({ prepare }) => prepare !== undefined);
    await query('update users set blocked = true where user_id = $1', person?.user_id);
    const applied = JSON.parse((await rig.run('apply', rig.planFile, '--json')).stdout);
    expect(applied.people.skipped).toMatchObject([{ user_id: person?.user_id, email: person?.email }]);
    const status = JSON.parse((await rig.run('status', rig.planFile, '--json')).stdout);
    expect(status.people).toEqual(applied.people);
    await query('update users set blocked = false where user_id = $1', person?.user_id);
  });
});
