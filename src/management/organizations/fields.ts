/** The settings of an organization. Its branding and metadata are separate objects. */
import { type BodyOf, flag, optionalText, text } from '../api/fields.js';

export const ORGANIZATION_FIELDS = {
  name: text('name'),
  displayName: optionalText('display_name'),
  blocked: flag('blocked', false, { addition: true }),
  limitsApplications: flag('is_app_entitlement_active', false),
} as const;

/**
 * Settings of Auth0 features that do not exist here. Answers show these values; a request with another value is
 * refused.
 */
export const ORGANIZATION_FIXED = { third_party_client_access: 'block' } as const;

/** The settings of an organization in requests. */
export type OrganizationSettingsBody = BodyOf<typeof ORGANIZATION_FIELDS>;
