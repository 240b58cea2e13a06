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

/**
 * Two calls at once: each may read and write, and none can end, since both are held at their line of the log. So what one
 * reads before the other ends does not depend on the machine. `second` begins once `first` is held.
 */
export async function bothBeforeTheirEnd<A, B>(
  pool: pg.Pool,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<readonly [A, B]> {
  const other = await pool.connect();
  const waiting = `select count(*)::integer as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  /** Begins the call, and returns once it waits beside `count` others, or has ended without. */
  const begin = async <T>(call: () => Promise<T>, count: number) => {
    let isOver = false;
    const answer = call().finally(() => {
      isOver = true;
    });
    answer.catch(() => undefined);
    while (!isOver && ((await pool.query<{ n: number }>(waiting)).rows[0]?.n ?? 0) <= count)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return { answer };
  };
  try {
    await other.query('begin');
    await other.query('lock table logs in share mode');
    const one = await begin(first, 0);
    const two = await begin(second, 1);
    await other.query('commit');
    return await Promise.all([one.answer, two.answer]);
  } finally {
    // A failure must not leave the lock to the end of the server, which would wait for it.
    other.release(true);
  }
}
