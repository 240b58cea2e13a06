/** `/connections/{id}/clients`: the applications that may use a connection outside organizations. */
import { newSecret } from '../../kernel/ids.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, badQuery, noConnection } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf } from '../api/wire.js';
import { checkNoClients } from './connection-of-customer.js';

const MAX_CHANGES = 50;

/** Throws 400 `invalid_body`, naming the first of `ids` that is not a client. */
export async function checkClientsExist(call: Pick<Call, 'directory'>, ids: readonly string[]): Promise<void> {
  const known = new Set(await call.directory.clients.findExisting(ids));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw badBody(`One or more of the specified clients do not exist: ${unknown.slice(0, 10).join(', ')}`);
}

async function getConnection(call: Call): Promise<ConnectionRecord> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  return connection;
}

async function list(call: Call): Promise<Reply> {
  const { id } = await getConnection(call);
  const limit = typeof call.query.take === 'number' ? call.query.take : 50;
  const from = typeof call.query.from === 'string' && call.query.from !== '' ? call.query.from : undefined;
  const after = from === undefined ? undefined : Buffer.from(from, 'base64url').toString('utf8');
  if (after?.includes('\0'))
    throw badQuery("Query validation error: 'The from parameter is not a cursor of this list' on property from.");
  const found = await call.directory.connections.listClients(id, limit + 1, after);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const next = found.length > limit && last !== undefined ? { next: Buffer.from(last).toString('base64url') } : {};
  return { body: { clients: shown.map((clientId) => ({ client_id: clientId })), ...next } };
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  // Locked, so that a customer cannot get the connection while a client is enabled for it.
  const connection = await call.directory.connections.findForUpdate(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  const { id } = connection;
  const body = call.body as readonly { readonly client_id: string; readonly status: boolean }[];
  if (body.length > MAX_CHANGES)
    throw badBody(`Payload validation error: 'Array is too long (${body.length}), maximum ${MAX_CHANGES}'.`);
  // If the request names a client twice, the last entry applies.
  const changes = new Map(body.map((change) => [change.client_id, change.status]));
  await checkClientsExist(call, [...changes.keys()]);
  checkNoClients(connection, [...changes.values()].includes(true));
  await call.directory.connections.setClients(
    id,
    [...changes].map(([clientId, enabled]) => ({ clientId, enabled })),
    newSecret(deps.entropy),
  );
  return {};
}

/** Returns the operations on `/connections/{id}/clients`. */
export function connectionClientOperations(deps: ManagementDeps): Operation[] {
  const path = '/connections/{id}/clients';
  return [
    {
      method: 'get',
      path,
      summary: 'List the clients of a connection',
      reply: replyOf({ clients: listOf(replyOf({ client_id: 'string' })) }, { next: 'string' }),
      refusals: [404],
      run: list,
    },
    {
      method: 'patch',
      path,
      summary: 'Enable or disable a connection for clients',
      refusals: [404],
      run: (call) => update(deps, call),
    },
  ];
}
