/** Identities of users at connections. Removing one revokes the sessions that it began. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { assert } from '../../../kernel/assert.js';
import { Fault } from '../../../kernel/errors.js';
import type { IdentityRecord, UserDirectory } from '../../../ports/directory/users.js';
import type { ConnectionsTable, Database, IdentitiesTable } from '../../schema/schema.js';
import { freePrefix, knownPrefix, prefixIssuer } from '../../user-id-prefixes.js';
import { orNull, orUndefined } from '../rows.js';
import { endAccessThrough } from './end-access.js';

type Row = Selectable<IdentitiesTable> & Pick<Selectable<ConnectionsTable>, 'name' | 'strategy'>;

function toIdentity(row: Row): IdentityRecord {
  return {
    id: row.id,
    connectionId: row.connection_id,
    connectionName: row.name,
    strategy: row.strategy,
    status: row.status,
    issuer: row.issuer,
    subject: orUndefined(row.subject),
    expectedEmail: orUndefined(row.expected_email),
    isPrimary: row.is_primary,
    profile: row.profile,
    emailVouchedBy: orUndefined(row.email_vouched_by),
    scim: orUndefined(row.scim),
    scimId: orUndefined(row.scim_id),
    scimInactive: row.scim_inactive,
    createdAt: row.created_at,
  };
}

function selectIdentities(db: Kysely<Database>) {
  return db
    .selectFrom('identities')
    .innerJoin('connections', 'connections.id', 'identities.connection_id')
    .selectAll('identities')
    .select(['connections.name', 'connections.strategy']);
}

/** Reads identities by user, the primary one first. */
export async function loadIdentities(
  db: Kysely<Database>,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly IdentityRecord[]>> {
  const found = new Map<string, IdentityRecord[]>(userIds.map((userId) => [userId, []]));
  if (userIds.length === 0) return found;
  const rows = await selectIdentities(db)
    .where('identities.user_id', 'in', [...userIds])
    .orderBy('identities.is_primary', 'desc')
    .orderBy('identities.created_at')
    .orderBy('identities.id')
    .execute();
  for (const row of rows) found.get(row.user_id)?.push(toIdentity(row));
  return found;
}

type Identities = Pick<
  UserDirectory,
  'findIdentity' | 'addIdentity' | 'moveIdentity' | 'deleteIdentity' | 'getIdPrefix'
>;

/**
 * Attempts to read or reserve the prefix of a connection's user ids. An attempt fails when another request reserves the
 * prefix at the same moment.
 */
const PREFIX_ATTEMPTS = 3;

/**
 * Returns the prefix of a connection's user ids. When two first users are created at once, the second waits and reads
 * the prefix of the first. Throws Fault after three attempts.
 */
async function getIdPrefix(db: Kysely<Database>, of: Parameters<UserDirectory['getIdPrefix']>[0]): Promise<string> {
  for (let attempt = 1; attempt <= PREFIX_ATTEMPTS; attempt += 1) {
    const prefix = await findOrGivePrefix(db, of);
    if (prefix !== null) return prefix;
  }
  throw new Fault('database', 'the prefix of a connection was given to others each time', true);
}

async function findOrGivePrefix(
  db: Kysely<Database>,
  { connectionId, issuer, base, at }: Parameters<UserDirectory['getIdPrefix']>[0],
): Promise<string | null> {
  const { rows } = await sql<{ prefix: string | null }>`
    with wanted as (select ${connectionId}::text as connection_id, ${issuer}::text as issuer, ${base}::text as base),
    known as (select ${sql.raw(knownPrefix('w.connection_id', 'w.issuer'))} as prefix from wanted w),
    given as (insert into user_id_prefixes (connection_id, issuer, prefix, created_at)
      select w.connection_id, ${sql.raw(prefixIssuer('w.issuer'))}, ${sql.raw(freePrefix('w.base'))}, ${at}
      from wanted w, known where known.prefix is null on conflict do nothing returning prefix)
    select coalesce((select prefix from known), (select prefix from given)) as prefix`.execute(db);
  const [row] = rows;
  assert(row, 'the statement has one row');
  return row.prefix;
}

/** Returns the methods for bound and expected identities of users. */
export function createIdentities(db: Kysely<Database>): Identities {
  const findOwn = (userId: string, identityId: string) =>
    db
      .selectFrom('identities')
      .select('connection_id')
      .where('user_id', '=', userId)
      .where('id', '=', identityId)
      .executeTakeFirst();
  return {
    getIdPrefix: (of) => getIdPrefix(db, of),
    async findIdentity({ connectionId, subject, status }) {
      const row = await selectIdentities(db)
        .where('identities.connection_id', '=', connectionId)
        .where('identities.subject', '=', subject)
        .where('identities.status', '=', status)
        .limit(1)
        .executeTakeFirst();
      return row && { userId: row.user_id, identity: toIdentity(row) };
    },
    async addIdentity(identity) {
      await db
        .insertInto('identities')
        .values({
          user_id: identity.userId,
          id: identity.id,
          connection_id: identity.connectionId,
          status: identity.status,
          issuer: identity.issuer,
          subject: orNull(identity.subject),
          expected_email: orNull(identity.expectedEmail),
          is_primary: identity.isPrimary,
          profile: JSON.stringify(identity.profile),
          bound_by: identity.boundBy,
          scim: identity.scim === undefined ? null : JSON.stringify(identity.scim.resource),
          scim_id: identity.scim?.id ?? null,
          created_at: identity.at,
          bound_at: identity.status === 'bound' ? identity.at : null,
        })
        .execute();
    },
    async moveIdentity(from, identityId, to, profile, isPrimary) {
      const own = await findOwn(from, identityId);
      if (own === undefined) return;
      await db
        .updateTable('identities')
        .set({
          user_id: to,
          is_primary: isPrimary,
          ...(profile === undefined
            ? {}
            : { profile: JSON.stringify(profile.profile), email_vouched_by: orNull(profile.emailVouchedBy) }),
        })
        .where('user_id', '=', from)
        .where('id', '=', identityId)
        .execute();
      await db
        .updateTable('password_credentials')
        .set({ user_id: to })
        .where('user_id', '=', from)
        .where('connection_id', '=', own.connection_id)
        .execute();
      // Moves the identities that an earlier move set aside along to the user `to`. So their subjects are still
      // refused, and that move can still be undone.
      await db
        .updateTable('moved_identities')
        .set({ user_id: to, is_primary: isPrimary })
        .where('user_id', '=', from)
        .where('connection_id', '=', own.connection_id)
        .execute();
      await endAccessThrough(db, from, own.connection_id);
    },
    async deleteIdentity(userId, identityId) {
      const own = await findOwn(userId, identityId);
      if (own === undefined) return;
      await db.deleteFrom('identities').where('user_id', '=', userId).where('id', '=', identityId).execute();
      await endAccessThrough(db, userId, own.connection_id);
    },
  };
}
