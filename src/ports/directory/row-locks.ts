/**
 * Port: locks one row until the transaction is over, so that a write relies on current data. Reads and writes nothing
 * else.
 */

/** Kinds of locked rows; the keys are those of its path in the Management API. */
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
   * Waits for the transaction that changes the row, then locks it. Without a row, callers with the same keys wait for
   * each other. Only in a transaction.
   */
  lock(row: LockedRow, keys: readonly string[]): Promise<void>;
}
