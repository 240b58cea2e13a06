/**
 * The effect of a connection profile: what members may set for a connection that they make by the My Organization API,
 * and what its name begins with. Pure functions; `profiles.ts` reads the profile. The profile is the operator's: no
 * request of a member may widen it.
 */
import { findScimSubject } from '../../facts/strategies.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

export type Choice = 'none' | 'optional' | 'required';
export type Feature = 'scim' | 'universal_logout';

/** A connection profile with every default filled in. The properties have the names and values of Auth0's document. */
export interface ConnectionProfile {
  readonly organization: { readonly show_as_button: Choice; readonly assign_membership_on_login: Choice };
  readonly connection_name_prefix_template: string;
  readonly enabled_features: readonly Feature[];
  readonly strategy_overrides: Readonly<Record<string, { readonly enabled_features?: readonly Feature[] } | undefined>>;
}

/** The settings of the organization's connection that members may ask for. */
export interface AskedSettings {
  readonly show_as_button?: boolean | undefined;
  readonly assign_membership_on_login?: boolean | undefined;
}

export type OrganizationSettings = { readonly [Name in keyof AskedSettings]-?: boolean };

/** Longest name of a connection. */
const MAX_NAME = 128;

/**
 * Applies to an application without a profile, and to every property that a profile leaves out. Membership at login and
 * SCIM are off: an operator who said nothing allowed nothing.
 */
const DEFAULTS: ConnectionProfile = {
  organization: { show_as_button: 'optional', assign_membership_on_login: 'none' },
  connection_name_prefix_template: '',
  enabled_features: [],
  strategy_overrides: {},
};

/** Returns the profile from its stored JSON (`undefined`: the application has none), with the defaults filled in. */
export function toConnectionProfile(stored: Wire | undefined): ConnectionProfile {
  const given = (stored ?? {}) as { readonly [Name in keyof ConnectionProfile]?: ConnectionProfile[Name] | null };
  return {
    organization: { ...DEFAULTS.organization, ...given.organization },
    connection_name_prefix_template: given.connection_name_prefix_template ?? DEFAULTS.connection_name_prefix_template,
    enabled_features: given.enabled_features ?? DEFAULTS.enabled_features,
    strategy_overrides: given.strategy_overrides ?? DEFAULTS.strategy_overrides,
  };
}

/**
 * True when members may use the feature for connections of this strategy: the profile, or its override for the
 * strategy, lists it, and the strategy has it here. Universal logout is not on this server, whatever the profile says.
 */
export function hasFeature(profile: ConnectionProfile, strategy: string, feature: Feature): boolean {
  const { strategy_overrides: overrides, enabled_features: usual } = profile;
  const override = Object.hasOwn(overrides, strategy) ? overrides[strategy] : undefined;
  const listed = override?.enabled_features ?? usual;
  return feature === 'scim' && listed.includes(feature) && findScimSubject(strategy) !== undefined;
}

/**
 * Returns the answer of `GET /config/identity-providers`: which settings members may choose, and for each of
 * `strategies` (those that the application allows) its features. Google has two keys: Auth0's document names
 * `googleapps`, and its components read `google-apps`.
 */
export function showIdpConfiguration(profile: ConnectionProfile, strategies: readonly string[]): Wire {
  const entries = strategies.flatMap((strategy) => {
    const hasScim = hasFeature(profile, strategy, 'scim');
    const shown = { enabled_features: hasScim ? ['provisioning'] : [], provisioning_methods: hasScim ? ['scim'] : [] };
    const names = strategy === 'google-apps' ? ['googleapps', strategy] : [strategy];
    return names.map((name) => [name, shown]);
  });
  return {
    organization: {
      can_set_show_as_button: profile.organization.show_as_button === 'optional',
      can_set_assign_membership_on_login: profile.organization.assign_membership_on_login === 'optional',
    },
    strategies: Object.fromEntries(entries),
  };
}

const NAMES = ['show_as_button', 'assign_membership_on_login'] as const;
/** The value of a setting that the profile leaves open and the request does not name (Auth0, "Connection Profile"). */
const OPEN: OrganizationSettings = { show_as_button: true, assign_membership_on_login: false };

const settled = (profile: ConnectionProfile, name: (typeof NAMES)[number]): boolean =>
  profile.organization[name] === 'optional' ? OPEN[name] : profile.organization[name] === 'required';

/**
 * Returns the settings that a request of a member may change: those that the profile leaves open. A settled setting may
 * be sent with the value that it has to have, and is then left out of the result. Throws 400 for another value. Attack:
 * a member turns on membership for everybody at a provider that the operator did not allow.
 */
export function toSettingChanges(profile: ConnectionProfile, asked: AskedSettings): Partial<OrganizationSettings> {
  const entries = NAMES.flatMap((name) => {
    const value = asked[name];
    if (value === undefined) return [];
    if (profile.organization[name] === 'optional') return [[name, value]];
    if (value !== settled(profile, name))
      throw badBody(`${name}: the operator of this application decided that it is ${settled(profile, name)}.`);
    return [];
  });
  return Object.fromEntries(entries) as Partial<OrganizationSettings>;
}

/**
 * Returns the settings of a new connection in the organization: what the request asks for, else what the profile says.
 * Throws 400 like {@link toSettingChanges}.
 */
export function toNewSettings(profile: ConnectionProfile, asked: AskedSettings): OrganizationSettings {
  const { show_as_button: button, assign_membership_on_login: membership } = toSettingChanges(profile, asked);
  return {
    show_as_button: button ?? settled(profile, 'show_as_button'),
    assign_membership_on_login: membership ?? settled(profile, 'assign_membership_on_login'),
  };
}

/** A name of a connection has letters, digits and single hyphens. */
const toNamePart = (text: string) => text.replace(/[^A-Za-z0-9]+/g, '-');

/**
 * Returns the tenant-wide name of a new connection: the profile's prefix with the organization's id or name in place of
 * `{org_id}` and `{org_name}`, then the name that the member asked for. Throws 400 for a name that is too long or has
 * other characters than letters, digits and single hyphens. Two organizations may arrive at one name: the caller must
 * not tell a member that another organization has it, and may add `mark`, a few random letters, instead.
 */
export function nameConnection(
  profile: ConnectionProfile,
  organization: { readonly id: string; readonly name: string },
  requested: string,
  mark?: string,
): string {
  // Attack: a name of an organization that contains `{org_id}`. One pass: inserted text is not read again.
  const prefix = profile.connection_name_prefix_template.replace(/\{org_(id|name)\}/g, (_all, which: string) =>
    toNamePart(which === 'id' ? organization.id : organization.name),
  );
  const name = `${prefix}${requested}${mark === undefined ? '' : `-${mark}`}`.replace(/-{2,}/g, '-').replace(/^-/, '');
  if (!/^[A-Za-z0-9](?:-?[A-Za-z0-9])*$/.test(requested))
    throw badBody('name: use letters, digits and single hyphens, with a letter or a digit at both ends.');
  if (name.length > MAX_NAME)
    throw badBody(`name: with "${prefix}" before it, it is longer than ${MAX_NAME} characters. Choose a shorter name.`);
  return name;
}
