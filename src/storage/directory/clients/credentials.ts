/** Stored passwords, and the revocation of sessions. Sees hashes only. */
import { type Kysely, sql } from 'kysely';
import type { WayIn } from '../../../domain/factors/company-session.js';
import { ENDED_HASH } from '../../../domain/people/account.js';
import type { UserDirectory } from '../../../ports/directory/users.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { FIND_WAYS } from '../../ways-in.js';
import { endAccess } from '../people/end-access.js';

const WAYS = prepare('ways-in', FIND_WAYS);

type Credentials = Pick<
  UserDirectory,
  | 'findPasswordUser'
  | 'listPasswordConnections'
  | 'listWaysIn'
  | 'putPassword'
  | 'replacePassword'
  | 'renamePasswordLogin'
  | 'endUnvouchedPasswords'
  | 'endSessions'
>;

/**
 * Deletes the second factors that nobody vouches for. Attack: who opened the account under its owner's address set one
 * up, and the owner could never pass it.
 */
async function endUnvouchedFactors(db: Kysely<Database>, userId: string): Promise<void> {
  const unvouched = db.selectFrom('factors').select('id').where('user_id', '=', userId).where('vouched_by', 'is', null);
  if ((await unvouched.executeTakeFirst()) === undefined) return;
  // Raises the version first: this locks the account before its factors, in the order of a login's commit.
  await db
    .updateTable('users')
    .set({ factors_revision: sql<number>`factors_revision + 1` })
    .where('user_id', '=', userId)
    .execute();
  await db.deleteFrom('factors').where('user_id', '=', userId).where('vouched_by', 'is', null).execute();
}

/** Returns the methods for passwords of database connections. */
export function createCredentials(db: Kysely<Database>): Credentials {
  return {
    async findPasswordUser(connectionId, email) {
      const row = await db
        .selectFrom('password_credentials')
        .select('user_id')
        .where('connection_id', '=', connectionId)
        .where('email', '=', email)
        .executeTakeFirst();
      return row?.user_id;
    },
    async listPasswordConnections(userId) {
      const rows = await db
        .selectFrom('password_credentials')
        .select('connection_id')
        .where('user_id', '=', userId)
        .orderBy('connection_id')
        .execute();
      return rows.map((row) => row.connection_id);
    },
    listWaysIn: (userId) => runPrepared<WayIn>(db, WAYS, [userId]),
    async putPassword(userId, connectionId, email, hash, at, vouchedBy = 'operator') {
      const voucher = hash === ENDED_HASH ? null : vouchedBy;
      const written = { email, hash, changed_at: at, vouched_by: voucher, set_by_link: false };
      await db
        .insertInto('password_credentials')
        .values({ user_id: userId, connection_id: connectionId, ...written })
        .onConflict((conflict) => conflict.columns(['user_id', 'connection_id']).doUpdateSet(written))
        .execute();
    },
    async replacePassword(userId, { connectionId, from, to, at }) {
      const replaced = await db
        .updateTable('password_credentials')
        .set({ hash: to, changed_at: at })
        .where('user_id', '=', userId)
        .where('connection_id', '=', connectionId)
        .where('hash', '=', from)
        .returning('user_id')
        .execute();
      return replaced.length > 0;
    },
    async renamePasswordLogin(userId, email) {
      await db
        .updateTable('password_credentials')
        .set({ email, vouched_by: sql<'operator' | null>`case when vouched_by is not null then 'operator' end` })
        .where('user_id', '=', userId)
        .execute();
    },
    async endUnvouchedPasswords(userId, at) {
      const unvouched = sql<boolean>`vouched_by is null and hash <> ${ENDED_HASH}`;
      await endUnvouchedFactors(db, userId);
      const found = await db
        .selectFrom('password_credentials')
        .select('connection_id')
        .where('user_id', '=', userId)
        .where(unvouched)
        .executeTakeFirst();
      if (found === undefined) return;
      // Locks the account before its passwords, in the order of a login's commit.
      await db.selectFrom('users').select('user_id').where('user_id', '=', userId).forNoKeyUpdate().execute();
      await db
        .updateTable('password_credentials')
        .set({ hash: ENDED_HASH, changed_at: at })
        .where('user_id', '=', userId)
        .where(unvouched)
        .execute();
      await endAccess(db, userId, at);
    },
    endSessions: (userId, at, why, keep) => endAccess(db, userId, at, why, keep),
  };
}
