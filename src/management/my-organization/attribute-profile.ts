/**
 * The effect of a user attribute profile: where the attributes of people come from at a connection that members make by
 * the My Organization API, and how that differs from what the connection has now. Pure functions; `profiles.ts` reads
 * the profile. Must never make an address count as verified.
 */
import { findScimSubject, isSaml } from '../../facts/strategies.js';
import type { ScimMappingItem } from '../../ports/directory/scim.js';
import type { Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import { DEFAULT_MAPPING } from '../scim/mapping.js';

interface Mappings<Oidc> {
  readonly oidc_mapping?: Oidc;
  readonly saml_mapping?: readonly string[];
  readonly scim_mapping?: string;
}
interface Overridden<Oidc> extends Mappings<Oidc> {
  readonly strategy_overrides?: Readonly<Record<string, Mappings<Oidc> | undefined>>;
}

export interface UserAttribute extends Overridden<{ readonly mapping: string; readonly display_name?: string }> {
  readonly label: string;
  readonly description: string;
  readonly profile_required: boolean;
  /** The field of the user here: `email`, `given_name`, `app_metadata.department`. */
  readonly auth0_mapping: string;
}

/** A user attribute profile. The properties have the names and values of Auth0's document. */
export interface AttributeProfile {
  readonly user_id: Overridden<string>;
  readonly user_attributes: Readonly<Record<string, UserAttribute>>;
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

/** Returns the profile from its stored JSON; undefined when the application has none. */
export function toAttributeProfile(stored: Wire | undefined): AttributeProfile | undefined {
  if (stored === undefined) return undefined;
  const { user_id: userId, user_attributes: attributes } = stored as Partial<AttributeProfile>;
  return { user_id: { ...USUAL_USER_ID, ...userId }, user_attributes: attributes ?? {} };
}

/** Returns the mappings for a strategy: each that its override has replaces the usual one. */
function mappingsOf<Oidc>(of: Overridden<Oidc>, strategy: string): Mappings<Oidc> {
  const { strategy_overrides: overrides = {}, ...usual } = of;
  return { ...usual, ...(Object.hasOwn(overrides, strategy) ? overrides[strategy] : undefined) };
}

const attributesOf = ({ user_attributes: attributes }: AttributeProfile): readonly UserAttribute[] =>
  Object.values(attributes);

/**
 * Returns the template of an `attribute_map`. A profile may name a claim without `${…}`: as a literal it would give all
 * people the same value. Claims are read from the ID token, so `context.userinfo` means the same.
 */
const toTemplate = (mapping: string) =>
  /^[\w.:-]{1,50}$/.test(mapping)
    ? `\${context.tokenset.${mapping}}`
    : mapping.replaceAll('${context.userinfo.', '${context.tokenset.');
const USUAL_ADDRESS = toTemplate('email');

function toClaimTemplates(profile: AttributeProfile, strategy: string): Readonly<Record<string, string>> {
  const entries = attributesOf(profile).flatMap((attribute) => {
    const mapping = mappingsOf(attribute, strategy).oidc_mapping?.mapping;
    return mapping === undefined ? [] : [[attribute.auth0_mapping, toTemplate(mapping)] as const];
  });
  return { email: USUAL_ADDRESS, ...Object.fromEntries(entries) };
}

function toFields(profile: AttributeProfile, strategy: string): Readonly<Record<string, readonly string[]>> {
  const entries = attributesOf(profile).flatMap((attribute) => {
    const names = mappingsOf(attribute, strategy).saml_mapping;
    return names === undefined ? [] : [[attribute.auth0_mapping, names] as const];
  });
  return Object.fromEntries(entries);
}

/** True for a strategy whose connections read attributes by a map. Entra ID and Google have fixed claims. */
const hasMap = (strategy: string) => isSaml(strategy) || strategy === 'oidc' || strategy === 'okta';

/**
 * Returns the options that give a connection of this strategy the profile's attributes: `attribute_map` for `oidc` and
 * `okta`, `fieldsMap` for SAML, nothing for other strategies or without a profile. The caller puts them over the
 * connection's other options, at its creation and in `update-attributes`. The subject of OpenID Connect stays that of
 * the strategy (`sub`; `oid` at Entra ID). The subject of SAML is the NameID if the profile's list for it begins so.
 */
export function toAttributeOptions(profile: AttributeProfile | undefined, strategy: string): Wire {
  if (profile === undefined || !hasMap(strategy)) return {};
  if (!isSaml(strategy))
    return { attribute_map: { mapping_mode: 'use_map', attributes: toClaimTemplates(profile, strategy) } };
  const subject = mappingsOf(profile.user_id, strategy).saml_mapping ?? [NAME_ID];
  // Attack: the list goes on with the attribute `name`. Two people of one name would be one person.
  return { fieldsMap: { ...toFields(profile, strategy), ...(subject[0] !== NAME_ID && { user_id: [subject[0]] }) } };
}

/** Always in a mapping made from a profile: a directory deactivates people, and finds them by their address. */
const ALWAYS: readonly Required<ScimMappingItem>[] = DEFAULT_MAPPING.filter(({ auth0 }) =>
  ['email', 'blocked'].includes(auth0),
);

/**
 * Returns the SCIM configuration of a connection of this strategy, at its creation and in
 * `provisioning/update-attributes`. `mapping` is undefined without a profile: the default mapping applies.
 */
export function toScimMapping(
  profile: AttributeProfile | undefined,
  strategy: string,
): { readonly userIdAttribute: string; readonly mapping: readonly Required<ScimMappingItem>[] | undefined } {
  const usual = findScimSubject(strategy) ?? 'externalId';
  if (profile === undefined) return { userIdAttribute: usual, mapping: undefined };
  const mapped = attributesOf(profile).flatMap((attribute) => {
    const scim = mappingsOf(attribute, strategy).scim_mapping;
    return scim === undefined ? [] : [{ scim, auth0: attribute.auth0_mapping }];
  });
  const added = ALWAYS.filter(({ auth0 }) => !mapped.some((item) => item.auth0 === auth0));
  return {
    userIdAttribute: mappingsOf(profile.user_id, strategy).scim_mapping ?? usual,
    mapping: [...mapped, ...added],
  };
}

/** A field of the user, and where it comes from, as one text for comparison and as it is shown. */
interface Source {
  readonly field: string;
  readonly from: unknown;
}

/**
 * Returns the list of attributes: what the connection has now, then what only the profile has. `is_extra`: the profile
 * does not say so, and a refresh removes it. `is_missing`: the connection lacks it, and a refresh adds it. Both: the
 * field has another source.
 */
function compare(
  profile: AttributeProfile | undefined,
  now: readonly Source[],
  next: readonly Source[],
  show: (source: Source, attribute: UserAttribute | undefined) => Wire,
): readonly Wire[] {
  const isSame = (a: Source, b: Source | undefined) => JSON.stringify(a.from) === JSON.stringify(b?.from);
  const find = (list: readonly Source[], { field }: Source) => list.find((one) => one.field === field);
  const line = (source: Source, { isExtra, isMissing }: { isExtra: boolean; isMissing: boolean }) => {
    const attribute = profile && attributesOf(profile).find((one) => one.auth0_mapping === source.field);
    return present({
      user_attribute: source.field,
      label: attribute?.label,
      description: attribute?.description,
      is_required: attribute?.profile_required ?? false,
      is_extra: isExtra,
      is_missing: isMissing,
      ...show(source, attribute),
    });
  };
  const here = now.map((source) => {
    const wanted = find(next, source);
    const isExtra = profile !== undefined && !isSame(source, wanted);
    return line(source, { isExtra, isMissing: isExtra && wanted !== undefined });
  });
  const absent = next.filter((source) => find(now, source) === undefined);
  return [...here, ...absent.map((source) => line(source, { isExtra: false, isMissing: true }))];
}

const toSources = (fields: Readonly<Record<string, unknown>>): readonly Source[] =>
  Object.entries(fields).flatMap(([field, from]) => (field === 'user_id' ? [] : [{ field, from }]));

/** What a connection without a map reads: claims of the usual names. */
const USUAL_CLAIMS = Object.fromEntries(
  ['email', 'name', 'given_name', 'family_name', 'nickname', 'picture'].map((name) => [name, toTemplate(name)]),
);

function currentClaims({ attribute_map: map }: Wire): Readonly<Record<string, unknown>> {
  const { mapping_mode: mode, attributes } = (map ?? {}) as Wire;
  return mode === 'use_map' ? ((attributes ?? {}) as Wire) : USUAL_CLAIMS;
}

/** Returns the name of the claim that a template reads; the template itself where it is no single claim. */
const toClaimName = (template: unknown) =>
  /^\$\{context\.tokenset\.([\w.:-]+)\}$/.exec(String(template))?.[1] ?? String(template);

/**
 * Returns `attributes` of an identity provider: one item for each field that the connection sets or the profile wants,
 * with `sso_field`. Empty for a strategy with fixed claims. Without a profile nothing is extra or missing.
 */
export function showSsoAttributes(
  profile: AttributeProfile | undefined,
  { strategy, options }: { readonly strategy: string; readonly options: Wire },
): readonly Wire[] {
  if (!hasMap(strategy)) return [];
  if (isSaml(strategy)) {
    const next = profile === undefined ? [] : toSources(toFields(profile, strategy));
    const toNames = (names: unknown) => (Array.isArray(names) ? names.map(String) : [String(names)]);
    const now = toSources((options.fieldsMap ?? {}) as Wire).map(({ field, from }) => ({ field, from: toNames(from) }));
    return compare(profile, now, next, ({ from }) => ({ sso_field: from }));
  }
  const next = profile === undefined ? [] : toSources(toClaimTemplates(profile, strategy));
  return compare(profile, toSources(currentClaims(options)), next, ({ from }, attribute) => {
    const { mapping = '', display_name: name } = (attribute && mappingsOf(attribute, strategy).oidc_mapping) ?? {};
    return { sso_field: [name !== undefined && toTemplate(mapping) === from ? name : toClaimName(from)] };
  });
}

/**
 * Returns `attributes` of a provisioning configuration, with `provisioning_field`. `mapping` is that of the connection
 * now; undefined for the default mapping.
 */
export function showScimAttributes(
  profile: AttributeProfile | undefined,
  strategy: string,
  mapping: readonly ScimMappingItem[] | undefined,
): readonly Wire[] {
  const toSource = ({ scim = '', auth0 = '' }: ScimMappingItem): Source => ({ field: auth0, from: scim });
  const now = (mapping ?? DEFAULT_MAPPING).map(toSource);
  const next = (toScimMapping(profile, strategy).mapping ?? []).map(toSource);
  return compare(profile, now, next, ({ from }) => ({ provisioning_field: from }));
}
