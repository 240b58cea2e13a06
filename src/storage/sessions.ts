/** Ends sessions outside a login. See the port. */
import type pg from 'pg';
import type { SessionEnder } from '../ports/session-ender.js';
import { inTransaction, type Queryable, queryRows } from './pool.js';

/** Ends the unused codes and then the refresh tokens of a session. On `db`, a transaction of the caller's. */
async function endOffspring(db: Queryable, userId: string, sessionId: string, at: Date): Promise<void> {
  // Codes first: an exchange under way locks its code, so this waits for it, and the next statement finds its refresh token.
  await queryRows(db, 'delete from authorization_codes where user_id = $1 and session_id = $2 and used_at is null', [
    userId,
    sessionId,
  ]);
  await queryRows(
    db,
    'update refresh_tokens set revoked_at = $3 where user_id = $1 and session_id = $2 and revoked_at is null',
    [userId, sessionId, at],
  );
}

/** Ends a session by its public id, with its codes and refresh tokens. Throws {@link Fault} when the database failed. */
export async function revokeSession(pool: pg.Pool, userId: string, sessionId: string, at: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    await queryRows(db, 'delete from sessions where user_id = $1 and id = $2', [userId, sessionId]);
    await endOffspring(db, userId, sessionId, at);
  });
}

/** Over the pool; each call is a transaction of its own. */
export function createSessionEnder(pool: pg.Pool): SessionEnder {
  return {
    async endSession(userId, sessionHash) {
      await queryRows(pool, 'delete from sessions where user_id = $1 and session_hash = $2', [userId, sessionHash]);
    },
    async revokeSession(userId, sessionHash, at) {
      await inTransaction(pool, async (db) => {
        const [ended] = await queryRows<{ id: string }>(
          db,
          'delete from sessions where user_id = $1 and session_hash = $2 returning id',
          [userId, sessionHash],
        );
        if (ended !== undefined) await endOffspring(db, userId, ended.id, at);
      });
    },
  };
}
