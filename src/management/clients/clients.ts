/**
 * `/clients`: applications. Settings with an effect here have a field of their own; others are only stored and
 * returned.
 */
import { newSecret, randomAlphanumeric } from '../../kernel/ids.js';
import type { ClientCredential } from '../../ports/directory/client-credentials.js';
import type { ClientFilter, ClientRecord } from '../../ports/directory/clients.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, badQuery, noClient } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { continuing } from '../api/paging.js';
import { canBeMachine, checkNotStronger, findStronger } from '../api/stronger-clients.js';
import { orConflict } from '../api/wire.js';
import { findNamedCredentials } from './authentication.js';
import { CLIENT_REPLY, type ClientBody, fromClientBody, newClient, toClientWire } from './client-wire.js';
import { checkConsoleStays } from './console-client.js';
import { addCredentials, CREDENTIAL, type CredentialBody, parseCredential } from './credentials.js';
import { checkNotOfEnvironment, checkStaysMachine } from './environment-client.js';
import { GLOBAL_CLIENT_ID, globalClientWire, listGlobalClient, updateGlobalClient } from './global-client.js';
import { checkMyOrganizationSettings } from './my-organization-settings.js';
import { checkPolicies } from './refresh-token.js';
import { listSigningCertificates } from './signing-certificate.js';

const CLIENT_ID_LENGTH = 32;

/**
 * Returns the clients. Callers who may read keys also get the secrets, except the secret of a client with more rights
 * than the caller.
 */
async function toVisibleWires(deps: ManagementDeps, call: Call, clients: readonly ClientRecord[]): Promise<Wire[]> {
  const { scopes } = call.caller;
  if (!scopes.has('read:client_keys') && !scopes.has('read:client_credentials')) return clients.map(toClientWire);
  const ids = clients.map((client) => client.clientId);
  const stronger = await findStronger(deps, call, ids);
  const certificates = await listSigningCertificates(deps, call);
  return Promise.all(
    clients.map(async (client) => {
      const { clientId } = client;
      const secret = stronger.has(clientId) ? undefined : await call.directory.clients.findSecret(clientId);
      return toClientWire({ ...client, certificates, secret });
    }),
  );
}

async function toVisibleWire(deps: ManagementDeps, call: Call, client: ClientRecord): Promise<Wire | undefined> {
  return (await toVisibleWires(deps, call, [client]))[0];
}

async function list(deps: ManagementDeps, call: Call): Promise<Reply> {
  const {
    is_global: isGlobal,
    is_first_party: isFirstParty,
    app_type: appType,
    q,
    starts_with: startsWith,
  } = call.query;
  if (typeof q === 'string' && q !== '')
    throw badQuery("Query validation error: 'Searching clients is not supported' on property q.");
  if (isGlobal === true) return { page: listGlobalClient(call.paging.request) };
  const filter: ClientFilter = {
    ...(typeof isGlobal === 'boolean' ? { isGlobal } : {}),
    ...(typeof isFirstParty === 'boolean' ? { isFirstParty } : {}),
    ...(typeof appType === 'string' ? { appTypes: appType.split(',') } : {}),
    ...(typeof startsWith === 'string' ? { startsWith } : {}),
  };
  const request = continuing(call.paging.request, filter.startsWith !== undefined);
  const page = await call.directory.clients.list(filter, request);
  return { page: { ...page, items: await toVisibleWires(deps, call, page.items) } };
}

const needsSecret = ({ tokenEndpointAuthMethod: method }: ClientRecord) =>
  method === 'client_secret_post' || method === 'client_secret_basic';

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ClientBody & { readonly name: string };
  const credentials = (findNamedCredentials(body) as readonly CredentialBody[] | undefined)?.map((credential) =>
    parseCredential(deps, credential, call.now),
  );
  const ids = credentials?.map(({ id }) => id);
  const client = newClient(randomAlphanumeric(deps.entropy, CLIENT_ID_LENGTH), body, call.now, ids);
  // A client that needs no secret gets one, too, as on Auth0. It opens nothing until the client's method asks for it.
  await checkMyOrganizationSettings(call);
  checkPolicies(deps.origin, body.refresh_token);
  const secret = newSecret(deps.entropy);
  await orConflict('A client with this id already exists.', call.directory.clients.create(client, secret));
  await addCredentials(call, client.clientId, credentials ?? []);
  const wire = toClientWire({ ...client, certificates: await listSigningCertificates(deps, call), secret });
  return { body: credentials === undefined ? wire : { ...wire, ...showMade(credentials) } };
}

/** Shows new credentials in full, as Auth0 does in this one answer: the application learns its key id from it. */
const showMade = (credentials: readonly ClientCredential[]): Wire => ({
  client_authentication_methods: { private_key_jwt: { credentials: credentials.map(CREDENTIAL.show) } },
});

const NEW_SECRET = 'its secret is the one of VESTIBULE_MANAGEMENT_CLIENT_SECRET';
const NO_QUOTA = 'no quota limits its tokens (token_quota)';

async function getClient(call: Call): Promise<ClientRecord> {
  const client = await call.directory.clients.find(call.params.id ?? '');
  if (client === undefined) throw noClient();
  return client;
}

async function get(deps: ManagementDeps, call: Call): Promise<Reply> {
  if (call.params.id === GLOBAL_CLIENT_ID) return { body: globalClientWire() };
  return { body: await toVisibleWire(deps, call, await getClient(call)) };
}

/**
 * Returns the ids, without repetition, of this client's credentials that a body names. Throws 400 for an unknown id.
 */
async function getNamedIds(call: Call, clientId: string, body: ClientBody): Promise<readonly string[] | undefined> {
  const named = findNamedCredentials(body) as readonly { readonly id: string }[] | undefined;
  if (named === undefined) return undefined;
  const existing = await call.directory.clientCredentials.list(clientId);
  const ids = [...new Set(named.map(({ id }) => id))];
  const unknown = ids.find((id) => !existing.some((credential) => credential.id === id));
  if (unknown !== undefined) throw badBody(`client_authentication_methods: the client has no credential ${unknown}.`);
  return ids;
}

/**
 * True when a change lets the client get tokens with a credential that was not valid for it before: another key, or a
 * secret that keys had replaced.
 */
function opensAnotherWay(before: ClientRecord, after: ClientRecord): boolean {
  if (!canBeMachine(after)) return false;
  if (!canBeMachine(before)) return true;
  if (needsSecret(after)) return !needsSecret(before);
  return after.authenticationCredentials.some((id) => !before.authenticationCredentials.includes(id));
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  if (call.params.id === GLOBAL_CLIENT_ID) return { body: updateGlobalClient(call.body as Wire) };
  const before = await call.directory.clients.findForUpdate(call.params.id ?? '');
  if (before === undefined) throw noClient();
  const body = call.body as ClientBody;
  const ids = await getNamedIds(call, before.clientId, body);
  const changes = { ...fromClientBody(body, before, ids), updatedAt: call.now };
  await checkMyOrganizationSettings(call);
  checkPolicies(deps.origin, body.refresh_token);
  checkStaysMachine(deps, { ...before, ...changes });
  await checkConsoleStays(call, before, { ...before, ...changes });
  if (body.client_secret !== undefined) checkNotOfEnvironment(deps, before.clientId, NEW_SECRET);
  if ((body as Wire).token_quota) checkNotOfEnvironment(deps, before.clientId, NO_QUOTA);
  // Attack: a caller takes over a client that has more rights. They set its secret or key, or make a secret that they
  // know valid again.
  if (body.client_secret !== undefined || opensAnotherWay(before, { ...before, ...changes }))
    await checkNotStronger(deps, call, before.clientId);
  const after = await call.directory.clients.update(before.clientId, changes);
  if (after === undefined) throw noClient();
  if (body.client_secret !== undefined) {
    await call.directory.clients.replaceSecret(after.clientId, body.client_secret, call.now);
  } else if (needsSecret(after) && !needsSecret(before)) {
    // Creates a secret if the client has none. Keeps an existing one: replacing it requires another scope.
    const hasOne = (await call.directory.clients.findSecret(after.clientId)) !== undefined;
    if (!hasOne) await call.directory.clients.replaceSecret(after.clientId, newSecret(deps.entropy), call.now);
  }
  return { body: await toVisibleWire(deps, call, after) };
}

async function rotate(deps: ManagementDeps, call: Call): Promise<Reply> {
  const client = await getClient(call);
  checkNotOfEnvironment(deps, client.clientId, NEW_SECRET);
  await checkNotStronger(deps, call, client.clientId);
  const secret = newSecret(deps.entropy);
  await call.directory.clients.replaceSecret(client.clientId, secret, call.now);
  return { body: toClientWire({ ...client, certificates: await listSigningCertificates(deps, call), secret }) };
}

/** Returns the operations on `/clients`, including `rotate-secret`. */
export function clientOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/clients',
      summary: 'List clients',
      reply: CLIENT_REPLY,
      list: { key: 'clients', checkpoint: true, byText: true },
      fields: true,
      run: (call) => list(deps, call),
    },
    {
      method: 'post',
      path: '/clients',
      summary: 'Create a client',
      status: 201,
      reply: CLIENT_REPLY,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/clients/{id}',
      summary: 'Get a client',
      reply: CLIENT_REPLY,
      fields: true,
      refusals: [404],
      run: (call) => get(deps, call),
    },
    {
      method: 'patch',
      path: '/clients/{id}',
      summary: 'Update a client',
      reply: CLIENT_REPLY,
      refusals: [404],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: '/clients/{id}',
      summary: 'Delete a client',
      // No 404: Auth0 answers 204 for a client that does not exist.
      async run(call) {
        checkNotOfEnvironment(deps, call.params.id ?? '', 'it cannot be deleted');
        await call.directory.clients.delete(call.params.id ?? '');
        return {};
      },
    },
    {
      method: 'post',
      path: '/clients/{id}/rotate-secret',
      summary: 'Replace the secret of a client',
      reply: CLIENT_REPLY,
      refusals: [404],
      run: (call) => rotate(deps, call),
    },
  ];
}
