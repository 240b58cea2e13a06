/** Reads, searches and changes users. Identities and passwords are in identities.ts and credentials.ts. */
import { type Kysely, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely';
import { type ColumnsOf, toColumns, toDefaults, toSettings } from '../../../management/api/fields.js';
import { PROFILE_FIELDS, USER_FIELDS } from '../../../management/users/fields.js';
import type { SearchTerm, UserChanges, UserDirectory, UserFilter, UserRecord } from '../../../ports/directory/users.js';
import type { Database, UsersTable } from '../../schema/schema.js';
import { createCredentials } from '../clients/credentials.js';
import { createTickets } from '../clients/tickets.js';
import { countIf, cutPage, orNull, orUndefined, toPage } from '../rows.js';
import { endAccessThrough } from './end-access.js';
import { findWithSecondFactor } from './factors.js';
import { createFormerIdentities } from './former-identities.js';
import { createIdentities, loadIdentities } from './identities.js';
import { createMovedIdentities } from './moved-identities.js';
import { ADDRESS, findConnectionsOfTerms, SHOWN_NAME, toCondition } from './user-search.js';

type Bare = Omit<UserRecord, 'identities' | 'hasSecondFactor'>;

const NO_PROFILE = toDefaults(PROFILE_FIELDS);

/** Returns the profile in a row without its null properties. */
export function toProfile(row: ColumnsOf<typeof PROFILE_FIELDS>): UserRecord['profile'] {
  const profile = Object.entries(toSettings(PROFILE_FIELDS, row)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(profile);
}

function toUser(row: Selectable<UsersTable>): Bare {
  return {
    ...toSettings(USER_FIELDS, row),
    profile: toProfile(row),
    userId: row.user_id,
    email: orUndefined(row.email),
    emailVerified: row.email_verified,
    emailVouchedBy: orUndefined(row.email_vouched_by),
    blockedByScim: row.blocked_by_scim,
    userMetadata: row.user_metadata,
    appMetadata: row.app_metadata,
    loginsCount: row.logins_count,
    lastLoginAt: orUndefined(row.last_login_at),
    lastIp: orUndefined(row.last_ip),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Returns the columns of a profile, null for missing properties. */
export const toProfileColumns = (profile: UserRecord['profile']) =>
  toColumns(PROFILE_FIELDS, { ...NO_PROFILE, ...profile }) as ColumnsOf<typeof PROFILE_FIELDS>;

function toRow(changes: UserChanges): Updateable<UsersTable> {
  const { email, emailVouchedBy, profile, userMetadata, appMetadata, updatedAt, ...settings } = changes;
  return {
    ...toColumns(USER_FIELDS, settings),
    // An operator overrides SCIM: SCIM cannot lift a block that an operator set or confirmed.
    ...('blocked' in changes && { blocked_by_scim: false }),
    ...('email' in changes && { email: orNull(email) }),
    ...('emailVouchedBy' in changes && { email_vouched_by: orNull(emailVouchedBy) }),
    ...(profile !== undefined && toProfileColumns(profile)),
    ...(userMetadata !== undefined && { user_metadata: JSON.stringify(userMetadata) }),
    ...(appMetadata !== undefined && { app_metadata: JSON.stringify(appMetadata) }),
    updated_at: updatedAt,
  };
}

async function complete(db: Kysely<Database>, rows: readonly Selectable<UsersTable>[]): Promise<UserRecord[]> {
  const identities = await loadIdentities(
    db,
    rows.map((row) => row.user_id),
  );
  // An account of revision 0 never had a factor: most accounts ask no further statement.
  const withFactors = await findWithSecondFactor(
    db,
    rows.filter((row) => Number(row.factors_revision) > 0).map((row) => row.user_id),
  );
  return rows.map((row) => ({
    ...toUser(row),
    identities: identities.get(row.user_id) ?? [],
    hasSecondFactor: withFactors.has(row.user_id),
  }));
}

/** Returns a function that selects the users of a filter: used once for the page and once for the total. */
async function filtered(db: Kysely<Database>, filter: UserFilter) {
  const terms: SearchTerm[] = filter.search === undefined ? [] : [filter.search];
  if (filter.connection !== undefined)
    terms.push({ kind: 'match', field: 'identities.connection', text: filter.connection, prefix: false });
  const connections = await findConnectionsOfTerms(db, terms);
  return () => terms.reduce((query, term) => query.where(toCondition(term, connections)), db.selectFrom('users'));
}

/** Sort keys of a list of users, by the requested order. */
const ORDERS: Readonly<Record<NonNullable<UserFilter['sortBy']>, RawBuilder<unknown>>> = {
  created_at: sql.ref('created_at'),
  email: ADDRESS,
  name: SHOWN_NAME,
  user_id: sql.ref('user_id'),
};

/** Returns the directory of users, with identities and passwords. */
export function createUserDirectory(db: Kysely<Database>): UserDirectory {
  const find = async (userId: string, lock = false) => {
    const query = db.selectFrom('users').selectAll().where('user_id', '=', userId);
    // Locks FOR NO KEY UPDATE instead of FOR UPDATE: a concurrent insert of a session or a membership need not wait.
    const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
    return row && (await complete(db, [row]))[0];
  };
  return {
    ...createIdentities(db),
    ...createCredentials(db),
    ...createTickets(db),
    ...createFormerIdentities(db),
    ...createMovedIdentities(db, (userId, connectionId) => endAccessThrough(db, userId, connectionId)),
    async search(filter, page) {
      const select = await filtered(db, filter);
      const query = cutPage(select().selectAll(), page, ORDERS[filter.sortBy ?? 'created_at'], sql.ref('user_id'));
      const total = await countIf(page, select());
      const cut = toPage(
        await query.execute(),
        page,
        total,
        (row) => row,
        (row) => ({ createdAt: row.page_time, id: row.user_id }),
      );
      return { ...cut, items: await complete(db, cut.items) };
    },
    async listByEmail(email) {
      const rows = await db
        .selectFrom('users')
        .selectAll()
        .where('email', '=', email)
        .orderBy('created_at')
        .limit(100)
        .execute();
      return complete(db, rows);
    },
    find: (userId) => find(userId),
    findForUpdate: (userId) => find(userId, true),
    async findExisting(userIds) {
      if (userIds.length === 0) return [];
      const rows = await db
        .selectFrom('users')
        .select('user_id')
        .where('user_id', 'in', [...userIds])
        .execute();
      return rows.map((row) => row.user_id);
    },
    async create(user) {
      await db
        .insertInto('users')
        .values({
          ...(toColumns(USER_FIELDS, user) as ColumnsOf<typeof USER_FIELDS>),
          ...toProfileColumns(user.profile),
          user_id: user.userId,
          email: orNull(user.email),
          email_vouched_by: orNull(user.emailVouchedBy),
          user_metadata: JSON.stringify(user.userMetadata),
          app_metadata: JSON.stringify(user.appMetadata),
          created_at: user.createdAt,
          updated_at: user.updatedAt,
        })
        .execute();
    },
    async update(userId, changes) {
      await db.updateTable('users').set(toRow(changes)).where('user_id', '=', userId).execute();
      return find(userId);
    },
    async delete(userId) {
      const result = await db.deleteFrom('users').where('user_id', '=', userId).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
