/** Finds the organization that a request's path names, for all operations below `/organizations/{id}`. Reads only. */
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import { noOrganization } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** Finds the organization whose id is in the path. Throws 404. */
export async function getOrganization(call: Call): Promise<OrganizationRecord> {
  const organization = await call.directory.organizations.find(call.params.id ?? '');
  if (organization === undefined) throw noOrganization();
  return organization;
}
