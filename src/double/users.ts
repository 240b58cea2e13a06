/** Limits `POST /users` as on Auth0: the database connection must be enabled for the calling client. */
import { badBody } from '../management/api/errors.js';
import type { Call } from '../management/api/operation.js';
import type { DoubleFacts } from './facts.js';

/** Refuses the call otherwise. Enabling it for an organization is not enough (Auth0 semantics, section 5). */
export async function checkUserCreation(call: Call, key: string, facts: DoubleFacts): Promise<void> {
  if (key !== 'post /users' || facts.user_creation === 'any_connection') return;
  const { connection: name } = call.body as { readonly connection: string };
  const { connections } = call.directory;
  const connection = await connections.findByName(name);
  // The operation itself refuses an unknown connection, and one that is no database.
  if (connection?.strategy !== 'auth0' || (await connections.isEnabledForClient(connection.id, call.caller.clientId)))
    return;
  throw badBody(
    `Connection must be enabled for this client to perform single user creation and signup operations (client_id: ${call.caller.clientId} - connection: ${name})`,
  );
}
