/**
 * Properties that are in every answer about a connection: settings of features that do not exist here, and options that
 * Auth0 adds by itself.
 */

/** Settings that have only one possible value here. Answers show it; a request with another value is refused. */
export const CONNECTION_FIXED = { authentication: { active: true }, connected_accounts: { active: false } } as const;

/** Properties that an answer has even if `fields` does not name them, as recorded from Auth0. */
export const CONNECTION_ALWAYS = ['id', 'is_domain_connection', ...Object.keys(CONNECTION_FIXED)];

type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const OIDC = { schema_version: 'oidc-V4', connection_settings: { pkce: 'auto' } } as const;

/**
 * Default options of each strategy, as on Auth0. A write that omits one stores this value, and this server behaves the
 * same without the option. Defaults that depend on other options are in option-defaults.ts.
 */
export const USUAL_OPTIONS: Options = {
  // There are no passkeys here: shown alone, while `authentication_methods.passkey` is off.
  auth0: {
    brute_force_protection: true,
    passkey_options: { challenge_ui: 'both', progressive_enrollment_enabled: true, local_enrollment_enabled: true },
  },
  oidc: { ...OIDC, attribute_map: { mapping_mode: 'bind_all' } },
  okta: { ...OIDC, type: 'back_channel', attribute_map: { mapping_mode: 'basic_profile' } },
};

/**
 * Auth0's default for the flexible password policy, whose values change nothing here. Without its `min_length` of 15: that
 * one has an effect, and nobody asked for it.
 */
const PASSWORD_OPTIONS = {
  complexity: {
    character_type_rule: 'all',
    identical_characters: 'allow',
    sequential_characters: 'allow',
    max_length_exceeded: 'error',
    character_types: [],
  },
  profile_data: {
    active: false,
    blocked_fields: [
      ...['name', 'username', 'nickname', 'email', 'phone_number'],
      ...['user_metadata.name', 'user_metadata.first', 'user_metadata.last'],
    ],
  },
  history: { active: false, size: 3 },
  dictionary: { active: false, custom: [], default: 'en_100k' },
} as const;

/**
 * Options that a new connection gets in addition. A later write of the options without them removes them. A request
 * with an older option about passwords gets no `password_options` (option-defaults.ts). Auth0's former
 * `passwordPolicy: good` is not among them: without a policy, this server judges passwords more strictly than that
 * value does.
 */
export const NEW_OPTIONS: Options = {
  auth0: {
    mfa: { active: true, return_enroll_settings: true },
    strategy_version: 2,
    password_options: PASSWORD_OPTIONS,
  },
};
