/** Applications. The secret is sealed with the client's id as additional data and leaves only through `findSecret`. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { SecretBox } from '../../kernel/seal.js';
import type { ClientChanges, ClientDirectory, ClientFilter, ClientRecord } from '../../ports/directory/clients.js';
import type { ClientsTable, Database } from '../schema.js';
import { countIf, cutPage, orNull, orUndefined, toPage } from './rows.js';

function toClient(row: Selectable<ClientsTable>): ClientRecord {
  return {
    clientId: row.client_id,
    name: row.name,
    appType: orUndefined(row.app_type),
    tokenEndpointAuthMethod: row.token_endpoint_auth_method,
    callbacks: row.callbacks,
    allowedLogoutUrls: row.allowed_logout_urls,
    webOrigins: row.web_origins,
    grantTypes: row.grant_types,
    initiateLoginUri: orUndefined(row.initiate_login_uri),
    organizationUsage: row.organization_usage,
    organizationRequireBehavior: row.organization_require_behavior,
    idTokenLifetimeSeconds: row.id_token_lifetime_seconds,
    refreshRotating: row.refresh_rotating,
    refreshLeewaySeconds: row.refresh_leeway_seconds,
    refreshLifetimeSeconds: row.refresh_lifetime_seconds,
    refreshIdleLifetimeSeconds: row.refresh_idle_lifetime_seconds,
    isFirstParty: row.is_first_party,
    isGlobal: row.is_global,
    metadata: row.client_metadata,
    extra: row.extra,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Columns of a whole client. */
function toColumns(client: Omit<ClientRecord, 'clientId' | 'createdAt'>) {
  return {
    name: client.name,
    app_type: orNull(client.appType),
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    callbacks: [...client.callbacks],
    allowed_logout_urls: [...client.allowedLogoutUrls],
    web_origins: [...client.webOrigins],
    grant_types: [...client.grantTypes],
    initiate_login_uri: orNull(client.initiateLoginUri),
    organization_usage: client.organizationUsage,
    organization_require_behavior: client.organizationRequireBehavior,
    id_token_lifetime_seconds: client.idTokenLifetimeSeconds,
    refresh_rotating: client.refreshRotating,
    refresh_leeway_seconds: client.refreshLeewaySeconds,
    refresh_lifetime_seconds: client.refreshLifetimeSeconds,
    refresh_idle_lifetime_seconds: client.refreshIdleLifetimeSeconds,
    is_first_party: client.isFirstParty,
    is_global: client.isGlobal,
    client_metadata: JSON.stringify(client.metadata),
    extra: JSON.stringify(client.extra),
    updated_at: client.updatedAt,
  } satisfies Updateable<ClientsTable>;
}

/** The context for which a client's secret is sealed: moved to another client's row, it does not open. */
export function clientSecretContext(clientId: string): string {
  return `clients:${clientId}:secret`;
}

/** Applications; their secrets are sealed with `secrets`. */
export function createClientDirectory(db: Kysely<Database>, secrets: SecretBox): ClientDirectory {
  const seal = (clientId: string, secret: string | undefined) =>
    secret === undefined ? null : secrets.seal(secret, clientSecretContext(clientId));
  const filtered = (filter: ClientFilter) => {
    let query = db.selectFrom('clients');
    if (filter.isGlobal !== undefined) query = query.where('is_global', '=', filter.isGlobal);
    if (filter.isFirstParty !== undefined) query = query.where('is_first_party', '=', filter.isFirstParty);
    if (filter.appTypes !== undefined) query = query.where('app_type', 'in', [...filter.appTypes]);
    return query;
  };
  const find = async (clientId: string, lock = false) => {
    const query = db.selectFrom('clients').selectAll().where('client_id', '=', clientId);
    const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
    return row && toClient(row);
  };
  return {
    async list(filter, page) {
      const query = cutPage(filtered(filter).selectAll(), page, sql.ref('created_at'), sql.ref('client_id'));
      const total = await countIf(page, filtered(filter));
      return toPage(await query.execute(), page, total, toClient, (row) => ({
        createdAt: row.created_at,
        id: row.client_id,
      }));
    },
    find: (clientId) => find(clientId),
    findForUpdate: (clientId) => find(clientId, true),
    async findExisting(clientIds) {
      if (clientIds.length === 0) return [];
      const rows = await db
        .selectFrom('clients')
        .select('client_id')
        .where('client_id', 'in', [...clientIds])
        .execute();
      return rows.map((row) => row.client_id);
    },
    async findSecret(clientId) {
      const row = await db
        .selectFrom('clients')
        .select('secret_sealed')
        .where('client_id', '=', clientId)
        .executeTakeFirst();
      return row?.secret_sealed ? secrets.open(row.secret_sealed, clientSecretContext(clientId)) : undefined;
    },
    async create(client, secret) {
      await db
        .insertInto('clients')
        .values({
          ...toColumns(client),
          client_id: client.clientId,
          created_at: client.createdAt,
          secret_sealed: seal(client.clientId, secret),
        })
        .execute();
    },
    async update(clientId, changes: ClientChanges) {
      const before = await find(clientId, true);
      if (before === undefined) return undefined;
      const after: ClientRecord = { ...before, ...changes };
      await db.updateTable('clients').set(toColumns(after)).where('client_id', '=', clientId).execute();
      return after;
    },
    async replaceSecret(clientId, secret, at) {
      const result = await db
        .updateTable('clients')
        .set({ secret_sealed: seal(clientId, secret), updated_at: at })
        .where('client_id', '=', clientId)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async delete(clientId) {
      const result = await db.deleteFrom('clients').where('client_id', '=', clientId).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
