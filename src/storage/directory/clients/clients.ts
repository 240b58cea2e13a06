/** Applications. Each secret is sealed with the client id as additional data and leaves only through `findSecret`. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import { type ColumnsOf, toColumns, toSettings } from '../../../management/api/fields.js';
import { CLIENT_COLUMNS } from '../../../management/clients/fields.js';
import type { ClientChanges, ClientDirectory, ClientFilter, ClientRecord } from '../../../ports/directory/clients.js';
import type { ClientsTable, Database } from '../../schema/schema.js';
import { beginsWith, countIf, cutPage, toListCursor, toPage } from '../rows.js';

/** Sort key that ignores case, in the order of code points, so that its index serves searches by prefix. */
const NAME = sql<string>`lower(name) collate "C"`;

/** Converts a row of clients into the port's record. */
export function toClient(row: Selectable<ClientsTable>): ClientRecord {
  return {
    ...toSettings(CLIENT_COLUMNS, row),
    clientId: row.client_id,
    metadata: row.client_metadata,
    extra: row.extra,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow({ metadata, extra, updatedAt, ...settings }: Omit<ClientRecord, 'clientId' | 'createdAt'>) {
  return {
    ...(toColumns(CLIENT_COLUMNS, settings) as ColumnsOf<typeof CLIENT_COLUMNS>),
    client_metadata: JSON.stringify(metadata),
    extra: JSON.stringify(extra),
    updated_at: updatedAt,
  };
}

/** Returns the context for which a client's secret is sealed. A secret moved to another client's row does not open. */
export function clientSecretContext(clientId: string): string {
  return `clients:${clientId}:secret`;
}

/** Returns the directory of applications. `secrets` seals their secrets. */
export function createClientDirectory(db: Kysely<Database>, secrets: SecretBox): ClientDirectory {
  const seal = (clientId: string, secret: string | undefined) =>
    secret === undefined ? null : secrets.seal(secret, clientSecretContext(clientId));
  const filtered = (filter: ClientFilter) => {
    // Leaves out the console: a tool that makes a tenant equal to a file (such as Auth0's deploy-cli) would delete it.
    let query = db.selectFrom('clients').where('client_id', 'not in', db.selectFrom('operators').select('client_id'));
    if (filter.isGlobal !== undefined) query = query.where('is_global', '=', filter.isGlobal);
    if (filter.isFirstParty !== undefined) query = query.where('is_first_party', '=', filter.isFirstParty);
    if (filter.startsWith !== undefined) query = query.where(beginsWith(NAME, filter.startsWith));
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
      const byName = filter.startsWith !== undefined;
      const order = byName ? NAME : sql.ref('created_at');
      const query = cutPage(filtered(filter).selectAll(), page, order, sql.ref('client_id'));
      const total = await countIf(page, filtered(filter));
      return toPage(await query.execute(), page, total, toClient, (row) => toListCursor(row, row.client_id, byName));
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
          ...toRow(client),
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
      await db.updateTable('clients').set(toRow(after)).where('client_id', '=', clientId).execute();
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
