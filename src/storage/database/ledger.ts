/** The login log in PostgreSQL. Appends only: no statement here changes or removes a line. */
import type pg from 'pg';
import type { Ledger, LogEntry } from '../../ports/ledger.js';
import { toStorableJson, toStorableText } from '../storable.js';
import { type Queryable, queryRows } from './pool.js';
import { prepare } from './prepared.js';

export const APPEND = prepare(
  'log-append',
  `insert into logs (organization_id, log_id, date, type, description, client_id, user_id, connection_id, ip, user_agent, details)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

/** Returns the parameters of the statement {@link APPEND} for a line. */
export function valuesOf(entry: LogEntry): readonly unknown[] {
  return [
    storable(entry.organizationId) ?? '',
    entry.logId,
    entry.date,
    entry.type,
    storable(entry.description),
    storable(entry.clientId),
    storable(entry.userId),
    storable(entry.connectionId),
    storable(entry.ip),
    storable(entry.userAgent),
    toStorableJson(entry.details),
  ];
}

/** Appends one line on `db`, possibly within a commit. Throws {@link Fault} when the database failed. */
export async function insertLogEntry(db: Queryable, entry: LogEntry): Promise<void> {
  await queryRows(db, APPEND.text, valuesOf(entry));
}

/** Removes characters that PostgreSQL cannot store from a text that may come from outside. */
function storable(text: string | undefined): string | null {
  return text === undefined ? null : toStorableText(text);
}

/** Creates the ledger that appends log lines. */
export function createLedger(pool: pg.Pool): Ledger {
  return { append: (entry) => insertLogEntry(pool, entry) };
}
