/**
 * Statements of the directory that each connection prepares once, like those of the login: planning the few statements
 * of a SCIM write costs more than running them. Only for texts that are constants of this program: a connection keeps
 * each for its lifetime. Statements list their columns, since a cached plan of `select *` fails after a migration that
 * adds a column.
 */
import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from '../schema/schema.js';

/** A statement with `$1`, `$2`, … for its values, each with its type. */
export interface Prepared {
  readonly text: string;
}

const names = new Map<string, string>();

/** Registers a statement. `name` helps readers of `pg_prepared_statements`. */
export function prepare(name: string, text: string): Prepared {
  // PostgreSQL silently truncates names at 63 bytes (NAMEDATALEN).
  names.set(text, `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`);
  return { text };
}

/** Returns the name under which a connection prepares this text, or undefined for other statements. */
export function findPreparedName(text: string): string | undefined {
  return names.get(text);
}

/** Returns the rows of a prepared statement. Throws the driver's errors unchanged. */
export async function runPrepared<Row extends object>(
  db: Kysely<Database>,
  { text }: Prepared,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return (await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
}
