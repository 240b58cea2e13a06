/**
 * Keeps the order of the log when a database is restored into another cluster. A line's position is its transaction's
 * number, and another cluster counts from the beginning: new lines would come before the restored ones, and log streams
 * would skip them (ADR 0060). Runs before the server writes. Never changes the order of two lines.
 */
import type pg from 'pg';
import type { StorageLog } from './database/log.js';
import { inTransaction, queryRows } from './database/pool.js';

/**
 * Selects the number by which positions must move back when the log or a stream's cursor is ahead of all transactions
 * of this cluster, otherwise null. After that move all positions are below the oldest open transaction.
 */
const AHEAD = `
  select case when last >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
              then last - pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1 end as ahead
    from (select greatest((select max(position) from logs), (select max(sent_position) from log_streams)) as last) as newest`;

/**
 * Moves all positions and cursors back by the same number, if one of them is ahead of the log. Throws {@link Fault} if
 * the database fails.
 */
export async function mendLogOrder(pool: pg.Pool, log: StorageLog): Promise<void> {
  const [seen] = await queryRows<{ ahead: number | null }>(pool, AHEAD);
  if ((seen?.ahead ?? null) === null) return;
  await inTransaction(pool, async (db) => {
    // Until the transaction ends, no other node moves positions and nothing is appended.
    await queryRows(db, 'lock table logs, log_streams in exclusive mode');
    const [row] = await queryRows<{ ahead: number | null }>(db, AHEAD);
    const ahead = row?.ahead ?? null;
    if (ahead === null) return;
    await queryRows(db, 'update logs set position = position - $1', [ahead]);
    await queryRows(db, 'update log_streams set sent_position = sent_position - $1', [ahead]);
    log.info({ ahead }, 'the log comes from another database cluster: its order is adapted to this one');
  });
}
