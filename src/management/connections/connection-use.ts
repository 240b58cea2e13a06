/**
 * Additions: `/connections/{id}/organizations`, and the same for many connections, list the organizations that use a
 * connection. `/connections/{id}/examine` checks whether its identity provider now answers as the options say, and
 * whether a secret is stored. They only read, and never show or send a secret.
 */
import { sendsClientSecret } from '../../domain/companies/idp-destination.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { OrganizationUse } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { noConnection } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, replyOf, viewOf } from '../api/wire.js';
import { countQuestion } from '../self-service/question-limits.js';
import { EXAMINED_REPLY } from './connection-discovery.js';

const USE = viewOf<OrganizationUse>({
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  is_enabled: ['boolean', ({ isEnabled }) => isEnabled],
  'display_name?': ['string', ({ displayName }) => displayName],
});

async function list(call: Call): Promise<Reply> {
  const connectionId = call.params.id ?? '';
  if ((await call.directory.connections.find(connectionId)) === undefined) throw noConnection();
  const page = await call.directory.organizations.listUses(connectionId, call.paging.request);
  return { page: { ...page, items: page.items.map(USE.show) } };
}

/**
 * Returns whether a client secret is stored, for protocols that send one. A change of the provider's address removes
 * the secret, and the provider's metadata can be read without one. So a missing secret would not be noticed before the
 * first sign-in.
 */
async function findSecretFact(call: Call, connection: ConnectionRecord): Promise<Wire> {
  if (!sendsClientSecret(connection)) return {};
  return { has_client_secret: (await call.directory.connections.findClientSecret(connection.id)) !== undefined };
}

/** For each connection: how many organizations the answer names, and the number at which counting stops. */
const MOST = { shown: 2, counted: 100 };

async function findMany(call: Call): Promise<Reply> {
  const { connection_ids: ids } = call.body as { readonly connection_ids: readonly string[] };
  const found = await call.directory.organizations.findFirstUses(ids, MOST);
  return {
    body: {
      connections: found.map(({ connectionId, organizations, total }) => ({
        connection_id: connectionId,
        organizations: organizations.map(USE.show),
        total,
        complete: total < MOST.counted,
      })),
    },
  };
}

async function examine(deps: ManagementDeps, call: Call): Promise<Reply> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  // Attack: somebody makes this server flood an identity provider. The limit is the same as for a customer's set-up.
  await countQuestion(deps.attempts, 'provider', { ticketId: connection.id }, call.now);
  const finding = await deps.examine(connection);
  if (finding === undefined) return { body: { status: 'unchecked' } };
  if (finding.ok)
    return {
      body: {
        status: 'ok',
        issuer: finding.issuer,
        ...finding.endpoints,
        signing_keys: finding.signingKeys,
        ...(await findSecretFact(call, connection)),
      },
    };
  const { reason, check, detail } = finding;
  const status = check === 'connection.options' ? 'incomplete' : reason === 'invalid' ? 'wrong' : 'unreachable';
  return { body: { status, check, message: detail } };
}

/** Returns the operations about the use of connections. */
export function connectionUseOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/connections/{id}/organizations',
      summary: 'List the organizations that use a connection',
      reply: USE.schema,
      list: { key: 'organizations', checkpoint: true },
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path: '/connections/organizations/find',
      summary: 'Find the first organizations of each of many connections',
      reply: replyOf({
        connections: listOf(
          replyOf({
            connection_id: 'string',
            organizations: listOf(USE.schema),
            total: 'integer',
            complete: 'boolean',
          }),
        ),
      }),
      readsOnly: true,
      run: findMany,
    },
    {
      method: 'post',
      path: '/connections/{id}/examine',
      summary: 'Ask the identity provider of a connection whether it answers as the options say',
      reply: EXAMINED_REPLY,
      refusals: [404, 429],
      readsOnly: true,
      run: (call) => examine(deps, call),
    },
  ];
}
