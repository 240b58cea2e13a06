/**
 * The effect of a connection profile: what members may set for a connection that they make by the My Organization API,
 * and what its name begins with. Pure functions; `profiles.ts` reads the profile. The profile is the operator's: no
 * request of a member may widen it.
 */
import { createHash } from 'node:crypto';
import { findScimSubject } from '../../facts/strategies.js';
import type { Wire } from '../api/operation.js';
import { faultAt } from './requests.js';

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

/** The value of each property that a profile leaves out. Features are a list of what is allowed: without it, nothing. */
const LEFT_OUT: ConnectionProfile = {
  organization: { show_as_button: 'optional', assign_membership_on_login: 'optional' },
  connection_name_prefix_template: '',
  enabled_features: [],
  strategy_overrides: {},
};

/** Applies to an application without a profile. */
const NO_PROFILE: ConnectionProfile = {
  ...LEFT_OUT,
  connection_name_prefix_template: '{org_id}-',
  enabled_features: ['scim'],
};

/** Returns the profile from its stored JSON, with the values of what it leaves out; undefined: the application has none. */
export function toConnectionProfile(stored: Wire | undefined): ConnectionProfile {
  if (stored === undefined) return NO_PROFILE;
  const given = stored as { readonly [Name in keyof ConnectionProfile]?: ConnectionProfile[Name] };
  return { ...LEFT_OUT, ...given, organization: { ...LEFT_OUT.organization, ...given.organization } };
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

/** True when each connection that a member makes has auto-membership. It admits nobody before a domain is proved. */
export const hasMembershipRequired = (profile: ConnectionProfile): boolean =>
  profile.organization.assign_membership_on_login === 'required';

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
      throw faultAt(`/${name}`, `the operator of this application decided that it is ${settled(profile, name)}.`);
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
 * `{org_id}` and `{org_name}`, then the name that the member asked for. A name without the id ends with six characters
 * of the organization's own, so two organizations never arrive at one name. Attack: a conflict of names tells a member
 * what another customer has. Throws 400 for a name that is too long, or has other characters than letters, digits and
 * single hyphens.
 */
export function nameConnection(
  { connection_name_prefix_template: template }: Pick<ConnectionProfile, 'connection_name_prefix_template'>,
  organization: { readonly id: string; readonly name: string },
  requested: string,
): string {
  if (!/^[A-Za-z0-9](?:-?[A-Za-z0-9])*$/.test(requested))
    throw faultAt('/name', 'use letters, digits and single hyphens, with a letter or a digit at both ends.');
  // One pass: a text that was put in is not read again.
  const prefix = template.replace(/\{org_(id|name)\}/g, (_all, which: string) =>
    toNamePart(which === 'id' ? organization.id : organization.name),
  );
  const mark = createHash('sha256').update(organization.id).digest('hex').slice(0, 6);
  const name = `${prefix}${requested}${template.includes('{org_id}') ? '' : `-${mark}`}`
    .replace(/-{2,}/g, '-')
    .replace(/^-/, '');
  if (name.length > MAX_NAME)
    throw faultAt('/name', `at most ${MAX_NAME - (name.length - requested.length)} characters.`);
  return name;
}
