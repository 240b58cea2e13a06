/**
 * Time, behind an interface, so that tests can move it. Nothing else in `src/` reads the system clock.
 */

export interface Clock {
  /** The current instant. */
  now(): Date;
  /** Milliseconds that only grow; for measuring durations, never for expiry. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** `base` moved by `seconds` (may be negative). */
export function addSeconds(base: Date, seconds: number): Date {
  return new Date(base.getTime() + seconds * 1000);
}

/** Whole seconds since the epoch, as JWT's NumericDate wants them (RFC 7519 section 2). */
export function toNumericDate(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
