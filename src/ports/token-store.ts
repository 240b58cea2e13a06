/**
 * Port: the reads and writes of the token endpoint, /userinfo and the logouts. A request has one read, with all data
 * for the decision, and one write, which happens only if the data it depends on is unchanged. Rows are found by user
 * first.
 */

import type { JsonObject, TokenWishes } from '../domain/actions/action.js';
import type { ClientKey } from '../domain/client-key.js';
import type { TokenQuota } from '../domain/companies/token-quota.js';
import type { BrowserSession } from '../domain/people/account.js';
import type { Client, OrganizationUsage, Tenant } from '../domain/tenant.js';
import type { LogEntry } from './ledger.js';
import type { MetadataPatch } from './login-store.js';
import type { OpaqueReference, TokenProfile, TokenUser } from './token-issuer.js';

/** A client, with the data that the token endpoint needs. */
export interface TokenClient
  extends Pick<
    Client,
    | 'clientId'
    | 'name'
    | 'tokenEndpointAuthMethod'
    | 'grantTypes'
    | 'callbacks'
    | 'webOrigins'
    | 'organizationUsage'
    | 'idTokenLifetimeSeconds'
    | 'refreshRotating'
    | 'refreshLeewaySeconds'
    | 'refreshLifetimeSeconds'
    | 'refreshIdleLifetimeSeconds'
  > {
  /**
   * The client's secret in plain text, read for each request, so that a rotated secret is refused at once. Never
   * logged.
   */
  readonly secret: string | undefined;
  /** The keys that check its assertions; none unless its method is private_key_jwt. */
  readonly keys: readonly ClientKey[];
}

/** An organization as shown in tokens. */
export interface GrantOrganization {
  readonly id: string;
  readonly name: string;
  readonly blocked: boolean;
}

/** An API ("resource server") with its settings for tokens. */
export interface GrantApi {
  /** The scopes that the API is registered with. */
  readonly scopes: ReadonlySet<string>;
  readonly tokenLifetimeSeconds: number;
  readonly allowOfflineAccess: boolean;
  /** Which applications may get tokens for people. */
  readonly userPolicy: 'allow_all' | 'deny_all' | 'require_client_grant';
  /** Which applications may get tokens for themselves. */
  readonly clientPolicy: 'deny_all' | 'require_client_grant';
  readonly profile: TokenProfile;
  /** True when the API's access tokens have the claim `permissions`. */
  readonly tellsPermissions: boolean;
}

/** The grant of a login, and the current state of its person. */
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
  /** The organization of the login; undefined if the login named none. */
  readonly organization: GrantOrganization | undefined;
  /** False when the organization limits its applications, and the application of the login is not one of them. */
  readonly applicationEntitled: boolean;
  readonly isMember: boolean;
  /** True when the connection is enabled for the organization, or for the client in a login without one. */
  readonly connectionEnabled: boolean;
  /** True when the user still has an identity at the enterprise connection of this login; always for a password. */
  readonly identityBound: boolean;
  /**
   * True when the grant has an organization or needs none: a password, or a main identity at a connection that never
   * served an organization.
   */
  readonly mayLackOrganization: boolean;
  /** True for a login by password when the organization now requires its company's sign-in. */
  readonly ssoRequired: boolean;
  /** False when the company's connection is now for a pilot group without this person. */
  readonly openToPerson: boolean;
  /** The API of `audience`; undefined when it was deleted or none was requested. */
  readonly api: GrantApi | undefined;
  /** The API's scopes that the person is permitted now; undefined when the API permits everybody all of them. */
  readonly permitted: readonly string[] | undefined;
  /**
   * The scopes that the application may request for people when the API requires a client grant. Undefined when it
   * requires none, or the application has no grant.
   */
  readonly clientScopes: readonly string[] | undefined;
  /** The changes that Actions requested for this login's tokens. */
  readonly wishes: TokenWishes | undefined;
}

export interface CodeGrant extends LoginGrant {
  readonly redirectUri: string;
  /** True when the request to /authorize had `redirect_uri`. */
  readonly redirectUriSent: boolean;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  /** True if the person passed a second factor in the login. */
  readonly factorPassed: boolean;
  readonly usedAt: Date | undefined;
}

/**
 * The grant of a refresh token. `api`, `permitted` and `clientScopes` are about the API that was asked for; `audience` and
 * `scope` are the login's until src/http/oauth/requested-api.ts has checked the request.
 */
export interface RefreshGrant extends LoginGrant {
  /** The request of the login. No exchange changes it. */
  readonly issuedFor: Pick<LoginGrant, 'audience' | 'scope'>;
  /** The APIs that the application may ask for by this token (`refresh_token.policies`), as they are now. */
  readonly policies: readonly { readonly audience: string; readonly scopes: readonly string[] }[];
  /** False when the API of the login does not allow refresh tokens any more. */
  readonly loginAllowsOffline: boolean;
  readonly idleExpiresAt: Date;
  readonly rotatedAt: Date | undefined;
  /** True when this token or another token of its family was revoked. */
  readonly familyRevoked: boolean;
  /** True when a token that replaced this one has itself been exchanged. */
  readonly successorUsed: boolean;
  readonly createdAt: Date;
  /** Metadata that Actions have stored with the family. */
  readonly metadata: JsonObject;
  /** The tenant's bound Actions, read together with the token. */
  readonly actions: Tenant['actions'];
}

/** The requesting client and, if it is stored, the code or refresh token that it presented. */
export interface Presented<Grant> {
  readonly client: TokenClient;
  /** True when the tenant adds `org_name` to `org_id`. */
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
        /**
         * True when the grant may be used for {@link organization}: it allows any organization, or was given to this
         * one.
         */
        readonly allowsOrganization: boolean;
      };
  /** The requested organization, else the client's default, if it exists. */
  readonly organization: GrantOrganization | undefined;
  /** Id of the client's organization for requests that name none. */
  readonly defaultOrganization: string | undefined;
  readonly actions: Tenant['actions'];
  /** The quotas that hold for this client, and for tokens of the organization: their own, else the tenant's default. */
  readonly quotas: { readonly client: TokenQuota | undefined; readonly organization: TokenQuota | undefined };
}

export interface LogoutTargets {
  readonly tenant: Pick<Tenant, 'friendlyName' | 'look' | 'languages' | 'textsRevision' | 'texts'>;
  readonly tenantLogoutUrls: readonly string[];
  readonly client:
    | undefined
    | { readonly clientId: string; readonly name: string; readonly logoutUrls: readonly string[] };
}

/** A refresh token to store, with the code or token that it comes from. */
export interface NewRefreshToken {
  readonly hash: Buffer;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
}

/** Writes that Actions requested at a refresh token's exchange: in the same statement as the exchange. */
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
  /**
   * Marks the `jti` of an application's assertion as used, in one statement. `used`: it was used before, on any node.
   * Stored until `expiresAt`, when the assertion itself is refused.
   */
  spendAssertion(assertion: { clientId: string; jti: string; expiresAt: Date }): Promise<'spent' | 'used'>;
  /** Finds the grant in one round trip; `organization` is an id or a name. Undefined for an unknown client. */
  findMachineGrant(query: {
    clientId: string;
    audience: string;
    organization: string | undefined;
  }): Promise<MachineGrant | undefined>;
  /** Finds client and code in one round trip; without a reference only the client. Undefined for an unknown client. */
  findCodeGrant(clientId: string, reference: OpaqueReference | undefined): Promise<Presented<CodeGrant> | undefined>;
  /** As {@link findCodeGrant}. `audience`: the API that the request names; undefined for the one of the login. */
  findRefreshGrant(
    clientId: string,
    reference: OpaqueReference | undefined,
    audience?: string,
  ): Promise<Presented<RefreshGrant> | undefined>;
  /**
   * Marks the code as used, stores the refresh token of its family and appends `log`, in one statement. `used`: the
   * code was used before, nothing is written.
   */
  redeemCode(command: {
    code: OpaqueReference;
    at: Date;
    refreshToken: NewRefreshToken | undefined;
    log: LogEntry;
  }): Promise<'redeemed' | 'used'>;
  /**
   * Exchanges a refresh token and appends `log`, in one statement. With `next` the token is replaced; the same token
   * may be replaced again for `leewaySeconds` after the first time. Without `next` only its idle expiry moves to
   * `idleExpiresAt`. `reused`: nothing is written, because the token was replaced too long ago or revoked, or because
   * the token that replaced it was used.
   *
   * `afterActions` is set if Actions ran since the token was read, so time has passed: the same statement checks again
   * everything that the token depends on. `moved`: some of it has changed, and nothing is written.
   */
  exchangeRefreshToken(command: {
    token: OpaqueReference;
    at: Date;
    leewaySeconds: number;
    idleExpiresAt: Date;
    next: NewRefreshToken | undefined;
    log: LogEntry;
    /** The API of a policy, if the tokens are for another one than the login's. */
    otherApi?: string | undefined;
    afterActions?: { readonly writes: RefreshWrites; readonly expiresAt: Date } | undefined;
  }): Promise<'exchanged' | 'reused' | 'moved'>;
  /**
   * True when a refresh token that looks used may be used again: its rotation was undone, since the new token was given
   * to nobody (ADR 0097). May take some seconds after the database failed. Throws {@link Fault} when nobody knows.
   */
  isTakenBack(token: OpaqueReference): Promise<boolean>;
  /** Undoes a rotation soon, unless its new token was used or revoked. Only for a token that was given to nobody. */
  takeBack(rotation: { readonly token: OpaqueReference; readonly nextHash: Buffer; readonly at: Date }): void;
  /** Revokes every refresh token that came from one login. */
  revokeFamily(userId: string, familyId: string, at: Date): Promise<void>;
  /** Revokes the family of a refresh token, if it belongs to that client. */
  revokeRefreshToken(token: OpaqueReference, clientId: string, at: Date): Promise<void>;
  /**
   * Finds the user for /userinfo; undefined when the user does not exist or is blocked, or the client no longer exists.
   */
  findTokenUser(of: {
    readonly userId: string;
    readonly clientId: string;
    /** The organization of the access token. The user's address may count as verified only there. */
    readonly organizationId: string | undefined;
  }): Promise<TokenUser | undefined>;
  findLogoutTargets(clientId: string | undefined): Promise<LogoutTargets>;
  /** Revokes the session with this public id and returns it; does nothing when there is none. */
  endSession(
    userId: string,
    sessionId: string,
  ): Promise<Pick<BrowserSession, 'userId' | 'sessionId' | 'connectionId' | 'idpSession'> | undefined>;
  /** Revokes a session with its codes and refresh tokens, on an Action's request. */
  revokeSession(userId: string, sessionId: string, at: Date): Promise<void>;
}
