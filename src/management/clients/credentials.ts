/**
 * `/clients/{client_id}/credentials`: the public keys of an application. A stored key has no effect by itself: the
 * client's `client_authentication_methods` names the keys in use (authentication.ts). Never deletes a key in use.
 */
import { newId } from '../../kernel/ids.js';
import type { ClientCredential } from '../../ports/directory/client-credentials.js';
import type { ClientRecord } from '../../ports/directory/clients.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, ManagementError, noClient, notFound, notSupported } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkNotStronger } from '../api/stronger-clients.js';
import { listOf, orConflict, viewOf } from '../api/wire.js';
import { parsePublicKey } from './public-key.js';

/** A new credential in a request, as in Auth0's schema. */
export interface CredentialBody {
  readonly credential_type: string;
  readonly name?: string;
  readonly pem?: string;
  readonly subject_dn?: string;
  readonly alg?: ClientCredential['alg'];
  readonly parse_expiry_from_cert?: boolean;
  readonly expires_at?: string;
  readonly kid?: string;
}

/** Maximum number of credentials of a client, as on Auth0: the one in use and its successor. */
const MAX_CREDENTIALS = 2;

const noCredential = () => notFound('The credential does not exist.');

/** A credential in answers: its public parts. */
export const CREDENTIAL = viewOf<ClientCredential>({
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  kid: ['string', ({ kid }) => kid],
  alg: ['string', ({ alg }) => alg],
  credential_type: ['string', () => 'public_key'],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  'thumbprint_sha256?': ['string', ({ thumbprint }) => thumbprint],
  'updated_at?': ['string', ({ updatedAt }) => updatedAt.toISOString()],
  'expires_at?': ['string', ({ expiresAt }) => expiresAt?.toISOString()],
});

/** Returns when a new key expires: at the time in the request, or together with its certificate. Throws 400. */
function findExpiry(body: CredentialBody, ofCertificate: Date | undefined, now: Date): Date | undefined {
  if (body.parse_expiry_from_cert && ofCertificate === undefined)
    throw badBody('parse_expiry_from_cert: pem is not a certificate.');
  const asked = body.expires_at === undefined ? undefined : new Date(body.expires_at);
  const expiresAt = asked ?? (body.parse_expiry_from_cert ? ofCertificate : undefined);
  if (expiresAt !== undefined && expiresAt <= now) throw badBody('The credential would have expired already.');
  return expiresAt;
}

/**
 * Parses a credential in a request. Throws 400, also for a certificate for mTLS, which this server does not support.
 */
export function parseCredential(
  { entropy }: Pick<ManagementDeps, 'entropy'>,
  body: CredentialBody,
  now: Date,
): ClientCredential {
  if (body.credential_type !== 'public_key')
    throw notSupported(
      `credential_type ${body.credential_type}: this server does not authenticate applications by TLS certificates. Use public_key, for private_key_jwt.`,
    );
  if (body.subject_dn !== undefined) throw badBody('subject_dn does not apply to public_key.');
  const { publicKey, thumbprint, certificate } = parsePublicKey(body.pem);
  return {
    id: newId(entropy, 'cred'),
    name: body.name ?? '',
    kid: body.kid ?? thumbprint,
    alg: body.alg ?? 'RS256',
    publicKey,
    thumbprint: certificate?.thumbprint,
    expiresAt: findExpiry(body, certificate?.expiresAt, now),
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * Stores new credentials of a client, which must be new or have its row locked. Throws 403 for more than Auth0 permits,
 * and 409 if a `kid` exists already.
 */
export async function addCredentials(
  call: Call,
  clientId: string,
  credentials: readonly ClientCredential[],
): Promise<void> {
  const before = await call.directory.clientCredentials.list(clientId);
  if (before.length + credentials.length > MAX_CREDENTIALS)
    throw new ManagementError(
      403,
      `A client has at most ${MAX_CREDENTIALS} credentials. Delete one that is not in use first.`,
      'too_many_entities',
    );
  for (const credential of credentials)
    await orConflict(
      'The client has a credential with this key id (kid) already.',
      call.directory.clientCredentials.create(clientId, credential),
    );
}

const clientIdOf = (call: Call) => call.params.client_id ?? '';

/** Returns the client in the path and locks its row, so that nobody adds, uses or removes a credential meanwhile. */
async function lockClient(call: Call): Promise<ClientRecord> {
  const client = await call.directory.clients.findForUpdate(clientIdOf(call));
  if (client === undefined) throw noClient();
  return client;
}

async function list(call: Call): Promise<Reply> {
  const clientId = clientIdOf(call);
  if ((await call.directory.clients.find(clientId)) === undefined) throw noClient();
  return { body: (await call.directory.clientCredentials.list(clientId)).map(CREDENTIAL.show) };
}

async function get(call: Call): Promise<Reply> {
  const credential = await call.directory.clientCredentials.find(clientIdOf(call), call.params.credential_id ?? '');
  if (credential === undefined) throw noCredential();
  return { body: CREDENTIAL.show(credential) };
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const credential = parseCredential(deps, call.body as CredentialBody, call.now);
  const { clientId } = await lockClient(call);
  await addCredentials(call, clientId, [credential]);
  return { body: CREDENTIAL.show(credential) };
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { clientId } = await lockClient(call);
  // Attack: a caller has found an expired key, and makes it valid again.
  await checkNotStronger(deps, call, clientId);
  const { expires_at } = call.body as { readonly expires_at?: string | null };
  const expiresAt = typeof expires_at === 'string' ? new Date(expires_at) : undefined;
  const id = call.params.credential_id ?? '';
  const after = await call.directory.clientCredentials.setExpiry(clientId, id, expiresAt, call.now);
  if (after === undefined) throw noCredential();
  return { body: CREDENTIAL.show(after) };
}

async function remove(call: Call): Promise<Reply> {
  const id = call.params.credential_id ?? '';
  const client = await call.directory.clients.findForUpdate(clientIdOf(call));
  // Refuses to delete a key in use: the application could not authenticate, or would have one key less than its
  // settings say.
  if (client?.authenticationCredentials.includes(id))
    throw new ManagementError(
      400,
      'The credential is in use: take it out of client_authentication_methods first.',
      'credential_in_use',
    );
  await call.directory.clientCredentials.delete(clientIdOf(call), id);
  return {};
}

const PATH = '/clients/{client_id}/credentials';

/** Returns the operations on the credentials of a client. */
export function clientCredentialOperations(deps: ManagementDeps): Operation[] {
  const path = `${PATH}/{credential_id}`;
  return [
    {
      method: 'get',
      path: PATH,
      summary: 'List the credentials of a client',
      reply: listOf(CREDENTIAL.schema),
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path: PATH,
      summary: 'Create a credential of a client',
      status: 201,
      reply: CREDENTIAL.schema,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path,
      summary: 'Get a credential of a client',
      reply: CREDENTIAL.schema,
      refusals: [404],
      run: get,
    },
    {
      method: 'patch',
      path,
      summary: 'Update a credential of a client',
      // 201, as in Auth0's document.
      status: 201,
      reply: CREDENTIAL.schema,
      refusals: [404],
      run: (call) => update(deps, call),
    },
    // No 404: on Auth0, deleting a credential that does not exist succeeds.
    { method: 'delete', path, summary: 'Delete a credential of a client', status: 204, refusals: [], run: remove },
  ];
}
