/**
 * Lists of the directory: how much of one is asked for, and what comes back. By age unless a list says otherwise, and by id
 * among equals, so that a page never repeats or skips a row.
 */

/** A place in a list ordered by age, or, where there is a `text`, by a text. */
export interface Cursor {
  readonly createdAt: Date;
  readonly id: string;
  /** What the list is ordered by, of this item. */
  readonly text?: string;
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
