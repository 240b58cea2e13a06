/** Client grants: which client may request a token for which API, with which scopes. Part of access.ts. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { type ColumnsOf, toColumns, toSettings } from '../../../management/api/fields.js';
import { GRANT_FIELDS } from '../../../management/client-grants/fields.js';
import type { AccessDirectory, ClientGrantRecord } from '../../../ports/directory/access.js';
import type { ClientGrantsTable, Database } from '../../schema/schema.js';
import { countIf, cutPage, toPage } from '../rows.js';

/** Converts a row of client grants into the port's record. */
export function toGrant(row: Selectable<ClientGrantsTable>): ClientGrantRecord {
  return {
    ...toSettings(GRANT_FIELDS, row),
    id: row.id,
    clientId: row.client_id,
    audience: row.audience,
    createdAt: row.created_at,
  };
}

type GrantMethods = Pick<
  AccessDirectory,
  'listGrants' | 'findGrant' | 'createGrant' | 'updateGrant' | 'deleteGrant' | 'findUsableScopes' | 'listGrantedScopes'
>;

/** Creates the reads of a client's own grant for an API. For the Management API, where a grant lists every scope. */
function createScopes(db: Kysely<Database>): Pick<GrantMethods, 'findUsableScopes' | 'listGrantedScopes'> {
  return {
    async findUsableScopes(clientId, audience) {
      const row = await db
        .selectFrom('client_grants as g')
        .innerJoin('clients as c', 'c.client_id', 'g.client_id')
        .select('g.scopes')
        .where('g.client_id', '=', clientId)
        .where('g.audience', '=', audience)
        .where('g.subject_type', '=', 'client')
        .where('c.token_endpoint_auth_method', '<>', 'none')
        .where(sql<boolean>`'client_credentials' = any(c.grant_types)`)
        .executeTakeFirst();
      return row?.scopes;
    },
    async listGrantedScopes(clientIds, audience) {
      if (clientIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('client_grants')
        .select(['client_id', 'scopes'])
        .where('client_id', 'in', [...clientIds])
        .where('audience', '=', audience)
        .where('subject_type', '=', 'client')
        .execute();
      return new Map(rows.map((row) => [row.client_id, row.scopes]));
    },
  };
}

/** Creates the methods for client grants. */
export function createGrants(db: Kysely<Database>) {
  const filtered = (filter: Parameters<GrantMethods['listGrants']>[0]) => {
    let query = db.selectFrom('client_grants');
    // Leaves out the console's grant unless the filter names its client: a tool that makes a tenant equal to a file
    // (such as Auth0's deploy-cli) would delete it.
    if (filter.clientId === undefined)
      query = query.where('client_id', 'not in', db.selectFrom('operators').select('client_id'));
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
    if (filter.audience !== undefined) query = query.where('audience', '=', filter.audience);
    if (filter.subjectType !== undefined) query = query.where('subject_type', '=', filter.subjectType);
    if (filter.allowAnyOrganization) query = query.where('allow_any_organization', '=', true);
    return query;
  };
  const findGrant = async (id: string) => {
    const row = await db.selectFrom('client_grants').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toGrant(row);
  };
  const methods: GrantMethods = {
    ...createScopes(db),
    async listGrants(filter, page) {
      const query = cutPage(filtered(filter).selectAll(), page, sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, filtered(filter));
      return toPage(await query.execute(), page, total, toGrant, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    findGrant,
    async createGrant(grant) {
      await db
        .insertInto('client_grants')
        .values({
          ...(toColumns(GRANT_FIELDS, grant) as ColumnsOf<typeof GRANT_FIELDS>),
          id: grant.id,
          client_id: grant.clientId,
          audience: grant.audience,
          created_at: grant.createdAt,
        })
        .execute();
    },
    async updateGrant(id, changes) {
      const columns = toColumns(GRANT_FIELDS, changes);
      if (Object.keys(columns).length > 0)
        await db.updateTable('client_grants').set(columns).where('id', '=', id).execute();
      return findGrant(id);
    },
    async deleteGrant(id) {
      const result = await db.deleteFrom('client_grants').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
  return methods;
}
