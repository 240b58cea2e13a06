/** Lists of the directory: how much of one is asked for, and what comes back. By age, so that a page never repeats or skips a row. */

/** A place in a list ordered by age. */
export interface Cursor {
  readonly createdAt: Date;
  readonly id: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly offset?: number;
  /** Only what comes after this place. */
  readonly after?: Cursor;
  /** Also count all of them. */
  readonly count?: boolean;
  /** Newest first. */
  readonly descending?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when {@link PageRequest.count} asked for it. */
  readonly total?: number;
  /** Where the next page starts; absent on the last one. */
  readonly next?: Cursor;
}
