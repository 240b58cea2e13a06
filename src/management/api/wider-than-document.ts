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
};

/** Properties that the document lacks, by definition name. */
const LIFETIME_FOR_WEB: JsonSchema = { token_lifetime_for_web: { type: 'integer', minimum: 0, maximum: 2_592_000 } };
const ORGANIZATION: JsonSchema = {
  third_party_client_access: { type: 'string', enum: ['block', 'allow'] },
  is_app_entitlement_active: { type: 'boolean' },
};
const ROLE: JsonSchema = { type: { type: 'string', enum: ['tenant', 'organization'] } };
const ACCEPTED: Readonly<Record<string, JsonSchema>> = {
  CreateResourceServerRequestContent: LIFETIME_FOR_WEB,
  UpdateResourceServerRequestContent: LIFETIME_FOR_WEB,
  CreateOrganizationRequestContent: ORGANIZATION,
  UpdateOrganizationRequestContent: ORGANIZATION,
  CreateRoleRequestContent: ROLE,
  UpdateRoleRequestContent: ROLE,
  TenantSettingsFlags: { use_scope_descriptions_for_consent: { type: 'boolean' } },
  UpdateTenantSettingsRequestContent: { universal_login: { type: ['object', 'null'] } },
};

/** Parameters whose limit is wider than in the document, by operation: auth0 6 and 7 send `take=50` unless told. */
export const WIDER_PARAMETERS: Readonly<Record<string, JsonSchema>> = {
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
