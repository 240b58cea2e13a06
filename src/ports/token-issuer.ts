/**
 * Port: the cryptography of codes and tokens. Implemented by src/tokens. Only signs and opens; never decides who may
 * have a token, and never uses the database for that.
 */

import type { JsonObject } from '../domain/actions/action.js';
import type { EndedSession } from '../domain/logout-notice.js';
import type { UserProfile } from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';

/** The kinds of opaque strings. Each contains its user's id, encrypted, so that its row is found by user and hash. */
export type OpaqueKind = 'code' | 'refresh';

/** A new opaque string, and its hash for the store. */
export interface NewOpaque {
  /** The string for the application; never stored, never logged. */
  readonly value: string;
  /** SHA-256 of the string's random part. */
  readonly hash: Buffer;
}

/** The key by which the store finds the row of an opaque string. */
export interface OpaqueReference {
  readonly userId: string;
  readonly hash: Buffer;
}

export interface OpaqueTokens {
  /** Returns an authorization code for `userId`: `code` goes into the redirect, `codeHash` into the commit. */
  newCode(userId: string): { readonly code: string; readonly codeHash: Buffer };
  newRefreshToken(userId: string): NewOpaque;
  /**
   * Returns the key by which the row of a presented code or token is found; undefined for any text that this server did
   * not issue as that kind.
   */
  open(kind: OpaqueKind, value: string): OpaqueReference | undefined;
}

/** The user as ID tokens and /userinfo show them. */
export interface TokenUser {
  readonly userId: string;
  readonly email: Email | undefined;
  readonly emailVerified: boolean;
  readonly profile: UserProfile;
  readonly updatedAt: Date;
}

/** `org_id`, and `org_name` if the tenant allows names. */
export interface TokenOrganization {
  readonly id: string;
  readonly name: string | undefined;
}

export interface IdTokenRequest {
  readonly clientId: string;
  readonly user: TokenUser;
  /** Granted scopes, separated by spaces: `profile` and `email` decide which claims are included. */
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly sessionId: string | undefined;
  readonly authenticatedAt: Date;
  /** True if the person passed a second factor in this login: the token then has `amr` and `acr`. */
  readonly factorPassed: boolean;
  readonly organization: TokenOrganization | undefined;
  readonly lifetimeSeconds: number;
  /** Claims from Actions. They never replace a claim of the token. */
  readonly customClaims?: JsonObject;
}

/** The form of an access token: Auth0's own, or that of RFC 9068. */
export type TokenProfile = 'auth0' | 'rfc9068';

export interface AccessTokenRequest {
  readonly clientId: string;
  /** Undefined for a machine: the subject is then `<client id>@clients`. */
  readonly userId: string | undefined;
  /** The requested API; undefined for a token that is valid at /userinfo only. */
  readonly audience: string | undefined;
  readonly scope: string;
  readonly organization: TokenOrganization | undefined;
  readonly lifetimeSeconds: number;
  readonly profile: TokenProfile;
  /**
   * The session of the login, as claim `sid`. Present only for the My Account API and the MFA API, which look the session up; undefined
   * then leaves the claim out, whatever an Action adds.
   */
  readonly session?: { readonly id: string | undefined };
  /** The claim `permissions`; undefined leaves it out. */
  readonly permissions: readonly string[] | undefined;
  /** Claims from Actions. They never replace a claim of the token. */
  readonly customClaims?: JsonObject;
}

/** A verified access token of this server. */
export interface VerifiedAccessToken {
  readonly subject: string;
  /** The application that requested the token: its claim `azp`, or `client_id` in the form of RFC 9068. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly organizationId: string | undefined;
  readonly expiresAt: Date;
  readonly sessionId: string | undefined;
  /** True when the token belongs to a machine (`sub` is `<client id>@clients`), not to a person. */
  readonly isMachine: boolean;
}

/** A genuine ID token of this server, perhaps expired (a hint at logout). */
export interface VerifiedIdTokenHint {
  readonly userId: string;
  readonly clientId: string;
  readonly expiresAt: Date;
  readonly sessionId: string | undefined;
}

export interface AccessTokenVerifier {
  /**
   * Returns the content of one of this server's own access tokens when signature, issuer, audience and expiry are
   * valid; undefined otherwise, and always for an ID token. Never throws on any text from a client.
   */
  verifyAccessToken(token: string, audience: string): Promise<VerifiedAccessToken | undefined>;
}

/** Maximum number of characters of an access token that this server accepts, and therefore issues. */
export const MAX_ACCESS_TOKEN_CHARACTERS = 16_384;

/** A token whose content is final and whose signature is missing. */
export interface UnsignedToken {
  /** Length of the signed token. */
  readonly characters: number;
  /** Returns the signed token. */
  sign(): Promise<string>;
}

export interface TokenIssuer extends AccessTokenVerifier {
  /** Returns an access token that is not signed yet, so that the caller knows its length before anything is written. */
  prepareAccessToken(request: AccessTokenRequest): Promise<UnsignedToken>;
  /** Signs an ID token (OpenID Connect Core, section 2). */
  issueIdToken(request: IdTokenRequest): Promise<string>;
  issueAccessToken(request: AccessTokenRequest): Promise<string>;
  /** Signs a logout token, valid for two minutes (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
  issueLogoutToken(ended: EndedSession): Promise<string>;
  /** Returns claims about the user for `scope`: in /userinfo and in the ID token. */
  userClaims(user: TokenUser, scope: string): Readonly<Record<string, unknown>>;
  /** Returns the content of a genuine ID token, expired or not; undefined otherwise. */
  verifyIdTokenHint(token: string): Promise<VerifiedIdTokenHint | undefined>;
  /** Returns the key set of RFC 7517, without private parts. */
  publicKeys(): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>;
}
