/** The properties that every answer about a connection has, each once: settings whose features are not here, and options that Auth0 adds to new ones. */

/** Answers show these values, and a request may have no other. */
export const CONNECTION_FIXED = { authentication: { active: true }, connected_accounts: { active: false } } as const;

const OIDC = { schema_version: 'oidc-V4' } as const;

/**
 * Options that a new connection of a strategy gets besides, as on Auth0. `passwordPolicy: good` is not among them: without a policy a
 * password is judged more strictly here than by that word.
 */
export const NEW_OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  auth0: { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2, brute_force_protection: true },
  oidc: OIDC,
  okta: OIDC,
};
