/**
 * Port: the reads of the login pipeline, and its one write at the end. These are two interfaces on purpose: steps 1 to 5 get
 * {@link LoginReads}, which has no method that writes; only 6-commit.ts gets {@link LoginCommit}. Contract:
 * test/conformance/login-store-contract.ts.
 */

import type { JsonObject, TokenWishes } from '../domain/actions/action.js';
import type {
  Account,
  BrowserSession,
  IdpSession,
  Invitation,
  Membership,
  PasswordCredential,
  UserProfile,
  Voucher,
} from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';
import type { Client, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { ActionGround, ActionGroundQuery } from './action-ground.js';
import type { ActionJob } from './action-jobs.js';
import type { LogEntry } from './ledger.js';
import type { LikelyOrganizations, LikelyQuery } from './likely-organizations.js';
import type { OutgoingMail } from './mailer.js';
import type { PasswordWrites } from './password-writes.js';

export type { LikelyOrganizations, LikelyQuery };

/** Everything about the application and the organization that a login needs, in one read. */
export interface LoginTarget {
  readonly tenant: Tenant;
  readonly client: Client;
  /** The requested organization, if it exists. */
  readonly organization: Organization | undefined;
  /**
   * With an organization: the connections it enabled. Without one: those enabled for the client, as enablements without auto-membership,
   * linking or proved domains; and the connection of the query's `homeRealm`.
   */
  readonly connections: readonly OrganizationConnection[];
  /** The invitation of the ticket, if it belongs to that organization (consumed and expired ones included). */
  readonly invitation: Invitation | undefined;
  /** The requested API exists (true when none was requested). */
  readonly audienceKnown: boolean;
  /** The reason for which the application gets no token of people for that API; absent where it may. */
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
  /** Id of a connection that is included as well where no organization is named, as long as some organization enabled it. */
  readonly homeRealm?: string;
}

/** An account with the data that resolve and admit need. */
export interface Candidate {
  readonly account: Account;
  /** Membership in the organization of this login. */
  readonly membership: Membership | undefined;
  /** Number of other organizations that the account belongs to. */
  readonly otherOrganizations: number;
  readonly hasPassword: boolean;
  /** Somebody who may vouch in this organization has vouched for the account's own address (linking rule, part 9). */
  readonly addressProved: boolean;
  /** The connection of the account's main identity: the one that created the account. */
  readonly mainConnectionId: string | undefined;
  /** The subject of this connection to which the account is bound already, and its issuer. */
  readonly boundSubject: string | undefined;
  readonly boundIssuer: string | undefined;
  /** The subject that an operator or SCIM expects here; the account is bound to no other. Read for accounts found by their address. */
  readonly awaitedSubject: string | undefined;
  /** The issuer of the awaited subject, where the connection has another one by now. */
  readonly awaitedOfIssuer: string | undefined;
}

export interface CandidateQuery {
  readonly connectionId: string;
  /** The beginning of the ids of this connection's people: strategy and name. */
  readonly idPrefix: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: Email | undefined;
  readonly organizationId: string | undefined;
  /** Whether the groups of the company's directory are read: only where a condition of the organization asks for them. */
  readonly scimGroups?: 'read';
}

export interface Candidates {
  /** The account to which (connection, issuer, subject) is bound. If there is one, only invitations and domain are read beside it. */
  readonly bound: Candidate | undefined;
  /** An account for which the tenant's operator pre-provisioned exactly this subject, or this address, at this connection. */
  readonly expected:
    | { readonly candidate: Candidate; readonly identityId: string; readonly by: 'subject' | 'email' }
    | undefined;
  /** All accounts with that address, at most 20. */
  readonly byEmail: readonly Candidate[];
  /** Unused invitations of this organization for that address, the newest first; some may have expired. */
  readonly invitations: readonly Invitation[];
  /** Another organization has proved the address's domain. */
  readonly domainProvedElsewhere: boolean;
  /** This subject of the connection is bound or expected under this other issuer. */
  readonly formerIssuer: string | undefined;
  /** The account that this subject opened and is not bound to any more: it is pre-provisioned for another identity now. */
  readonly formerAccount: string | undefined;
  /** The account that this subject was bound to until an operator moved the seat to another one. */
  readonly movedFrom: string | undefined;
  /** The beginning of a new account's id; undefined where no account can be opened (`bound`). */
  readonly userIdPrefix: UserIdPrefix | undefined;
  /** Names of the groups into which the company's directory put the person; undefined where they were not asked for. */
  readonly scimGroups?: readonly string[] | undefined;
}

/**
 * The part before the subject in the id of an account that an identity provider creates: strategy and name of the connection, and a number
 * if people of another connection or issuer had the same before. Never assigned twice: an application may know the ids, and an id must not
 * come to mean another person.
 */
export interface UserIdPrefix {
  readonly text: string;
  /** It belongs to this connection and issuer already; otherwise the first commit with it stores it. */
  readonly known: boolean;
}

export interface LoginReads {
  /** Name and settings of the tenant, for pages outside of a login. */
  findTenant(): Promise<Tenant>;
  /** The client and its data, or undefined for an unknown client. One round trip. */
  findTarget(query: TargetQuery): Promise<LoginTarget | undefined>;
  /** An organization and its connections without any client: for `explain`. */
  findEnablements(
    organizationId: string,
  ): Promise<
    { tenant: Tenant; organization: Organization; connections: readonly OrganizationConnection[] } | undefined
  >;
  /** Everything the linking and admission rules need about an external identity. One round trip. */
  findCandidates(query: CandidateQuery): Promise<Candidates>;
  /** One account with its membership in the organization, and its unused invitations there. */
  findAccount(query: { userId: string; organizationId: string | undefined; connectionId: string }): Promise<
    | {
        readonly candidate: Candidate;
        readonly invitations: readonly Invitation[];
        /** Another organization has proved the domain of the account's address. */
        readonly domainProvedElsewhere: boolean;
      }
    | undefined
  >;
  /** The account with a password at one of these connections under this address. */
  findPasswordAccount(query: {
    connectionIds: readonly string[];
    email: Email;
  }): Promise<{ account: Account; credential: PasswordCredential } | undefined>;
  /** The stored password of an account: at one database connection, or at any when none is named. */
  findCredential(query: { userId: string; connectionId?: string }): Promise<PasswordCredential | undefined>;
  /** The stored data for an Action's event. One round trip. */
  findActionGround(query: ActionGroundQuery): Promise<ActionGround>;
  /** A live session with its account; undefined when it ended, expired, or the account is blocked. */
  findSession(query: { userId: string; sessionHash: Buffer; now: Date }): Promise<BrowserSession | undefined>;
  /** The user's organizations that `connectionId` may enter, by title; at most 100. */
  listEnterableOrganizations(query: { userId: string; connectionId: string }): Promise<readonly Organization[]>;
  /** For a person who belongs to none of them yet: organizations that enabled the connection and may know the person. */
  listLikelyOrganizations(query: LikelyQuery): Promise<LikelyOrganizations>;
  /**
   * Companies' connections that list `domain` among their aliases and that some organization enabled, as enablements without one. If an
   * organization has proved the domain, only its own. At most two: with two, the address does not tell which.
   */
  findHomeRealms(domain: string): Promise<readonly OrganizationConnection[]>;
  /** Organizations whose verified discovery domain is `domain`. */
  findOrganizationsByDomain(domain: string): Promise<readonly Organization[]>;
  findOrganization(idOrName: string): Promise<Organization | undefined>;
}

/** Names to set, then names to remove. */
export interface MetadataPatch {
  readonly set: JsonObject;
  readonly remove: readonly string[];
}

/** Writes for Actions, in the same transaction as the login. */
export interface ActionWrites {
  /** For an existing account; a new user's metadata are in `newUser`. */
  readonly userMetadata: MetadataPatch;
  readonly appMetadata: MetadataPatch;
  readonly sessionMetadata: MetadataPatch;
  /** Methods that the session records. */
  readonly sessionMethods?: readonly { readonly name: string; readonly timestamp: Date }[];
  /** The session ends at this time at the latest, in use or not. */
  readonly sessionExpiresAt: Date | undefined;
  readonly sessionIdleExpiresAt: Date | undefined;
  /** Stored with the code, for the tokens. */
  readonly tokens: TokenWishes | undefined;
}

/**
 * The writes of the commit. Immutable, built by the pipeline, applied as a whole or not at all. The decision relied on every field named
 * `rely…`: the commit re-reads these under lock and conflicts when one has changed.
 */
export interface CommitPlan extends PasswordWrites {
  readonly at: Date;
  /** One-time id of the browser transaction; a second commit that admits with the same id conflicts. */
  readonly transactionId: string;
  readonly clientId: string;
  readonly organizationId: string | undefined;
  readonly connectionId: string;
  readonly relyFingerprint: string;
  /** A company's connection was used without an organization: so it may serve no organization, and not have served one (linking rule, part 8). */
  readonly relyUnserved: boolean;
  /** The domains that the decision took as proved by the organization (empty when it relied on none). */
  readonly relyProvedDomains: readonly string[];
  /** A domain that the decision took as not proved by any other organization. */
  readonly relyUnclaimedDomain: string | undefined;
  /** Auto-membership looked at the person's groups in the company's directory, and these were all of them. */
  readonly relyScimGroups?:
    | undefined
    | { readonly issuer: string; readonly subject: string; readonly names: readonly string[] };
  /** For an existing account: it exists, is not blocked, and these still hold. */
  readonly relyAccount:
    | undefined
    | {
        readonly email: Email | undefined;
        /** Somebody who may vouch here had vouched for the address. */
        readonly addressProved: boolean;
        /** Membership in the organization before this login. */
        readonly member: boolean;
        readonly breakGlass: boolean;
        /** The silent binding relied on the account having no other organizations. */
        readonly noOtherOrganizations: boolean;
        /** The verified password hash, if one was verified: a change in between conflicts. */
        readonly passwordHash?: string;
      };
  readonly userId: string;
  /** A user to create. */
  readonly newUser:
    | undefined
    | {
        readonly email: Email | undefined;
        readonly emailVouchedBy: Voucher | undefined;
        /** The beginning of its id, for this connection and issuer, if it is not stored yet. */
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
        /** The voucher for the address in the IdP's answer: only this is kept of it when the identity is unlinked. */
        readonly emailVouchedBy: Voucher | undefined;
        /** The rule that allowed it, and the rule's evidence: logged with the binding, so that it can be undone exactly. */
        readonly rule: string;
        readonly evidence: Readonly<Record<string, unknown>>;
        /** A pre-provisioned identity that this one replaces; if it is gone at the commit, the operator has withdrawn it. */
        readonly replacesExpected: string | undefined;
        /** End sessions and pending resets from before the binding (an attacker may have opened the account first). */
        readonly revokeOlder: boolean;
      };
  /**
   * The bound identity of this login: it must still be bound, and the login refreshes its profile data. If it is the user's first identity,
   * the user's own profile follows the IdP too, the address only if it is vouched for.
   */
  readonly refreshIdentity:
    | undefined
    | {
        readonly connectionId: string;
        readonly subject: string;
        readonly data: Readonly<Record<string, unknown>>;
        readonly profile: UserProfile;
        readonly vouchedEmail: Email | undefined;
        /** `as_before`: who vouched for the address of the identity stays, as long as the data has the same one. */
        readonly emailVouchedBy: Voucher | undefined | 'as_before';
      };
  /** The voucher for an existing account's address in this login (code by mail, accepted invitation, domain). */
  readonly vouchForEmail: Voucher | undefined;
  /** Part 9: the address for which the organization alone vouches, as its application delivered the link of the invitation. */
  readonly vouchedHere?: Email | undefined;
  /** The person showed a credential of this account in this login, so the membership counts as used from now on. */
  readonly usesMembership: boolean;
  /** A membership to create, or roles to add to an existing one. */
  readonly membership:
    | undefined
    | { readonly via: 'invited' | 'auto' | 'action'; readonly create: boolean; readonly roles: readonly string[] };
  readonly consumeInvitationId: string | undefined;
  /** The session: a new one, or the browser's existing one. */
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
    /** The application sent it, so it must send it again when it redeems the code (RFC 6749 section 4.1.3). */
    readonly redirectUriSent: boolean;
    readonly scope: string;
    readonly audience: string | undefined;
    readonly nonce: string | undefined;
    readonly codeChallenge: string | undefined;
    readonly authenticatedAt: Date;
    readonly expiresAt: Date;
    readonly familyId: string;
  };
  /** Writes that the tenant's Actions asked for; undefined when there are none. */
  readonly actions?: ActionWrites | undefined;
  readonly ip: string;
  readonly log: readonly LogEntry[];
  readonly mail: readonly OutgoingMail[];
  /** Jobs for Actions that run after the commit. */
  readonly jobs?: readonly ActionJob[] | undefined;
  /** Changes nothing: counted instead of logged where the session's last line has the same `key`; `logId` is for the line that tells a count. */
  readonly fold?: { readonly key: string; readonly logId: string } | undefined;
}

/**
 * The earlier commit point of `membership_evaluation: before_actions` (Auth0's order): user, identity, membership, invitation. No session,
 * no code, no receipt: it admits nobody.
 */
export type EarlyCommitPlan = Omit<CommitPlan, 'session' | 'code' | 'actions' | 'fold'> & {
  readonly session?: undefined;
  readonly code?: undefined;
  readonly actions?: undefined;
  readonly fold?: undefined;
};

export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly conflict: string };

export interface LoginCommit {
  /**
   * One short transaction: locks and re-checks the data that `plan` relied on, then writes all of it. `conflict` names the data that
   * changed. Throws {@link Fault} when the database failed; then nothing was written, or everything was and the receipt shows it.
   */
  apply(plan: CommitPlan | EarlyCommitPlan): Promise<CommitOutcome>;
}
