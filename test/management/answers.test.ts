/**
 * Every answer held against Auth0's: each operation that both have is called once, on resources made with the least that they need, and its
 * answer has the properties and types of Auth0's document (test/management/auth0-answers.subset.json) and what recordings of the service
 * always have. A served operation that nobody calls here fails the test.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADDED_VALUES } from '../../src/management/additions.js';
import { keyOf } from '../../src/management/api/operation.js';
import { createOperations } from '../../src/management/resources.js';
import { walkOperations } from '../support/every-operation.js';
import { type Management, startManagement } from './harness.js';

type Shape = { readonly [keyword: string]: unknown };
interface Answers {
  readonly operations: Readonly<Record<string, Shape>>;
  readonly definitions: Readonly<Record<string, Shape>>;
}

const auth0 = JSON.parse(
  readFileSync(new URL('./auth0-answers.subset.json', import.meta.url), 'utf8'),
) as unknown as Answers;

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
    ...['change_password', 'enabled_locales', 'error_page', 'guardian_mfa_page', 'universal_login', 'sandbox_version'],
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

/** Where the service departs from its document, and this server with it: a role without a description shows null. */
const DESCRIPTION_MAY_BE_NULL = /^((Get|Create|Update)?Role(ResponseContent)?|OrganizationMemberEffectiveRole)$/;

/** Auth0's definitions with the values that this server adds to them. */
function widened(name: string, definition: Shape): Shape {
  const { description, ...properties } = (definition.properties ?? {}) as Shape;
  if (description !== undefined && DESCRIPTION_MAY_BE_NULL.test(name))
    return { ...definition, properties: { ...properties, description: { type: ['string', 'null'] } } };
  const added = ADDED_VALUES[name];
  return added ? { ...definition, enum: [...(definition.enum as string[]), ...added] } : definition;
}

/** Operations that no request can make answer here, and where their answers are tested. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  'post /organizations/{id}/client-grants': 'refused: settings.test.ts',
  'post /custom-domains': 'refused: custom-domains.test.ts',
  'get /jobs/{id}/errors': 'needs the worker: user-imports.test.ts',
  'get /actions/executions/{id}': 'needs a login: actions-deployed.test.ts',
  'get /sessions/{id}': 'needs a login: sessions-by-api.test.ts',
  'get /refresh-tokens/{id}': 'needs a login: sessions-by-api.test.ts',
};

const OF_REQUESTS = new Set(['additionalProperties', 'format', 'pattern', 'maxLength', 'minLength', 'minItems']);

/** Types alone: further properties are open, and formats and lengths are those of requests. Open shapes of one list fit several forms. */
function asTypes(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => asTypes(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => areNames || !OF_REQUESTS.has(name));
  return Object.fromEntries(
    kept.map(([name, item]) => [name === 'oneOf' ? 'anyOf' : name, asTypes(item, !areNames && name === 'properties')]),
  );
}

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
const shared = served.filter((key) => Object.hasOwn(auth0.operations, key));

beforeAll(async () => {
  api = await startManagement();
  answers = await walkOperations(api, served);
});
afterAll(() => api.close());

const definitions = asTypes(
  Object.fromEntries(Object.entries(auth0.definitions).map(([name, one]) => [name, widened(name, one)])),
  true,
) as Shape;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'auth0', definitions });
const shapeOf = (key: string) =>
  ajv.compile(
    JSON.parse(
      JSON.stringify(asTypes(auth0.operations[key])).replaceAll('"#/definitions', '"auth0#/definitions'),
    ) as Shape,
  );

test('case=every-operation-of-both-is-called', () => {
  expect(shared.filter((key) => answers[key] === undefined).sort()).toEqual(Object.keys(NOT_CALLED).sort());
});

describe("types of Auth0's document", () => {
  test.each(shared)('%s', (key) => {
    const validate = shapeOf(key);
    const wrong = (answers[key] ?? []).flatMap((body) =>
      validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`),
    );
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
