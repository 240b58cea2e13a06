/** The directory of APIs (resource servers). client-grants.ts has the clients that may request tokens for them. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { type ColumnsOf, toColumns, toSettings } from '../../management/api/fields.js';
import { RESOURCE_SERVER_COLUMNS } from '../../management/resource-servers/fields.js';
import type {
  AccessDirectory,
  ResourceServerChanges,
  ResourceServerRecord,
  ScopeRecord,
} from '../../ports/directory/access.js';
import type { Database, ResourceServersTable } from '../schema/schema.js';
import { createGrants } from './clients/client-grants.js';
import { createOrganizationGrants } from './organizations/organization-grants.js';
import { dropPermissionsExcept } from './organizations/permissions.js';
import { countIf, cutPage, toPage } from './rows.js';

function toServer(row: Selectable<ResourceServersTable>): ResourceServerRecord {
  return {
    ...toSettings(RESOURCE_SERVER_COLUMNS, row),
    id: row.id,
    identifier: row.identifier,
    scopes: row.scopes as readonly ScopeRecord[],
    isSystem: row.is_system,
    extra: row.extra,
    createdAt: row.created_at,
  };
}

function toRow({ scopes, isSystem, extra, ...settings }: ResourceServerChanges): Updateable<ResourceServersTable> {
  return {
    ...toColumns(RESOURCE_SERVER_COLUMNS, settings),
    ...(scopes !== undefined && { scopes: JSON.stringify(scopes) }),
    ...(isSystem !== undefined && { is_system: isSystem }),
    ...(extra !== undefined && { extra: JSON.stringify(extra) }),
  };
}

/** Creates the directory of APIs and client grants. */
export function createAccessDirectory(db: Kysely<Database>): AccessDirectory {
  const filtered = (filter: { readonly identifiers?: readonly string[] }) => {
    const query = db.selectFrom('resource_servers');
    return filter.identifiers === undefined ? query : query.where('identifier', 'in', [...filter.identifiers]);
  };
  const find = async (idOrIdentifier: string, lock = false) => {
    const query = db
      .selectFrom('resource_servers')
      .selectAll()
      .where((where) => where.or([where('id', '=', idOrIdentifier), where('identifier', '=', idOrIdentifier)]));
    const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
    return row && toServer(row);
  };
  return {
    ...createGrants(db),
    ...createOrganizationGrants(db),
    async listResourceServers(filter, page) {
      const query = cutPage(filtered(filter).selectAll(), page, sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, filtered(filter));
      return toPage(await query.execute(), page, total, toServer, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    findResourceServer: (idOrIdentifier) => find(idOrIdentifier),
    findResourceServerForUpdate: (idOrIdentifier) => find(idOrIdentifier, true),
    async findResourceServersForScopes(identifiers) {
      if (identifiers.length === 0) return [];
      // A share lock waits for a concurrent change of scopes and blocks the next one, so that no permission is given
      // while its scope is being deleted.
      const rows = await db
        .selectFrom('resource_servers')
        .selectAll()
        .where('identifier', 'in', [...identifiers])
        .orderBy('id')
        .forShare()
        .execute();
      return rows.map(toServer);
    },
    async createResourceServer(server) {
      await db
        .insertInto('resource_servers')
        .values({
          ...(toColumns(RESOURCE_SERVER_COLUMNS, server) as ColumnsOf<typeof RESOURCE_SERVER_COLUMNS>),
          id: server.id,
          identifier: server.identifier,
          scopes: JSON.stringify(server.scopes),
          is_system: server.isSystem,
          extra: JSON.stringify(server.extra),
          created_at: server.createdAt,
        })
        .execute();
    },
    async updateResourceServer(id, changes) {
      const columns = toRow(changes);
      if (Object.keys(columns).length > 0) {
        await db.updateTable('resource_servers').set(columns).where('id', '=', id).execute();
      }
      if (changes.scopes !== undefined) {
        const kept = changes.scopes.map((scope) => scope.value);
        await dropPermissionsExcept(db, id, kept);
      }
      return find(id);
    },
    async deleteResourceServer(id) {
      const result = await db.deleteFrom('resource_servers').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    ...createSystemServers(db),
  };
}

/**
 * Creates the methods for the API record of the Management API itself. Its identifier contains the server's address, so
 * it changes with that address.
 */
function createSystemServers(
  db: Kysely<Database>,
): Pick<AccessDirectory, 'listSystemServersBeside' | 'renameResourceServer'> {
  return {
    async listSystemServersBeside(identifier) {
      const query = db.selectFrom('resource_servers').selectAll().where('is_system', '=', true);
      const rows = await query.where('identifier', '<>', identifier).orderBy('created_at', 'desc').execute();
      return rows.map(toServer);
    },
    async renameResourceServer({ id, identifier: before }, identifier) {
      // This updates client grants as well, through their foreign key.
      await db.updateTable('resource_servers').set({ identifier }).where('id', '=', id).execute();
      await db.updateTable('refresh_tokens').set({ audience: identifier }).where('audience', '=', before).execute();
    },
  };
}
