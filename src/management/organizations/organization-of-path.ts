/** The organization that a path names: every operation below `/organizations/{id}` begins with it. Reads only. */
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import { noOrganization } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** The organization of the path; throws the 404. */
export async function getOrganization(call: Call): Promise<OrganizationRecord> {
  const organization = await call.directory.organizations.find(call.params.id ?? '');
  if (organization === undefined) throw noOrganization();
  return organization;
}
