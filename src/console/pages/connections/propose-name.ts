/** Proposes names for a new connection, from the names of the organization that will use it. Pure. */
import { findStrategy } from '../../../facts/strategies.js';
import type { OrganizationNames } from '../../parts/organization-names.js';

/** Maximum number of characters in a connection's name, as on Auth0. */
const MOST_CHARACTERS = 128;

/**
 * Returns a name such as "acme-okta", and the organization's display name. Returns an empty object if the organization
 * is unknown.
 */
export function proposeNames(provider: string, organization: OrganizationNames | undefined) {
  if (organization === undefined) return {};
  const end = findStrategy(provider)?.nameEnd ?? provider;
  const begin = organization.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_CHARACTERS - end.length - 1)
    .replace(/^-|-$/g, '');
  return { name: begin === '' ? end : `${begin}-${end}`, displayName: organization.display_name ?? organization.name };
}
