/** People: users, identities, members, invitations, sessions. Plain values and pure rules, no I/O. */
import type { PassedFactor } from '../factors/factor.js';
import type { Email } from './email.js';

export interface UserProfile {
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly nickname?: string;
  readonly picture?: string;
}

/**
 * The source that vouches for a stored address: a code or link that was mailed to it; the tenant's operator; an
 * organization that has proved its domain (the organization's id); or only an identity provider, whose word counts only
 * in its own login. An address without a voucher is not verified.
 */
export type Voucher = 'mail' | 'operator' | 'idp' | `org_${string}`;

/**
 * The source that vouches for a stored password. `mail`: its owner used a mailed code or link when they set it.
 * `operator`: a client that may set passwords did. A password without a voucher may be a stranger's: it is deleted as
 * soon as somebody proves the mailbox (docs/linking-rule.md, part 10).
 */
export type PasswordVoucher = 'mail' | 'operator';

/** A user, with the fields that a login needs. */
export interface Account {
  readonly userId: string;
  readonly email: Email | undefined;
  /** The value of `email_verified` that applications see. The login's rules use `Candidate.addressProved` instead. */
  readonly emailVerified: boolean;
  readonly blocked: boolean;
  readonly profile: UserProfile;
}

/** The stored password of an account at one database connection. */
export interface PasswordCredential {
  readonly connectionId: string;
  /**
   * argon2id (PHC string), or an imported hash: argon2, bcrypt ($2a$, $2b$, $2y$), or another one with argon2id over it
   * (`$wrapped$`).
   */
  readonly hash: string;
}

/** Stored instead of a hash when there is no password yet, or when it was deleted: no password matches it. */
export const ENDED_HASH = '!';

/** False for a deleted password, until its owner asks for a new one. */
export function isUsable(credential: PasswordCredential): boolean {
  return credential.hash !== ENDED_HASH;
}

/** Syntax of a subject: at most 255 ASCII characters (OpenID Connect Core, section 2), and no control characters. */
const SUBJECT = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * Checks that an ID token's subject is well-formed. Subjects are never trimmed or folded: two that differ in any way
 * are two people.
 */
export function isSubject(subject: unknown): subject is string {
  return typeof subject === 'string' && SUBJECT.test(subject);
}

/**
 * A person's session at their IdP: the data that a logout there must repeat, and by which the IdP revokes it (SAML
 * core, section 3.7). Stored with the session here, and deleted with it.
 */
export interface IdpSession {
  /** The NameID exactly as the IdP sent it. */
  readonly name: string;
  readonly format?: string;
  readonly nameQualifier?: string;
  readonly spNameQualifier?: string;
  /** The SessionIndex, if the IdP sent one. */
  readonly index?: string;
  /** When the IdP issued the assertion, by its own clock; milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** An identity that an IdP proved. It is (connection, issuer, subject); everything else is a hint. */
export interface ExternalIdentity {
  readonly connectionId: string;
  readonly issuer: string;
  readonly subject: string;
  /** The address as the IdP sent it, not parsed yet: the step that uses it parses it. */
  readonly email: string | undefined;
  /** True only when the IdP sent the boolean `true` in the same signed token (docs/linking-rule.md, part 4). */
  readonly emailVerified: boolean;
  readonly profile: UserProfile;
  /** All claims of the verified ID token, for conditions and for the profile data of the identity. */
  readonly claims: Readonly<Record<string, unknown>>;
  /**
   * Names of claims that were dropped to fit into the login's cookie: a missing claim then proves nothing. Never empty.
   */
  readonly claimsCut?: readonly string[];
  /** When the person signed in at the IdP, in seconds since the epoch; absent if the IdP did not say (`auth_time`). */
  readonly signedInAtSeconds?: number;
  /** Absent when the IdP offers no single logout. */
  readonly idpSession?: IdpSession;
}

export interface Membership {
  readonly organizationId: string;
  readonly userId: string;
  readonly breakGlass: boolean;
  /**
   * True when the person has given a password or a code of this account in a login into this organization
   * (docs/linking-rule.md, part 7).
   */
  readonly usedBefore: boolean;
}

export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  readonly clientId: string;
  readonly connectionId: string | undefined;
  readonly inviterName: string;
  /** The member who invited by the My Organization API; undefined for an operator's or a program's invitation. */
  readonly invitedBy: string | undefined;
  readonly inviteeEmail: Email;
  readonly roles: readonly string[];
  readonly expiresAt: Date;
  readonly consumedAt: Date | undefined;
  readonly appMetadata: Readonly<Record<string, unknown>> | undefined;
  readonly userMetadata: Readonly<Record<string, unknown>> | undefined;
}

/** True while an invitation can be accepted. */
export function isLive(invitation: Pick<Invitation, 'consumedAt' | 'expiresAt'>, now: Date): boolean {
  return invitation.consumedAt === undefined && invitation.expiresAt.getTime() > now.getTime();
}

export interface BrowserSession {
  readonly userId: string;
  /**
   * Public id of the session (`sid` claim). Its secret is in the browser's cookie, and the secret's hash in the
   * database.
   */
  readonly sessionId: string;
  readonly connectionId: string;
  readonly authenticatedAt: Date;
  readonly idpSession?: IdpSession;
  /** The second factor that the person passed in this session; absent if none. */
  readonly factor?: PassedFactor;
}
