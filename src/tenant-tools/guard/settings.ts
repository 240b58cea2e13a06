/**
 * The settings from which the guard's Action is generated: guarded organizations, the marking role, and the sentences
 * for people. Pure: no tenant, no file. Holds no secret.
 */
import { ACTION_BODY, ACTION_HEAD } from './action-code.js';

/** An organization and its connections that the guard watches. */
export interface GuardedPlace {
  readonly id: string;
  readonly name: string;
  /** Ids of enterprise connections. */
  readonly connections: readonly string[];
  /** Domains, lower case, that the operator accepts as proved by this organization; without one nobody is linked. */
  readonly domains: readonly string[];
}

export interface GuardTexts {
  /** Message for people without an invitation. */
  readonly stranger: string;
  /** Shown to people about whom the tenant's log says nothing yet. */
  readonly unclear: string;
}

export interface GuardSettings {
  readonly organizations: readonly GuardedPlace[];
  /** Id of the role that marks a membership as let in. */
  readonly role: string;
  /** Time in ISO 8601. The Action never removes a membership that is older than this. */
  readonly since: string;
  readonly texts: GuardTexts;
}

export const DEFAULT_TEXTS: GuardTexts = {
  stranger: 'Ask an administrator of your organization to invite you.',
  unclear:
    'Your membership could not be checked. Please try again in a minute, or ask an administrator of your organization.',
};

/** Role that marks a membership as let in. Roles are removed with their membership, and so is the mark. */
export const MARK_ROLE = {
  name: 'Vestibule guard: let in',
  description: 'Marks a membership that was let in. Has no permissions; written by vestibule guard.',
} as const;

export const ACTION_NAME = 'Vestibule guard';
export const ACTION_TRIGGER = { id: 'post-login', version: 'v3' } as const;
export const ACTION_RUNTIME = 'node22';
export const ACTION_DEPENDENCIES = [{ name: 'auth0', version: '4.37.1' }] as const;

export const ACTION_SECRETS = ['DOMAIN', 'CLIENT_ID', 'CLIENT_SECRET'] as const;

/** Scopes that the Action's machine client needs. */
export const ACTION_SCOPES = [
  'create:organization_member_roles',
  'delete:organization_invitations',
  'delete:organization_members',
  'read:logs',
  'read:organization_invitations',
  'read:organization_member_roles',
  'read:organizations',
  'read:users',
  'update:users',
] as const;

/** Writes the Action's code for these settings; the same settings give the same text. */
export function writeAction(settings: GuardSettings): string {
  // Until ES2019, JSON was JavaScript except for two line separators. They are escaped for older runtimes.
  const text = JSON.stringify(settings, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `${ACTION_HEAD}const SETTINGS = ${text};\n${ACTION_BODY}`;
}

/** Adds an organization, or replaces its former entry. */
export function withPlace(places: readonly GuardedPlace[], place: GuardedPlace): readonly GuardedPlace[] {
  const others = places.filter(({ id }) => id !== place.id);
  return [...others, place].sort((a, b) => (a.id < b.id ? -1 : 1));
}
