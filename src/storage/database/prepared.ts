/**
 * Statements of the directory that the database prepares once on each connection, as it does those of the login: planning the few statements of a
 * SCIM write costs more than running them. Only for texts that are constants of this program: a connection keeps each as long as it lives. They
 * name their columns one by one, since a kept plan of `select *` fails after a migration that adds a column.
 */
import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from '../schema/schema.js';

/** A statement with `$1`, `$2`, … for its values, each with its type. */
export interface Prepared {
  readonly text: string;
}

const names = new Map<string, string>();

/** Makes a statement known. `name` is for people who look at `pg_prepared_statements`. */
export function prepare(name: string, text: string): Prepared {
  // PostgreSQL cuts a name off at 63 bytes without an error (NAMEDATALEN).
  names.set(text, `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`);
  return { text };
}

/** The name under which a connection prepares this text; undefined where it is no prepared statement. */
export function findPreparedName(text: string): string | undefined {
  return names.get(text);
}

/** The rows of a prepared statement. Errors come as the driver has them. */
export async function runPrepared<Row extends object>(
  db: Kysely<Database>,
  { text }: Prepared,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return (await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
}
