/** The token endpoint's writes with a log line, and the check whether a failed one was in fact stored. */
import type pg from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { LogEntry } from '../../ports/ledger.js';
import { withinShare } from '../shares.js';
import { toStorableJson } from '../storable.js';
import { FIND_LOG_LINE, queryNamed } from './statements.js';

/**
 * Returns the parameters of a log line for another statement. The row of that statement supplies client, user,
 * organization and connection.
 */
export function logValues(log: LogEntry): readonly unknown[] {
  const { logId, type, description, ip, userAgent, details } = log;
  return [logId, type, description ?? null, ip ?? null, userAgent ?? null, toStorableJson(details)];
}

/**
 * Runs a write with a log line and returns its row, or undefined without one. Returns `written` when the connection was
 * lost but the line is stored: its id is unique, so then the whole write is. Otherwise an application that retries its
 * rotated token would be treated as a thief.
 */
export async function write<Row extends object>(
  pool: pg.Pool,
  name: string,
  text: string,
  values: readonly unknown[],
  log: LogEntry,
): Promise<Row | 'written' | undefined> {
  try {
    return (await withinShare(pool, log, () => queryNamed<Row>(pool, name, text, values)))[0];
  } catch (error) {
    if (!(error instanceof Fault && error.retryable)) throw error;
    const found = await queryNamed(pool, 'tokens-written', FIND_LOG_LINE, [log.logId]).catch(() => []);
    if (found.length === 1) return 'written';
    throw error;
  }
}
