/** The settings of a client grant. */
import { type BodyOf, flag, oneOf, optionalOneOf, type RecordOf, texts } from '../api/fields.js';

export const GRANT_FIELDS = {
  scopes: texts('scope', { column: 'scopes' }),
  organizationUsage: optionalOneOf('organization_usage', ['deny', 'allow', 'require']),
  allowAnyOrganization: flag('allow_any_organization', false),
  /** True: the grant includes all scopes of the API, also those added later. */
  allowAllScopes: flag('allow_all_scopes', false, { quiet: true }),
  /** For whom the application may request tokens: `client` for itself, `user` for people. */
  subjectType: oneOf('subject_type', ['client', 'user']),
} as const;

export type GrantSettings = RecordOf<typeof GRANT_FIELDS>;

/** The settings of a grant in requests. */
export type GrantSettingsBody = BodyOf<typeof GRANT_FIELDS>;
