/**
 * While the tenant's code runs no transaction is open and nothing is locked: the ground may move under it. An Action that waits at a
 * gate is stopped in the middle, something else happens, the Action goes on: the commit has to notice, in both orders.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bindActions, deployAction, setOrder } from '../support/actions.js';
import { PASSWORD, Visitor } from '../support/cast.js';
import { diffSnapshots, type Snapshot } from '../support/database.js';
import { GATED, type Gate, startGate } from '../support/gate.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const ORDERS = ['after_actions', 'before_actions'] as const;
const DENY = 'exports.onExecutePostLogin = async (event, api) => api.access.deny("new code");';

const stage = useStage();
let gate: Gate;
let actionId: string;
let people = 0;
let key: string;
let email: string;
let userId: string;

beforeAll(async () => {
  gate = await startGate();
  actionId = await deployAction(stage.instance, { name: 'gated', code: GATED, secrets: { gate: gate.url } });
  await bindActions(stage.instance, 'post-login', [actionId]);
});
afterAll(() => gate?.stop());

beforeEach(async () => {
  key = `g${++people}`;
  email = `${key}@acme.example`;
  userId = `oidc|acme-oidc|idp-${key}`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  await stage.instance.database.pool.query('delete from attempt_counters');
});
afterEach(async () => {
  await stage.enablement({ assign_membership_on_login: false });
  await setOrder(stage.instance, 'after_actions');
});

const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);
const acme = () => `/organizations/${stage.cast.acme.id}`;
const user = () => `/users/${encodeURIComponent(userId)}`;

/** Starts a login and resolves when its Action waits. */
async function untilAsked(login: () => Promise<Visit>): Promise<{ ended: Promise<Visit> }> {
  const ended = login();
  const early = await Promise.race([gate.arrived(email).then(() => undefined), ended]);
  if (early) throw new Error(`ended before the Action was asked: ${early.url.href} ${wordsOf(early)}`);
  return { ended };
}

async function codeOf(visit: Visit): Promise<string> {
  expect(visit.status, wordsOf(visit)).toBeLessThan(500);
  if (visit.status === 0 && visit.url.searchParams.has('code')) return 'admitted';
  return (await stage.refusal(visit)).details.code ?? '';
}

async function metadataOf(id: string): Promise<Json | undefined> {
  const { rows } = await stage.instance.database.pool.query<{ app_metadata: Json }>(
    'select app_metadata from users where user_id = $1',
    [id],
  );
  return rows[0]?.app_metadata;
}

interface Ground {
  readonly name: string;
  /** The person's way in. */
  arrange(visitor: Visitor): Promise<() => Promise<Visit>>;
  change(visitor: Visitor): Promise<unknown>;
  readonly ends: Readonly<Record<(typeof ORDERS)[number], string>>;
  restore?(): Promise<unknown>;
}

const both = (code: string) => ({ after_actions: code, before_actions: code });
const bySso = (visitor: Visitor) => () => visitor.throughSso(key, email);
const asMember: Ground['arrange'] = async (visitor) => {
  userId = await stage.cast.createMember(email);
  return bySso(visitor);
};
const byAutoMembership: Ground['arrange'] = async (visitor) => {
  await stage.enablement({ assign_membership_on_login: true });
  return bySso(visitor);
};
const removeMember = () => api('DELETE', `${acme()}/members`, { members: [userId] });

const GROUNDS: readonly Ground[] = [
  { name: 'the member is removed', arrange: asMember, change: removeMember, ends: both('admit.not_a_member') },
  {
    name: 'the member is removed, and a login would make him one again',
    async arrange(visitor) {
      await stage.enablement({ assign_membership_on_login: true });
      return asMember(visitor);
    },
    change: removeMember,
    // The Action agreed to a member of long standing, not to a newcomer.
    ends: both('commit.conflict'),
  },
  {
    name: 'the seat that this very login would bring is taken away',
    arrange: byAutoMembership,
    change: removeMember,
    // In the usual order there is none yet.
    ends: { after_actions: 'admitted', before_actions: 'commit.conflict' },
  },
  {
    name: 'auto-membership ends',
    arrange: byAutoMembership,
    change: () => stage.enablement({ assign_membership_on_login: false }),
    ends: both('identify.connection_changed'),
  },
  {
    name: 'the connection is taken from the organization',
    arrange: asMember,
    change: () => api('DELETE', `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`),
    ends: both('identify.connection_not_enabled'),
    restore: () => api('POST', `${acme()}/enabled_connections`, { connection_id: stage.cast.acme.connectionId }),
  },
  {
    name: 'the organization is blocked',
    arrange: asMember,
    change: () => api('PATCH', acme(), { blocked: true }),
    ends: both('identify.organization_blocked'),
    restore: () => api('PATCH', acme(), { blocked: false }),
  },
  {
    name: 'the user is blocked',
    arrange: asMember,
    change: () => api('PATCH', user(), { blocked: true }),
    ends: both('admit.user_blocked'),
  },
  {
    name: 'the user is deleted',
    arrange: asMember,
    change: () => api('DELETE', user()),
    ends: both('admit.not_a_member'),
  },
  {
    name: 'the invitation is withdrawn',
    async arrange(visitor) {
      const invitation = await stage.cast.invite(email);
      return async () => visitor.signInAtIdp(await visitor.accept(invitation), key);
    },
    async change() {
      const invitations = await api<{ id: string; invitee: { email: string } }[]>('GET', `${acme()}/invitations`);
      for (const { id, invitee } of invitations)
        if (invitee.email === email) await api('DELETE', `${acme()}/invitations/${id}`);
    },
    // In Auth0's order it is used before the Action is asked.
    ends: { after_actions: 'identify.invitation_not_found', before_actions: 'admitted' },
  },
  {
    name: 'the password is changed',
    async arrange(visitor) {
      email = `${key}@plain.example`;
      userId = await stage.cast.createMember(email);
      return () => visitor.withPassword(email, PASSWORD);
    },
    change: () =>
      api('PATCH', user(), { password: 'Another-horse-8-battery', connection: 'Username-Password-Authentication' }),
    ends: both('commit.conflict'),
  },
  {
    name: 'the Action is deployed anew with code that denies',
    arrange: asMember,
    async change() {
      await api('PATCH', `/actions/actions/${actionId}`, { code: DENY });
      await api('POST', `/actions/actions/${actionId}/deploy`);
    },
    // The old code has answered; the next login is asked by the new code.
    ends: both('admitted'),
    async restore() {
      const next = answerOf(await new Visitor(stage.cast).throughSso(key, email, { prompt: 'login' }));
      expect(next.error_description).toBe('new code');
      await api('PATCH', `/actions/actions/${actionId}`, { code: GATED });
      await api('POST', `/actions/actions/${actionId}/deploy`);
    },
  },
  {
    name: 'the Action is unbound',
    arrange: asMember,
    change: () => bindActions(stage.instance, 'post-login', []),
    ends: both('admitted'),
    restore: () => bindActions(stage.instance, 'post-login', [actionId]),
  },
  {
    name: 'the order of the tenant changes',
    arrange: byAutoMembership,
    async change() {
      const { membership_evaluation: now } = await api('GET', '/tenants/settings');
      await setOrder(stage.instance, now === 'after_actions' ? 'before_actions' : 'after_actions');
    },
    ends: both('admitted'),
  },
];

describe.each(ORDERS)('%s', (order) => {
  beforeEach(() => setOrder(stage.instance, order));

  test.each(GROUNDS)('while the Action runs, $name', async (ground) => {
    const visitor = stage.visitor();
    const { ended } = await untilAsked(await ground.arrange(visitor));
    try {
      await ground.change(visitor);
      const changed = await stage.instance.snapshot();
      gate.open(email);
      const visit = await ended;
      expect(await codeOf(visit)).toBe(ground.ends[order]);
      // In Auth0's order the person was written before the Action was asked; since then, nothing.
      if (ground.ends[order] !== 'admitted') await expectNothingLeft(stage.instance, changed);
      else {
        const { claims } = await visitor.redeem(visit);
        expect(claims).toMatchObject({ 'https://gate.example/said': 'yes' });
        expect(await metadataOf(String(claims.sub))).toEqual({ agreed: 1 });
      }
    } finally {
      gate.openAlways(email);
      await ground.restore?.();
    }
  });

  test('two first logins of one person at once: both are asked about, both are in, as one user with one seat', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    const before = await stage.instance.snapshot();
    const visitors = [stage.visitor(), stage.visitor()];
    const walks = [];
    for (const visitor of visitors) walks.push(await untilAsked(bySso(visitor)));
    gate.open(email);
    gate.open(email);
    const visits = await Promise.all(walks.map(({ ended }) => ended));
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    for (const table of ['users', 'identities', 'members']) expect(changed[table]?.added, table).toHaveLength(1);
    expect(changed.users?.added).toMatchObject([{ logins_count: 2, app_metadata: { agreed: 1 } }]);
    for (const table of ['sessions', 'login_receipts']) expect(changed[table]?.added, table).toHaveLength(2);
    for (const [index, visitor] of visitors.entries())
      expect((await visitor.redeem(visits[index] as Visit)).claims.sub).toBe(userId);
  });

  test.each(['the denied one first', 'the denied one last'])(
    'two first logins at once, one of them denied (%s): he is in once, and what the denied one asked for is not there',
    async (which) => {
      await stage.enablement({ assign_membership_on_login: true });
      const before = await stage.instance.snapshot();
      const walks = [];
      for (const visitor of [stage.visitor(), stage.visitor()]) walks.push(await untilAsked(bySso(visitor)));
      const says = which === 'the denied one first' ? ['deny', undefined] : [undefined, 'deny'];
      const ends: string[] = [];
      for (const [index, { ended }] of walks.entries()) {
        gate.open(email, says[index] === undefined ? {} : { say: says[index] });
        ends.push(await codeOf(await ended));
      }
      expect([...ends].sort()).toEqual(['act.denied', 'admitted']);
      const changed = diffSnapshots(before, await stage.instance.snapshot());
      for (const table of ['users', 'identities', 'members', 'sessions', 'authorization_codes', 'login_receipts'])
        expect(changed[table]?.added, table).toHaveLength(1);
      expect(changed.users?.added).toMatchObject([{ logins_count: 1, app_metadata: { agreed: 1 } }]);
    },
  );

  test('the same invitation in two browsers: one is in with its role, the other reads that it was used', async () => {
    const invitation = await stage.cast.invite(email);
    const before = await stage.instance.snapshot();
    const [one, two] = [stage.visitor(), stage.visitor()];
    const pages = [await one.accept(invitation), await two.accept(invitation)] as const;
    const first = await untilAsked(() => one.signInAtIdp(pages[0], key));
    const second = two.signInAtIdp(pages[1], key);
    if (order === 'after_actions') await gate.arrived(email);
    // In Auth0's order the first one's membership is there already: the second is refused before any code is asked.
    else expect(await codeOf(await second)).toBe('identify.invitation_not_found');
    gate.open(email);
    const winner = await codeOf(await first.ended);
    if (order === 'after_actions') {
      gate.open(email);
      expect(await codeOf(await second)).toBe('identify.invitation_not_found');
    }
    expect(winner).toBe('admitted');
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    for (const table of ['users', 'identities', 'members', 'member_roles', 'invitations', 'sessions', 'login_receipts'])
      expect(changed[table]?.added, table).toHaveLength(1);
  });

  test('denied while an administrator invites him: the invitation is good afterwards', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    const { ended } = await untilAsked(bySso(stage.visitor()));
    const invitation = await stage.cast.invite(email);
    gate.open(email, { say: 'deny' });
    expect(await codeOf(await ended)).toBe('act.denied');
    gate.openAlways(email);
    const visitor = stage.visitor();
    const visit = await visitor.signInAtIdp(await visitor.accept(invitation), key);
    expect((await visitor.redeem(visit)).claims.sub).toBe(userId);
    const rows = await api<{ name: string }[]>('GET', `${acme()}/members/${encodeURIComponent(userId)}/roles`);
    expect(rows.map(({ name }) => name)).toEqual(['editor']);
  });

  test('the session ends while its silent login is being asked about: nobody is in by it', async () => {
    userId = await stage.cast.createMember(email);
    const visitor = stage.visitor();
    const first = await untilAsked(bySso(visitor));
    gate.open(email);
    await visitor.redeem(await first.ended);
    const { ended } = await untilAsked(() => visitor.open({ prompt: 'none' }));
    await stage.instance.database.pool.query('delete from sessions where user_id = $1', [userId]);
    const changed: Snapshot = await stage.instance.snapshot();
    gate.open(email);
    expect(answerOf(await ended).code).toBeUndefined();
    await expectNothingLeft(stage.instance, changed);
  });
});
