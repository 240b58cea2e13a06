/**
 * Port: everything that is cryptographic about codes and tokens. Implemented by src/tokens. Signs and opens what it is
 * given; decides nothing about who may have a token and never touches the database on the way.
 */
import type { UserProfile } from '../domain/account.js';
import type { JsonObject } from '../domain/action.js';
import type { Email } from '../domain/email.js';

/** The two opaque strings that carry their owner sealed inside, so that a lookup is by (user, hash). */
export type OpaqueKind = 'code' | 'refresh';

/** A freshly drawn string and what is stored instead of it. */
export interface NewOpaque {
  /** What the application gets; never stored, never logged. */
  readonly value: string;
  /** SHA-256 of its random part. */
  readonly hash: Buffer;
}

/** Where an opaque string says its row is. */
export interface OpaqueReference {
  readonly userId: string;
  readonly hash: Buffer;
}

export interface OpaqueTokens {
  /** An authorization code for `userId`: `code` goes into the redirect, `codeHash` into the commit. */
  newCode(userId: string): { readonly code: string; readonly codeHash: Buffer };
  newRefreshToken(userId: string): NewOpaque;
  /** Where the row of a presented string is; undefined for anything that this server did not seal as that kind. */
  open(kind: OpaqueKind, value: string): OpaqueReference | undefined;
}

/** The user as tokens and /userinfo show him. */
export interface TokenUser {
  readonly userId: string;
  readonly email: Email | undefined;
  readonly emailVerified: boolean;
  readonly profile: UserProfile;
  readonly updatedAt: Date;
}

/** `org_id`, and `org_name` where the tenant allows names. */
export interface TokenOrganization {
  readonly id: string;
  readonly name: string | undefined;
}

export interface IdTokenRequest {
  readonly clientId: string;
  readonly user: TokenUser;
  /** Granted scopes, separated by spaces: `profile` and `email` decide which claims are in. */
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly sessionId: string | undefined;
  readonly authenticatedAt: Date;
  readonly organization: TokenOrganization | undefined;
  readonly lifetimeSeconds: number;
  /** What Actions add. A name that the token has anyway stays as it is. */
  readonly customClaims?: JsonObject;
}

export interface AccessTokenRequest {
  readonly clientId: string;
  /** Undefined for a machine: the subject is then `<client id>@clients`. */
  readonly userId: string | undefined;
  /** The API asked for; undefined means /userinfo alone. */
  readonly audience: string | undefined;
  readonly scope: string;
  readonly organization: TokenOrganization | undefined;
  readonly lifetimeSeconds: number;
  /** What Actions add. A name that the token has anyway stays as it is. */
  readonly customClaims?: JsonObject;
}

/** A verified access token of this server. */
export interface VerifiedAccessToken {
  readonly subject: string;
  /** The application that asked for it (`azp`). */
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly organizationId: string | undefined;
  /** It belongs to a machine (`gty` = client-credentials), not to a person. */
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
   * The content of one of this server's own access tokens when signature, issuer, audience and expiry hold; undefined
   * otherwise, and always for an ID token. Never throws on what a client may send.
   */
  verifyAccessToken(token: string, audience: string): Promise<VerifiedAccessToken | undefined>;
}

export interface TokenIssuer extends AccessTokenVerifier {
  /** A signed ID token (OpenID Connect Core, section 2). */
  issueIdToken(request: IdTokenRequest): Promise<string>;
  /** A signed access token. */
  issueAccessToken(request: AccessTokenRequest): Promise<string>;
  /** Claims about the user that `scope` opens: for /userinfo; the ID token holds the same. */
  userClaims(user: TokenUser, scope: string): Readonly<Record<string, unknown>>;
  /** The content of a genuine ID token, expired or not; undefined for everything else. */
  verifyIdTokenHint(token: string): Promise<VerifiedIdTokenHint | undefined>;
  /** The key set as RFC 7517 has it, without private parts. */
  publicKeys(): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>;
}
