/** Counters of attack protection in PostgreSQL. Keys are stored as SHA-256, so that the table tells no address. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { addSeconds } from '../kernel/clock.js';
import type { AttemptCounters } from '../ports/attempts.js';
import { queryRows } from './pool.js';

/** Counting and starting anew in one statement: two attempts at once can never both be the first. */
const INCREMENT = `
  insert into attempt_counters as c (key_hash, count, expires_at) values ($1, 1, $3)
  on conflict (key_hash) do update set
    count = case when c.expires_at <= $2 then 1 else least(c.count, 2147483646) + 1 end,
    expires_at = case when c.expires_at <= $2 then excluded.expires_at else c.expires_at end
  returning count`;

function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The counters in PostgreSQL, shared by all nodes. */
export function createAttemptCounters(pool: pg.Pool): AttemptCounters {
  return {
    async increment(key, windowSeconds, at) {
      const rows = await queryRows<{ count: number }>(pool, INCREMENT, [
        hashKey(key),
        at,
        addSeconds(at, windowSeconds),
      ]);
      return rows[0]?.count ?? 1;
    },
    async release(key) {
      await queryRows(pool, 'update attempt_counters set count = greatest(count - 1, 0) where key_hash = $1', [
        hashKey(key),
      ]);
    },
    async reset(key) {
      await queryRows(pool, 'delete from attempt_counters where key_hash = $1', [hashKey(key)]);
    },
  };
}

/** Removes counters whose window is over; they count for nothing any more. For a periodic clean-up. */
export async function deleteExpiredCounters(pool: pg.Pool, at: Date): Promise<void> {
  await queryRows(pool, 'delete from attempt_counters where expires_at <= $1', [at]);
}
