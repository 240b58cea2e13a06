/**
 * Asks whether a write was done whose answer was lost: the connection broke, or the database fell silent, perhaps after
 * the commit. Writes nothing, and never takes "nobody answers" for "no".
 */
import { Fault } from '../../kernel/errors.js';
import type { Deadline } from './deadline.js';

/**
 * `absent`: the database answers, and does not have the write. `unknown`: nobody answered in time. Neither means that
 * the write will never be there: the database may still work on it.
 */
export type Found = 'stored' | 'absent' | 'unknown';

const PAUSE_MS = 250;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Resolves with the answer, or undefined when it comes too late. Rejects as the work does. */
function within<T>(work: Promise<T>, deadline: Deadline): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), deadline.leftMs());
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}

/**
 * Calls `find` until it answers or the deadline passes. `find` returns true when the write is stored. Throws what `find`
 * throws, unless that is a retryable {@link Fault}.
 */
export async function askWhetherStored(find: () => Promise<boolean>, deadline: Deadline): Promise<Found> {
  while (deadline.leftMs() > 0) {
    try {
      const isStored = await within(find(), deadline);
      if (isStored !== undefined) return isStored ? 'stored' : 'absent';
    } catch (error) {
      if (!(error instanceof Fault && error.retryable)) throw error;
      await pause(Math.min(PAUSE_MS, deadline.leftMs()));
    }
  }
  return 'unknown';
}

/** The driver never got a connection, so it never sent the statement. */
const UNSENT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENOENT']);
const UNSENT_MESSAGE = /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)/;

/**
 * True when a failed write may be stored all the same: it was sent, and the database did not say that it rolled it back.
 * False for everything that has an answer: a lock, a deadlock, a full disk, a place in a queue that did not come.
 */
export function mayBeWritten(error: unknown): error is Fault {
  if (!(error instanceof Fault && error.retryable && error.cause instanceof Error)) return false;
  const { message } = error.cause;
  const { code, syscall } = error.cause as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return !UNSENT_MESSAGE.test(message);
  // PostgreSQL ends a connection (57P01) also while a commit waits for its standby, after it was written.
  if (/^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE') return /^(08|57P)/.test(code);
  // The same codes come from an open connection (a route that is lost), with the statement on its way.
  return syscall === 'read' || syscall === 'write' || !UNSENT_CODES.has(code);
}
