/**
 * Converts a connection to Auth0's JSON. Only one secret is ever shown: `client_secret`, by one endpoint, to a caller
 * with the scopes for it (ADR 0049).
 */
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { badBody, noConnection } from '../api/errors.js';
import type { Call, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, viewOf } from '../api/wire.js';
import { DISCOVERY_REPLY } from './connection-discovery.js';
import { CONNECTION_FIXED } from './fields.js';
import { toOptionsRevision } from './options-revision.js';

/** A connection and the ids of the clients that may use it. */
type ShownConnection = ConnectionRecord & { readonly clients: readonly string[] };

const ACTIVE = replyOf({ active: 'boolean' });

/** A connection in a list: without `options_revision`, which deploy-cli would send to the next server. */
export const CONNECTION_LISTED = viewOf<ShownConnection>({
  authentication: [ACTIVE, () => CONNECTION_FIXED.authentication],
  connected_accounts: [ACTIVE, () => CONNECTION_FIXED.connected_accounts],
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  'display_name?': ['string', ({ displayName }) => displayName],
  strategy: ['string', ({ strategy }) => strategy],
  // Without secrets, and removed from answers to callers who may not read options.
  'options?': [ANY_OBJECT, ({ options }) => options],
  enabled_clients: [listOf('string'), ({ clients }) => clients],
  is_domain_connection: ['boolean', ({ isDomainConnection }) => isDomainConnection],
  'needs_organization?': ['boolean', ({ needsOrganization }) => needsOrganization || undefined],
  show_as_button: ['boolean', ({ showAsButton }) => showAsButton],
  realms: [listOf('string'), ({ name }) => [name]],
  'metadata?': [ANY_OBJECT, ({ metadata }) => (Object.keys(metadata).length > 0 ? metadata : undefined)],
});

/** A connection by itself. */
export const CONNECTION = viewOf<ShownConnection>({
  ...CONNECTION_LISTED.rows,
  'options_revision?': ['string', toOptionsRevision],
  'managed_by_organization?': ['string', ({ managedByOrganization }) => managedByOrganization],
});

interface WrittenConnection extends ShownConnection {
  /** The metadata of the identity provider, or why there is none. */
  readonly discovery: Wire | undefined;
  readonly warnings?: readonly Wire[] | undefined;
}

/** The answer to a write of a connection. */
export const CONNECTION_WRITTEN = viewOf<WrittenConnection>({
  ...CONNECTION.rows,
  'discovery?': [DISCOVERY_REPLY, ({ discovery }) => discovery],
  'warnings?': [listOf(replyOf({ id: 'string', message: 'string' })), ({ warnings }) => warnings],
});

/** Lists the ids of the clients that may use a connection. */
export async function listClientsOf(call: Call, id: string): Promise<readonly string[]> {
  return (await call.directory.connections.listClientsOf([id])).get(id) ?? [];
}

/** Scopes for seeing `client_secret`; a caller needs all of them. */
const SECRET_SCOPES = ['read:connections_options', 'read:connections_keys'] as const;

/** Returns the connection of the path, with `client_secret` for a caller who may read keys. Throws 404. */
export async function showConnection(call: Call): Promise<Wire> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  const wire = CONNECTION.show({ ...connection, clients: await listClientsOf(call, connection.id) });
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
