/** Port: how the keys that sign tokens are made, shown and replaced, for the Management API. Stores nothing. */
import type { StoredSigningKey } from './signing-key-store.js';

/** A key as an administrator sees it: never its private half. */
export interface ShownSigningKey {
  readonly kid: string;
  /** Self-signed, PEM: the form in which some libraries want a public key. */
  readonly certificate: string;
  /** `next`: in the key set, and will sign. `previous`: signs no more, its tokens are good. */
  readonly state: 'current' | 'next' | 'previous';
  /** The time from which it signs, or signed. */
  readonly currentSince: Date;
  /** The time from which it does not sign any more, where that is known. */
  readonly currentUntil: Date | undefined;
}

export interface KeyRules {
  /** A new key. Takes up to a second. */
  make(): Promise<StoredSigningKey>;
  /** Those of `keys` that are in use or of use at `now`, oldest first. */
  show(keys: readonly StoredSigningKey[], now: Date): readonly ShownSigningKey[];
  /** Whether a key may be deleted at once: another one, which every node has loaded, can sign in its place. */
  isReplaceable(kid: string, keys: readonly StoredSigningKey[], now: Date): boolean;
  /** This node reads its keys again; other nodes do so within a minute. */
  reload(): Promise<void>;
}
