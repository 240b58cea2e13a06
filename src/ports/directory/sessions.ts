/**
 * Port: the sessions and refresh tokens of people, for an administrator to list and revoke. A refresh token is here the
 * family of all tokens of one login, which no rotation changes. Lists neither revoked nor expired ones. The tokens and
 * session cookies themselves are secrets that this port does not have.
 */
import type { Strategy } from '../../domain/tenant.js';
import type { Page, PageRequest } from './page.js';

export interface SessionRecord {
  readonly id: string;
  readonly userId: string;
  /** The connection that signed the person in, and its strategy. */
  readonly connectionId: string;
  readonly strategy: Strategy;
  readonly createdAt: Date;
  readonly authenticatedAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Sign-in methods that Actions recorded, and the second factor (`mfa`) with its kind. */
  readonly methods: readonly { readonly name: string; readonly timestamp: string; readonly type?: string }[];
  /** The applications that got codes or tokens through this session. */
  readonly clientIds: readonly string[];
}

export interface RefreshTokenRecord {
  /** Id of the token's family. */
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  readonly sessionId: string | undefined;
  readonly audience: string | undefined;
  readonly scope: string;
  readonly createdAt: Date;
  /**
   * When the token was last exchanged. Undefined before the first exchange, and when its application does not rotate
   * tokens.
   */
  readonly lastExchangedAt: Date | undefined;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
  readonly isRotating: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SessionDirectory {
  list(userId: string, at: Date, page: PageRequest): Promise<Page<SessionRecord>>;
  find(sessionId: string, at: Date): Promise<SessionRecord | undefined>;
  /** Revokes a session; its refresh tokens stay. Returns the user's id. */
  end(sessionId: string): Promise<string | undefined>;
  /** Revokes a session with its codes and refresh tokens. Returns the user's id. */
  revoke(sessionId: string, at: Date): Promise<string | undefined>;
  /** Revokes all sessions of a user; refresh tokens stay. */
  endAll(userId: string): Promise<void>;
  /** Replaces the metadata. Undefined when there is no such session. */
  setMetadata(sessionId: string, metadata: SessionRecord['metadata'], at: Date): Promise<SessionRecord | undefined>;

  /** Lists the tokens of one user, and of one application if `clientId` is given. */
  listTokens(
    of: { readonly userId: string; readonly clientId?: string | undefined },
    at: Date,
    page: PageRequest,
  ): Promise<Page<RefreshTokenRecord>>;
  findToken(familyId: string, at: Date): Promise<RefreshTokenRecord | undefined>;
  /** Revokes a family of refresh tokens and returns the user's id. */
  revokeToken(familyId: string, at: Date): Promise<string | undefined>;
  /**
   * Revokes all refresh tokens of a user (for one application, for one API), and the unused codes that could be
   * exchanged for one.
   */
  revokeTokens(
    of: { readonly userId: string; readonly clientId?: string | undefined; readonly audience?: string | undefined },
    at: Date,
  ): Promise<void>;
  /** Replaces the metadata of a family. Undefined when there is no such token. */
  setTokenMetadata(
    familyId: string,
    metadata: RefreshTokenRecord['metadata'],
    at: Date,
  ): Promise<RefreshTokenRecord | undefined>;
}
