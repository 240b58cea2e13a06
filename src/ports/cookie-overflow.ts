/**
 * Port: the unfinished work of a browser that is too large for its cookies. Each row expires; only the browser's sealed
 * cookie has the random key that finds it. Anybody can cause a row, so rows are limited per network and in total.
 */
import type { Network } from '../kernel/networks.js';

export interface OverflowEntry {
  /** Key of the row: 32 random bytes. A row with the same key is replaced. */
  readonly key: Buffer;
  readonly content: Buffer;
  /** The keys of other rows that this browser showed: one browser has one row. */
  readonly replaces: readonly Buffer[];
  /** The networks of the sender, the smallest first ({@link networksOf}). */
  readonly networks: readonly Network[];
  readonly expiresAt: Date;
}

export interface CookieOverflow {
  /**
   * Stores the content. A network at its limit loses its oldest row; false at the total limit, when this machine has no
   * row to lose. Throws {@link Fault} when the database failed; then nothing has changed.
   */
  put(entry: OverflowEntry, at: Date): Promise<boolean>;
  /** Finds the content, unless it has expired. Throws {@link Fault}. */
  find(key: Buffer, at: Date): Promise<Buffer | undefined>;
  /** Deletes the rows with these keys. Throws {@link Fault}. */
  remove(keys: readonly Buffer[]): Promise<void>;
}
