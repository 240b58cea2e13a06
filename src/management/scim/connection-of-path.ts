/** Finds the connection that a SCIM settings path names, and its SCIM configuration. Reads only. */

import { findScimSubject } from '../../facts/strategies.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ScimConfiguration } from '../../ports/directory/scim.js';
import { noConnection, notFound } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** Returns the connection whose id is in the path, if its strategy supports SCIM. Throws Auth0's 404s. */
export async function getScimConnection(call: Call): Promise<ConnectionRecord> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  // As on Auth0, not every strategy supports SCIM: Google Workspace, for example, cannot send its people to other
  // services by SCIM.
  if (findScimSubject(connection.strategy) === undefined) throw notFound('This connection type does not support SCIM.');
  return connection;
}

/** Returns the error 404 for a connection without a SCIM configuration. Auth0's text for this case is unknown. */
export const noScimConfiguration = () => notFound('The connection has no SCIM configuration.');

/** Returns the SCIM configuration of the connection in the path. Throws 404. */
export async function getScimConfiguration(call: Call): Promise<ScimConfiguration> {
  const { id } = await getScimConnection(call);
  const configuration = await call.directory.scim.findConfiguration(id);
  if (configuration === undefined) throw noScimConfiguration();
  return configuration;
}
