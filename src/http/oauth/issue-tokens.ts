/** Makes the tokens of the answer from a grant that passed the checks. The scopes of an answer are decided here and nowhere else. */
import type { TokenWishes } from '../../domain/actions/action.js';
import { managementAudience } from '../../management/api/audience.js';
import { type AccessTokenRequest, type IdTokenRequest, MAX_ACCESS_TOKEN_CHARACTERS } from '../../ports/token-issuer.js';
import type { LoginGrant, Presented, TokenClient } from '../../ports/token-store.js';
import type { OAuthDependencies } from './dependencies.js';
import { type TokenResponse, toTokenOrganization, USERINFO_TOKEN_LIFETIME_SECONDS } from './grant.js';
import { accessDenied, OAuthRefusal } from './refusals.js';

export interface IssuePlan {
  readonly scope: string;
  readonly audience: string | undefined;
  readonly lifetimeSeconds: number;
  /** True when the answer has a refresh token (OpenID Connect Core section 11). */
  readonly offline: boolean;
}

/** `offline_access` counts only where client and API allow it; otherwise it disappears from the scope, as at Auth0. */
function allowsOffline(client: TokenClient, grant: LoginGrant): boolean {
  return client.grantTypes.includes('refresh_token') && (grant.api === undefined || grant.api.allowOfflineAccess);
}

/** Scopes of OpenID Connect Core section 5.4 and 11, which belong to no API. */
const OPENID_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/**
 * People can edit the address that asks for scopes. So a token gets only the API's scopes that the API is registered with, as at Auth0: a
 * scope that the API checks and nobody registered must not be given to everybody who asks for it (privilege escalation).
 */
function isOffered(grant: LoginGrant, scope: string): boolean {
  const { api, permitted } = grant;
  if (api === undefined || OPENID_SCOPES.has(scope)) return true;
  // Where the API enforces policies, people get what they asked for and are permitted (Auth0, "Enable RBAC for APIs").
  return api.scopes.includes(scope) && permitted?.includes(scope) !== false && isGranted(grant, scope);
}

/** A client grant is a ceiling for its application, whatever the person is permitted. */
function isGranted({ api, clientScopes }: LoginGrant, scope: string): boolean {
  return api?.userPolicy !== 'require_client_grant' || clientScopes?.includes(scope) === true;
}

/** The claim `permissions`: everything that the person may do at the API, whatever was asked for. */
function permissionsOf(grant: LoginGrant): readonly string[] | undefined {
  const { api, permitted } = grant;
  if (!api?.tellsPermissions) return undefined;
  return (permitted ?? []).filter((name) => api.scopes.includes(name) && isGranted(grant, name));
}

/** Whether the application may have tokens of people for this API, and with which scopes at most (Auth0, "API Access Policies"). */
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

/**
 * The scopes after the tenant's Actions. Actions may add any scope (Auth0, `api.accessToken.addScope`), but none of the Management API:
 * those come from client grants alone. A person who may deploy Actions must not give themselves the other rights (privilege escalation).
 */
export function wishScopes(
  scopes: readonly string[],
  wishes: TokenWishes | undefined,
  to: { readonly origin: string; readonly audience: string | undefined },
): readonly string[] {
  if (wishes === undefined) return scopes;
  const added = to.audience === managementAudience(to.origin) ? [] : wishes.addScopes;
  return [...new Set([...scopes, ...added])].filter((scope) => !wishes.removeScopes.includes(scope));
}

/**
 * Seconds at most of a person's token for the Management API. Nothing ends an access token when its session ends, and this one lies in a
 * browser: a stolen one is good for minutes, where a machine's may be good for a day.
 */
const OPERATOR_TOKEN_LIFETIME_SECONDS = 600;

function lifetimeOf(origin: string, { api }: LoginGrant, audience: string | undefined): number {
  const seconds = api?.tokenLifetimeSeconds ?? USERINFO_TOKEN_LIFETIME_SECONDS;
  return audience === managementAudience(origin) ? Math.min(seconds, OPERATOR_TOKEN_LIFETIME_SECONDS) : seconds;
}

/**
 * The content of the tokens. `asked` (RFC 6749 section 6) can only take scopes away: a scope that was not granted is left out, and if none
 * is left the answer is `invalid_scope`. Applications send their whole list with every refresh, so asking for too many is no error.
 */
export function planIssue(
  origin: string,
  client: TokenClient,
  grant: LoginGrant,
  asked: string | undefined,
): IssuePlan | OAuthRefusal {
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
    offline: granted.includes('offline_access') && grant.wishes?.removeScopes.includes('offline_access') !== true,
  };
}

/** The tokens of one answer, before they are signed. */
interface TokenRequests {
  readonly access: AccessTokenRequest;
  readonly id: IdTokenRequest | undefined;
}

/** The content of both tokens. `nonce` only at the code exchange (OpenID Connect Core section 12.2). */
export function toTokenRequests(
  { client, namesInTokens }: Pick<Presented<unknown>, 'client' | 'namesInTokens'>,
  grant: LoginGrant,
  plan: IssuePlan,
  nonce: string | undefined,
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
      ...(grant.wishes && { customClaims: grant.wishes.accessClaims }),
    },
    id: scope.split(' ').includes('openid')
      ? {
          ...shared,
          user: grant.user,
          nonce,
          sessionId: grant.sessionId,
          authenticatedAt: grant.authenticatedAt,
          lifetimeSeconds: client.idTokenLifetimeSeconds,
          ...(grant.wishes && { customClaims: grant.wishes.idClaims }),
        }
      : undefined,
  };
}

/**
 * The refusal of an access token that this server would not accept itself. Before anything is written: otherwise the application would have used
 * its code up for a token that opens nothing. ID tokens, which are read where they are received, have no such limit.
 */
export async function checkLength(
  { issuer }: Pick<OAuthDependencies, 'issuer'>,
  request: AccessTokenRequest,
): Promise<OAuthRefusal | undefined> {
  const characters = await issuer.measureAccessToken(request);
  if (characters <= MAX_ACCESS_TOKEN_CHARACTERS) return undefined;
  const description =
    `The access token would have ${characters} characters, and none above ${MAX_ACCESS_TOKEN_CHARACTERS} is accepted. ` +
    'Ask for fewer scopes, leave the claim "permissions" of the API out (token_dialect), or have Actions add less.';
  return new OAuthRefusal(400, 'invalid_scope', description, { check: 'grant.token_too_long' });
}

/** Signs both tokens, side by side. */
export async function issueTokens(
  { issuer }: Pick<OAuthDependencies, 'issuer'>,
  { access, id }: TokenRequests,
): Promise<TokenResponse> {
  const { scope, lifetimeSeconds } = access;
  const [accessToken, idToken] = await Promise.all([
    issuer.issueAccessToken(access),
    id === undefined ? undefined : issuer.issueIdToken(id),
  ]);
  return {
    access_token: accessToken,
    ...(idToken !== undefined && { id_token: idToken }),
    ...(scope !== '' && { scope }),
    expires_in: lifetimeSeconds,
    token_type: 'Bearer',
  };
}

/** When a refresh token ends if it is not used: never later than its family. */
export function idleExpiry(client: TokenClient, now: Date, familyExpiresAt: Date): Date {
  const idle = now.getTime() + client.refreshIdleLifetimeSeconds * 1000;
  return new Date(Math.min(idle, familyExpiresAt.getTime()));
}

/** An Action may shorten a lifetime, not lengthen it. `wished` in milliseconds since the epoch. */
export function earlier(planned: Date, wished: number | undefined): Date {
  return wished === undefined || wished > planned.getTime() ? planned : new Date(wished);
}
