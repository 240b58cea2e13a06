/**
 * Pages of a directory's lists. Lists are sorted by age unless they say otherwise, and by id for equal ages, so that a
 * page never repeats or skips a row.
 */

/** A position in a list ordered by age, or, with a `text`, by a text. */
export interface Cursor {
  /**
   * The item's creation time: ISO 8601 with the database's full precision. Milliseconds would not tell apart rows of
   * the same millisecond.
   */
  readonly createdAt: string;
  readonly id: string;
  /** The item's text by which the list is sorted, such as its name. */
  readonly text?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly offset?: number;
  /** Return only items after this position. */
  readonly after?: Cursor;
  /** Also count all items of the list. */
  readonly count?: boolean;
  /** Sort the newest item first. */
  readonly descending?: boolean;
  /** If set, every page that has items also has `next`, even if the next page is empty. */
  readonly nextUntilEmpty?: true;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when {@link PageRequest.count} asked for it. */
  readonly total?: number;
  /** Start of the next page; absent on the last one, unless {@link PageRequest.nextUntilEmpty} asked for it. */
  readonly next?: Cursor;
}
