/**
 * Detects a pooler that the configuration does not name. A pooler that assigns a server process per transaction loses
 * named statements: logins would fail now and then while everything looks ready, so the server refuses to start
 * instead. Writes nothing.
 */
import type pg from 'pg';
import { StartError } from '../../kernel/errors.js';
import { type PoolOptions, queryRows } from './pool.js';

const ADVICE =
  'Something between this server and PostgreSQL (pgbouncer?) takes no settings of a connection. Set VESTIBULE_DATABASE_POOLER=transaction, or point DATABASE_URL to PostgreSQL itself.';

/** pgbouncer's message for a setting that is not in its `ignore_startup_parameters`. */
const REFUSED = /unsupported startup parameter/i;

/**
 * Throws {@link StartError} when the connection does not have its `lock_timeout`. PostgreSQL keeps the limits that a
 * connection begins with; a pooler refuses or drops them. The migration reports other problems of the database.
 */
export async function checkPooler(pool: pg.Pool, { lockTimeoutMs = 5_000, pooler }: PoolOptions): Promise<void> {
  if (pooler === 'transaction') return;
  const rows = await queryRows<{ limit: number }>(
    pool,
    `select setting::integer as limit from pg_settings where name = 'lock_timeout'`,
  ).catch((error: Error) => {
    if (REFUSED.test(error.message) || REFUSED.test((error.cause as Error | undefined)?.message ?? ''))
      throw new StartError(ADVICE, { cause: error });
    return [];
  });
  if (rows[0] !== undefined && rows[0].limit !== lockTimeoutMs) throw new StartError(ADVICE);
}
