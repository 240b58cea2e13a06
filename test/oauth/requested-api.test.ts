/** Refresh tokens for several APIs (`refresh_token.policies`): what an application gets for which of them, and what it never gets. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { diffSnapshots, snapshotTables } from '../support/database.js';
import { type FactorsApi, forgetFactors, OTP, useFactorsApi } from './factors-fixture.js';
import { API, createFixture, DANA, type Fixture, ORIGIN, SECRET } from './fixture.js';

const BILLING = 'https://billing.example.test';
const BILLS = { audience: BILLING, scope: ['read:bills', 'pay:bills'] };

let at: Fixture;
let api: FactorsApi;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
  await at.run(`insert into resource_servers (id, identifier, name, token_lifetime_seconds, allow_offline_access, scopes, created_at)
    values ('rs_9', '${BILLING}', 'Billing', 900, true, '[{"value": "read:bills"}, {"value": "pay:bills"}, {"value": "void:bills"}]', now())`);
  await at.run("insert into roles (id, name, created_at) values ('rol_payer', 'payer', now())");
  await at.run(
    "insert into role_permissions (role_id, resource_server_id, permission) values ('rol_payer', 'rs_9', 'read:bills'), ('rol_payer', 'rs_9', 'pay:bills')",
  );
});
afterAll(() => at.stop());
beforeEach(async () => {
  at.ledger.length = 0;
  at.actions.runs.length = 0;
  at.actions.answer = () => ({});
  await at.run("update tenant set actions_bound = '{}'");
  await at.run("update clients set refresh_leeway_seconds = 0, refresh_rotating = true where client_id = 'web'");
  await at.run("delete from member_roles; delete from client_grants where client_id = 'web'");
  await set("user_policy = 'allow_all', enforce_policies = false, allow_offline_access = true");
  await at.run("update resource_servers set allow_offline_access = true where id = 'rs_1'");
  await allow(BILLS);
});

/** Changes the API Billing. */
const set = (values: string) => at.run(`update resource_servers set ${values} where id = 'rs_9'`);
const allow = (...policies: unknown[]) =>
  at.run("update clients set extra = jsonb_build_object('refresh_token', jsonb_build_object('policies', $1::jsonb))", [
    JSON.stringify(policies),
  ]);
const assign = () =>
  at.run("insert into member_roles (organization_id, user_id, role_id) values ('org_acme', $1, 'rol_payer')", [DANA]);

const ask = (token: string | undefined, change: Record<string, string> = {}) =>
  at.post('/oauth/token', {
    ...{ grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET, refresh_token: token ?? '' },
    ...change,
  });
const signIn = (scope = 'openid email offline_access read:things') => at.signIn({ audience: API, scope });

/** Asks for Billing with a new login. */
async function bills(scope?: string, change: Record<string, string> = {}) {
  const { refresh_token } = await signIn();
  return ask(refresh_token, { audience: BILLING, ...(scope !== undefined && { scope }), ...change });
}

describe('an API of a policy', () => {
  test('gets a token of its own, in the organization of the login, with an ID token for the application', async () => {
    const response = await bills('openid email offline_access read:bills');
    expect(response.statusCode, response.body).toBe(200);
    const body = response.json();
    expect(body).toMatchObject({ scope: 'openid email offline_access read:bills', expires_in: 900 });
    const claims = decodeJwt(body.access_token);
    expect([claims.aud].flat()).toContain(BILLING);
    expect([claims.aud].flat()).not.toContain(API);
    expect(claims).toMatchObject({ sub: DANA, org_id: 'org_acme', scope: body.scope, azp: 'web' });
    expect(decodeJwt(body.id_token)).toMatchObject({ aud: 'web', sub: DANA, org_id: 'org_acme', sid: 'ses_1' });
    const [line] = await at.run(
      "select details from logs where type = 'sertft' order by date desc, log_id desc limit 1",
    );
    expect(line?.details).toEqual({ audience: BILLING, scope: body.scope });
  });

  test('without `scope` it gets all scopes of the policy; none of the ID token if they are not asked', async () => {
    expect((await bills()).json().scope).toBe('openid email offline_access read:bills pay:bills');
    const alone = (await bills('read:bills')).json();
    expect(alone.scope).toBe('read:bills');
    expect(alone).not.toHaveProperty('id_token');
  });

  test('tokens of the login’s API follow as before: the family does not fork', async () => {
    const { refresh_token: first } = await signIn();
    const second = (await ask(first, { audience: BILLING, scope: 'read:bills' })).json().refresh_token;
    const third = (await ask(second)).json();
    expect(third.scope).toBe('openid email offline_access read:things');
    expect([decodeJwt(third.access_token).aud].flat()).toContain(API);
    const fourth = (await ask(third.refresh_token, { audience: API })).json();
    expect(fourth.scope).toBe('openid email offline_access read:things');
    const rows = await at.run('select distinct family_id, audience, scope from refresh_tokens where created_at = $1', [
      at.now(),
    ]);
    expect(new Set(rows.map(({ audience }) => audience))).toEqual(new Set([API]));
  });

  test('the login’s API gives more scopes by a policy of its own, where they are named', async () => {
    await allow({ audience: API, scope: ['write:things', 'profile'] });
    const { refresh_token } = await signIn();
    const more = (await ask(refresh_token, { audience: API, scope: 'openid profile read:things write:things' })).json();
    expect(more.scope).toBe('openid read:things write:things');
    expect((await ask(more.refresh_token)).json().scope).toBe('openid email offline_access read:things');
  });

  test('a token that does not rotate serves several APIs, too', async () => {
    await at.run("update clients set refresh_rotating = false where client_id = 'web'");
    const { refresh_token } = await signIn();
    for (const audience of [BILLING, API, BILLING]) {
      const body = (await ask(refresh_token, { audience })).json();
      expect([decodeJwt(body.access_token).aud].flat()).toContain(audience);
      expect(body).not.toHaveProperty('refresh_token');
    }
  });
});

describe('attack=', () => {
  /** Asks for an API, and checks that the answer has this error, that nothing is rotated, and what the log says. */
  async function expectNo(change: Record<string, string>, status: number, error: string, check: string) {
    const { refresh_token } = await signIn();
    const before = await snapshotTables(at.database.pool);
    const response = await ask(refresh_token, change);
    expect([response.statusCode, response.json().error]).toEqual([status, error]);
    expect(at.ledger.map(({ type, details }) => [type, details.check])).toEqual([['fertft', check]]);
    expect(diffSnapshots(before, await snapshotTables(at.database.pool))).toEqual({});
    return response.json();
  }

  test('an API without a policy: the words by which SDKs go on with a hidden frame', async () => {
    const body = await expectNo({ audience: 'urn:tenant' }, 400, 'invalid_target', 'refresh_token.no_policy');
    expect(body.error_description).toContain("Missing Refresh Token (audience: 'urn:tenant')");
    expect(at.ledger[0]).toMatchObject({ userId: DANA, organizationId: 'org_acme', clientId: 'web' });
  });

  test.each([
    ['an API that does not exist', 'urn:nothing'],
    ['the API of the person’s factors', `${ORIGIN}/mfa/`],
    ['the Management API', `${ORIGIN}/api/v2/`],
    ['a token for /userinfo alone', `${ORIGIN}/userinfo`],
    ['a text that no answer may repeat', 'urn:"\\\u0007é'],
  ])('%s', async (_, audience) => {
    await expectNo({ audience }, 400, 'invalid_target', 'refresh_token.no_policy');
  });

  test.each([`${ORIGIN}/mfa/`, `${ORIGIN}/api/v2/`])(
    'a policy for %s that was stored earlier opens nothing',
    async (audience) => {
      await allow({ audience, scope: ['enroll', 'create:users'] });
      await expectNo({ audience }, 400, 'invalid_target', 'refresh_token.no_policy');
    },
  );

  test('a policy for an API that was deleted', async () => {
    await allow({ audience: 'urn:gone', scope: ['read:bills'] });
    await expectNo({ audience: 'urn:gone' }, 403, 'access_denied', 'grant.unknown_audience');
  });

  test('the policy of another application', async () => {
    await at.run("update clients set extra = '{}' where client_id = 'web'");
    await expectNo({ audience: BILLING }, 400, 'invalid_target', 'refresh_token.no_policy');
  });

  test('the refresh token of another application, though that one has the policy', async () => {
    const { refresh_token } = await at.signIn({ clientId: 'spa', audience: API, scope: 'openid offline_access' });
    const response = await ask(refresh_token, { audience: BILLING });
    expect([response.statusCode, response.json().error]).toEqual([403, 'invalid_grant']);
    expect(at.ledger[0]?.details.check).toBe('refresh_token.other_client');
  });

  test('another organization in the request does not change whose token it is', async () => {
    const body = (await bills('read:bills', { organization: 'org_beta' })).json();
    expect(decodeJwt(body.access_token).org_id).toBe('org_acme');
  });

  test('scopes beyond the policy, of another API, or that nobody registered are left out', async () => {
    const body = (await bills('openid read:bills void:bills read:things refund:bills')).json();
    expect(body.scope).toBe('openid read:bills');
    expect((await bills('void:bills')).json().error).toBe('invalid_scope');
  });

  test('scopes of OpenID Connect beyond the login, though a policy names them', async () => {
    await allow({ audience: BILLING, scope: ['read:bills', 'profile', 'openid', 'offline_access'] });
    expect((await bills('openid profile read:bills')).json().scope).toBe('openid read:bills');
    const { refresh_token } = await signIn('offline_access read:things');
    const body = (await ask(refresh_token, { audience: BILLING, scope: 'openid read:bills' })).json();
    expect(body.scope).toBe('read:bills');
    expect(body).not.toHaveProperty('id_token');
  });

  test('scopes that the person’s roles in the organization do not permit', async () => {
    await set('enforce_policies = true');
    expect((await bills()).json().scope).toBe('openid email offline_access');
    await assign();
    expect((await bills('openid read:bills void:bills')).json().scope).toBe('openid read:bills');
    await at.run('delete from member_roles');
    expect((await bills('openid read:bills')).json().scope).toBe('openid');
  });

  test('an API that needs a client grant, without one, and with one of fewer scopes', async () => {
    await set("user_policy = 'require_client_grant'");
    await expectNo({ audience: BILLING }, 403, 'access_denied', 'grant.none');
    await at.run(
      `insert into client_grants (client_id, audience, subject_type, id, scopes, created_at)
       values ('web', '${BILLING}', 'user', 'cgr_9', '{pay:bills}', now())`,
    );
    expect((await bills('openid read:bills pay:bills')).json().scope).toBe('openid pay:bills');
  });

  test('an API that is closed to people, or gives no refresh tokens', async () => {
    await set("user_policy = 'deny_all'");
    await expectNo({ audience: BILLING }, 403, 'access_denied', 'grant.api_closed');
    at.ledger.length = 0;
    await set("user_policy = 'allow_all', allow_offline_access = false");
    await expectNo({ audience: BILLING }, 403, 'invalid_grant', 'refresh_token.offline_access');
  });

  test('the login’s API stopped giving refresh tokens: another API does not help', async () => {
    const { refresh_token } = await signIn();
    await at.run("update resource_servers set allow_offline_access = false where id = 'rs_1'");
    const response = await ask(refresh_token, { audience: BILLING });
    expect([response.statusCode, at.ledger[0]?.details.check]).toEqual([403, 'refresh_token.offline_access']);
  });

  test('a policy that was removed since the login', async () => {
    const { refresh_token } = await signIn();
    const second = (await ask(refresh_token, { audience: BILLING })).json().refresh_token;
    await allow();
    expect((await ask(second, { audience: BILLING })).json().error).toBe('invalid_target');
    expect((await ask(second)).statusCode).toBe(200);
  });

  test.each([
    ['a removed member', "delete from members where user_id = 'auth0|dana'", 'standing.not_a_member'],
    [
      'a blocked organization',
      "update organizations set blocked = true where id = 'org_acme'",
      'standing.organization_blocked',
    ],
    ['a blocked person', "update users set blocked = true where user_id = 'auth0|dana'", 'standing.user_blocked'],
  ])('%s', async (_, sql, check) => {
    const { refresh_token } = await signIn();
    await at.run(sql);
    const response = await ask(refresh_token, { audience: BILLING });
    await at.run('update organizations set blocked = false; update users set blocked = false');
    await at.run(
      `insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${DANA}', 'invited', now()) on conflict do nothing`,
    );
    expect([response.statusCode, at.ledger[0]?.details.check]).toEqual([403, check]);
  });

  test('a token that was used for one API and comes back for another ends the family', async () => {
    const { refresh_token: stolen } = await signIn();
    const next = (await ask(stolen, { audience: BILLING })).json().refresh_token;
    at.advance(10);
    expect((await ask(stolen, { audience: API })).json().error).toBe('invalid_grant');
    expect((await ask(next)).json().error).toBe('invalid_grant');
    expect(at.ledger.map(({ details }) => details.check)).toEqual(['refresh_token.reused', 'refresh_token.revoked']);
  });
});

describe('Actions', () => {
  beforeEach(() => at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r1'"));

  test('are told the API that is asked for, and that of the login', async () => {
    await bills('openid read:bills');
    expect(at.actions.runs[0]?.event).toMatchObject({
      resource_server: { identifier: BILLING },
      refresh_token: {
        resource_servers: [{ audience: API, scopes: 'openid email offline_access read:things' }],
      },
      transaction: { requested_scopes: ['openid', 'read:bills'] },
    });
  });

  test.each([
    ['the policy is removed', () => allow(), 'invalid_target'],
    ['the API is deleted', () => set("identifier = 'urn:renamed'"), 'access_denied'],
    ['the API is closed', () => set("user_policy = 'deny_all'"), 'access_denied'],
    ['its refresh tokens are turned off', () => set('allow_offline_access = false'), 'invalid_grant'],
    [
      'those of the login are turned off',
      () => at.run("update resource_servers set allow_offline_access = false where id = 'rs_1'"),
      'invalid_grant',
    ],
  ])('attack=while they run, %s', async (_, change, error) => {
    const { refresh_token } = await signIn();
    at.actions.answer = async () => {
      await change();
      return {};
    };
    const response = await ask(refresh_token, { audience: BILLING });
    await set(`identifier = '${BILLING}'`);
    expect(response.json().error, response.body).toBe(error);
  });

  test('attack=while they run, a scope leaves the policy', async () => {
    const { refresh_token } = await signIn();
    at.actions.answer = async () => {
      await allow({ audience: BILLING, scope: ['read:bills'] });
      return {};
    };
    expect((await ask(refresh_token, { audience: BILLING, scope: 'openid read:bills pay:bills' })).json().scope).toBe(
      'openid read:bills',
    );
  });

  describe('that ask for a second factor', () => {
    let secret = '';
    beforeEach(async () => {
      await forgetFactors(at);
      at.actions.answer = () => ({ effects: [{ kind: 'multifactor', provider: 'any', remembers: false }] });
      secret = (await api.enrol()).secret;
    });
    const answer = (mfaToken: string, more: Record<string, string> = {}) =>
      api.answer(mfaToken, { grant_type: OTP, otp: api.codeOf(secret), ...more });

    test('the token that follows is for the API that was asked for', async () => {
      const { refresh_token } = await signIn();
      const refused = await ask(refresh_token, { audience: BILLING, scope: 'openid read:bills' });
      expect([refused.statusCode, refused.json().error]).toEqual([403, 'mfa_required']);
      const mfaToken = refused.json().mfa_token;
      const elsewhere = await answer(mfaToken, { audience: API });
      expect(elsewhere.json().error).toBe('invalid_target');
      const body = (await answer(mfaToken, { audience: BILLING })).json();
      expect(body.scope, JSON.stringify(body)).toBe('openid read:bills');
      expect([decodeJwt(body.access_token).aud].flat()).toContain(BILLING);
    });

    test('attack=the policy is removed before the code is sent', async () => {
      const { refresh_token } = await signIn();
      const refused = await ask(refresh_token, { audience: BILLING, scope: 'openid read:bills' });
      await allow();
      expect((await answer(refused.json().mfa_token)).json().error).toBe('invalid_target');
    });
  });
});
