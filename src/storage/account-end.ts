/** Ends all access that an account's password gave. Part of a transaction of its callers; never commits. */
import { type Queryable, queryRows } from './database/pool.js';
import { because } from './session-end.js';

/**
 * Locks an account until the transaction is over. Each transaction that ends its access begins so, as a login does;
 * otherwise two of them wait for each other (deadlock).
 */
export async function lockAccount(db: Queryable, userId: string): Promise<void> {
  await queryRows(db, 'select 1 from users where user_id = $1 for update', [userId]);
}

/**
 * Revokes all access that the old password gave: sessions, codes, refresh tokens, other tickets (OWASP: forgot
 * password).
 */
export async function endEverything(db: Queryable, userId: string, at: Date): Promise<void> {
  await queryRows(db, `${because('password-changed')} delete from sessions using why where user_id = $1`, [userId]);
  // Attack: a code not yet exchanged becomes a refresh token after the password was changed. Deletes codes first: this
  // statement waits for an exchange in progress, which has locked its code. The next statement then finds the refresh
  // token of that exchange.
  await queryRows(db, 'delete from authorization_codes where user_id = $1 and used_at is null', [userId]);
  await queryRows(db, 'update refresh_tokens set revoked_at = $2 where user_id = $1 and revoked_at is null', [
    userId,
    at,
  ]);
  await queryRows(
    db,
    `update tickets set used_at = $2 where user_id = $1 and used_at is null and purpose in ('password', 'enrollment')`,
    [userId, at],
  );
}
