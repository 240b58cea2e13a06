/** Users: reading, searching and changing them. Identities and passwords are in identities.ts and credentials.ts. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { UserChanges, UserDirectory, UserFilter, UserRecord } from '../../ports/directory/users.js';
import type { Database, UsersTable } from '../schema.js';
import { createCredentials } from './credentials.js';
import { createFormerIdentities } from './former-identities.js';
import { createIdentities, loadIdentities } from './identities.js';
import { columnsOf, countIf, cutPage, orNull, orUndefined, toPage } from './rows.js';
import { SHOWN_NAME, toCondition } from './user-search.js';

type Bare = Omit<UserRecord, 'identities'>;

function toUser(row: Selectable<UsersTable>): Bare {
  return {
    userId: row.user_id,
    email: orUndefined(row.email),
    emailVerified: row.email_verified,
    emailVouchedBy: orUndefined(row.email_vouched_by),
    username: orUndefined(row.username),
    phoneNumber: orUndefined(row.phone_number),
    profile: {
      ...(row.name === null ? {} : { name: row.name }),
      ...(row.given_name === null ? {} : { givenName: row.given_name }),
      ...(row.family_name === null ? {} : { familyName: row.family_name }),
      ...(row.nickname === null ? {} : { nickname: row.nickname }),
      ...(row.picture === null ? {} : { picture: row.picture }),
    },
    blocked: row.blocked,
    userMetadata: row.user_metadata,
    appMetadata: row.app_metadata,
    loginsCount: row.logins_count,
    lastLoginAt: orUndefined(row.last_login_at),
    lastIp: orUndefined(row.last_ip),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toProfileColumns(profile: UserRecord['profile'] | undefined) {
  return {
    name: orNull(profile?.name),
    given_name: orNull(profile?.givenName),
    family_name: orNull(profile?.familyName),
    nickname: orNull(profile?.nickname),
    picture: orNull(profile?.picture),
  };
}

function toColumns(changes: UserChanges): Updateable<UsersTable> {
  return columnsOf<UserChanges, Updateable<UsersTable>>(changes, {
    email: (value) => ({ email: orNull(value) }),
    emailVouchedBy: (value) => ({ email_vouched_by: orNull(value) }),
    username: (value) => ({ username: orNull(value) }),
    phoneNumber: (value) => ({ phone_number: orNull(value) }),
    profile: (value) => toProfileColumns(value),
    blocked: (value) => (value === undefined ? {} : { blocked: value }),
    userMetadata: (value) => ({ user_metadata: JSON.stringify(value ?? {}) }),
    appMetadata: (value) => ({ app_metadata: JSON.stringify(value ?? {}) }),
    updatedAt: (value) => ({ updated_at: value }),
  });
}

async function complete(db: Kysely<Database>, rows: readonly Selectable<UsersTable>[]): Promise<UserRecord[]> {
  const identities = await loadIdentities(
    db,
    rows.map((row) => row.user_id),
  );
  return rows.map((row) => ({ ...toUser(row), identities: identities.get(row.user_id) ?? [] }));
}

function filtered(db: Kysely<Database>, filter: UserFilter) {
  let query = db.selectFrom('users');
  if (filter.search !== undefined) query = query.where(toCondition(filter.search));
  if (filter.connection !== undefined) {
    const match = { kind: 'match', field: 'identities.connection', text: filter.connection, prefix: false } as const;
    query = query.where(toCondition(match));
  }
  return query;
}

/** Users, with identities and passwords. */
export function createUserDirectory(db: Kysely<Database>): UserDirectory {
  const find = async (userId: string, lock = false) => {
    const query = db.selectFrom('users').selectAll().where('user_id', '=', userId);
    // Not FOR UPDATE, so that an insert of a session or a membership at the same time need not wait.
    const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
    return row && (await complete(db, [row]))[0];
  };
  return {
    ...createIdentities(db),
    ...createCredentials(db),
    ...createFormerIdentities(db),
    async search(filter, page) {
      const order = filter.sortBy === 'name' ? SHOWN_NAME : sql.ref(filter.sortBy ?? 'created_at');
      const query = cutPage(filtered(db, filter).selectAll(), page, order, sql.ref('user_id'));
      const total = await countIf(page, filtered(db, filter));
      const cut = toPage(
        await query.execute(),
        page,
        total,
        (row) => row,
        (row) => ({ createdAt: row.created_at, id: row.user_id }),
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
          user_id: user.userId,
          email: orNull(user.email),
          email_vouched_by: orNull(user.emailVouchedBy),
          username: orNull(user.username),
          phone_number: orNull(user.phoneNumber),
          ...toProfileColumns(user.profile),
          blocked: user.blocked,
          user_metadata: JSON.stringify(user.userMetadata),
          app_metadata: JSON.stringify(user.appMetadata),
          created_at: user.createdAt,
          updated_at: user.updatedAt,
        })
        .execute();
    },
    async update(userId, changes) {
      await db.updateTable('users').set(toColumns(changes)).where('user_id', '=', userId).execute();
      return find(userId);
    },
    async delete(userId) {
      const result = await db.deleteFrom('users').where('user_id', '=', userId).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
