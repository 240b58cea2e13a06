/**
 * Port: what the login pipeline reads, and the one write it ends with. The two halves are separate interfaces on purpose:
 * steps 1 to 5 are given {@link LoginReads}, which has no method that writes; only 6-commit.ts is given {@link LoginCommit}.
 * Contract: test/conformance/login-store-contract.ts.
 */
import type {
  Account,
  BrowserSession,
  Invitation,
  Membership,
  PasswordCredential,
  UserProfile,
  Voucher,
} from '../domain/account.js';
import type { JsonObject, TokenWishes } from '../domain/action.js';
import type { Email } from '../domain/email.js';
import type { Client, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { ActionGround, ActionGroundQuery } from './action-ground.js';
import type { ActionJob } from './action-jobs.js';
import type { LogEntry } from './ledger.js';
import type { OutgoingMail } from './mailer.js';

/** Everything about the application and the organization that a login needs, in one read. */
export interface LoginTarget {
  readonly tenant: Tenant;
  readonly client: Client;
  /** The organization asked for, if it exists. */
  readonly organization: Organization | undefined;
  /**
   * With an organization: the connections it enabled. Without one: those enabled for the client, as enablements without
   * auto-membership, linking or proved domains; and the query's `homeRealm`.
   */
  readonly connections: readonly OrganizationConnection[];
  /** The invitation of the ticket, if it belongs to that organization (consumed and expired ones included). */
  readonly invitation: Invitation | undefined;
  /** The API asked for exists (true when none was asked for). */
  readonly audienceKnown: boolean;
}

export interface TargetQuery {
  readonly clientId: string;
  /** An id (`org_…`) or a name; the caller has checked which of the two is allowed. */
  readonly organization?: string;
  /** The ticket as it came in the URL. */
  readonly invitationTicket?: string;
  /** The API that an access token is wanted for. */
  readonly audience?: string;
  /** Id of a connection that counts as well where no organization is named, as long as some organization enabled it. */
  readonly homeRealm?: string;
}

/** An account beside what resolve and admit have to know of it. */
export interface Candidate {
  readonly account: Account;
  /** Membership in the organization of this login. */
  readonly membership: Membership | undefined;
  /** How many other organizations the account belongs to. */
  readonly otherOrganizations: number;
  readonly hasPassword: boolean;
  /** Somebody whose word counts in this organization has vouched for the account's own address (linking rule, part 9). */
  readonly addressProved: boolean;
  /** The connection of the account's main identity: the one that brought the account. */
  readonly mainConnectionId: string | undefined;
  /** The subject of this connection that the account is bound to already, and the issuer that named it. */
  readonly boundSubject: string | undefined;
  readonly boundIssuer: string | undefined;
}

export interface CandidateQuery {
  readonly connectionId: string;
  /** How ids of this connection's people begin: strategy and name. */
  readonly idPrefix: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: Email | undefined;
  readonly organizationId: string | undefined;
}

export interface Candidates {
  /** The account to which (connection, issuer, subject) is bound: it alone decides, and of the rest only invitations and domain are read. */
  readonly bound: Candidate | undefined;
  /** An account for which the tenant's operator pre-provisioned exactly this subject, or this address, at this connection. */
  readonly expected:
    | { readonly candidate: Candidate; readonly identityId: string; readonly by: 'subject' | 'email' }
    | undefined;
  /** All accounts with that address, at most 20. */
  readonly byEmail: readonly Candidate[];
  /** Invitations of this organization for that address that nobody has used, the newest first; some may have expired. */
  readonly invitations: readonly Invitation[];
  /** Another organization has proved the address's domain. */
  readonly domainProvedElsewhere: boolean;
  /** This subject of the connection is bound to somebody, or expected, as named by this other issuer. */
  readonly formerIssuer: string | undefined;
  /** The account that this very subject opened, though it is not bound to it any more: an operator expects its person otherwise. */
  readonly formerAccount: string | undefined;
  /** How the id of a new account begins; undefined where nobody new can be opened (`bound`). */
  readonly userIdPrefix: UserIdPrefix | undefined;
}

/**
 * What stands before the subject in the id of an account that an identity provider brings: strategy and name of the connection, and a
 * number where these were given to the people of another connection or issuer before. Never given twice: an application may have
 * seen the ids, and the same id must not come to mean somebody else.
 */
export interface UserIdPrefix {
  readonly text: string;
  /** It belongs to this connection and issuer already; else the commit that uses it first writes it down. */
  readonly known: boolean;
}

export interface LoginReads {
  /** Name and settings of the place, for what belongs to no login. */
  findTenant(): Promise<Tenant>;
  /** The client and what belongs to it, or undefined for an unknown client. One round trip. */
  findTarget(query: TargetQuery): Promise<LoginTarget | undefined>;
  /** An organization and its connections without any client: for `explain`. */
  findEnablements(
    organizationId: string,
  ): Promise<
    { tenant: Tenant; organization: Organization; connections: readonly OrganizationConnection[] } | undefined
  >;
  /** Everything the linking and admission rules need about an external identity. One round trip. */
  findCandidates(query: CandidateQuery): Promise<Candidates>;
  /** One account with its standing in the organization, and its invitations there that nobody has used. */
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
  /** What an Action's event tells of a login. One round trip. */
  findActionGround(query: ActionGroundQuery): Promise<ActionGround>;
  /** A live session with its account; undefined when it ended, expired, or the account is blocked. */
  findSession(query: { userId: string; sessionHash: Buffer; now: Date }): Promise<BrowserSession | undefined>;
  /** Organizations the user belongs to that `connectionId` may enter, by title; at most 100. */
  listEnterableOrganizations(query: { userId: string; connectionId: string }): Promise<readonly Organization[]>;
  /** For who belongs to none of them yet: the organizations that enabled a connection, as far as they may know him. */
  listLikelyOrganizations(query: LikelyQuery): Promise<LikelyOrganizations>;
  /**
   * Companies' connections that list `domain` among their aliases and that some organization enabled, as enablements without one. Where
   * an organization has proved the domain, only its own. At most two: with two it cannot be told whose an address is.
   */
  findHomeRealms(domain: string): Promise<readonly OrganizationConnection[]>;
  /** Organizations whose verified discovery domain is `domain`. */
  findOrganizationsByDomain(domain: string): Promise<readonly Organization[]>;
  findOrganization(idOrName: string): Promise<Organization | undefined>;
}

export interface LikelyQuery {
  readonly connectionId: string;
  /** Of an external identity. */
  readonly subject: string | undefined;
  readonly email: Email | undefined;
}

export interface LikelyOrganizations {
  /**
   * Ids of those where a member, an invitation or a pre-provisioned identity fits, or that have auto-membership; blocked ones are left
   * out. At most 20, whom the person is known to first.
   */
  readonly candidates: readonly string[];
  /** How many have auto-membership for the connection. */
  readonly autoMemberships: number;
  /** The id of the organization that enabled the connection, where it is a single one. */
  readonly onlyOne: string | undefined;
}

/** Names to set, then names to take away. */
export interface MetadataPatch {
  readonly set: JsonObject;
  readonly remove: readonly string[];
}

/** Written with the login or not at all. */
export interface ActionWrites {
  /** For an account that existed; a new user's are in `newUser`. */
  readonly userMetadata: MetadataPatch;
  readonly appMetadata: MetadataPatch;
  readonly sessionMetadata: MetadataPatch;
  /** What the session remembers as done. */
  readonly sessionMethods?: readonly { readonly name: string; readonly timestamp: Date }[];
  /** The session ends at the latest then, in use or not. */
  readonly sessionExpiresAt: Date | undefined;
  readonly sessionIdleExpiresAt: Date | undefined;
  /** Kept with the code, for the tokens. */
  readonly tokens: TokenWishes | undefined;
}

/**
 * What the commit writes. Immutable, built by the pipeline, applied whole or not at all. Every field named `rely…` is
 * ground the decision stood on: the commit re-reads it under lock and conflicts when it moved.
 */
export interface CommitPlan {
  readonly at: Date;
  /** One-time id of the browser transaction; a second commit that lets in with it conflicts. */
  readonly transactionId: string;
  readonly clientId: string;
  readonly organizationId: string | undefined;
  readonly connectionId: string;
  readonly relyFingerprint: string;
  /** A company's connection brought the person in without an organization: then no organization has enabled it (linking rule, part 8). */
  readonly relyUnserved: boolean;
  /** The domains that the decision took as proved by the organization (empty when it did not lean on any). */
  readonly relyProvedDomains: readonly string[];
  /** A domain of which the decision took it that no other organization has proved it. */
  readonly relyUnclaimedDomain: string | undefined;
  /** For an existing account: it exists, is not blocked, and these still hold. */
  readonly relyAccount:
    | undefined
    | {
        readonly email: Email | undefined;
        /** Somebody whose word counts here had vouched for the address. */
        readonly addressProved: boolean;
        /** Membership in the organization before this login. */
        readonly member: boolean;
        readonly breakGlass: boolean;
        /** Membership in other organizations, when the silent binding leaned on there being none. */
        readonly noOtherOrganizations: boolean;
        /** The password hash that was verified, when one was: a change in between conflicts. */
        readonly passwordHash?: string;
      };
  readonly userId: string;
  /** A user to create. */
  readonly newUser:
    | undefined
    | {
        readonly email: Email | undefined;
        readonly emailVouchedBy: Voucher | undefined;
        /** The beginning of its id, for this connection and issuer, where that is not written down yet. */
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
        /** Who vouched for the address in the IdP's answer: all that is left of it when the identity is unlinked. */
        readonly emailVouchedBy: Voucher | undefined;
        /** The rule that allowed it, and what it saw: logged with the binding, so that it can be undone exactly. */
        readonly rule: string;
        readonly evidence: Readonly<Record<string, unknown>>;
        /** A pre-provisioned identity that this one takes the place of; when it is gone, the operator took his word back. */
        readonly replacesExpected: string | undefined;
        /** End what began before the binding: sessions, pending resets (an attacker may have opened the account first). */
        readonly revokeOlder: boolean;
        /** End the stored password as well: nobody has shown that it is this person's. The row stays, so that he can ask for a new one. */
        readonly endPassword: boolean;
      };
  /**
   * The identity row (already bound) by which the person came in: it must still be bound, and this login refreshes its
   * profile data. Where it is the user's first identity, the
   * user's own profile follows the IdP too, the address only if it is vouched for.
   */
  readonly refreshIdentity:
    | undefined
    | {
        readonly connectionId: string;
        readonly subject: string;
        readonly data: Readonly<Record<string, unknown>>;
        readonly profile: UserProfile;
        readonly vouchedEmail: Email | undefined;
        readonly emailVouchedBy: Voucher | undefined;
      };
  /** A password to store: sign-up by invitation, or an imported hash replaced by argon2id. */
  readonly password: undefined | { readonly connectionId: string; readonly email: Email; readonly hash: string };
  /** By whom the address of an existing account has been vouched for in this login (code by mail, accepted invitation, domain). */
  readonly vouchForEmail: Voucher | undefined;
  /** The person showed a credential of this account there and then, so the membership counts as used from now on. */
  readonly usesMembership: boolean;
  /** A membership to create, or roles to add to an existing one. */
  readonly membership:
    | undefined
    | { readonly via: 'invited' | 'auto' | 'action'; readonly create: boolean; readonly roles: readonly string[] };
  readonly consumeInvitationId: string | undefined;
  /** The session: a new one, or an existing one of the same browser that is used again. */
  readonly session:
    | {
        readonly kind: 'new';
        readonly sessionId: string;
        readonly sessionHash: Buffer;
        readonly authenticatedAt: Date;
        readonly expiresAt: Date;
        readonly replaces: { readonly userId: string; readonly sessionHash: Buffer } | undefined;
      }
    | { readonly kind: 'existing'; readonly sessionId: string; readonly sessionHash: Buffer };
  readonly code: {
    readonly codeHash: Buffer;
    readonly redirectUri: string;
    /** The application named it, so it has to name it again when it redeems the code (RFC 6749 section 4.1.3). */
    readonly redirectUriSent: boolean;
    readonly scope: string;
    readonly audience: string | undefined;
    readonly nonce: string | undefined;
    readonly codeChallenge: string | undefined;
    readonly authenticatedAt: Date;
    readonly expiresAt: Date;
    readonly familyId: string;
  };
  /** What the tenant's Actions asked to be written; undefined when none asked for anything. */
  readonly actions?: ActionWrites | undefined;
  readonly ip: string;
  readonly log: readonly LogEntry[];
  readonly mail: readonly OutgoingMail[];
  /** Work for Actions that follows what is written. */
  readonly jobs?: readonly ActionJob[] | undefined;
}

/**
 * The earlier commit point of `membership_evaluation: before_actions` (Auth0's order): user, identity, membership, invitation.
 * No session, no code, no receipt: nobody is let in by it.
 */
export type EarlyCommitPlan = Omit<CommitPlan, 'session' | 'code' | 'actions'> & {
  readonly session?: undefined;
  readonly code?: undefined;
  readonly actions?: undefined;
};

export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly conflict: string };

export interface LoginCommit {
  /**
   * One short transaction: locks and re-checks what `plan` relied on, then writes all of it. `conflict` names what moved.
   * Throws {@link Fault} when the database failed; then nothing is written, or everything was and the receipt tells.
   */
  apply(plan: CommitPlan | EarlyCommitPlan): Promise<CommitOutcome>;
}
