/** The settings of a client grant, each once. */
import { type BodyOf, flag, oneOf, optionalOneOf, type RecordOf, texts } from '../api/fields.js';

export const GRANT_FIELDS = {
  scopes: texts('scope', { column: 'scopes' }),
  organizationUsage: optionalOneOf('organization_usage', ['deny', 'allow', 'require']),
  allowAnyOrganization: flag('allow_any_organization', false),
  /** Every scope that the API has, now and later. */
  allowAllScopes: flag('allow_all_scopes', false, { quiet: true }),
  /** Whose tokens: the application's own, or those of people. */
  subjectType: oneOf('subject_type', ['client', 'user']),
} as const;

export type GrantSettings = RecordOf<typeof GRANT_FIELDS>;

/** The settings as requests have them. */
export type GrantSettingsBody = BodyOf<typeof GRANT_FIELDS>;
