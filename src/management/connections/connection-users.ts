/**
 * `DELETE /connections/{id}/users?email=`: deletes the user with this address in a database connection. `GET
 * /clients/{id}/connections`: the connections that an application may use outside organizations.
 */
import { parseEmail } from '../../domain/people/email.js';
import { isEnterprise } from '../../domain/tenant.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, badQuery, conflict, insufficientScopes, noClient, noConnection } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkAccounts } from '../api/operators.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { CONNECTION_LISTED } from './connection-wire.js';
import { toListed } from './connections.js';
import { CONNECTION_ALWAYS } from './fields.js';

async function removeUser(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { connections, users } = call.directory;
  const connection = await connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  if (isEnterprise(connection.strategy)) throw badBody('Connection must be a database connection');
  const email = parseEmail(call.query.email);
  if (email === undefined)
    throw badQuery("Query validation error: 'Object didn't pass validation for format email' on property email.");
  const userId = await users.findPasswordUser(connection.id, email);
  const user = userId === undefined ? undefined : await users.find(userId);
  // As on Auth0, deleting a user who does not exist succeeds.
  if (user === undefined) return {};
  await checkAccounts(deps, call, [user.userId]);
  const isOfConnection = user.identities.some((one) => one.isPrimary && one.connectionId === connection.id);
  if (!isOfConnection)
    throw conflict('The identity is linked to a user of another connection. Unlink it, or delete that user.');
  await keepWaysIn(call.directory, { userIds: [user.userId] }, () => users.delete(user.userId));
  return { log: { userId: user.userId } };
}

async function listOfClient(call: Call): Promise<Reply> {
  // The endpoint accepts the scopes of clients too, but the answer has the settings of connections.
  if (!call.caller.scopes.has('read:connections')) throw insufficientScopes(['read:connections']);
  const clientId = call.params.id ?? '';
  if ((await call.directory.clients.find(clientId)) === undefined) throw noClient();
  const { strategy } = call.query;
  const strategies = Array.isArray(strategy) && strategy.length > 0 ? { strategies: strategy as string[] } : {};
  const page = await call.directory.connections.list({ clientId, ...strategies }, call.paging.request);
  return { page: { ...page, items: await toListed(call, page.items) } };
}

/** Returns the operations on the users of a connection. */
export function connectionUserOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'delete',
      path: '/connections/{id}/users',
      summary: 'Delete the user with an address in a database connection',
      refusals: [404, 409],
      run: (call) => removeUser(deps, call),
    },
    {
      method: 'get',
      path: '/clients/{id}/connections',
      summary: 'List the connections of a client',
      reply: CONNECTION_LISTED.schema,
      list: { key: 'connections', form: 'object', checkpoint: true },
      fields: CONNECTION_ALWAYS,
      refusals: [404],
      run: listOfClient,
    },
  ];
}
