/**
 * Properties in every answer about a connection: settings whose features do not exist here, and options that Auth0
 * adds.
 */

/** Settings with one possible value: answers show it, and a request may have no other. */
export const CONNECTION_FIXED = { authentication: { active: true }, connected_accounts: { active: false } } as const;

/** Properties that an answer has even if `fields` does not name them, as recorded on Auth0. */
export const CONNECTION_ALWAYS = ['id', 'is_domain_connection', ...Object.keys(CONNECTION_FIXED)];

type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const OIDC = { schema_version: 'oidc-V4', connection_settings: { pkce: 'auto' } } as const;

/**
 * Default options of a strategy, as on Auth0: a write that leaves one out gets this value, which is also the behaviour
 * here without the option. Those that depend on other options are in option-defaults.ts.
 */
export const USUAL_OPTIONS: Options = {
  auth0: { brute_force_protection: true },
  oidc: { ...OIDC, attribute_map: { mapping_mode: 'bind_all' } },
  okta: { ...OIDC, type: 'back_channel', attribute_map: { mapping_mode: 'basic_profile' } },
};

/**
 * Further options of a new connection; a later write of the options without them removes them. `passwordPolicy: good`
 * is not among them: without a policy, passwords are judged more strictly here than by that value.
 */
export const NEW_OPTIONS: Options = {
  auth0: { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2 },
};
