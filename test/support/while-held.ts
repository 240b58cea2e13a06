/** A call while another transaction has done its work and has not ended yet: the two orders of things at once, one at a time. */
import type pg from 'pg';

export type Statement = readonly [text: string, values: unknown[]];

/**
 * Does `work` in a transaction, begins `call`, and commits once the call waits for a lock (or has ended without).
 * @returns the answer of the call.
 */
export async function whileHeld<T>(pool: pg.Pool, work: readonly Statement[], call: () => Promise<T>): Promise<T> {
  const other = await pool.connect();
  try {
    await other.query('begin');
    for (const [text, values] of work) await other.query(text, values);
    let over = false;
    const answer = call().finally(() => {
      over = true;
    });
    const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while (!over && (await pool.query(waits)).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await other.query('commit');
    return await answer;
  } finally {
    other.release();
  }
}
