/**
 * The end of what a user holds: sessions, codes, refresh tokens, tickets. In a transaction that has locked the user, so that no login gives them
 * more meanwhile. An exchange of a code or a token may be under way: it is waited for, and what it made ends, too.
 */
import type { Kysely } from 'kysely';
import { type Prepared, prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';

const END = prepare(
  'access-end',
  `with s as (delete from sessions where user_id = $1::text),
  c as (delete from authorization_codes where user_id = $1::text and used_at is null)
  delete from tickets where user_id = $1::text and used_at is null`,
);
const REVOKE = prepare(
  'access-revoke',
  'update refresh_tokens set revoked_at = $2::timestamptz where user_id = $1::text and revoked_at is null returning 1',
);

const END_THROUGH = prepare(
  'access-end-through',
  `with s as (delete from sessions where user_id = $1::text and connection_id = $2::text)
  delete from authorization_codes where user_id = $1::text and connection_id = $2::text`,
);
const REMOVE_THROUGH = prepare(
  'access-remove-through',
  'delete from refresh_tokens where user_id = $1::text and connection_id = $2::text returning 1',
);

/**
 * Codes first: an exchange under way locks its code, so that statement waits for it, and the next one finds its refresh token. A rotation
 * locks the token that it replaces: the new one is found by the statement after that which waited.
 */
async function endTokens(db: Kysely<Database>, tokens: Prepared, values: readonly unknown[]): Promise<void> {
  while ((await runPrepared(db, tokens, values)).length > 0);
}

/** Ends the user's sessions, refresh tokens, unused codes and pending tickets. */
export async function endAccess(db: Kysely<Database>, userId: string, at: Date): Promise<void> {
  await runPrepared(db, END, [userId]);
  await endTokens(db, REVOKE, [userId, at]);
}

/** Revokes the sessions, tokens and codes that a user holds by way of one connection. */
export async function endAccessThrough(db: Kysely<Database>, userId: string, connectionId: string): Promise<void> {
  await runPrepared(db, END_THROUGH, [userId, connectionId]);
  await endTokens(db, REMOVE_THROUGH, [userId, connectionId]);
}
