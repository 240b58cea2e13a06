/**
 * Port: locks one row until the transaction is over, so that a write relies on current data. Reads and writes nothing
 * else.
 */

/** Kinds of rows that can be locked. A row's keys are the ids in its path in the Management API. */
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
  | 'profile'
  | 'role'
  | 'SCIM configuration'
  | 'set-up profile'
  | 'tenant'
  | 'user';

export interface RowLockDirectory {
  /**
   * Waits for a transaction that is changing the row, then locks it. If the row does not exist, callers with the same
   * keys still wait for each other. Only in a transaction.
   */
  lock(row: LockedRow, keys: readonly string[]): Promise<void>;
}
