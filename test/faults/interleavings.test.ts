/**
 * Two and three actors on two nodes, in schedules that are forced and not hoped for: what the first writes is held before its
 * commit until the second meets it, then the other way round. Each ends in one of the results that one after the other gives.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cast, createCast, PASSWORD, type Place, Visitor } from '../support/cast.js';
import { createTestDatabase, diffSnapshots } from '../support/database.js';
import { type Actor, playInOrder } from '../support/held-writes.js';
import type { Visit } from '../support/http-browser.js';
import { findFreePort, type Instance, type Json, startInstance } from '../support/instance.js';
import { askForTokens } from '../support/login-stories.js';
import { answerOf, wordsOf } from '../support/stage.js';

let left: Instance;
let right: Instance;
let cast: Cast;
let there: Cast;
let people = 0;

beforeAll(async () => {
  left = await startInstance();
  right = await startInstance({ beside: left });
  const refresh = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 };
  cast = await createCast(left, { clientFields: { refresh_token: refresh } });
  there = { ...cast, instance: right };
  // The token for the Management API of this node, before anything is held.
  await right.api('GET', '/roles');
});
afterAll(async () => {
  await cast.stop();
  await right.stop();
  await left.stop();
});

let key: string;
let email: string;
let userId: string;
beforeEach(async () => {
  key = `i${++people}`;
  email = `${key}@acme.example`;
  cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  await left.database.pool.query('delete from attempt_counters');
});

const COMMIT = /^with\s+connection_now/;
const acme = () => `/organizations/${cast.acme.id}`;
const user = () => `/users/${encodeURIComponent(userId)}`;
const api = (method: string, path: string, body?: unknown) => left.api<Json>(method, path, body);

/** A person at the IdP, ready to come back. */
async function atTheIdp(where: Cast = cast, parameters: Record<string, string> = {}) {
  const visitor = new Visitor(where);
  return { visitor, page: await visitor.type(await visitor.open(parameters), email) };
}

function comeBack({ visitor, page }: { visitor: Visitor; page: Visit }, login = key): Actor<Visit> {
  return {
    pool: visitor.cast.instance.server.pool,
    matches: COMMIT,
    run: () => visitor.signInAtIdp(page, login),
  };
}

/** An administrator on the other node. Errors of the API are results; a 5xx never is one. */
function administer(matches: RegExp, method: string, path: string, body?: unknown): Actor<string> {
  return {
    pool: right.server.pool,
    matches,
    async run() {
      try {
        await right.api(method, path, body);
        return 'done';
      } catch (error) {
        const { message } = error as Error;
        if (!/: 4\d\d /.test(message)) throw error;
        return message;
      }
    },
  };
}

const codeOf = (visit: Visit) => answerOf(visit).code;

/** Refused, by the application's text or on a page, and not by accident. */
async function refusalOf(visit: Visit): Promise<string | undefined> {
  expect(visit.status, wordsOf(visit)).toBeLessThan(500);
  if (visit.status === 0 && visit.url.searchParams.has('code')) return undefined;
  const reference = visit.url.searchParams.get('error_reference') ?? /V-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(visit.text)?.[0];
  const { rows } = await left.database.pool.query<{ code: string }>(
    `select details ->> 'code' as code from logs where details ->> 'reference' = $1`,
    [reference],
  );
  return rows[0]?.code;
}

/** Rows that only a login writes. */
async function expectNoLoginLeft(before: Awaited<ReturnType<Instance['snapshot']>>): Promise<void> {
  const changed = diffSnapshots(before, await left.snapshot());
  for (const table of ['sessions', 'authorization_codes', 'login_receipts', 'member_roles'])
    expect(changed[table]?.added ?? [], table).toEqual([]);
  expect((changed.logs?.added ?? []).filter((line) => (line as Json).type === 's')).toEqual([]);
}

interface Ground {
  readonly name: string;
  /** Sets up the person, and gives the way back to the login and the change. */
  arrange(): Promise<{ login: Actor<Visit>; visitor: Visitor; change: Actor<string> }>;
  /** Refusal codes that are right when the change was first; `admitted` where that is right too. */
  readonly changeFirst: readonly string[];
  /** The token endpoint's answer to the code when the change came second; undefined: it is good. */
  readonly codeAfterwards: RegExp | undefined;
  /** Puts back what others need. */
  restore?(): Promise<unknown>;
}

async function member() {
  userId = await cast.createMember(email);
  const way = await atTheIdp();
  return { login: comeBack(way), visitor: way.visitor };
}

async function linkedMember() {
  userId = await cast.createMember(email);
  const first = new Visitor(cast);
  await first.redeem(await first.throughSso(key, email));
  const way = await atTheIdp();
  return { login: comeBack(way), visitor: way.visitor };
}

async function enable() {
  await api('POST', `${acme()}/enabled_connections`, { connection_id: cast.acme.connectionId });
}

const GROUNDS: readonly Ground[] = [
  {
    name: 'the member is removed',
    async arrange() {
      const way = await member();
      return {
        ...way,
        change: administer(/delete from "members"/, 'DELETE', `${acme()}/members`, { members: [userId] }),
      };
    },
    changeFirst: ['admit.not_a_member'],
    codeAfterwards: /invalid_grant/,
  },
  {
    name: 'a member who was linked long ago is removed',
    async arrange() {
      const way = await linkedMember();
      return {
        ...way,
        change: administer(/delete from "members"/, 'DELETE', `${acme()}/members`, { members: [userId] }),
      };
    },
    changeFirst: ['admit.not_a_member'],
    codeAfterwards: /invalid_grant/,
  },
  {
    name: 'the connection is taken from the organization',
    async arrange() {
      const path = `${acme()}/enabled_connections/${cast.acme.connectionId}`;
      return { ...(await member()), change: administer(/delete from "organization_connections"/, 'DELETE', path) };
    },
    changeFirst: ['identify.connection_not_enabled'],
    codeAfterwards: /not enabled/,
    restore: enable,
  },
  {
    name: 'what the connection does changes',
    async arrange() {
      const path = `${acme()}/enabled_connections/${cast.acme.connectionId}`;
      const body = { link_existing_members: 'never' };
      return { ...(await member()), change: administer(/update "organization_connections"/, 'PATCH', path, body) };
    },
    changeFirst: ['identify.connection_changed'],
    codeAfterwards: undefined,
    restore: () =>
      api('PATCH', `${acme()}/enabled_connections/${cast.acme.connectionId}`, {
        link_existing_members: 'verified_email',
      }),
  },
  {
    name: 'the secret of the connection changes',
    async arrange() {
      const path = `/connections/${cast.acme.connectionId}`;
      const { options } = await api('GET', path);
      const body = { options: { ...(options as Json), client_secret: cast.idp.clientSecret, scope: 'openid email' } };
      return { ...(await member()), change: administer(/update "connections"/, 'PATCH', path, body) };
    },
    changeFirst: ['identify.connection_changed'],
    codeAfterwards: undefined,
    async restore() {
      const path = `/connections/${cast.acme.connectionId}`;
      const { options } = await api('GET', path);
      await api('PATCH', path, {
        options: { ...(options as Json), client_secret: cast.idp.clientSecret, scope: 'openid profile email' },
      });
    },
  },
  {
    name: 'auto-membership ends, which a stranger stands on',
    async arrange() {
      const path = `${acme()}/enabled_connections/${cast.acme.connectionId}`;
      await api('PATCH', path, { assign_membership_on_login: true });
      const way = await atTheIdp();
      const body = { assign_membership_on_login: false };
      const change = administer(/update "organization_connections"/, 'PATCH', path, body);
      return { login: comeBack(way), visitor: way.visitor, change };
    },
    changeFirst: ['identify.connection_changed'],
    codeAfterwards: undefined,
    restore: () =>
      api('PATCH', `${acme()}/enabled_connections/${cast.acme.connectionId}`, { assign_membership_on_login: false }),
  },
  {
    name: 'the proof of the domain is withdrawn',
    async arrange() {
      const way = await member();
      const { id } = await api('GET', `${acme()}/discovery-domains/name/acme.example`);
      const change = administer(/delete from "discovery_domains"/, 'DELETE', `${acme()}/discovery-domains/${id}`);
      return { ...way, change };
    },
    changeFirst: ['identify.connection_changed'],
    codeAfterwards: undefined,
    restore: () => api('POST', `${acme()}/discovery-domains`, { domain: 'acme.example', status: 'verified' }),
  },
  {
    name: 'the identity is unlinked',
    async arrange() {
      const way = await linkedMember();
      const path = `${user()}/identities/oidc/${encodeURIComponent(`acme-oidc|idp-${key}`)}`;
      return { ...way, change: administer(/(delete from|update) "identities"/, 'DELETE', path) };
    },
    // Unlinked, the identity is a user of its own, who is no member.
    changeFirst: ['admit.not_a_member'],
    codeAfterwards: /invalid_grant/,
  },
  {
    name: 'the user is blocked',
    async arrange() {
      return { ...(await member()), change: administer(/update "users"/, 'PATCH', user(), { blocked: true }) };
    },
    changeFirst: ['admit.user_blocked'],
    codeAfterwards: /invalid_grant/,
  },
  {
    // Nothing is bound, so there is no lock before the commit's own.
    name: 'the user is blocked, who has been here before',
    async arrange() {
      return { ...(await linkedMember()), change: administer(/update "users"/, 'PATCH', user(), { blocked: true }) };
    },
    changeFirst: ['admit.user_blocked'],
    codeAfterwards: /invalid_grant/,
  },
  {
    name: 'the user is deleted',
    async arrange() {
      return { ...(await member()), change: administer(/delete from "users"/, 'DELETE', user()) };
    },
    changeFirst: ['admit.not_a_member'],
    codeAfterwards: /invalid_grant/,
  },
  {
    name: 'the organization is blocked',
    async arrange() {
      return { ...(await member()), change: administer(/update "organizations"/, 'PATCH', acme(), { blocked: true }) };
    },
    changeFirst: ['identify.organization_blocked'],
    codeAfterwards: /blocked/,
    restore: () => api('PATCH', acme(), { blocked: false }),
  },
  {
    name: 'the organization asks for a factor',
    async arrange() {
      await left.database.pool.query('update tenant set guardian = $1', [JSON.stringify({ factors: { otp: true } })]);
      return {
        ...(await member()),
        change: administer(/update "organizations"/, 'PATCH', acme(), { mfa: 'required' }),
      };
    },
    changeFirst: ['authenticate.no_accepted_factor'],
    codeAfterwards: undefined,
    restore: () => api('PATCH', acme(), { mfa: 'none' }),
  },
  {
    // The login would bind an identity to an account that has a factor now: the person is asked, which is no refusal.
    name: 'the account gets a second factor',
    async arrange() {
      const factor = { type: 'totp', name: 'App', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
      const way = await member();
      const change = administer(/insert into "factors"/, 'POST', `${user()}/authentication-methods`, factor);
      return { ...way, change };
    },
    changeFirst: ['admitted'],
    codeAfterwards: undefined,
  },
  {
    name: 'the organization limits its applications',
    async arrange() {
      const change = administer(/update "organization_connections"/, 'PATCH', acme(), {
        is_app_entitlement_active: true,
      });
      return { ...(await member()), change };
    },
    changeFirst: ['identify.application_not_entitled'],
    codeAfterwards: /not enabled for the organization/,
    restore: () => api('PATCH', acme(), { is_app_entitlement_active: false }),
  },
  {
    name: 'the application is taken from the organization',
    async arrange() {
      const clients = [{ client_id: cast.client.id, use_for_member_access: true }];
      await api('POST', `${acme()}/clients`, { clients });
      await api('PATCH', acme(), { is_app_entitlement_active: true });
      const change = administer(/update "organization_connections"/, 'DELETE', `${acme()}/clients`, {
        clients: [cast.client.id],
      });
      return { ...(await member()), change };
    },
    changeFirst: ['identify.application_not_entitled'],
    codeAfterwards: /not enabled for the organization/,
    restore: () => api('PATCH', acme(), { is_app_entitlement_active: false }),
  },
  {
    name: 'the application is listed no longer for members',
    async arrange() {
      const clients = [{ client_id: cast.client.id, use_for_member_access: true }];
      await api('POST', `${acme()}/clients`, { clients });
      await api('PATCH', acme(), { is_app_entitlement_active: true });
      const path = `${acme()}/clients/${cast.client.id}`;
      const change = administer(/update "organization_connections"/, 'PATCH', path, { use_for_member_access: false });
      return { ...(await member()), change };
    },
    changeFirst: ['identify.application_not_entitled'],
    codeAfterwards: /not enabled for the organization/,
    async restore() {
      await api('PATCH', acme(), { is_app_entitlement_active: false });
      await api('DELETE', `${acme()}/clients`, { clients: [cast.client.id] });
    },
  },
  {
    name: 'the invitation is withdrawn',
    async arrange() {
      const invitation = await cast.invite(email);
      const visitor = new Visitor(cast);
      const login = comeBack({ visitor, page: await visitor.accept(invitation) });
      const path = `${acme()}/invitations/${invitation.id}`;
      return { login, visitor, change: administer(/delete from "invitations"/, 'DELETE', path) };
    },
    changeFirst: ['identify.invitation_not_found'],
    codeAfterwards: undefined,
  },
  {
    name: 'the password changes while it is being used',
    async arrange() {
      email = `${key}@plain.example`;
      userId = await cast.createMember(email);
      const visitor = new Visitor(cast);
      const page = await visitor.type(await visitor.open(), email, 'password');
      const login = {
        pool: left.server.pool,
        matches: COMMIT,
        run: () => visitor.browser.submit(page, { password: PASSWORD }),
      };
      const body = { password: 'Another-horse-8-battery', connection: 'Username-Password-Authentication' };
      return {
        login,
        visitor,
        change: administer(/(update|insert into) "password_credentials"/, 'PATCH', user(), body),
      };
    },
    changeFirst: ['commit.conflict'],
    // A session by the old password is revoked.
    codeAfterwards: /invalid_grant/,
  },
];

describe.each(GROUNDS)('while a login commits, $name', (ground) => {
  test('the change is first: the login is refused for that reason, and nothing of it is left', async () => {
    const { login, change } = await ground.arrange();
    const before = await left.snapshot();
    const played = await playInOrder(left.database.pool, change, login);
    await ground.restore?.();
    expect(played.first).toBe('done');
    expect(played.waited, 'the login has to wait for what it stands on').toBe(true);
    expect(ground.changeFirst).toContain((await refusalOf(played.second)) ?? 'admitted');
    await expectNoLoginLeft(before);
  });

  test('the login is first: it is whole, the change waits and then holds', async () => {
    const { login, visitor, change } = await ground.arrange();
    const played = await playInOrder(left.database.pool, login, change);
    try {
      expect(played.waited, 'the change has to wait for the login that stands on it').toBe(true);
      expect(codeOf(played.first), wordsOf(played.first)).toBeDefined();
      const redeemed = await visitor.redeem(played.first).then(
        () => 'tokens',
        (error: Error) => error.message,
      );
      expect(redeemed).toMatch(ground.codeAfterwards ?? /^tokens$/);
    } finally {
      await ground.restore?.();
    }
  });
});

describe('two logins at once, on two nodes', () => {
  test.each([
    ['one person', () => [key, key]],
    ['two subjects of the IdP with one address', () => [key, `${key}b`]],
  ] as const)('the same invitation, %s: the first is in, the second reads that it was used', async (_name, logins) => {
    const [one, two] = logins() as [string, string];
    cast.people[two] = { sub: `idp-${two}`, email, email_verified: true };
    const invitation = await cast.invite(email);
    const [a, b] = [new Visitor(cast), new Visitor(there)];
    const [pageA, pageB] = [await a.accept(invitation), await b.accept(invitation)];
    const before = await left.snapshot();
    const played = await playInOrder(
      left.database.pool,
      comeBack({ visitor: a, page: pageA }, one),
      comeBack({ visitor: b, page: pageB }, two),
    );
    expect(played.waited).toBe(true);
    expect(codeOf(played.first)).toBeDefined();
    expect(await refusalOf(played.second)).toBe('identify.invitation_not_found');
    const changed = diffSnapshots(before, await left.snapshot());
    for (const table of ['users', 'identities', 'members', 'member_roles', 'invitations', 'sessions', 'login_receipts'])
      expect(changed[table]?.added, table).toHaveLength(1);
  });

  test.each([
    ['a member who is linked', 'member'],
    ['a newcomer under auto-membership', 'auto'],
  ] as const)('three first logins of %s: one user, one identity, all get in', async (_name, kind) => {
    const path = `${acme()}/enabled_connections/${cast.acme.connectionId}`;
    if (kind === 'member') await cast.createMember(email);
    else await api('PATCH', path, { assign_membership_on_login: true });
    const [a, b, c] = [await atTheIdp(), await atTheIdp(there), await atTheIdp(there)];
    const before = await left.snapshot();
    const played = await playInOrder(left.database.pool, comeBack(a), comeBack(b), comeBack(c).run);
    if (kind === 'auto') await api('PATCH', path, { assign_membership_on_login: false });
    expect(played.waited).toBe(true);
    const changed = diffSnapshots(before, await left.snapshot());
    const answers = [played.first, played.second, played.others[0] as Visit];
    const subjects = await Promise.all(
      [a, b, c].map(async ({ visitor }, i) => (await visitor.redeem(answers[i] as Visit)).claims.sub),
    );
    expect(new Set(subjects).size).toBe(1);
    expect(changed.users?.added).toHaveLength(1);
    expect(changed.identities?.added).toHaveLength(1);
    expect(changed.members?.added).toHaveLength(1);
    // They have come in, and the company's sign-in alone does not use the membership (part 7 of the linking rule).
    if (kind === 'member') expect(changed.members?.added).toMatchObject([{ first_used_at: null }]);
    expect(changed.sessions?.added).toHaveLength(3);
  });

  test('a login, the removal of the member and a second login, in this order', async () => {
    userId = await cast.createMember(email);
    const [a, b] = [await atTheIdp(), await atTheIdp(there)];
    const removal = administer(/delete from "members"/, 'DELETE', `${acme()}/members`, { members: [userId] });
    const played = await playInOrder(left.database.pool, comeBack(a), removal, comeBack(b).run);
    expect(codeOf(played.first)).toBeDefined();
    expect(played.second).toBe('done');
    // The second login queues behind the removal or overtakes it; overtaken or not, nobody is a member at the end.
    expect(['admit.not_a_member', undefined]).toContain(await refusalOf(played.others[0] as Visit));
    const { rows } = await left.database.pool.query('select 1 from members where user_id = $1', [userId]);
    expect(rows).toEqual([]);
  });
});

describe('the token endpoint', () => {
  async function signedIn() {
    userId = await cast.createMember(email);
    const visitor = new Visitor(cast);
    return { visitor, answer: await visitor.throughSso(key, email) };
  }
  const removal = () => administer(/delete from "members"/, 'DELETE', `${acme()}/members`, { members: [userId] });
  const readd = () => api('POST', `${acme()}/members`, { members: [userId] });
  const refresh = (token: unknown) => askForTokens(cast, { grant_type: 'refresh_token', refresh_token: String(token) });
  const exchange = (visitor: Visitor, answer: Visit): Actor<string> => ({
    pool: left.server.pool,
    matches: /^with[\s\S]*(redeemed|rotated) as/,
    run: () =>
      visitor.redeem(answer).then(
        (tokens) => tokens.refreshToken,
        (error: Error) => error.message,
      ),
  });

  test('a code is exchanged while its member is removed: what came of it does not come back to life with a new membership', async () => {
    const { visitor, answer } = await signedIn();
    const played = await playInOrder(left.database.pool, exchange(visitor, answer), removal());
    expect(played.waited).toBe(true);
    expect(played.second).toBe('done');
    expect((await refresh(played.first)).status).toBe(403);
    await readd();
    expect((await refresh(played.first)).status, 'the token of the first membership').toBe(403);
  });

  test('a code is exchanged while a new password is set: what came of it is out with the old password', async () => {
    const { visitor, answer } = await signedIn();
    const body = { password: 'Another-horse-8-battery', connection: 'Username-Password-Authentication' };
    const change = administer(/(update|insert into) "password_credentials"/, 'PATCH', user(), body);
    const played = await playInOrder(left.database.pool, exchange(visitor, answer), change);
    expect(played.waited).toBe(true);
    expect(played.second).toBe('done');
    expect((await refresh(played.first)).status).toBe(403);
  });

  test('the member is removed while the code is exchanged: no tokens, or tokens that are worth nothing any more', async () => {
    const { visitor, answer } = await signedIn();
    const played = await playInOrder(left.database.pool, removal(), exchange(visitor, answer));
    expect(played.second).toMatch(/^token: 403 .*invalid_grant/);
  });

  test('a refresh while the member is removed, in both orders: never a token that outlives the membership', async () => {
    for (const order of ['refresh first', 'removal first'] as const) {
      key = `i${++people}`;
      email = `${key}@acme.example`;
      cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
      const { visitor, answer } = await signedIn();
      const { refreshToken } = await visitor.redeem(answer);
      const refreshing: Actor<{ status: number; body: Json }> = {
        pool: left.server.pool,
        matches: /^with[\s\S]*rotated as/,
        run: () => refresh(refreshToken),
      };
      const played =
        order === 'refresh first'
          ? await playInOrder(left.database.pool, refreshing, removal())
          : await playInOrder(left.database.pool, removal(), refreshing);
      expect(played.waited, order).toBe(true);
      const refreshed = (order === 'refresh first' ? played.first : played.second) as { status: number; body: Json };
      expect(refreshed.status, order).toBe(order === 'refresh first' ? 200 : 403);
      const newest = refreshed.body.refresh_token ?? refreshToken;
      expect((await refresh(newest)).status, order).toBe(403);
      await readd();
      expect((await refresh(newest)).status, `${order}, member again`).toBe(403);
    }
  });

  test('one code on two nodes, one refresh token on two nodes: one of the two has tokens', async () => {
    const { visitor, answer } = await signedIn();
    const other: Actor<string> = {
      ...exchange(visitor, answer),
      run: async () => {
        const elsewhere = Object.assign(Object.create(Object.getPrototypeOf(visitor)), visitor, {
          cast: there,
        }) as Visitor;
        return elsewhere.redeem(answer).then(
          (tokens) => tokens.refreshToken,
          (error: Error) => error.message,
        );
      },
    };
    const played = await playInOrder(left.database.pool, exchange(visitor, answer), other);
    expect(played.waited).toBe(true);
    expect(played.second).toMatch(/^token: 403 .*invalid_grant/);
    // A code presented twice was stolen from one of the two, so what came of it ended.
    expect((await refresh(played.first)).status).toBe(403);
  });
});

/**
 * Somebody who opened the account before its owner was bound to it loses what they hold with the binding (pre-hijacking). They can keep
 * asking for more all the time, so something of theirs is always on its way when the owner comes.
 */
describe('while a binding commits, whoever was in before', () => {
  async function planted() {
    userId = await cast.createMember(email);
    const early = new Visitor(cast);
    const first = await early.redeem(await early.withPassword(email));
    return { early, first, owner: await atTheIdp(there) };
  }
  const refresh = (token: unknown) => askForTokens(cast, { grant_type: 'refresh_token', refresh_token: String(token) });
  const on = <T>(matches: RegExp, run: () => Promise<T>): Actor<T> => ({ pool: left.server.pool, matches, run });
  const outcomeOf = (visitor: Visitor, answer: Visit) =>
    visitor.redeem(answer).then(
      (tokens) => tokens.refreshToken,
      (error: Error) => error.message,
    );

  async function expectOut(early: Visitor): Promise<void> {
    expect(answerOf(await early.open({ prompt: 'none' })).error).toBe('login_required');
  }

  test('uses his session: the code of it is worth nothing, and the session ends', async () => {
    const { early, owner } = await planted();
    const used = on(COMMIT, () => early.open({ prompt: 'none' }));
    const played = await playInOrder(left.database.pool, used, comeBack(owner));
    expect(played.waited).toBe(true);
    expect(codeOf(played.second)).toBeDefined();
    expect(await outcomeOf(early, played.first)).toMatch(/invalid_grant/);
    await expectOut(early);
  });

  test('signs in by the password: session and code end', async () => {
    const { owner } = await planted();
    const early = new Visitor(cast);
    const page = await early.type(await early.open(), email, 'password');
    const login = on(COMMIT, () => early.browser.submit(page, { password: PASSWORD }));
    const played = await playInOrder(left.database.pool, login, comeBack(owner));
    expect(played.waited).toBe(true);
    expect(codeOf(played.second)).toBeDefined();
    expect(await outcomeOf(early, played.first)).toMatch(/invalid_grant/);
    await expectOut(early);
  });

  test('exchanges a code, or a refresh token: what comes of it is worth nothing', async () => {
    const { early, first, owner } = await planted();
    const answer = await early.open({ prompt: 'none' });
    const exchange = on(/^with[\s\S]*redeemed as/, () => outcomeOf(early, answer));
    const played = await playInOrder(left.database.pool, exchange, comeBack(owner));
    expect(played.waited).toBe(true);
    expect(codeOf(played.second)).toBeDefined();
    expect((await refresh(played.first)).status).toBe(403);
    expect((await refresh(first.refreshToken)).status).toBe(403);
  });

  test('rotates a refresh token: the new one is worth nothing', async () => {
    const { first, owner } = await planted();
    const rotation = on(/^with[\s\S]*rotated as/, () => refresh(first.refreshToken));
    const played = await playInOrder(left.database.pool, rotation, comeBack(owner));
    expect(played.waited).toBe(true);
    expect(played.first.status).toBe(200);
    expect((await refresh(played.first.body.refresh_token)).status).toBe(403);
  });

  test('comes second: the session, the code and the refresh token are found ended', async () => {
    for (const what of ['session', 'code', 'refresh token'] as const) {
      key = `i${++people}`;
      email = `${key}@acme.example`;
      cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
      const { early, first, owner } = await planted();
      const answer = await early.open({ prompt: 'none' });
      const second = {
        run: async (): Promise<string> => {
          if (what === 'session') return answerOf(await early.open({ prompt: 'none' })).error ?? 'a code';
          if (what === 'code') return outcomeOf(early, answer);
          return String((await refresh(first.refreshToken)).status);
        },
      };
      const played = await playInOrder(left.database.pool, comeBack(owner), second);
      expect(played.waited, what).toBe(true);
      expect(codeOf(played.first)).toBeDefined();
      expect(played.second, what).toMatch(/login_required|access_denied|invalid_grant|403/);
    }
  });
});

test('three nodes start at once with an empty database: one schema, one signing key, and all of them serve', async () => {
  const database = await createTestDatabase({ template: 'empty' });
  const beside = { origin: `http://localhost:${await findFreePort()}`, database };
  const nodes = await Promise.all([0, 1, 2].map(() => startInstance({ beside })));
  try {
    const { rows } = await database.pool.query<{ keys: number; clients: number; tenants: number }>(
      `select (select count(*)::int from signing_keys) as keys, (select count(*)::int from clients) as clients,
        (select count(*)::int from tenant) as tenants`,
    );
    expect(rows[0]).toMatchObject({ keys: 1, tenants: 1 });
    const [one, ...others] = nodes as [Instance, ...Instance[]];
    const created = await one.api('POST', '/roles', { name: 'seen everywhere' });
    for (const node of others) expect((await node.api<Json[]>('GET', '/roles'))[0]?.id).toBe(created.id);
  } finally {
    for (const node of nodes) await node.stop();
    await database.drop();
  }
});

test('no schedule of this file ended in a deadlock that the database had to break', async () => {
  const { rows } = await left.database.pool.query<{ deadlocks: string }>(
    'select deadlocks::text from pg_stat_database where datname = current_database()',
  );
  expect(rows[0]?.deadlocks).toBe('0');
});

/** Deleting takes everything below with it, from the top down, while a login locks from the top down too: the database may
 * have to break a tie, and then one of the two tries again, unnoticed. */
describe.each([
  [
    'organization',
    (place: Place) => [/delete from "organizations"/, `/organizations/${place.id}`],
    'identify.unknown_organization',
  ],
  [
    'connection',
    (place: Place) => [/delete from "connections"/, `/connections/${place.connectionId}`],
    'identify.connection_not_enabled',
  ],
] as const)('while a login commits, the %s is deleted', (_what, target, code) => {
  async function arrange() {
    email = `dana@${key}.example`;
    const dana = { sub: `idp-${key}`, email, email_verified: true };
    const place = await cast.createPlace(key, { [key]: dana }, { domain: `${key}.example` });
    userId = await cast.createMember(email, { organizationId: place.id });
    const way = await atTheIdp(cast, { organization: place.id });
    const [matches, path] = target(place);
    return {
      login: comeBack(way),
      visitor: way.visitor,
      change: administer(matches as RegExp, 'DELETE', path as string),
    };
  }

  test('the deletion is first: refused, and nothing of the login is left', async () => {
    const { login, change } = await arrange();
    const before = await left.snapshot();
    const played = await playInOrder(left.database.pool, change, login);
    expect(played.first).toBe('done');
    expect(await refusalOf(played.second)).toBe(code);
    await expectNoLoginLeft(before);
  });

  test('the login is first: it is whole, then everything goes', async () => {
    const { login, visitor, change } = await arrange();
    const played = await playInOrder(left.database.pool, login, change);
    expect(played.second).toBe('done');
    expect(codeOf(played.first), wordsOf(played.first)).toBeDefined();
    await expect(visitor.redeem(played.first)).rejects.toThrow(/invalid_grant/);
  });
});
