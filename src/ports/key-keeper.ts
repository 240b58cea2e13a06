/** Port: the keys of a database, for an operator to list and change. Shows no key. */

/** A key that signs tokens, without its private part. */
export interface SigningKeyFact {
  readonly kid: string;
  readonly createdAt: Date;
  /**
   * `signs`: signs new tokens. `published`: in the key set, and will sign later. `known`: no longer signs, but its
   * tokens may still be valid. `over`: no longer signs, and its tokens have expired.
   */
  readonly state: 'signs' | 'published' | 'known' | 'over';
  /** When the state changes, or changed, by itself: the key begins or stops to sign, or its tokens are refused. */
  readonly until: Date | undefined;
}

/** The number of encrypted values of one column, by the key that decrypts them. */
export interface SealedTally {
  readonly table: string;
  readonly column: string;
  /** Values that VESTIBULE_SECRET_KEY decrypts. */
  readonly current: number;
  /** Values that only a key of VESTIBULE_SECRET_KEY_FORMER decrypts. */
  readonly former: number;
  /** Values that no key decrypts. */
  readonly lost: number;
}

/** The keys of a database. The caller that opened them must close them. */
export interface KeyKeeper {
  list(): Promise<readonly SigningKeyFact[]>;
  /** Creates a signing key that is published now and signs later. Deletes keys whose tokens have all expired. */
  rotate(): Promise<SigningKeyFact>;
  /** Deletes a key at once. `needed`: not deleted, because every node must first know another key that can sign. */
  remove(kid: string): Promise<'removed' | 'unknown' | 'needed'>;
  countSealed(): Promise<readonly SealedTally[]>;
  /** Encrypts the values of former keys again, with VESTIBULE_SECRET_KEY. */
  reseal(): Promise<readonly SealedTally[]>;
  /**
   * Returns when the last value expires that a browser, application or mailbox may hold and that was sealed before now.
   */
  findLastEnd(): Promise<Date | undefined>;
  close(): Promise<void>;
}
