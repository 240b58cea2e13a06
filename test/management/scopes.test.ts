/**
 * The scopes that a caller needs: every endpoint, and every property that takes a scope of its own, held against an extract of Auth0's own document
 * (scripts/extract-management-schemas.ts). Where this server differs, the difference is in a table here with its reason; a
 * difference that nobody wrote down fails, and so does a line that is no difference any more.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWN_SCOPES } from '../../src/management/additions.js';
import { keyOf } from '../../src/management/api/operation.js';
import { ANSWER_RULES, BODY_RULES, type PropertyRules } from '../../src/management/api/property-scopes.js';
import { getAcceptedScopes, MANAGEMENT_SCOPES } from '../../src/management/api/scopes.js';
import { createOperations } from '../../src/management/resources.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

interface Fact {
  readonly properties: readonly string[];
  readonly scopes: readonly string[];
}
type Extract = Readonly<Record<string, { readonly scopes: readonly string[]; readonly properties: readonly Fact[] }>>;

const auth0 = JSON.parse(
  readFileSync(new URL('./auth0-scopes.subset.json', import.meta.url), 'utf8'),
) as unknown as Extract;

/** Scopes that Auth0's document has at an endpoint and that open none here. */
const CLOSED: Readonly<Record<string, string>> = {
  'read:current_user': 'tokens of persons open nothing here',
  'update:current_user_metadata': 'tokens of persons open nothing here',
  'update:current_user_identities': 'tokens of persons open nothing here',
  'delete:current_user': 'tokens of persons open nothing here',
  'delete:current_user_device_credentials': 'tokens of persons open nothing here',
  'read:user_idp_tokens': 'no token of an identity provider is stored',
  'read:organizations_summary': 'the document does not say which properties it opens',
  'read:logs_users': 'the document does not say which lines it opens',
};

/** Endpoints that are this server's own, and what opens them. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  'get /organizations/search': ['read:organizations'],
  'get /resource-servers/search': ['read:resource_servers'],
  'patch /organizations/{id}/members/{user_id}': ['update:organization_members'],
  'get /organizations/{id}/clients': ['read:organization_clients'],
  'post /organizations/{id}/clients': ['create:organization_clients'],
  'delete /organizations/{id}/clients': ['delete:organization_clients'],
  'get /organizations/{id}/clients/{client_id}': ['read:organization_clients'],
  'patch /organizations/{id}/clients/{client_id}': ['update:organization_clients'],
  'post /organizations/{id}/explain': ['read:organizations'],
  'post /organizations/{id}/explain/people': ['read:organizations'],
  'post /organizations/{id}/explain/condition': ['read:organizations'],
  'get /organizations/{id}/people/totals': ['read:organization_members'],
  // These take read:users as well: tested in arrivals.test.ts.
  'get /organizations/{id}/enabled_connections/{connectionId}/people': ['read:organization_members'],
  'get /organizations/{id}/enabled_connections/{connectionId}/people/{user_id}': ['read:organization_members'],
  'post /organizations/{id}/enabled_connections/{connectionId}/explain/condition': ['read:organization_members'],
  // It takes read:users and read:organization_member_roles as well: tested in people.test.ts.
  'get /organizations/{id}/people': ['read:organization_members'],
  'post /organizations/{id}/discovery-domains/{discovery_domain_id}/verify': ['update:organization_discovery_domains'],
  'get /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles': ['read:organization_group_roles'],
  // It takes delete:organization_group_roles as well: tested in scim.test.ts.
  'patch /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles': ['create:organization_group_roles'],
  'post /organizations/{id}/people/find': ['read:organization_members'],
  'post /actions/check': ['update:actions'],
  // Recorded on Auth0, whose document lacks them.
  'get /guardian/factors/webauthn-roaming/settings': ['read:guardian_factors'],
  'put /guardian/factors/webauthn-roaming/settings': ['update:guardian_factors'],
  'get /guardian/factors/webauthn-platform/settings': ['read:guardian_factors'],
  'put /guardian/factors/webauthn-platform/settings': ['update:guardian_factors'],
  'post /organizations/{id}/expected-identities': ['update:users'],
  'post /organizations/{id}/expected-identities/remove': ['update:users'],
  // It takes update:connections as well: tested in test/scenarios/issuer-changed.test.ts.
  'post /connections/{id}/former-identities': ['update:users'],
  'post /users/{id}/identities/{provider}/{user_id}/move': ['update:users'],
  'get /users/{id}/moved-identities': ['read:users'],
  'get /users/{id}/evidence': ['read:users'],
  'get /connections/{id}/organizations': ['read:organization_connections'],
  'post /connections/organizations/find': ['read:organization_connections'],
  'post /connections/{id}/examine': ['read:connections_options'],
  'get /server/settings': ['read:tenant_settings'],
  'get /invitations': ['read:organization_invitations'],
  'post /users/{id}/moved-identities/{identity_id}/restore': ['update:users'],
};

/** Rules of Auth0's document about a property that are none here, each with the reason. */
const NOT_A_RULE: Readonly<Record<string, string>> = {
  access_token: 'no token of an identity provider is stored',
  access_token_secret: 'no token of an identity provider is stored',
  refresh_token: 'no token of an identity provider is stored',
  'fields=roles': 'the roles of a member are read only where they are asked for: tested below',
};

/** Rules that the texts of Auth0's document do not have. */
const BEYOND_THE_TEXTS: Readonly<Record<string, string>> = {
  'body post /tickets/password-change mark_email_as_verified':
    'the caller reads the link, which sets what PATCH /users/{id} sets as email_verified',
  'body patch /clients/{id} token_vault_privileged_access': 'the scope stands at the endpoint and bears its name',
  'body patch /users/{id} app_metadata': 'the scope stands at the endpoint and bears its name',
  'body patch /users/{id} blocked': 'a scope of our own, for those who block and must not set passwords',
  'body post /organizations enabled_connections': 'the scope stands at the endpoint, and is that of enabling one later',
  'body post /organizations/{id}/invitations roles': 'otherwise whoever may invite is an administrator at any customer',
  'body post /organizations/{id}/invitations app_metadata': 'what Actions and applications decide by',
  'body post /self-service-profiles/{id}/sso-ticket connection_config': 'whoever makes the link could open it',
  'body post /self-service-profiles/{id}/sso-ticket connection_id': 'whoever makes the link could open it',
  'body post /self-service-profiles/{id}/sso-ticket enabled_clients': 'whoever makes the link could open it',
  'body post /self-service-profiles/{id}/sso-ticket enabled_organizations': 'whoever makes the link could open it',
  'body post /jobs/users-imports upsert': 'it changes users',
  'body post /log-streams sink': 'it reads the log',
  'body patch /log-streams/{id} sink': 'it reads the log',
  'body patch /actions/actions/{id} deploy': 'an addition, which would give update:actions what takes create:actions',
  'answer post /organizations/{id}/invitations existing_member': 'an addition, which tells who has an account',
  'body post /organizations/{id}/explain *': 'an endpoint of our own, which tells who has an account',
  'body post /organizations/{id}/explain/people *': 'an endpoint of our own, which tells who has an account',
};

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement(async () => ({ outcome: 'refused', rule: 'not_a_member', trace: [] }));
  cast = await createCast(api);
});
afterAll(() => api.close());

/** A token of these scopes, as the harness spells it. */
const tokenOf = (scopes: readonly string[]) =>
  scopes.map((scope) => scope.replace(':', '.')).join('+') || 'read.nothing';
const without = (scopes: readonly string[]) => MANAGEMENT_SCOPES.filter((scope) => !scopes.includes(scope));
const isClosed = (answer: { status: number; body: { message?: string } | undefined }) =>
  answer.status === 403 && answer.body?.message?.startsWith('Insufficient scope, expected any of') === true;

describe('endpoints', () => {
  test('are opened by the scopes of Auth0, less those with a reason', () => {
    const used = new Set<string>();
    for (const operation of createOperations(api.deps)) {
      const key = keyOf(operation);
      const declared = auth0[key]?.scopes ?? OWN[key];
      expect(declared, `${key} is neither Auth0's nor named as our own`).toBeDefined();
      for (const scope of declared ?? []) if (CLOSED[scope] !== undefined) used.add(scope);
      const expected = declared?.filter((scope) => CLOSED[scope] === undefined).concat(OWN_SCOPES[key] ?? []);
      expect(getAcceptedScopes(operation), key).toEqual(expected);
      // They open one's own user only: here they would open everybody's.
      expect(expected?.filter((scope) => scope.includes('current_user'))).toEqual([]);
      for (const scope of expected ?? []) expect(MANAGEMENT_SCOPES, 'can be granted').toContain(scope);
      expect(expected?.length, key).toBeGreaterThan(0);
    }
    expect([...used].sort(), 'a closed scope that no endpoint names needs no reason').toEqual(
      Object.keys(CLOSED).sort(),
    );
  });

  test('open to each of their scopes alone, and to all the others together not', { timeout: 120_000 }, async () => {
    for (const operation of createOperations(api.deps)) {
      const key = keyOf(operation);
      const accepted = getAcceptedScopes(operation);
      const call = (scopes: readonly string[]) =>
        api.call(operation.method.toUpperCase(), operation.path.replace(/\{\w+\}/g, 'x'), undefined, tokenOf(scopes));
      expect(isClosed(await call(without(accepted))), `${key} without ${accepted}`).toBe(true);
      for (const scope of accepted) expect(isClosed(await call([scope])), `${key} with ${scope} alone`).toBe(false);
    }
  });
});

const neededFor = (rules: PropertyRules | undefined, property: string): readonly string[] =>
  rules?.named.find(({ properties }) => properties.includes(property))?.scopes ?? rules?.others ?? [];
const sorted = (scopes: readonly string[]) => [...new Set(scopes)].sort();

describe("properties, against the texts of Auth0's document", () => {
  const facts = Object.entries(auth0).flatMap(([key, { properties, scopes }]) =>
    properties.map((fact) => ({ key, fact, ofEndpoint: scopes })),
  );

  test('the extract has what is known to be there', () => {
    expect(facts.length).toBeGreaterThan(30);
    expect(facts).toContainEqual({
      key: 'patch /clients/{id}',
      fact: { properties: ['client_secret', 'signing_key'], scopes: ['update:client_keys'] },
      ofEndpoint: expect.anything(),
    });
  });

  test.each(facts.map((item) => [`${item.key}: ${item.fact.properties.join(', ').slice(0, 60)}`, item] as const))(
    '%s',
    (_title, { key, fact, ofEndpoint }) => {
      if (fact.properties.length === 0) return expect(ofEndpoint).toEqual(expect.arrayContaining([...fact.scopes]));
      for (const property of fact.properties.map((name) => name.split('.')[0] ?? '')) {
        if (NOT_A_RULE[property] !== undefined) continue;
        const body = neededFor(BODY_RULES[key], property);
        const answer = neededFor(ANSWER_RULES[key], property);
        // A text may speak of sending and of seeing in one sentence.
        const held = [body, answer, [...body, ...answer]].map(sorted);
        expect(held, `${property} at ${key}`).toContainEqual(sorted(fact.scopes));
      }
    },
  );

  test('every rule comes from there, or has a reason', () => {
    const found: string[] = [];
    for (const [place, table] of Object.entries({ body: BODY_RULES, answer: ANSWER_RULES })) {
      for (const [key, rules] of Object.entries(table)) {
        const isOfAuth0 = (property: string, scopes: readonly string[]) =>
          auth0[key]?.properties.some(
            (fact) => fact.properties.includes(property) && scopes.every((scope) => fact.scopes.includes(scope)),
          );
        const others = auth0[key] === undefined && rules.others ? ['*'] : [];
        const named = rules.named.flatMap(({ properties, scopes }) =>
          properties.filter((property) => !isOfAuth0(property, scopes)),
        );
        found.push(...[...named, ...others].map((property) => `${place} ${key} ${property}`));
      }
    }
    expect(found.sort()).toEqual(Object.keys(BEYOND_THE_TEXTS).sort());
  });
});

/** A form with a file of users. */
function toForm(fields: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  form.append('users', new Blob(['[]'], { type: 'application/json' }), 'users.json');
  return form;
}

describe('properties of a body', () => {
  const ACTION = { name: 'scopes', supported_triggers: [{ id: 'post-login', version: 'v3' }] };
  /** By endpoint: where it is called, and a value for each property of a rule, and for one of no rule. */
  const SAMPLES: Readonly<
    Record<string, () => Promise<{ path: string; base?: object; form?: true; values: Record<string, unknown> }>>
  > = {
    'post /clients': async () => ({
      path: '/clients',
      base: { name: 'Made' },
      values: { client_authentication_methods: { private_key_jwt: { credentials: [] } }, name: 'Made' },
    }),
    'patch /clients/{id}': async () => ({
      path: `/clients/${cast.client}`,
      values: {
        client_secret: 'a-secret-that-the-caller-chose',
        client_authentication_methods: null,
        token_vault_privileged_access: { credentials: [] },
        callbacks: ['https://elsewhere.example/callback'],
      },
    }),
    'patch /connections/{id}': async () => ({
      path: `/connections/${cast.oidcConnection}`,
      values: { options: { client_id: 'c' }, display_name: 'Acme' },
    }),
    'patch /users/{id}': async () => ({
      path: `/users/${encodeURIComponent(cast.bob)}`,
      values: { app_metadata: { plan: 'gold' }, blocked: true, password: 'Another-horse-9-battery' },
    }),
    'post /tickets/password-change': async () => ({
      path: '/tickets/password-change',
      base: { user_id: cast.bob },
      values: { mark_email_as_verified: true },
    }),
    'post /tickets/email-verification': async () => ({
      path: '/tickets/email-verification',
      values: { user_id: cast.bob },
    }),
    'post /organizations': async () => ({
      path: '/organizations',
      base: { name: 'made' },
      values: { enabled_connections: [{ connection_id: cast.databaseConnection }], display_name: 'Made' },
    }),
    'patch /actions/actions/{id}': async () => ({
      path: `/actions/actions/${(await api.post('/actions/actions', ACTION)).body.id}`,
      values: { deploy: true, code: 'exports.onExecutePostLogin = async () => {};' },
    }),
    'post /organizations/{id}/invitations': async () => ({
      path: `/organizations/${cast.organization}/invitations`,
      base: { inviter: { name: 'Sue' }, invitee: { email: 'new@acme.example' }, client_id: cast.client },
      values: { roles: [cast.role], app_metadata: { plan: 'gold' } },
    }),
    'post /self-service-profiles/{id}/sso-ticket': async () => ({
      path: `/self-service-profiles/${(await api.post('/self-service-profiles', { name: `tickets ${Math.random()}`.slice(0, 20) })).body.id}/sso-ticket`,
      values: {
        connection_config: { name: 'of-a-ticket' },
        connection_id: cast.oidcConnection,
        enabled_clients: [cast.client],
        enabled_organizations: [{ organization_id: cast.organization }],
      },
    }),
    'post /jobs/users-imports': async () => ({
      path: '/jobs/users-imports',
      form: true,
      base: { connection_id: cast.databaseConnection },
      values: { upsert: true },
    }),
    'post /log-streams': async () => ({
      path: '/log-streams',
      base: { type: 'http' },
      values: { sink: { httpEndpoint: 'https://collector.example/' } },
    }),
    'patch /log-streams/{id}': async () => ({
      path: `/log-streams/${(await api.post('/log-streams', { type: 'http', sink: { httpEndpoint: 'https://collector.example/' } })).body.id}`,
      values: { sink: { httpEndpoint: 'https://elsewhere.example/' } },
    }),
    'post /organizations/{id}/explain': async () => ({
      path: `/organizations/${cast.organization}/explain`,
      values: { email: 'dana@acme.example' },
    }),
    'post /organizations/{id}/explain/people': async () => ({
      path: `/organizations/${cast.organization}/explain/people`,
      values: { people: [{ email: 'dana@acme.example' }] },
    }),
  };

  test.each(Object.entries(BODY_RULES))('%s', async (key, rules) => {
    const sample = await SAMPLES[key]?.();
    expect(sample, `a sample for ${key}`).toBeDefined();
    const { path = '', base = {}, values = {}, form } = sample ?? {};
    const bodyWith = (property: string, value: unknown) => {
      const body = { ...base, [property]: value };
      return form === undefined ? body : toForm(body);
    };
    const method = key.split(' ')[0]?.toUpperCase() ?? '';
    // The schema of Auth0 knows no such property: nothing can be sent.
    const unknown = ['signing_key'];
    const named = rules.named.flatMap(({ properties }) => properties).filter((name) => !unknown.includes(name));
    expect(Object.keys(values)).toEqual(expect.arrayContaining(named));
    for (const [property, value] of Object.entries(values)) {
      const needed = neededFor(rules, property);
      const refused = await api.call(method, path, bodyWith(property, value), tokenOf(without(needed)));
      // Where the endpoint is opened by nothing else, it is the endpoint that refuses.
      expect([refused.status, refused.body.errorCode], `${property} without ${needed}`).toEqual([
        403,
        'insufficient_scope',
      ]);
      for (const scope of needed) {
        const opening = [...getAcceptedScopesOf(key), ...(rules.others ?? [])].filter(
          (other) => !needed.includes(other),
        );
        const answer = await api.call(method, path, bodyWith(property, value), tokenOf([...opening, scope]));
        expect(answer.status, `${property} with ${scope}: ${JSON.stringify(answer.body)}`).not.toBe(403);
      }
    }
  });

  const getAcceptedScopesOf = (key: string) => {
    const operation = createOperations(api.deps).find((item) => keyOf(item) === key);
    return operation === undefined ? [] : getAcceptedScopes(operation);
  };

  test('a person is blocked and let in again with the scope for that alone', async () => {
    const path = `/users/${encodeURIComponent(cast.bob)}`;
    for (const blocked of [true, false]) {
      const { status, body } = await api.patch(path, { blocked }, 'update.users_blocked');
      expect([status, body.blocked === true]).toEqual([200, blocked]);
    }
  });

  test('what asks for nothing needs no scope: false, an empty list', async () => {
    const body = { name: 'plain', enabled_connections: [] };
    expect((await api.post('/organizations', body, 'create.organizations')).status).toBe(201);
  });
});

describe('properties of an answer', () => {
  const visible = async (path: string, scopes: readonly string[]) => {
    const { status, body } = await api.get(path, tokenOf(scopes));
    expect(status).toBe(200);
    return Object.keys(Array.isArray(body) ? body.find((item) => item.name === 'Shown') : body);
  };
  let id: string;
  beforeAll(async () => {
    const methods = { private_key_jwt: { credentials: [] } };
    id = (await api.post('/clients', { name: 'Shown', app_type: 'regular_web', description: 'Seen' })).body.client_id;
    await api.patch(`/clients/${id}`, {
      client_authentication_methods: methods,
      encryption_key: { pub: 'p', cert: 'c' },
    });
  });

  test.each(['one', 'all'])('clients, %s: with each scope what Auth0 lists, and no more', async (which) => {
    const path = which === 'one' ? `/clients/${id}` : '/clients?per_page=100';
    const summary = ['app_type', 'client_id', 'description', 'name'];
    const keys = ['client_authentication_methods', 'client_secret', 'encryption_key'];
    expect((await visible(path, ['read:client_summary'])).sort()).toEqual(summary);
    const settings = await visible(path, ['read:clients']);
    expect(settings).toEqual(expect.arrayContaining([...summary, 'callbacks', 'grant_types']));
    for (const key of keys) expect(settings).not.toContain(key);
    // The client has no grant for the Management API: nobody is weaker.
    expect((await visible(path, ['read:client_credentials'])).sort()).toEqual([...summary, ...keys].sort());
    expect((await visible(path, ['read:client_keys'])).sort()).toEqual([...settings, ...keys].sort());
  });

  test('fields that may not be seen are refused by name', async () => {
    const refused = await api.get(`/clients/${id}?fields=name,client_secret`, 'read.clients');
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'Reading the "client_secret" property requires the "read:client_keys" or "read:client_credentials" scope.',
    ]);
    const left = await api.get(`/clients/${id}?fields=client_secret&include_fields=false`, 'read.clients');
    expect([left.status, 'client_secret' in left.body]).toEqual([200, false]);
    expect((await api.get(`/clients/${id}?fields=name`, 'read.client_summary')).body).toEqual({ name: 'Shown' });
  });

  test('options of a connection, wherever they are shown', async () => {
    const path = `/connections/${cast.oidcConnection}`;
    const seen = 'read:connections_options';
    const asked: readonly (readonly [string, string, object?])[] = [
      ['GET', path],
      ['GET', '/connections'],
      ['POST', '/connections', { name: 'shown-1', strategy: 'auth0' }],
      ['PATCH', path, { display_name: 'Acme' }],
    ];
    for (const [method, url, body] of asked) {
      const call = async (scopes: readonly string[]) => {
        const named = body && 'name' in body ? { ...body, name: `shown-${scopes.length}` } : body;
        const answer = await api.call(method, url, named, tokenOf(scopes));
        expect(answer.status, `${method} ${url}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
        return 'options' in (Array.isArray(answer.body) ? answer.body[0] : answer.body);
      };
      expect(await call(without([seen])), `${method} ${url} without ${seen}`).toBe(false);
      expect(await call(MANAGEMENT_SCOPES), `${method} ${url} with ${seen}`).toBe(true);
    }
  });

  test('roles of members', async () => {
    const path = `/organizations/${cast.organization}/members?fields=user_id,roles`;
    expect((await api.get(path, 'read.organization_members')).status).toBe(403);
    const both = await api.get(path, 'read.organization_members+read.organization_member_roles');
    expect(both.body).toEqual([{ user_id: cast.dana, roles: [] }]);
  });
});
