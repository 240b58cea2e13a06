/** Port: the keys of a database as an operator sees and changes them. Shows no key. */

/** A key that signs tokens, as its operator sees it. */
export interface SigningKeyFact {
  readonly kid: string;
  readonly createdAt: Date;
  /** `published`: in the key set, and will sign. `known`: signs no more, and its tokens are still good. `over`: neither. */
  readonly state: 'signs' | 'published' | 'known' | 'over';
  /** When its state changes by itself: from then on it signs, or is not known any more. */
  readonly until: Date | undefined;
}

/** How many sealed values of one column which key opens. */
export interface SealedTally {
  readonly table: string;
  readonly column: string;
  /** VESTIBULE_SECRET_KEY. */
  readonly current: number;
  /** Only one of VESTIBULE_SECRET_KEY_FORMER. */
  readonly former: number;
  /** None. */
  readonly lost: number;
}

/** The keys of a database. Whoever opens it closes it. */
export interface KeyKeeper {
  list(): Promise<readonly SigningKeyFact[]>;
  /** Makes a key that is published now and signs later; takes away those whose tokens are over. */
  rotate(): Promise<SigningKeyFact>;
  /** Takes a key away at once. `needed`: no other one that every node knows could sign. */
  remove(kid: string): Promise<'removed' | 'unknown' | 'needed'>;
  countSealed(): Promise<readonly SealedTally[]>;
  /** Seals with VESTIBULE_SECRET_KEY what is sealed with a former one. */
  reseal(): Promise<readonly SealedTally[]>;
  /** Until when people and applications may hold what was sealed before now. */
  findLastEnd(): Promise<Date | undefined>;
  close(): Promise<void>;
}
