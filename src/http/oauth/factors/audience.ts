/**
 * The API of second factors, Auth0's audience `https://<domain>/mfa/`: built in, so it has no row. Its tokens let people
 * list, set up and remove their own factors. Issues nothing itself.
 */
import { CODE_LIFETIME_SECONDS } from '../../../login/plan.js';
import type { GrantApi, LoginGrant } from '../../../ports/token-store.js';

/** The scopes of the API, by what they permit. */
export const FACTOR_SCOPES = {
  enrol: 'enroll',
  read: 'read:authenticators',
  remove: 'remove:authenticators',
} as const;

/** Returns the identifier of the API: the audience of its tokens. */
export function factorAudience(origin: string): string {
  return `${origin}/mfa/`;
}

/**
 * Ten minutes, as on Auth0. No refresh token: each use of the API follows a login, which asks for a factor of everybody
 * who has one.
 */
const FACTOR_API: GrantApi = {
  scopes: new Set(Object.values(FACTOR_SCOPES)),
  tokenLifetimeSeconds: 600,
  allowOfflineAccess: false,
  userPolicy: 'allow_all',
  clientPolicy: 'deny_all',
  profile: 'auth0',
  tellsPermissions: false,
};

/** Returns when the login of an access token of this API was: see {@link sinceLogin}. */
export function issuedAt({ expiresAt }: { readonly expiresAt: Date }): Date {
  return new Date(expiresAt.getTime() - FACTOR_API.tokenLifetimeSeconds * 1000);
}

/**
 * Returns the grant with the settings of this API, if it is for it. Attack: somebody registers an API of that name, with
 * long-lived tokens.
 */
export function withFactorApi<Grant extends LoginGrant>(origin: string, grant: Grant): Grant {
  if (grant.audience !== factorAudience(origin)) return grant;
  return { ...grant, api: FACTOR_API, permitted: undefined, clientScopes: undefined };
}

/**
 * Counts the lifetime of a token of this API from the code, not from its exchange. Attack: somebody with the password keeps
 * fetching codes and redeems none, until the owner sets up a factor; a token of the code that they hold would then be
 * newer than the factor. `codeExpiresAt`: when the code would have expired.
 */
export function sinceLogin<Plan extends { readonly audience: string | undefined; readonly lifetimeSeconds: number }>(
  origin: string,
  plan: Plan,
  codeExpiresAt: Date,
  now: Date,
): Plan {
  if (plan.audience !== factorAudience(origin)) return plan;
  const left = (codeExpiresAt.getTime() - now.getTime()) / 1000;
  const age = Math.max(0, Math.ceil(CODE_LIFETIME_SECONDS - left));
  return { ...plan, lifetimeSeconds: plan.lifetimeSeconds - age };
}
