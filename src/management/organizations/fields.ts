/** The settings of an organization. Its branding and metadata are separate objects. */
import { FACTOR_NAMES } from '../../facts/factors.js';
import { type BodyOf, flag, oneOf, optionalText, text, texts } from '../api/fields.js';

export const ORGANIZATION_FIELDS = {
  name: text('name'),
  displayName: optionalText('display_name'),
  blocked: flag('blocked', false, { addition: true }),
  limitsApplications: flag('is_app_entitlement_active', false),
  /** Which members are asked for a second factor. `required_unless_idp`: those who passed none at their company. */
  mfa: oneOf('mfa', ['none', 'required', 'required_unless_idp'], { addition: true }),
  /** The factors that the organization accepts; empty for all that the tenant accepts. */
  mfaFactors: texts('mfa_factors', { addition: true, maxItems: 10, words: FACTOR_NAMES }),
} as const;

/**
 * Settings of Auth0 features that do not exist here. Answers show these values; a request with another value is
 * refused.
 */
export const ORGANIZATION_FIXED = { third_party_client_access: 'block' } as const;

/** The settings of an organization in requests. */
export type OrganizationSettingsBody = BodyOf<typeof ORGANIZATION_FIELDS>;
