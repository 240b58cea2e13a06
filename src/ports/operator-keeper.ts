/** Port: the operators of a tenant, for commands that work on its database. Writes as the Management API does. */
import type { OperatorRole } from '../domain/operator-role.js';

export interface OperatorFact {
  readonly userId: string;
  readonly email: string | undefined;
  /** The most powerful role; undefined for a member without a role, or with one from a group. */
  readonly role: OperatorRole | undefined;
}

export interface OperatorKeeper {
  /** Creates an ordinary invitation. Its link proves the mailbox, so only the invited person may have it. */
  invite(email: string, role: OperatorRole): Promise<{ readonly url: string; readonly expiresAt: Date }>;
  list(): Promise<readonly OperatorFact[]>;
  /** Deletes the membership, and with it every token. `last`: no other owner could sign in. */
  remove(userId: string): Promise<'removed' | 'unknown' | 'last'>;
  /**
   * Removes the second factors and passkeys of an operator who lost them. They set up a new one at their next sign-in.
   * False if no operator has this id.
   */
  resetFactors(userId: string): Promise<boolean>;
  close(): Promise<void>;
}
