/** Port: where signing keys are kept. Private halves are sealed by the implementation; they leave it only to be loaded. */

export interface StoredSigningKey {
  readonly kid: string;
  /** RFC 7517, without private members. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** PKCS #8 in PEM. */
  readonly privatePem: string;
  readonly createdAt: Date;
  /** Since when it signs nothing any more. */
  readonly retiredAt: Date | undefined;
}

export interface SigningKeyStore {
  /**
   * All keys, retired ones included, oldest first; when there is none that may sign, the one that `make` gives is stored first. Two nodes that start at the
   * same moment end with one key: the second waits and finds the first one's.
   */
  ensureSigningKey(make: () => Promise<StoredSigningKey>): Promise<readonly StoredSigningKey[]>;
}

/** What an operator does to the keys. */
export interface SigningKeyKeeper {
  /** All keys, retired ones included, oldest first. */
  list(): Promise<readonly StoredSigningKey[]>;
  add(key: StoredSigningKey): Promise<void>;
  /** For good. False when there is no such key. */
  remove(kid: string): Promise<boolean>;
}
