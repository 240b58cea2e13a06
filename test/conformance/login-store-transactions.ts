/**
 * Contract of the login store, transactions: ground that moved between decision and commit is named, and then not one row of
 * any table is another. The same for whatever fails in the middle.
 */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { hashSecret } from '../../src/kernel/ids.js';
import type { CommitPlan } from '../../src/ports/login-store.js';
import { diffSnapshots } from '../support/database.js';
import {
  AT,
  addDomain,
  addIdentity,
  addMember,
  addOrganization,
  addSession,
  addUser,
  bindDana,
  bindingOf,
  dnsProof,
  groupDana,
  groupsPlan,
  knownPlan,
  LATER,
  type LoginStoreRig,
  makeWorld,
  newcomerPlan,
  passwordPlan,
  type Row,
  relyOnDana,
  type Seed,
  silentPlan,
  type World,
} from './login-store-world.js';

type PlanOf = (world: World) => CommitPlan;
/** Name, plan, what has to be there for it, what moves afterwards, what it is called. */
type Case = readonly [
  string,
  PlanOf,
  (seed: Seed, world: World) => Promise<unknown>,
  (seed: Seed, world: World) => Promise<unknown>,
  string,
];

const nothing = async () => {};
const enablementOf = (world: World) => ({ organization_id: world.organization, connection_id: world.sso });
const memberOf = (world: World) => ({ organization_id: world.organization, user_id: world.dana.userId });
const changeUser = (fields: Row) => (seed: Seed, world: World) =>
  seed.update('users', { user_id: world.dana.userId }, fields);
const sessionPlan: PlanOf = (world) =>
  passwordPlan(world, {
    relyAccount: relyOnDana(world),
    session: { kind: 'existing', sessionId: 'ses_mine', sessionHash: hashSecret('mine') },
  });
const openSession = (seed: Seed, world: World) => addSession(seed, world.dana.userId, world.database, 'mine');
const expectedPlan: PlanOf = (world) =>
  silentPlan(world, { bind: { ...bindingOf(world, 'idp-dana'), replacesExpected: `exp_${world.key}` } });
const expectDana = (seed: Seed, world: World) =>
  addIdentity(seed, world.dana.userId, world.sso, {
    id: `exp_${world.key}`,
    status: 'expected',
    issuer: '',
    expected_email: world.dana.email,
  });
const unclaimedPlan: PlanOf = (world) =>
  silentPlan(world, { relyProvedDomains: [], relyUnclaimedDomain: `free.${world.domain}` });

const GROUND: readonly Case[] = [
  [
    'the connection changed',
    silentPlan,
    nothing,
    (seed, world) => seed.update('connections', { id: world.sso }, { revision: 'c2' }),
    'connection',
  ],
  [
    'the connection is gone',
    silentPlan,
    nothing,
    (seed, world) => seed.remove('connections', { id: world.sso }),
    'connection',
  ],
  [
    'what the organization allows the connection changed',
    silentPlan,
    nothing,
    (seed, world) => seed.update('organization_connections', enablementOf(world), { revision: 'e2' }),
    'connection',
  ],
  [
    'the connection was switched off for the organization',
    silentPlan,
    nothing,
    (seed, world) => seed.update('organization_connections', enablementOf(world), { is_enabled: false }),
    'connection',
  ],
  [
    'the connection was taken from the organization',
    silentPlan,
    nothing,
    (seed, world) => seed.remove('organization_connections', enablementOf(world)),
    'connection',
  ],
  [
    'the organization was blocked',
    silentPlan,
    nothing,
    (seed, world) => seed.update('organizations', { id: world.organization }, { blocked: true }),
    'organization',
  ],
  [
    'the organization is gone, its connections with it',
    silentPlan,
    nothing,
    (seed, world) => seed.remove('organizations', { id: world.organization }),
    'connection',
  ],
  [
    'the proof of the domain was withdrawn',
    silentPlan,
    nothing,
    (seed, world) => seed.remove('discovery_domains', { domain: world.domain }),
    'domain',
  ],
  [
    'the domain has to be proved again',
    silentPlan,
    nothing,
    (seed, world) => seed.update('discovery_domains', { domain: world.domain }, { status: 'pending' }),
    'domain',
  ],
  [
    'the proof of the domain reached its end, and no node has looked',
    silentPlan,
    (seed, world) => seed.update('discovery_domains', { domain: world.domain }, dnsProof(LATER)),
    (seed, world) => seed.update('discovery_domains', { domain: world.domain }, dnsProof(AT)),
    'domain',
  ],
  [
    'the domain passed to another organization',
    silentPlan,
    (seed, world) => addOrganization(seed, `org_other_${world.key}`),
    (seed, world) =>
      seed.update('discovery_domains', { domain: world.domain }, { organization_id: `org_other_${world.key}` }),
    'domain',
  ],
  [
    'another organization proved the domain that an IdP spoke for',
    unclaimedPlan,
    (seed, world) => addOrganization(seed, `org_other_${world.key}`),
    (seed, world) => addDomain(seed, `org_other_${world.key}`, `free.${world.domain}`),
    'domain',
  ],
  [
    'the account is gone',
    passwordPlan,
    nothing,
    (seed, world) => seed.remove('users', { user_id: world.dana.userId }),
    'account',
  ],
  ['the account was blocked', passwordPlan, nothing, changeUser({ blocked: true }), 'account'],
  ['its address changed', passwordPlan, nothing, changeUser({ email: 'other@x.example' }), 'address'],
  ['its address was taken away', passwordPlan, nothing, changeUser({ email: null }), 'address'],
  ['its address lost its verification', silentPlan, nothing, changeUser({ email_vouched_by: null }), 'address'],
  [
    'its address was verified',
    (world) => passwordPlan(world, { relyAccount: { ...relyOnDana(world), addressProved: false } }),
    nothing,
    nothing,
    'address',
  ],
  [
    'the membership was taken away',
    silentPlan,
    nothing,
    (seed, world) => seed.remove('members', memberOf(world)),
    'membership',
  ],
  [
    'he became a member meanwhile',
    (world) =>
      passwordPlan(world, {
        relyAccount: { ...relyOnDana(world), member: false },
        membership: { via: 'invited', create: true, roles: [] },
      }),
    (seed, world) => seed.remove('members', memberOf(world)),
    (seed, world) => addMember(seed, world.organization, world.dana.userId),
    'membership',
  ],
  [
    'he is no longer there to break the glass',
    (world) => passwordPlan(world, { relyAccount: { ...relyOnDana(world), breakGlass: true } }),
    (seed, world) => seed.update('members', memberOf(world), { break_glass: true }),
    (seed, world) => seed.update('members', memberOf(world), { break_glass: false }),
    'membership',
  ],
  [
    'he became a member of another organization, whose seat must not be handed over',
    silentPlan,
    (seed, world) => addOrganization(seed, `org_other_${world.key}`),
    (seed, world) => addMember(seed, `org_other_${world.key}`, world.dana.userId),
    'other_organizations',
  ],
  [
    'the password was changed',
    passwordPlan,
    nothing,
    (seed, world) => seed.update('password_credentials', { user_id: world.dana.userId }, { hash: 'changed' }),
    'password',
  ],
  [
    'the password was removed',
    passwordPlan,
    nothing,
    (seed, world) => seed.remove('password_credentials', { user_id: world.dana.userId }),
    'password',
  ],
  [
    'the session ended',
    sessionPlan,
    openSession,
    (seed, world) => seed.remove('sessions', { user_id: world.dana.userId }),
    'session',
  ],
  [
    'the session ran out this very moment',
    sessionPlan,
    openSession,
    (seed, world) => seed.update('sessions', { user_id: world.dana.userId }, { expires_at: AT }),
    'session',
  ],
  [
    'the identity was unlinked',
    knownPlan,
    bindDana,
    (seed, world) => seed.remove('identities', { user_id: world.dana.userId }),
    'identity',
  ],
  [
    'the identity was moved to another account',
    knownPlan,
    async (seed, world) => {
      await bindDana(seed, world);
      await addUser(seed, world, `auth0|uma${world.key}`);
    },
    (seed, world) => seed.update('identities', { user_id: world.dana.userId }, { user_id: `auth0|uma${world.key}` }),
    'identity',
  ],
  [
    'the operator took his word back',
    expectedPlan,
    expectDana,
    (seed, world) => seed.remove('identities', { user_id: world.dana.userId }),
    'identity',
  ],
  [
    'what was expected has been bound already',
    expectedPlan,
    expectDana,
    (seed, world) =>
      seed.update('identities', { user_id: world.dana.userId }, { status: 'bound', subject: 'somebody-else' }),
    'identity',
  ],
  [
    'the directory took him out of a group that a condition looked at',
    (world) => groupsPlan(world, ['Sales', 'Berlin']),
    (seed, world) => groupDana(seed, world, ['Berlin', 'Sales']),
    (seed, world) => seed.remove('scim_group_members', { group_id: `grp_Sales_${world.key}` }),
    'groups',
  ],
  [
    'the directory put him into a group since',
    (world) => groupsPlan(world, []),
    (seed, world) => groupDana(seed, world, []),
    async (seed, world) => {
      await seed.remove('scim_configurations', { connection_id: world.sso });
      await seed.remove('identities', { user_id: world.dana.userId });
      await groupDana(seed, world, ['Contractors']);
    },
    'groups',
  ],
  [
    'the group was renamed',
    (world) => groupsPlan(world, ['Sales']),
    (seed, world) => groupDana(seed, world, ['Sales']),
    (seed, world) => seed.update('scim_groups', { id: `grp_Sales_${world.key}` }, { display_name: 'Former' }),
    'groups',
  ],
  [
    'the directory made him inactive',
    (world) => ({ ...groupsPlan(world, ['Sales']), refreshIdentity: undefined }),
    (seed, world) => groupDana(seed, world, ['Sales']),
    (seed, world) => seed.update('identities', { user_id: world.dana.userId }, { scim_inactive: true }),
    'identity',
  ],
  [
    'the invitation was used',
    newcomerPlan,
    nothing,
    (seed, world) => seed.update('invitations', { id: world.invitation.id }, { consumed_at: AT }),
    'invitation',
  ],
  [
    'the invitation was withdrawn',
    newcomerPlan,
    nothing,
    (seed, world) => seed.remove('invitations', { id: world.invitation.id }),
    'invitation',
  ],
  [
    'the invitation expired this very moment',
    newcomerPlan,
    nothing,
    (seed, world) => seed.update('invitations', { id: world.invitation.id }, { expires_at: AT }),
    'invitation',
  ],
];

/** Somebody else was first: only the keys of the tables can tell. */
const FIRST: readonly Case[] = [
  [
    'the identity was bound to somebody else',
    silentPlan,
    (seed, world) => addUser(seed, world, `auth0|uma${world.key}`),
    (seed, world) => addIdentity(seed, `auth0|uma${world.key}`, world.sso, { subject: `idp-dana-${world.key}` }),
    'identity',
  ],
  [
    'the account was bound to another subject',
    silentPlan,
    nothing,
    (seed, world) => addIdentity(seed, world.dana.userId, world.sso, { subject: 'another' }),
    'identity',
  ],
  [
    'the same newcomer is in already',
    newcomerPlan,
    nothing,
    (seed, world) => addUser(seed, world, newcomerPlan(world).userId),
    'account',
  ],
  [
    'somebody signed up under the same address',
    (world) => {
      const email = `new@${world.domain}` as Email;
      return newcomerPlan(world, { password: { connectionId: world.database, email, hash: 'h', vouchedBy: 'mail' } });
    },
    nothing,
    (seed, world) =>
      addUser(seed, world, `auth0|first${world.key}`, { email: `new@${world.domain}`, password: 'first' }),
    'account',
  ],
  [
    // As when a row that others belong to is deleted between the look at it and the write: the database says so at its end.
    'the connection of the identity is gone',
    (world) => silentPlan(world, { bind: { ...bindingOf(world, 'idp-dana'), connectionId: 'con_gone' } }),
    nothing,
    nothing,
    'reference',
  ],
  [
    'the client is gone',
    passwordPlan,
    nothing,
    (seed, world) => seed.remove('clients', { client_id: world.client }),
    'callback',
  ],
  [
    'the address of the answer was taken from the client',
    passwordPlan,
    nothing,
    (seed, world) => seed.update('clients', { client_id: world.client }, { callbacks: ['https://other.example'] }),
    'callback',
  ],
  [
    'an organization enabled the connection that brought somebody in without one',
    (world) =>
      knownPlan(world, {
        organizationId: undefined,
        relyFingerprint: 'c1.-',
        relyUnserved: true,
        relyAccount: { ...relyOnDana(world), member: false },
      }),
    async (seed, world) => {
      await bindDana(seed, world);
      await seed.update('organization_connections', { connection_id: world.sso }, { is_enabled: false });
    },
    (seed, world) => seed.update('organization_connections', { connection_id: world.sso }, { is_enabled: true }),
    'connection',
  ],
  [
    'the connection that brought somebody in without an organization served one meanwhile',
    (world) =>
      knownPlan(world, {
        organizationId: undefined,
        relyFingerprint: 'c1.-',
        relyUnserved: true,
        relyAccount: { ...relyOnDana(world), member: false },
      }),
    async (seed, world) => {
      await bindDana(seed, world);
      await seed.update('organization_connections', { connection_id: world.sso }, { is_enabled: false });
    },
    (seed, world) => seed.update('connections', { id: world.sso }, { needs_organization: true }),
    'connection',
  ],
  [
    'the organization’s word for the address ended with its domain',
    passwordPlan,
    (seed, world) => seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: world.organization }),
    (seed, world) => seed.update('discovery_domains', { domain: world.domain }, { status: 'pending' }),
    'address',
  ],
  [
    'the organization’s word for the address reached the end of its domain’s proof',
    passwordPlan,
    async (seed, world) => {
      await seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: world.organization });
      await seed.update('discovery_domains', { domain: world.domain }, dnsProof(LATER));
    },
    (seed, world) => seed.update('discovery_domains', { domain: world.domain }, dnsProof(AT)),
    'address',
  ],
  [
    'the beginning of the new id was given to the people of another connection',
    (world) => newcomerPlan(world, { newUser: withPrefix(world) }),
    nothing,
    (seed, world) =>
      seed.insert('user_id_prefixes', {
        connection_id: 'con_other',
        issuer: 'https://idp',
        prefix: `oidc|name-of-${world.sso}`,
        created_at: AT,
      }),
    'account',
  ],
];

/** A newcomer with whose id a new beginning comes up. */
function withPrefix(world: World): CommitPlan['newUser'] {
  const { newUser } = newcomerPlan(world);
  return newUser && { ...newUser, newIdPrefix: { text: `oidc|name-of-${world.sso}`, issuer: 'https://idp' } };
}

/** Registers the tests of the transactions. */
export function describeTransactions(rig: () => LoginStoreRig): void {
  /** Everything is as it was. */
  async function expectUnchanged(before: Awaited<ReturnType<LoginStoreRig['snapshot']>>): Promise<void> {
    expect(diffSnapshots(before, await rig().snapshot()), 'something was written').toEqual({});
  }

  test.each([...GROUND, ...FIRST])('case=%s', async (_name, planOf, prepare, move, conflict) => {
    const world = await makeWorld(rig());
    await prepare(rig().seed, world);
    const plan = planOf(world);
    await move(rig().seed, world);
    const before = await rig().snapshot();
    expect(await rig().commit.apply(plan)).toEqual({ ok: false, conflict });
    await expectUnchanged(before);
  });

  // Each plan of the cases above commits when nothing moves: so it was the change that was refused.
  test.each([...GROUND, ...FIRST].filter(([, , , move]) => move !== nothing))(
    'case=and if it had not: %s',
    async (_name, planOf, prepare) => {
      const world = await makeWorld(rig());
      await prepare(rig().seed, world);
      expect(await rig().commit.apply(planOf(world))).toEqual({ ok: true });
    },
  );

  test('case=a proof ends by the time of the commit, not by that of the request', async () => {
    const world = await makeWorld(rig());
    const { seed, clock, commit, reads } = rig();
    const end = new Date(clock.now().getTime() + 5_000);
    await seed.update('discovery_domains', { domain: world.domain }, dnsProof(end));
    const plan = silentPlan(world, { at: clock.now() });
    const proved = async () =>
      (await reads.findTarget({ clientId: world.client, organization: world.organization }))?.connections[1]
        ?.provedDomains;
    expect(await proved()).toEqual([world.domain]);
    // An Action takes some seconds, and in them the proof ends.
    clock.advanceMs(5_000);
    const before = await rig().snapshot();
    expect(await commit.apply(plan)).toEqual({ ok: false, conflict: 'domain' });
    await expectUnchanged(before);
    expect(await proved()).toEqual([]);
  });

  test('case=the fingerprint of a connection that no organization enabled opens none', async () => {
    const world = await makeWorld(rig());
    await rig().seed.remove('organization_connections', enablementOf(world));
    const before = await rig().snapshot();
    const plan = silentPlan(world, { relyFingerprint: 'c1.-' });
    expect(await rig().commit.apply(plan)).toEqual({ ok: false, conflict: 'connection' });
    await expectUnchanged(before);
  });

  test.each<readonly [string, PlanOf]>([
    ['silent', silentPlan],
    ['by password', passwordPlan],
  ])('case=replay: the transaction of this browser was committed before (%s)', async (_name, planOf) => {
    const world = await makeWorld(rig());
    const { transactionId } = planOf(world);
    expect(await rig().commit.apply(passwordPlan(world, { transactionId }))).toEqual({ ok: true });
    const before = await rig().snapshot();
    expect(await rig().commit.apply({ ...planOf(world), transactionId })).toEqual({ ok: false, conflict: 'receipt' });
    await expectUnchanged(before);
  });

  describe('a change that nothing leaned on stops nobody', () => {
    test.each<readonly [string, PlanOf, (seed: Seed, world: World) => Promise<unknown>]>([
      [
        'another domain lost its proof',
        passwordPlan,
        (seed, world) => seed.remove('discovery_domains', { domain: world.domain }),
      ],
      [
        'another organization’s proof of the domain that an IdP spoke for has ended',
        unclaimedPlan,
        async (seed, world) => {
          await addOrganization(seed, `org_other_${world.key}`);
          await addDomain(seed, `org_other_${world.key}`, `free.${world.domain}`, dnsProof(AT));
        },
      ],
      [
        'an own proof does not ask about other organizations',
        (world) => silentPlan(world, { relyAccount: relyOnDana(world) }),
        async (seed, world) => {
          await addOrganization(seed, `org_other_${world.key}`);
          await addMember(seed, `org_other_${world.key}`, world.dana.userId);
        },
      ],
      [
        'another connection changed',
        passwordPlan,
        (seed, world) => seed.update('connections', { id: world.sso }, { revision: 'c2' }),
      ],
      [
        'the domain that an IdP spoke for was proved by this very organization',
        unclaimedPlan,
        (seed, world) => addDomain(seed, world.organization, `free.${world.domain}`),
      ],
      [
        'the domain that an IdP spoke for is only claimed, not proved',
        unclaimedPlan,
        async (seed, world) => {
          await addOrganization(seed, `org_other_${world.key}`);
          await addDomain(seed, `org_other_${world.key}`, `free.${world.domain}`, { status: 'pending' });
        },
      ],
    ])('case=%s', async (_name, planOf, move) => {
      const world = await makeWorld(rig());
      await move(rig().seed, world);
      expect(await rig().commit.apply(planOf(world))).toEqual({ ok: true });
    });
  });

  // Violations that no rule foresees: a bug, or broken randomness. They are thrown, late in the statement.
  describe('a failure in the middle leaves nothing', () => {
    test.each<readonly [string, (first: CommitPlan, plan: CommitPlan) => CommitPlan]>([
      [
        'the code’s hash was given out before',
        (first, plan) => ({ ...plan, code: { ...plan.code, codeHash: first.code.codeHash } }),
      ],
      ['the line of the log was written before', (first, plan) => ({ ...plan, log: first.log })],
      ['the second line of the log fails', (first, plan) => ({ ...plan, log: [...plan.log, ...first.log] })],
      ['the mail was queued before', (first, plan) => ({ ...plan, mail: first.mail })],
      [
        'a membership that the schema refuses',
        (_first, plan) => ({ ...plan, membership: { via: 'nobody' as 'auto', create: true, roles: [] } }),
      ],
    ])('case=%s', async (_name, spoil) => {
      const world = await makeWorld(rig());
      const mail = [{ id: `m_${world.key}`, to: world.dana.email, template: 'password_changed', model: {} }] as const;
      const userId = `oidc|name-of-${world.sso}|ivy`;
      const first = newcomerPlan(world, { mail, consumeInvitationId: undefined });
      expect(await rig().commit.apply(first)).toEqual({ ok: true });
      await rig().seed.remove('members', { organization_id: world.organization, user_id: userId });
      await rig().seed.update('users', { user_id: userId }, { email: world.dana.email });
      const again = passwordPlan(world, {
        userId,
        relyAccount: { ...relyOnDana(world), member: false },
        membership: { via: 'invited', create: true, roles: [world.role] },
        consumeInvitationId: world.invitation.id,
        vouchForEmail: 'mail',
      });
      const before = await rig().snapshot();
      await expect(rig().commit.apply(spoil(first, again))).rejects.toThrow();
      await expectUnchanged(before);
      expect(await rig().commit.apply(again), 'the plan itself is good').toEqual({ ok: true });
    });
  });
}
