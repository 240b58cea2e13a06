/**
 * Reads of sessions and of the organizations a person may choose from. Part of the login store. Decides whether a
 * session is still valid: it is not when it has expired, was idle too long, or its account is blocked.
 */
import type { Pool } from 'pg';
import type { PassedFactor } from '../../domain/factors/factor.js';
import type { BrowserSession, IdpSession } from '../../domain/people/account.js';
import type { Organization } from '../../domain/tenant.js';
import type { LoginReads } from '../../ports/login-store.js';
import { domainProved } from './domain-proved.js';
import { ofCustomer } from './of-customer.js';
import { run } from './query.js';
import { ONLY_APPLICATIONS, toOrganization } from './target.js';

const FIND_SESSION = `
select s.id, s.connection_id, s.authenticated_at, s.idp_session, s.methods
from sessions s join users u on u.user_id = s.user_id
where s.user_id = $1 and s.session_hash = $2 and s.expires_at > $3 and not u.blocked
  and coalesce(s.idle_expires_at, s.last_used_at + make_interval(secs => (select idle_session_lifetime_seconds from tenant where id = 1))) > $3`;

const LIST_ENTERABLE = `
select to_jsonb(o) - 'metadata' || jsonb_build_object('only_applications', ${ONLY_APPLICATIONS}) as organization
from members m
join organizations o on o.id = m.organization_id
join organization_connections oc on oc.organization_id = o.id and oc.connection_id = $2 and oc.is_enabled
where m.user_id = $1 and not o.blocked and ${ofCustomer('o.id')}
order by coalesce(o.display_name, o.name), o.id limit 100`;

/** $1: connection, $2: address or null, $3: subject or null. */
const LIST_LIKELY = `
select oc.organization_id as id, oc.assign_membership_on_login as auto,
  exists (select 1 from users u join members m on m.user_id = u.user_id and m.organization_id = oc.organization_id where u.email = $2)
  or exists (select 1 from invitations i where i.organization_id = oc.organization_id and i.invitee_email = $2 and i.consumed_at is null)
  or exists (select 1 from identities i join members m on m.user_id = i.user_id and m.organization_id = oc.organization_id
             where i.connection_id = $1 and i.status = 'expected' and (i.subject = $3 or (i.subject is null and i.expected_email = $2))) as known,
  (count(*) over ())::int as enabled,
  (count(*) filter (where oc.assign_membership_on_login) over ())::int as autos
from organization_connections oc join organizations o on o.id = oc.organization_id
where oc.connection_id = $1 and oc.is_enabled and not o.blocked and ${ofCustomer('o.id')}
order by known desc, auto desc, oc.organization_id limit 20`;

/** $1: domain, $2: now. */
const BY_DOMAIN = `
select to_jsonb(o) - 'metadata' as organization
from discovery_domains d join organizations o on o.id = d.organization_id
where d.domain = $1 and ${domainProved('d', '$2')} and d.use_for_organization_discovery and not o.blocked and ${ofCustomer('o.id')}
order by o.name limit 20`;

const BY_ID_OR_NAME = `select to_jsonb(o) - 'metadata' as organization from organizations o where (o.id = $1 or o.name = $1) and ${ofCustomer('o.id')} limit 1`;

interface SessionMethod {
  readonly name: string;
  readonly type?: string;
  readonly timestamp?: string;
  readonly revision?: number;
}

/** Returns the second factor that the person passed in this session: the commit records it under Auth0's name `mfa`. */
function passedFactor(methods: readonly SessionMethod[]): Pick<BrowserSession, 'factor'> {
  const method = methods.find(({ name }) => name === 'mfa');
  if (method?.type === undefined || method.timestamp === undefined) return {};
  const { type, timestamp, revision = -1 } = method;
  return { factor: { kind: type as PassedFactor['kind'], at: new Date(timestamp), revision } };
}

/** Implements {@link LoginReads.findSession}. */
export async function findSession(
  pool: Pool,
  query: Parameters<LoginReads['findSession']>[0],
): Promise<BrowserSession | undefined> {
  const rows = await run<{
    id: string;
    connection_id: string;
    authenticated_at: Date;
    idp_session: IdpSession | null;
    methods: readonly SessionMethod[];
  }>(pool, { name: 'login-find-session', text: FIND_SESSION }, [query.userId, query.sessionHash, query.now]);
  const [row] = rows;
  return (
    row && {
      userId: query.userId,
      sessionId: row.id,
      connectionId: row.connection_id,
      authenticatedAt: row.authenticated_at,
      ...(row.idp_session !== null && { idpSession: row.idp_session }),
      ...passedFactor(row.methods),
    }
  );
}

async function organizations(
  pool: Pool,
  name: string,
  text: string,
  values: unknown[],
): Promise<readonly Organization[]> {
  const rows = await run<{ organization: Record<string, unknown> }>(pool, { name, text }, values);
  return rows.map((row) => toOrganization(row.organization));
}

/** Implements {@link LoginReads.listEnterableOrganizations}. */
export function listEnterableOrganizations(
  pool: Pool,
  query: Parameters<LoginReads['listEnterableOrganizations']>[0],
): Promise<readonly Organization[]> {
  return organizations(pool, 'login-list-enterable', LIST_ENTERABLE, [query.userId, query.connectionId]);
}

/** Implements {@link LoginReads.listLikelyOrganizations}. */
export async function listLikelyOrganizations(
  pool: Pool,
  query: Parameters<LoginReads['listLikelyOrganizations']>[0],
): ReturnType<LoginReads['listLikelyOrganizations']> {
  const rows = await run<{ id: string; auto: boolean; known: boolean; enabled: number; autos: number }>(
    pool,
    { name: 'login-list-likely', text: LIST_LIKELY },
    [query.connectionId, query.email ?? null, query.subject ?? null],
  );
  const [first] = rows;
  return {
    candidates: rows.filter((row) => row.known || row.auto).map((row) => row.id),
    autoMemberships: first?.autos ?? 0,
    onlyOne: first?.enabled === 1 ? first.id : undefined,
  };
}

/** Implements {@link LoginReads.findOrganizationsByDomain}. */
export function findOrganizationsByDomain(pool: Pool, domain: string, now: Date): Promise<readonly Organization[]> {
  return organizations(pool, 'login-by-domain', BY_DOMAIN, [domain, now]);
}

/** Implements {@link LoginReads.findOrganization}. */
export async function findOrganization(pool: Pool, idOrName: string): Promise<Organization | undefined> {
  return (await organizations(pool, 'login-by-id-or-name', BY_ID_OR_NAME, [idOrName]))[0];
}
