/** The names that a new connection is proposed, from those of the organization that it is made for. Pure. */
import { findStrategy } from '../../../facts/strategies.js';
import type { OrganizationNames } from '../../parts/organization-names.js';

/** Auth0's longest name of a connection. */
const MOST_CHARACTERS = 128;

/** Returns "acme-okta" and the display name; nothing if the organization is unknown. */
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
