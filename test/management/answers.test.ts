/**
 * Every answer held against Auth0's: each operation that both have is called once, on resources made with the least that they need, and its
 * answer has the properties and types of Auth0's document (test/management/auth0-answers.subset.json) and what recordings of the service
 * always have. A served operation that nobody calls here fails the test.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../src/management/api/operation.js';
import { createOperations } from '../../src/management/resources.js';
import { findWrongTypes, hasAnswer, type Shape } from '../support/answer-types.js';
import { walkOperations } from '../support/every-operation.js';
import { type Management, startManagement } from './harness.js';

const CLIENT = [
  ...['client_id', 'name', 'global', 'is_first_party', 'is_token_endpoint_ip_header_trusted', 'oidc_conformant'],
  ...['sso_disabled', 'cross_origin_auth', 'cross_origin_authentication', 'grant_types', 'custom_login_page_on'],
  ...['signing_keys', 'jwt_configuration.secret_encoded', 'jwt_configuration.lifetime_in_seconds'],
  ...['rotation_type', 'expiration_type', 'leeway', 'token_lifetime', 'idle_token_lifetime'].map(
    (name) => `refresh_token.${name}`,
  ),
  ...['refresh_token.infinite_token_lifetime', 'refresh_token.infinite_idle_token_lifetime'],
];
const USER = [
  ...['user_id', 'created_at', 'updated_at', 'email', 'email_verified', 'name', 'nickname', 'picture'],
  ...['connection', 'user_id', 'provider', 'isSocial'].map((name) => `identities.0.${name}`),
];
/** Properties of every recorded answer of Auth0's, by the first part of the path: facts of its public recordings. */
const RECORDED: Readonly<Record<string, readonly string[]>> = {
  '/clients': CLIENT,
  '/users': USER,
  '/connections': [
    ...['id', 'options', 'strategy', 'name', 'is_domain_connection', 'enabled_clients', 'realms', 'show_as_button'],
    ...['authentication.active', 'connected_accounts.active'],
  ],
  '/resource-servers': [
    ...['id', 'identifier', 'allow_offline_access', 'token_lifetime', 'token_lifetime_for_web', 'signing_alg'],
    ...['skip_consent_for_verifiable_first_party_clients', 'subject_type_authorization.client.policy'],
    'subject_type_authorization.user.policy',
  ],
  '/tenants/settings': [
    ...['change_password', 'enabled_locales', 'guardian_mfa_page', 'universal_login', 'sandbox_version'],
    ...['sandbox_versions_available.0', 'session_lifetime', 'idle_session_lifetime', 'flags.enable_sso'],
    ...['flags.universal_login', 'flags.disable_impersonation', 'flags.revoke_refresh_token_grant'],
    ...['flags.allow_changing_enable_sso', 'flags.disable_clickjack_protection_headers'],
  ],
  '/organizations': ['id', 'name', 'display_name', 'third_party_client_access', 'is_app_entitlement_active'],
  '/roles': ['id', 'name', 'description'],
  '/client-grants': ['id', 'client_id', 'audience', 'scope', 'subject_type'],
  '/actions/actions': [
    ...['id', 'name', 'supported_triggers', 'created_at', 'updated_at', 'code', 'dependencies', 'runtime', 'status'],
    ...['secrets', 'all_changes_deployed'],
  ],
};

/** Operations that no request can make answer here, and where their answers are tested. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  'put /keys/signing/{kid}/revoke': 'needs two minutes: signing-keys.test.ts',
  'get /jobs/{id}/errors': 'needs the worker: user-imports.test.ts',
  'get /actions/executions/{id}': 'needs a login: actions-deployed.test.ts',
  'get /sessions/{id}': 'needs a login: sessions-by-api.test.ts',
  'get /refresh-tokens/{id}': 'needs a login: sessions-by-api.test.ts',
  'patch /sessions/{id}': 'needs a login: sessions-by-api.test.ts',
  'patch /refresh-tokens/{id}': 'needs a login: sessions-by-api.test.ts',
};

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((here, name) => (here as Shape | undefined)?.[name], value);

/** The items of a list, in whichever form, or the one that was answered. */
function itemsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  const list = Object.entries(body as Shape).find(([name, value]) => Array.isArray(value) && name !== 'scopes');
  const isPage =
    ['start', 'next', 'per_page'].some((name) => name in (body as Shape)) || Object.keys(body as Shape).length === 1;
  return isPage && list !== undefined ? (list[1] as unknown[]) : [body];
}

let api: Management;
let answers: Readonly<Record<string, readonly unknown[]>>;
const served = createOperations({ strategies: [] } as never).map(keyOf);
const shared = served.filter(hasAnswer);

beforeAll(async () => {
  api = await startManagement();
  answers = await walkOperations(api, served);
}, 300_000);
afterAll(() => api.close());

test('case=every-operation-of-both-is-called', () => {
  expect(shared.filter((key) => answers[key] === undefined).sort()).toEqual(Object.keys(NOT_CALLED).sort());
});

describe("types of Auth0's document", () => {
  test.each(shared)('%s', (key) => {
    const wrong = (answers[key] ?? []).flatMap((body) => findWrongTypes(key, body));
    expect(wrong, JSON.stringify(answers[key])?.slice(0, 300)).toEqual([]);
  });
});

describe('properties of every recorded answer', () => {
  const cases = Object.entries(RECORDED).flatMap(([path, names]) =>
    shared
      .filter(
        (key) => !key.startsWith('delete') && (key.split(' ')[1] === path || key.split(' ')[1] === `${path}/{id}`),
      )
      .map((key) => ({ key, names })),
  );
  test.each(cases)('$key', ({ key, names }) => {
    for (const item of (answers[key] ?? []).flatMap(itemsOf))
      expect(
        names.filter((name) => at(item, name) === undefined),
        JSON.stringify(item),
      ).toEqual([]);
  });
});
