/**
 * Revokes a user's sessions, codes, refresh tokens and tickets. Runs in a transaction that has locked the user (or the
 * connection, for all of its people), so that no login grants more meanwhile. Waits for an exchange of a code or token in progress, and revokes its result too.
 */
import type { Kysely } from 'kysely';
import type { LogoutInitiator } from '../../../domain/logout-notice.js';
import { type Prepared, prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { BECAUSE_OF_2, because } from '../../session-end.js';

const END = prepare(
  'access-end',
  `${BECAUSE_OF_2}, s as (delete from sessions using why where user_id = $1::text and id <> $3::text),
  c as (delete from authorization_codes where user_id = $1::text and used_at is null)
  delete from tickets where user_id = $1::text and used_at is null`,
);
const REVOKE = prepare(
  'access-revoke',
  'update refresh_tokens set revoked_at = $2::timestamptz where user_id = $1::text and revoked_at is null returning 1',
);

const END_THROUGH = prepare(
  'access-end-through',
  `${BECAUSE_OF_2}, s as (delete from sessions using why where user_id = $1::text and connection_id = $3::text)
  delete from authorization_codes where user_id = $1::text and connection_id = $3::text`,
);
const REMOVE_THROUGH = prepare(
  'access-remove-through',
  'delete from refresh_tokens where user_id = $1::text and connection_id = $2::text returning 1',
);

/** The user's id is named for each row: tables of sessions and tokens have no index by connection. */
const ofPeople = (table: string) =>
  `${table}.connection_id = $1::text and ${table}.user_id in (select user_id from identities where connection_id = $1::text)`;
const END_OF = prepare(
  'access-end-of',
  `${because('session-revoked')}, s as (delete from sessions using why where ${ofPeople('sessions')})
  delete from authorization_codes where ${ofPeople('authorization_codes')}`,
);
const REMOVE_OF = prepare(
  'access-remove-of',
  `delete from refresh_tokens where ${ofPeople('refresh_tokens')} returning 1`,
);

/**
 * Runs the statement `tokens` until it finds no row. Codes were deleted before: that waited for an exchange in
 * progress, so this statement finds its new refresh token. A rotation in progress locks the token that it replaces, so
 * the next run finds the new token.
 */
async function endTokens(db: Kysely<Database>, tokens: Prepared, values: readonly unknown[]): Promise<void> {
  while ((await runPrepared(db, tokens, values)).length > 0);
}

/**
 * Revokes the user's sessions, refresh tokens, unused codes and pending tickets. `why` is for back-channel logout;
 * without it the database tells a blocked account from other reasons. `keep`: the id of a session that stays; its refresh
 * tokens do not.
 */
export async function endAccess(
  db: Kysely<Database>,
  userId: string,
  at: Date,
  why?: LogoutInitiator,
  keep = '',
): Promise<void> {
  await runPrepared(db, END, [userId, why ?? '', keep]);
  await endTokens(db, REVOKE, [userId, at]);
}

/** Revokes the sessions, tokens and codes that a user got through one connection. `why`: as for {@link endAccess}. */
export async function endAccessThrough(
  db: Kysely<Database>,
  userId: string,
  connectionId: string,
  why?: LogoutInitiator,
): Promise<void> {
  await runPrepared(db, END_THROUGH, [userId, why ?? '', connectionId]);
  await endTokens(db, REMOVE_THROUGH, [userId, connectionId]);
}

/** Revokes the sessions, tokens and codes that all people of a connection got through it. */
export async function endAccessOf(db: Kysely<Database>, connectionId: string): Promise<void> {
  await runPrepared(db, END_OF, [connectionId]);
  await endTokens(db, REMOVE_OF, [connectionId]);
}
