/** Resource servers and client grants: which client may request a token for which API, with which scopes. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type {
  AccessDirectory,
  ClientGrantChanges,
  ClientGrantRecord,
  ResourceServerChanges,
  ResourceServerRecord,
  ScopeRecord,
} from '../../ports/directory/access.js';
import type { ClientGrantsTable, Database, ResourceServersTable } from '../schema.js';
import { columnsOf, countIf, cutPage, orNull, orUndefined, toPage } from './rows.js';

function toServer(row: Selectable<ResourceServersTable>): ResourceServerRecord {
  return {
    id: row.id,
    identifier: row.identifier,
    name: orUndefined(row.name),
    scopes: row.scopes as readonly ScopeRecord[],
    tokenLifetimeSeconds: row.token_lifetime_seconds,
    allowOfflineAccess: row.allow_offline_access,
    isSystem: row.is_system,
    extra: row.extra,
    createdAt: row.created_at,
  };
}

function toServerColumns(changes: ResourceServerChanges): Updateable<ResourceServersTable> {
  return columnsOf<ResourceServerChanges, Updateable<ResourceServersTable>>(changes, {
    name: (value) => ({ name: orNull(value) }),
    scopes: (value) => ({ scopes: JSON.stringify(value ?? []) }),
    tokenLifetimeSeconds: (value) => (value === undefined ? {} : { token_lifetime_seconds: value }),
    allowOfflineAccess: (value) => (value === undefined ? {} : { allow_offline_access: value }),
    isSystem: (value) => (value === undefined ? {} : { is_system: value }),
    extra: (value) => ({ extra: JSON.stringify(value ?? {}) }),
  });
}

function toGrant(row: Selectable<ClientGrantsTable>): ClientGrantRecord {
  return {
    id: row.id,
    clientId: row.client_id,
    audience: row.audience,
    scopes: row.scopes,
    organizationUsage: orUndefined(row.organization_usage),
    allowAnyOrganization: row.allow_any_organization,
    createdAt: row.created_at,
  };
}

function toGrantColumns(changes: ClientGrantChanges): Updateable<ClientGrantsTable> {
  return columnsOf<ClientGrantChanges, Updateable<ClientGrantsTable>>(changes, {
    scopes: (value) => ({ scopes: [...(value ?? [])] }),
    organizationUsage: (value) => ({ organization_usage: orNull(value) }),
    allowAnyOrganization: (value) => (value === undefined ? {} : { allow_any_organization: value }),
  });
}

type GrantMethods = Pick<
  AccessDirectory,
  'listGrants' | 'findGrant' | 'createGrant' | 'updateGrant' | 'deleteGrant' | 'findUsableScopes' | 'listGrantedScopes'
>;

/** The reads of a grant by its key, (client, audience). */
function createScopes(db: Kysely<Database>): Pick<GrantMethods, 'findUsableScopes' | 'listGrantedScopes'> {
  return {
    async findUsableScopes(clientId, audience) {
      const row = await db
        .selectFrom('client_grants as g')
        .innerJoin('clients as c', 'c.client_id', 'g.client_id')
        .select('g.scopes')
        .where('g.client_id', '=', clientId)
        .where('g.audience', '=', audience)
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
        .execute();
      return new Map(rows.map((row) => [row.client_id, row.scopes]));
    },
  };
}

function createGrants(db: Kysely<Database>) {
  const filtered = (filter: { readonly clientId?: string; readonly audience?: string }) => {
    let query = db.selectFrom('client_grants');
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
    if (filter.audience !== undefined) query = query.where('audience', '=', filter.audience);
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
      return toPage(await query.execute(), page, total, toGrant, (row) => ({ createdAt: row.created_at, id: row.id }));
    },
    findGrant,
    async createGrant(grant) {
      await db
        .insertInto('client_grants')
        .values({
          id: grant.id,
          client_id: grant.clientId,
          audience: grant.audience,
          scopes: [...grant.scopes],
          organization_usage: orNull(grant.organizationUsage),
          allow_any_organization: grant.allowAnyOrganization,
          created_at: grant.createdAt,
        })
        .execute();
    },
    async updateGrant(id, changes) {
      const columns = toGrantColumns(changes);
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

/** APIs and client grants. */
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
    async listResourceServers(filter, page) {
      const query = cutPage(filtered(filter).selectAll(), page, sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, filtered(filter));
      return toPage(await query.execute(), page, total, toServer, (row) => ({ createdAt: row.created_at, id: row.id }));
    },
    findResourceServer: (idOrIdentifier) => find(idOrIdentifier),
    findResourceServerForUpdate: (idOrIdentifier) => find(idOrIdentifier, true),
    async createResourceServer(server) {
      await db
        .insertInto('resource_servers')
        .values({
          id: server.id,
          identifier: server.identifier,
          name: orNull(server.name),
          scopes: JSON.stringify(server.scopes),
          token_lifetime_seconds: server.tokenLifetimeSeconds,
          allow_offline_access: server.allowOfflineAccess,
          is_system: server.isSystem,
          extra: JSON.stringify(server.extra),
          created_at: server.createdAt,
        })
        .execute();
    },
    async updateResourceServer(id, changes) {
      const columns = toServerColumns(changes);
      if (Object.keys(columns).length > 0) {
        await db.updateTable('resource_servers').set(columns).where('id', '=', id).execute();
      }
      return find(id);
    },
    async deleteResourceServer(id) {
      const result = await db.deleteFrom('resource_servers').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
