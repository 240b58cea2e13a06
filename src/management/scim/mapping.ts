/**
 * Maps a SCIM user to a user of this server, by the connection's mapping or Auth0's default (recorded from an Auth0
 * tenant: terraform-provider-auth0, TestAccSCIMConfiguration). Pure functions. Targets that are not known have no
 * effect: a mapping cannot verify an address or give roles.
 */
import type { UserProfile } from '../../domain/people/account.js';
import { type Email, parseEmail } from '../../domain/people/email.js';
import type { ScimConfiguration, ScimMappingItem, ScimResource } from '../../ports/directory/scim.js';
import { ENTERPRISE_SCHEMA, parseAttributePath, readPath } from './attribute-path.js';

const enterprise = (name: string, target: string) => ({
  scim: `${ENTERPRISE_SCHEMA}.${name}`,
  auth0: `app_metadata.${target}`,
});
const workAddress = (name: string, target: string) => ({
  scim: `addresses[type eq "work"].${name}`,
  auth0: `app_metadata.${target}`,
});

/** The mapping of a connection that has none of its own. */
export const DEFAULT_MAPPING: readonly Required<ScimMappingItem>[] = [
  { scim: 'userName', auth0: 'preferred_username' },
  { scim: 'emails[primary eq true].value', auth0: 'email' },
  { scim: 'externalId', auth0: 'app_metadata.external_id' },
  { scim: 'active', auth0: 'blocked' },
  { scim: 'displayName', auth0: 'name' },
  { scim: 'name.givenName', auth0: 'given_name' },
  { scim: 'name.familyName', auth0: 'family_name' },
  { scim: 'name.middleName', auth0: 'app_metadata.middle_name' },
  { scim: 'name.honorificPrefix', auth0: 'app_metadata.honorific_prefix' },
  { scim: 'name.honorificSuffix', auth0: 'app_metadata.honorific_suffix' },
  { scim: 'nickName', auth0: 'nickname' },
  { scim: 'photos[type eq "photo"].value', auth0: 'picture' },
  { scim: 'phoneNumbers[primary eq true].value', auth0: 'app_metadata.primary_phone_number' },
  { scim: 'phoneNumbers[type eq "mobile"].value', auth0: 'app_metadata.mobile_phone_number' },
  workAddress('streetAddress', 'street_address'),
  workAddress('locality', 'city'),
  workAddress('region', 'state'),
  workAddress('postalCode', 'postal_code'),
  workAddress('formatted', 'postal_address'),
  workAddress('country', 'country'),
  { scim: 'profileUrl', auth0: 'app_metadata.profile_url' },
  { scim: 'userType', auth0: 'app_metadata.user_type' },
  { scim: 'title', auth0: 'app_metadata.title' },
  { scim: 'preferredLanguage', auth0: 'app_metadata.language' },
  { scim: 'locale', auth0: 'app_metadata.locale' },
  { scim: 'timezone', auth0: 'app_metadata.timezone' },
  enterprise('employeeNumber', 'employee_id'),
  enterprise('costCenter', 'cost_center'),
  enterprise('organization', 'organization'),
  enterprise('division', 'division'),
  enterprise('department', 'department'),
  enterprise('manager', 'manager'),
];

/**
 * Returns the subject that the identity provider will assert for this user. Undefined when the attribute is missing or
 * no string.
 */
export function subjectOf(resource: ScimResource, { userIdAttribute }: ScimConfiguration): string | undefined {
  const path = parseAttributePath(userIdAttribute);
  const value = path && readPath(resource, path);
  return typeof value === 'string' ? value : undefined;
}

/**
 * The result of the mapping. An undefined value removes the property from the stored user; a missing property does not
 * change it.
 */
export interface MappedUser {
  readonly email: { readonly address: Email | undefined } | undefined;
  readonly profile: Readonly<Record<string, string | undefined>>;
  readonly appMetadata: Readonly<Record<string, unknown>>;
  /** The same values as claims. The expected identity has them until the first login brings the provider's claims. */
  readonly claims: Readonly<Record<string, string>>;
}

const PROFILE: Readonly<Record<string, keyof UserProfile>> = {
  name: 'name',
  given_name: 'givenName',
  family_name: 'familyName',
  nickname: 'nickname',
  picture: 'picture',
};

const METADATA = /^app_metadata\.([A-Za-z0-9_-]{1,64})$/;

/**
 * Returns the properties that the mapping takes from `resource`. Excludes `active`: its meaning depends on whether the
 * account belongs to this connection (see http/scim).
 */
export function toMappedUser(resource: ScimResource, mapping: readonly ScimMappingItem[]): MappedUser {
  let email: MappedUser['email'];
  const profile: Record<string, string | undefined> = {};
  const appMetadata: Record<string, unknown> = {};
  const claims: Record<string, string> = {};
  for (const { scim, auth0 } of mapping) {
    const path = scim === undefined ? undefined : parseAttributePath(scim);
    if (path === undefined || auth0 === undefined) continue;
    const value = readPath(resource, path);
    const text = typeof value === 'string' && value !== '' ? value : undefined;
    const field = Object.hasOwn(PROFILE, auth0) ? PROFILE[auth0] : undefined;
    const name = METADATA.exec(auth0)?.[1];
    if (field !== undefined) profile[field] = text;
    else if (auth0 === 'email') email = { address: parseEmail(text) };
    else if (name !== undefined && name !== '__proto__') appMetadata[name] = value;
    if ((field !== undefined || auth0 === 'email' || auth0 === 'preferred_username') && text !== undefined)
      claims[auth0] = text;
  }
  return { email, profile, appMetadata, claims };
}
