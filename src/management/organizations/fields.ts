/** The settings of an organization. Branding and metadata are separate objects. */
import { type BodyOf, flag, optionalText, text } from '../api/fields.js';

export const ORGANIZATION_FIELDS = {
  name: text('name'),
  displayName: optionalText('display_name'),
  blocked: flag('blocked', false, { addition: true }),
} as const;

/** Settings of Auth0 features that do not exist here: answers show these values, and a request may have no others. */
export const ORGANIZATION_FIXED = { third_party_client_access: 'block', is_app_entitlement_active: false } as const;

/** The settings of an organization in requests. */
export type OrganizationSettingsBody = BodyOf<typeof ORGANIZATION_FIELDS>;
