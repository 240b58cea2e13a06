/** The settings of the tenant. Auth0's settings without an effect here are stored unchanged, in `extra`. */
import { type BodyOf, flag, oneOf, optionalText, type RecordOf, text, texts, whole } from '../api/fields.js';

/**
 * Settings that are top-level properties in Auth0's JSON. Additions are shown even if they have their default, because
 * tools compare an answer with their own settings before they change anything.
 */
export const TENANT_FIELDS = {
  friendlyName: text('friendly_name'),
  defaultRedirectionUri: optionalText('default_redirection_uri'),
  allowOrganizationName: flag('allow_organization_name_in_authentication_api', false, {
    column: 'allow_organization_name',
  }),
  /**
   * Languages of the pages (domain/look/languages.ts), the default first. A language without texts here is stored and
   * ignored.
   */
  enabledLocales: texts('enabled_locales', { fallback: ['en'] }),
  membershipEvaluation: oneOf('membership_evaluation', ['after_actions', 'before_actions']),
} as const;

/** All columns of the tenant: the settings above, and lifetimes. Columns have seconds, Auth0's JSON has hours. */
export const TENANT_COLUMNS = {
  ...TENANT_FIELDS,
  sessionLifetimeSeconds: whole('session_lifetime', 604_800, { column: 'session_lifetime_seconds' }),
  idleSessionLifetimeSeconds: whole('idle_session_lifetime', 259_200, { column: 'idle_session_lifetime_seconds' }),
} as const;

/**
 * Auth0's settings that have no effect here but are in every answer of Auth0, with their defaults. `error_page` is
 * omitted unless it is set: Terraform would plan a change for an empty one, and deploy-cli refuses an export that has
 * null in it.
 */
export const TENANT_KEPT_DEFAULTS = {
  change_password: {},
  guardian_mfa_page: {},
  universal_login: {},
  sandbox_version: '22',
} as const;

/** Defaults of the members of `flags`. A request may change each of them separately. */
export const TENANT_FLAG_DEFAULTS = {
  allow_changing_enable_sso: false,
  disable_clickjack_protection_headers: false,
  disable_impersonation: true,
  enable_sso: true,
  revoke_refresh_token_grant: false,
  universal_login: true,
} as const;

export type TenantColumns = RecordOf<typeof TENANT_COLUMNS>;

/** The settings of the tenant in requests. */
export type TenantSettingsBody = BodyOf<typeof TENANT_FIELDS>;
