/** Tells whether the claims of a verified ID token vouch for the address in them. Pure; decides about no account. */
import { dialectOf } from '../../facts/strategies.js';
import type { Strategy } from '../tenant.js';

type Claims = Readonly<Record<string, unknown>>;

/** Issuers of Entra ID: public cloud, US government, China, and the older `sts`. */
const ENTRA =
  /^https:\/\/(login\.microsoftonline\.com|login\.microsoftonline\.us|login\.partner\.microsoftonline\.cn|sts\.windows\.net)\//;

/**
 * True for Entra's `xms_edov`, "email domain owner verified": an optional claim that may be a boolean, a number or a
 * text.
 */
function isDomainOwnerVerified(claims: Claims): boolean {
  return [true, 1, '1', 'true'].some((value) => value === claims.xms_edov);
}

/**
 * True when the claims vouch for the address. `email_verified` counts only as the boolean: "true" and 1 vouch for
 * nothing. Entra never sends it; its `xms_edov` says that the tenant has proved the address's domain. Without that, an
 * Entra address is any text that an administrator of any tenant typed ("nOAuth": Descope 2023). At a `waad` connection
 * `email_verified` never replaces `xms_edov`.
 */
export function isAddressVouched(strategy: Strategy, issuer: unknown, claims: Claims): boolean {
  if (dialectOf(strategy) === 'entra') return claims.email_verified !== false && isDomainOwnerVerified(claims);
  if (claims.email_verified !== undefined) return claims.email_verified === true;
  return typeof issuer === 'string' && ENTRA.test(issuer) && isDomainOwnerVerified(claims);
}
