/**
 * Port: what a browser has to keep of unfinished work and its cookies cannot take. Rows that expire, found by a random
 * key that only the browser's sealed cookie has. Anybody can cause one, so they are limited for each network and in
 * all.
 */
import type { Network } from '../kernel/networks.js';

export interface OverflowEntry {
  /** 32 random bytes. A row of the same key is replaced. */
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
   * Keeps the content. A network that has as many as it may loses its oldest; false when there are as many as there may
   * be in all and this machine has none to give up. Throws {@link Fault} when the database failed; then nothing has
   * changed.
   */
  put(entry: OverflowEntry, at: Date): Promise<boolean>;
  /** The content, unless it has expired. Throws {@link Fault}. */
  find(key: Buffer, at: Date): Promise<Buffer | undefined>;
  /** Throws {@link Fault}. */
  remove(keys: readonly Buffer[]): Promise<void>;
}
