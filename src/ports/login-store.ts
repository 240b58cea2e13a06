/**
 * Port: the reads of the login pipeline, and its one write at the end. Two interfaces on purpose: steps 1 to 5 get
 * {@link LoginReads}, which has no method that writes; only 6-commit.ts gets {@link LoginCommit}. Contract:
 * test/conformance/login-store-contract.ts.
 */

import type {
  Account,
  BrowserSession,
  IdpSession,
  Invitation,
  PasswordCredential,
  UserProfile,
  Voucher,
} from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';
import type { Client, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { ActionGround, ActionGroundQuery } from './action-ground.js';
import type { ActionJob } from './action-jobs.js';
import type { ActionWrites, MetadataPatch } from './action-writes.js';
import type { Candidate, FactorGround, StoredPasskey } from './candidate.js';
import type { FactorWrites } from './factor-writes.js';
import type { LogEntry } from './ledger.js';
import type { LikelyOrganizations, LikelyQuery } from './likely-organizations.js';
import type { OutgoingMail } from './mailer.js';
import type { PasswordWrites } from './password-writes.js';

export type { ActionWrites, Candidate, FactorGround, LikelyOrganizations, LikelyQuery, MetadataPatch, StoredPasskey };

/** Everything about the application and the organization that a login needs, in one read. */
export interface LoginTarget {
  readonly tenant: Tenant;
  readonly client: Client;
  /** The requested organization, if it exists. */
  readonly organization: Organization | undefined;
  /**
   * With an organization: the connections it enabled. Without one: those enabled for the client, without
   * auto-membership, linking and proved domains; and the connection `homeRealm` of the query.
   */
  readonly connections: readonly OrganizationConnection[];
  /** The invitation of the ticket, if it is of the requested organization; also if it was used or has expired. */
  readonly invitation: Invitation | undefined;
  /** The requested API exists (true when none was requested). */
  readonly audienceKnown: boolean;
  /** Why the application gets no token of people for that API; absent when it may. */
  readonly audienceBarredBy?: 'policy' | 'missing_grant';
}

export interface TargetQuery {
  readonly clientId: string;
  /** An id (`org_…`) or a name; the caller has checked which of the two is allowed. */
  readonly organization?: string;
  /** The ticket as it came in the URL. */
  readonly invitationTicket?: string;
  /** The API for which an access token is requested. */
  readonly audience?: string;
  /** Id of a connection to include when no organization is named, if some organization enabled it. */
  readonly homeRealm?: string;
}

export interface CandidateQuery {
  readonly connectionId: string;
  /** Prefix of the user ids of this connection's people: the connection's strategy and name. */
  readonly idPrefix: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: Email | undefined;
  readonly organizationId: string | undefined;
  /** Reads the groups of the company's directory: only if a condition of the organization names groups. */
  readonly scimGroups?: 'read';
}

export interface Candidates {
  /** The account to which the identity is bound. If there is one, only invitations and the domain are read too. */
  readonly bound: Candidate | undefined;
  /** An account that the operator pre-provisioned for exactly this subject or address at this connection. */
  readonly expected:
    | {
        readonly candidate: Candidate;
        readonly identityId: string;
        readonly by: 'subject' | 'email';
        /** True when the provider of a customer's connection changed since; see {@link Candidate.provesAgain}. */
        readonly provesAgain?: true;
      }
    | undefined;
  /** All accounts with the address that the IdP asserts, at most 20. */
  readonly byEmail: readonly Candidate[];
  /** Unused invitations of this organization for that address, the newest first; some may have expired. */
  readonly invitations: readonly Invitation[];
  /** True when another organization has proved the address's domain. */
  readonly domainProvedElsewhere: boolean;
  /** Another issuer under which this subject of the connection is bound or expected; undefined if there is none. */
  readonly formerIssuer: string | undefined;
  /** The account that this subject once opened; it is now pre-provisioned for another identity. */
  readonly formerAccount: string | undefined;
  /** The account that had this subject until an operator moved its membership to another subject. */
  readonly movedFrom: string | undefined;
  /** Prefix of a new account's id; undefined when no account can be opened (`bound`). */
  readonly userIdPrefix: UserIdPrefix | undefined;
  /** Names of the person's groups in the company's directory; undefined when they were not read. */
  readonly scimGroups?: readonly string[] | undefined;
}

/**
 * The part before the subject in the id of an account that an identity provider creates: strategy and name of the
 * connection, and a number if people of another connection or issuer had the same before. Never assigned twice: an
 * application may know the ids, and an id must not come to mean another person.
 */
export interface UserIdPrefix {
  readonly text: string;
  /** True when the prefix is stored for this connection and issuer; otherwise the first commit with it stores it. */
  readonly known: boolean;
}

export interface LoginReads {
  /** Returns name and settings of the tenant, for pages outside of a login. */
  findTenant(): Promise<Tenant>;
  /** Finds the client and its data in one round trip; undefined for an unknown client. */
  findTarget(query: TargetQuery): Promise<LoginTarget | undefined>;
  /** Finds an organization and its connections without any client: for `explain`. */
  findEnablements(
    organizationId: string,
  ): Promise<
    { tenant: Tenant; organization: Organization; connections: readonly OrganizationConnection[] } | undefined
  >;
  /** Reads the data that the linking and admission rules need about an external identity, in one round trip. */
  findCandidates(query: CandidateQuery): Promise<Candidates>;
  /** Finds one account, with its membership in the organization and the unused invitations for its address. */
  findAccount(query: { userId: string; organizationId: string | undefined; connectionId: string }): Promise<
    | {
        readonly candidate: Candidate;
        readonly invitations: readonly Invitation[];
        /** True when another organization has proved the domain of the account's address. */
        readonly domainProvedElsewhere: boolean;
      }
    | undefined
  >;
  /** Finds the account with a password at one of these connections under this address. */
  findPasswordAccount(query: {
    connectionIds: readonly string[];
    email: Email;
  }): Promise<{ account: Account; credential: PasswordCredential } | undefined>;
  /** Finds the stored password of an account: at one database connection, or at any when none is named. */
  findCredential(query: { userId: string; connectionId?: string }): Promise<PasswordCredential | undefined>;
  /** Reads the stored data for an Action's event in one round trip. */
  findActionGround(query: ActionGroundQuery): Promise<ActionGround>;
  /** Reads the account's confirmed factors with their secrets; only for a login that needs one. */
  findFactors(query: { userId: string; connectionId: string }): Promise<FactorGround>;
  /**
   * Finds a passkey by the id of its credential, with its account and the first of these database connections by which
   * the account signs in; undefined when there is no such passkey.
   */
  findPasskey(query: { credentialId: string; connectionIds: readonly string[] }): Promise<StoredPasskey | undefined>;
  /** Finds a valid session with its account; undefined when revoked, expired, or the account is blocked. */
  findSession(query: { userId: string; sessionHash: Buffer; now: Date }): Promise<BrowserSession | undefined>;
  /** Lists the user's organizations that `connectionId` may enter, by title; at most 100. */
  listEnterableOrganizations(query: { userId: string; connectionId: string }): Promise<readonly Organization[]>;
  /** Finds organizations with this connection that may know a person who is a member of none. */
  listLikelyOrganizations(query: LikelyQuery): Promise<LikelyOrganizations>;
  /**
   * Finds companies' connections with the alias `domain` that any organization enabled; if one has proved the domain,
   * only its own. One that a customer made is found only with a button, or where it is required. Returns two at most:
   * with two, the address does not tell which to use.
   */
  findHomeRealms(domain: string): Promise<readonly OrganizationConnection[]>;
  /** Finds organizations whose verified discovery domain is `domain`. */
  findOrganizationsByDomain(domain: string): Promise<readonly Organization[]>;
  findOrganization(idOrName: string): Promise<Organization | undefined>;
}

/**
 * The writes of the commit. Immutable, built by the pipeline, applied whole or not at all. The decision relied on every
 * field named `rely…`: the commit reads these again under lock and conflicts when one has changed.
 */
export interface CommitPlan extends PasswordWrites {
  readonly at: Date;
  /** One-time id of the login; a second commit that admits with the same id conflicts. */
  readonly transactionId: string;
  readonly clientId: string;
  readonly organizationId: string | undefined;
  readonly connectionId: string;
  readonly relyFingerprint: string;
  /** True for a login by a company's connection without an organization: the connection must not need one (part 8). */
  readonly relyUnserved: boolean;
  /** The domains that the decision took as proved by the organization (empty when it relied on none). */
  readonly relyProvedDomains: readonly string[];
  /** A domain that the decision took as not proved by any other organization. */
  readonly relyUnclaimedDomain: string | undefined;
  /** The person's complete groups in the company's directory, which auto-membership read. */
  readonly relyScimGroups?:
    | undefined
    | { readonly issuer: string; readonly subject: string; readonly names: readonly string[] };
  /** For an existing account: the commit checks that it exists, is not blocked, and that these facts are still true. */
  readonly relyAccount:
    | undefined
    | {
        readonly email: Email | undefined;
        /** True when an accepted source had vouched for the address. */
        readonly addressProved: boolean;
        /** True when the user was a member of the organization before this login. */
        readonly member: boolean;
        readonly breakGlass: boolean;
        /** True if the account is bound without a question, because it belongs to no other organization. */
        readonly noOtherOrganizations: boolean;
        /** The verified password hash, if one was verified: a change in between conflicts. */
        readonly passwordHash?: string;
        /** Id of the passkey that proved the account, if one did: it must still exist. */
        readonly passkeyId?: string;
        /** Version of the account's second factors. */
        readonly factorsRevision: number;
      };
  readonly userId: string;
  readonly newUser:
    | undefined
    | {
        readonly email: Email | undefined;
        readonly emailVouchedBy: Voucher | undefined;
        /** Prefix of its id, for this connection and issuer, if it is not stored yet. */
        readonly newIdPrefix: { readonly text: string; readonly issuer: string } | undefined;
        readonly profile: UserProfile;
        readonly appMetadata: Readonly<Record<string, unknown>>;
        readonly userMetadata: Readonly<Record<string, unknown>>;
      };
  /** An identity to bind; for a new user always, for an existing one when the linking rule says so. */
  readonly bind:
    | undefined
    | {
        readonly identityId: string;
        readonly connectionId: string;
        readonly issuer: string;
        readonly subject: string;
        readonly profile: Readonly<Record<string, unknown>>;
        /** The source that vouches for the address in the IdP's answer. An unlinked identity keeps only this. */
        readonly emailVouchedBy: Voucher | undefined;
        /** The rule that allowed the binding, with evidence: logged, so that the binding can be undone exactly. */
        readonly rule: string;
        readonly evidence: Readonly<Record<string, unknown>>;
        /** A pre-provisioned identity that this one replaces; if it is gone at the commit, the operator deleted it. */
        readonly replacesExpected: string | undefined;
        /** Revokes older sessions and pending resets: an attacker may have opened the account before its owner came. */
        readonly revokeOlder: boolean;
      };
  /**
   * The bound identity of this login: it must still be bound, and the login updates its profile data. If it is the
   * user's first identity, the user's own profile follows the IdP too; the address only if it is vouched for.
   */
  readonly refreshIdentity:
    | undefined
    | {
        readonly connectionId: string;
        readonly subject: string;
        readonly data: Readonly<Record<string, unknown>>;
        readonly profile: UserProfile;
        readonly vouchedEmail: Email | undefined;
        /** `as_before`: the address keeps its voucher, as long as the data has the same address. */
        readonly emailVouchedBy: Voucher | undefined | 'as_before';
      };
  /** The source that vouches for an existing account's address now (mailed code, accepted invitation, domain). */
  readonly vouchForEmail: Voucher | undefined;
  /** Part 9: the address for which only the organization vouches: its application delivered the invitation's link. */
  readonly vouchedHere?: Email | undefined;
  /** The person gave a credential of this account in this login: the membership counts as used from now on. */
  readonly usesMembership: boolean;
  /** A membership to create, or roles to add to an existing one. */
  readonly membership:
    | undefined
    | { readonly via: 'invited' | 'auto' | 'action'; readonly create: boolean; readonly roles: readonly string[] };
  readonly consumeInvitationId: string | undefined;
  /** The organization's requirement of a second factor when the login was decided; absent when it had none. */
  readonly relySecondFactor?: Organization['secondFactor'];
  /** The second factor that the person passed, and those that they set up. */
  readonly factors?: FactorWrites | undefined;
  /** True if the login changes the factors of an existing account: others decide again, remembered browsers are forgotten. */
  readonly raisesFactors?: true;
  /** The session: a new one, or the browser's present one. */
  readonly session:
    | {
        readonly kind: 'new';
        readonly sessionId: string;
        readonly sessionHash: Buffer;
        readonly authenticatedAt: Date;
        readonly expiresAt: Date;
        readonly replaces: { readonly userId: string; readonly sessionHash: Buffer } | undefined;
        readonly idpSession?: IdpSession | undefined;
      }
    | { readonly kind: 'existing'; readonly sessionId: string; readonly sessionHash: Buffer };
  readonly code: {
    readonly codeHash: Buffer;
    readonly redirectUri: string;
    /** True when the application sent `redirect_uri`, and so must send it with the code (RFC 6749 section 4.1.3). */
    readonly redirectUriSent: boolean;
    readonly scope: string;
    readonly audience: string | undefined;
    readonly nonce: string | undefined;
    readonly codeChallenge: string | undefined;
    readonly authenticatedAt: Date;
    readonly expiresAt: Date;
    readonly familyId: string;
    /** True if the person passed a second factor in this login. */
    readonly factorPassed: boolean;
  };
  /** True if the application is told when the session ends (OpenID Connect Back-Channel Logout 1.0). */
  readonly tellsOfLogout?: true;
  /** Writes that the tenant's Actions requested; undefined without any. */
  readonly actions?: ActionWrites | undefined;
  readonly ip: string;
  readonly log: readonly LogEntry[];
  readonly mail: readonly OutgoingMail[];
  /** Jobs for Actions that run after the commit. */
  readonly jobs?: readonly ActionJob[] | undefined;
  /** If the session's last line has this `key`, the login is only counted. `logId`: id of the line with the count. */
  readonly fold?: { readonly key: string; readonly logId: string } | undefined;
}

/** Fields that only the last commit point has. */
type Last = 'session' | 'code' | 'tellsOfLogout' | 'actions' | 'fold';

/**
 * The plan of a commit before Actions run (`membership_evaluation: before_actions`, Auth0's order). It has no session,
 * code or receipt: it admits nobody.
 */
export type EarlyCommitPlan = Omit<CommitPlan, Last> & { readonly [Name in Last]?: undefined };

export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly conflict: string };

export interface LoginCommit {
  /**
   * Applies the plan in one short transaction: locks and checks again the data that it relied on, then writes all of
   * it. `conflict` names the changed data. Throws {@link Fault} when the database failed; then nothing was written, or
   * everything was and the receipt shows it.
   */
  apply(plan: CommitPlan | EarlyCommitPlan): Promise<CommitOutcome>;
}
