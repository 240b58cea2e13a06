/** Port: the people of an organization, many at a time, for tools that read or prepare a whole company. */
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
  /** They have a password that can be used. */
  readonly hasPassword: boolean;
  readonly loginsCount: number;
  readonly lastLoginAt: Date | undefined;
  /** Number of further organizations that they are a member of. */
  readonly otherOrganizations: number;
  /** Number of other users with the same address, and of those among them who are members of this organization. */
  readonly sameAddress: number;
  readonly sameAddressMembers: number;
  /** Connections at which other users with the same address have an identity. */
  readonly sameAddressConnections: readonly string[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly breakGlass: boolean;
  /** Evidence of the linking rule, part 7: first login into this organization with a password or a code of this account. */
  readonly ownProofAt: Date | undefined;
  /** Attendance: logins into this organization that were committed, by whatever proof. */
  readonly firstLoginHereAt: Date | undefined;
  readonly lastLoginHereAt: Date | undefined;
  readonly via: 'invited' | 'auto' | 'action' | 'management';
  /** The primary one first. */
  readonly identities: readonly PersonIdentity[];
}

/** Numbers of members of one organization. */
export interface PeopleTotals {
  readonly members: number;
  /** They have a password that can be used. */
  readonly withPassword: number;
  readonly breakGlass: number;
  /** They have never signed in to this organization. */
  readonly neverLoggedIn: number;
  /** They have shown no password or code of this account in a login into this organization (linking rule, part 7). */
  readonly withoutOwnProof: number;
}

/** Numbers of members of one organization, about one of its connections. */
export interface ConnectionTotals {
  /** Bound there: by a sign-in, or linked by an operator. */
  readonly bound: number;
  /** Of those, without a password that can be used. */
  readonly boundOnly: number;
  /** An identity is prepared for them there. */
  readonly expected: number;
  /** Their address lies in a domain that leads to the connection. */
  readonly addressed: number;
  /** Of those, people with a password and without an identity there. */
  readonly passwordOnly: number;
  /** Of those, people with the break-glass flag. */
  readonly passwordOnlyBreakGlass: number;
}

/** The subject by which a user is expected, or only the address. */
export type Expectation =
  | { readonly subject: string; readonly expectedEmail?: undefined }
  | { readonly subject?: undefined; readonly expectedEmail: string };

export type ExpectedUser = Expectation & { readonly userId: string };

/** `taken`: the subject is bound or expected for somebody else at this connection, or the address expected for somebody else. */
export type ExpectResult = 'created' | 'exists' | 'unknown_user' | 'not_a_member' | 'has_identity' | 'taken';

/** `bound`: somebody has signed in with it since; `other`: the user has another identity at this connection. */
export type WithdrawResult = 'removed' | 'bound' | 'other' | 'absent';

export interface PeopleDirectory extends ArrivalDirectory {
  /** The members of an organization, in the order of the list of members. */
  list(organizationId: string, page: PageRequest): Promise<Page<PersonRecord>>;
  /**
   * At most `limit` members whose address begins with `startsWith`, in the order of addresses. It looks at a limited number of people: of very
   * many who begin so, in a very large organization, some are not found before more letters are given.
   */
  listBeginning(
    organizationId: string,
    search: { readonly startsWith: string; readonly limit: number },
  ): Promise<readonly PersonRecord[]>;
  /** Those of these users who are members, in the same order. */
  find(organizationId: string, userIds: readonly string[]): Promise<readonly PersonRecord[]>;
  count(organizationId: string): Promise<PeopleTotals>;
  countAt(organizationId: string, connectionId: string): Promise<ConnectionTotals>;
  /**
   * Prepares identities at a connection, bound at the first login that proves them; results in the order of `people`, in which each user
   * is named once. In a transaction, in which it locks the users: a login that binds one of them at the same time comes before or after.
   * `organizationId`: only for members of it, who stay members until the end of the transaction.
   */
  expect(command: {
    readonly connectionId: string;
    readonly organizationId?: string | undefined;
    readonly people: readonly (ExpectedUser & { readonly identityId: string })[];
    readonly boundBy: string;
    readonly at: Date;
  }): Promise<readonly ExpectResult[]>;
  /**
   * Removes identities that are still expected and exactly these; results in the order of `people`, in which each user is named once. A
   * bound identity is never touched, nor a main one. In a transaction, with the same locks.
   */
  withdraw(command: {
    readonly connectionId: string;
    readonly people: readonly ExpectedUser[];
  }): Promise<readonly WithdrawResult[]>;
}
