/**
 * Port: the sessions and refresh tokens of people as an administrator sees and ends them. A refresh token is here the family of one login,
 * which no rotation changes; the tokens themselves, and the cookies of sessions, are secrets that this port does not have. Ended and expired
 * ones are not there.
 */
import type { Strategy } from '../../domain/tenant.js';
import type { Page, PageRequest } from './page.js';

export interface SessionRecord {
  readonly id: string;
  readonly userId: string;
  /** Of the connection that signed the person in. */
  readonly strategy: Strategy;
  readonly createdAt: Date;
  readonly authenticatedAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Those that Actions recorded. */
  readonly methods: readonly { readonly name: string; readonly timestamp: string }[];
  /** The applications that got codes or tokens of it. */
  readonly clientIds: readonly string[];
}

export interface RefreshTokenRecord {
  /** Of the family. */
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  readonly sessionId: string | undefined;
  readonly audience: string | undefined;
  readonly scope: string;
  readonly createdAt: Date;
  /** Undefined until it is exchanged for the first time, or where its application does not rotate tokens. */
  readonly lastExchangedAt: Date | undefined;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
  readonly isRotating: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SessionDirectory {
  list(userId: string, at: Date, page: PageRequest): Promise<Page<SessionRecord>>;
  find(sessionId: string, at: Date): Promise<SessionRecord | undefined>;
  /** Ends a session; its refresh tokens go on. Returns the user. */
  end(sessionId: string): Promise<string | undefined>;
  /** Ends a session with its codes and refresh tokens. Returns the user. */
  revoke(sessionId: string, at: Date): Promise<string | undefined>;
  /** Ends all sessions of a user; refresh tokens go on. */
  endAll(userId: string): Promise<void>;
  /** Replaces the metadata. Undefined when there is no such session. */
  setMetadata(sessionId: string, metadata: SessionRecord['metadata'], at: Date): Promise<SessionRecord | undefined>;

  /** Of one user, and of one application where `clientId` is there. */
  listTokens(
    of: { readonly userId: string; readonly clientId?: string | undefined },
    at: Date,
    page: PageRequest,
  ): Promise<Page<RefreshTokenRecord>>;
  findToken(familyId: string, at: Date): Promise<RefreshTokenRecord | undefined>;
  /** Returns the user. */
  revokeToken(familyId: string, at: Date): Promise<string | undefined>;
  /** Ends all refresh tokens of a user (for one application, for one API), and the codes that would become some. */
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
