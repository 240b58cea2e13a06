/**
 * The applications of an organization. They decide who signs in there once the organization limits its applications.
 * Part of organizations.ts.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { OrganizationClientRecord, OrganizationDirectory } from '../../../ports/directory/organizations.js';
import type { ClientsTable, Database } from '../../schema/schema.js';
import { toClient } from '../clients/clients.js';
import { countIf, cutPage, toPage } from '../rows.js';

type OrganizationClientMethods = Pick<
  OrganizationDirectory,
  'listClients' | 'findClient' | 'addClients' | 'updateClient' | 'removeClients' | 'findClientIn' | 'renewEnablements'
>;

type Row = Selectable<ClientsTable> & { readonly use_for_member_access: boolean; readonly listed_at: Date };

function toListed(row: Row): OrganizationClientRecord {
  return { client: toClient(row), forMembers: row.use_for_member_access, createdAt: row.listed_at };
}

/**
 * Locks the organization before its applications are counted. Otherwise two requests at once could each fill the last
 * places.
 */
async function countLocked(db: Kysely<Database>, organizationId: string): Promise<number> {
  await sql`select 1 from organizations where id = ${organizationId} for no key update`.execute(db);
  const { count } = await db
    .selectFrom('organization_clients')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Creates the methods for the applications of organizations. */
export function createOrganizationClients(db: Kysely<Database>): OrganizationClientMethods {
  const of = (organizationId: string) =>
    db
      .selectFrom('organization_clients')
      .innerJoin('clients', 'clients.client_id', 'organization_clients.client_id')
      .where('organization_clients.organization_id', '=', organizationId);
  const shown = (organizationId: string) =>
    of(organizationId)
      .selectAll('clients')
      .select(['organization_clients.use_for_member_access', 'organization_clients.created_at as listed_at']);
  return {
    async listClients(organizationId, page) {
      const query = cutPage(
        shown(organizationId),
        page,
        sql.ref('organization_clients.created_at'),
        sql.ref('organization_clients.client_id'),
      );
      const total = await countIf(page, of(organizationId));
      return toPage(await query.execute(), page, total, toListed, (row) => ({
        createdAt: row.page_time,
        id: row.client_id,
      }));
    },
    async findClient(organizationId, clientId) {
      const row = await shown(organizationId).where('clients.client_id', '=', clientId).executeTakeFirst();
      return row && toListed(row);
    },
    async addClients(organizationId, clients, most, at) {
      if ((await countLocked(db, organizationId)) + clients.length > most) return false;
      const rows = clients.map(({ clientId, forMembers }) => ({
        organization_id: organizationId,
        client_id: clientId,
        use_for_member_access: forMembers,
        created_at: at,
      }));
      await db.insertInto('organization_clients').values(rows).execute();
      return true;
    },
    async updateClient(organizationId, clientId, forMembers) {
      await db
        .updateTable('organization_clients')
        .set({ use_for_member_access: forMembers })
        .where('organization_id', '=', organizationId)
        .where('client_id', '=', clientId)
        .execute();
    },
    async removeClients(organizationId, clientIds) {
      await db
        .deleteFrom('organization_clients')
        .where('organization_id', '=', organizationId)
        .where('client_id', 'in', [...clientIds])
        .execute();
    },
    async findClientIn(organizationIds, clientId) {
      if (organizationIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('organization_clients')
        .select(['organization_id', 'use_for_member_access'])
        .where('organization_id', 'in', [...organizationIds])
        .where('client_id', '=', clientId)
        .execute();
      return new Map(rows.map((row) => [row.organization_id, row.use_for_member_access]));
    },
    async renewEnablements(organizationId, revision) {
      // In one order, so that two administrators at once cannot deadlock.
      await sql`select 1 from organization_connections where organization_id = ${organizationId}
        order by connection_id for no key update`.execute(db);
      await db
        .updateTable('organization_connections')
        .set({ revision })
        .where('organization_id', '=', organizationId)
        .execute();
    },
  };
}
