/** Port: counters of attack protection. Keys are hashed before they are stored. */

export interface AttemptCounter {
  readonly key: string;
  readonly limit: number;
  /** The counter starts again this long after its first attempt. */
  readonly windowSeconds: number;
  /**
   * Name of the counted address, account or network. Counters with the same name are found together, to show or reset
   * them.
   */
  readonly subject?: string;
  /** The network of this counter, stored in plain text; if absent, the counter is for all networks. */
  readonly network?: string;
}

/** A counter that has reached its limit. */
export interface FullCounter {
  readonly network?: string;
}

/** Values of counters, and when each starts again. */
export interface CounterValues {
  readonly counts: readonly number[];
  readonly ends: readonly Date[];
}

export type AttemptOutcome =
  /** The values include this attempt. */
  | ({ readonly within: true } & CounterValues)
  /** The counter at its limit, by its index; `endsAt` is when it starts again. */
  | { readonly within: false; readonly place: number; readonly endsAt: Date };

/** The change of a counter: `take_back` removes one attempt that turned out not to count, `forget` removes all. */
export interface CounterChange {
  readonly key: string;
  readonly change: 'take_back' | 'forget';
}

export interface AttemptCounters {
  /**
   * Adds one to each counter. If one is at its limit, counts nothing: a refused attempt uses up no limit that others
   * share, and fills no table. Of simultaneous attempts, no more than the limit pass. The keys must be different, with
   * narrow counters before wider ones, always in the same order, so that two calls cannot deadlock.
   */
  count(counters: readonly AttemptCounter[], at: Date): Promise<AttemptOutcome>;
  /** Returns the first of these counters that is at its limit, by its index. Counts nothing. */
  findFirstFull(counters: readonly AttemptCounter[], at: Date): Promise<{ readonly place: number } | undefined>;
  /** Returns the values of these counters. Counts nothing. */
  read(counters: readonly AttemptCounter[], at: Date): Promise<CounterValues>;
  /** Changes counters, named in the same order as for {@link count}. */
  change(changes: readonly CounterChange[]): Promise<void>;
  /** Returns the counters of these subjects that are at their limit, each network once. Counts nothing. */
  findFull(subjects: readonly string[], at: Date): Promise<readonly FullCounter[]>;
  /** Resets all counters of these subjects, one at a time, so that it cannot deadlock with a call of {@link count}. */
  forget(subjects: readonly string[]): Promise<void>;
  /** Stores a key for at least `seconds` from now. */
  remember(key: string, seconds: number, at: Date): Promise<void>;
  /** True when a key is stored and has not expired. */
  isRemembered(key: string, at: Date): Promise<boolean>;
}
