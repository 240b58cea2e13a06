/**
 * Converts a connection to Auth0's JSON. Only one secret is ever shown: `client_secret`, by one endpoint, to a caller
 * with the scopes for it (ADR 0049).
 */
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { badBody, noConnection } from '../api/errors.js';
import type { Call, Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import { CONNECTION_FIXED } from './fields.js';
import { toOptionsRevision } from './options-revision.js';

/** Converts a connection into Auth0's JSON, without secrets. `enabledClients`: ids of the clients that may use it. */
export function toConnectionWire(connection: ConnectionRecord, enabledClients: readonly string[]): Wire {
  return present({
    ...CONNECTION_FIXED,
    id: connection.id,
    name: connection.name,
    display_name: connection.displayName,
    strategy: connection.strategy,
    options: connection.options,
    options_revision: toOptionsRevision(connection),
    enabled_clients: enabledClients,
    is_domain_connection: connection.isDomainConnection,
    needs_organization: connection.needsOrganization || undefined,
    show_as_button: connection.showAsButton,
    realms: [connection.name],
    metadata: Object.keys(connection.metadata).length > 0 ? connection.metadata : undefined,
  });
}

/** Converts several connections, each with the clients that may use it. */
export async function toConnectionWires(call: Call, connections: readonly ConnectionRecord[]): Promise<Wire[]> {
  const clients = await call.directory.connections.listClientsOf(connections.map((connection) => connection.id));
  return connections.map((connection) => toConnectionWire(connection, clients.get(connection.id) ?? []));
}

/** Scopes for seeing `client_secret`; a caller needs all of them. */
const SECRET_SCOPES = ['read:connections_options', 'read:connections_keys'] as const;

/** Returns the connection of the path, with `client_secret` for a caller who may read keys. Throws 404. */
export async function showConnection(call: Call): Promise<Wire> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  const wire = { ...(await toConnectionWires(call, [connection]))[0] };
  // Attack: a token that reads the whole tenant for a report, or that also updates connections, collects the secrets of
  // all customers' identity providers.
  if (!SECRET_SCOPES.every((scope) => call.caller.scopes.has(scope))) return wire;
  const secret = await call.directory.connections.findClientSecret(connection.id);
  return secret === undefined ? wire : { ...wire, options: { ...connection.options, client_secret: secret } };
}

interface FixedBody {
  readonly name?: string;
  readonly realms?: readonly string[];
  readonly authentication?: { readonly active: boolean };
  readonly connected_accounts?: { readonly active: boolean };
  readonly cross_app_access_requesting_app?: { readonly active: boolean };
}

/**
 * Throws 400 for a setting of a feature that does not exist here. The most important is `authentication.active: false`:
 * if it were stored silently, people could still sign in over a connection that somebody turned off.
 */
export function checkFixed(body: FixedBody, name: string): void {
  if (body.authentication?.active === false)
    throw badBody(
      'authentication.active: a connection here is always for signing in. Disable it for clients and organizations instead.',
    );
  if (body.connected_accounts?.active === true)
    throw badBody('connected_accounts.active: connected accounts are not available on this server.');
  if (body.cross_app_access_requesting_app?.active === true)
    throw badBody('cross_app_access_requesting_app.active: cross-app access is not available on this server.');
  if (body.realms?.some((realm) => realm !== name))
    throw badBody('realms: a connection here has one realm, which is its name.');
}
