/** The settings of an organization, each once; branding and metadata are objects of their own. */
import { type BodyOf, flag, optionalText, text } from '../api/fields.js';

export const ORGANIZATION_FIELDS = {
  name: text('name'),
  displayName: optionalText('display_name'),
  blocked: flag('blocked', false, { addition: true }),
} as const;

/** The settings as requests have them. */
export type OrganizationSettingsBody = BodyOf<typeof ORGANIZATION_FIELDS>;
