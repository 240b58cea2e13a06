/** Port: the people of an organization, many at a time, for tools that read or prepare a whole company. */
import type { FactorKind } from '../../domain/factors/factor.js';
import type { Strategy } from '../../domain/tenant.js';
import type { ArrivalDirectory } from './arrivals.js';
import type { Page, PageRequest } from './page.js';

export interface PersonIdentity {
  readonly strategy: Strategy;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly status: 'bound' | 'expected';
  readonly subject: string | null;
  readonly expectedEmail: string | null;
  readonly isPrimary: boolean;
}

/** A member, with the facts that decide how they will sign in. */
export interface PersonRecord {
  readonly userId: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: string | undefined;
  readonly blocked: boolean;
  /** True when the person has a usable password. */
  readonly hasPassword: boolean;
  /** Kinds of the confirmed second factors, in order. */
  readonly secondFactors: readonly FactorKind[];
  readonly loginsCount: number;
  readonly lastLoginAt: Date | undefined;
  /** Number of other organizations that the person is a member of. */
  readonly otherOrganizations: number;
  /** Number of other users with the same address, and how many of those are members of this organization. */
  readonly sameAddress: number;
  readonly sameAddressMembers: number;
  /** Connections at which other users with the same address have an identity. */
  readonly sameAddressConnections: readonly string[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly breakGlass: boolean;
  /**
   * Evidence of the linking rule, part 7: first login into this organization with a password or a code of this account.
   */
  readonly ownProofAt: Date | undefined;
  /** First completed login into this organization, by any proof; `lastLoginHereAt` is the last one. */
  readonly firstLoginHereAt: Date | undefined;
  readonly lastLoginHereAt: Date | undefined;
  readonly via: 'invited' | 'auto' | 'action' | 'management';
  /** The person's identities, the primary one first. */
  readonly identities: readonly PersonIdentity[];
}

/** Numbers of members of one organization. */
export interface PeopleTotals {
  readonly members: number;
  /** Members with a usable password. */
  readonly withPassword: number;
  readonly breakGlass: number;
  /** Members who have never signed in to this organization. */
  readonly neverLoggedIn: number;
  /**
   * Members who have given no password or code of this account in a login into this organization (linking rule, part
   * 7).
   */
  readonly withoutOwnProof: number;
}

/** Numbers of members of one organization at one of its connections. */
export interface ConnectionTotals {
  /** People with an identity bound at the connection: by a sign-in, or linked by an operator. */
  readonly bound: number;
  /** Members with an identity bound at the connection, and without a usable password. */
  readonly boundOnly: number;
  /** Members with a pre-provisioned identity at the connection. */
  readonly expected: number;
  /** Members whose address is in one of the connection's `domain_aliases`. */
  readonly addressed: number;
  /** Those of the `addressed` members who have a password and no identity at the connection. */
  readonly passwordOnly: number;
  /** Those of the `passwordOnly` members who have the break-glass flag. */
  readonly passwordOnlyBreakGlass: number;
}

/** The identity for which a user's membership is reserved: its subject, or only its address. */
export type Expectation =
  | { readonly subject: string; readonly expectedEmail?: undefined }
  | { readonly subject?: undefined; readonly expectedEmail: string };

export type ExpectedUser = Expectation & { readonly userId: string };

/**
 * Result of pre-provisioning an identity. `taken`: at this connection the subject is bound to another user, or the
 * subject or address is reserved for another user.
 */
export type ExpectResult = 'created' | 'exists' | 'unknown_user' | 'not_a_member' | 'has_identity' | 'taken';

/**
 * Result of withdrawing a pre-provisioned identity. `bound`: somebody has signed in with it since. `other`: the user
 * has another identity at this connection.
 */
export type WithdrawResult = 'removed' | 'bound' | 'other' | 'absent';

export interface PeopleDirectory extends ArrivalDirectory {
  /** Lists the members of an organization, in the same order as `MemberDirectory.list`. */
  list(organizationId: string, page: PageRequest): Promise<Page<PersonRecord>>;
  /**
   * Lists at most `limit` members whose address begins with `startsWith`, by address. Searches a limited number of
   * people: in a very large organization some are found only with more letters.
   */
  listBeginning(
    organizationId: string,
    search: { readonly startsWith: string; readonly limit: number },
  ): Promise<readonly PersonRecord[]>;
  /** Finds those of `userIds` who are members, in the order of `userIds`. */
  find(organizationId: string, userIds: readonly string[]): Promise<readonly PersonRecord[]>;
  count(organizationId: string): Promise<PeopleTotals>;
  countAt(organizationId: string, connectionId: string): Promise<ConnectionTotals>;
  /**
   * Pre-provisions identities at a connection, which the first login that proves them binds. Results are in the order
   * of `people`, in which each user is named once. Runs in a transaction and locks the users: a login that binds one of
   * them happens wholly before or after. `organizationId`: accepts only its members, who stay members until the
   * transaction is over.
   */
  expect(command: {
    readonly connectionId: string;
    readonly organizationId?: string | undefined;
    readonly people: readonly (ExpectedUser & { readonly identityId: string })[];
    readonly boundBy: string;
    readonly at: Date;
  }): Promise<readonly ExpectResult[]>;
  /**
   * Deletes identities that are still pre-provisioned and exactly these; results are in the order of `people`, in which
   * each user is named once. Never touches a bound or main identity. Runs in a transaction, with the same locks as
   * {@link expect}.
   */
  withdraw(command: {
    readonly connectionId: string;
    readonly people: readonly ExpectedUser[];
  }): Promise<readonly WithdrawResult[]>;
}
