/** Port: counters of attack protection. Keys are hashed before they are stored. */

/** One counter and how far it may go. */
export interface AttemptCounter {
  readonly key: string;
  readonly limit: number;
  /** A counter starts anew so long after its first attempt. */
  readonly windowSeconds: number;
}

export type AttemptOutcome =
  /** The values of the counters, this attempt included. */
  | { readonly within: true; readonly counts: readonly number[] }
  /** The counter that was at its limit, by its place; `endsAt` is when it starts anew. */
  | { readonly within: false; readonly place: number; readonly endsAt: Date };

/** Of a counter: taken back is one attempt that turned out to be none of those that are counted; forgotten are all. */
export interface CounterChange {
  readonly key: string;
  readonly change: 'take_back' | 'forget';
}

export interface AttemptCounters {
  /**
   * Adds one to each counter. Where one of them is at its limit, nothing is counted: whoever is refused takes nothing away from others,
   * and fills no table. Of attempts at the same moment no more than the limit get through. Keys are different ones, and callers name
   * wider counters after narrower ones, always in the same order, so that no two can wait for each other.
   */
  count(counters: readonly AttemptCounter[], at: Date): Promise<AttemptOutcome>;
  /** Changes counters, named in the order in which {@link count} takes them. */
  change(changes: readonly CounterChange[]): Promise<void>;
  /** Keeps a key for `seconds` from now at least. */
  remember(key: string, seconds: number, at: Date): Promise<void>;
  /** Whether a key is kept. */
  isRemembered(key: string, at: Date): Promise<boolean>;
}
