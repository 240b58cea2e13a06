/** The My Organization API in tests: registered, granted to the cast's application, and called with a member's token. */
import type { Cast, Visitor } from './cast.js';
import type { Json } from './instance.js';
import type { Stage } from './stage.js';

export const organizationAudience = (stage: Pick<Stage, 'instance'>) => `${stage.instance.origin}/my-org/`;

export const CONFIGURATION = { allowed_strategies: ['oidc', 'okta', 'samlp'], connection_deletion_behavior: 'allow' };

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
  return {
    server,
    grantId: grant.id as string,
    scopes,
    adminRole: await createRole('organization admin', scopes),
    createRole,
    async createMember(email, roles, organizationId = cast.acme.id) {
      const id = await cast.createMember(email, { organizationId });
      const path = `/organizations/${organizationId}/members/${encodeURIComponent(id)}/roles`;
      if (roles.length > 0) await api('POST', path, { roles });
      return id;
    },
    async token(visitor, email, scope = scopes.join(' '), parameters = {}) {
      const asked = { audience, scope: `openid ${scope}`, ...parameters };
      const { accessToken } = await visitor.redeem(await visitor.withPassword(email, undefined, asked));
      return accessToken;
    },
  };
}

export interface MyOrganizationAnswer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** Calls the API; `body` is sent as JSON. */
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
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json), headers: response.headers };
}

/** The path of a member. */
export const memberPath = (id: string) => `/members/${encodeURIComponent(id)}`;
