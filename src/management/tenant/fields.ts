/** The settings of the tenant, each once. Settings of Auth0's without an effect here are kept as they came, in `extra`. */
import { type BodyOf, flag, oneOf, optionalText, type RecordOf, text, whole } from '../api/fields.js';

/** The settings that are properties of their own in Auth0's JSON. The default of an addition is shown too: tools compare before they change. */
export const TENANT_FIELDS = {
  friendlyName: text('friendly_name'),
  defaultRedirectionUri: optionalText('default_redirection_uri'),
  allowOrganizationName: flag('allow_organization_name_in_authentication_api', false, {
    column: 'allow_organization_name',
  }),
  membershipEvaluation: oneOf('membership_evaluation', ['after_actions', 'before_actions']),
} as const;

/** All columns: the settings above, and the lifetimes, which are hours in JSON. */
export const TENANT_COLUMNS = {
  ...TENANT_FIELDS,
  sessionLifetimeSeconds: whole('session_lifetime', 604_800, { column: 'session_lifetime_seconds' }),
  idleSessionLifetimeSeconds: whole('idle_session_lifetime', 259_200, { column: 'idle_session_lifetime_seconds' }),
} as const;

export type TenantColumns = RecordOf<typeof TENANT_COLUMNS>;

/** The settings as requests have them. */
export type TenantSettingsBody = BodyOf<typeof TENANT_FIELDS>;
