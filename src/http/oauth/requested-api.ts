/**
 * The API that a refresh asks a token for: the one of the login, or one that a policy of the application names (Auth0,
 * "Multi-Resource Refresh Token"). Narrows a grant before issue-tokens.ts checks registered scopes, client grant and
 * permissions. Must never change whose token it is: person, organization and family are those of the refresh token.
 */
import { managementAudience } from '../../management/api/audience.js';
import type { RefreshGrant } from '../../ports/token-store.js';
import { factorAudience } from './factors/audience.js';
import { OPENID_SCOPES } from './issue-tokens.js';
import { invalidGrant, noPolicy, type OAuthRefusal } from './refusals.js';

/** The parameters of a request that choose API and scopes. */
export interface AskedApi {
  readonly audience: string | undefined;
  readonly scope: string | undefined;
}

const words = (scope: string) => scope.split(' ').filter((word) => word !== '');

/**
 * Returns the scopes that the application's policies name for an API; undefined if none names it. Attack: a policy that
 * was stored before this server read them opens the Management API, or the second factors of the person. Attack: a policy
 * adds `openid` or `email`, for which the login did not ask.
 */
function policyScopes(origin: string, { policies }: RefreshGrant, audience: string): readonly string[] | undefined {
  if (audience === managementAudience(origin) || audience === factorAudience(origin)) return undefined;
  const named = policies.filter((policy) => policy.audience === audience);
  return named.length === 0
    ? undefined
    : named.flatMap(({ scopes }) => scopes).filter((one) => !OPENID_SCOPES.has(one));
}

/**
 * Returns the grant for the requested API: for the login's, its scopes, and those of its policy that the request names;
 * for another one, the scopes of its policy with the login's scopes of OpenID Connect. Without a policy, the refusal.
 * `grant` was read for that API.
 */
export function toRequested(
  origin: string,
  grant: RefreshGrant,
  { audience, scope }: AskedApi,
): RefreshGrant | OAuthRefusal {
  const { issuedFor, api } = grant;
  const own = issuedFor.audience ?? `${origin}/userinfo`;
  const wanted = audience ?? own;
  const scopes = policyScopes(origin, grant, wanted);
  if (wanted === own) {
    const more = scope === undefined ? [] : (scopes ?? []);
    return { ...grant, ...issuedFor, scope: [...new Set([...words(issuedFor.scope), ...more])].join(' ') };
  }
  if (scopes === undefined) return noPolicy(wanted);
  if (api !== undefined && !api.allowOfflineAccess)
    return invalidGrant(`The API ${wanted} does not allow offline access`, { check: 'refresh_token.offline_access' });
  const ofLogin = words(issuedFor.scope).filter((one) => OPENID_SCOPES.has(one));
  return { ...grant, audience: wanted, scope: [...new Set([...ofLogin, ...scopes])].join(' ') };
}

/** Returns the API of a policy that the tokens are for; undefined for the API of the login. */
export function otherApi({ audience, issuedFor }: RefreshGrant): string | undefined {
  return audience === issuedFor.audience ? undefined : audience;
}
