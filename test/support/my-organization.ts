/** The My Organization API in tests: registered, granted to the cast's application, and called with a member's token. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { FORMATS } from '../../src/management/api/formats.js';
import type { Cast, Visitor } from './cast.js';
import type { Json } from './instance.js';
import type { Stage } from './stage.js';

export const organizationAudience = (stage: Pick<Stage, 'instance'>) => `${stage.instance.origin}/my-org/`;

export const CONFIGURATION = { allowed_strategies: ['oidc', 'okta', 'samlp'], connection_deletion_behavior: 'allow' };

/** A member of Acme with a token of the API. */
export interface Administrator {
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

export interface MyOrganization {
  readonly server: Json;
  readonly grantId: string;
  readonly scopes: readonly string[];
  /** A role with every permission of the API, which members may give. */
  readonly adminRole: string;
  /** Makes a role with these permissions of the API. */
  createRole(name: string, permissions: readonly string[], marked?: boolean): Promise<string>;
  /** A member with these roles in the organization; Acme if none is given. */
  createMember(email: string, roles: readonly string[], organizationId?: string): Promise<string>;
  /** A new member with these roles, an administrator if none are given, and a token of `scope`, or of all scopes. */
  administrator(scope?: string, roles?: readonly string[]): Promise<Administrator>;
  /** Signs in with a password and returns a token of these scopes; all if none are given. */
  token(visitor: Visitor, email: string, scope?: string, parameters?: Record<string, string>): Promise<string>;
}

/** Registers the API, and lets the cast's application ask people's tokens for it. */
export async function registerMyOrganization(stage: Stage): Promise<MyOrganization> {
  const { api } = stage.instance;
  const cast: Cast = stage.cast;
  const audience = organizationAudience(stage);
  const server = await api('POST', '/resource-servers', { identifier: audience });
  const scopes = (server.scopes as { value: string }[]).map(({ value }) => value);
  const grant = await api('POST', '/client-grants', {
    ...{ client_id: cast.client.id, audience, subject_type: 'user', scope: scopes },
  });
  await api('PATCH', `/clients/${cast.client.id}`, { my_organization_configuration: CONFIGURATION });
  const createRole: MyOrganization['createRole'] = async (name, permissions, marked = true) => {
    const role = await api('POST', '/roles', { name, ...(marked && { assignable_by_organizations: true }) });
    if (permissions.length > 0)
      await api('POST', `/roles/${role.id}/permissions`, {
        permissions: permissions.map((one) => ({ permission_name: one, resource_server_identifier: audience })),
      });
    return role.id as string;
  };
  const adminRole = await createRole('organization admin', scopes);
  const createMember: MyOrganization['createMember'] = async (email, roles, organizationId = cast.acme.id) => {
    const id = await cast.createMember(email, { organizationId });
    const path = `/organizations/${organizationId}/members/${encodeURIComponent(id)}/roles`;
    if (roles.length > 0) await api('POST', path, { roles });
    return id;
  };
  const token: MyOrganization['token'] = async (visitor, email, scope = scopes.join(' '), parameters = {}) => {
    const asked = { audience, scope: `openid ${scope}`, ...parameters };
    const { accessToken } = await visitor.redeem(await visitor.withPassword(email, undefined, asked));
    return accessToken;
  };
  let people = 0;
  return {
    ...{ server, grantId: grant.id as string, scopes, adminRole, createRole, createMember, token },
    async administrator(scope, roles = [adminRole]) {
      people += 1;
      const email = `person${people}@acme.example`;
      const id = await createMember(email, roles);
      return { id, email, token: await token(stage.visitor(), email, scope) };
    },
  };
}

export interface MyOrganizationAnswer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

interface DocumentedAnswer {
  readonly statuses: readonly number[];
  readonly body?: object;
}
const subset = JSON.parse(
  readFileSync(new URL('../my-organization/auth0-answers.subset.json', import.meta.url), 'utf8'),
) as { readonly operations: Readonly<Record<string, DocumentedAnswer>>; readonly definitions: object };

/** Auth0's statuses and bodies of answers, by operation. */
export const DOCUMENTED_ANSWERS = subset.operations;
const PATTERNS = Object.keys(DOCUMENTED_ANSWERS).map((key) => {
  const [method = '', path = ''] = key.split(' ');
  return { key, method, pattern: new RegExp(`^(/v1)?${path.replace(/\{\w+\}/g, '[^/?]+')}(\\?.*)?$`) };
});
const ajv = new Ajv2020({ strict: false, validateFormats: true, logger: false });
for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
ajv.addSchema({ $id: 'answers', definitions: subset.definitions });
const ERRORS = [
  { $ref: 'answers#/definitions/ErrorResponseContent' },
  { $ref: 'answers#/definitions/ValidationErrorResponseContent' },
];
const absolute = (schema: object) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"answers#/definitions/'));

/**
 * Leaves out what Auth0's document does not have: the count of a list, which its SDK knows, and the check of a domain
 * and of an identity provider, which are ours.
 */
function withoutAdditions(path: string, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if (path.includes('include_totals=true')) {
    const { total: _, total_is_capped: __, ...rest } = body as Json;
    return rest;
  }
  if (!/\/(domains|identity-providers)\b/.test(path)) return body;
  const { check: _, ...rest } = body as Json;
  const cut = (items: unknown) => (Array.isArray(items) ? items.map(({ check: __, ...item }: Json) => item) : items);
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      ['organization_domains', 'identity_providers'].includes(key) ? cut(value) : value,
    ]),
  );
}

/** Fails when an answer is not as Auth0's document describes it. */
function compare(method: string, path: string, status: number, body: unknown): void {
  const found = PATTERNS.find((one) => one.method === method.toLowerCase() && one.pattern.test(path));
  const documented = found && DOCUMENTED_ANSWERS[found.key];
  if (status === 204 || documented === undefined) return;
  const schema = status < 300 ? absolute(documented.body ?? {}) : { anyOf: ERRORS };
  if (!ajv.validate(schema, withoutAdditions(path, body)))
    throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)} is not as documented: ${ajv.errorsText()}`);
}

/** Calls the API; `body` is sent as JSON. Compares every answer with Auth0's document. */
export async function myOrg(
  stage: Pick<Stage, 'instance'>,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<MyOrganizationAnswer> {
  const response = await fetch(`${stage.instance.address ?? stage.instance.origin}/my-org${path}`, {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as Json);
  compare(method, path, response.status, parsed);
  return { status: response.status, body: parsed, headers: response.headers };
}

/** The path of a member. */
export const memberPath = (id: string) => `/members/${encodeURIComponent(id)}`;

/** Bodies that fit Auth0's document. */
const SAMPLES: Readonly<Record<string, (ids: SampleIds) => unknown>> = {
  'post /identity-providers': () => ({
    ...{ name: 'sample', strategy: 'okta' },
    options: { domain: 'nobody.okta.invalid', client_id: 'x', client_secret: 'x' },
  }),
  'patch /identity-providers/{idp_id}': () => ({ is_enabled: true }),
  'post /identity-providers/{idp_id}/domains': ({ domain }) => ({ domain }),
  'patch /details': () => ({ display_name: 'Acme' }),
  'post /domains': () => ({ domain: 'sample.example' }),
  'post /identity-providers/{idp_id}/provisioning/scim-tokens': () => ({ token_lifetime: 3_600 }),
  'put /identity-providers/{idp_id}/provisioning/update-attributes': () => ({}),
  'put /identity-providers/{idp_id}/update-attributes': () => ({}),
  'post /delete-memberships': ({ user_id }) => ({ members: [user_id] }),
  'post /members/{user_id}/roles': ({ role }) => ({ role_ids: [role] }),
  'delete /members/{user_id}/roles': ({ role }) => ({ role_ids: [role] }),
  'post /members/{user_id}/unassign-roles': ({ role }) => ({ role_ids: [role] }),
  'post /member-invitations': () => ({ invitees: [{ email: 'guest@acme.example' }] }),
  'post /delete-member-invitations': ({ invitation_id }) => ({ invitations: [invitation_id] }),
};

export interface SampleIds {
  readonly idp_id: string;
  readonly domain: string;
  readonly domain_id: string;
  readonly idp_scim_token_id: string;
  readonly user_id: string;
  readonly invitation_id: string;
  readonly role: string;
}

/** Ids that nothing has. */
export const UNKNOWN: SampleIds = {
  idp_id: 'con_0000000000000000',
  domain: 'nobody.example',
  domain_id: 'ord_0000000000000000000000',
  idp_scim_token_id: 'tok_0000000000000000',
  user_id: 'auth0|nobody',
  invitation_id: 'uinv_0000000000000000',
  role: 'rol_0000000000000000',
};

/** Sends a valid request for an operation by its key, with these ids in every place. */
export function sendSample(
  stage: Pick<Stage, 'instance'>,
  key: string,
  token: string,
  ids: SampleIds = UNKNOWN,
): Promise<MyOrganizationAnswer> {
  const [method = '', path = ''] = key.split(' ');
  const filled = path.replace(/\{(\w+)\}/g, (_, name: keyof SampleIds) => encodeURIComponent(ids[name]));
  return myOrg(stage, token, method.toUpperCase(), filled, SAMPLES[key]?.(ids));
}
