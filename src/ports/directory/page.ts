/**
 * Requests for a part of a list of the directory, and the answers. By age unless a list says otherwise, and by id where the age is equal,
 * so that a page never repeats or skips a row.
 */

/** A place in a list ordered by age, or, where there is a `text`, by a text. */
export interface Cursor {
  /** In ISO 8601, as exact as the store has it: in milliseconds, a row written later in the same one would come again. */
  readonly createdAt: string;
  readonly id: string;
  /** This item's value of the text that orders the list. */
  readonly text?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly offset?: number;
  /** Only items after this place. */
  readonly after?: Cursor;
  /** Also count all items. */
  readonly count?: boolean;
  /** Newest first. */
  readonly descending?: boolean;
  /** A page with items always says where the next one starts, and the next may be empty. */
  readonly nextUntilEmpty?: true;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when {@link PageRequest.count} asked for it. */
  readonly total?: number;
  /** Where the next page starts; absent on the last one, unless {@link PageRequest.nextUntilEmpty} asked for it. */
  readonly next?: Cursor;
}
