/** The settings of an organization, each once; branding and metadata are objects of their own. */
import { type BodyOf, flag, optionalText, text } from '../api/fields.js';

export const ORGANIZATION_FIELDS = {
  name: text('name'),
  displayName: optionalText('display_name'),
  blocked: flag('blocked', false, { addition: true }),
} as const;

/** Settings of Auth0's whose features are not here: answers show these values, and a request may have no other. */
export const ORGANIZATION_FIXED = { third_party_client_access: 'block', is_app_entitlement_active: false } as const;

/** The settings as requests have them. */
export type OrganizationSettingsBody = BodyOf<typeof ORGANIZATION_FIELDS>;
