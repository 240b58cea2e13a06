/**
 * Port: keys that are used once, such as that of a mailed link. A key is used up in the transaction of the write that it
 * permits: both are stored, or neither.
 */

export interface OneTimeKeys {
  /**
   * Uses the key up until `expiresAt`. Returns false when it was used before; of simultaneous calls one returns true.
   * From then on `AttemptCounters.isRemembered` is true for this key.
   */
  use(key: string, expiresAt: Date): Promise<boolean>;
}
