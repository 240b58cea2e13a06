/** Port: makes, shows and replaces the keys that sign tokens, for the Management API. Stores nothing. */
import type { StoredSigningKey } from './signing-key-store.js';

/** A key as an administrator sees it: never its private half. */
export interface ShownSigningKey {
  readonly kid: string;
  /** Self-signed, PEM: the form in which some libraries want a public key. */
  readonly certificate: string;
  /** `next`: in the key set, and will sign. `previous`: no longer signs, but its tokens are valid. */
  readonly state: 'current' | 'next' | 'previous';
  /** When the key begins or began to sign. */
  readonly currentSince: Date;
  /** When the key stopped signing, if known. */
  readonly currentUntil: Date | undefined;
}

export interface KeyRules {
  /** Creates a signing key; takes up to a second. */
  make(): Promise<StoredSigningKey>;
  /** Returns the keys that sign or verify at `now`, oldest first. */
  show(keys: readonly StoredSigningKey[], now: Date): readonly ShownSigningKey[];
  /** True when a key may be deleted at once, because every node has loaded another key that can sign instead. */
  isReplaceable(kid: string, keys: readonly StoredSigningKey[], now: Date): boolean;
  /** Reloads this node's keys; other nodes reload within a minute. */
  reload(): Promise<void>;
}
