/** The token endpoint's writes with a log line, and the check whether a failed one was in fact stored. */
import type pg from 'pg';
import type { LogEntry } from '../../ports/ledger.js';
import { type Deadline, startDeadline, toLimit } from '../database/deadline.js';
import { askWhetherStored, mayBeWritten } from '../database/lost-answer.js';
import { withinShare } from '../shares.js';
import { toStorableJson } from '../storable.js';
import { type LostRotation, lostRotationsOf } from './lost-rotations.js';
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
 * Decides about a write that failed: returns when its answer was lost and it is stored, else throws the error. The log
 * line's id is unique, so if the line is stored, the whole write is. Keeps a rotation whose outcome is not known: the
 * application gets no token, and an application that tries its old one again must not be treated as a thief.
 */
export async function mendWrite(
  pool: pg.Pool,
  { logId }: LogEntry,
  { error, deadline, rotation }: { error: unknown; deadline: Deadline; rotation: LostRotation | undefined },
): Promise<void> {
  if (!mayBeWritten(error)) throw error;
  const find = async () =>
    (await queryNamed(pool, 'tokens-written', FIND_LOG_LINE, [logId], toLimit(deadline))).length === 1;
  const found = await askWhetherStored(find, deadline).catch(() => 'unknown');
  if (found === 'stored') return;
  // Also where the line is absent: the database may still work on the write, behind a lock or a standby.
  if (rotation !== undefined) lostRotationsOf(pool).add(rotation);
  throw error;
}

/**
 * Runs a write with a log line and returns its row, or undefined without one. Returns `written` when the connection was
 * lost but the write is stored ({@link mendWrite}). All its waits have one deadline.
 */
export async function write<Row extends object>(
  pool: pg.Pool,
  { name, text, values }: { readonly name: string; readonly text: string; readonly values: readonly unknown[] },
  log: LogEntry,
  rotation?: LostRotation,
): Promise<Row | 'written' | undefined> {
  const deadline = startDeadline(pool);
  const ask = () => queryNamed<Row>(pool, name, text, values, toLimit(deadline));
  try {
    return (await withinShare(pool, log, ask, deadline))[0];
  } catch (error) {
    await mendWrite(pool, log, { error, deadline, rotation });
    return 'written';
  }
}

/** Returns the rotation of a command, to be taken back if its answer is lost. Without a new token there is none. */
export function toRotation(command: {
  readonly token: LostRotation['token'];
  readonly at: Date;
  readonly next: { readonly hash: Buffer } | undefined;
}): LostRotation | undefined {
  const { token, at, next } = command;
  return next && { token, at, nextHash: next.hash };
}
