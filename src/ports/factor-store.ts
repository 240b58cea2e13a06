/**
 * Port: the second factors of an account at the token endpoint. An application that was refused with `mfa_required` lists
 * and sets up factors here, and claims one together with the exchange of its refresh token. Never gives out a stored
 * secret except that of a factor which is being set up.
 */
import type { WayIn } from '../domain/factors/company-session.js';
import type { FactorUse } from './factor-writes.js';
import type { LogEntry } from './ledger.js';
import type { OutgoingMail } from './mailer.js';
import type { TokenStore } from './token-store.js';

/** An authenticator app that is being set up. It counts for nothing until a code of it confirms it. */
export interface PendingFactor {
  readonly id: string;
  /** In base32. */
  readonly secret: string;
}

/** The lines and mails of a change of factors: stored with it, or not at all. */
interface Told {
  readonly log: readonly LogEntry[];
  readonly mail: readonly OutgoingMail[];
}

/** The confirmation of a pending factor by a code of it. */
export interface FactorConfirmation {
  readonly id: string;
  /** The time step of the code, which counts as used. */
  readonly step: number;
  /** Id of the recovery code that was shown with the factor, if one was. */
  readonly recoveryId: string;
  /** Pending factors that were made before are expired. */
  readonly madeAfter: Date;
}

/** The answer of a person that an exchange claims. */
export interface FactorClaim extends Told {
  /** Id of the `mfa_token`, which works once, and when it expires. */
  readonly receipt: { readonly id: string; readonly expiresAt: Date };
  readonly answer: { readonly used: FactorUse } | { readonly confirmed: FactorConfirmation };
}

type RefreshCommand = Parameters<TokenStore['exchangeRefreshToken']>[0];

export interface FactorStore {
  /**
   * Finds the factor that is being set up, made after `madeAfter`, the ways to sign in to the account, when its newest
   * factor was confirmed, and the connection of this session of the account, if it has not ended.
   */
  findSetup(query: { userId: string; madeAfter: Date; sessionId: string | undefined; at: Date }): Promise<{
    readonly pending: PendingFactor | undefined;
    readonly ways: readonly WayIn[];
    readonly confirmedAt: Date | undefined;
    readonly connectionId: string | undefined;
  }>;
  /**
   * Stores a factor that is being set up, in place of an earlier one. `enrolled`: the account has a confirmed factor
   * (`beside: 'nothing'`), or a confirmed app (`beside: 'others'`); nothing is written.
   */
  startSetup(command: {
    readonly userId: string;
    /** The connection of the login; undefined when it is not known. */
    readonly connectionId: string | undefined;
    readonly factor: PendingFactor;
    /** The hash of the recovery code that was shown with it. */
    readonly codeHash: Buffer | undefined;
    readonly beside: 'nothing' | 'others';
    readonly at: Date;
    readonly log: LogEntry;
  }): Promise<'stored' | 'enrolled'>;
  /** Confirms a pending factor beside others. `factor`: it expired or was replaced, or the account has an app already. */
  confirmSetup(
    command: { readonly userId: string; readonly confirmed: FactorConfirmation; readonly at: Date } & Told,
  ): Promise<'confirmed' | 'factor'>;
  /**
   * Adds an address that a mailed code proved. `factor`: the code was used, the account has the address or five others
   * already, or no factor that counts alone.
   */
  addAddress(
    command: {
      readonly userId: string;
      readonly added: { readonly id: string; readonly address: string; readonly code: string };
      readonly at: Date;
    } & Told,
  ): Promise<'added' | 'factor'>;
  /**
   * Exchanges a refresh token as {@link TokenStore.exchangeRefreshToken} does after Actions, and claims the person's
   * answer in the same transaction. `spent`: the `mfa_token` was used. `factor`: the answer was used, or the factors
   * have changed. In these cases nothing is written.
   */
  exchange(
    command: RefreshCommand & { readonly afterActions: NonNullable<RefreshCommand['afterActions']> },
    claim: FactorClaim,
  ): Promise<'exchanged' | 'reused' | 'moved' | 'spent' | 'factor'>;
  /** Deletes a confirmed factor, and a recovery code that would be left alone. `required`: it is the last that counts, and one is needed. */
  remove(
    command: { readonly userId: string; readonly id: string; readonly at: Date } & Told,
  ): Promise<'removed' | 'unknown' | 'required'>;
}
