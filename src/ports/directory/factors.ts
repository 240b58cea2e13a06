/**
 * Port: the second factors of accounts, for administrators. Never gives out a secret or a hash. Each method that changes
 * which factors count raises the account's revision: logins under way decide again, and remembered browsers are
 * forgotten. Callers lock the account first (`users.findForUpdate`).
 */
import type { FactorKind, WebAuthnCredential } from '../../domain/factors/factor.js';
import type { NewFactor } from '../factor-writes.js';

/** A credential with what its creator told about it, which has no effect. */
export type TracedCredential = WebAuthnCredential & {
  readonly userAgent?: string;
  readonly identityUserId?: string;
};

/** A factor without its secret. */
export interface FactorRecord {
  readonly id: string;
  readonly kind: FactorKind;
  readonly name: string | undefined;
  /** Of `email`: the address that gets the codes. */
  readonly address: string | undefined;
  readonly credential: TracedCredential | undefined;
  readonly createdAt: Date;
  /** Undefined until the person has answered with it: it does not count yet. */
  readonly confirmedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
}

/** A factor that an administrator adds, or the person themselves. It counts at once. */
export interface AddedFactor extends NewFactor {
  /**
   * The connection of the session in which the person adds it: the source that vouches for the password or identity there
   * vouches for the factor too (docs/linking-rule.md, part 10). Absent for an administrator. Null for a ticket without a
   * session: the voucher is that of all passwords and identities together, and one of a stranger leaves none.
   */
  readonly connectionId?: string | null;
  readonly address?: string;
  readonly credential?: TracedCredential;
}

export interface FactorDirectory {
  /** Lists the factors of an account, the oldest first. */
  list(userId: string): Promise<readonly FactorRecord[]>;
  /** Returns the version of the account's factors, which every change of them raises. */
  getRevision(userId: string): Promise<number>;
  /** Finds the account of the factor that has one of these ids, whichever account that is. */
  findAccount(ids: readonly string[]): Promise<string | undefined>;
  /**
   * Deletes factors of the account by their ids, then adds confirmed ones. Throws {@link Conflict} for a credential that
   * any account has, and for a second application or recovery code.
   */
  change(
    userId: string,
    changes: { readonly remove?: readonly string[]; readonly add?: readonly AddedFactor[]; readonly at: Date },
  ): Promise<void>;
  /** Gives a factor a name. A name decides nothing, so the revision stays. */
  rename(userId: string, id: string, name: string): Promise<void>;
  /** Forgets the account's remembered browsers: each is asked for a factor again. */
  forgetBrowsers(userId: string): Promise<void>;
}
