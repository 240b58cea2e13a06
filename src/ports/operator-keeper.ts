/** Port: the operators of a tenant, for commands that work on its database. Each write is the one that the Management API makes. */
import type { OperatorRole } from '../domain/operator-role.js';

export interface OperatorFact {
  readonly userId: string;
  readonly email: string | undefined;
  /** The one that counts most; undefined for a member without any, or with one that a group gives. */
  readonly role: OperatorRole | undefined;
}

export interface OperatorKeeper {
  /** An ordinary invitation. Its link stands for the mailbox, so it is for the invited person alone. */
  invite(email: string, role: OperatorRole): Promise<{ readonly url: string; readonly expiresAt: Date }>;
  list(): Promise<readonly OperatorFact[]>;
  /** Takes the membership, and with it every token. `last`: nobody else is an owner who can sign in. */
  remove(userId: string): Promise<'removed' | 'unknown' | 'last'>;
  close(): Promise<void>;
}
