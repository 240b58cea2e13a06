/** The settings of a connection in an organization. docs/linking-rule.md says which decisions depend on them. */
import { type BodyOf, flag, oneOf, optionalText, type RecordOf, text, texts } from '../api/fields.js';

/** Settings that the endpoint `/organizations/{id}/enabled_connections` shows. */
export const ENABLEMENT_FIELDS = {
  assignMembershipOnLogin: flag('assign_membership_on_login', false),
  showAsButton: flag('show_as_button', true),
  isSignupEnabled: flag('is_signup_enabled', false),
  linkExistingMembers: oneOf('link_existing_members', ['verified_email', 'never'], { addition: true }),
  ssoRollout: oneOf('sso_rollout', ['optional', 'required'], { addition: true }),
  autoMembershipCondition: optionalText('auto_membership_condition', { maxLength: 1_000, addition: true }),
  pilotEmails: texts('pilot_emails', { maxItems: 1_000, addition: true }),
} as const;

/** Settings that the newer endpoint `/organizations/{id}/connections` shows in addition. */
export const TWIN_FIELDS = {
  ...ENABLEMENT_FIELDS,
  isEnabled: flag('is_enabled', true),
  organizationConnectionName: optionalText('organization_connection_name', { maxLength: 50 }),
  organizationAccessLevel: text('organization_access_level', 'none'),
} as const;

export type EnablementSettings = RecordOf<typeof TWIN_FIELDS>;

/** The settings of an organization's connection in requests. */
export type EnablementChanges = BodyOf<typeof TWIN_FIELDS>;
