/**
 * Reads the identity from a verified assertion: subject, address, profile and claims, by Auth0's `user_id_attribute`
 * and `fieldsMap`. The address never counts as verified: a SAML IdP asserts whatever its administrator typed, so only
 * the organization's proof of its domain counts (linking rule).
 */
import { type ExternalIdentity, type IdpSession, isSubject, type UserProfile } from '../../domain/people/account.js';
import { toClaimedProfile } from '../../domain/people/claimed-profile.js';
import { parseEmail } from '../../domain/people/email.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import type { VerifiedAssertion } from './expected.js';
import type { SamlSettings } from './settings.js';

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
const EMAIL_ADDRESS = /^urn:oasis:names:tc:SAML:(?:1\.1|2\.0):nameid-format:emailAddress$/;
/**
 * Maximum number of bytes of all claims as JSON: they travel in a sealed cookie while the person is asked something.
 */
const MAX_CLAIMS = 65_536;
/**
 * Maximum number of characters of a name that is stored for logout (SAML core, section 8.3.7, has 256); it goes into an
 * index.
 */
const MAX_NAME_PART = 512;

/** Maximum number of characters of a name that is stored (as on Auth0). */
const MAX_NAME = 300;

/** Auth0's fields, each with the attributes that are read unless `fieldsMap` names others. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  email: [`${CLAIMS}/emailaddress`, 'email', 'mail', 'urn:oid:0.9.2342.19200300.100.1.3', 'Email', 'emailAddress'],
  name: [`${CLAIMS}/name`, 'name', 'displayName', 'urn:oid:2.16.840.1.113730.3.1.241'],
  given_name: [`${CLAIMS}/givenname`, 'given_name', 'givenName', 'firstName', 'urn:oid:2.5.4.42'],
  family_name: [`${CLAIMS}/surname`, 'family_name', 'surname', 'sn', 'lastName', 'urn:oid:2.5.4.4'],
  nickname: ['nickname'],
  picture: ['picture'],
  groups: ['http://schemas.xmlsoap.org/claims/Group', 'groups', 'memberOf'],
};

type Attributes = VerifiedAssertion['attributes'];

function valuesOf(attributes: Attributes, names: readonly string[]): readonly string[] | undefined {
  const name = names.find((one) => Object.hasOwn(attributes, one) && attributes[one]?.length);
  return name === undefined ? undefined : attributes[name];
}

/** Returns the value of a field that can have only one value: several identify nobody. */
function oneOf(attributes: Attributes, names: readonly string[]): string | undefined {
  const values = valuesOf(attributes, names);
  return values?.length === 1 && values[0] !== '' ? values[0] : undefined;
}

const namesOf = ({ fieldsMap }: SamlSettings, field: string): readonly string[] =>
  fieldsMap[field]?.length ? fieldsMap[field] : (USUAL[field] ?? []);

function subjectOf(assertion: VerifiedAssertion, settings: SamlSettings): string | ConnectorFailure {
  const { nameId, nameIdFormat, attributes } = assertion;
  const names = settings.userIdAttributes;
  if (names.length === 0 && nameIdFormat === TRANSIENT)
    return fail(
      'invalid',
      'saml.name_id',
      'the NameID is transient, so it is another one at each login: have the IdP send a persistent one, or set user_id_attribute',
    );
  const subject = names.length > 0 ? oneOf(attributes, names) : nameId;
  if (isSubject(subject)) return subject;
  const where = names.length > 0 ? `the attribute ${names.join(' or ')}` : 'the NameID';
  return fail('invalid', 'saml.name_id', `${where} must be one value of 1 to 255 printable ASCII characters`);
}

const toClaim = (values: readonly string[]): unknown => (values.length === 1 ? values[0] : values);

/** Returns the attributes under their own names, then the mapped fields under Auth0's. */
function toClaims(assertion: VerifiedAssertion, settings: SamlSettings): Record<string, unknown> {
  const { attributes, nameId, nameIdFormat, sessionIndex } = assertion;
  const fields = new Set([...Object.keys(USUAL), ...Object.keys(settings.fieldsMap)]);
  const mapped = [...fields].flatMap((field) => {
    const values = valuesOf(attributes, namesOf(settings, field));
    return values === undefined ? [] : [[field, field === 'groups' ? values : toClaim(values)] as const];
  });
  return Object.fromEntries([
    ...Object.entries(attributes).map(([name, values]) => [name, toClaim(values)] as const),
    ...mapped,
    ['nameIdAttributes', { value: nameId, ...(nameIdFormat !== undefined && { Format: nameIdFormat }) }],
    ...(sessionIndex === undefined ? [] : [['sessionIndex', sessionIndex] as const]),
  ]);
}

/**
 * Returns the session at the IdP, for single logout; undefined where a part is too long to store and compare. Then
 * people sign out here and at the IdP separately.
 */
function toIdpSession(assertion: VerifiedAssertion): IdpSession | undefined {
  const { nameId, nameIdFormat, nameQualifier, spNameQualifier, sessionIndex, issuedAt } = assertion;
  const parts = [nameId, nameIdFormat, nameQualifier, spNameQualifier];
  if (parts.some((part) => part !== undefined && part.length > MAX_NAME_PART)) return undefined;
  return {
    name: nameId,
    issuedAt: issuedAt.getTime(),
    ...(nameIdFormat !== undefined && { format: nameIdFormat }),
    ...(nameQualifier !== undefined && { nameQualifier }),
    ...(spNameQualifier !== undefined && { spNameQualifier }),
    ...(sessionIndex !== undefined && { index: sessionIndex }),
  };
}

/**
 * Returns the profile. Many providers send a given and a family name, and as `name` nothing or the account's address
 * (Entra ID: the user principal name). The two names are then joined, so that people are not shown as their address. An
 * attribute that `fieldsMap.name` names counts as it is.
 */
function toProfile(attributes: Attributes, settings: SamlSettings): UserProfile {
  const profile = toClaimedProfile((claim) => oneOf(attributes, namesOf(settings, claim)));
  const { name, givenName, familyName } = profile;
  const isChosen = name !== undefined && (settings.fieldsMap.name?.length ?? 0) > 0;
  const isName = name !== undefined && parseEmail(name) === undefined;
  if (isChosen || isName || givenName === undefined || familyName === undefined) return profile;
  const joined = `${givenName} ${familyName}`;
  return joined.length > MAX_NAME ? profile : { ...profile, name: joined };
}

/** Returns the identity, or the failure `saml.name_id` or `saml.size`. */
export function toSamlIdentity(
  connectionId: string,
  assertion: VerifiedAssertion,
  settings: SamlSettings,
): ExternalIdentity | ConnectorFailure {
  const subject = subjectOf(assertion, settings);
  if (typeof subject !== 'string') return subject;
  const claims = toClaims(assertion, settings);
  if (JSON.stringify(claims).length > MAX_CLAIMS)
    return fail('invalid', 'saml.size', 'the assertion has too many attributes: have the IdP send fewer groups');
  const { nameId, nameIdFormat = '', authnInstant } = assertion;
  const address = oneOf(assertion.attributes, namesOf(settings, 'email'));
  const idpSession = toIdpSession(assertion);
  return {
    connectionId,
    issuer: assertion.issuer,
    subject,
    email: address ?? (EMAIL_ADDRESS.test(nameIdFormat) ? nameId : undefined),
    emailVerified: false,
    profile: toProfile(assertion.attributes, settings),
    claims,
    ...(idpSession !== undefined && { idpSession }),
    ...(authnInstant !== undefined && { signedInAtSeconds: Math.floor(authnInstant.getTime() / 1000) }),
  };
}
