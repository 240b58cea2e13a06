/**
 * The connections that an organization enabled, with their settings there. Every write gives the row a new revision.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import { type ColumnsOf, toColumns, toSettings } from '../../../management/api/fields.js';
import { TWIN_FIELDS } from '../../../management/enabled-connections/fields.js';
import type {
  EnablementRecord,
  FirstUses,
  OrganizationDirectory,
  OrganizationUse,
} from '../../../ports/directory/organizations.js';
import type { Page, PageRequest } from '../../../ports/directory/page.js';
import type { ConnectionsTable, Database, OrganizationConnectionsTable } from '../../schema/schema.js';
import { countIf, cutPage, toPage } from '../rows.js';

type Row = Selectable<OrganizationConnectionsTable> & Pick<Selectable<ConnectionsTable>, 'name' | 'strategy'>;

function toEnablement(row: Row): EnablementRecord {
  return {
    ...toSettings(TWIN_FIELDS, row),
    organizationId: row.organization_id,
    connectionId: row.connection_id,
    connectionName: row.name,
    strategy: row.strategy,
    createdAt: row.created_at,
  };
}

type Enablements = Pick<
  OrganizationDirectory,
  | 'listEnablements'
  | 'findEnablement'
  | 'enable'
  | 'updateEnablement'
  | 'disable'
  | 'listOrganizationsOf'
  | 'listServing'
  | 'listUses'
  | 'findFirstUses'
>;

/**
 * Lists the organizations that use a connection, in the order of `organization_connections`: its index by connection
 * provides that order.
 */
async function listUses(db: Kysely<Database>, connectionId: string, page: PageRequest): Promise<Page<OrganizationUse>> {
  const base = db
    .selectFrom('organization_connections')
    .innerJoin('organizations', 'organizations.id', 'organization_connections.organization_id')
    .where('organization_connections.connection_id', '=', connectionId);
  const columns = [
    'organizations.id',
    'organizations.name',
    'organizations.display_name',
    'organization_connections.is_enabled',
  ] as const;
  const query = cutPage(
    base.select(columns),
    page,
    sql.ref('organization_connections.created_at'),
    sql.ref('organizations.id'),
  );
  const total = await countIf(page, base);
  const toUse = (row: { id: string; name: string; display_name: string | null; is_enabled: boolean }) => ({
    id: row.id,
    name: row.name,
    displayName: row.display_name ?? undefined,
    isEnabled: row.is_enabled,
  });
  return toPage(await query.execute(), page, total, toUse, (row) => ({ createdAt: row.page_time, id: row.id }));
}

interface FirstRow {
  readonly connection_id: string;
  readonly total: number;
  readonly organizations: readonly OrganizationUse[] | null;
}

/**
 * Reads, in one statement, the first organizations that use each of these connections, and how many do. Uses the index,
 * and stops counting at `counted`.
 */
async function findFirstUses(
  db: Kysely<Database>,
  connectionIds: readonly string[],
  { shown, counted }: { readonly shown: number; readonly counted: number },
): Promise<readonly FirstUses[]> {
  const { rows } = await sql<FirstRow>`
    select c.id as connection_id, t.total, f.organizations
    from connections c
    cross join lateral (
      select count(*)::int as total
      from (select 1 from organization_connections e where e.connection_id = c.id limit ${counted}) e) t
    cross join lateral (
      select json_agg(json_build_object('id', o.id, 'name', o.name, 'displayName', o.display_name, 'isEnabled', e.is_enabled)
        order by e.created_at, e.organization_id) as organizations
      from (select * from organization_connections u where u.connection_id = c.id
        order by u.created_at, u.organization_id limit ${shown}) e
      join organizations o on o.id = e.organization_id) f
    where c.id = any(${connectionIds}::text[])`.execute(db);
  return rows.map(({ connection_id: connectionId, total, organizations }) => ({
    connectionId,
    total,
    organizations: (organizations ?? []).map((one) => ({ ...one, displayName: one.displayName ?? undefined })),
  }));
}

/**
 * Records permanently that a company's connection serves organizations. Attack: after the last organization is
 * disconnected, its former members, and every stranger at its provider, sign in without an organization. Written before
 * the organization's row, in the order in which logins lock.
 */
async function rememberServing(db: Kysely<Database>, connectionId: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ needs_organization: true })
    .where('id', '=', connectionId)
    .where('strategy', '<>', 'auth0')
    .execute();
}

async function listServing(db: Kysely<Database>, connectionIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly id: string }>`
    select c.id from connections c
    where c.id = any(${connectionIds}::text[])
      and exists (select 1 from organization_connections e where e.connection_id = c.id and e.is_enabled)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Returns the methods for the connections that organizations use. */
export function createEnablements(db: Kysely<Database>): Enablements {
  const of = (organizationId: string) =>
    db
      .selectFrom('organization_connections')
      .innerJoin('connections', 'connections.id', 'organization_connections.connection_id')
      .where('organization_connections.organization_id', '=', organizationId);
  const find = async (organizationId: string, connectionId: string) => {
    const row = await of(organizationId)
      .selectAll('organization_connections')
      .select(['connections.name', 'connections.strategy'])
      .where('organization_connections.connection_id', '=', connectionId)
      .executeTakeFirst();
    return row && toEnablement(row);
  };
  return {
    async listEnablements(organizationId, filter, page) {
      let base = of(organizationId);
      if (filter.isEnabled !== undefined)
        base = base.where('organization_connections.is_enabled', '=', filter.isEnabled);
      const rows = await cutPage(
        base.selectAll('organization_connections').select(['connections.name', 'connections.strategy']),
        page,
        sql.ref('organization_connections.created_at'),
        sql.ref('organization_connections.connection_id'),
      ).execute();
      const total = await countIf(page, base);
      return toPage(rows, page, total, toEnablement, (row) => ({ createdAt: row.page_time, id: row.connection_id }));
    },
    findEnablement: find,
    async enable(organizationId, connectionId, settings, revision, at) {
      if (settings.isEnabled) await rememberServing(db, connectionId);
      await db
        .insertInto('organization_connections')
        .values({
          ...(toColumns(TWIN_FIELDS, settings) as ColumnsOf<typeof TWIN_FIELDS>),
          organization_id: organizationId,
          connection_id: connectionId,
          revision,
          created_at: at,
        })
        .execute();
    },
    async updateEnablement(organizationId, connectionId, changes, revision) {
      if (changes.isEnabled) await rememberServing(db, connectionId);
      await db
        .updateTable('organization_connections')
        .set({ ...toColumns(TWIN_FIELDS, changes), revision })
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .execute();
      return find(organizationId, connectionId);
    },
    async disable(organizationId, connectionId) {
      const result = await db
        .deleteFrom('organization_connections')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async listOrganizationsOf(connectionId) {
      const rows = await db
        .selectFrom('organization_connections')
        .select('organization_id')
        .where('connection_id', '=', connectionId)
        .limit(2)
        .execute();
      return rows.map((row) => row.organization_id);
    },
    listServing: (connectionIds) => listServing(db, connectionIds),
    listUses: (connectionId, page) => listUses(db, connectionId, page),
    findFirstUses: (connectionIds, most) => findFirstUses(db, connectionIds, most),
  };
}
