/** The settings of an API. Auth0's settings without an effect here are stored unchanged, in `extra`. */
import { type BodyOf, flag, oneOf, optionalText, type RecordOf, whole } from '../api/fields.js';

export const RESOURCE_SERVER_FIELDS = {
  name: optionalText('name'),
  tokenLifetimeSeconds: whole('token_lifetime', 86_400, { column: 'token_lifetime_seconds' }),
  allowOfflineAccess: flag('allow_offline_access', false),
  /** Role-based access control: a person's token gets only the scopes that the person is permitted. */
  enforcePolicies: flag('enforce_policies', false),
  tokenDialect: oneOf('token_dialect', [
    'access_token',
    'access_token_authz',
    'rfc9068_profile',
    'rfc9068_profile_authz',
  ]),
} as const;

/**
 * The policies of `subject_type_authorization`: which applications may get tokens of people, and which may get tokens
 * of their own.
 */
export const POLICY_FIELDS = {
  userPolicy: oneOf('user_policy', ['allow_all', 'deny_all', 'require_client_grant']),
  clientPolicy: oneOf('client_policy', ['require_client_grant', 'deny_all']),
} as const;

export const RESOURCE_SERVER_COLUMNS = { ...RESOURCE_SERVER_FIELDS, ...POLICY_FIELDS } as const;

/** Auth0's settings that have no effect here but are in every answer of Auth0, with their defaults. */
export const RESOURCE_SERVER_KEPT_DEFAULTS = {
  skip_consent_for_verifiable_first_party_clients: false,
} as const;

/**
 * Auth0's default for tokens of the implicit flow, in seconds. That flow does not exist here: the number is only stored
 * and shown.
 */
export const TOKEN_LIFETIME_FOR_WEB_SECONDS = 7_200;

export type ResourceServerSettings = RecordOf<typeof RESOURCE_SERVER_COLUMNS>;
type ApiPolicies = RecordOf<typeof POLICY_FIELDS>;

/** The settings of an API in requests. */
export interface ResourceServerSettingsBody extends BodyOf<typeof RESOURCE_SERVER_FIELDS> {
  readonly subject_type_authorization?: {
    readonly user?: { readonly policy?: ApiPolicies['userPolicy'] };
    readonly client?: { readonly policy?: ApiPolicies['clientPolicy'] };
  };
}

/** Returns the policies that a request names. */
export function toPolicies({ subject_type_authorization: named }: ResourceServerSettingsBody): Partial<ApiPolicies> {
  const user = named?.user?.policy;
  const client = named?.client?.policy;
  return { ...(user !== undefined && { userPolicy: user }), ...(client !== undefined && { clientPolicy: client }) };
}
