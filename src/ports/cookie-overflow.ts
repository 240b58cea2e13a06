/**
 * Port: data of unfinished logins that does not fit into the browser's cookies. Each row expires; only the browser's
 * sealed cookie has the random key that finds it. Anybody can make the server write such a row, so rows are
 * limited per network and in total.
 */
import type { Network } from '../kernel/networks.js';

export interface OverflowEntry {
  /** Key of the row: 32 random bytes. A row with the same key is replaced. */
  readonly key: Buffer;
  readonly content: Buffer;
  /** Keys of older rows that this browser presented. They are deleted, so that a browser has only one row. */
  readonly replaces: readonly Buffer[];
  /** The networks of the sender, the smallest first ({@link networksOf}). */
  readonly networks: readonly Network[];
  readonly expiresAt: Date;
}

export interface CookieOverflow {
  /**
   * Stores the content. If the sender's network is at its limit, its oldest row is deleted. Returns false at the total
   * limit, if this machine has no row that could be deleted. Throws {@link Fault} when the database failed; then
   * nothing has changed.
   */
  put(entry: OverflowEntry, at: Date): Promise<boolean>;
  /** Finds the content, unless it has expired. Throws {@link Fault}. */
  find(key: Buffer, at: Date): Promise<Buffer | undefined>;
  /** Deletes the rows with these keys. Throws {@link Fault}. */
  remove(keys: readonly Buffer[]): Promise<void>;
}
