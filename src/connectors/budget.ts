/**
 * How often something may be asked for: a few times at once, and from then on once in a while (a token bucket). For what strangers can
 * provoke. Nobody is made to wait: whoever comes when there is nothing left is told so.
 */
import type { Clock } from '../kernel/clock.js';

export interface Budget {
  /** True, and one less is left; false when nothing is left. */
  take(): boolean;
  /** Until there is something left again, in milliseconds; 0 when there is. */
  waitMs(): number;
}

/** `atOnce` at the beginning and at most; one more after each `everyMs` milliseconds of the clock's monotonic time. */
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
