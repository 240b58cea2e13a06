/**
 * `/connections`: the databases and identity providers with which people sign in. Secret options are stored separately:
 * an update without one keeps it, unless an address of the provider changes; null removes it. Each change that affects
 * a login in progress gives the connection a new revision.
 */

import { destinationOf, expectedIssuer, isElsewhere, isOtherIssuer } from '../../domain/companies/idp-destination.js';
import type { Connection } from '../../domain/tenant.js';
import { isSaml } from '../../facts/strategies.js';
import { newId, newSecret } from '../../kernel/ids.js';
import type { FirstKeys } from '../../ports/connection-keys.js';
import type { ConnectionChanges, ConnectionRecord } from '../../ports/directory/connections.js';
import type { ManagementDeps } from '../api/deps.js';
import { noConnection } from '../api/errors.js';
import { type Call, inTwoSteps, type Operation, type Reply, type Wire } from '../api/operation.js';
import { continuing } from '../api/paging.js';
import { changed, mergeMetadata, orConflict, present, replyOf } from '../api/wire.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { checkClientsExist } from './connection-clients.js';
import { discover } from './connection-discovery.js';
import { warnOfFormerPeople } from './connection-former-identities.js';
import { endKeysElsewhere, prepareKeys, storeFirstKeys } from './connection-keys.js';
import { toChangedNeed, toNeed, withoutImpliedNeed } from './connection-need.js';
import { endTrust, toMaker, toNextMaker, warnOfTokens } from './connection-of-customer.js';
import {
  checkAliases,
  checkStrategy,
  keptIssuer,
  SECRET_REMOVED,
  type SplitOptions,
  splitOptions,
  toSecretChanges,
  withLearnedIssuer,
} from './connection-options.js';
import { keepTenant, lacksTenant, pinTenant } from './connection-tenant.js';
import {
  CONNECTION,
  CONNECTION_LISTED,
  CONNECTION_WRITTEN,
  checkFixed,
  listClientsOf,
  showConnection,
} from './connection-wire.js';
import { CONNECTION_ALWAYS } from './fields.js';
import { toNewOptions, toNextOptions } from './option-defaults.js';
import { checkOptionsRevision } from './options-revision.js';

interface ConnectionBody {
  readonly name: string;
  readonly strategy: string;
  readonly display_name?: string;
  readonly options?: Wire | null;
  readonly enabled_clients?: readonly string[] | null;
  readonly show_as_button?: boolean;
  readonly is_domain_connection?: boolean;
  readonly needs_organization?: boolean;
  readonly managed_by_organization?: string | null;
  readonly metadata?: Wire;
  readonly realms?: readonly string[];
  readonly authentication?: { readonly active: boolean };
  readonly connected_accounts?: { readonly active: boolean };
  readonly cross_app_access_requesting_app?: { readonly active: boolean };
}

/**
 * Returns the connection for a query of its provider's metadata. It contains only secrets from the request, since such
 * a query needs none.
 */
function toCandidate(
  connection: Pick<ConnectionRecord, 'name' | 'strategy' | 'managedByOrganization'>,
  split: SplitOptions,
): Connection {
  const given = Object.entries(split.secrets).filter(([, secret]) => secret !== null);
  return {
    id: '',
    name: connection.name,
    strategy: connection.strategy,
    displayName: undefined,
    options: { ...split.options, ...Object.fromEntries(given) },
    domainAliases: [],
    managedByOrganization: connection.managedByOrganization,
    revision: '',
  };
}

/** The result of the work before the transaction of a write. */
interface Prepared {
  /** The metadata of the identity provider, or why there is none. */
  readonly discovery?: Wire | undefined;
  readonly firstKeys?: FirstKeys | undefined;
}

async function prepareCreate(deps: ManagementDeps, call: Call): Promise<Prepared> {
  const { name, strategy, options, ...body } = call.body as ConnectionBody;
  const known = checkStrategy(deps, strategy);
  const managedByOrganization = await toMaker(call, body, known);
  const candidate = toCandidate(
    { name, strategy: known, managedByOrganization },
    splitOptions(known, toNewOptions(known, options ?? {})),
  );
  return {
    discovery: await discover(deps, call, candidate),
    firstKeys: await prepareKeys(deps, call, options, false),
  };
}

async function create(deps: ManagementDeps, call: Call, { discovery, firstKeys }: Prepared): Promise<Reply> {
  const body = call.body as ConnectionBody;
  const strategy = checkStrategy(deps, body.strategy);
  checkFixed(body, body.name);
  const managedByOrganization = await toMaker(call, body, strategy);
  const split = withLearnedIssuer(
    splitOptions(strategy, toNewOptions(strategy, body.options ?? {})),
    learnedIssuer(strategy, discovery),
  );
  checkAliases(split, []);
  const clients = [...new Set(body.enabled_clients ?? [])];
  await checkClientsExist(call, clients);
  const connection: ConnectionRecord = {
    id: newId(deps.entropy, 'con'),
    name: body.name,
    strategy,
    displayName: body.display_name,
    options: pinTenant({ strategy, options: split.options }, discovery),
    domainAliases: split.domainAliases,
    showAsButton: body.show_as_button ?? false,
    isDomainConnection: body.is_domain_connection ?? false,
    needsOrganization: managedByOrganization !== undefined || toNeed(body, strategy),
    managedByOrganization,
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
  await storeFirstKeys(call, connection.id, firstKeys);
  return {
    body: CONNECTION_WRITTEN.show({ ...connection, clients: clients.sort(), discovery }),
    log: { connectionId: connection.id, details: present({ discovery }) },
  };
}

async function replaceClients(deps: ManagementDeps, call: Call, id: string, wanted: readonly string[]): Promise<void> {
  await checkClientsExist(call, wanted);
  const current = await listClientsOf(call, id);
  const changes = [
    ...current.filter((clientId) => !wanted.includes(clientId)).map((clientId) => ({ clientId, enabled: false })),
    ...wanted.filter((clientId) => !current.includes(clientId)).map((clientId) => ({ clientId, enabled: true })),
  ];
  await call.directory.connections.setClients(id, changes, newSecret(deps.entropy));
}

/**
 * Returns the issuer from the SAML metadata that was fetched before this write. Undefined for other strategies, which
 * do not store it.
 */
function learnedIssuer(strategy: string, discovery: Wire | undefined): string | undefined {
  const issuer = isSaml(strategy) ? discovery?.issuer : undefined;
  return typeof issuer === 'string' ? issuer : undefined;
}

/**
 * Returns the new options; undefined if the request has none. As on Auth0, they replace all stored ones except the
 * schema version and defaults, so a client that changes one option sends all.
 */
function newOptions(call: Call, before: ConnectionRecord, discovery?: Wire): SplitOptions | undefined {
  const { options } = call.body as Partial<ConnectionBody>;
  if (options === undefined || options === null) return undefined;
  const split = splitOptions(before.strategy, toNextOptions(before, options));
  if (!isSaml(before.strategy)) return { ...split, options: keepTenant(before, split.options) };
  return withLearnedIssuer(split, learnedIssuer('samlp', discovery) ?? keptIssuer(before.options, split.options));
}

interface Move {
  /** True when the write changes an address of the identity provider. */
  readonly elsewhere: boolean;
  /** The expected issuers before and after the write; undefined if they are the same. */
  readonly issuers: readonly (string | undefined)[] | undefined;
}

/** Compares the identity provider before and after the change. */
function findMove(before: ConnectionRecord, split: SplitOptions | undefined): Move {
  if (split === undefined) return { elsewhere: false, issuers: undefined };
  const from = destinationOf(before);
  const to = destinationOf({ strategy: before.strategy, options: split.options });
  const issuers = isOtherIssuer(from, to) ? [expectedIssuer(from), expectedIssuer(to)] : undefined;
  return { elsewhere: isElsewhere(from, to), issuers };
}

async function prepareUpdate(deps: ManagementDeps, call: Call): Promise<Prepared> {
  const before = await call.directory.connections.find(call.params.id ?? '');
  const split = before && newOptions(call, before);
  if (before === undefined || split === undefined) return {};
  const { strategy } = before;
  const isPinned = !lacksTenant({ strategy, options: split.options });
  const { elsewhere } = findMove(before, split);
  const firstKeys = await prepareKeys(deps, call, split.options, elsewhere);
  // A member cannot examine a connection by itself, so every change of its settings is checked.
  if (!elsewhere && isPinned && call.caller.memberOf === undefined) return { firstKeys };
  // Attack: a member's change is tried with the operator's reach, before the connection is the customer's.
  const maker = call.caller.memberOf ?? before.managedByOrganization;
  const candidate = toCandidate({ ...before, managedByOrganization: maker }, split);
  return { discovery: await discover(deps, call, candidate), firstKeys };
}

async function update(deps: ManagementDeps, call: Call, { discovery, firstKeys }: Prepared): Promise<Reply> {
  const before = await call.directory.connections.findForUpdate(call.params.id ?? '');
  if (before === undefined) throw noConnection();
  checkOptionsRevision(call, before);
  const body = call.body as Partial<ConnectionBody>;
  checkFixed(body, before.name);
  const split = newOptions(call, before, discovery);
  if (split) checkAliases(split, before.domainAliases);
  const maker = await toNextMaker(call, body, before);
  const move = findMove(before, split);
  const options = split && pinTenant({ strategy: before.strategy, options: split.options }, discovery);
  const secrets = split === undefined ? {} : toSecretChanges(split, move.elsewhere);
  if (move.issuers) await call.directory.users.keepExpectedFor(before.id, move.issuers[0] ?? '-');
  const loses = secrets.client_secret === null && split?.secrets.client_secret === undefined;
  const found = [
    ...(loses && (await call.directory.connections.hasSecrets(before.id)) ? [SECRET_REMOVED] : []),
    ...(move.elsewhere ? await endKeysElsewhere(call, before.id, split?.options, firstKeys) : []),
    ...(move.issuers && split ? await warnOfFormerPeople(call, { ...before, options: split.options }) : []),
    ...(await endTrust(call, before, { ...maker, options })),
    ...(await warnOfTokens(call, before, maker)),
  ];
  const told = { discovery, warnings: found.length > 0 ? found : undefined };
  const changes: ConnectionChanges = {
    ...changed<ConnectionChanges>({
      displayName: body.display_name,
      options,
      domainAliases: split?.domainAliases,
      showAsButton: body.show_as_button,
      isDomainConnection: body.is_domain_connection,
      needsOrganization: maker.managedByOrganization !== undefined || (await toChangedNeed(call, body, before)),
      metadata: body.metadata === undefined ? undefined : mergeMetadata(before.metadata, body.metadata),
      revision:
        split === undefined && maker.managedByOrganization === before.managedByOrganization
          ? undefined
          : newSecret(deps.entropy),
    }),
    ...maker,
    updatedAt: call.now,
  };
  const after = await call.directory.connections.update(before.id, changes, secrets);
  if (after === undefined) throw noConnection();
  await storeFirstKeys(call, after.id, firstKeys);
  if (body.enabled_clients) await replaceClients(deps, call, before.id, [...new Set(body.enabled_clients)]);
  return {
    body: CONNECTION_WRITTEN.show({ ...after, clients: await listClientsOf(call, after.id), ...told }),
    log: { details: present({ ...told, issuers: move.issuers }) },
  };
}

/** Returns connections as in a list. */
export async function toListed(call: Call, connections: readonly ConnectionRecord[]): Promise<Wire[]> {
  const clients = await call.directory.connections.listClientsOf(connections.map(({ id }) => id));
  const shown = await withoutImpliedNeed(call, connections);
  return shown.map((one) => CONNECTION_LISTED.show({ ...one, clients: clients.get(one.id) ?? [] }));
}

async function list(call: Call): Promise<Reply> {
  const { strategy, name, starts_with: startsWith } = call.query;
  const filter = {
    ...(Array.isArray(strategy) && strategy.length > 0 ? { strategies: strategy as readonly string[] } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof startsWith === 'string' ? { startsWith } : {}),
  };
  const request = continuing(call.paging.request, typeof startsWith === 'string');
  const page = await call.directory.connections.list(filter, request);
  return { page: { ...page, items: await toListed(call, page.items) } };
}

/** Returns the operations on `/connections`. */
export function connectionOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/connections',
      summary: 'List connections',
      reply: CONNECTION_LISTED.schema,
      list: { key: 'connections', checkpoint: true, byText: true },
      fields: CONNECTION_ALWAYS,
      run: list,
    },
    {
      method: 'post',
      path: '/connections',
      summary: 'Create a connection',
      status: 201,
      reply: CONNECTION_WRITTEN.schema,
      refusals: [409],
      ...inTwoSteps(
        (call) => prepareCreate(deps, call),
        (call, prepared) => create(deps, call, prepared),
      ),
    },
    {
      method: 'get',
      path: '/connections/{id}',
      summary: 'Get a connection',
      reply: CONNECTION.schema,
      fields: CONNECTION_ALWAYS,
      refusals: [404],
      run: async (call) => ({ body: await showConnection(call) }),
    },
    {
      method: 'patch',
      path: '/connections/{id}',
      summary: 'Update a connection',
      reply: CONNECTION_WRITTEN.schema,
      refusals: [404, 409],
      ...inTwoSteps(
        (call) => prepareUpdate(deps, call),
        (call, prepared) => update(deps, call, prepared),
      ),
    },
    {
      method: 'delete',
      path: '/connections/{id}',
      summary: 'Delete a connection',
      // Auth0 answers 202 and deletes later. Here the connection is deleted already; 204 if it did not exist.
      status: 202,
      reply: replyOf({ deleted_at: 'string' }),
      mayBeEmpty: true,
      refusals: [409],
      async run(call) {
        const connectionId = call.params.id ?? '';
        const remove = () => call.directory.connections.delete(connectionId);
        const isGone = await keepWaysIn(call.directory, { connectionId }, remove);
        return isGone ? { body: { deleted_at: call.now.toISOString() } } : { empty: true };
      },
    },
  ];
}
