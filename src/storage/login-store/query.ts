/** Runs the login store's prepared statements and turns database failures into faults. */
import { inSpan } from '../../kernel/spans.js';
import { type Queryable, toFault } from '../database/pool.js';

/** A statement of the login path: prepared once per connection under `name`, which must belong to `text` alone. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Milliseconds for which the node waits for the answer; without it as long as the pool does. */
  readonly query_timeout?: number;
}

/** A statement's name says what it does; its values name people. */
const STORED = { facts: { 'db.system.name': 'postgresql' } };

/**
 * Returns the rows of a prepared statement. Throws {@link Fault} when the database failed, and constraint errors
 * unchanged.
 */
export async function run<Row extends object>(
  db: Queryable,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    const ask = async () => db.query({ ...statement, values: [...values] });
    return (await inSpan(statement.name, ask, STORED)).rows as Row[];
  } catch (error) {
    throw toFault(error);
  }
}
