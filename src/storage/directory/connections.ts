/** Connections. Secret options are one sealed JSON object, which this directory never returns. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { SecretBox } from '../../kernel/seal.js';
import type { ConnectionDirectory, ConnectionFilter, ConnectionRecord } from '../../ports/directory/connections.js';
import type { ConnectionsTable, Database } from '../schema/schema.js';
import { beginsWith, countIf, cutPage, orNull, orUndefined, toListCursor, toPage } from './rows.js';

/** The shown name without case, in the order of code points, so that its index serves searches by prefix. */
const SHOWN_NAME = sql<string>`lower(coalesce(display_name, name)) collate "C"`;

/** Converts a row of connections into the port's record, without secrets. */
export function toConnection(row: Omit<Selectable<ConnectionsTable>, 'secrets_sealed'>): ConnectionRecord {
  return {
    id: row.id,
    name: row.name,
    strategy: row.strategy,
    displayName: orUndefined(row.display_name),
    options: row.options,
    domainAliases: row.domain_aliases,
    showAsButton: row.show_as_button,
    isDomainConnection: row.is_domain_connection,
    needsOrganization: row.needs_organization,
    managedByOrganization: orUndefined(row.managed_by_organization),
    metadata: row.metadata,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toColumns(connection: ConnectionRecord) {
  return {
    display_name: orNull(connection.displayName),
    options: JSON.stringify(connection.options),
    domain_aliases: [...connection.domainAliases],
    show_as_button: connection.showAsButton,
    is_domain_connection: connection.isDomainConnection,
    needs_organization: connection.needsOrganization,
    managed_by_organization: orNull(connection.managedByOrganization),
    metadata: JSON.stringify(connection.metadata),
    revision: connection.revision,
    updated_at: connection.updatedAt,
  };
}

type Secrets = Readonly<Record<string, string>>;

/** Creates the methods for the clients that may use a connection. */
function createEnablement(db: Kysely<Database>) {
  return {
    async listClients(id: string, limit: number, after: string | undefined) {
      let query = db.selectFrom('connection_clients').select('client_id').where('connection_id', '=', id);
      if (after !== undefined) query = query.where('client_id', '>', after);
      return (await query.orderBy('client_id').limit(limit).execute()).map((row) => row.client_id);
    },
    async listClientsOf(ids: readonly string[]) {
      const found = new Map<string, string[]>(ids.map((id) => [id, []]));
      if (ids.length === 0) return found;
      const rows = await db
        .selectFrom('connection_clients')
        .selectAll()
        .where('connection_id', 'in', [...ids])
        .orderBy('client_id')
        .execute();
      for (const row of rows) found.get(row.connection_id)?.push(row.client_id);
      return found;
    },
    async setClients(
      id: string,
      changes: readonly { readonly clientId: string; readonly enabled: boolean }[],
      revision: string,
    ) {
      if (changes.length === 0) return;
      await db.updateTable('connections').set({ revision }).where('id', '=', id).execute();
      // Sorted, so that two writers lock the same rows in the same order.
      const ordered = [...changes].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
      const off = ordered.filter((change) => !change.enabled).map((change) => change.clientId);
      const on = ordered.filter((change) => change.enabled);
      if (off.length > 0) {
        await db
          .deleteFrom('connection_clients')
          .where('connection_id', '=', id)
          .where('client_id', 'in', off)
          .execute();
      }
      if (on.length > 0) {
        await db
          .insertInto('connection_clients')
          .values(on.map((change) => ({ connection_id: id, client_id: change.clientId })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
    async isEnabledForClient(id: string, clientId: string) {
      const row = await db
        .selectFrom('connection_clients')
        .select('client_id')
        .where('connection_id', '=', id)
        .where('client_id', '=', clientId)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/**
 * Deletes the identities of a connection that is being deleted, as Auth0 does. Users without another identity are
 * deleted. For the others the next identity becomes primary, and their codes and refresh tokens from this connection
 * are deleted.
 */
async function removePeopleOf(db: Kysely<Database>, id: string): Promise<void> {
  await sql`
    delete from users where user_id in (select user_id from identities where connection_id = ${id} and (status = 'bound' or is_primary))
      and not exists (select 1 from identities other
        where other.user_id = users.user_id and other.connection_id <> ${id} and (other.status = 'bound' or other.is_primary))`.execute(
    db,
  );
  await sql`
    update identities set is_primary = true where (user_id, id) in (
      select distinct on (heir.user_id) heir.user_id, heir.id
      from identities heir join identities gone on gone.user_id = heir.user_id
      where gone.connection_id = ${id} and gone.is_primary and heir.connection_id <> ${id} and heir.status = 'bound'
      order by heir.user_id, heir.created_at, heir.id)`.execute(db);
  await db.deleteFrom('authorization_codes').where('connection_id', '=', id).execute();
  await db.deleteFrom('refresh_tokens').where('connection_id', '=', id).execute();
}

async function findSealed(db: Kysely<Database>, id: string): Promise<Buffer | null> {
  const query = db.selectFrom('connections').select('secrets_sealed').where('id', '=', id);
  return (await query.executeTakeFirst())?.secrets_sealed ?? null;
}

/** Selects the connections that match a filter. */
function filtered(db: Kysely<Database>, filter: ConnectionFilter) {
  // Leaves out the operators' connection: a tool that makes a tenant equal to a file (such as Auth0's deploy-cli) would
  // delete it.
  let query = db.selectFrom('connections').where('id', 'not in', db.selectFrom('operators').select('connection_id'));
  if (filter.strategies !== undefined)
    query = query.where(sql<boolean>`strategy = any(${[...filter.strategies]}::text[])`);
  if (filter.name !== undefined) query = query.where('name', '=', filter.name);
  if (filter.clientId !== undefined) {
    const enabled = db
      .selectFrom('connection_clients')
      .select('connection_id')
      .where('client_id', '=', filter.clientId);
    query = query.where('id', 'in', enabled);
  }
  if (filter.startsWith !== undefined) query = query.where(beginsWith(SHOWN_NAME, filter.startsWith));
  return query;
}

/** Returns the directory of connections. `box` seals their secret options. */
export function createConnectionDirectory(db: Kysely<Database>, box: SecretBox): ConnectionDirectory {
  const context = (id: string) => `connections:${id}:secrets`;
  const seal = (id: string, secrets: Secrets) =>
    Object.keys(secrets).length === 0 ? null : box.seal(JSON.stringify(secrets), context(id));
  const open = (id: string, sealed: Buffer | null): Secrets => {
    const plain = sealed === null ? undefined : box.open(sealed, context(id));
    return plain === undefined ? {} : (JSON.parse(plain) as Secrets);
  };
  const find = async (id: string, lock = false) => {
    const query = db.selectFrom('connections').selectAll().where('id', '=', id);
    const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
    return row && toConnection(row);
  };
  return {
    ...createEnablement(db),
    async list(filter, page) {
      const byName = filter.startsWith !== undefined;
      const query = cutPage(
        filtered(db, filter).selectAll(),
        page,
        byName ? SHOWN_NAME : sql.ref('created_at'),
        sql.ref('id'),
      );
      const total = await countIf(page, filtered(db, filter));
      return toPage(await query.execute(), page, total, toConnection, (row) => toListCursor(row, row.id, byName));
    },
    find: (id) => find(id),
    findForUpdate: (id) => find(id, true),
    hasSecrets: async (id) => (await findSealed(db, id)) !== null,
    async countManagedBy(organizationId) {
      const made = db.selectFrom('connections').where('managed_by_organization', '=', organizationId);
      const { count } = await made.select(sql<number>`count(*)::int`.as('count')).executeTakeFirstOrThrow();
      return count;
    },
    findClientSecret: async (id) => open(id, await findSealed(db, id)).client_secret,
    async findByName(name) {
      const row = await db.selectFrom('connections').selectAll().where('name', '=', name).executeTakeFirst();
      return row && toConnection(row);
    },
    async create(connection, secrets) {
      await db
        .insertInto('connections')
        .values({
          ...toColumns(connection),
          id: connection.id,
          name: connection.name,
          strategy: connection.strategy,
          secrets_sealed: seal(connection.id, secrets),
          created_at: connection.createdAt,
        })
        .execute();
    },
    async update(id, changes, secretChanges) {
      const row = await db
        .selectFrom('connections')
        .selectAll()
        .where('id', '=', id)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const after: ConnectionRecord = { ...toConnection(row), ...changes };
      const merged = Object.entries({ ...open(id, row.secrets_sealed), ...secretChanges });
      const secrets = Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
      await db
        .updateTable('connections')
        .set({ ...toColumns(after), secrets_sealed: seal(id, secrets) })
        .where('id', '=', id)
        .execute();
      return after;
    },
    async delete(id) {
      await removePeopleOf(db, id);
      const result = await db.deleteFrom('connections').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
