/**
 * How many lines of the login log a network address may cause without having begun a login: unknown applications, transactions
 * of no browser. Beyond it the server's own log has the line. Stops strangers from filling the database with one-line requests.
 * Per node and in memory: a restart forgets, which costs nothing.
 */
import type { Clock } from '../../kernel/clock.js';

const WINDOW_MS = 60_000;
const LINES_PER_WINDOW = 60;
/** Addresses remembered at once; when there are more in a minute, the newcomers get no line. */
const MAX_ADDRESSES = 10_000;

export interface LogAllowance {
  /** True when this address may cause one more line now. */
  take(ip: string): boolean;
}

/** Counts by the clock's monotonic time. */
export function createLogAllowance(clock: Clock): LogAllowance {
  const lines = new Map<string, number>();
  let startedAt = clock.monotonicMs();
  return {
    take(ip) {
      const now = clock.monotonicMs();
      if (now - startedAt >= WINDOW_MS) {
        lines.clear();
        startedAt = now;
      }
      const count = lines.get(ip) ?? 0;
      if (count >= LINES_PER_WINDOW || (count === 0 && lines.size >= MAX_ADDRESSES)) return false;
      lines.set(ip, count + 1);
      return true;
    },
  };
}
