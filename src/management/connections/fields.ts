/** The properties that every answer about a connection has, each once: settings whose features are not here, and options that Auth0 adds. */

/** Answers show these values, and a request may have no other. */
export const CONNECTION_FIXED = { authentication: { active: true }, connected_accounts: { active: false } } as const;

/** Properties that an answer has even if `fields` does not name them, as recorded. */
export const CONNECTION_ALWAYS = ['id', 'is_domain_connection', ...Object.keys(CONNECTION_FIXED)];

type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const OIDC = { schema_version: 'oidc-V4', connection_settings: { pkce: 'auto' } } as const;

/**
 * Options that every connection of a strategy has, as on Auth0: a write that leaves one out gets this value, which is what happens here
 * without the option. Those that depend on other options are in database-options.ts.
 */
export const USUAL_OPTIONS: Options = {
  auth0: { brute_force_protection: true },
  oidc: { ...OIDC, attribute_map: { mapping_mode: 'bind_all' } },
  okta: { ...OIDC, type: 'back_channel', attribute_map: { mapping_mode: 'basic_profile' } },
};

/**
 * Options that a new connection gets besides; a later write of the options without them takes them away. `passwordPolicy: good` is not among
 * them: without a policy a password is judged more strictly here than by that word.
 */
export const NEW_OPTIONS: Options = {
  auth0: { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2 },
};
