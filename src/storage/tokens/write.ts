/** The writes of the token endpoint that carry a log line, and the check whether one of them happened. */
import type pg from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { LogEntry } from '../../ports/ledger.js';
import { withinShare } from '../shares.js';
import { toStorableJson } from '../storable.js';
import { FIND_LOG_LINE, queryNamed } from './statements.js';

/** The parameters of a log line in another statement; client, user, organization and connection come from that statement's row. */
export function logValues(log: LogEntry): readonly unknown[] {
  const { logId, type, description, ip, userAgent, details } = log;
  return [logId, type, description ?? null, ip ?? null, userAgent ?? null, toStorableJson(details)];
}

/**
 * Runs one of the writes that carry a log line and gives its row; undefined when it has none. The connection may be lost after
 * the server committed and before its answer came back. The line's id is unique, so if the line is stored, the whole write is, and
 * the answer is `written`. Otherwise an application that tries its rotated token again would be taken for a thief.
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
