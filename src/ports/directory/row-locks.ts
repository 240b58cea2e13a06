/** Port: one row is held until the end of the transaction, so that a write rests on what was read after. Reads and writes nothing else. */

/** By what is held; the keys are those of its path in the Management API. */
export type LockedRow =
  | 'action'
  | 'action module'
  | 'api'
  | 'application'
  | 'client grant'
  | 'connection'
  | 'connection of an organization'
  | 'custom texts'
  | 'domain of an organization'
  | 'log stream'
  | 'mail server'
  | 'mail template'
  | 'organization'
  | 'page template'
  | 'role'
  | 'SCIM configuration'
  | 'set-up profile'
  | 'tenant'
  | 'user';

export interface RowLockDirectory {
  /**
   * Waits for the transaction that changes the row, then holds it. Where there is no row yet, those who ask for the same one wait for each
   * other. Only in a transaction.
   */
  lock(row: LockedRow, keys: readonly string[]): Promise<void>;
}
