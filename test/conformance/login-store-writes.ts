/** Contract of the login store, behaviour: a plan lands exactly as it says, in the tables that it speaks of and in no other. */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { hashSecret } from '../../src/kernel/ids.js';
import type { CommitPlan } from '../../src/ports/login-store.js';
import { diffSnapshots } from '../support/database.js';
import {
  AT,
  addIdentity,
  addOrganization,
  addSession,
  addUser,
  bindDana,
  bindingOf,
  EARLIER,
  groupDana,
  knownPlan,
  LATER,
  type LoginStoreRig,
  makeWorld,
  newcomerPlan,
  passwordPlan,
  type Row,
  relyOnDana,
  silentPlan,
  type World,
} from './login-store-world.js';

/** Rows of a table before and after. */
interface Changed {
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

/** Commits a plan and returns what it changed; fails when it did not commit. */
async function applied(rig: LoginStoreRig, plan: CommitPlan): Promise<Record<string, Changed>> {
  const before = await rig.snapshot();
  expect(await rig.commit.apply(plan)).toEqual({ ok: true });
  return diffSnapshots(before, await rig.snapshot()) as Record<string, Changed>;
}

/** The tables that every login changes. */
const ALWAYS = ['authorization_codes', 'login_receipts', 'logs', 'sessions'];

function tablesOf(changed: Record<string, Changed>): readonly string[] {
  return Object.keys(changed)
    .filter((table) => !ALWAYS.includes(table))
    .sort();
}

function added(changed: Record<string, Changed>, table: string): Row {
  const rows = changed[table];
  expect(rows?.added, table).toHaveLength(1);
  return rows?.added[0] ?? {};
}

/** Hash and time as the picture of a table shows them. */
const shown = (value: Buffer | Date) =>
  value instanceof Date ? value.toISOString().replace('.000Z', '+00:00') : `\\x${value.toString('hex')}`;

/** A member who came in for the first time. */
const cameIn = (at: Date) => ({ first_login_at: shown(at), last_login_at: shown(at) });

/** Registers the tests of the writes. */
export function describeWrites(rig: () => LoginStoreRig): void {
  describe('a newcomer', () => describeNewcomer(rig));
  describe('a member', () => describeMember(rig));
  describe('a binding', () => describeBinding(rig));
  describe('session, code, receipt, log and mail', () => describeTraces(rig));
}

function describeNewcomer(rig: () => LoginStoreRig): void {
  test('case=invited: user, identity, membership, roles, invitation', async () => {
    const world = await makeWorld(rig());
    const plan = newcomerPlan(world);
    const changed = await applied(rig(), plan);
    expect(tablesOf(changed)).toEqual(['identities', 'invitations', 'member_roles', 'members', 'users']);
    expect(added(changed, 'users')).toMatchObject({
      user_id: plan.userId,
      email: `ivy@${world.domain}`,
      email_verified: true,
      name: 'Ivy Invited',
      given_name: 'Ivy',
      family_name: 'Invited',
      nickname: 'iv',
      picture: 'https://p',
      blocked: false,
      app_metadata: { plan: 'pro' },
      user_metadata: { color: 'red' },
      logins_count: 1,
      last_login_at: shown(AT),
      last_ip: '192.0.2.1',
      created_at: shown(AT),
    });
    expect(added(changed, 'identities')).toEqual({
      user_id: plan.userId,
      id: plan.bind?.identityId,
      connection_id: world.sso,
      status: 'bound',
      issuer: 'https://idp',
      subject: `idp-ivy-${world.key}`,
      expected_email: null,
      is_primary: true,
      profile: { groups: ['staff'] },
      email_vouched_by: null,
      bound_by: 'newcomer',
      evidence: { email: 'e' },
      scim: null,
      scim_id: null,
      scim_inactive: false,
      prove_again: false,
      created_at: shown(AT),
      bound_at: shown(AT),
    });
    const key = { organization_id: world.organization, user_id: plan.userId };
    const member = {
      ...key,
      via: 'invited',
      break_glass: false,
      first_used_at: null,
      created_at: shown(AT),
      ...cameIn(AT),
      vouched_email: null,
    };
    expect(added(changed, 'members')).toEqual(member);
    expect(added(changed, 'member_roles')).toEqual({ ...key, role_id: world.role });
    expect(added(changed, 'invitations')).toMatchObject({
      id: world.invitation.id,
      consumed_at: shown(AT),
      consumed_by: plan.userId,
    });
  });

  test('case=what is not known of a newcomer is not made up: how they are shown is decided when they are', async () => {
    const world = await makeWorld(rig());
    const newUser = {
      ...newcomerPlan(world).newUser,
      profile: {},
      appMetadata: {},
      userMetadata: {},
      emailVouchedBy: undefined,
      newIdPrefix: undefined,
    };
    const plan = newcomerPlan(world, { newUser: { email: undefined, ...newUser } });
    expect(added(await applied(rig(), plan), 'users')).toMatchObject({
      name: null,
      nickname: null,
      picture: null,
      given_name: null,
      email_verified: false,
    });
  });

  test('case=by auto-membership: no invitation, no role', async () => {
    const world = await makeWorld(rig());
    const plan = newcomerPlan(world, {
      consumeInvitationId: undefined,
      membership: { via: 'auto', create: true, roles: [] },
    });
    const changed = await applied(rig(), plan);
    expect(tablesOf(changed)).toEqual(['identities', 'members', 'users']);
    expect(added(changed, 'members')).toMatchObject({ via: 'auto' });
  });

  test('case=by sign-up: a password at the database', async () => {
    const world = await makeWorld(rig());
    const email = `new@${world.domain}` as Email;
    const plan = newcomerPlan(world, {
      connectionId: world.database,
      password: { connectionId: world.database, email, hash: 'new-hash', vouchedBy: 'mail' },
      bind: { ...bindingOf(world, 'sub'), connectionId: world.database, issuer: '', revokeOlder: false },
    });
    const changed = await applied(rig(), plan);
    expect(tablesOf(changed)).toContain('password_credentials');
    expect(added(changed, 'password_credentials')).toEqual({
      user_id: plan.userId,
      connection_id: world.database,
      email,
      hash: 'new-hash',
      changed_at: shown(AT),
      vouched_by: 'mail',
      set_by_link: false,
    });
  });

  test('case=without organization: no membership', async () => {
    const world = await makeWorld(rig());
    const plan = newcomerPlan(world, {
      organizationId: undefined,
      relyFingerprint: 'c1.-',
      relyProvedDomains: [],
      membership: undefined,
      consumeInvitationId: undefined,
    });
    const changed = await applied(rig(), plan);
    expect(tablesOf(changed)).toEqual(['identities', 'users']);
    expect(added(changed, 'login_receipts')).toMatchObject({ organization_id: '' });
    expect(added(changed, 'authorization_codes')).toMatchObject({ organization_id: null });
  });
}

function describeMember(rig: () => LoginStoreRig): void {
  test('case=by password: the account is touched, nothing else', async () => {
    const world = await makeWorld(rig());
    const changed = await applied(rig(), passwordPlan(world));
    expect(tablesOf(changed)).toEqual(['members', 'users']);
    const [before] = changed.users?.removed ?? [];
    expect(added(changed, 'users')).toEqual({
      ...before,
      logins_count: 1,
      last_login_at: shown(AT),
      last_ip: '192.0.2.1',
      updated_at: shown(AT),
      // The database computes both (sql/0005).
      last_login_day: shown(AT).slice(0, 10),
      updated_day: shown(AT).slice(0, 10),
    });
  });

  test('case=a better hash of the same password is not a change of the password', async () => {
    const world = await makeWorld(rig());
    const password = { connectionId: world.database, email: world.dana.email, hash: 'better', vouchedBy: undefined };
    await rig().seed.update('password_credentials', { user_id: world.dana.userId }, { vouched_by: 'operator' });
    const changed = await applied(rig(), passwordPlan(world, { password }));
    expect(added(changed, 'password_credentials')).toMatchObject({
      hash: 'better',
      changed_at: shown(EARLIER),
      vouched_by: 'operator',
    });
  });

  test('case=the first use of a membership is remembered, the second changes nothing', async () => {
    const world = await makeWorld(rig());
    const key = { organization_id: world.organization, user_id: world.dana.userId };
    await rig().seed.update('members', key, { first_used_at: null });
    expect(added(await applied(rig(), passwordPlan(world)), 'members')).toMatchObject({ first_used_at: shown(AT) });
    const at = new Date(AT.getTime() + 1000);
    const second = await applied(rig(), passwordPlan(world, { at }));
    expect(tablesOf(second)).toEqual(['members', 'users']);
    expect(added(second, 'members')).toMatchObject({ first_used_at: shown(AT) });
  });

  test('case=attendance: the first and the last login, by whatever proof; it is no evidence of the linking rule', async () => {
    const world = await makeWorld(rig());
    await bindDana(rig().seed, world);
    const key = { organization_id: world.organization, user_id: world.dana.userId };
    await rig().seed.update('members', key, { first_used_at: null });
    const [first, later] = [world, world].map((one, times) =>
      knownPlan(one, { at: new Date(AT.getTime() + times * 1000), usesMembership: false }),
    ) as [CommitPlan, CommitPlan];
    expect(added(await applied(rig(), first), 'members')).toMatchObject({ first_used_at: null, ...cameIn(AT) });
    expect(added(await applied(rig(), later), 'members')).toMatchObject({
      first_used_at: null,
      first_login_at: shown(AT),
      last_login_at: shown(later.at),
    });
  });

  test('case=roles of an invitation are added to those that are there', async () => {
    const world = await makeWorld(rig());
    const { seed } = rig();
    const key = { organization_id: world.organization, user_id: world.dana.userId };
    const second = `rol_second_${world.key}`;
    await seed.insert('roles', { id: second, name: second, created_at: AT });
    await seed.insert('member_roles', { ...key, role_id: world.role });
    const membership = { via: 'invited', create: false, roles: [world.role, second] } as const;
    const changed = await applied(rig(), passwordPlan(world, { membership, consumeInvitationId: world.invitation.id }));
    expect(tablesOf(changed)).toEqual(['invitations', 'member_roles', 'members', 'users']);
    expect(changed.member_roles).toEqual({ added: [{ ...key, role_id: second }], removed: [] });
  });

  test('case=a role that is gone is no reason to refuse anybody: the others are given', async () => {
    const world = await makeWorld(rig());
    const membership = { via: 'invited', create: true, roles: ['rol_gone', world.role] } as const;
    const changed = await applied(rig(), newcomerPlan(world, { membership }));
    expect(added(changed, 'member_roles')).toMatchObject({ role_id: world.role });
  });

  test('case=an account from elsewhere that joins', async () => {
    const world = await makeWorld(rig());
    const userId = `auth0|uma${world.key}`;
    await addUser(rig().seed, world, userId, { email: world.invitation.email });
    const plan = silentPlan(world, {
      userId,
      relyAccount: { ...relyOnDana(world), email: world.invitation.email, member: false },
      bind: { ...bindingOf(world, 'idp-uma'), rule: 'own_proof' },
      membership: { via: 'invited', create: true, roles: [] },
      consumeInvitationId: world.invitation.id,
    });
    const changed = await applied(rig(), plan);
    expect(tablesOf(changed)).toEqual(['identities', 'invitations', 'members', 'users']);
    expect(added(changed, 'identities')).toMatchObject({ user_id: userId, is_primary: false, bound_by: 'own_proof' });
  });

  test('case=the address counts as verified only when the plan says so', async () => {
    const world = await makeWorld(rig());
    await rig().seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: null });
    const relyAccount = { ...relyOnDana(world), addressProved: false };
    expect(added(await applied(rig(), passwordPlan(world, { relyAccount })), 'users').email_verified).toBe(false);
    const changed = await applied(rig(), passwordPlan(world, { relyAccount, vouchForEmail: 'mail' }));
    expect(added(changed, 'users')).toMatchObject({ email_verified: true, email_vouched_by: 'mail' });
  });

  test('case=known: the identity’s data is refreshed, the account is left alone where the identity is not its first', async () => {
    const world = await makeWorld(rig());
    await bindDana(rig().seed, world);
    const changed = await applied(rig(), knownPlan(world, vouched(world, 'new@x.example')));
    expect(tablesOf(changed)).toEqual(['identities', 'members', 'users']);
    expect(added(changed, 'identities')).toMatchObject({ profile: { groups: ['new'] } });
    expect(added(changed, 'users')).toMatchObject({ email: world.dana.email, name: null });
    const again = knownPlan(world, { ...vouched(world, 'new@x.example'), at: new Date(AT.getTime() + 1000) });
    expect(tablesOf(await applied(rig(), again)), 'the same data is not written again').toEqual(['members', 'users']);
  });

  test.each([
    [
      'vouched for',
      'new@x.example',
      { email: 'new@x.example', email_verified: true, email_vouched_by: 'idp', name: 'Dana New' },
    ],
    ['not vouched for', undefined, { email_verified: false, name: 'Dana New' }],
  ])(
    'case=known, by the first identity: the profile follows the IdP, an address %s',
    async (_name, email, expected) => {
      const world = await makeWorld(rig());
      await bindDana(rig().seed, world, { is_primary: true });
      await rig().seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: null });
      const relyAccount = { ...relyOnDana(world), addressProved: false };
      const changed = await applied(rig(), knownPlan(world, { ...vouched(world, email), relyAccount }));
      expect(added(changed, 'users')).toMatchObject({ email: world.dana.email, ...expected });
    },
  );

  test.each([
    ['a code or a link that was mailed', 'mail', 'mail'],
    ['the operator’s word', 'operator', 'operator'],
    ['nothing but an IdP’s word', 'idp', 'idp'],
    ['nobody', null, 'idp'],
  ])('case=known, by the first identity, with the same address: %s stands', async (_name, stored, expected) => {
    const world = await makeWorld(rig());
    await bindDana(rig().seed, world, { is_primary: true });
    await rig().seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: stored });
    const relyAccount = { ...relyOnDana(world), addressProved: stored === 'mail' || stored === 'operator' };
    const changed = await applied(rig(), knownPlan(world, { ...vouched(world, world.dana.email), relyAccount }));
    expect(added(changed, 'users')).toMatchObject({ email: world.dana.email, email_vouched_by: expected });
  });
}

function vouched(world: World, email: string | undefined): Partial<CommitPlan> {
  const { refreshIdentity } = knownPlan(world);
  return refreshIdentity
    ? {
        refreshIdentity: {
          ...refreshIdentity,
          vouchedEmail: email as Email | undefined,
          emailVouchedBy: email === undefined ? undefined : 'idp',
        },
      }
    : {};
}

/** Adds access that somebody who opened the account first may hold. */
async function addOlderAccess(rig: LoginStoreRig, world: World, userId: string): Promise<void> {
  const { seed } = rig;
  await addSession(seed, userId, world.database, `older-${userId}`);
  const grant = {
    user_id: userId,
    client_id: world.client,
    connection_id: world.database,
    scope: 'openid',
    authenticated_at: EARLIER,
    created_at: EARLIER,
    expires_at: LATER,
    family_id: 'f',
  };
  await seed.insert('refresh_tokens', { ...grant, token_hash: hashSecret(userId), idle_expires_at: LATER });
  await seed.insert('authorization_codes', { ...grant, code_hash: hashSecret(userId), redirect_uri: 'https://app' });
  const ticket = { user_id: userId, email: 'e', created_at: EARLIER, expires_at: LATER };
  await seed.insert('tickets', { ...ticket, ticket_hash: hashSecret(`p${userId}`), purpose: 'password' });
  await seed.insert('tickets', { ...ticket, ticket_hash: hashSecret(`v${userId}`), purpose: 'verify_email' });
}

function describeBinding(rig: () => LoginStoreRig): void {
  test('case=pre-hijacking: what began before the binding ends; another account’s does not', async () => {
    const world = await makeWorld(rig());
    const uma = `auth0|uma${world.key}`;
    await addUser(rig().seed, world, uma);
    for (const userId of [world.dana.userId, uma]) await addOlderAccess(rig(), world, userId);
    const plan = silentPlan(world);
    const changed = await applied(rig(), plan);
    expect(tablesOf(changed)).toEqual(['identities', 'members', 'refresh_tokens', 'tickets', 'users']);
    const { userId } = world.dana;
    expect(changed.sessions?.removed).toMatchObject([{ user_id: userId, id: `ses_older-${userId}` }]);
    expect(added(changed, 'sessions')).toMatchObject({ user_id: userId, id: plan.session.sessionId });
    expect(changed.refresh_tokens?.added).toMatchObject([{ user_id: userId, revoked_at: shown(AT) }]);
    expect(changed.tickets?.added).toMatchObject([{ used_at: shown(AT) }, { used_at: shown(AT) }]);
    const codes = changed.authorization_codes?.added ?? [];
    expect(codes.filter((code) => code.used_at === shown(AT))).toMatchObject([
      { user_id: userId, redirect_uri: 'https://app' },
    ]);
    expect(codes.filter((code) => code.used_at === null)).toMatchObject([{ redirect_uri: plan.code.redirectUri }]);
  });

  test.each([
    ['known', async (world: World) => bindDana(rig().seed, world), knownPlan],
    ['by password', async () => {}, passwordPlan],
  ])('case=a login without binding ends nothing: %s', async (_name, prepare, planOf) => {
    const world = await makeWorld(rig());
    await prepare(world);
    await addOlderAccess(rig(), world, world.dana.userId);
    const changed = await applied(rig(), planOf(world));
    expect(changed.sessions?.removed).toEqual([]);
    expect(changed.authorization_codes?.removed).toEqual([]);
    expect(tablesOf(changed)).not.toContain('tickets');
    expect(tablesOf(changed)).not.toContain('refresh_tokens');
  });

  test.each([
    ['that nobody vouches for', null, 'unvouched', undefined, '!'],
    ['that nobody vouches for, and that was shown', null, 'unvouched', 'shown', 'planted'],
    ['of a client that may set passwords', 'operator', 'unvouched', undefined, 'planted'],
    ['of such a client, where nobody had proved the address', 'operator', 'unmailed', undefined, '!'],
    ['that was set by a mailed link', 'mail', 'unmailed', undefined, 'planted'],
  ] as const)('case=which passwords end: one %s', async (_name, vouchedBy, which, shown_, hash) => {
    const world = await makeWorld(rig());
    const { userId } = world.dana;
    const key = { user_id: userId, connection_id: world.database };
    await rig().seed.update('password_credentials', key, { hash: 'planted', vouched_by: vouchedBy });
    await addOlderAccess(rig(), world, userId);
    const endPasswords = { which, keep: shown_ && world.database };
    await bindDana(rig().seed, world);
    const changed = await applied(rig(), knownPlan(world, { endPasswords, vouchForEmail: 'mail' }));
    const ends = hash === '!';
    expect(changed.password_credentials?.added ?? []).toMatchObject(ends ? [{ hash: '!', vouched_by: null }] : []);
    // Access opened with it ends with it, and a link for a new password that the API showed does so anyway.
    expect(changed.sessions?.removed ?? []).toMatchObject(ends ? [{ id: `ses_older-${userId}` }] : []);
    expect(changed.refresh_tokens?.added ?? []).toMatchObject(ends ? [{ revoked_at: shown(AT) }] : []);
    expect(changed.tickets?.added).toMatchObject([{ purpose: 'password', used_at: shown(AT) }]);
  });

  test('case=a password that was shown beside the link out of the mail is proved, with a better hash or without', async () => {
    const world = await makeWorld(rig());
    const key = { user_id: world.dana.userId, connection_id: world.database };
    const provesPassword = world.database;
    const proved = await applied(rig(), passwordPlan(world, { provesPassword }));
    expect(added(proved, 'password_credentials')).toMatchObject({ vouched_by: 'mail', changed_at: shown(EARLIER) });
    await rig().seed.update('password_credentials', key, { vouched_by: null });
    const password = { connectionId: world.database, email: world.dana.email, hash: 'better', vouchedBy: undefined };
    const better = await applied(rig(), passwordPlan(world, { provesPassword, password }));
    expect(added(better, 'password_credentials')).toMatchObject({ hash: 'better', vouched_by: 'mail' });
  });

  test('case=an organization vouches for the address of its member, new or not, and for nobody else', async () => {
    const world = await makeWorld(rig());
    const vouchedHere = world.invitation.email;
    const changed = await applied(rig(), newcomerPlan(world, { vouchedHere }));
    expect(added(changed, 'members')).toMatchObject({ vouched_email: vouchedHere });
    const member = await applied(rig(), passwordPlan(world, { vouchedHere: world.dana.email, usesMembership: true }));
    expect(added(member, 'members')).toMatchObject({ user_id: world.dana.userId, vouched_email: world.dana.email });
  });

  test('case=a person who is bound stays in the groups of their directory', async () => {
    const world = await makeWorld(rig());
    await groupDana(rig().seed, world, ['Sales']);
    const id = `in_groups_${world.key}`;
    await rig().seed.update('identities', { id }, { status: 'expected', bound_at: null });
    const bind = { ...bindingOf(world, `idp-dana-${world.key}`), identityId: id, replacesExpected: id };
    const changed = await applied(rig(), silentPlan(world, { bind }));
    expect(added(changed, 'identities')).toMatchObject({ id, status: 'bound' });
    expect(changed.scim_group_members).toBeUndefined();
  });

  test('case=a binding takes the place of what was expected', async () => {
    const world = await makeWorld(rig());
    const expected = { status: 'expected', issuer: '', subject: null, expected_email: world.dana.email };
    await addIdentity(rig().seed, world.dana.userId, world.sso, { id: `exp_${world.key}`, ...expected });
    const bind = { ...bindingOf(world, 'idp-dana'), replacesExpected: `exp_${world.key}`, rule: 'pre_provisioned' };
    const changed = await applied(rig(), silentPlan(world, { bind }));
    expect(changed.identities?.removed).toMatchObject([{ id: `exp_${world.key}`, status: 'expected' }]);
    expect(added(changed, 'identities')).toMatchObject({
      user_id: world.dana.userId,
      status: 'bound',
      subject: 'idp-dana',
      bound_by: 'pre_provisioned',
    });
  });
}

function describeTraces(rig: () => LoginStoreRig): void {
  test('case=one session, one code, one receipt and the lines of the log, as planned', async () => {
    const world = await makeWorld(rig());
    const plan = silentPlan(world);
    const changed = await applied(rig(), plan);
    expect(added(changed, 'sessions')).toEqual({
      user_id: world.dana.userId,
      session_hash: shown(plan.session.sessionHash),
      id: plan.session.sessionId,
      connection_id: world.sso,
      authenticated_at: shown(AT),
      created_at: shown(AT),
      last_used_at: shown(AT),
      expires_at: shown(LATER),
      idle_expires_at: null,
      metadata: {},
      methods: [],
      repeats: null,
      idp_session: null,
    });
    expect(added(changed, 'authorization_codes')).toEqual({
      user_id: world.dana.userId,
      code_hash: shown(plan.code.codeHash),
      client_id: world.client,
      organization_id: world.organization,
      session_id: plan.session.sessionId,
      redirect_uri: plan.code.redirectUri,
      redirect_uri_sent: true,
      scope: 'openid',
      audience: 'https://api.example',
      nonce: 'nonce',
      code_challenge: 'challenge',
      authenticated_at: shown(AT),
      connection_id: world.sso,
      created_at: shown(AT),
      expires_at: shown(plan.code.expiresAt),
      used_at: null,
      factor_passed: false,
      family_id: plan.code.familyId,
      actions: null,
    });
    expect(added(changed, 'login_receipts')).toMatchObject({
      organization_id: world.organization,
      transaction_id: plan.transactionId,
    });
    expect(added(changed, 'logs')).toMatchObject({
      organization_id: world.organization,
      log_id: plan.log[0]?.logId,
      type: 's',
      user_id: world.dana.userId,
      details: { rule: 'member' },
    });
  });

  test('case=the session the browser came with ends, also when it is another person’s', async () => {
    const world = await makeWorld(rig());
    const uma = `auth0|uma${world.key}`;
    await addUser(rig().seed, world, uma);
    await addSession(rig().seed, uma, world.database, 'of-uma');
    await addSession(rig().seed, uma, world.database, 'other-of-uma');
    const plan = passwordPlan(world);
    if (plan.session.kind !== 'new') throw new Error('a new session');
    const session = { ...plan.session, replaces: { userId: uma, sessionHash: hashSecret('of-uma') } };
    const changed = await applied(rig(), { ...plan, session });
    expect(changed.sessions?.removed).toMatchObject([{ user_id: uma, id: 'ses_of-uma' }]);
    expect(added(changed, 'sessions')).toMatchObject({ user_id: world.dana.userId });
  });

  test('case=a session that is used again stays, and only its last use moves', async () => {
    const world = await makeWorld(rig());
    await addSession(rig().seed, world.dana.userId, world.database, 'mine', { last_used_at: EARLIER });
    const session = { kind: 'existing', sessionId: 'ses_mine', sessionHash: hashSecret('mine') } as const;
    const changed = await applied(rig(), passwordPlan(world, { session }));
    const [before] = changed.sessions?.removed ?? [];
    expect(changed.sessions?.added).toEqual([{ ...before, last_used_at: shown(AT) }]);
    expect(added(changed, 'authorization_codes')).toMatchObject({ session_id: 'ses_mine' });
  });

  test('case=mail rides in the same commit, sealed', async () => {
    const world = await makeWorld(rig());
    const mail = {
      id: `mail_${world.key}`,
      to: world.dana.email,
      template: 'password_changed',
      model: { name: 'Dana' },
    } as const;
    const row = added(await applied(rig(), passwordPlan(world, { mail: [mail] })), 'outbox');
    expect(row).toMatchObject({ recipient: world.dana.email, template: 'password_changed', sent_at: null });
    const sealed = Buffer.from(String(row.body_sealed).slice(2), 'hex');
    expect(sealed.toString('latin1')).not.toContain('Dana');
    expect(rig().openMail(mail.id, sealed)).toEqual({ name: 'Dana' });
  });

  test('case=what PostgreSQL would not take in a claim is replaced, and the login goes on', async () => {
    const world = await makeWorld(rig());
    const bind = { ...bindingOf(world, 'idp-dana'), profile: { department: 'a\0b\ud800' } };
    const changed = await applied(rig(), silentPlan(world, { bind }));
    expect(added(changed, 'identities').profile).toEqual({ department: 'a\ufffdb\ufffd' });
  });

  test('case=nobody else’s organization is touched', async () => {
    const world = await makeWorld(rig());
    const other = `org_other_${world.key}`;
    await addOrganization(rig().seed, other);
    const changed = await applied(rig(), passwordPlan(world));
    for (const { added: rows } of Object.values(changed)) {
      for (const row of rows) expect([undefined, world.organization]).toContain(row.organization_id);
    }
  });
}
