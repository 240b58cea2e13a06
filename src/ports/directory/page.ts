/**
 * Requests for a part of a directory's list, and the answers. By age unless a list says otherwise, and by id for equal
 * ages, so that a page never repeats or skips a row.
 */

/** A position in a list ordered by age, or, with a `text`, by a text. */
export interface Cursor {
  /** ISO 8601, as exact as the store: with only milliseconds, a row written later in the same one would be repeated. */
  readonly createdAt: string;
  readonly id: string;
  /** The item's value of the text by which the list is sorted. */
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
  /** Every page with items names the start of the next one, which may be empty. */
  readonly nextUntilEmpty?: true;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when {@link PageRequest.count} asked for it. */
  readonly total?: number;
  /** Start of the next page; absent on the last one, unless {@link PageRequest.nextUntilEmpty} asked for it. */
  readonly next?: Cursor;
}
