/**
 * The guard's reads of a tenant, parsed into the guard's own types. Never writes. Every function throws RemoteError
 * where the tenant does not answer, and {@link GuardError} where a named thing does not exist.
 */
import { type Json, RemoteError } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { GuardError } from './guard-error.js';

/**
 * Strategies of enterprise connections
 * (https://auth0.com/docs/authenticate/identity-providers/enterprise-identity-providers).
 */
const ENTERPRISE = new Set(
  'ad adfs auth0-adldap google-apps ip oidc okta office365 pingfederate samlp sharepoint waad'.split(' '),
);

/** True for the strategy, or an identity's provider, of an enterprise connection. */
export function isEnterprise(strategy: string): boolean {
  return ENTERPRISE.has(strategy);
}

export interface Organization {
  readonly id: string;
  readonly name: string;
}

export interface EnabledConnection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly autoMembership: boolean;
}

export interface Member {
  readonly userId: string;
  readonly email: string;
  /** Ids of the roles. */
  readonly roles: readonly string[];
}

export interface Identity {
  readonly connection: string;
  readonly provider: string;
}

export interface User {
  readonly userId: string;
  readonly email: string;
  readonly identities: readonly Identity[];
  /** Set if the person has set up a second factor. */
  readonly hasFactor?: true;
}

export interface LogLine {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly organizationId: string | undefined;
  readonly userId: string | undefined;
  /** `details.reason` of the log line: how the member joined. */
  readonly reason: string | undefined;
}

/** Returns `json[name]` if it is a text, else ''. */
export function textOf(json: Json, name: string): string {
  const value = json[name];
  return typeof value === 'string' ? value : '';
}

/**
 * Returns `body`, or its property `key`, as a list. Throws RemoteError for anything else: an empty list would hide
 * something.
 */
export function listOf(body: unknown, key: string, request: string): readonly Json[] {
  const list = Array.isArray(body) ? body : (body as Json | null | undefined)?.[key];
  if (Array.isArray(list)) return list as readonly Json[];
  throw new RemoteError('unknown', `${request} was answered without ${key}.`);
}

const enc = encodeURIComponent;
const PER_PAGE = 100;
/** Auth0's limit of items in every list that is read page by page. */
const CEILING = 1_000;

/** Reads a list page by page, at most {@link CEILING} items. */
async function listAll(tenant: RemoteTenant, path: string, key: string, perPage = PER_PAGE): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let page = 0; items.length < CEILING; page += 1) {
    const query = `${path.includes('?') ? '&' : '?'}per_page=${perPage}&page=${page}`;
    const some = listOf(await tenant.get(`${path}${query}`), key, `GET ${path}`);
    items.push(...some);
    if (some.length < perPage) break;
  }
  return items;
}

/** Finds the organization of this name or id. */
export async function getOrganization(tenant: RemoteTenant, nameOrId: string): Promise<Organization> {
  const path = /^org_/.test(nameOrId) ? '/organizations/' : '/organizations/name/';
  const body = (await tenant.find(`${path}${enc(nameOrId)}`)) as Json | undefined;
  if (body !== undefined) return { id: textOf(body, 'id'), name: textOf(body, 'name') };
  throw new GuardError(
    'use',
    `The tenant has no organization ${JSON.stringify(nameOrId)}.`,
    '--organization takes its short name (acme) or its id (org_…), not the displayed name.',
  );
}

/** Lists the connections that are enabled for the organization. */
export async function listEnabledConnections(
  tenant: RemoteTenant,
  organization: Organization,
): Promise<readonly EnabledConnection[]> {
  const path = `/organizations/${enc(organization.id)}/enabled_connections`;
  const items = await listAll(tenant, path, 'enabled_connections', 50);
  return items.map((item) => {
    const connection = (item.connection ?? {}) as Json;
    return {
      id: textOf(item, 'connection_id'),
      name: textOf(connection, 'name'),
      strategy: textOf(connection, 'strategy'),
      autoMembership: item.assign_membership_on_login === true,
    };
  });
}

/** Yields all members with the ids of their roles, even more than a thousand. */
export async function* listMembers(tenant: RemoteTenant, organization: Organization): AsyncGenerator<Member> {
  const path = `/organizations/${enc(organization.id)}/members?fields=${enc('user_id,email,roles')}&include_fields=true`;
  for await (const page of tenant.pages(path, 'members')) {
    for (const item of page) {
      const roles = Array.isArray(item.roles) ? (item.roles as readonly Json[]) : [];
      yield {
        userId: textOf(item, 'user_id'),
        email: textOf(item, 'email'),
        roles: roles.map((role) => textOf(role, 'id')),
      };
    }
  }
}

/** Returns the ids of a member's roles; undefined for a user who is no member, where the tenant says so. */
export async function findMemberRoles(
  tenant: RemoteTenant,
  organizationId: string,
  userId: string,
): Promise<readonly string[] | undefined> {
  const path = `/organizations/${enc(organizationId)}/members/${enc(userId)}/roles`;
  const body = await tenant.find(`${path}?per_page=50&page=0`);
  return body === undefined ? undefined : listOf(body, 'roles', `GET ${path}`).map((role) => textOf(role, 'id'));
}

/** Lists the ids of the user's organizations. */
export async function listOrganizationIds(tenant: RemoteTenant, userId: string): Promise<readonly string[]> {
  const items = await listAll(tenant, `/users/${enc(userId)}/organizations`, 'organizations', 50);
  return items.map((item) => textOf(item, 'id'));
}

/** Returns the user, or undefined. On Auth0, a read by id is up to date, a search is not. */
export async function findUser(tenant: RemoteTenant, userId: string): Promise<User | undefined> {
  const body = (await tenant.find(`/users/${enc(userId)}`)) as Json | undefined;
  if (body === undefined) return undefined;
  const identities = Array.isArray(body.identities) ? (body.identities as readonly Json[]) : [];
  return {
    userId: textOf(body, 'user_id'),
    email: textOf(body, 'email'),
    identities: identities.map((one) => ({ connection: textOf(one, 'connection'), provider: textOf(one, 'provider') })),
    ...(Array.isArray(body.multifactor) && body.multifactor.length > 0 && { hasFactor: true }),
  };
}

/** Lists addresses, lower case, with a pending invitation. Undefined if there are more than the tenant lists. */
export async function findInvitedAddresses(
  tenant: RemoteTenant,
  organizationId: string,
): Promise<ReadonlySet<string> | undefined> {
  const items = await listAll(tenant, `/organizations/${enc(organizationId)}/invitations`, 'invitations');
  if (items.length >= CEILING) return undefined;
  return new Set(items.map((item) => textOf((item.invitee ?? {}) as Json, 'email').toLowerCase()));
}

/**
 * Reads the user's log lines of joining and signing in, newest first, at most a hundred. Undefined for a subject with a
 * quote. Attack: the quote would end the query, and the identity provider would write the rest of it.
 */
export async function findLines(tenant: RemoteTenant, userId: string): Promise<readonly LogLine[] | undefined> {
  if (/["\\]/.test(userId)) return undefined;
  const q = `(type:organization_member_added OR type:s OR type:si) AND user_id:"${userId}"`;
  const body = await tenant.get(`/logs?q=${enc(q)}&sort=${enc('date:-1')}&per_page=100&page=0`);
  return listOf(body, 'logs', 'GET /logs')
    .map((line) => ({
      id: textOf(line, 'log_id'),
      type: textOf(line, 'type'),
      at: new Date(textOf(line, 'date')),
      organizationId: textOf(line, 'organization_id') || undefined,
      userId: textOf(line, 'user_id') || undefined,
      reason: textOf((line.details ?? {}) as Json, 'reason') || undefined,
    }))
    .filter((line) => line.userId === userId);
}

/** Throws {@link GuardError} unless the token has all of `needed`; names the missing ones. */
export function checkScopes(tenant: RemoteTenant, needed: readonly string[], client: string): void {
  const missing = needed.filter((scope) => !tenant.scopes.has(scope));
  if (missing.length === 0) return;
  throw new GuardError(
    'use',
    `${client} lacks the scopes ${missing.join(' ')}.`,
    `Grant them to it for ${tenant.origin}/api/v2/ (Applications, APIs, Machine to Machine). Nothing was changed.`,
  );
}
