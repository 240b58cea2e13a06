/**
 * The values of a request's body that people other than its sender may see: in the log, and in answers to callers with
 * only the right to read. It lists the harmless properties. The value of any other property is masked and its name
 * kept, so that an unforeseen credential (`options.app_secret`, a header, an option of a later version of Auth0) is
 * never shown. Must not list a property that may hold a credential.
 */
import type { JsonSchema } from './operation.js';
import { DEFINITIONS, getRequestSchemas } from './validation.js';

/** Text that replaces a value that must not be shown. */
export const MASK = '•••';

/** Splits a text into paths of properties. `[]` in a path is an item of a list. */
const paths = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Paths of texts that log lines and answers show. Booleans need no entry, nor do numbers and words that the schema
 * limits to a list.
 */
const SHOWN: ReadonlySet<string> = new Set([
  // names, descriptions, ids
  ...paths(`name display_name displayName description friendly_name client_id enabled_clients[] realms[] strategy provider
    connection connection_id connection_ids[] organization_id organization_connection_name user_id user_ids[] users[] members[]
    members roles[] role_id ids[] id kid grant_id external_id identifier audience scope[] scopes[] scopes[].value
    scopes[].description [].client_id clients[] clients[].client_id absorb_user_id username user_id_attribute trigger_id module_names[] module_version_id
    secret_names[] runtime api_version modules[].module_id modules[].module_name modules[].module_version_id dependencies[].name
    dependencies[].version bindings[].display_name bindings[].ref.value secrets[].name bindings[].secrets[].name
    supported_triggers[].version supported_triggers[].status supported_triggers[].default_runtime supported_triggers[].runtimes[]
    permissions[].permission_name permissions[].resource_server_identifier resource_server_identifier identity.user_id
    identity.connection_id`),
  // people: the same values are in the log lines of their sign-ins
  ...paths(`email given_name family_name nickname phone_number invitee.email inviter.name expected_email pilot_emails[]
    identities[].user_id identities[].expected_email identities[].subject`),
  // applications
  ...paths(`grant_types[] client_aliases[] allowed_clients[] refresh_token.policies[].audience refresh_token.policies[].scope[]
    default_organization.organization_id client_authentication_methods.private_key_jwt.credentials[].id
    client_authentication_methods.private_key_jwt.credentials[].kid client_authentication_methods.private_key_jwt.credentials[].name
    mobile.android.app_package_name mobile.ios.team_id mobile.ios.app_bundle_identifier expires_at`),
  // organizations and their sign-in
  ...paths(`domain auto_membership_condition condition enabled_connections[].connection_id enabled_connections[].pilot_emails[]
    enabled_connections[].auto_membership_condition scim_group_roles[].display_name scim_group_roles[].external_id
    scim_group_roles[].roles[] scim_groups[] only[] former_issuer mapping[].scim mapping[].auth0 branding.colors.primary
    branding.colors.page_background user_attributes[].name user_attributes[].description enabled_organizations[].organization_id
    connection_config.name connection_config.display_name connection_config.options.domain_aliases[]
    domain_aliases_config.pending_domains[] provisioning_config.assignable_roles[]`),
  // connections
  ...paths(`options.client_id options.domain options.domain_aliases[] options.tenant_domain options.tenantId
    options.allowed_tenants[] options.cloud options.scope options.scope[] options.type options.issuer options.entityId
    options.token_endpoint_auth_method options.token_endpoint_auth_signing_alg options.userid_attribute options.user_id_attribute
    options.identity_api options.waad_protocol options.signatureAlgorithm options.digestAlgorithm options.protocolBinding
    options.nameIdentifierFormat options.set_user_root_attributes options.passwordPolicy options.non_persistent_attrs[]
    options.should_trust_email_verified_connection options.pkce options.attribute_map.mapping_mode
    options.idpinitiated.client_id options.idpinitiated.client_protocol options.brute_force_protection options.signingCert
    options.signingCerts[] options.cert options.password_options.profile_data.blocked_fields[]`),
  // the tenant, its mail, its log streams
  ...paths(`support_email default_audience default_directory acr_values_supported[] default_from_address from subject syntax
    credentials.smtp_host sink.httpContentType filters[].type filters[].name startFrom allowlist[] colors.primary
    colors.page_background country_codes.list[] authorization_details_types[] token_encryption.encryption_key.kid
    token_encryption.encryption_key.name universal_login.colors.primary
    universal_login.colors.page_background fields[].name fields[].export_as sandbox_version legacy_sandbox_version`),
]);

/**
 * Paths of URLs, of which only scheme and host are shown. Path or query may be a credential, as in most incoming
 * webhooks.
 */
const ADDRESSES: ReadonlySet<string> = new Set(
  paths(`callbacks[] allowed_logout_urls[] web_origins[] allowed_origins[] initiate_login_uri logo_uri logo_url favicon_url picture
    picture_url support_url default_redirection_uri result_url resultUrl error_page.url branding.logo_url font.url
    oidc_logout.backchannel_logout_urls[] oidc_backchannel_logout.backchannel_logout_urls[] sink.httpEndpoint
    options.discovery_url options.authorization_endpoint options.token_endpoint options.jwks_uri options.userinfo_endpoint
    options.signInEndpoint options.signOutEndpoint options.metadataUrl options.icon_url connection_config.options.icon_url`),
);

/**
 * Returns scheme and host of a URL, without user name and password. Path, query and fragment are replaced by the mask.
 */
export function toShownAddress(address: string): string {
  const [, scheme, host, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#@\s]*)(.*)$/is.exec(address) ?? [];
  if (scheme === undefined) return MASK;
  return rest === '' || rest === '/' ? `${scheme}${host}${rest}` : `${scheme}${host}/${MASK}`;
}

/**
 * The values that the schema allows at one path: fixed words, and whether numbers are allowed. Neither can be a
 * credential.
 */
interface Bounded {
  readonly words: ReadonlySet<unknown>;
  readonly isNumber: boolean;
}

const MAX_DEPTH = 16;

function readSchema(schema: unknown, path: string, found: Map<string, Bounded>, depth: number): void {
  if (typeof schema !== 'object' || schema === null || depth > MAX_DEPTH) return;
  const { $ref, properties, items, type, enum: words = [], ...others } = schema as JsonSchema;
  if (typeof $ref === 'string') readSchema(DEFINITIONS[$ref.split('/').at(-1) ?? ''], path, found, depth + 1);
  const branches = [others.anyOf, others.oneOf, others.allOf].flat();
  for (const branch of [...branches, others.then]) readSchema(branch, path, found, depth + 1);
  for (const [name, property] of Object.entries((properties as object | undefined) ?? {}))
    readSchema(property, path === '' ? name : `${path}.${name}`, found, depth + 1);
  readSchema(items, `${path}[]`, found, depth + 1);
  const types = [type].flat();
  const before = found.get(path);
  found.set(path, {
    words: new Set([...(before?.words ?? []), ...(words as readonly unknown[])]),
    isNumber: before?.isNumber === true || types.includes('integer') || types.includes('number'),
  });
}

const read = new Map<string, ReadonlyMap<string, Bounded>>();

/** Returns the allowed values for each path in an operation's body. */
function boundsOf(key: string): ReadonlyMap<string, Bounded> {
  const known = read.get(key);
  if (known !== undefined) return known;
  const found = new Map<string, Bounded>();
  readSchema(getRequestSchemas(key).body, '', found, 0);
  read.set(key, found);
  return found;
}

/** True for values that cannot be a credential: null, empty or false. */
const saysNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || value === false;

function show(value: unknown, path: string, bounds: ReadonlyMap<string, Bounded>): unknown {
  if (saysNothing(value) || value === true) return value;
  if (Array.isArray(value)) return value.map((item) => show(item, `${path}[]`, bounds));
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value as object).map(([name, item]) => [
        name,
        show(item, path === '' ? name : `${path}.${name}`, bounds),
      ]),
    );
  const bounded = bounds.get(path);
  // A text with a private key, for example a pasted certificate file with its key.
  if (typeof value === 'string' && value.includes('PRIVATE KEY')) return MASK;
  if (typeof value === 'number') return bounded?.isNumber === true ? value : MASK;
  if (SHOWN.has(path) || bounded?.words.has(value) === true) return value;
  return typeof value === 'string' && ADDRESSES.has(path) ? toShownAddress(value) : MASK;
}

/**
 * Returns the body of the operation `key` (`patch /connections/{id}`) with each value masked that is not known to be
 * harmless. Attack: a reader of the log, or of a log stream, learns a credential that another caller sent.
 */
export function toShownBody(key: string, body: unknown): unknown {
  return show(body, '', boundsOf(key));
}
