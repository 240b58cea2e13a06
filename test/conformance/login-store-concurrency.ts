/** Contract of the login store, concurrency: what happens at the same moment has one order, and nobody waits forever. */
import { describe, expect, test } from 'vitest';
import { hashSecret } from '../../src/kernel/ids.js';
import type { CommitOutcome, CommitPlan } from '../../src/ports/login-store.js';
import { diffSnapshots } from '../support/database.js';
import {
  AT,
  addIdentity,
  addOrganization,
  addSession,
  addUser,
  bindDana,
  bindingOf,
  groupDana,
  groupsPlan,
  type HeldChange,
  knownPlan,
  type LoginStoreRig,
  makeWorld,
  newcomerPlan,
  passwordPlan,
  relyOnDana,
  silentPlan,
  type World,
} from './login-store-world.js';

const TOGETHER = 8;

/** `ok`, or what moved. */
const wordOf = (outcome: CommitOutcome): string => (outcome.ok ? 'ok' : outcome.conflict);

/** False when `work` is still waiting after a while. */
async function isSettled(work: Promise<unknown>): Promise<boolean> {
  const waiting = Symbol('waiting');
  const timeout = new Promise((resolve) => setTimeout(resolve, 200, waiting));
  return (await Promise.race([work.catch(() => undefined), timeout])) !== waiting;
}

/** Registers the tests of concurrency. */
export function describeConcurrency(rig: () => LoginStoreRig): void {
  const apply = (plan: CommitPlan) => rig().commit.apply(plan);

  /** All at once; the words, sorted, and what they changed together. */
  async function together(plans: readonly CommitPlan[]) {
    const before = await rig().snapshot();
    const words = (await Promise.all(plans.map(apply))).map(wordOf).sort();
    const changed = diffSnapshots(before, await rig().snapshot());
    const count = (table: string) => changed[table]?.added.length ?? 0;
    return { words, count, changed };
  }

  const times = <T>(make: (index: number) => T): T[] => Array.from({ length: TOGETHER }, (_none, index) => make(index));

  describe('only one of many at once', () => {
    test('case=the same transaction of a browser', async () => {
      const world = await makeWorld(rig());
      const { words, count } = await together(times(() => passwordPlan(world, { transactionId: `tx-${world.key}` })));
      expect(words).toEqual(['ok', ...times(() => 'receipt').slice(1)]);
      expect([count('sessions'), count('authorization_codes'), count('login_receipts'), count('logs')]).toEqual([
        1, 1, 1, 1,
      ]);
    });

    test('case=the same invitation, used by different people', async () => {
      const world = await makeWorld(rig());
      const { words, count } = await together(times((index) => newcomerPlan(world, {}, `p${index}`)));
      expect(words.filter((word) => word === 'ok')).toHaveLength(1);
      expect(new Set(words)).toEqual(new Set(['ok', 'invitation']));
      expect([count('users'), count('members'), count('member_roles'), count('sessions')]).toEqual([1, 1, 1, 1]);
    });

    test('case=the same identity, bound to different accounts', async () => {
      const world = await makeWorld(rig());
      const plans: CommitPlan[] = [];
      for (let index = 0; index < TOGETHER; index++) {
        const userId = `auth0|u${index}${world.key}`;
        const email = world.dana.email;
        await addUser(rig().seed, world, userId, { email, memberOf: [world.organization] });
        plans.push(silentPlan(world, { userId, bind: bindingOf(world, 'one-subject') }));
      }
      const { words, count } = await together(plans);
      expect(words).toEqual([...times(() => 'identity').slice(1), 'ok']);
      expect([count('identities'), count('sessions')]).toEqual([1, 1]);
    });

    test('case=two subjects for one account', async () => {
      const world = await makeWorld(rig());
      const plans = times((index) => silentPlan(world, { bind: bindingOf(world, `subject-${index}`) }));
      const { words, count } = await together(plans);
      expect(words).toEqual([...times(() => 'identity').slice(1), 'ok']);
      expect(count('identities')).toBe(1);
    });

    test('case=the same newcomer', async () => {
      const world = await makeWorld(rig());
      const plan = () => newcomerPlan(world, { consumeInvitationId: undefined });
      const { words, count } = await together(times(plan));
      expect(words.filter((word) => word === 'ok')).toHaveLength(1);
      for (const word of words) expect(['ok', 'account', 'identity', 'membership']).toContain(word);
      expect([count('users'), count('identities'), count('members'), count('sessions')]).toEqual([1, 1, 1, 1]);
    });

    test('case=the same account joins', async () => {
      const world = await makeWorld(rig());
      const userId = `auth0|uma${world.key}`;
      await addUser(rig().seed, world, userId, { email: world.dana.email });
      const plan = () =>
        passwordPlan(world, {
          userId,
          relyAccount: { ...relyOnDana(world), member: false },
          membership: { via: 'auto', create: true, roles: [] },
        });
      const { words, count } = await together(times(plan));
      expect(words).toEqual([...times(() => 'membership').slice(1), 'ok']);
      expect([count('members'), count('sessions')]).toEqual([1, 1]);
    });
  });

  describe('all of many at once', () => {
    test('case=twenty different newcomers', async () => {
      const world = await makeWorld(rig());
      const plans = Array.from({ length: 20 }, (_none, index) =>
        newcomerPlan(world, { consumeInvitationId: undefined }, `p${index}`),
      );
      const { words, count } = await together(plans);
      expect(words).toEqual(plans.map(() => 'ok'));
      for (const table of [
        'users',
        'identities',
        'members',
        'sessions',
        'authorization_codes',
        'login_receipts',
        'logs',
      ]) {
        expect(count(table), table).toBe(20);
      }
    });

    test('case=logins of one person, each replacing the session of the one before: no deadlock', async () => {
      const world = await makeWorld(rig());
      await bindDana(rig().seed, world);
      for (const name of ['a', 'b']) await addSession(rig().seed, world.dana.userId, world.sso, name);
      const plans = times((index) => {
        const plan = index % 3 === 0 ? passwordPlan(world) : knownPlan(world);
        if (plan.session.kind !== 'new') throw new Error('a new session');
        const replaces = { userId: world.dana.userId, sessionHash: hashSecret(index % 2 === 0 ? 'a' : 'b') };
        return { ...plan, session: { ...plan.session, replaces } };
      });
      const { words, count, changed } = await together(plans);
      expect(words).toEqual(times(() => 'ok'));
      expect(count('sessions')).toBe(TOGETHER);
      expect(changed.users?.added).toMatchObject([{ logins_count: TOGETHER }]);
    });

    test('case=two people at one browser after another, each replacing the other’s session: all land or say so', async () => {
      const world = await makeWorld(rig());
      const uma = `auth0|uma${world.key}`;
      await addUser(rig().seed, world, uma, { email: world.dana.email, memberOf: [world.organization] });
      const people = [world.dana.userId, uma];
      for (const userId of people) await addSession(rig().seed, userId, world.database, `of-${userId}`);
      const plans = times((index) => {
        const [userId = '', other = ''] = index % 2 === 0 ? people : [...people].reverse();
        const plan = passwordPlan(world, { userId, relyAccount: relyOnDana(world) });
        if (plan.session.kind !== 'new') throw new Error('a new session');
        const replaces = { userId: other, sessionHash: hashSecret(`of-${other}`) };
        return { ...plan, session: { ...plan.session, replaces } };
      });
      const { words, count } = await together(plans);
      for (const word of words) expect(['ok', 'concurrent']).toContain(word);
      expect(count('sessions')).toBe(words.filter((word) => word === 'ok').length);
    });

    test('case=one person enters two organizations', async () => {
      const world = await makeWorld(rig());
      const other = await makeWorld(rig());
      await rig().seed.insert('members', {
        organization_id: other.organization,
        user_id: world.dana.userId,
        via: 'management',
        created_at: AT,
      });
      const elsewhere = { ...passwordPlan(other), userId: world.dana.userId, relyAccount: relyOnDana(world) };
      const { words } = await together(
        times((index) => (index % 2 === 0 ? passwordPlan(world) : elsewhere)).map(unique),
      );
      expect(words).toEqual(times(() => 'ok'));
    });
  });

  /** Dana proved her identity before, and chose the organization at the picker. */
  const heldProofPlan = (world: World) =>
    silentPlan(world, { bind: undefined, relyProvedDomains: [], relyAccount: relyOnDana(world) });

  /** Plans of one shape, each with ids of its own. */
  function unique(plan: CommitPlan, index: number): CommitPlan {
    const tail = `${plan.transactionId}-${index}`;
    const code = { ...plan.code, codeHash: hashSecret(tail) };
    const log = plan.log.map((line) => ({ ...line, logId: `${line.logId}${index}` }));
    const session = { ...plan.session, sessionHash: hashSecret(`s${tail}`), sessionId: `ses_${tail}` };
    return { ...plan, transactionId: tail, code, log, session };
  }

  describe('somebody changes the ground in a transaction that is still open', () => {
    type Held = (held: HeldChange, world: World) => Promise<void>;
    const CHANGES: Record<
      string,
      readonly [Held, (world: World) => CommitPlan, string, (world: World) => Promise<void>]
    > = {
      'the member is removed': [
        (held, world) => held.remove('members', { organization_id: world.organization, user_id: world.dana.userId }),
        silentPlan,
        'membership',
        async () => {},
      ],
      'the account is blocked': [
        (held, world) => held.update('users', { user_id: world.dana.userId }, { blocked: true }),
        silentPlan,
        'account',
        async () => {},
      ],
      'the connection is changed': [
        (held, world) => held.update('connections', { id: world.sso }, { revision: 'c2' }),
        silentPlan,
        'connection',
        async () => {},
      ],
      'the connection is switched off': [
        (held, world) =>
          held.update(
            'organization_connections',
            { organization_id: world.organization, connection_id: world.sso },
            { is_enabled: false },
          ),
        silentPlan,
        'connection',
        async () => {},
      ],
      'the organization is blocked': [
        (held, world) => held.update('organizations', { id: world.organization }, { blocked: true }),
        silentPlan,
        'organization',
        async () => {},
      ],
      'the organization limits its applications': [
        (held, world) => held.update('organizations', { id: world.organization }, { is_app_entitlement_active: true }),
        silentPlan,
        'organization',
        async () => {},
      ],
      'the organization asks for a second factor': [
        (held, world) => held.update('organizations', { id: world.organization }, { mfa: 'required' }),
        silentPlan,
        'organization',
        async () => {},
      ],
      'the account gets a second factor': [
        (held, world) => held.update('users', { user_id: world.dana.userId }, { factors_revision: 1 }),
        silentPlan,
        'factors',
        async () => {},
      ],
      'the proof of the domain is withdrawn': [
        (held, world) => held.update('discovery_domains', { domain: world.domain }, { status: 'pending' }),
        silentPlan,
        'domain',
        async () => {},
      ],
      'the password is changed': [
        (held, world) => held.update('password_credentials', { user_id: world.dana.userId }, { hash: 'changed' }),
        passwordPlan,
        'password',
        async () => {},
      ],
      'the identity is unlinked': [
        (held, world) => held.remove('identities', { user_id: world.dana.userId }),
        knownPlan,
        'identity',
        (world) => bindDana(rig().seed, world),
      ],
      'SCIM closes the way in of an account that is bound now': [
        (held, world) =>
          held.update('identities', { user_id: world.dana.userId, connection_id: world.sso }, { scim_inactive: true }),
        silentPlan,
        'identity',
        (world) =>
          addIdentity(rig().seed, world.dana.userId, world.sso, {
            status: 'expected',
            subject: null,
            expected_email: `expected-${world.key}@${world.domain}`,
          }),
      ],
      'SCIM closes the way in by which the person waits at the picker': [
        (held, world) =>
          held.update('identities', { user_id: world.dana.userId, connection_id: world.sso }, { scim_inactive: true }),
        heldProofPlan,
        'identity',
        (world) => bindDana(rig().seed, world),
      ],
      'the session is ended': [
        (held, world) => held.remove('sessions', { user_id: world.dana.userId }),
        (world) =>
          passwordPlan(world, {
            relyAccount: relyOnDana(world),
            session: { kind: 'existing', sessionId: 'ses_mine', sessionHash: hashSecret('mine') },
          }),
        'session',
        (world) => addSession(rig().seed, world.dana.userId, world.database, 'mine'),
      ],
      'the person is taken out of a group': [
        (held, world) => held.remove('scim_group_members', { group_id: `grp_Sales_${world.key}` }),
        (world) => groupsPlan(world, ['Sales']),
        'groups',
        (world) => groupDana(rig().seed, world, ['Sales']),
      ],
      'the invitation is withdrawn': [
        (held, world) => held.remove('invitations', { id: world.invitation.id }),
        newcomerPlan,
        'invitation',
        async () => {},
      ],
    };

    test.each(Object.entries(CHANGES))(
      'case=%s: the login waits for the end of it',
      async (_name, [change, planOf, conflict, prepare]) => {
        const world = await makeWorld(rig());
        await prepare(world);
        const before = await rig().snapshot();
        // Called off: the login goes on as if nothing had been.
        const calledOff = await rig().seed.hold();
        await change(calledOff, world);
        const first = apply(planOf(world));
        expect(await isSettled(first), 'decided on ground that somebody is changing').toBe(false);
        await calledOff.rollback();
        expect(await first).toEqual({ ok: true });
        expect(diffSnapshots(before, await rig().snapshot())).not.toEqual({});

        const again = await makeWorld(rig());
        await prepare(again);
        const held = await rig().seed.hold();
        await change(held, again);
        const second = apply(planOf(again));
        expect(await isSettled(second)).toBe(false);
        await held.commit();
        const changed = await rig().snapshot();
        expect(await second).toEqual({ ok: false, conflict });
        expect(diffSnapshots(changed, await rig().snapshot())).toEqual({});
      },
    );

    test('case=an operator expects another subject for the account, as the person who is bound by an address commits', async () => {
      const world = await makeWorld(rig());
      const expected = { status: 'expected', subject: `named-${world.key}`, issuer: '' };
      const held = await rig().seed.hold();
      // As the directory does: the account is locked, then its identity is written.
      await held.update('users', { user_id: world.dana.userId }, { updated_at: AT });
      await addIdentity(held, world.dana.userId, world.sso, expected);
      const login = apply(silentPlan(world));
      expect(await isSettled(login)).toBe(false);
      await held.commit();
      const changed = await rig().snapshot();
      expect(await login).toEqual({ ok: false, conflict: 'identity' });
      expect(diffSnapshots(changed, await rig().snapshot())).toEqual({});
    });

    test('case=the other way round: who removes the member waits for the login', async () => {
      const world = await makeWorld(rig());
      const plan = passwordPlan(world);
      // The login holds the member and waits for its own receipt, which somebody has written and not committed.
      const receipt = await rig().seed.hold();
      await receipt.insert('login_receipts', {
        organization_id: world.organization,
        transaction_id: plan.transactionId,
        expires_at: AT,
      });
      const login = apply(plan);
      expect(await isSettled(login)).toBe(false);
      const removal = rig().seed.remove('members', { organization_id: world.organization, user_id: world.dana.userId });
      expect(await isSettled(removal), 'removed while a login stood on it').toBe(false);
      await receipt.rollback();
      expect(await login).toEqual({ ok: true });
      await removal;
      expect(wordOf(await apply(passwordPlan(world)))).toBe('membership');
    });

    test('case=a change of another organization makes nobody wait', async () => {
      const world = await makeWorld(rig());
      const other = `org_other_${world.key}`;
      await addOrganization(rig().seed, other);
      const held = await rig().seed.hold();
      await held.update('organizations', { id: other }, { blocked: true });
      const login = apply(passwordPlan(world));
      expect(await isSettled(login)).toBe(true);
      await held.rollback();
      expect(await login).toEqual({ ok: true });
    });
  });
}
