/**
 * The Actions that people write most, each of them through a whole login: into the tokens, the profile, other services, and the Management
 * API of this very server with both releases of the auth0 package. Those of test/support/wild that need a server are all here.
 */
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Services, startServices } from '../actions/wild/services.js';
import { deployAction, exampleAction, managementSecrets, setOrder, useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import { hasOpenssl } from '../support/certificate.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';
import { getWild, NEEDS_A_SERVER } from '../support/wild.js';

const available = hasOpenssl();
if (!available)
  process.stderr.write('test/scenarios/actions-in-the-wild is skipped: the openssl command is not installed\n');

const NS = 'https://notebook.example';
/** The application's text for an exception; the log has the exception's own. */
const FAILED = 'an Action failed; the log has its error under the error_reference';
const ORDERS = ['after_actions', 'before_actions'] as const;

describe.skipIf(!available)('Actions in the wild', () => {
  const stage = useStage({ https: true, clientFields: { organization_usage: 'allow' } });
  const used = new Set<string>();
  const undo: (() => Promise<void>)[] = [];
  let services: Services;

  beforeAll(async () => {
    services = await startServices();
    await stage.enablement({ assign_membership_on_login: true, link_existing_members: 'never' });
  });
  afterEach(async () => {
    for (const one of undo.splice(0).reverse()) await one();
    await setOrder(stage.instance, 'after_actions');
  });
  afterAll(async () => {
    await services.stop();
  });

  /** Binds these, in this order, with secrets of their own and those for the Management API. */
  async function use(names: string | readonly string[], secrets: Record<string, string> = {}): Promise<void> {
    const actions = [names].flat().map(getWild);
    const known = { ...managementSecrets(stage.instance), ...secrets };
    for (const { name } of actions) used.add(name);
    const [{ trigger }] = actions as [ReturnType<typeof getWild>];
    undo.push(await useActions(stage.instance, trigger, ...actions.map((action) => ({ ...action, secrets: known }))));
  }
  const person = (name: string) => {
    stage.cast.people[name] = {
      sub: `idp-${name}`,
      email: `${name}@acme.example`,
      email_verified: true,
      name: `${name} x`,
    };
    return `oidc|acme-oidc|idp-${name}`;
  };
  async function enter(name: string) {
    const visitor = stage.visitor();
    return visitor.redeem(await visitor.throughSso(name, `${name}@acme.example`));
  }
  /** Secrets of a machine with these scopes alone: the token of one with all of them is too long for the cache, here as on Auth0. */
  async function createMachine(scope: readonly string[]): Promise<Record<string, string>> {
    const { api, origin } = stage.instance;
    const client = await api('POST', '/clients', {
      name: 'Actions',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
    });
    await api('POST', '/client-grants', { client_id: client.client_id, audience: `${origin}/api/v2/`, scope });
    return { clientId: String(client.client_id), clientSecret: String(client.client_secret) };
  }
  const getUser = (id: string) => stage.instance.api('GET', `/users/${encodeURIComponent(id)}`);
  async function memberIds(organizationId = stage.cast.acme.id) {
    const members = await stage.instance.api<{ user_id: string }[]>('GET', `/organizations/${organizationId}/members`);
    return members.map((member) => member.user_id);
  }
  async function printed(visit: Parameters<typeof stage.refusal>[0]): Promise<string> {
    return JSON.stringify((await stage.refusal(visit)).details.actions);
  }

  describe('claims', () => {
    test('roles, plan and profile are in the tokens; reserved names are the server’s', async () => {
      person('clara');
      await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, {
        metadata: { plan: 'team', seats: '5' },
      });
      await use(['roles-to-claims', 'organization-plan', 'profile-claims']);
      const invitation = await stage.cast.invite('clara@acme.example');
      const clara = stage.visitor();
      await stage.instance.api('POST', '/resource-servers', { identifier: 'urn:notes' });
      const page = await clara.accept(invitation, { audience: 'urn:notes' });
      const { claims, accessToken } = await clara.redeem(await clara.signInAtIdp(page, 'clara'));
      expect(claims).toMatchObject({
        [`${NS}/roles`]: ['editor'],
        [`${NS}/organization`]: { name: 'acme', display: 'Acme', plan: 'team', seats: 5, features: [] },
      });
      expect(claims).not.toHaveProperty('roles');
      const access = decodeJwt(accessToken);
      expect(access).toMatchObject({
        [`${NS}/plan`]: 'team',
        [`${NS}/seats`]: 5,
        email: 'clara@acme.example',
        email_verified: true,
        user_metadata: {},
      });
      expect(access).not.toHaveProperty('permissions');
    });

    test('without an organization: nothing of it, and what takes one for granted is told so', async () => {
      await stage.cast.createUser('solo@plain.example');
      await use(['roles-to-claims', 'organization-plan']);
      const solo = stage.visitor();
      const { claims } = await solo.redeem(
        await solo.withPassword('solo@plain.example', PASSWORD, { organization: '' }),
      );
      expect(claims).toMatchObject({ [`${NS}/roles`]: [] });
      expect(claims).not.toHaveProperty(`${NS}/organization`);
      await undo.pop()?.();
      await use('organization-taken-for-granted');
      const visit = await stage.visitor().withPassword('solo@plain.example', PASSWORD, { organization: '' });
      expect(answerOf(visit)).toMatchObject({ error: 'access_denied', error_description: FAILED });
      expect((await stage.refusal(visit)).description).toBe("Cannot read properties of undefined (reading 'name')");
      expect(await printed(visit)).toContain('organization-taken-for-granted.js:3:');
    });
  });

  describe('who may enter', () => {
    test('another domain is denied with the Action’s words, and nothing is left', async () => {
      person('dora');
      await use('domain-allow-list', { ALLOWED_DOMAINS: 'elsewhere.example' });
      const before = await stage.instance.snapshot();
      const visit = await stage.visitor().throughSso('dora', 'dora@acme.example');
      expect(answerOf(visit).error_description).toBe('Access to Notebook is not allowed.');
      await expectNothingLeft(stage.instance, before);
    });

    test('a policy for second factors refuses where the tenant accepts none; without one the login goes on', async () => {
      person('mona');
      await use('organization-mfa-policy', { DASHBOARD_CLIENT_ID: stage.cast.client.id });
      expect((await enter('mona')).claims.sub).toBe('oidc|acme-oidc|idp-mona');
      const policy = JSON.stringify({ enforce: true, providers: ['otp'], skipForDomains: [] });
      const path = `/organizations/${stage.cast.acme.id}`;
      await stage.instance.api('PATCH', path, { metadata: { mfaPolicy: policy } });
      const visit = await stage.visitor().throughSso('mona', 'mona@acme.example');
      await stage.instance.api('PATCH', path, { metadata: {} });
      expect(answerOf(visit).error).toBe('access_denied');
      expect((await stage.refusal(visit)).details.code).toBe('act.factors');
    });

    test('the age of a password counts from its last change, not from the account’s beginning', async () => {
      const id = await stage.cast.createMember('otto@plain.example');
      await stage.instance.database.pool.query(
        "with old as (update users set created_at = now() - interval '1 year' where user_id = $1) update password_credentials set changed_at = now() - interval '1 year' where user_id = $1",
        [id],
      );
      await use('password-age', { MAX_PASSWORD_DAYS: '90' });
      const visit = await stage.visitor().withPassword('otto@plain.example');
      expect(answerOf(visit).error_description).toBe('Please change your password.');
      const password = 'Another-horse-8-battery';
      await stage.instance.api('PATCH', `/users/${encodeURIComponent(id)}`, { password });
      expect(answerOf(await stage.visitor().withPassword('otto@plain.example', password)).code).toBeDefined();
    });

    test('pre-user-registration: the person reads the words meant for him', async () => {
      await use('sign-up-domains', { DOMAINS: 'uni.example' });
      const invitation = await stage.cast.invite('fred@plain.example', { connectionId: stage.cast.databaseId });
      const before = await stage.instance.snapshot();
      const fred = stage.visitor();
      const visit = await fred.browser.submit(await fred.accept(invitation), { password: PASSWORD });
      expect(wordsOf(visit)).toContain('Please sign up with your university address.');
      await expectNothingLeft(stage.instance, before, 'secret');
    });

    test('a machine: the code’s own OAuth error, or its claims', async () => {
      const { id, secret } = MANAGEMENT_CLIENT;
      const { origin } = stage.instance;
      const ask = async () => {
        const body = {
          grant_type: 'client_credentials',
          client_id: id,
          client_secret: secret,
          audience: `${origin}/api/v2/`,
        };
        const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
        return (await response.json()) as Record<string, string>;
      };
      await stage.instance.api('PATCH', `/clients/${id}`, { client_metadata: { org_id: 'org_robots' } });
      await use('machine-claims', { NETWORKS: '127.,::' });
      expect(decodeJwt((await ask()).access_token ?? '')).toMatchObject({ 'm2m.org_id': 'org_robots' });
      await undo.pop()?.();
      await use('machine-claims', { NETWORKS: '10.' });
      expect(await ask()).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringMatching(/get no token$/),
      });
    });
  });

  describe('metadata, sessions, other services', () => {
    test('counter and consent: the second login sees what the first has left', async () => {
      const id = person('carl');
      await use(['consent-once', 'login-counter']);
      expect((await enter('carl')).claims[`${NS}/new_device`]).toBe(true);
      const consent = (await getUser(id)).user_metadata;
      expect((await enter('carl')).claims[`${NS}/new_device`]).toBe(false);
      expect(await getUser(id)).toMatchObject({ user_metadata: consent, app_metadata: { count: 2 } });
    });

    test('session lifetimes of the organization, on a login that opens the session', async () => {
      const id = person('sven');
      const path = `/organizations/${stage.cast.acme.id}`;
      await stage.instance.api('PATCH', path, { metadata: { idle_lifetime: '600000', absolute_lifetime: '3600000' } });
      await use('session-lifetimes');
      await enter('sven');
      await stage.instance.api('PATCH', path, { metadata: {} });
      const { rows } = await stage.instance.database.pool.query<{ hours: number; idle: number }>(
        `select extract(epoch from expires_at - created_at) / 3600 as hours,
           extract(epoch from idle_expires_at - created_at) / 60 as idle from sessions where user_id = $1`,
        [id],
      );
      expect(Number(rows[0]?.hours)).toBeCloseTo(1, 1);
      expect(Number(rows[0]?.idle)).toBeCloseTo(10, 0);
    });

    test('the backend is told of the first login alone, and what it answers is in the profile', async () => {
      const id = person('wendy');
      await use('first-login-webhook', { BACKEND: services.url, BACKEND_KEY: 'key' });
      services.heard.length = 0;
      await enter('wendy');
      await enter('wendy');
      expect(services.heard.map(({ call }) => call)).toEqual(['POST /people']);
      expect(await getUser(id)).toMatchObject({ app_metadata: { backend_id: 'p-1' }, logins_count: 2 });
    });

    test('post-user-registration: a new account is told of after it is there', async () => {
      await use('welcome-hook', { HOOK: `${services.url}/hook`, HOOK_SECRET: 'hook' });
      services.heard.length = 0;
      const invitation = await stage.cast.invite('nina@plain.example', { connectionId: stage.cast.databaseId });
      const nina = stage.visitor();
      const { claims } = await nina.redeem(
        await nina.browser.submit(await nina.accept(invitation), { password: PASSWORD }),
      );
      await expect.poll(() => services.heard.map(({ call }) => call), { timeout: 10_000 }).toEqual(['POST /hook']);
      expect(JSON.parse(services.heard[0]?.body ?? '')).toMatchObject({ id: claims.sub, email: 'nina@plain.example' });
    });

    test('a profile page in the middle: the way back that the Action hands it leads here', async () => {
      const id = person('pia');
      const secret = 'known to the page and to the Action';
      await use('progressive-profile', { PROFILE_SECRET: secret, PROFILE_PAGE: `${services.url}/chat` });
      const pia = stage.visitor();
      const away = await pia.throughSso('pia', 'pia@acme.example');
      const key = new TextEncoder().encode(secret);
      const { payload } = await jwtVerify(away.url.searchParams.get('session_token') ?? '', key);
      expect(payload).toMatchObject({ sub: id, missing: ['department', 'phone'] });
      expect(payload.continue_uri).toBe(`${stage.instance.origin}/continue`);
      const state = away.url.searchParams.get('state') ?? '';
      const answer = new SignJWT({ state, other: { department: 'Sales', phone: '12' } }).setProtectedHeader({
        alg: 'HS256',
      });
      const token = await answer.setSubject(id).setIssuer('page').setIssuedAt().setExpirationTime('1m').sign(key);
      const query = new URLSearchParams({ state, session_token: token });
      await pia.redeem(await pia.browser.visit(`${payload.continue_uri}?${query}`));
      expect(await getUser(id)).toMatchObject({ user_metadata: { department: 'Sales', phone: '12' } });
    });
  });

  describe('the Management API from inside', () => {
    test.each(ORDERS)('%s: a token in the cache, a call with it', async (order) => {
      const email = `tom-${order.slice(0, 3)}@plain.example`;
      await stage.cast.createMember(email);
      await use('management-token-cache', await createMachine(['read:users', 'read:organizations']));
      await setOrder(stage.instance, order);
      for (const _round of [1, 2]) {
        const tom = stage.visitor();
        const { claims } = await tom.redeem(await tom.withPassword(email));
        expect(claims[`${NS}/organizations`]).toEqual(['acme']);
      }
      const lines = (await stage.logs()).filter((line) => line.type === 's').slice(0, 2);
      expect(JSON.stringify(lines[0]?.details.actions)).not.toContain('a new token');
    });

    test('the profile changed through the API in the middle of the login stays, and the login goes on', async () => {
      const id = await stage.cast.createMember('vic@plain.example');
      await use('update-user');
      for (const visits of [1, 2]) {
        const vic = stage.visitor();
        const { claims } = await vic.redeem(await vic.withPassword('vic@plain.example'));
        expect(claims[`${NS}/visits`]).toBe(visits);
      }
      expect(await getUser(id)).toMatchObject({ app_metadata: { visits: 2 }, logins_count: 2 });
    });

    test('before the commit somebody new is not there: the 404 of the API refuses the login, as any exception', async () => {
      person('ulf');
      await use('update-user');
      const before = await stage.instance.snapshot();
      const visit = await stage.visitor().throughSso('ulf', 'ulf@acme.example');
      expect(answerOf(visit)).toMatchObject({ error: 'access_denied', error_description: FAILED });
      expect((await stage.refusal(visit)).description).toBe('The user does not exist.');
      await expectNothingLeft(stage.instance, before);
      await setOrder(stage.instance, 'before_actions');
      expect((await enter('ulf')).claims[`${NS}/visits`]).toBe(1);
    });

    describe.each([
      ['4', 'sdk4'],
      ['7', 'sdk7'],
    ])('auth0 %s', (_major, sdk) => {
      test.each(ORDERS)('%s: who has no role gets the default one', async (order) => {
        const name = `rolf-${sdk}-${order.slice(0, 3)}`;
        const id = person(name);
        await use(`default-role-${sdk}`, { MEMBER_ROLE_ID: stage.cast.roleId });
        await setOrder(stage.instance, order);
        await enter(name);
        const path = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(id)}/roles`;
        const roles = async () => (await stage.instance.api<{ name: string }[]>('GET', path)).map((role) => role.name);
        // Before the commit there is no membership that could carry a role: the second login gives it.
        expect(await roles()).toEqual(order === 'before_actions' ? ['editor'] : []);
        await enter(name);
        expect(await roles()).toEqual(['editor']);
        // Other Actions give roles outside any organization for it: they do not count in one.
        const ofTenant = `/users/${encodeURIComponent(id)}/roles`;
        await stage.instance.api('DELETE', path, { roles: [stage.cast.roleId] });
        await stage.instance.api('POST', ofTenant, { roles: [stage.cast.roleId] });
        expect(await roles()).toEqual([]);
      });

      test('somebody without an organization is put into the one of his domain, three pages down', async () => {
        const domain = `${sdk}.example`;
        for (const index of [1, 2, 3]) {
          await stage.instance.api('POST', '/organizations', { name: `other-${sdk}-${index}` });
        }
        const found = await stage.instance.api<{ id: string }>('POST', '/organizations', {
          name: `wanted-${sdk}`,
          metadata: { mail_domain: domain },
        });
        const id = await stage.cast.createUser(`joe@${domain}`);
        await use(`join-organization-${sdk}`);
        const joe = stage.visitor();
        await joe.redeem(await joe.withPassword(`joe@${domain}`, PASSWORD, { organization: '' }));
        expect(await memberIds(found.id)).toEqual([id]);
        expect(await getUser(id)).toMatchObject({ app_metadata: { organization_id: found.id } });
      });
    });

    describe('two accounts with one verified address', () => {
      async function twins(sdk: string, order: (typeof ORDERS)[number]) {
        const name = `lena-${sdk}-${order.slice(0, 3)}`;
        const newcomer = person(name);
        const older = await stage.cast.createMember(`${name}@acme.example`);
        await use(`link-accounts-${sdk}`);
        await setOrder(stage.instance, order);
        return { name, newcomer, older };
      }

      test.each([
        ['4', 'sdk4', 'before_actions'],
        ['7', 'sdk7', 'before_actions'],
        // It names the connection too, so the identity may come later than the link.
        ['4', 'sdk4', 'after_actions'],
      ] as const)('auth0 %s (%s), %s: they become one, and the login is the older’s', async (_major, sdk, order) => {
        const { name, newcomer, older } = await twins(sdk, order);
        expect((await enter(name)).claims.sub).toBe(older);
        const { identities } = await getUser(older);
        expect(identities).toMatchObject([
          { provider: 'auth0' },
          { provider: 'oidc', user_id: `acme-oidc|idp-${name}` },
        ]);
        await stage.instance.api('GET', `/users/${encodeURIComponent(newcomer)}`, undefined, 404);
        // The next one finds them linked.
        expect((await enter(name)).claims.sub).toBe(older);
      });

      test('after_actions, without the connection: there is no second account yet that could be linked', async () => {
        const { name } = await twins('sdk7', 'after_actions');
        const before = await stage.instance.snapshot();
        const visit = await stage.visitor().throughSso(name, `${name}@acme.example`);
        expect(answerOf(visit).error_description).toBe(FAILED);
        expect((await stage.refusal(visit)).description).toContain('Linking an inexistent identity is not allowed.');
        await expectNothingLeft(stage.instance, before);
      });
    });

    test.each(ORDERS)('%s: sign-up by login is refused, and the account that it made is gone', async (order) => {
      const name = `gus-${order.slice(0, 3)}`;
      const id = person(name);
      await use('refuse-sign-up-by-login');
      await setOrder(stage.instance, order);
      const before = await stage.instance.snapshot();
      const visit = await stage.visitor().throughSso(name, `${name}@acme.example`);
      expect(answerOf(visit)).toMatchObject({ error: 'access_denied', error_description: 'sign-up is by invitation' });
      await stage.instance.api('GET', `/users/${encodeURIComponent(id)}`, undefined, 404);
      expect(await memberIds()).not.toContain(id);
      if (order === 'after_actions') await expectNothingLeft(stage.instance, before);
    });

    test('post-change-password: who was blocked is let in again', async () => {
      const id = await stage.cast.createMember('bo@plain.example');
      await stage.instance.api('PATCH', `/users/${encodeURIComponent(id)}`, { blocked: true });
      expect(await getUser(id)).toMatchObject({ blocked: true });
      const action = getWild('unblock-after-reset');
      used.add(action.name);
      const actionId = await deployAction(stage.instance, { ...action, secrets: managementSecrets(stage.instance) });
      const ran = await stage.instance.api('POST', `/actions/actions/${actionId}/test`, {
        payload: { user: { user_id: id } },
      });
      expect(JSON.stringify(ran)).toContain('unblocked: 200');
      expect(await getUser(id)).toMatchObject({ blocked: false });
    });

    test('the example of an exception from home realm discovery: whoever is on the list types a password', async () => {
      await stage.cast.createMember('contractor@acme.example');
      person('regular');
      const code = exampleAction('hrd-exception.js');
      const secrets = { passwordPeople: 'someone@else.example, Contractor@ACME.example' };
      undo.push(await useActions(stage.instance, 'login-post-identifier', { name: 'exception', code, secrets }));
      const contractor = stage.visitor();
      const page = await contractor.type(await contractor.open(), 'contractor@acme.example');
      expect(page.url.pathname, wordsOf(page)).toBe('/u/login/password');
      expect(answerOf(await contractor.browser.submit(page, { password: PASSWORD })).code).toBeDefined();
      expect((await enter('regular')).claims.sub).toBe('oidc|acme-oidc|idp-regular');
    });

    test('login-post-identifier: people who have a password keep it, others go to the company', async () => {
      await stage.cast.createMember('paul@acme.example');
      person('quinn');
      await use('password-people');
      const paul = stage.visitor();
      const page = await paul.type(await paul.open(), 'paul@acme.example');
      expect(page.url.pathname, wordsOf(page)).toBe('/u/login/password');
      await paul.redeem(await paul.browser.submit(page, { password: PASSWORD }));
      expect((await enter('quinn')).claims.sub).toBe('oidc|acme-oidc|idp-quinn');
    });
  });

  test('each Action that needs a server was run', () => {
    expect(NEEDS_A_SERVER.filter((name) => !used.has(name))).toEqual([]);
  });
});
