/** The settings of an API, each once. Settings of Auth0's without an effect here are kept as they came, in `extra`. */
import { type BodyOf, flag, oneOf, optionalText, type RecordOf, whole } from '../api/fields.js';

export const RESOURCE_SERVER_FIELDS = {
  name: optionalText('name'),
  tokenLifetimeSeconds: whole('token_lifetime', 86_400, { column: 'token_lifetime_seconds' }),
  allowOfflineAccess: flag('allow_offline_access', false),
  /** Role-based access control: people get the scopes that they are permitted. */
  enforcePolicies: flag('enforce_policies', false, { quiet: true }),
  tokenDialect: oneOf(
    'token_dialect',
    ['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'],
    {
      quiet: true,
    },
  ),
} as const;

export type ResourceServerSettings = RecordOf<typeof RESOURCE_SERVER_FIELDS>;

/** The settings as requests have them. */
export type ResourceServerSettingsBody = BodyOf<typeof RESOURCE_SERVER_FIELDS>;
