/** Port: the keys of a database, for an operator to list and change. Shows no key. */

/** A key that signs tokens, without its private part. */
export interface SigningKeyFact {
  readonly kid: string;
  readonly createdAt: Date;
  /**
   * `published`: in the key set, and will sign. `known`: no longer signs, but its tokens are still valid. `over`:
   * neither.
   */
  readonly state: 'signs' | 'published' | 'known' | 'over';
  /** When its state changes automatically: then it begins to sign, or is no longer known. */
  readonly until: Date | undefined;
}

/** The number of sealed values of one column, by the key that opens them. */
export interface SealedTally {
  readonly table: string;
  readonly column: string;
  /** Opened by VESTIBULE_SECRET_KEY. */
  readonly current: number;
  /** Opened only by one of VESTIBULE_SECRET_KEY_FORMER. */
  readonly former: number;
  /** Opened by no key. */
  readonly lost: number;
}

/** The keys of a database. The opener must close it. */
export interface KeyKeeper {
  list(): Promise<readonly SigningKeyFact[]>;
  /** Makes a key that is published now and signs later; deletes those whose tokens have all expired. */
  rotate(): Promise<SigningKeyFact>;
  /** Deletes a key at once. `needed`: no other key that every node knows could sign. */
  remove(kid: string): Promise<'removed' | 'unknown' | 'needed'>;
  countSealed(): Promise<readonly SealedTally[]>;
  /** Seals values of former keys again with VESTIBULE_SECRET_KEY. */
  reseal(): Promise<readonly SealedTally[]>;
  /** Returns until when people and applications may hold values that were sealed before now. */
  findLastEnd(): Promise<Date | undefined>;
  close(): Promise<void>;
}
