/** Finds the connection that a path of SCIM settings names, and its configuration. Reads only. */

import { findScimSubject } from '../../facts/strategies.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ScimConfiguration } from '../../ports/directory/scim.js';
import { noConnection, notFound } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** Finds the connection whose id is in the path, if SCIM can provision it. Throws Auth0's 404s. */
export async function getScimConnection(call: Call): Promise<ConnectionRecord> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  // As on Auth0, not every strategy has SCIM: Google Workspace, for example, has none of its own for other services.
  if (findScimSubject(connection.strategy) === undefined) throw notFound('This connection type does not support SCIM.');
  return connection;
}

/** Returns 404 for a connection without SCIM. Auth0's text is unknown. */
export const noScimConfiguration = () => notFound('The connection has no SCIM configuration.');

/** Returns the configuration of the path's connection. Throws 404. */
export async function getScimConfiguration(call: Call): Promise<ScimConfiguration> {
  const { id } = await getScimConnection(call);
  const configuration = await call.directory.scim.findConfiguration(id);
  if (configuration === undefined) throw noScimConfiguration();
  return configuration;
}
