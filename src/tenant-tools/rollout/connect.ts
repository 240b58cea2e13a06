/**
 * Finds the tenant's kind, the organization and the connection of a rollout, and checks the client's scopes. Every
 * problem is reported before the first write.
 */
import { ENTERPRISE_STRATEGIES, OTHER_SAML_STRATEGIES } from '../../facts/strategies.js';
import type { Clock } from '../../kernel/clock.js';
import { type Json, RemoteError } from '../remote/exchange.js';
import type { Endpoint, RemoteTenant } from '../remote/tenant.js';
import type { TenantKind } from './classify.js';
import type { RolloutTenant, Target } from './tenant.js';
import { createAuth0Tenant } from './tenant-auth0.js';
import { createVestibuleTenant } from './tenant-vestibule.js';

/** Auth0's names of the enterprise strategies at which an identity is found by its subject. */
const ENTERPRISE: ReadonlySet<string> = new Set([...ENTERPRISE_STRATEGIES, ...OTHER_SAML_STRATEGIES]);

export type Purpose = 'read' | 'write';

const READ = [
  'read:organizations',
  'read:connections',
  // Without this scope an answer omits the options, and writing them back would erase them.
  'read:connections_options',
  'read:organization_connections',
  'read:organization_members',
  'read:organization_member_roles',
  'read:organization_discovery_domains',
  'read:users',
];
const WRITE = [
  'update:users',
  'update:connections',
  'update:connections_options',
  'update:organization_connections',
  'create:organization_discovery_domains',
  'update:organization_discovery_domains',
  'delete:organization_discovery_domains',
  'delete:users',
];
const AUTH0_WRITE = [
  'read:scim_config',
  'create:scim_config',
  'delete:scim_config',
  'read:scim_token',
  'create:scim_token',
  'delete:scim_token',
  'read:logs',
];

/** Returns the scopes that a command needs. */
export function scopesFor(kind: TenantKind, purpose: Purpose): readonly string[] {
  if (purpose === 'read') return READ;
  return [...READ, ...WRITE, ...(kind === 'auth0' ? AUTH0_WRITE : [])];
}

function wrong(message: string, advice: string): RemoteError {
  return new RemoteError('refused', message, advice);
}

/** Throws {@link RemoteError} that names the missing scopes. For `read`, both kinds of tenant need the same. */
export function checkScopes(remote: Pick<RemoteTenant, 'scopes'>, kind: TenantKind, purpose: Purpose): void {
  const missing = scopesFor(kind, purpose).filter((scope) => !remote.scopes.has(scope));
  if (missing.length === 0) return;
  throw wrong(
    `The client lacks ${missing.length} scope${missing.length > 1 ? 's' : ''}: ${missing.join(' ')}.`,
    'Add them to its grant for the Management API, then start again.',
  );
}

export interface Found {
  readonly organization: { readonly id: string; readonly name: string; readonly title: string };
  readonly connection: { readonly id: string; readonly name: string; readonly strategy: string };
  readonly domains: readonly string[];
  /** The connection's options as the tenant shows them. */
  readonly options: Json;
}

async function findOrganization(remote: Endpoint, nameOrId: string): Promise<Found['organization']> {
  const path = /^org_/.test(nameOrId) ? '/organizations/' : '/organizations/name/';
  const body = (await remote.find(`${path}${encodeURIComponent(nameOrId)}`)) as Json | undefined;
  if (body === undefined) {
    throw wrong(
      `The tenant has no organization ${JSON.stringify(nameOrId)}.`,
      '--organization takes its short name (acme) or its id (org_…), not the displayed name.',
    );
  }
  const name = String(body.name);
  const title = typeof body.display_name === 'string' && body.display_name !== '' ? body.display_name : name;
  return { id: String(body.id), name, title };
}

async function findConnection(remote: Endpoint, nameOrId: string): Promise<Json> {
  const body = /^con_/.test(nameOrId)
    ? await remote.find(`/connections/${encodeURIComponent(nameOrId)}`)
    : ((await remote.get(`/connections?name=${encodeURIComponent(nameOrId)}`)) as readonly Json[])[0];
  if (body === undefined) {
    throw wrong(
      `The tenant has no connection named ${JSON.stringify(nameOrId)}.`,
      '--connection takes the name of an enterprise connection (acme-okta) or its id (con_…).',
    );
  }
  return body as Json;
}

/**
 * Finds organization and connection by name or id, and checks that the connection is enabled there (unless `enabled or
 * not`). Throws {@link RemoteError}.
 */
export async function findPlace(
  remote: Endpoint,
  organization: string,
  connection: string,
  wanted: 'enabled' | 'enabled or not' = 'enabled',
): Promise<Found> {
  const org = await findOrganization(remote, organization);
  const found = await findConnection(remote, connection);
  const [id, name, strategy] = [String(found.id), String(found.name), String(found.strategy)];
  if (!ENTERPRISE.has(strategy)) {
    throw wrong(
      `The connection ${name} has the strategy ${strategy}: no company signs in there.`,
      'Name the enterprise connection that the company’s identity provider is behind.',
    );
  }
  const enabled = await remote.find(
    `/organizations/${encodeURIComponent(org.id)}/enabled_connections/${encodeURIComponent(id)}`,
  );
  if (enabled === undefined && wanted === 'enabled') {
    throw wrong(
      `The connection ${name} is not enabled for ${org.name}.`,
      `Enable it first: POST /api/v2/organizations/${org.id}/enabled_connections.`,
    );
  }
  const options = (found.options ?? {}) as Json;
  const { domain_aliases: aliases } = options;
  return {
    organization: org,
    connection: { id, name, strategy },
    domains: Array.isArray(aliases) ? (aliases as string[]) : [],
    options,
  };
}

/**
 * Returns what the operator has to do first for a connection that a customer made; nothing for one of their own. A plan
 * counts every verified domain, a login through such a connection only those that the customer proved by DNS (ADR 0102).
 */
export async function listFirst(remote: Endpoint, { id, name }: Found['connection']): Promise<readonly string[]> {
  // No list shows who manages a connection, so it is read by itself.
  const found = (await remote.find(`/connections/${encodeURIComponent(id)}`)) as Json | undefined;
  if (typeof found?.managed_by_organization !== 'string') return [];
  return [
    `A customer’s administrator made ${name}, so it is trusted only for domains that they proved by DNS. This plan also counts those that you ` +
      `confirmed. Take it over first: PATCH /api/v2/connections/${id} with {"managed_by_organization": null}. Then make the plan again.`,
  ];
}

/** Detects the kind of tenant: only Vestibule has this list of people; Auth0 answers 404 to unknown paths. */
export async function detectKind(remote: Endpoint, organizationId: string): Promise<TenantKind> {
  const people = await remote.find(`/organizations/${encodeURIComponent(organizationId)}/people?take=1`);
  return people === undefined ? 'auth0' : 'vestibule';
}

/** Checks the scopes and returns the tenant of this kind. Throws {@link RemoteError}. */
export function openTenant(
  remote: RemoteTenant,
  kind: TenantKind,
  purpose: Purpose,
  target: Target,
  clock: Clock,
): RolloutTenant {
  checkScopes(remote, kind, purpose);
  return kind === 'vestibule' ? createVestibuleTenant(remote, target) : createAuth0Tenant(remote, target, clock);
}
