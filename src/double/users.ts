/** Restricts `POST /users` as on Auth0: the database connection must be enabled for the calling client. */
import { badBody } from '../management/api/errors.js';
import type { Call } from '../management/api/operation.js';
import type { DoubleFacts } from './facts.js';

/**
 * Throws 400 unless the connection is enabled for the calling client. Being enabled for an organization is not enough.
 */
export async function checkUserCreation(call: Call, key: string, facts: DoubleFacts): Promise<void> {
  if (key !== 'post /users' || facts.user_creation === 'any_connection') return;
  const { connection: name } = call.body as { readonly connection: string };
  const { connections } = call.directory;
  const connection = await connections.findByName(name);
  // The operation itself refuses a connection that does not exist or is not a database.
  if (connection?.strategy !== 'auth0' || (await connections.isEnabledForClient(connection.id, call.caller.clientId)))
    return;
  throw badBody(
    `Connection must be enabled for this client to perform single user creation and signup operations (client_id: ${call.caller.clientId} - connection: ${name})`,
  );
}
