/** Reads the application and the organization of a login in one round trip. Part of the login store. */
import type { Pool } from 'pg';
import type { DomainProof } from '../../domain/companies/domain-proof.js';
import { type StoredGuardian, toSecondFactor, toTenantFactors } from '../../domain/factors/factor.js';
import { toLanguages } from '../../domain/look/languages.js';
import type { Invitation } from '../../domain/people/account.js';
import type { Email } from '../../domain/people/email.js';
import type { Client, Organization, OrganizationConnection, Strategy, Tenant } from '../../domain/tenant.js';
import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import { type ColumnsOf, toColumns, toDefaults, toSettings } from '../../management/api/fields.js';
import { type StoredProtection, toAttemptRules } from '../../management/attack-protection/fields.js';
import { type StoredBranding, type StoredTheme, toLook } from '../../management/branding/fields.js';
import { CLIENT_COLUMNS } from '../../management/clients/fields.js';
import { ENABLEMENT_FIELDS } from '../../management/enabled-connections/fields.js';
import { TENANT_COLUMNS } from '../../management/tenant/fields.js';
import type { LoginReads, LoginTarget, TargetQuery } from '../../ports/login-store.js';
import { domainProved, proofCountsFor } from './domain-proved.js';
import { INVITATION_JSON } from './invitation-json.js';
import { ofCustomer } from './of-customer.js';
import { run } from './query.js';

type Json = Record<string, unknown>;

/** SQL: the connection of row `n`, as {@link toEnablement} reads it. */
export const CONNECTION = `jsonb_build_object('id', n.id, 'name', n.name, 'strategy', n.strategy, 'display_name', n.display_name,
  'options', n.options, 'domain_aliases', n.domain_aliases, 'managed_by', n.managed_by_organization, 'revision', n.revision, 'secrets', encode(n.secrets_sealed, 'base64'))`;

/**
 * Only an application that may get Management API tokens for the operators sees their organization (ADR 0062). Attacks:
 * a customer's application receives an operator as an operator, or offers the operators' connection.
 */
const MAY_ENTER = `not exists (select 1 from operators p where p.organization_id = o.id and not exists (
    select 1 from client_grants g join resource_servers r on r.identifier = g.audience and r.is_system
    where g.client_id = c.client_id and g.subject_type = 'user'))`;

/** SQL: the client ids of the only applications that let members into organization `o`; null if it limits none. */
export const ONLY_APPLICATIONS = `case when o.is_app_entitlement_active then (select coalesce(jsonb_agg(a.client_id), '[]')
    from organization_clients a where a.organization_id = o.id and a.use_for_member_access) end`;

/**
 * $1 client or null, $2 organization id or null, $3 organization name or null, $4 ticket hash or null, $5 audience or
 * null, $6 home realm or null, $7 now
 */
const FIND_TARGET = `
select
  to_jsonb(c) - 'secret_sealed' - 'extra' - 'client_metadata'
    || jsonb_build_object('discovery_methods', c.extra -> 'organization_discovery_methods',
      'response_iss', c.extra -> 'authorization_response_iss', 'refusals', c.extra -> 'refusals',
      'hears_of_logout', back_channel_logout_url(c.extra) is not null) as client,
  (select to_jsonb(t) - 'extra' from tenant t where t.id = 1) as tenant,
  to_jsonb(o) - 'metadata' || jsonb_build_object('of_operators',
    exists (select 1 from operators p where p.organization_id = o.id), 'only_applications', ${ONLY_APPLICATIONS}) as organization,
  case when o.id is not null then (
    select jsonb_agg(jsonb_build_object('connection', ${CONNECTION}, 'settings', to_jsonb(oc), 'revision', oc.revision,
        'proved', (select jsonb_object_agg(d.domain, jsonb_build_object(
                     'kind', d.proof, 'verified_at', d.verified_at, 'checked_at', d.checked_at, 'expires_at', d.expires_at))
                   from discovery_domains d
                   where d.organization_id = o.id and ${domainProved('d', '$7')} and ${proofCountsFor('d', 'n')} and d.domain = any (n.domain_aliases)))
        order by n.name)
    from organization_connections oc join connections n on n.id = oc.connection_id
    where oc.organization_id = o.id and oc.is_enabled)
  else (
    select jsonb_agg(jsonb_build_object('connection', ${CONNECTION},
        'settings', jsonb_build_object('show_as_button', n.show_as_button,
          'is_signup_enabled', n.strategy = 'auth0' and coalesce(n.options->'disable_signup' = 'false'::jsonb, false)),
        'serves', n.needs_organization or n.managed_by_organization is not null or exists (select 1 from organization_connections oc where oc.connection_id = n.id and oc.is_enabled)) order by n.name)
    from (select cc.connection_id from connection_clients cc where cc.client_id = c.client_id
      union select oc.connection_id from organization_connections oc where oc.connection_id = $6 and oc.is_enabled and ${ofCustomer('oc.organization_id')}) way
    cross join lateral (select * from connections k where k.id = way.connection_id limit 1) n)
  end as connections,
  (select ${INVITATION_JSON} from invitations i where i.ticket_hash = $4 and i.organization_id = o.id) as invitation,
  to_jsonb($5::text is null or exists (select 1 from resource_servers r where r.identifier = $5)) as audience_known,
  to_jsonb((select case
      when r.user_policy = 'deny_all' then 'policy'
      when r.user_policy = 'require_client_grant' and not exists (select 1 from client_grants g
        where g.client_id = c.client_id and g.audience = r.identifier and g.subject_type = 'user') then 'missing_grant' end
    from resource_servers r where r.identifier = $5)) as audience_barred_by,
  to_jsonb((select s.revision from settings_revision s where s.id = 1)) as revision
from (select 1) one
left join clients c on c.client_id = $1
left join organizations o on o.id = coalesce($2, (select id from organizations where name = $3)) and (c.client_id is null or ${MAY_ENTER})`;

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toClient(row: Json): Client {
  const methods = row.discovery_methods as Client['organizationDiscoveryMethods'] | null | undefined;
  return {
    ...toSettings(CLIENT_COLUMNS, row as ColumnsOf<typeof CLIENT_COLUMNS>),
    clientId: row.client_id as string,
    ...(methods && { organizationDiscoveryMethods: methods }),
    ...(row.response_iss === false && { withoutIss: true }),
    ...(row.refusals === 'page' && { refusalsOnPage: true }),
    ...(row.hears_of_logout === true && { hearsOfLogout: true }),
  };
}

/** Converts the tenant's row from JSON. */
export function toTenant(row: Json): Tenant {
  return {
    ...toSettings(TENANT_COLUMNS, row as ColumnsOf<typeof TENANT_COLUMNS>),
    look: toLook((row.branding ?? {}) as StoredBranding, (row.theme ?? null) as StoredTheme | null),
    actions: { revision: row.actions_revision as string, bound: row.actions_bound as string[] },
    languages: toLanguages(row.enabled_locales as string[]),
    textsRevision: row.texts_revision as string,
    factors: toTenantFactors((row.guardian ?? {}) as StoredGuardian),
    attemptRules: toAttemptRules((row.attack_protection ?? {}) as StoredProtection),
  };
}

const FIND_TENANT = {
  name: 'find_tenant',
  text: `select to_jsonb(t) - 'extra' as tenant from tenant t where t.id = 1`,
};

/** Implements {@link LoginReads.findTenant}. */
export async function findTenant(pool: Pool): Promise<Tenant> {
  const [row] = await run<{ tenant: Json }>(pool, FIND_TENANT, []);
  assert(row, 'the tenant has its row from the first migration on');
  return toTenant(row.tenant);
}

/** Converts an organization's row from JSON. */
export function toOrganization(row: Json): Organization {
  const branding = (row.branding ?? {}) as {
    logo_url?: unknown;
    colors?: { primary?: unknown; page_background?: unknown };
  };
  return {
    id: row.id as string,
    name: row.name as string,
    displayName: text(row.display_name),
    branding: {
      logoUrl: text(branding.logo_url),
      primaryColor: text(branding.colors?.primary),
      pageBackground: text(branding.colors?.page_background),
    },
    blocked: row.blocked === true,
    ...(row.of_operators === true && { isOfOperators: true }),
    ...toSecondFactor(row.mfa, row.mfa_factors),
    ...(Array.isArray(row.only_applications) && { onlyApplications: row.only_applications as string[] }),
  };
}

/** Settings of a connection in a login without an organization, which creates no membership and links no account. */
const WITHOUT_ORGANIZATION = toColumns(ENABLEMENT_FIELDS, {
  ...toDefaults(ENABLEMENT_FIELDS),
  linkExistingMembers: 'never',
}) as ColumnsOf<typeof ENABLEMENT_FIELDS>;

/** Converts a connection and an organization's settings for it from JSON. Opens the secrets. */
export function toEnablement(row: Json, box: SecretBox): OrganizationConnection {
  const connection = row.connection as Json;
  const id = connection.id as string;
  const sealed = text(connection.secrets);
  const opened =
    sealed === undefined ? undefined : box.open(Buffer.from(sealed, 'base64'), `connections:${id}:secrets`);
  return {
    connection: {
      id,
      name: connection.name as string,
      strategy: connection.strategy as Strategy,
      displayName: text(connection.display_name),
      options: { ...(connection.options as Json), ...(opened === undefined ? {} : (JSON.parse(opened) as Json)) },
      domainAliases: connection.domain_aliases as string[],
      ...(typeof connection.managed_by === 'string' && { managedByOrganization: connection.managed_by }),
      revision: connection.revision as string,
    },
    ...toSettings(ENABLEMENT_FIELDS, { ...WITHOUT_ORGANIZATION, ...(row.settings as Json) }),
    servesOrganizations: row.serves === true,
    revision: text(row.revision) ?? '-',
    ...toProvedDomains((row.proved as Readonly<Record<string, Json>> | null | undefined) ?? {}),
  };
}

/** Returns the proved domains and how each was proved. */
function toProvedDomains(
  rows: Readonly<Record<string, Json>>,
): Pick<OrganizationConnection, 'provedDomains' | 'proofs'> {
  const toProof = (row: Json): DomainProof => ({
    kind: row.kind as DomainProof['kind'],
    verifiedAt: optionalDate(row.verified_at),
    checkedAt: optionalDate(row.checked_at),
    expiresAt: optionalDate(row.expires_at),
  });
  return {
    provedDomains: Object.keys(rows),
    proofs: Object.fromEntries(Object.entries(rows).map(([domain, row]) => [domain, toProof(row)])),
  };
}

const optionalDate = (value: unknown) => (typeof value === 'string' ? new Date(value) : undefined);

/** Converts an invitation's row from JSON. */
export function toInvitation(row: Json): Invitation {
  return {
    id: row.id as string,
    organizationId: row.organization_id as string,
    clientId: row.client_id as string,
    connectionId: text(row.connection_id),
    inviterName: row.inviter_name as string,
    invitedBy: text(row.invited_by),
    inviteeEmail: row.invitee_email as Email,
    roles: row.roles as string[],
    expiresAt: new Date(row.expires_at as string),
    consumedAt: optionalDate(row.consumed_at),
    appMetadata: (row.app_metadata as Json | null) ?? undefined,
    userMetadata: (row.user_metadata as Json | null) ?? undefined,
  };
}

type TargetRow = Record<string, Json | null>;

async function readRow({ pool, clock }: ConnectionReads, query: Partial<TargetQuery>): Promise<TargetRow> {
  const wanted = query.organization;
  const isId = wanted?.startsWith('org_') ?? false;
  const [row] = await run<TargetRow>(pool, { name: 'login-find-target', text: FIND_TARGET }, [
    query.clientId ?? null,
    isId ? wanted : null,
    isId ? null : (wanted ?? null),
    query.invitationTicket === undefined ? null : hashSecret(query.invitationTicket),
    query.audience ?? null,
    query.homeRealm ?? null,
    clock.now(),
  ]);
  return row ?? {};
}

export interface ConnectionReads {
  readonly pool: Pool;
  readonly box: SecretBox;
  /** Clock by which the proof of a domain expires. */
  readonly clock: Clock;
  /** The strategies that have a connector. */
  readonly strategies: readonly Strategy[];
}

/**
 * Returns the usable connections. A connection without a connector would show a button that fails, and lock out members
 * with passwords (`sso_required`).
 */
function toEnablements(row: TargetRow, { box, strategies }: ConnectionReads): OrganizationConnection[] {
  const connections = (row.connections ?? []) as unknown as Json[];
  const usable = connections.filter((item) => strategies.includes((item.connection as Json).strategy as Strategy));
  return usable.map((item) => toEnablement(item, box));
}

function toBarred(value: unknown): Pick<LoginTarget, 'audienceBarredBy'> {
  return value === 'policy' || value === 'missing_grant' ? { audienceBarredBy: value } : {};
}

/** A target as it was read, with the revision of the settings in the same snapshot. */
export interface ReadTarget {
  readonly target: LoginTarget | undefined;
  readonly revision: string;
}

/** Reads a target, with its invitation, in one round trip. Its target is undefined for an unknown client. */
export async function readTarget(from: ConnectionReads, query: TargetQuery): Promise<ReadTarget> {
  const row = await readRow(from, query);
  const revision = row.revision as unknown as string;
  if (!row.client || !row.tenant) return { target: undefined, revision };
  const target: LoginTarget = {
    tenant: toTenant(row.tenant),
    client: toClient(row.client),
    organization: row.organization ? toOrganization(row.organization) : undefined,
    connections: toEnablements(row, from),
    invitation: row.invitation ? toInvitation(row.invitation) : undefined,
    audienceKnown: (row.audience_known as unknown) === true,
    ...toBarred(row.audience_barred_by),
  };
  return { target, revision };
}

/** $1: domain, $2: strategies that can sign in, $3: now. No address leads to one that a customer hides (ADR 0105). */
const FIND_HOME_REALMS = `select jsonb_build_object('connection', ${CONNECTION},
  'settings', jsonb_build_object('show_as_button', n.show_as_button), 'serves', true) as home
from connections n
where n.domain_aliases @> array[$1] and n.strategy <> 'auth0' and n.strategy = any($2) and (
  select true from organization_connections oc
  where oc.connection_id = n.id and oc.is_enabled and ${ofCustomer('oc.organization_id')}
    and (n.managed_by_organization is null or oc.show_as_button or oc.sso_rollout = 'required') and oc.organization_id = coalesce((
    select d.organization_id from discovery_domains d where d.domain = $1 and ${domainProved('d', '$3')} and ${proofCountsFor('d', 'n')}),
      case when n.managed_by_organization is null then oc.organization_id end) limit 1)
order by n.name limit 2`;

/** Implements {@link LoginReads.findHomeRealms}. */
export async function findHomeRealms(
  { pool, box, strategies, clock }: ConnectionReads,
  domain: string,
): ReturnType<LoginReads['findHomeRealms']> {
  const values = [domain, strategies, clock.now()];
  const rows = await run<{ home: Json }>(pool, { name: 'login-find-home-realms', text: FIND_HOME_REALMS }, values);
  return rows.map(({ home }) => toEnablement(home, box));
}

/** Implements {@link LoginReads.findEnablements}. */
export async function findEnablements(
  from: ConnectionReads,
  organizationId: string,
): ReturnType<LoginReads['findEnablements']> {
  const row = await readRow(from, { organization: organizationId });
  if (!row.organization || !row.tenant) return undefined;
  return {
    tenant: toTenant(row.tenant),
    organization: toOrganization(row.organization),
    connections: toEnablements(row, from),
  };
}
