/** Revokes sessions outside a login (ports/session-ender.ts). */
import type pg from 'pg';
import type { EndedAtIdp, SessionEnder } from '../ports/session-ender.js';
import { inTransaction, type Queryable, queryRows } from './database/pool.js';
import { because } from './session-end.js';

/** Revokes the unused codes and then the refresh tokens of a session, in a transaction `db`. */
async function endOffspring(db: Queryable, userId: string, sessionId: string, at: Date): Promise<void> {
  // Deletes codes first: this statement waits for a concurrent exchange, which has locked its code. The next statement
  // then finds the refresh token of that exchange.
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

/**
 * Revokes a session by its public id, with its codes and refresh tokens. Throws {@link Fault} when the database failed.
 */
export async function revokeSession(pool: pg.Pool, userId: string, sessionId: string, at: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    await queryRows(db, 'delete from sessions where user_id = $1 and id = $2', [userId, sessionId]);
    await endOffspring(db, userId, sessionId, at);
  });
}

const END_IDP_SESSIONS = `
${because('idp-logout')}
delete from sessions using why
where idp_session is not null and connection_id = $1 and idp_session ->> 'name' = $2
  and (cardinality($3::text[]) = 0 or coalesce(idp_session ->> 'index' = any ($3), true))
  and (idp_session ->> 'issuedAt')::bigint <= $4
returning user_id, id`;

/** Implements {@link SessionEnder.endIdpSessions}. */
async function endIdpSessions(pool: pg.Pool, ended: EndedAtIdp, at: Date): Promise<readonly string[]> {
  const { connectionId, name, indexes, issuedUntil } = ended;
  return inTransaction(pool, async (db) => {
    const values = [connectionId, name, indexes, issuedUntil.getTime()];
    const rows = await queryRows<{ user_id: string; id: string }>(db, END_IDP_SESSIONS, values);
    for (const row of rows) await endOffspring(db, row.user_id, row.id, at);
    return [...new Set(rows.map((row) => row.user_id))];
  });
}

const END_SESSION = `
${because('rp-logout')}
delete from sessions using why where user_id = $1 and session_hash = $2`;

/** Returns the methods over the pool; each call is its own transaction. */
export function createSessionEnder(pool: pg.Pool): SessionEnder {
  return {
    endIdpSessions: (ended, at) => endIdpSessions(pool, ended, at),
    async endSession(userId, sessionHash) {
      await queryRows(pool, END_SESSION, [userId, sessionHash]);
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
