/** Port: the accounts that a login reads, with the data that its rules need. Values only. */
import type { Factor } from '../domain/factors/factor.js';
import type { Account, Membership } from '../domain/people/account.js';

/** An account, with the data that steps 3 and 4 need. */
export interface Candidate {
  readonly account: Account;
  /** The account's membership in the organization of this login. */
  readonly membership: Membership | undefined;
  /** Number of other organizations that the account belongs to. */
  readonly otherOrganizations: number;
  readonly hasPassword: boolean;
  /** An accepted source in this organization has vouched for the account's own address (linking rule, part 9). */
  readonly addressProved: boolean;
  /** The connection of the account's main identity: the one that created the account. */
  readonly mainConnectionId: string | undefined;
  /** The subject to which the account is already bound at this connection. */
  readonly boundSubject: string | undefined;
  /** The issuer of `boundSubject`. */
  readonly boundIssuer: string | undefined;
  /**
   * The id of that identity, if the provider of a customer's connection changed since: the subject alone no longer
   * recognizes the person. They prove the account again.
   */
  readonly provesAgain?: string | undefined;
  /** The subject that an operator or SCIM reserved the account for; read for unbound accounts found by address. */
  readonly awaitedSubject: string | undefined;
  /** The issuer of the awaited subject, if it differs from the connection's present issuer. */
  readonly awaitedOfIssuer: string | undefined;
  /** Version of the account's second factors: raised by every change of them, and 0 for an account that never had one. */
  readonly factorsRevision: number;
}

/** The second factors of an account, and what decides whether this login may set one up. */
export interface FactorGround {
  readonly revision: number;
  readonly factors: readonly Factor[];
  /** True when the account has a password, or an identity of another connection than the query's. */
  readonly hasOtherWaysIn: boolean;
  /** The addresses that a code may be mailed to: those that were set up, and the account's own if it was proved. */
  readonly mail: readonly Factor[];
  /** True when a link set the password of the query's connection, and no login with it has passed another factor since. */
  readonly isPasswordFromMail: boolean;
}

/** A passkey and its account. */
export interface StoredPasskey {
  readonly userId: string;
  /** Version of the account's factors. */
  readonly revision: number;
  readonly factor: Factor;
  /** Undefined when the account signs in by none of the connections. */
  readonly connectionId: string | undefined;
}
