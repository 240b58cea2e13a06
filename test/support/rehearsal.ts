/**
 * A rehearsal: work on the real database, whole, and then taken back. Gives a pool whose every statement and transaction runs
 * inside one outer transaction that ends in a rollback, so that a test can learn what a login would leave on this very ground.
 */
import type pg from 'pg';

type Query = (...args: unknown[]) => Promise<unknown>;

const textOf = (first: unknown): string =>
  typeof first === 'string' ? first : ((first as { text: string }).text ?? '');

/** Transactions inside the rehearsal are savepoints; so is every statement, whose error must not end the rehearsal. */
function inside(query: Query): Query {
  return async (...args) => {
    const text = textOf(args[0]);
    if (/^begin/i.test(text)) return query('savepoint inner_transaction');
    if (/^commit/i.test(text)) return query('release savepoint inner_transaction');
    if (/^rollback/i.test(text)) return query('rollback to savepoint inner_transaction');
    await query('savepoint statement');
    try {
      const result = await query(...args);
      await query('release savepoint statement');
      return result;
    } catch (error) {
      await query('rollback to savepoint statement');
      throw error;
    }
  };
}

/** Runs `work` with such a pool, one statement after the other, and undoes all of it. */
export async function rehearse<Result>(pool: pg.Pool, work: (rehearsal: pg.Pool) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const query = inside(client.query.bind(client) as unknown as Query);
    const connection = { query, release: () => undefined };
    return await work({ query, connect: async () => connection, options: pool.options } as unknown as pg.Pool);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
