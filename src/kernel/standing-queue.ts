/**
 * Tells a queue that stands from one that a burst, or a machine that is slow for a moment, fills. Pure: the caller looks
 * at its queue, and says when and what it saw. Knows nothing of what is queued.
 */

/**
 * Number of looks that must all find a queue. A burst, such as an office at nine o'clock, is over before that: its queue
 * becomes empty now and then. Looks are counted, not seconds: a process that stands still looks less often.
 */
const LOOKS = 30;
/** Milliseconds between two looks from which the process stood still: the queue of that time tells nothing. */
const STANDSTILL_MS = 1_000;
/** Milliseconds without a queue after which logins begin without a look again. */
const CALM_MS = 5_000;

export class StandingQueue {
  #looks = 0;
  #lookedAtMs = 0;
  #lastMs = 0;
  #isOverloaded = false;

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  /** Notes one look at a monotonic time in milliseconds. */
  look(atMs: number, hasQueue: boolean): void {
    const stoodStill = atMs - this.#lookedAtMs >= STANDSTILL_MS;
    this.#lookedAtMs = atMs;
    if (hasQueue) {
      this.#looks = stoodStill ? 1 : this.#looks + 1;
      this.#lastMs = atMs;
      if (this.#looks >= LOOKS) this.#isOverloaded = true;
      return;
    }
    this.#looks = 0;
    if (atMs - this.#lastMs >= CALM_MS) this.#isOverloaded = false;
  }
}
