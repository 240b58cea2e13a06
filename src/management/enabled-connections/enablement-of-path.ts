/** Finds the connection of an organization that a request's path names. Reads only. */
import type { EnablementRecord } from '../../ports/directory/organizations.js';
import { noConnectionOfOrganization } from '../api/errors.js';
import type { Call } from '../api/operation.js';
import { getOrganization } from '../organizations/organization-of-path.js';

/** Returns the settings of the path's connection in the path's organization. Throws 404. */
export async function getEnablement(call: Call): Promise<EnablementRecord> {
  const organization = await getOrganization(call);
  const connectionId = call.params.connectionId ?? call.params.connection_id ?? '';
  const found = await call.directory.organizations.findEnablement(organization.id, connectionId);
  if (found === undefined) throw noConnectionOfOrganization();
  return found;
}
