/**
 * Properties, parameters and null values that Auth0's service accepts although its OpenAPI document does not (recorded
 * from an Auth0 tenant, or sent by its SDKs). Null clears a setting. Everything else that the document does not name is
 * refused.
 */
import type { JsonSchema } from './operation.js';

/** Properties that may be null although the document does not say so, by definition name. */
const CLEARED_BY_NULL: Readonly<Record<string, readonly string[]>> = {
  UpdateClientRequestContent: [
    'addons',
    'client_metadata',
    'jwt_configuration',
    'mobile',
    'oidc_backchannel_logout',
    'oidc_logout',
    'signed_request_object',
    'token_vault_privileged_access',
  ],
  // The document's text allows null here, but its schema cannot: both alternatives of its `oneOf` accept null, so not
  // exactly one matches.
  UpdateBrandingColors: ['page_background'],
  // deploy-cli writes what the service shows.
  CreateConnectionProfileRequestContent: ['connection_config', 'strategy_overrides'],
  UpdateConnectionProfileRequestContent: ['connection_config', 'strategy_overrides'],
};

/** Properties that the document lacks, by definition name. */
const LIFETIME_FOR_WEB: JsonSchema = { token_lifetime_for_web: { type: 'integer', minimum: 0, maximum: 2_592_000 } };
const ORGANIZATION: JsonSchema = {
  third_party_client_access: { type: 'string', enum: ['block', 'allow'] },
  is_app_entitlement_active: { type: 'boolean' },
};
/** How a theme shows the fields of the sign-in page: go-auth0 1.44 and later send it. */
const THEME: JsonSchema = {
  identifiers: {
    type: 'object',
    additionalProperties: false,
    required: ['login_display', 'otp_autocomplete', 'phone_display'],
    properties: {
      login_display: { type: 'string', enum: ['separate', 'unified'] },
      otp_autocomplete: { type: 'boolean' },
      phone_display: {
        type: 'object',
        additionalProperties: false,
        required: ['formatting', 'masking'],
        properties: {
          formatting: { type: 'string', enum: ['international', 'regional'] },
          masking: { type: 'string', enum: ['hide_country_code', 'mask_digits', 'show_all'] },
        },
      },
    },
  },
};
/** Sent by go-auth0 1.47 and later. Auth0 takes no other default than `block`. */
const MY_ORGANIZATION: JsonSchema = {
  third_party_client_access: {
    type: 'object',
    additionalProperties: false,
    properties: {
      default_value: { type: 'string', enum: ['block'] },
      allowed_values: { type: 'array', items: { type: 'string', enum: ['allow', 'block'] } },
    },
  },
  enforce_permission_ceiling: { type: 'boolean' },
  enforce_self_assignment_restriction: { type: 'boolean' },
};
/** The older name of `cross_origin_authentication`, which answers still have. */
const CLIENT: JsonSchema = { cross_origin_auth: { type: 'boolean' } };
const ROLE: JsonSchema = { type: { type: 'string', enum: ['tenant', 'organization'] } };
const ACCEPTED: Readonly<Record<string, JsonSchema>> = {
  CreateResourceServerRequestContent: LIFETIME_FOR_WEB,
  UpdateResourceServerRequestContent: LIFETIME_FOR_WEB,
  CreateOrganizationRequestContent: ORGANIZATION,
  UpdateOrganizationRequestContent: ORGANIZATION,
  CreateRoleRequestContent: ROLE,
  UpdateRoleRequestContent: ROLE,
  CreateBrandingThemeRequestContent: THEME,
  UpdateBrandingThemeRequestContent: THEME,
  CreateClientRequestContent: CLIENT,
  UpdateClientRequestContent: CLIENT,
  ClientMyOrganizationPostConfiguration: MY_ORGANIZATION,
  ClientMyOrganizationPatchConfiguration: MY_ORGANIZATION,
  TenantSettingsFlags: {
    universal_login: { type: 'boolean' },
    use_scope_descriptions_for_consent: { type: 'boolean' },
  },
  UpdateTenantSettingsRequestContent: { universal_login: { type: ['object', 'null'] } },
};

/** Parameters that the document lacks, or whose limit is wider than there, by operation. */
export const WIDER_PARAMETERS: Readonly<Record<string, JsonSchema>> = {
  'get /organizations': {
    include_client_association_for: { type: 'string', format: 'client-id', minLength: 1, maxLength: 100 },
  },
  // auth0 6 and 7 send `take=50` unless told.
  'get /connection-profiles': { take: { type: 'integer', minimum: 1, maximum: 100 } },
};

type Definition = JsonSchema & { readonly properties?: JsonSchema };

/**
 * Returns a schema that also accepts null. It uses `then` instead of `anyOf`, so that an error names what is wrong with
 * the value.
 */
function orNull(schema: unknown): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  return { if: { not: { type: 'null' } }, then: schema };
}

/** Returns the definition as Auth0's service accepts it, which is more than its document says. */
export function asAccepted<Schema extends Definition>(name: string, definition: Schema): Schema {
  const cleared = CLEARED_BY_NULL[name] ?? [];
  const nullable = Object.entries(definition.properties ?? {}).filter(([property]) => cleared.includes(property));
  const more = {
    ...Object.fromEntries(nullable.map(([property, schema]) => [property, orNull(schema)])),
    ...ACCEPTED[name],
  };
  if (Object.keys(more).length === 0) return definition;
  return { ...definition, properties: { ...definition.properties, ...more } };
}
