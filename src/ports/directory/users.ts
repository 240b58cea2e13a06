/** Port: users, their identities, passwords and tickets. */
import type { WayIn } from '../../domain/factors/company-session.js';
import type { LogoutInitiator } from '../../domain/logout-notice.js';
import type { PasswordVoucher, UserProfile, Voucher } from '../../domain/people/account.js';
import type { Email } from '../../domain/people/email.js';
import type { Strategy } from '../../domain/tenant.js';
import type { TicketKind } from '../../domain/ticket.js';
import type { UserSettings } from '../../management/users/fields.js';
import type { Page, PageRequest } from './page.js';

export interface IdentityRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly strategy: Strategy;
  readonly status: 'bound' | 'expected';
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly expectedEmail: string | undefined;
  readonly isPrimary: boolean;
  readonly profile: Readonly<Record<string, unknown>>;
  /** The source that vouches for the address in `profile`. */
  readonly emailVouchedBy: Voucher | undefined;
  /** The user as the connection's SCIM client wrote it; undefined when SCIM never wrote them. */
  readonly scim: Readonly<Record<string, unknown>> | undefined;
  /** The id by which SCIM knows the person; undefined when SCIM did not create this identity. */
  readonly scimId: string | undefined;
  /** SCIM said `active: false`: the account cannot sign in by this connection. */
  readonly scimInactive: boolean;
  readonly createdAt: Date;
}

export interface UserRecord extends UserSettings {
  readonly userId: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  /** The source that vouches for the address; undefined when the address is not verified. */
  readonly emailVouchedBy: Voucher | undefined;
  /** True when the block was set by the SCIM of the account's own connection. */
  readonly blockedByScim: boolean;
  readonly profile: UserProfile;
  readonly userMetadata: Readonly<Record<string, unknown>>;
  readonly appMetadata: Readonly<Record<string, unknown>>;
  readonly loginsCount: number;
  readonly lastLoginAt: Date | undefined;
  readonly lastIp: string | undefined;
  /** True when a second factor of the account counts: a confirmed one that is more than a recovery code. */
  readonly hasSecondFactor: boolean;
  readonly identities: readonly IdentityRecord[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewUser = Omit<
  UserRecord,
  'emailVerified' | 'blockedByScim' | 'identities' | 'loginsCount' | 'lastLoginAt' | 'lastIp' | 'hasSecondFactor'
>;
export type UserChanges = Partial<
  UserSettings & Pick<UserRecord, 'email' | 'emailVouchedBy' | 'profile' | 'userMetadata' | 'appMetadata'>
> & { readonly updatedAt: Date };

export type SearchField =
  | 'email'
  | 'email.domain'
  | 'user_id'
  | 'username'
  | 'name'
  | 'identities.connection'
  | 'organization_id'
  | 'blocked'
  | 'email_verified';

export type SearchDate = 'created_at' | 'updated_at' | 'last_login';

/** A value of the metadata that a search asks for. */
export type MetadataValue = string | number | boolean;

/**
 * A search over users, parsed and limited. `prefix`: true if any text may follow `text`. A `range` includes `from` and
 * excludes `before`; with neither, it finds everybody with the property. `metadata` finds everybody with one of `values`
 * at the path, also within lists; without `values`, everybody who has a value there.
 */
export type SearchTerm =
  | { readonly kind: 'match'; readonly field: SearchField; readonly text: string; readonly prefix: boolean }
  | { readonly kind: 'exists'; readonly field: SearchField }
  | { readonly kind: 'range'; readonly field: SearchDate; readonly from?: Date; readonly before?: Date }
  | { readonly kind: 'range'; readonly field: 'logins_count'; readonly from?: number; readonly before?: number }
  | {
      readonly kind: 'metadata';
      readonly of: 'app_metadata' | 'user_metadata';
      readonly path: readonly string[];
      readonly values?: readonly MetadataValue[];
    }
  | { readonly kind: 'all' }
  | { readonly kind: 'not'; readonly term: SearchTerm }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly SearchTerm[] };

export interface UserFilter {
  readonly search?: SearchTerm;
  /** Name of a connection at which the user has an identity. */
  readonly connection?: string;
  readonly sortBy?: 'created_at' | 'email' | 'name' | 'user_id';
}

export interface NewIdentity {
  readonly id: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly status: 'bound' | 'expected';
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly expectedEmail: string | undefined;
  readonly isPrimary: boolean;
  readonly profile: Readonly<Record<string, unknown>>;
  /**
   * The caller that created the identity, such as `management:CLIENT_ID` or `import:JOB_ID`. (An identity that a login
   * bound has the name of the rule instead.)
   */
  readonly boundBy: string;
  /** Present when SCIM creates the identity. */
  readonly scim?: { readonly id: string; readonly resource: Readonly<Record<string, unknown>> };
  readonly at: Date;
}

export interface NewTicket {
  readonly userId: string;
  readonly ticketHash: Buffer;
  readonly purpose: 'password' | 'verify_email' | 'enrollment';
  readonly connectionId: string | undefined;
  readonly email: Email;
  readonly clientId: string | undefined;
  readonly organizationId: string | undefined;
  readonly resultUrl: string | undefined;
  /** The source that vouches for the address once the ticket is used; undefined for none. */
  readonly vouches: 'mail' | 'operator' | undefined;
  /** The source that vouches for a password set with this ticket. */
  readonly passwordVouchedBy: PasswordVoucher | undefined;
  /** For the purpose `enrollment`. `kind`: the only one that it sets up. `revision`: the version of the account's factors. */
  readonly enrollment?: { readonly kind: TicketKind | undefined; readonly revision: number };
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** An identity that was bound under a former issuer of the connection. */
export interface FormerIdentity {
  readonly userId: string;
  readonly formerSubject: string;
  /** The subject or address for which the user is now pre-provisioned. */
  readonly expects: string | undefined;
  /** Why the identity stays unchanged; undefined if it was turned into a pre-provisioned one. */
  readonly problem:
    | 'not_named'
    | 'no_address'
    | 'address_shared'
    | 'subject_shared'
    | 'expected_for_another_user'
    | 'bound_to_another_user'
    | undefined;
}

export interface FormerIdentities {
  /**
   * Marks the connection's pre-provisioned subjects as subjects of `issuer`. Called before the issuer changes: at the
   * new one the same subject may be another person.
   */
  keepExpectedFor(connectionId: string, issuer: string): Promise<void>;
  /**
   * Lets all people of a connection, bound or expected by a subject, prove their account again before the subject counts
   * (ADR 0102), and revokes what they got through it. Returns how many they are. Requires a lock on the connection.
   */
  distrust(connectionId: string): Promise<number>;
  /**
   * Revokes the sessions, codes and tokens that all people of a connection got through it. Requires that no login can end
   * meanwhile: by a lock on the connection, or because its last organization does not have it any more.
   */
  endAccessOf(connectionId: string): Promise<void>;
  /** Counts people bound at a connection, or pre-provisioned by a subject, for each issuer. */
  countByIssuer(connectionId: string): Promise<readonly { readonly issuer: string; readonly people: number }[]>;
  /**
   * Turns the identities of `formerIssuer` into pre-provisioned ones: by their subject (`subjects` maps former subjects
   * to new; else the same) or by their address. Revokes their sessions, codes and tokens from this connection. Writes
   * nothing unless `apply`; returns all people concerned.
   */
  expectAgain(command: {
    readonly connectionId: string;
    readonly formerIssuer: string;
    readonly by: 'subject' | 'email';
    readonly subjects?: Readonly<Record<string, string>> | undefined;
    /** The former subjects to move; if absent, all. */
    readonly only?: readonly string[] | undefined;
    /** The address to use instead of the user's own, for a single person. */
    readonly address?: string | undefined;
    /** Keeps the bound identities as moved ones, so that the move can be undone ({@link MovedIdentities}). */
    readonly keep?: { readonly at: Date; readonly by: string; readonly absorbed: string | undefined };
    readonly boundBy: string;
    readonly apply: boolean;
  }): Promise<readonly FormerIdentity[]>;
}

/** A bound identity that was moved away from its user, unchanged. */
export interface MovedIdentity {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly strategy: Strategy;
  readonly issuer: string;
  readonly subject: string;
  readonly boundBy: string | undefined;
  readonly evidence: unknown;
  readonly boundAt: Date | undefined;
  readonly movedAt: Date;
  readonly movedBy: string;
  /**
   * Id of the person's second account, which the move removed; undoing the move restores it. Undefined if there was
   * none.
   */
  readonly absorbedUserId: string | undefined;
}

export interface MovedIdentities {
  /** Finds the user to whom a connection's subject is bound. */
  findBoundUser(connectionId: string, subject: string): Promise<string | undefined>;
  /** Returns the rule and the evidence by which an identity was bound. */
  getBinding(userId: string, identityId: string): Promise<Pick<MovedIdentity, 'boundBy' | 'evidence' | 'boundAt'>>;
  /** Lists the moved identities of a user, the latest first. Their subjects are refused at their connections. */
  listMoved(userId: string): Promise<readonly MovedIdentity[]>;
  /**
   * Gives a user's moved identities to another user, including those of connections where the user has no identity now.
   */
  handOverMoved(from: string, to: string): Promise<void>;
  /** Deletes a user and returns their rows (user, identities, memberships, roles) as JSON for {@link restoreMoved}. */
  takeOut(userId: string): Promise<string>;
  /**
   * Binds a moved identity again exactly as it was, in place of the user's identities at its connection, restores the
   * account that the move absorbed, and revokes the access gained meanwhile. Throws {@link Conflict} when its subject
   * is bound to another user.
   */
  restoreMoved(userId: string, identityId: string): Promise<void>;
}

export interface UserDirectory extends FormerIdentities, MovedIdentities {
  /**
   * Returns the prefix of the ids of accounts that an identity of this connection and issuer opens; assigns one if
   * there is none. `base` is the connection's strategy and name.
   */
  getIdPrefix(of: {
    readonly connectionId: string;
    readonly issuer: string;
    readonly base: string;
    readonly at: Date;
  }): Promise<string>;
  search(filter: UserFilter, page: PageRequest): Promise<Page<UserRecord>>;
  listByEmail(email: string): Promise<readonly UserRecord[]>;
  find(userId: string): Promise<UserRecord | undefined>;
  /** Finds and locks the user until the transaction is over, for changes that depend on the old value. */
  findForUpdate(userId: string): Promise<UserRecord | undefined>;
  findExisting(userIds: readonly string[]): Promise<readonly string[]>;
  create(user: NewUser): Promise<void>;
  update(userId: string, changes: UserChanges): Promise<UserRecord | undefined>;
  delete(userId: string): Promise<boolean>;

  /** Finds the user with this subject of the connection (bound, or pre-provisioned, by `status`). */
  findIdentity(query: {
    readonly connectionId: string;
    readonly subject: string;
    readonly status: 'bound' | 'expected';
  }): Promise<{ readonly userId: string; readonly identity: IdentityRecord } | undefined>;
  addIdentity(identity: NewIdentity): Promise<void>;
  /** Moves an identity (and its password) to another user, with the given profile (undefined: its own). */
  moveIdentity(
    from: string,
    identityId: string,
    to: string,
    profile: Pick<IdentityRecord, 'profile' | 'emailVouchedBy'> | undefined,
    isPrimary: boolean,
  ): Promise<void>;
  deleteIdentity(userId: string, identityId: string): Promise<void>;

  /** Finds the user who signs in with this address at this database connection. */
  findPasswordUser(connectionId: string, email: string): Promise<string | undefined>;
  listPasswordConnections(userId: string): Promise<readonly string[]>;
  /** Lists how the account can be signed in to now: a password that was ended is none. */
  listWaysIn(userId: string): Promise<readonly WayIn[]>;
  /**
   * Stores a password. Unless named, its voucher is `operator`: a client with the right to set passwords sent it. A hash
   * that no password matches gets no voucher.
   */
  putPassword(
    userId: string,
    connectionId: string,
    email: Email,
    hash: string,
    at: Date,
    vouchedBy?: PasswordVoucher,
  ): Promise<void>;
  /**
   * Replaces a password if it is still the one with the hash `from`; the voucher stays. Returns false when it is another
   * one meanwhile.
   */
  replacePassword(
    userId: string,
    change: { readonly connectionId: string; readonly from: string; readonly to: string; readonly at: Date },
  ): Promise<boolean>;
  /**
   * Changes the address of the password logins with the user's address. Passwords keep no voucher `mail`: a proof of
   * the former mailbox says nothing about the new one.
   */
  renamePasswordLogin(userId: string, email: Email): Promise<void>;
  /**
   * Deletes the passwords that nobody vouches for (linking rule, part 10), with the second factors that were set up by
   * one, and revokes all access if there was one.
   */
  endUnvouchedPasswords(userId: string, at: Date): Promise<void>;
  /**
   * Revokes the user's sessions, refresh tokens, unused codes and pending tickets. Applications that get logout
   * messages receive `why`. It is absent for a blocked account, and if no reason is known. `keep`: the id of a session
   * that stays.
   */
  endSessions(userId: string, at: Date, why?: LogoutInitiator, keep?: string): Promise<void>;
  createTicket(ticket: NewTicket): Promise<void>;
  /** Uses a ticket up. False when it was used, has expired or was made for something else. */
  useTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly purpose: NewTicket['purpose'];
    readonly at: Date;
  }): Promise<boolean>;
}
