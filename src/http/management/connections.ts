/**
 * `/connections`: where people sign in. Secret options are stored apart and never shown: an update that leaves one out keeps
 * it, null removes it. Every change that matters to a login under way gives the connection a new revision.
 */
import { parseDomain } from '../../domain/email.js';
import type { Strategy } from '../../domain/tenant.js';
import { newId, newSecret } from '../../kernel/ids.js';
import type { ConnectionChanges, ConnectionRecord } from '../../ports/directory/connections.js';
import { keepBreakGlass } from './break-glass.js';
import { checkClientsExist } from './connection-clients.js';
import type { ManagementDeps } from './deps.js';
import { badBody, noConnection } from './errors.js';
import type { Call, Operation, Reply, Wire } from './operation.js';
import { changed, listOf, mergeMetadata, orConflict, present, replyOf } from './wire.js';

interface ConnectionBody {
  readonly name: string;
  readonly strategy: string;
  readonly display_name?: string;
  readonly options?: Wire | null;
  readonly enabled_clients?: readonly string[] | null;
  readonly show_as_button?: boolean;
  readonly is_domain_connection?: boolean;
  readonly metadata?: Wire;
}

const STRATEGIES: readonly string[] = ['auth0', 'oidc', 'okta', 'samlp'] satisfies Strategy[];
const SECRET_OPTIONS: readonly string[] = ['client_secret', 'decryptionKey', 'signing_key'];
/** Secrets of what does not exist here (scripts of a custom database, a gateway for messages): they would lie in clear. */
const FOREIGN_SECRETS: readonly string[] = ['configuration', 'gateway_authentication'];
const MAX_ALIASES = 1_000;
const MAX_ISSUER = 1_024;
/** Bytes of JSON. */
const MAX_OPTIONS = 262_144;

interface SplitOptions {
  readonly options: Wire;
  readonly domainAliases: readonly string[];
  /** A text replaces, null removes. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

function toAliases(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_ALIASES) {
    throw badBody(`options.domain_aliases takes a list of at most ${MAX_ALIASES} domains.`);
  }
  const domains = value.map((item) => {
    const domain = typeof item === 'string' ? parseDomain(item) : undefined;
    if (domain === undefined)
      throw badBody(`options.domain_aliases: ${JSON.stringify(item)?.slice(0, 100)} is not a domain.`);
    return domain;
  });
  return [...new Set(domains)];
}

function checkOptionTypes(options: Wire): void {
  for (const name of ['client_id', 'discovery_url', 'issuer', 'scope', 'signInEndpoint', 'signingCert', 'domain']) {
    const value = options[name];
    if (value !== undefined && value !== null && typeof value !== 'string')
      throw badBody(`options.${name} takes a text.`);
    // The issuer is part of an index, whose entries the database keeps below 2,700 bytes.
    if (name === 'issuer' && typeof value === 'string' && value.length > MAX_ISSUER)
      throw badBody(`options.issuer takes at most ${MAX_ISSUER} characters.`);
  }
  for (const name of ['discovery_url', 'signInEndpoint']) {
    const value = options[name];
    if (typeof value === 'string' && value !== '' && !/^https?:\/\/[^\s]+$/.test(value)) {
      throw badBody(`options.${name} takes an absolute http(s) URL.`);
    }
  }
  // It would be found out by the first person who signs in.
  if (options.token_endpoint_auth_method === 'private_key_jwt') {
    throw badBody(
      'options.token_endpoint_auth_method: private_key_jwt is not available on this server. Use client_secret_post with a client_secret.',
    );
  }
  if (JSON.stringify(options).length > MAX_OPTIONS) throw badBody(`options takes at most ${MAX_OPTIONS} bytes.`);
}

function checkIsEmpty(name: string, value: unknown): void {
  if (value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)) return;
  throw badBody(`options.${name} holds secrets that nothing here would use: leave it out.`);
}

/** Secrets and domains apart from the rest. */
function splitOptions(options: Wire): SplitOptions {
  checkOptionTypes(options);
  const secrets: Record<string, string | null> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (FOREIGN_SECRETS.includes(name)) checkIsEmpty(name, value);
    else if (!SECRET_OPTIONS.includes(name)) rest[name] = value;
    else if (value === null || typeof value === 'string') secrets[name] = value || null;
    else throw badBody(`options.${name} takes a text.`);
  }
  const domainAliases = toAliases(options.domain_aliases);
  return {
    options: 'domain_aliases' in rest ? { ...rest, domain_aliases: domainAliases } : rest,
    domainAliases,
    secrets,
  };
}

function toWire(connection: ConnectionRecord, enabledClients: readonly string[]): Wire {
  return present({
    id: connection.id,
    name: connection.name,
    display_name: connection.displayName,
    strategy: connection.strategy,
    options: connection.options,
    enabled_clients: enabledClients,
    is_domain_connection: connection.isDomainConnection,
    show_as_button: connection.showAsButton,
    realms: [connection.name],
    metadata: Object.keys(connection.metadata).length > 0 ? connection.metadata : undefined,
  });
}

async function toWires(call: Call, connections: readonly ConnectionRecord[]): Promise<Wire[]> {
  const clients = await call.directory.connections.listClientsOf(connections.map((connection) => connection.id));
  return connections.map((connection) => toWire(connection, clients.get(connection.id) ?? []));
}

async function getConnection(call: Call): Promise<ConnectionRecord> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  return connection;
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ConnectionBody;
  if (!STRATEGIES.includes(body.strategy)) {
    throw badBody(`The strategy ${body.strategy} is not available on this server. It offers ${STRATEGIES.join(', ')}.`);
  }
  const split = splitOptions(body.options ?? {});
  const clients = [...new Set(body.enabled_clients ?? [])];
  await checkClientsExist(call, clients);
  const connection: ConnectionRecord = {
    id: newId(deps.entropy, 'con'),
    name: body.name,
    strategy: body.strategy as Strategy,
    displayName: body.display_name,
    options: split.options,
    domainAliases: split.domainAliases,
    showAsButton: body.show_as_button ?? false,
    isDomainConnection: body.is_domain_connection ?? false,
    metadata: mergeMetadata({}, body.metadata),
    revision: newSecret(deps.entropy),
    createdAt: call.now,
    updatedAt: call.now,
  };
  const secrets = Object.entries(split.secrets).filter((entry): entry is [string, string] => entry[1] !== null);
  const taken = 'A connection with the same name already exists';
  await orConflict(
    taken,
    call.directory.connections.create(connection, Object.fromEntries(secrets)),
    'connection_conflict',
  );
  await call.directory.connections.setClients(
    connection.id,
    clients.map((clientId) => ({ clientId, enabled: true })),
    connection.revision,
  );
  return { body: toWire(connection, clients.sort()), log: { connectionId: connection.id } };
}

async function replaceClients(deps: ManagementDeps, call: Call, id: string, wanted: readonly string[]): Promise<void> {
  await checkClientsExist(call, wanted);
  const current = (await call.directory.connections.listClientsOf([id])).get(id) ?? [];
  const changes = [
    ...current.filter((clientId) => !wanted.includes(clientId)).map((clientId) => ({ clientId, enabled: false })),
    ...wanted.filter((clientId) => !current.includes(clientId)).map((clientId) => ({ clientId, enabled: true })),
  ];
  await call.directory.connections.setClients(id, changes, newSecret(deps.entropy));
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const before = await call.directory.connections.findForUpdate(call.params.id ?? '');
  if (before === undefined) throw noConnection();
  const body = call.body as Partial<ConnectionBody>;
  // Auth0 replaces `options` as a whole: a client that changes one of them sends all.
  const split = body.options === undefined || body.options === null ? undefined : splitOptions(body.options);
  const changes: ConnectionChanges = {
    ...changed<ConnectionChanges>({
      displayName: body.display_name,
      options: split?.options,
      domainAliases: split?.domainAliases,
      showAsButton: body.show_as_button,
      isDomainConnection: body.is_domain_connection,
      metadata: body.metadata === undefined ? undefined : mergeMetadata(before.metadata, body.metadata),
      revision: split === undefined ? undefined : newSecret(deps.entropy),
    }),
    updatedAt: call.now,
  };
  const after = await call.directory.connections.update(before.id, changes, split?.secrets ?? {});
  if (after === undefined) throw noConnection();
  if (body.enabled_clients) await replaceClients(deps, call, before.id, [...new Set(body.enabled_clients)]);
  return { body: (await toWires(call, [after]))[0] };
}

async function list(call: Call): Promise<Reply> {
  const { strategy, name } = call.query;
  const filter = {
    ...(Array.isArray(strategy) && strategy.length > 0 ? { strategies: strategy as readonly string[] } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
  const page = await call.directory.connections.list(filter, call.paging.request);
  return { page: { ...page, items: await toWires(call, page.items) } };
}

/** The operations on `/connections`. */
export function connectionOperations(deps: ManagementDeps): Operation[] {
  const always = {
    id: 'string',
    name: 'string',
    strategy: 'string',
    enabled_clients: listOf('string'),
    is_domain_connection: 'boolean',
    show_as_button: 'boolean',
    realms: listOf('string'),
  };
  const reply = replyOf(always, { options: 'object' });
  return [
    {
      method: 'get',
      path: '/connections',
      summary: 'List connections',
      status: 200,
      reply,
      list: { key: 'connections', checkpoint: true },
      fields: true,
      refusals: [],
      run: list,
    },
    {
      method: 'post',
      path: '/connections',
      summary: 'Create a connection',
      status: 201,
      reply,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/connections/{id}',
      summary: 'Get a connection',
      status: 200,
      reply,
      fields: true,
      refusals: [404],
      run: async (call) => ({ body: (await toWires(call, [await getConnection(call)]))[0] }),
    },
    {
      method: 'patch',
      path: '/connections/{id}',
      summary: 'Update a connection',
      status: 200,
      reply,
      refusals: [404],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: '/connections/{id}',
      summary: 'Delete a connection',
      status: 204,
      refusals: [409],
      async run(call) {
        const connectionId = call.params.id ?? '';
        const remove = () => call.directory.connections.delete(connectionId);
        await keepBreakGlass(call.directory, { connectionId }, remove);
        return {};
      },
    },
  ];
}
