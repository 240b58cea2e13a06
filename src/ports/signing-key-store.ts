/** Port: the store of signing keys. The implementation seals their private parts; these leave it only to be loaded. */

export interface StoredSigningKey {
  readonly kid: string;
  /** RFC 7517, without private members. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** PKCS #8 in PEM. */
  readonly privatePem: string;
  readonly createdAt: Date;
  /** The time since when it no longer signs. */
  readonly retiredAt: Date | undefined;
}

export interface SigningKeyStore {
  /**
   * All keys, retired ones included, oldest first. If none may sign, stores a new one from `make` first. Two nodes that start at the same
   * moment end with one key: the second waits and finds the key of the first.
   */
  ensureSigningKey(make: () => Promise<StoredSigningKey>): Promise<readonly StoredSigningKey[]>;
}

/** An operator's changes of the keys. */
export interface SigningKeyKeeper {
  /** All keys, retired ones included, oldest first. */
  list(): Promise<readonly StoredSigningKey[]>;
  add(key: StoredSigningKey): Promise<void>;
  /** Deletes a key permanently. False when there is no such key. */
  remove(kid: string): Promise<boolean>;
}

/** The same in the transaction of a directory. */
export interface SigningKeyDirectory extends SigningKeyKeeper {
  /** As `list`, and no other change is under way until the transaction ends: of two keys, the last one must not be taken away by two at once. */
  listForChange(): Promise<readonly StoredSigningKey[]>;
}
