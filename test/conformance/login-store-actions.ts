/**
 * Contract of the login store, Actions: what the tenant's code asked for lands with the login and exactly as it was asked, and the earlier
 * commit point of Auth0's order writes the person and lets nobody in.
 */
import { expect, test } from 'vitest';
import { hashSecret } from '../../src/kernel/ids.js';
import type { ActionWrites, CommitPlan, EarlyCommitPlan } from '../../src/ports/login-store.js';
import { diffSnapshots } from '../support/database.js';
import {
  AT,
  addSession,
  EARLIER,
  type LoginStoreRig,
  makeWorld,
  newcomerPlan,
  passwordPlan,
  type Row,
  silentPlan,
} from './login-store-world.js';

const NOTHING = { set: {}, remove: [] };
const asked = (changes: Partial<ActionWrites>): ActionWrites => ({
  userMetadata: NOTHING,
  appMetadata: NOTHING,
  sessionMetadata: NOTHING,
  sessionExpiresAt: undefined,
  sessionIdleExpiresAt: undefined,
  tokens: undefined,
  ...changes,
});
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000);
const shown = (value: Date) => value.toISOString().replace('.000Z', '+00:00');

function early({
  session: _session,
  code: _code,
  tellsOfLogout: _tells,
  actions: _actions,
  fold: _fold,
  ...person
}: CommitPlan): EarlyCommitPlan {
  return person;
}

async function addedBy(
  rig: LoginStoreRig,
  plan: CommitPlan | EarlyCommitPlan,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const before = await rig.snapshot();
  expect(await rig.commit.apply(plan)).toEqual({ ok: true });
  const changed = diffSnapshots(before, await rig.snapshot());
  return Object.fromEntries(Object.entries(changed).map(([table, rows]) => [table, rows.added as readonly Row[]]));
}

/** Registers the tests of what Actions ask for. */
export function describeActionWrites(rig: () => LoginStoreRig): void {
  test('case=metadata: names are set and taken away, all others stay', async () => {
    const world = await makeWorld(rig());
    const metadata = { keep: 1, change: 'old', gone: true };
    await rig().seed.update(
      'users',
      { user_id: world.dana.userId },
      { user_metadata: metadata, app_metadata: metadata },
    );
    const patch = { set: { change: { deep: [null] }, fresh: 'x' }, remove: ['gone', 'never there'] };
    const expected = { keep: 1, change: { deep: [null] }, fresh: 'x' };
    const rows = await addedBy(rig(), passwordPlan(world, { actions: asked({ userMetadata: patch }) }));
    expect(rows.users).toMatchObject([{ user_metadata: expected, app_metadata: metadata }]);
    const again = await addedBy(rig(), passwordPlan(world, { actions: asked({ appMetadata: patch }) }));
    expect(again.users).toMatchObject([{ user_metadata: expected, app_metadata: expected }]);
  });

  test('case=a new session: its metadata, and an end that is earlier, never one that is later', async () => {
    const world = await makeWorld(rig());
    const sessionMetadata = { set: { device: 'kiosk' }, remove: [] };
    const sooner = asked({ sessionMetadata, sessionExpiresAt: later(60), sessionIdleExpiresAt: later(30) });
    const rows = await addedBy(rig(), passwordPlan(world, { actions: sooner }));
    const ends = { expires_at: shown(later(60)), idle_expires_at: shown(later(30)) };
    expect(rows.sessions).toMatchObject([{ ...ends, metadata: { device: 'kiosk' } }]);
    const plan = passwordPlan(world, { actions: asked({ sessionExpiresAt: later(1e9) }) });
    const planned = plan.session.kind === 'new' ? plan.session.expiresAt : AT;
    expect((await addedBy(rig(), plan)).sessions).toMatchObject([{ expires_at: shown(planned) }]);
  });

  test('case=a session that goes on: its metadata are merged, its end comes nearer', async () => {
    const world = await makeWorld(rig());
    await addSession(rig().seed, world.dana.userId, world.database, `kept-${world.key}`, {
      metadata: { keep: 1, gone: 2 },
    });
    const session = {
      kind: 'existing',
      sessionId: `ses_kept-${world.key}`,
      sessionHash: hashSecret(`kept-${world.key}`),
    } as const;
    const sessionMetadata = { set: { fresh: 3 }, remove: ['gone'] };
    const actions = asked({ sessionMetadata, sessionExpiresAt: later(60) });
    const rows = await addedBy(rig(), passwordPlan(world, { session, actions }));
    expect(rows.sessions).toMatchObject([{ expires_at: shown(later(60)), metadata: { keep: 1, fresh: 3 } }]);
  });

  test('case=what the tokens are to say is kept with the code', async () => {
    const world = await makeWorld(rig());
    const tokens = {
      idClaims: { 'https://a.example/x': [1] },
      accessClaims: {},
      addScopes: ['read:a'],
      removeScopes: [],
      refreshExpiresAt: 5,
      refreshIdleExpiresAt: undefined,
      refreshMetadata: {},
    };
    const rows = await addedBy(rig(), passwordPlan(world, { actions: asked({ tokens }) }));
    expect(rows.authorization_codes).toMatchObject([{ actions: JSON.parse(JSON.stringify(tokens)) }]);
  });

  test('case=roles of an admission are known by id and by name, those of an invitation by id alone', async () => {
    const world = await makeWorld(rig());
    const name = `editor ${world.key}`;
    const byName = { create: true, roles: [name] } as const;
    const invited = newcomerPlan(world, { membership: { via: 'invited', ...byName } }, 'by-invitation');
    expect((await addedBy(rig(), invited)).member_roles ?? []).toEqual([]);
    const plan = { membership: { via: 'action', ...byName }, consumeInvitationId: undefined } as const;
    const rows = await addedBy(rig(), newcomerPlan(world, plan, 'by-name'));
    expect(rows.member_roles).toMatchObject([{ role_id: world.role }]);
    const twice = { ...plan.membership, roles: [world.role, name] };
    const once = await addedBy(rig(), newcomerPlan(world, { ...plan, membership: twice }, 'twice'));
    expect(once.member_roles).toMatchObject([{ role_id: world.role }]);
  });

  test('case=the earlier commit point: the person and his seat; no session, code or receipt, and no login is counted', async () => {
    const world = await makeWorld(rig());
    const plan = early(newcomerPlan(world));
    const rows = await addedBy(rig(), plan);
    const tables = ['identities', 'invitations', 'logs', 'member_roles', 'members', 'users'];
    expect(Object.keys(rows).sort()).toEqual(tables);
    expect(rows.users).toMatchObject([{ logins_count: 0, last_login_at: null }]);
    expect(rows.members).toMatchObject([{ first_used_at: null, first_login_at: null, last_login_at: null }]);
    // The same transaction may still let somebody in.
    const { newUser: _created, bind: _bound, ...rest } = newcomerPlan(world);
    const known = { relyAccount: undefined, newUser: undefined, bind: undefined, consumeInvitationId: undefined };
    const end = { ...rest, ...known, usesMembership: true, transactionId: plan.transactionId, membership: undefined };
    const ended = await addedBy(rig(), end);
    expect(ended.users).toMatchObject([{ logins_count: 1 }]);
    expect(ended.members).toMatchObject([
      { first_used_at: shown(AT), first_login_at: shown(AT), last_login_at: shown(AT) },
    ]);
    expect(ended.login_receipts).toHaveLength(1);
  });

  test('case=the earlier commit point of somebody who is known does not count a login either', async () => {
    const world = await makeWorld(rig());
    await rig().seed.update('users', { user_id: world.dana.userId }, { logins_count: 4, last_login_at: EARLIER });
    const rows = await addedBy(rig(), early(silentPlan(world)));
    expect(rows.users).toMatchObject([{ logins_count: 4, last_login_at: shown(EARLIER) }]);
    expect(Object.keys(rows)).not.toContain('sessions');
  });
}
