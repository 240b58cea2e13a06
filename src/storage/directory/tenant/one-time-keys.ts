/**
 * Keys that are used once, as rows of `attempt_counters`: only their hash is stored, and housekeeping deletes them when
 * they expire. Never replaces a row.
 */
import type { Kysely } from 'kysely';
import type { OneTimeKeys } from '../../../ports/directory/one-time-keys.js';
import { hashKey } from '../../attempts.js';
import type { Database } from '../../schema/schema.js';

/** Returns the keys over a transaction or a pool. */
export function createOneTimeKeys(db: Kysely<Database>): OneTimeKeys {
  return {
    async use(key, expiresAt) {
      const result = await db
        .insertInto('attempt_counters')
        .values({ key_hash: hashKey(key), count: 1, expires_at: expiresAt })
        .onConflict((conflict) => conflict.column('key_hash').doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },
  };
}
