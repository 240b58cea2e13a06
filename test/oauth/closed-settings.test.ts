/**
 * Every setting that /authorize asks for, against the code and the refresh token that came of it: a setting that is closed in between ends both, or
 * a line here says why it does not. Also while an Action keeps the refresh waiting. The codes of REFUSALS are the list of what /authorize and
 * the login ask: a new one without a line here fails.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenCheck } from '../../src/http/oauth/checks.js';
import { REFUSALS } from '../../src/login/refusals.js';
import { API, CALLBACK, type CodeOptions, createFixture, DANA, type Fixture, SECRET, VERIFIER } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
  await at.run("update clients set refresh_leeway_seconds = 0, refresh_rotating = true where client_id = 'web'");
});
afterAll(() => at.stop());
afterEach(async () => {
  at.actions.answer = () => ({});
  await at.run("update tenant set actions_bound = '{}'");
});

interface Why {
  readonly why: string;
}
interface Row {
  /** The code of the login's refusal, or the name of a setting that has none. */
  readonly setting: string;
  readonly login?: CodeOptions;
  readonly arrange?: string;
  readonly close: string;
  readonly back: string;
  /** The check that refuses, or the reason why none does. */
  readonly code: TokenCheck | Why;
  readonly refresh: TokenCheck | Why;
  /** Where another check, or none, refuses once the setting was closed while an Action ran. */
  readonly acted?: TokenCheck | Why;
}

const WITHOUT = { organizationId: null, connectionId: 'con_pw' } as const;
const FOR_API = { audience: API, scope: 'openid offline_access read:things' } as const;
const both = (check: TokenCheck) => ({ code: check, refresh: check });

const ROWS: readonly Row[] = [
  {
    setting: 'identify.callback_mismatch',
    close: "update clients set callbacks = '{https://app.example.test/other}' where client_id = 'web'",
    back: `update clients set callbacks = '{${CALLBACK}}' where client_id = 'web'`,
    code: 'code.callback_removed',
    refresh: { why: 'a refresh token is sent by the application, whose address is no part of it (RFC 6749 section 6)' },
  },
  {
    setting: 'identify.organization_not_allowed',
    close: "update clients set organization_usage = 'deny' where client_id = 'web'",
    back: "update clients set organization_usage = 'allow' where client_id = 'web'",
    ...both('standing.organization_not_allowed'),
  },
  {
    setting: 'identify.organization_required',
    login: WITHOUT,
    close: "update clients set organization_usage = 'require' where client_id = 'web'",
    back: "update clients set organization_usage = 'allow' where client_id = 'web'",
    ...both('standing.organization_required'),
  },
  {
    setting: 'identify.unknown_audience',
    login: FOR_API,
    close: "update resource_servers set identifier = 'urn:renamed' where id = 'rs_1'",
    back: `update resource_servers set identifier = '${API}' where id = 'rs_1'`,
    ...both('grant.unknown_audience'),
    acted: { why: 'the API is gone: nobody is left who would read that one token' },
  },
  {
    setting: 'identify.api_closed',
    login: FOR_API,
    close: "update resource_servers set user_policy = 'deny_all' where id = 'rs_1'",
    back: "update resource_servers set user_policy = 'allow_all' where id = 'rs_1'",
    ...both('grant.api_closed'),
  },
  {
    setting: 'identify.api_not_granted',
    login: FOR_API,
    close: "update resource_servers set user_policy = 'require_client_grant' where id = 'rs_1'",
    back: "update resource_servers set user_policy = 'allow_all' where id = 'rs_1'",
    ...both('grant.none'),
  },
  {
    setting: 'identify.organization_blocked',
    close: 'update organizations set blocked = true',
    back: 'update organizations set blocked = false',
    ...both('standing.organization_blocked'),
  },
  {
    setting: 'identify.application_not_entitled',
    arrange: `insert into organization_clients (organization_id, client_id, use_for_member_access, created_at)
        values ('org_acme', 'web', true, now());
      update organizations set is_app_entitlement_active = true`,
    close: 'update organization_clients set use_for_member_access = false',
    back: 'delete from organization_clients; update organizations set is_app_entitlement_active = false',
    ...both('standing.application_not_entitled'),
  },
  {
    setting: 'identify.connection_not_enabled',
    close: 'update organization_connections set is_enabled = false',
    back: 'update organization_connections set is_enabled = true',
    ...both('standing.connection_not_enabled'),
  },
  {
    setting: 'the connection is enabled for the application',
    login: WITHOUT,
    close: "delete from connection_clients where connection_id = 'con_pw' and client_id = 'web'",
    back: "insert into connection_clients (connection_id, client_id) values ('con_pw', 'web')",
    ...both('standing.connection_not_enabled'),
  },
  {
    setting: 'identify.unknown_organization',
    login: { organizationId: 'org_gone' },
    arrange: `insert into organizations (id, name, created_at, updated_at) values ('org_gone', 'gone', now(), now());
      insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_gone', 'con_acme', 'r', now());
      insert into members (organization_id, user_id, via, created_at) values ('org_gone', '${DANA}', 'invited', now())`,
    close: "delete from organizations where id = 'org_gone'",
    back: '',
    code: 'code.unknown',
    refresh: 'refresh_token.unknown',
    acted: 'refresh_token.moved',
  },
  {
    setting: 'admit.organization_needed',
    login: { organizationId: null },
    arrange: `insert into connection_clients (connection_id, client_id) values ('con_acme', 'web');
      update identities set is_primary = true; update organization_connections set is_enabled = false`,
    close: 'update organization_connections set is_enabled = true',
    back: `delete from connection_clients where connection_id = 'con_acme' and client_id = 'web';
      update identities set is_primary = false`,
    ...both('standing.organization_needed'),
  },
  {
    setting: 'admit.not_own_connection',
    login: { organizationId: null },
    arrange: `insert into connection_clients (connection_id, client_id) values ('con_acme', 'web');
      update identities set is_primary = true; update organization_connections set is_enabled = false`,
    close: 'update identities set is_primary = false',
    back: `delete from connection_clients where connection_id = 'con_acme' and client_id = 'web';
      update organization_connections set is_enabled = true`,
    ...both('standing.organization_needed'),
  },
  {
    setting: 'admit.user_blocked',
    close: 'update users set blocked = true',
    back: 'update users set blocked = false',
    ...both('standing.user_blocked'),
  },
  {
    setting: 'admit.sso_required',
    login: { connectionId: 'con_pw' },
    arrange: `insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_acme', 'con_pw', 'r', now());
      update connections set domain_aliases = '{acme.example}' where id = 'con_acme'`,
    close: "update organization_connections set sso_rollout = 'required' where connection_id = 'con_acme'",
    back: `delete from organization_connections where connection_id = 'con_pw';
      update organization_connections set sso_rollout = 'optional';
      update connections set domain_aliases = '{}' where id = 'con_acme'`,
    ...both('standing.sso_required'),
  },
  {
    setting: 'admit.not_in_pilot',
    close: "update organization_connections set pilot_emails = '{sam@acme.example}' where connection_id = 'con_acme'",
    back: "update organization_connections set pilot_emails = '{}' where connection_id = 'con_acme'",
    ...both('standing.not_in_pilot'),
  },
  {
    setting: 'admit.not_a_member',
    close: 'delete from members',
    back: `insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${DANA}', 'invited', now())`,
    ...both('standing.not_a_member'),
  },
  {
    setting: 'the identity belongs to the account',
    close: "update identities set status = 'expected'",
    back: "update identities set status = 'bound'",
    ...both('standing.identity_unbound'),
  },
  {
    setting: 'grant type authorization_code',
    close: "update clients set grant_types = '{refresh_token}' where client_id = 'web'",
    back: "update clients set grant_types = '{authorization_code,refresh_token}' where client_id = 'web'",
    code: 'client.grant_type',
    refresh: { why: 'the grant type that gave the token is another one than that which uses it' },
  },
  {
    setting: 'grant type refresh_token',
    close: "update clients set grant_types = '{authorization_code}' where client_id = 'web'",
    back: "update clients set grant_types = '{authorization_code,refresh_token}' where client_id = 'web'",
    code: { why: 'the code gives an access token, and no refresh token' },
    refresh: 'client.grant_type',
  },
  {
    setting: 'allow_offline_access of the API',
    login: FOR_API,
    close: "update resource_servers set allow_offline_access = false where id = 'rs_1'",
    back: "update resource_servers set allow_offline_access = true where id = 'rs_1'",
    code: { why: 'the code gives an access token, and no refresh token' },
    refresh: 'refresh_token.offline_access',
  },
  {
    setting: 'scopes of the API',
    login: { audience: API, scope: 'offline_access read:things' },
    close: `update resource_servers set scopes = '[{"value": "write:things"}]' where id = 'rs_1'`,
    back: `update resource_servers set scopes = '[{"value": "read:things"}, {"value": "write:things"}]' where id = 'rs_1'`,
    code: { why: 'the token lacks the scope: permissions.test.ts' },
    refresh: { why: 'the token lacks the scope: permissions.test.ts' },
  },
  {
    setting: 'web_origins',
    close: "update clients set web_origins = '{}' where client_id = 'spa'",
    back: "update clients set web_origins = '{https://spa2.example.test}' where client_id = 'spa'",
    code: {
      why: 'it stops no application that has a server; a page of another origin cannot read the answer: discovery-cors.test.ts',
    },
    refresh: { why: 'as for the code' },
  },
  {
    setting: 'lifetime of refresh tokens',
    close: "update clients set refresh_lifetime_seconds = 60 where client_id = 'web'",
    back: "update clients set refresh_lifetime_seconds = 2592000 where client_id = 'web'",
    code: { why: 'the new token gets the new lifetime' },
    refresh: {
      why: 'the absolute end was fixed at the login, as at Auth0; a shorter idle lifetime counts from the next exchange on',
    },
  },
];

/** The other checks of a login, each with the reason why the token endpoint lacks it. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  'identify.unknown_client': 'codes and tokens go with their application: token-that-outlives-its-client.test.ts',
  'identify.invalid_request': 'the form of a request to /authorize',
  'identify.organization_not_an_id': 'names are looked up at /authorize; the code has the id',
  'identify.organization_name': 'names are looked up at /authorize; the code has the id',
  'identify.organization_not_chosen': 'the organization was chosen',
  'identify.invitation_not_found': 'the login used it up; the membership that it gave is asked for',
  'identify.no_connections': 'the connection of the login is asked for by itself',
  'identify.no_visible_connections': 'buttons of a page',
  'identify.connection_changed': 'a proof that is under way is dropped; one that was given stays, as at Auth0',
  'identify.request_too_large': 'the form of a request to /authorize',
  'admit.invitation_needs_company': 'the login used the invitation up',
  'admit.invitation_mismatch': 'the login used the invitation up',
};

const redeem = async (login: CodeOptions | undefined, close: string) => {
  const code = await at.seedCode(login);
  if (close !== '') await at.run(close);
  const usual = { client_id: 'web', client_secret: SECRET, code_verifier: VERIFIER, redirect_uri: CALLBACK };
  return at.post('/oauth/token', { grant_type: 'authorization_code', ...usual, code });
};
const refresh = (token: string | undefined) =>
  at.post('/oauth/token', {
    ...{ grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET, refresh_token: token ?? '' },
  });

async function expectAnswer(response: Awaited<ReturnType<typeof refresh>>, expected: TokenCheck | Why): Promise<void> {
  if (typeof expected !== 'string') return expect(response.statusCode, expected.why).toBe(200);
  expect(at.ledger.at(-1)?.details.check).toBe(expected);
  expect(response.statusCode, response.body).toBe(403);
  expect(response.json()).not.toHaveProperty('access_token');
  if (expected.startsWith('standing.organization_not') || expected === 'standing.organization_required')
    expect(response.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: REFUSALS[expected.replace('standing', 'identify') as keyof typeof REFUSALS].description,
    });
}

test('every question of a login has a line', () => {
  const asked = Object.keys(REFUSALS).filter((code) => /^(identify|admit)\./.test(code));
  const rows = ROWS.map(({ setting }) => setting);
  expect(asked.filter((code) => !rows.includes(code) && !(code in NOT_ASKED))).toEqual([]);
  expect(Object.keys(NOT_ASKED).filter((code) => !asked.includes(code) || rows.includes(code))).toEqual([]);
  expect(rows.filter((code) => /^(identify|admit)\./.test(code) && !asked.includes(code))).toEqual([]);
});

describe.each(ROWS)('$setting, closed', ({ login, arrange = '', close, back, code, refresh: refreshed, acted }) => {
  const arranged = async (work: () => Promise<void>) => {
    if (arrange !== '') await at.run(arrange);
    at.ledger.length = 0;
    await work().finally(async () => back === '' || (await at.run(back)));
  };

  test('before the code is exchanged; open, it is', async () => {
    await arranged(async () => {
      expect((await redeem(login, '')).statusCode).toBe(200);
      await expectAnswer(await redeem(login, close), code);
    });
  });

  test('before the refresh; open, it goes through', async () => {
    await arranged(async () => {
      const tokens = await at.signIn(login);
      const next = await refresh(tokens.refresh_token);
      expect(next.statusCode).toBe(200);
      await at.run(close);
      await expectAnswer(await refresh(next.json().refresh_token), refreshed);
    });
  });

  test('while an Action keeps the refresh waiting', async () => {
    await at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r'");
    await arranged(async () => {
      const tokens = await at.signIn(login);
      at.actions.answer = async () => {
        await at.run(close);
        return {};
      };
      await expectAnswer(await refresh(tokens.refresh_token), acted ?? refreshed);
    });
  });
});
