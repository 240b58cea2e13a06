/**
 * Attributes of people that an identity provider sends, at sign-in and by SCIM, compared with those that the operator asks
 * for: a user attribute profile, or the defaults of the strategy. Pure functions: stores nothing, and knows no call.
 */
import { findScimSubject, isSaml } from '../../facts/strategies.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ScimConfiguration, ScimMappingItem } from '../../ports/directory/scim.js';
import type { Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import { USUAL_OPTIONS } from '../connections/fields.js';
import { DEFAULT_MAPPING } from '../scim/mapping.js';

interface Mappings {
  readonly oidc_mapping?: { readonly mapping: string };
  readonly saml_mapping?: readonly string[];
  readonly scim_mapping?: string;
}

export interface ProfileAttribute extends Mappings {
  readonly label: string;
  readonly description: string;
  readonly profile_required: boolean;
  /** The field of the user here. */
  readonly auth0_mapping: string;
  readonly strategy_overrides?: Readonly<Record<string, Mappings | undefined>>;
}

interface ProfileUserId extends Omit<Mappings, 'oidc_mapping'> {
  readonly strategy_overrides?: Readonly<Record<string, Omit<Mappings, 'oidc_mapping'> | undefined>>;
}

/** A user attribute profile in Auth0's JSON, as far as identity providers of customers depend on it. */
export interface AttributeProfile {
  readonly user_id?: ProfileUserId;
  readonly user_attributes: Readonly<Record<string, ProfileAttribute>>;
}

/** The attribute that stands for the NameID in Auth0's lists of SAML attributes. */
const NAME_ID = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';

/** The `user_id` of a profile that names none, as recorded from Auth0. */
export const USUAL_USER_ID = {
  oidc_mapping: 'sub',
  saml_mapping: [
    NAME_ID,
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  ],
  scim_mapping: 'externalId',
} as const;

type Connection = Pick<ConnectionRecord, 'strategy' | 'options'>;

/** Fields of the source, by the field of the user. */
type Fields = ReadonlyMap<string, readonly string[]>;

interface Expected {
  readonly fields: Fields;
  /** Texts of the profile, by the field of the user. */
  readonly shown: ReadonlyMap<string, Pick<ProfileAttribute, 'label' | 'description' | 'profile_required'>>;
}

/** Strategies whose answers have attributes, as in Auth0's document. */
const WITH_ATTRIBUTES: readonly string[] = ['oidc', 'okta', 'samlp'];

const SOAP = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
/** Claims that are read without a map. A SAML attribute has several usual names; the first one is shown. */
const USUAL: Readonly<Record<'oidc' | 'saml', Readonly<Record<string, string>>>> = {
  oidc: {
    email: 'email',
    name: 'name',
    given_name: 'given_name',
    family_name: 'family_name',
    nickname: 'nickname',
    picture: 'picture',
  },
  saml: {
    email: `${SOAP}/emailaddress`,
    name: `${SOAP}/name`,
    given_name: `${SOAP}/givenname`,
    family_name: `${SOAP}/surname`,
    nickname: 'nickname',
    picture: 'picture',
  },
};

const LABELS: Readonly<Record<string, string>> = {
  email: 'Email',
  name: 'Full name',
  given_name: 'First name',
  family_name: 'Last name',
  nickname: 'Nickname',
  picture: 'Picture',
  preferred_username: 'Preferred username',
  blocked: 'Active',
};

const toFields = (entries: Iterable<readonly [string, readonly string[]]>): Fields => new Map(entries);

const usualFields = (strategy: string): Fields =>
  toFields(Object.entries(USUAL[isSaml(strategy) ? 'saml' : 'oidc']).map(([name, field]) => [name, [field]]));

const CLAIM = /\$\{context\.(?:tokenset|userinfo)\.([\w.:-]{1,200})\}/g;

/**
 * Returns the template of an `attribute_map`. A profile may name a claim without `${…}`: as a literal it would give all
 * people the same value. Claims are read from the ID token, so `context.userinfo` means the same.
 */
const toTemplate = (mapping: string) =>
  /^[\w.:-]{1,50}$/.test(mapping) ? `\${context.tokenset.${mapping}}` : mapping.replaceAll('.userinfo.', '.tokenset.');

function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

const claimsOf = (template: string) => [...template.matchAll(CLAIM)].map(([, claim = '']) => claim);

/** Returns the claims that an OpenID Connect connection reads; a template with several claims names each. */
function fieldsOfOidc({ strategy, options }: Connection): Fields {
  const map = mapOf(options.attribute_map);
  const attributes = mapOf(map?.attributes);
  if (map?.mapping_mode !== 'use_map' || attributes === undefined) return usualFields(strategy);
  return toFields(Object.entries(attributes).map(([name, template]) => [name, claimsOf(String(template))]));
}

function fieldsOfSaml({ strategy, options }: Connection): Fields {
  const given = Object.entries(mapOf(options.fieldsMap) ?? {})
    // The subject is no attribute: it is the id of the user.
    .filter(([name]) => name !== 'user_id')
    .map(([name, names]) => [name, [names].flat().map(String)] as const);
  return toFields([...usualFields(strategy), ...given]);
}

const fieldsOf = (connection: Connection): Fields =>
  isSaml(connection.strategy) ? fieldsOfSaml(connection) : fieldsOfOidc(connection);

/** Returns the mapping of an attribute for a strategy: the profile's own one for it, or the common one. */
function mappingOf<Name extends keyof Mappings>(attribute: ProfileAttribute, strategy: string, name: Name) {
  const { strategy_overrides: overrides = {} } = attribute;
  const override = Object.hasOwn(overrides, strategy) ? overrides[strategy] : undefined;
  return override?.[name] ?? attribute[name];
}

function expectedOf(
  profile: AttributeProfile,
  fieldsFor: (attribute: ProfileAttribute) => readonly string[] | undefined,
): Expected {
  const attributes = Object.values(profile.user_attributes);
  return {
    fields: toFields(
      attributes.flatMap((attribute) => {
        const fields = fieldsFor(attribute);
        return fields === undefined ? [] : [[attribute.auth0_mapping, fields] as const];
      }),
    ),
    shown: new Map(attributes.map((attribute) => [attribute.auth0_mapping, attribute])),
  };
}

function ssoFieldsFor(strategy: string) {
  return (attribute: ProfileAttribute): readonly string[] | undefined => {
    if (isSaml(strategy)) return mappingOf(attribute, strategy, 'saml_mapping');
    const mapping = mappingOf(attribute, strategy, 'oidc_mapping')?.mapping;
    return mapping === undefined ? undefined : claimsOf(toTemplate(mapping));
  };
}

/**
 * Returns what the profile asks for at sign-in. A field that it does not set keeps its usual source where the connection
 * has one: any of SAML, and the address.
 */
function expectedOfSso(strategy: string, profile: AttributeProfile): Expected {
  const { fields, shown } = expectedOf(profile, ssoFieldsFor(strategy));
  const usual = [...usualFields(strategy)].filter(([name]) => isSaml(strategy) || name === 'email');
  return { fields: toFields([...usual, ...fields]), shown };
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((field, index) => field === other[index]);

/**
 * Compares what a connection has with what is expected of it. `is_extra`: an update of the attributes removes it.
 * `is_missing`: it adds it. Both: it changes it.
 */
function compare(actual: Fields, { fields, shown }: Expected, toField: (fields: readonly string[]) => Wire): Wire[] {
  const names = [...new Set([...fields.keys(), ...actual.keys()])];
  return names.map((name) => {
    const [has, wanted] = [actual.get(name), fields.get(name)];
    const differs = has === undefined || wanted === undefined || !isSame(has, wanted);
    const texts = shown.get(name);
    const plain = name.replace(/^app_metadata\./, '');
    return present({
      user_attribute: plain,
      description: texts?.description,
      label: texts?.label ?? LABELS[plain],
      is_required: texts?.profile_required ?? false,
      is_extra: has !== undefined && differs,
      is_missing: wanted !== undefined && differs,
      ...toField(has ?? wanted ?? []),
    });
  });
}

/**
 * Returns the attributes that people of an identity provider get at sign-in, in Auth0's form. Undefined for a strategy
 * whose answers have none.
 */
export function attributesOf(connection: Connection, profile?: AttributeProfile): readonly Wire[] | undefined {
  const { strategy } = connection;
  if (!WITH_ATTRIBUTES.includes(strategy)) return undefined;
  const expected: Expected =
    profile === undefined ? { fields: usualFields(strategy), shown: new Map() } : expectedOfSso(strategy, profile);
  return compare(fieldsOf(connection), expected, (fields) => ({ sso_field: fields }));
}

function toClaimTemplates(strategy: string, { user_attributes: attributes }: AttributeProfile): Wire {
  const entries = Object.values(attributes).flatMap((attribute) => {
    const mapping = mappingOf(attribute, strategy, 'oidc_mapping')?.mapping;
    return mapping === undefined ? [] : [[attribute.auth0_mapping, toTemplate(mapping)] as const];
  });
  // Without an address nobody could be a member.
  return { email: toTemplate('email'), ...Object.fromEntries(entries) };
}

function toFieldsMap(strategy: string, profile: AttributeProfile): Wire {
  const { fields } = expectedOf(profile, ssoFieldsFor(strategy));
  const { strategy_overrides: overrides = {}, saml_mapping: usual = [NAME_ID] } = profile.user_id ?? {};
  const own = Object.hasOwn(overrides, strategy) ? overrides[strategy]?.saml_mapping : undefined;
  const [subject] = own ?? usual;
  // Attack: the list goes on with the attribute `name`. Two people of one name would be one person.
  return { ...Object.fromEntries(fields), ...(subject !== NAME_ID && { user_id: [subject] }) };
}

/**
 * Returns the options that map attributes as the profile says: `attribute_map` for OpenID Connect, `fieldsMap` for SAML.
 * None without a profile, and for a strategy without attributes. The subject of SAML is the NameID if the profile's list
 * for it begins so, else its first attribute.
 */
export function attributeOptions(strategy: string, profile: AttributeProfile | undefined): Wire {
  if (profile === undefined || !WITH_ATTRIBUTES.includes(strategy)) return {};
  if (isSaml(strategy)) return { fieldsMap: toFieldsMap(strategy, profile) };
  return { attribute_map: { mapping_mode: 'use_map', attributes: toClaimTemplates(strategy, profile) } };
}

/**
 * Returns the same for `update-attributes`: without a profile, the strategy's defaults. An undefined option is removed.
 */
export function mappingOptions(strategy: string, profile?: AttributeProfile): Wire {
  if (profile !== undefined || !WITH_ATTRIBUTES.includes(strategy)) return attributeOptions(strategy, profile);
  return isSaml(strategy) ? { fieldsMap: undefined } : { attribute_map: USUAL_OPTIONS[strategy]?.attribute_map };
}

const toScimFields = (mapping: readonly ScimMappingItem[]): Fields =>
  toFields(mapping.flatMap(({ scim, auth0 }) => (scim && auth0 ? [[auth0, [scim]] as const] : [])));

/** Without these a directory could neither name a person nor deactivate them, so a profile does not leave them out. */
const ALWAYS = DEFAULT_MAPPING.filter(({ auth0 }) => ['preferred_username', 'email', 'blocked'].includes(auth0));

function expectedOfScim(strategy: string, profile: AttributeProfile): Expected {
  const { fields, shown } = expectedOf(profile, (attribute) => {
    const path = mappingOf(attribute, strategy, 'scim_mapping');
    return path === undefined ? undefined : [path];
  });
  return { fields: toFields([...toScimFields(ALWAYS), ...fields]), shown };
}

/** Returns the attributes that a directory writes by SCIM, in Auth0's form. */
export function provisioningAttributesOf(
  strategy: string,
  { mapping }: Pick<ScimConfiguration, 'mapping'>,
  profile?: AttributeProfile,
): readonly Wire[] {
  const expected: Expected =
    profile === undefined
      ? { fields: toScimFields(DEFAULT_MAPPING), shown: new Map() }
      : expectedOfScim(strategy, profile);
  return compare(toScimFields(mapping ?? DEFAULT_MAPPING), expected, ([field = '']) => ({ provisioning_field: field }));
}

/** Returns the SCIM mapping that the profile asks for; the default one without a profile. */
export function scimMappingOf(strategy: string, profile?: AttributeProfile): readonly ScimMappingItem[] {
  if (profile === undefined) return DEFAULT_MAPPING;
  return [...expectedOfScim(strategy, profile).fields].map(([auth0, [scim = '']]) => ({ scim, auth0 }));
}

/**
 * Returns the SCIM attribute whose value is the subject at sign-in. Undefined for a strategy without SCIM. A profile
 * that names no subject has the usual value, which is not that of SAML: people whom a directory made would be strangers.
 */
export function scimSubjectOf(strategy: string, profile?: AttributeProfile): string | undefined {
  const usual = findScimSubject(strategy);
  const { scim_mapping: common, strategy_overrides: overrides } = profile?.user_id ?? {};
  const chosen = common === USUAL_USER_ID.scim_mapping ? usual : common;
  return usual && (overrides?.[strategy]?.scim_mapping ?? chosen ?? usual);
}
