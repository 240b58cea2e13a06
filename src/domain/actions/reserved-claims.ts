/** Claims that belong to the protocol: values from tenant code are ignored. */

/**
 * Names that Auth0 reserves: setting one is no error, but the claim is not in the token
 * (https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims, "General restrictions").
 */
const RESERVED: ReadonlySet<string> = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest entitlements
  events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce object_id org_id
  org_name orig origid permissions roles rph s_hash scope sid sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub
  sub_jwk toe txn typ uuid vot vtm x5t#S256`.split(/\s+/),
);

/** True for a name that no Action may set. */
export function isReservedClaim(name: string): boolean {
  return RESERVED.has(name);
}
