/** Ends sessions outside a login. See the port. */
import type pg from 'pg';
import type { SessionEnder } from '../ports/session-ender.js';
import { queryRows } from './pool.js';

/** Over the pool; each call is a transaction of its own. */
export function createSessionEnder(pool: pg.Pool): SessionEnder {
  return {
    async endSession(userId, sessionHash) {
      await queryRows(pool, 'delete from sessions where user_id = $1 and session_hash = $2', [userId, sessionHash]);
    },
  };
}
