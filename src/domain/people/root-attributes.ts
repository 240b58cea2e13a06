/**
 * The claims of a company's identity provider that are stored, and those that an Action reads at the root of
 * `event.user`, as on Auth0 (`event.user.groups`). Such a claim must never replace a field of this server. Pure.
 */

/** Claims about the token, not about the person (OpenID Connect Core section 2, RFC 7519 section 4.1). */
const OF_TOKEN: ReadonlySet<string> = new Set(
  'iss aud exp iat nbf nonce at_hash c_hash s_hash azp jti sid auth_time acr amr'.split(' '),
);

/**
 * Fields of a user on Auth0 ("User Profile Structure", "Actions Events"), whether or not this server fills them, and
 * `sub`, which is not our user id. Attack: a provider asserts `app_metadata` or `blocked`, and an Action takes it for
 * the tenant's own data.
 */
const OWN: ReadonlySet<string> = new Set(
  `_id app_metadata blocked blocked_for clientID created_at email email_verified enrolledFactors family_name given_name
  global_client_id guardian_authenticators id identities last_ip last_login last_password_reset logins_count metadata multifactor
  multifactor_last_modified name nickname organizations password permissions phone_number phone_verified picture sub tenant
  updated_at user_id user_metadata username claims_cut __proto__`.split(/\s+/),
);

type Claims = Readonly<Record<string, unknown>>;

const isRoot = (name: string): boolean => !OF_TOKEN.has(name) && !OWN.has(name);

/**
 * Returns the claims to store with the identity. `cut`: names of claims that were dropped, stored as `claims_cut` for
 * {@link rootAttributes}.
 */
export function profileData(claims: Claims, cut: readonly string[] | undefined): Claims {
  const kept = Object.entries(claims).filter(([name]) => !OF_TOKEN.has(name) && name !== 'claims_cut');
  return { ...Object.fromEntries(kept), ...(cut && { claims_cut: cut }) };
}

/** Returns the claims for the root of `event.user`; `claims_cut` names those that were dropped. */
export function rootAttributes(claims: Claims, cut: unknown = claims.claims_cut): Record<string, unknown> {
  const missing = Array.isArray(cut) ? cut.filter((name) => typeof name === 'string' && isRoot(name)) : [];
  return {
    ...Object.fromEntries(Object.entries(claims).filter(([name]) => isRoot(name))),
    ...(missing.length > 0 && { claims_cut: missing }),
  };
}
