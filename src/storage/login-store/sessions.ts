/** Reads of sessions and of the organizations a person may choose from. Part of the login store. */
import type { Pool } from 'pg';
import type { BrowserSession } from '../../domain/account.js';
import type { Organization } from '../../domain/tenant.js';
import type { LoginReads } from '../../ports/login-store.js';
import { run } from './query.js';
import { toOrganization } from './target.js';

const FIND_SESSION = `
select s.id, s.connection_id, s.authenticated_at
from sessions s join users u on u.user_id = s.user_id
where s.user_id = $1 and s.session_hash = $2 and s.expires_at > $3 and not u.blocked
  and coalesce(s.idle_expires_at, s.last_used_at + make_interval(secs => (select idle_session_lifetime_seconds from tenant))) > $3`;

const LIST_ENTERABLE = `
select to_jsonb(o) - 'metadata' as organization
from members m
join organizations o on o.id = m.organization_id
join organization_connections oc on oc.organization_id = o.id and oc.connection_id = $2 and oc.is_enabled
where m.user_id = $1 and not o.blocked
order by coalesce(o.display_name, o.name), o.id limit 100`;

const BY_DOMAIN = `
select to_jsonb(o) - 'metadata' as organization
from discovery_domains d join organizations o on o.id = d.organization_id
where d.domain = $1 and d.status = 'verified' and d.use_for_organization_discovery and not o.blocked
order by o.name limit 20`;

const BY_ID_OR_NAME = `select to_jsonb(o) - 'metadata' as organization from organizations o where o.id = $1 or o.name = $1 limit 1`;

/** See {@link LoginReads.findSession}. */
export async function findSession(
  pool: Pool,
  query: Parameters<LoginReads['findSession']>[0],
): Promise<BrowserSession | undefined> {
  const rows = await run<{ id: string; connection_id: string; authenticated_at: Date }>(
    pool,
    { name: 'login-find-session', text: FIND_SESSION },
    [query.userId, query.sessionHash, query.now],
  );
  const [row] = rows;
  return (
    row && {
      userId: query.userId,
      sessionId: row.id,
      connectionId: row.connection_id,
      authenticatedAt: row.authenticated_at,
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

/** See {@link LoginReads.listEnterableOrganizations}. */
export function listEnterableOrganizations(
  pool: Pool,
  query: Parameters<LoginReads['listEnterableOrganizations']>[0],
): Promise<readonly Organization[]> {
  return organizations(pool, 'login-list-enterable', LIST_ENTERABLE, [query.userId, query.connectionId]);
}

/** See {@link LoginReads.findOrganizationsByDomain}. */
export function findOrganizationsByDomain(pool: Pool, domain: string): Promise<readonly Organization[]> {
  return organizations(pool, 'login-by-domain', BY_DOMAIN, [domain]);
}

/** See {@link LoginReads.findOrganization}. */
export async function findOrganization(pool: Pool, idOrName: string): Promise<Organization | undefined> {
  return (await organizations(pool, 'login-by-id-or-name', BY_ID_OR_NAME, [idOrName]))[0];
}
