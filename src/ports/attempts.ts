/** Port: counters of attack protection. Keys are hashed before they are stored. */

export interface AttemptCounters {
  /** Adds one to the counter of `key` (it starts anew after `windowSeconds`) and returns its value, this attempt included. */
  increment(key: string, windowSeconds: number, at: Date): Promise<number>;
  /** Takes one attempt back: it turned out to be none of those that are counted. */
  release(key: string): Promise<void>;
  /** Forgets a counter, after a success. */
  reset(key: string): Promise<void>;
}
