/**
 * The permissions of the My Organization API, in the groups in which an operator chooses them. Pure; sends nothing.
 */
import { readServerFacts } from '../../../server-facts.js';

interface ScopeGroup {
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  /** The last parts of the scopes' names: `domains` for `read:my_org:domains`. */
  readonly things: readonly string[];
}

/** Every application needs it: the API's components read it before anything else. */
const ALWAYS = 'configuration';

export const SCOPE_GROUPS = [
  {
    id: 'details',
    name: 'Details',
    meaning: 'Change the organization’s title, colors and logo. Its short name stays yours.',
    things: ['details'],
  },
  {
    id: 'domains',
    name: 'Domains',
    meaning: 'Add email domains, and verify each by a DNS record.',
    things: ['domains'],
  },
  {
    id: 'members',
    name: 'Members and invitations',
    meaning: 'Invite and remove members, and give them the roles that you allow.',
    things: ['members', 'memberships', 'member_roles', 'member_invitations'],
  },
  {
    id: 'providers',
    name: 'Identity providers',
    meaning: 'Connect the company’s own sign-in, change it and switch it off.',
    things: ['identity_providers', 'identity_providers_detach', 'identity_providers_domains'],
  },
  {
    id: 'directory',
    name: 'Directory sync',
    meaning: 'Let the company’s directory add and deactivate people (SCIM).',
    things: ['identity_providers_provisioning', 'identity_providers_scim_tokens'],
  },
] as const satisfies readonly ScopeGroup[];

export type GroupId = (typeof SCOPE_GROUPS)[number]['id'];

const thingOf = (scope: string): string => scope.slice(scope.lastIndexOf(':') + 1);

const isIn = (scope: string, { things }: ScopeGroup): boolean => things.includes(thingOf(scope));

/** Returns the identifier (audience) of this server's My Organization API. */
export const readOrganizationAudience = (): string => readServerFacts().audience.replace(/api\/v2\/$/, 'my-org/');

/**
 * Returns the scopes of the chosen groups among all scopes of the API, with those that every application needs.
 * `before`: scopes of no group in this list stay as they are, such as those of a later version.
 */
export function toScopes(all: readonly string[], chosen: readonly string[], before: readonly string[] = []): string[] {
  return all.filter((scope) => {
    if (thingOf(scope) === ALWAYS) return true;
    const group = SCOPE_GROUPS.find((one) => isIn(scope, one));
    return group === undefined ? before.includes(scope) : chosen.includes(group.id);
  });
}

/** Returns the groups of which at least one scope is among `scopes`. */
export const toGroups = (scopes: readonly string[]): GroupId[] =>
  SCOPE_GROUPS.filter((group) => scopes.some((scope) => isIn(scope, group))).map(({ id }) => id);

/** Returns the groups that have some of their scopes, but not all that the API has. */
export const findPartial = (all: readonly string[], scopes: readonly string[]): readonly string[] =>
  SCOPE_GROUPS.filter((group) => {
    const own = all.filter((scope) => isIn(scope, group));
    const held = own.filter((scope) => scopes.includes(scope));
    return held.length > 0 && held.length < own.length;
  }).map(({ name }) => name);

/** The groups as choices of a form. */
export const GROUP_CHOICES = SCOPE_GROUPS.map(({ id, name, meaning }) => ({
  value: id,
  label: name,
  description: meaning,
}));
