/**
 * `/connections/{id}/keys`: the keys with which a connection authenticates at its identity provider (private_key_jwt).
 * They are created before the transaction that stores them, since that takes long. Never shows a private key.
 */
import { X509Certificate } from 'node:crypto';
import {
  CONNECTION_KEY_ALGORITHMS,
  type ConnectionKeyAlgorithm,
  DEFAULT_CONNECTION_KEY_ALGORITHM,
  hasConnectionKeys,
} from '../../domain/companies/connection-key.js';
import { assert } from '../../kernel/assert.js';
import type { ConnectionKey, FirstKeys, MakeConnectionKey } from '../../ports/connection-keys.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ManagementDeps } from '../api/deps.js';
import { conflict, insufficientScopes, ManagementError, noConnection } from '../api/errors.js';
import { type Call, inTwoSteps, type Operation, type Reply, type Wire } from '../api/operation.js';
import { listOf, viewOf } from '../api/wire.js';
import { CERTIFIED } from '../keys/signing-keys.js';

const METHOD = 'private_key_jwt';

const unavailable = (message: string) => new ManagementError(400, message);

const turnOf = (turn: ConnectionKey['turn']) => (key: ConnectionKey) => (key.turn === turn ? true : undefined);

const KEY = viewOf<ConnectionKey>({
  ...CERTIFIED,
  algorithm: ['string', ({ algorithm }) => algorithm],
  key_use: ['string', () => 'signing'],
  subject_dn: [
    'string',
    ({ certificate }) => `/${new X509Certificate(certificate).subject.replaceAll('\n', '/')}`.slice(0, 132),
  ],
  'current?': ['boolean', turnOf('current')],
  'next?': ['boolean', turnOf('next')],
  'previous?': ['boolean', turnOf('previous')],
  'current_since?': ['string', ({ currentSince }) => currentSince?.toISOString()],
  'current_until?': ['string', ({ currentUntil }) => currentUntil?.toISOString()],
});

const isAlgorithm = (value: unknown): value is ConnectionKeyAlgorithm =>
  CONNECTION_KEY_ALGORITHMS.some((name) => name === value);

async function makeFirst(make: MakeConnectionKey, algorithm: unknown): Promise<FirstKeys> {
  const chosen = isAlgorithm(algorithm) ? algorithm : DEFAULT_CONNECTION_KEY_ALGORITHM;
  const [current, next] = await Promise.all([make(chosen), make(chosen)]);
  return { current, next };
}

const KEYS_REPLACED = {
  id: 'connection_keys_replaced',
  message:
    "An address of the identity provider changed, so the connection's keys were removed: another server would get assertions that the former " +
    'provider takes. Hand the new keys (GET /connections/{id}/keys, or the public list) to the provider, otherwise nobody can sign in.',
};

/**
 * Creates keys for a connection that a request switches to private_key_jwt. Runs before the transaction. Creates none
 * if the connection keeps its keys. `elsewhere`: the request changes an address of the provider.
 */
export async function prepareKeys(
  deps: ManagementDeps,
  call: Call,
  options: Wire | null | undefined,
  elsewhere: boolean,
): Promise<FirstKeys | undefined> {
  if (options?.token_endpoint_auth_method !== METHOD) return undefined;
  const { id } = call.params;
  if (!elsewhere && id !== undefined && (await call.directory.connectionKeys.list(id)).length > 0) return undefined;
  return makeFirst(deps.makeConnectionKey, options.token_endpoint_auth_signing_alg);
}

/**
 * Deletes the keys of a connection when its identity provider gets a new address, as its secret is deleted. Attack: a
 * caller may update a connection but has no right to its keys. They make it send assertions that name the former
 * provider (`token_endpoint_jwtca_aud_format: issuer`) to their own server, and use these at the former provider.
 * Returns the warnings for the answer. Throws 409 when new keys are needed but `firstKeys` is missing: the address
 * changed after the request was prepared.
 */
export async function endKeysElsewhere(
  { directory }: Call,
  connectionId: string,
  after: Wire | undefined,
  firstKeys: FirstKeys | undefined,
) {
  if (!(await directory.connectionKeys.end(connectionId))) return [];
  if (after?.token_endpoint_auth_method === METHOD && firstKeys === undefined)
    throw conflict('Somebody changed the connection at the same time. Nothing was done: send it again.');
  return [KEYS_REPLACED];
}

/** Stores the keys that {@link prepareKeys} created, unless the connection got other keys meanwhile. */
export async function storeFirstKeys(call: Call, connectionId: string, keys: FirstKeys | undefined): Promise<void> {
  if (keys) await call.directory.connectionKeys.begin(connectionId, keys, call.now);
}

/**
 * Returns the connection in the path and locks its row. Throws 404; and 400 with the text `refusal` for a strategy that
 * has no connection keys.
 */
async function getConnection(call: Call, refusal: string): Promise<ConnectionRecord> {
  const id = call.params.id ?? '';
  const { connections } = call.directory;
  const connection = await connections.findForUpdate(id);
  if (connection === undefined) throw noConnection();
  if (!hasConnectionKeys(connection.strategy)) throw unavailable(refusal);
  return connection;
}

async function list(call: Call): Promise<Reply> {
  const connection = await call.directory.connections.find(call.params.id ?? '');
  if (connection === undefined) throw noConnection();
  if (!hasConnectionKeys(connection.strategy)) throw unavailable('keys are not available for this connection');
  return { body: (await call.directory.connectionKeys.list(connection.id)).map(KEY.show) };
}

async function begin(call: Call, firstKeys: FirstKeys | undefined): Promise<Reply> {
  const { id } = await getConnection(call, 'keys are not available for this connection');
  if (firstKeys === undefined || !(await call.directory.connectionKeys.begin(id, firstKeys, call.now)))
    throw conflict('Keys have already been created for this connection.');
  return { body: (await call.directory.connectionKeys.list(id)).map(KEY.show) };
}

async function rotate(call: Call, keys: FirstKeys | undefined): Promise<Reply> {
  // Auth0 requires both scopes. One of them is enough to reach this endpoint, so both are checked here.
  const needed = ['create:connections_keys', 'update:connections_keys'];
  if (!needed.every((scope) => call.caller.scopes.has(scope))) throw insufficientScopes(needed);
  const { id, options } = await getConnection(call, 'Key rotation is not supported on this connection');
  if (options.token_endpoint_auth_method !== METHOD)
    throw unavailable('Connection is not configured to use JWT Client Authentication');
  assert(keys, 'keys are created for a connection that can have them');
  const { next } = keys;
  const { connectionKeys } = call.directory;
  if (!(await connectionKeys.rotate(id, next, call.now)))
    throw unavailable('The connection has no keys yet: POST /connections/{id}/keys makes the first ones.');
  const made = (await connectionKeys.list(id)).find(({ turn }) => turn === 'next');
  return { body: made && KEY.show(made), log: { details: { kid: next.kid } } };
}

/** Returns the operations on `/connections/{id}/keys`. */
export function connectionKeyOperations(deps: ManagementDeps): Operation[] {
  const path = '/connections/{id}/keys';
  const algorithmOf = (call: Call) => (call.body as { readonly signing_alg?: string } | null)?.signing_alg;
  // Creates no keys for a request that the transaction would refuse anyway: creating keys is expensive.
  const prepare = async (call: Call): Promise<FirstKeys | undefined> => {
    const connection = await call.directory.connections.find(call.params.id ?? '');
    if (connection === undefined || !hasConnectionKeys(connection.strategy)) return undefined;
    return makeFirst(deps.makeConnectionKey, algorithmOf(call));
  };
  return [
    {
      method: 'get',
      path,
      summary: "List a connection's keys",
      reply: listOf(KEY.schema),
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path,
      summary: "Create a connection's keys",
      status: 201,
      reply: listOf(KEY.schema),
      refusals: [404, 409],
      ...inTwoSteps(prepare, begin),
    },
    {
      method: 'post',
      path: `${path}/rotate`,
      summary: "Rotate a connection's keys",
      status: 201,
      reply: KEY.schema,
      refusals: [404],
      ...inTwoSteps(prepare, rotate),
    },
  ];
}
