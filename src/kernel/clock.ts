/** An interface to the time, so that tests can set it. Nothing else in `src/` may read the system clock. */

export interface Clock {
  now(): Date;
  /** Milliseconds that only grow; for measuring durations, never for expiry. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** Returns `base` moved by `seconds` (may be negative). */
export function addSeconds(base: Date, seconds: number): Date {
  return new Date(base.getTime() + seconds * 1000);
}

/** Returns whole seconds since the epoch, as JWT's NumericDate (RFC 7519 section 2). */
export function toNumericDate(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
