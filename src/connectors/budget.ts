/**
 * A rate limit for requests that strangers can cause (a token bucket): some at once, then one per interval. No caller
 * waits: if nothing is left, the answer is false.
 */
import type { Clock } from '../kernel/clock.js';

export interface Budget {
  /** Uses one request of the budget and returns true; false when nothing is left. */
  take(): boolean;
  /** Time until the next request is available, in milliseconds; 0 when one is. */
  waitMs(): number;
}

/**
 * Creates a budget. `atOnce` is the initial and the largest number of requests; every `everyMs` milliseconds of
 * monotonic time add one.
 */
export function createBudget(clock: Clock, { atOnce, everyMs }: { atOnce: number; everyMs: number }): Budget {
  let left = atOnce;
  let filledAtMs = clock.monotonicMs();
  const refill = (): void => {
    const more = Math.floor((clock.monotonicMs() - filledAtMs) / everyMs);
    filledAtMs += more * everyMs;
    left += more;
    if (left < atOnce) return;
    left = atOnce;
    filledAtMs = clock.monotonicMs();
  };
  return {
    take() {
      refill();
      if (left === 0) return false;
      left -= 1;
      return true;
    },
    waitMs() {
      refill();
      return left > 0 ? 0 : everyMs - (clock.monotonicMs() - filledAtMs);
    },
  };
}
