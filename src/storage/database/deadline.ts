/**
 * One end for all waits of a write: for its turn, for a connection, for the answer, and for the answer to the question
 * whether a lost write was done. Each wait gets what the waits before it left. Runs nothing.
 */
import type pg from 'pg';
import { type Clock, systemClock } from '../../kernel/clock.js';

/** Milliseconds that a write takes at most where its pool has no limit of its own. */
const USUAL_MS = 12_000;

export interface Deadline {
  /** Milliseconds that are left; 0 when it has passed. */
  leftMs(): number;
}

/** Starts the deadline of one write on this pool. It is as long as the pool waits for an answer. */
export function startDeadline(pool: pg.Pool, clock: Pick<Clock, 'monotonicMs'> = systemClock): Deadline {
  // A pool without a limit (0) belongs to a migration, which has no writes of requests.
  const endsAtMs = clock.monotonicMs() + (Number(pool.options.query_timeout) || USUAL_MS);
  return { leftMs: () => Math.max(0, endsAtMs - clock.monotonicMs()) };
}

/**
 * Returns the time limit of a statement for the driver. It is never 0, which would mean no limit: a statement that
 * begins late gets a moment, and then ends.
 */
export function toLimit(deadline: Deadline): { readonly query_timeout: number } {
  return { query_timeout: Math.max(1, Math.ceil(deadline.leftMs())) };
}
