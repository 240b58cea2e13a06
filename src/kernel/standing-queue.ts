/**
 * Tells a queue that stands from one that a burst fills for a moment. Pure: the caller looks at its queue, and says when
 * and what it saw. Knows nothing of what is queued.
 */

/**
 * Milliseconds for which every look must find a queue. A burst, such as an office at nine o'clock, is over before that:
 * its queue becomes empty now and then. One that never does grows.
 */
const STANDING_MS = 1_000;
/** Milliseconds without a queue after which logins begin without a look again. */
const CALM_MS = 5_000;

export class StandingQueue {
  #since: number | undefined;
  #lastMs = 0;
  #isOverloaded = false;

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  /** Notes one look at a monotonic time in milliseconds. */
  look(atMs: number, hasQueue: boolean): void {
    if (hasQueue) {
      this.#since ??= atMs;
      this.#lastMs = atMs;
      if (atMs - this.#since >= STANDING_MS) this.#isOverloaded = true;
      return;
    }
    this.#since = undefined;
    if (atMs - this.#lastMs >= CALM_MS) this.#isOverloaded = false;
  }
}
