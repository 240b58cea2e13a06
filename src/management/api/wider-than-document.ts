/**
 * Requests that Auth0's service takes although its OpenAPI document does not have them, as recordings of its answers show: null for a
 * setting that is to be cleared, and a few properties. A name that is not here is refused as the document says.
 */
import type { JsonSchema } from './operation.js';

/** Definition name to properties that may be null besides. */
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
  // Its description says so; its two alternatives both take null, which fits none of them alone.
  UpdateBrandingColors: ['page_background'],
};

/** Definition name to properties that the document lacks. */
const LIFETIME_FOR_WEB: JsonSchema = { token_lifetime_for_web: { type: 'integer', minimum: 0, maximum: 2_592_000 } };
const ORGANIZATION: JsonSchema = {
  third_party_client_access: { type: 'string', enum: ['block', 'allow'] },
  is_app_entitlement_active: { type: 'boolean' },
};
const ACCEPTED: Readonly<Record<string, JsonSchema>> = {
  CreateResourceServerRequestContent: LIFETIME_FOR_WEB,
  UpdateResourceServerRequestContent: LIFETIME_FOR_WEB,
  CreateOrganizationRequestContent: ORGANIZATION,
  UpdateOrganizationRequestContent: ORGANIZATION,
  TenantSettingsFlags: { use_scope_descriptions_for_consent: { type: 'boolean' } },
  UpdateTenantSettingsRequestContent: { universal_login: { type: ['object', 'null'] } },
};

type Definition = JsonSchema & { readonly properties?: JsonSchema };

/** `then`, not `anyOf`: so the error of a value that is neither names what is wrong with it. */
function orNull(schema: unknown): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  return { if: { not: { type: 'null' } }, then: schema };
}

/** The definition as the service takes it. */
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
