/** Builds the tokens of an answer from a checked grant. No other file decides which scopes an answer has. */
import type { TokenWishes } from '../../domain/actions/action.js';
import { accountAudience, managementAudience, organizationAudience } from '../../management/api/audience.js';
import { type AccessTokenRequest, type IdTokenRequest, MAX_ACCESS_TOKEN_CHARACTERS } from '../../ports/token-issuer.js';
import type { CodeGrant, LoginGrant, Presented, TokenClient } from '../../ports/token-store.js';
import type { OAuthDependencies } from './dependencies.js';
import { factorAudience, withFactorApi } from './factors/audience.js';
import { type TokenResponse, toTokenOrganization, USERINFO_TOKEN_LIFETIME_SECONDS } from './grant.js';
import { accessDenied, OAuthRefusal } from './refusals.js';

export interface IssuePlan {
  readonly scope: string;
  readonly audience: string | undefined;
  readonly lifetimeSeconds: number;
  /** True for a token of the My Account API or the MFA API, which names the session. */
  readonly namesSession: boolean;
  /** True when the answer has a refresh token (OpenID Connect Core section 11). */
  readonly offline: boolean;
}

/**
 * True when a refresh token may be issued for `offline_access`: client and API must both allow it. Otherwise that scope
 * is left out of the answer, as on Auth0.
 */
function allowsOffline(client: TokenClient, grant: LoginGrant): boolean {
  return client.grantTypes.includes('refresh_token') && (grant.api === undefined || grant.api.allowOfflineAccess);
}

/** Scopes of OpenID Connect itself (Core sections 5.4 and 11), which belong to no API. */
export const OPENID_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/**
 * True for a scope that tokens may have: registered with the API, and permitted to person and application. Attack
 * (privilege escalation): people can edit the address of /authorize, which requests scopes. So a scope that the API
 * checks but nobody registered must not be issued on request. As on Auth0.
 */
function isOffered(grant: LoginGrant, scope: string): boolean {
  const { api, permitted } = grant;
  if (api === undefined || OPENID_SCOPES.has(scope)) return true;
  // If the API enforces policies, people get only those requested scopes that they are permitted (Auth0, "Enable RBAC
  // for APIs").
  return api.scopes.has(scope) && permitted?.includes(scope) !== false && isGranted(grant, scope);
}

/**
 * False when the API requires a client grant, and the application's grant lacks the scope. A client grant limits the
 * application, no matter which scopes the person is permitted.
 */
function isGranted({ api, clientScopes }: LoginGrant, scope: string): boolean {
  return api?.userPolicy !== 'require_client_grant' || clientScopes?.includes(scope) === true;
}

/**
 * Returns the claim `permissions`: everything that person and application may do at the API, whatever scopes were
 * requested.
 */
function permissionsOf(grant: LoginGrant): readonly string[] | undefined {
  const { api, permitted } = grant;
  if (!api?.tellsPermissions) return undefined;
  return (permitted ?? []).filter((name) => api.scopes.has(name) && isGranted(grant, name));
}

/** Refuses an application that may not have people's tokens for this API (Auth0, "API Access Policies"). */
function checkApplication({ api, clientScopes }: LoginGrant, audience: string): OAuthRefusal | undefined {
  if (api === undefined) return accessDenied(`Service not found: ${audience}`, { check: 'grant.unknown_audience' });
  if (api.userPolicy === 'deny_all')
    return accessDenied(`No application is allowed to access "${audience}".`, { check: 'grant.api_closed' });
  if (api.userPolicy === 'require_client_grant' && clientScopes === undefined)
    return accessDenied(
      `Client is not authorized to access "${audience}". You need to create a "client-grant" with subject_type "user" for this API.`,
      { check: 'grant.none' },
    );
  return undefined;
}

/** True for the APIs of this server that change things: Management, My Account, My Organization. */
function isAdministrative(origin: string, audience: string | undefined): boolean {
  return [managementAudience, accountAudience, organizationAudience].some((of) => of(origin) === audience);
}

/**
 * Applies the changes that the tenant's Actions requested. They may add any scope (Auth0, `api.accessToken.addScope`)
 * except those of this server's own APIs. Attack (privilege escalation): a person who may deploy Actions gives themselves
 * every right of the Management API.
 */
export function wishScopes(
  scopes: readonly string[],
  wishes: TokenWishes | undefined,
  to: { readonly origin: string; readonly audience: string | undefined },
): readonly string[] {
  if (wishes === undefined) return scopes;
  const { audience, origin } = to;
  const isOwn = audience === factorAudience(origin) || isAdministrative(origin, audience);
  const added = isOwn ? [] : wishes.addScopes;
  return [...new Set([...scopes, ...added])].filter((scope) => !wishes.removeScopes.includes(scope));
}

/**
 * Longest lifetime of a person's token for an API of this server, in seconds. Revoking a session does not revoke an
 * access token, and this token is kept in a browser. So a stolen one is valid for minutes, while a machine's may be valid for
 * a day.
 */
const OWN_TOKEN_LIFETIME_SECONDS = 600;

function lifetimeOf(origin: string, { api }: LoginGrant, audience: string | undefined): number {
  const seconds = api?.tokenLifetimeSeconds ?? USERINFO_TOKEN_LIFETIME_SECONDS;
  return isAdministrative(origin, audience) ? Math.min(seconds, OWN_TOKEN_LIFETIME_SECONDS) : seconds;
}

/**
 * Plans the content of the tokens. `asked` (the parameter `scope` of RFC 6749 section 6) can only remove scopes. A
 * requested scope that was not granted is left out; if none is left, the answer is `invalid_scope`. Applications send
 * their whole list with every refresh, so a request for too many scopes is no error.
 */
export function planIssue(
  origin: string,
  client: TokenClient,
  stored: LoginGrant,
  asked: string | undefined,
): IssuePlan | OAuthRefusal {
  const grant = withFactorApi(origin, stored);
  const audience = grant.audience === `${origin}/userinfo` ? undefined : grant.audience;
  const refusal = audience === undefined ? undefined : checkApplication(grant, audience);
  if (refusal) return refusal;
  const offlineAllowed = allowsOffline(client, grant);
  const granted = grant.scope
    .split(' ')
    .filter((scope) => scope !== '' && (scope !== 'offline_access' || offlineAllowed) && isOffered(grant, scope));
  const wanted = asked?.split(' ');
  const kept = wanted === undefined ? granted : granted.filter((scope) => wanted.includes(scope));
  const scopes = wishScopes(kept, grant.wishes, { origin, audience });
  if (granted.length > 0 && kept.length === 0)
    return new OAuthRefusal(400, 'invalid_scope', 'None of the requested scopes was granted', { check: 'grant.scope' });
  return {
    scope: scopes.join(' '),
    audience,
    lifetimeSeconds: lifetimeOf(origin, grant, audience),
    namesSession: audience === accountAudience(origin) || audience === factorAudience(origin),
    offline: granted.includes('offline_access') && grant.wishes?.removeScopes.includes('offline_access') !== true,
  };
}

/** The tokens of one answer, before they are signed. */
interface TokenRequests {
  readonly access: AccessTokenRequest;
  readonly id: IdTokenRequest | undefined;
}

/**
 * Returns the content of both tokens. `code` is set only at the code exchange: a refreshed ID token has no `nonce`
 * (OpenID Connect Core section 12.2), and says nothing about a second factor, as on Auth0.
 */
export function toTokenRequests(
  { client, namesInTokens }: Pick<Presented<unknown>, 'client' | 'namesInTokens'>,
  grant: LoginGrant,
  plan: IssuePlan,
  code?: Pick<CodeGrant, 'nonce' | 'factorPassed'>,
): TokenRequests {
  const { clientId } = client;
  const { scope, audience, lifetimeSeconds } = plan;
  const organization = toTokenOrganization(grant.organization, namesInTokens);
  const shared = { clientId, scope, organization };
  return {
    access: {
      ...shared,
      userId: grant.user.userId,
      audience,
      lifetimeSeconds,
      profile: grant.api?.profile ?? 'auth0',
      permissions: permissionsOf(grant),
      ...(plan.namesSession && { session: { id: grant.sessionId } }),
      ...(grant.wishes && { customClaims: grant.wishes.accessClaims }),
    },
    id: scope.split(' ').includes('openid')
      ? {
          ...shared,
          user: grant.user,
          nonce: code?.nonce,
          factorPassed: code?.factorPassed === true,
          sessionId: grant.sessionId,
          authenticatedAt: grant.authenticatedAt,
          lifetimeSeconds: client.idTokenLifetimeSeconds,
          ...(grant.wishes && { customClaims: grant.wishes.idClaims }),
        }
      : undefined,
  };
}

function refuseLength(characters: number): OAuthRefusal {
  const description =
    `The access token would have ${characters} characters, and none above ${MAX_ACCESS_TOKEN_CHARACTERS} is accepted. ` +
    'Ask for fewer scopes, leave the claim "permissions" of the API out (token_dialect), or have Actions add less.';
  return new OAuthRefusal(400, 'invalid_scope', description, { check: 'grant.token_too_long' });
}

/** The answer to a token request, before its tokens are signed. */
export interface UnsignedAnswer {
  /** Signs the access token and the ID token in parallel, and returns the answer. */
  sign(): Promise<TokenResponse>;
}

/**
 * Prepares the answer. Refuses an access token that is longer than this server itself accepts. Runs before anything is
 * written: otherwise the application would have used up its code for a useless token. ID tokens have no such limit,
 * because only applications read them.
 */
export async function prepareAnswer(
  { issuer }: Pick<OAuthDependencies, 'issuer'>,
  { access, id }: TokenRequests,
): Promise<UnsignedAnswer | OAuthRefusal> {
  const { scope, lifetimeSeconds } = access;
  const unsigned = await issuer.prepareAccessToken(access);
  if (unsigned.characters > MAX_ACCESS_TOKEN_CHARACTERS) return refuseLength(unsigned.characters);
  return {
    async sign() {
      const [accessToken, idToken] = await Promise.all([
        unsigned.sign(),
        id === undefined ? undefined : issuer.issueIdToken(id),
      ]);
      return {
        access_token: accessToken,
        ...(idToken !== undefined && { id_token: idToken }),
        ...(scope !== '' && { scope }),
        expires_in: lifetimeSeconds,
        token_type: 'Bearer',
      };
    },
  };
}

/** Returns when a refresh token expires if it is not used: never later than its family. */
export function idleExpiry(client: TokenClient, now: Date, familyExpiresAt: Date): Date {
  const idle = now.getTime() + client.refreshIdleLifetimeSeconds * 1000;
  return new Date(Math.min(idle, familyExpiresAt.getTime()));
}

/**
 * Returns the earlier of two times, because an Action may shorten a lifetime but not lengthen it. `wished` is in
 * milliseconds since the epoch.
 */
export function earlier(planned: Date, wished: number | undefined): Date {
  return wished === undefined || wished > planned.getTime() ? planned : new Date(wished);
}
