/** Tells whether the claims of a verified ID token vouch for the address in them. Pure; decides about no account. */

type Claims = Readonly<Record<string, unknown>>;

/** Issuers of Entra ID: public cloud, US government, China, and the older `sts`. */
const ENTRA =
  /^https:\/\/(login\.microsoftonline\.com|login\.microsoftonline\.us|login\.partner\.microsoftonline\.cn|sts\.windows\.net)\//;

/**
 * The boolean `email_verified` and nothing else: "true", 1 or a missing claim vouch for nothing. Entra never sends it; its `xms_edov`
 * ("email domain owner verified", an optional claim) says that the tenant has proved the address's domain, and comes as a boolean, a number
 * or a text. Without either, an address of Entra is any text that an administrator of any tenant typed in ("nOAuth": Descope 2023).
 */
export function isAddressVouched(issuer: unknown, claims: Claims): boolean {
  if (claims.email_verified !== undefined) return claims.email_verified === true;
  if (typeof issuer !== 'string' || !ENTRA.test(issuer)) return false;
  return [true, 1, '1', 'true'].some((value) => value === claims.xms_edov);
}
