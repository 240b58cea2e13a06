/** The settings of an application. Auth0's settings without an effect here are stored unchanged, in `extra`. */
import { type BodyOf, flag, oneOf, optionalText, type RecordOf, text, texts, whole } from '../api/fields.js';

/** Settings that are properties of the client in Auth0's JSON. */
export const CLIENT_FIELDS = {
  name: text('name'),
  appType: optionalText('app_type'),
  /** Auth0's JSON shows `private_key_jwt` as `client_authentication_methods` instead. */
  tokenEndpointAuthMethod: oneOf('token_endpoint_auth_method', [
    'client_secret_post',
    'client_secret_basic',
    'none',
    'private_key_jwt',
  ]),
  callbacks: texts('callbacks'),
  allowedLogoutUrls: texts('allowed_logout_urls'),
  webOrigins: texts('web_origins'),
  grantTypes: texts('grant_types'),
  initiateLoginUri: optionalText('initiate_login_uri'),
  organizationUsage: oneOf('organization_usage', ['deny', 'allow', 'require']),
  organizationRequireBehavior: oneOf('organization_require_behavior', [
    'no_prompt',
    'pre_login_prompt',
    'post_login_prompt',
  ]),
  isFirstParty: flag('is_first_party', true),
  ssoDisabled: flag('sso_disabled', false),
} as const;

/**
 * All columns of a client: the settings above, and those in `jwt_configuration` and `refresh_token`. Lifetimes are in
 * seconds.
 */
export const CLIENT_COLUMNS = {
  ...CLIENT_FIELDS,
  authenticationCredentials: texts('credentials', { column: 'authentication_credentials' }),
  isGlobal: flag('global', false, { column: 'is_global' }),
  idTokenLifetimeSeconds: whole('lifetime_in_seconds', 36_000, { column: 'id_token_lifetime_seconds' }),
  refreshRotating: flag('rotation_type', true, { column: 'refresh_rotating' }),
  refreshLeewaySeconds: whole('leeway', 0, { column: 'refresh_leeway_seconds' }),
  refreshLifetimeSeconds: whole('token_lifetime', 2_592_000, { column: 'refresh_lifetime_seconds' }),
  refreshIdleLifetimeSeconds: whole('idle_token_lifetime', 1_296_000, { column: 'refresh_idle_lifetime_seconds' }),
} as const;

/** Auth0's settings that have no effect here but are in every answer of Auth0, with their defaults. */
export const CLIENT_KEPT_DEFAULTS = {
  oidc_conformant: true,
  is_token_endpoint_ip_header_trusted: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
} as const;

export type ClientSettings = RecordOf<typeof CLIENT_COLUMNS>;

/** The settings of a client in requests. */
export type ClientSettingsBody = BodyOf<typeof CLIENT_FIELDS>;
