/** Runs the login store's prepared statements; failures of the database become faults. */
import { type Queryable, toFault } from '../database/pool.js';

/** A statement of the login path: prepared once per connection under `name`, which must belong to `text` alone. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The rows of a prepared statement. Throws {@link Fault} when the database failed; constraint errors come as they are. */
export async function run<Row extends object>(
  db: Queryable,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    return (await db.query({ ...statement, values: [...values] })).rows as Row[];
  } catch (error) {
    throw toFault(error);
  }
}
