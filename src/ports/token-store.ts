/**
 * Port: what the token endpoint, /userinfo and the logouts read and write. One read per request joins everything that a
 * decision needs, one write makes it true and is conditional on what was read. Rows are found by user first.
 */
import type { JsonObject, TokenWishes } from '../domain/action.js';
import type { Client, OrganizationUsage, Tenant } from '../domain/tenant.js';
import type { LogEntry } from './ledger.js';
import type { MetadataPatch } from './login-store.js';
import type { OpaqueReference, TokenUser } from './token-issuer.js';

/** A client as the token endpoint sees it. */
export interface TokenClient
  extends Pick<
    Client,
    | 'clientId'
    | 'name'
    | 'tokenEndpointAuthMethod'
    | 'grantTypes'
    | 'callbacks'
    | 'webOrigins'
    | 'idTokenLifetimeSeconds'
    | 'refreshRotating'
    | 'refreshLeewaySeconds'
    | 'refreshLifetimeSeconds'
    | 'refreshIdleLifetimeSeconds'
  > {
  /** In the clear, read anew for each request, so that a rotated secret ends at once. Never logged. */
  readonly secret: string | undefined;
}

/** An organization as tokens name it. */
export interface GrantOrganization {
  readonly id: string;
  readonly name: string;
  readonly blocked: boolean;
}

/** An API ("resource server") as far as tokens for it go. */
export interface GrantApi {
  /** The scopes that the API is registered with. */
  readonly scopes: readonly string[];
  readonly tokenLifetimeSeconds: number;
  readonly allowOfflineAccess: boolean;
}

/** What a login granted, and how its person stands now. */
export interface LoginGrant {
  readonly clientId: string;
  readonly familyId: string;
  readonly connectionId: string;
  readonly sessionId: string | undefined;
  readonly scope: string;
  readonly audience: string | undefined;
  readonly authenticatedAt: Date;
  readonly expiresAt: Date;
  readonly user: TokenUser;
  readonly userBlocked: boolean;
  /** The organization of the login; undefined for a login without one. */
  readonly organization: GrantOrganization | undefined;
  readonly isMember: boolean;
  /** Enabled for the organization, or for the client when there is no organization. */
  readonly connectionEnabled: boolean;
  /** The user still has an identity at the enterprise connection he came through; true for a password. */
  readonly identityBound: boolean;
  /** There is an organization, or none is needed: a password, or an account of a connection's own that no organization enabled. */
  readonly mayLackOrganization: boolean;
  /** A password opened it, and the organization requires its own sign-in by now. */
  readonly ssoRequired: boolean;
  /** The API of `audience`; undefined when it was deleted or none was asked for. */
  readonly api: GrantApi | undefined;
  /** What the tenant's Actions asked of the tokens at this login. */
  readonly wishes: TokenWishes | undefined;
}

export interface CodeGrant extends LoginGrant {
  readonly redirectUri: string;
  /** It was named at /authorize. */
  readonly redirectUriSent: boolean;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly usedAt: Date | undefined;
}

export interface RefreshGrant extends LoginGrant {
  readonly idleExpiresAt: Date;
  readonly rotatedAt: Date | undefined;
  /** This token or another one of its family was revoked. */
  readonly familyRevoked: boolean;
  /** A token that took the place of this one has itself been exchanged. */
  readonly successorUsed: boolean;
  readonly createdAt: Date;
  /** What Actions have kept with the family. */
  readonly metadata: JsonObject;
  /** What of the tenant's own code is bound, as it was read with the token. */
  readonly actions: Tenant['actions'];
}

/** The client that asks and, if it exists, the row of the presented string. */
export interface Presented<Grant> {
  readonly client: TokenClient;
  /** The tenant puts `org_name` beside `org_id`. */
  readonly namesInTokens: boolean;
  readonly grant: Grant | undefined;
}

export interface MachineGrant {
  readonly client: TokenClient;
  readonly namesInTokens: boolean;
  readonly api: GrantApi | undefined;
  readonly grant:
    | undefined
    | {
        readonly scopes: readonly string[];
        readonly organizationUsage: OrganizationUsage;
        readonly allowAnyOrganization: boolean;
      };
  /** The organization that was asked for, or else the client's default, if it exists. */
  readonly organization: GrantOrganization | undefined;
  /** Id of the organization that the client's tokens are for when it asks for none. */
  readonly defaultOrganization: string | undefined;
  readonly actions: Tenant['actions'];
}

export interface LogoutTargets {
  readonly tenantName: string;
  readonly tenantLogoutUrls: readonly string[];
  readonly client:
    | undefined
    | { readonly clientId: string; readonly name: string; readonly logoutUrls: readonly string[] };
}

/** A refresh token to store beside what replaces it or led to it. */
export interface NewRefreshToken {
  readonly hash: Buffer;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
}

/** What Actions asked for at the exchange of a refresh token: written with it or not at all. */
export interface RefreshWrites {
  readonly userMetadata: MetadataPatch;
  readonly appMetadata: MetadataPatch;
  readonly tokenMetadata: MetadataPatch;
  readonly sessionMetadata: MetadataPatch;
  readonly sessionExpiresAt: Date | undefined;
  readonly sessionIdleExpiresAt: Date | undefined;
}

export interface TokenStore {
  findClient(clientId: string): Promise<TokenClient | undefined>;
  /** One round trip; `organization` is an id or a name. Undefined for an unknown client. */
  findMachineGrant(query: {
    clientId: string;
    audience: string;
    organization: string | undefined;
  }): Promise<MachineGrant | undefined>;
  /** One round trip; without a reference it only finds the client. Undefined for an unknown client. */
  findCodeGrant(clientId: string, reference: OpaqueReference | undefined): Promise<Presented<CodeGrant> | undefined>;
  findRefreshGrant(
    clientId: string,
    reference: OpaqueReference | undefined,
  ): Promise<Presented<RefreshGrant> | undefined>;
  /**
   * Uses the code up, stores the refresh token of its family and appends `log`, in one statement. `used`: somebody was
   * first, nothing is written.
   */
  redeemCode(command: {
    code: OpaqueReference;
    at: Date;
    refreshToken: NewRefreshToken | undefined;
    log: LogEntry;
  }): Promise<'redeemed' | 'used'>;
  /**
   * Exchanges a refresh token and appends `log`, in one statement: with `next` it is rotated out (again within
   * `leewaySeconds` of the first time), without it only its idle expiry moves to `idleExpiresAt`. `reused`: nothing is written.
   *
   * With `afterActions` time has passed since the token was read: the same statement looks again at everything that the token
   * has to stand on. `moved`: something of it is gone, nothing is written.
   */
  exchangeRefreshToken(command: {
    token: OpaqueReference;
    at: Date;
    leewaySeconds: number;
    idleExpiresAt: Date;
    next: NewRefreshToken | undefined;
    log: LogEntry;
    afterActions?: { readonly writes: RefreshWrites; readonly expiresAt: Date } | undefined;
  }): Promise<'exchanged' | 'reused' | 'moved'>;
  /** Ends every refresh token that came from one login. */
  revokeFamily(userId: string, familyId: string, at: Date): Promise<void>;
  /** Ends the family of a refresh token, if it belongs to that client. */
  revokeRefreshToken(token: OpaqueReference, clientId: string, at: Date): Promise<void>;
  /** The user as /userinfo shows them now; undefined when they do not exist or are blocked, or when there is no such client any more. */
  findTokenUser(userId: string, clientId: string): Promise<TokenUser | undefined>;
  findLogoutTargets(clientId: string | undefined): Promise<LogoutTargets>;
  /** Ends the session of that public id; nothing happens when there is none. */
  endSession(userId: string, sessionId: string): Promise<void>;
  /** Ends it with all that came of it, codes and refresh tokens too: an Action has revoked it. */
  revokeSession(userId: string, sessionId: string, at: Date): Promise<void>;
}
