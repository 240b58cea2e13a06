/** Port: the store of signing keys. The implementation seals their private parts, and opens them only to load a key. */

export interface StoredSigningKey {
  readonly kid: string;
  /** The public key as a JWK (RFC 7517). */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** The private key: PKCS #8 in PEM. */
  readonly privatePem: string;
  readonly createdAt: Date;
  /** When the key was retired; undefined also for a key that only a newer one replaced. */
  readonly retiredAt: Date | undefined;
}

export interface SigningKeyStore {
  /**
   * Returns all keys, retired ones included, oldest first. If none may sign, stores a new one from `make` first. Two
   * nodes that start at the same moment get one key: the second waits and finds the key of the first.
   */
  ensureSigningKey(make: () => Promise<StoredSigningKey>): Promise<readonly StoredSigningKey[]>;
}

/** Changes of the signing keys by an operator. */
export interface SigningKeyKeeper {
  /** Lists all keys, retired ones included, oldest first. */
  list(): Promise<readonly StoredSigningKey[]>;
  add(key: StoredSigningKey): Promise<void>;
  /** Deletes a key permanently. False when there is no such key. */
  remove(kid: string): Promise<boolean>;
}

/** Changes of the signing keys in the transaction of a directory. */
export interface SigningKeyDirectory extends SigningKeyKeeper {
  /**
   * Lists the keys and blocks other changes until the transaction is over: otherwise two changes at once could delete
   * the last two keys.
   */
  listForChange(): Promise<readonly StoredSigningKey[]>;
}
