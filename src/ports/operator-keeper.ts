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
  close(): Promise<void>;
}
