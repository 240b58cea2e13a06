/**
 * The settings that the guard's Action is generated from: the places that it watches, the role that it gives, and the sentences that people read.
 * Pure: no tenant, no file. Holds no secret.
 */
import { ACTION_BODY, ACTION_HEAD } from './action-code.js';

/** An organization, and the ways into it that the guard watches. */
export interface GuardedPlace {
  readonly id: string;
  readonly name: string;
  /** Ids of enterprise connections. */
  readonly connections: readonly string[];
  /** Domains that the operator holds for proved as this organization's own; without one nobody is linked. Lower case. */
  readonly domains: readonly string[];
}

export interface GuardTexts {
  /** For somebody whom nobody invited. */
  readonly stranger: string;
  /** For somebody about whom the tenant's log says nothing yet. */
  readonly unclear: string;
}

export interface GuardSettings {
  readonly organizations: readonly GuardedPlace[];
  /** Id of the role that marks a membership as let in. */
  readonly role: string;
  /** ISO 8601. A membership from before is taken from nobody by the Action. */
  readonly since: string;
  readonly texts: GuardTexts;
}

export const DEFAULT_TEXTS: GuardTexts = {
  stranger: 'Ask an administrator of your organization to invite you.',
  unclear:
    'Your membership could not be checked. Please try again in a minute, or ask an administrator of your organization.',
};

/** Name of the role that marks a membership as let in. Roles go away with their membership, so the mark does as well. */
export const MARK_ROLE = {
  name: 'Vestibule guard: let in',
  description: 'Marks a membership that was let in. Has no permissions; written by vestibule guard.',
} as const;

export const ACTION_NAME = 'Vestibule guard';
export const ACTION_TRIGGER = { id: 'post-login', version: 'v3' } as const;
export const ACTION_RUNTIME = 'node22';
export const ACTION_DEPENDENCIES = [{ name: 'auth0', version: '4.37.1' }] as const;

/** Secrets that the Action reads, by name. */
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

/** The code of the Action for these settings; the same settings give the same text. */
export function writeAction(settings: GuardSettings): string {
  // JSON is JavaScript except two line separators (until ES2019); written here so that older runtimes load it, too.
  const text = JSON.stringify(settings, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `${ACTION_HEAD}const SETTINGS = ${text};\n${ACTION_BODY}`;
}

/** The settings with this place added, or put where a place of the same organization was. */
export function withPlace(places: readonly GuardedPlace[], place: GuardedPlace): readonly GuardedPlace[] {
  const others = places.filter(({ id }) => id !== place.id);
  return [...others, place].sort((a, b) => (a.id < b.id ? -1 : 1));
}
