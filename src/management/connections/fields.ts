/**
 * Properties that are in every answer about a connection: settings of features that do not exist here, and options that
 * Auth0 adds by itself.
 */
import { PASSKEY_OPTIONS, PASSWORD_OPTIONS } from '../../facts/database-defaults.js';

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
  auth0: { brute_force_protection: true, passkey_options: PASSKEY_OPTIONS },
  oidc: { ...OIDC, attribute_map: { mapping_mode: 'bind_all' } },
  okta: { ...OIDC, type: 'back_channel', attribute_map: { mapping_mode: 'basic_profile' } },
};

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
