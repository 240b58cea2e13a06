/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/kernel/clock.js';

export interface ManualClock extends Clock {
  advanceMs(ms: number): void;
}

/** Starts at the real time (so that what a real server signs is valid) unless told otherwise. */
export function createManualClock(start = new Date()): ManualClock {
  let passedMs = 0;
  return {
    now: () => new Date(start.getTime() + passedMs),
    monotonicMs: () => passedMs,
    advanceMs: (ms) => {
      passedMs += ms;
    },
  };
}
