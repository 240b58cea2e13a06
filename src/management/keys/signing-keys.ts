/**
 * `/keys/signing`: the keys that sign tokens. A rotation publishes the next key. That key starts to sign only when
 * every gateway that checks tokens has had time to read it (ADR 0035). A revoked key is deleted at once, so the tokens
 * that it signed become invalid. Never shows a private key.
 */
import { X509Certificate } from 'node:crypto';
import type { ShownSigningKey } from '../../ports/key-rules.js';
import type { StoredSigningKey } from '../../ports/signing-key-store.js';
import type { ManagementDeps } from '../api/deps.js';
import { conflict, insufficientScopes, ManagementError, notFound } from '../api/errors.js';
import { type Call, inTwoSteps, type Operation, type Reply } from '../api/operation.js';
import { listOf, type Rows, replyOf, viewOf } from '../api/wire.js';

/**
 * Maximum number of keys that are published but do not sign yet. Each makes the public key set longer, which all
 * gateways read.
 */
const MAX_NEXT = 5;

const noKey = () => notFound('Signing key not found.');

interface Certified {
  readonly kid: string;
  /** PEM. */
  readonly certificate: string;
}

/** Returns the SHA-1 fingerprint of a certificate: bytes in hexadecimal digits, separated by colons. */
const fingerprintOf = ({ certificate }: Certified) => new X509Certificate(certificate).fingerprint;

/** The properties of every key that has a certificate. */
export const CERTIFIED: Rows<Certified> = {
  kid: ['string', ({ kid }) => kid],
  cert: ['string', ({ certificate }) => certificate],
  fingerprint: ['string', fingerprintOf],
  thumbprint: ['string', (key) => fingerprintOf(key).replaceAll(':', '')],
};

const KEY = viewOf<ShownSigningKey>({
  ...CERTIFIED,
  current: ['boolean', ({ state }) => state === 'current'],
  next: ['boolean', ({ state }) => state === 'next'],
  previous: ['boolean', ({ state }) => state === 'previous'],
  revoked: ['boolean', () => false],
  'current_since?': ['string', (key) => (key.state === 'next' ? undefined : key.currentSince.toISOString())],
  'current_until?': ['string', (key) => (key.state === 'previous' ? key.currentUntil?.toISOString() : undefined)],
});

async function list({ signingKeys }: ManagementDeps, call: Call): Promise<readonly ShownSigningKey[]> {
  return signingKeys.show(await call.directory.signingKeys.list(), call.now);
}

async function getKey(deps: ManagementDeps, call: Call, kid = call.params.kid): Promise<ShownSigningKey> {
  const found = (await list(deps, call)).find((key) => key.kid === kid);
  if (found === undefined) throw noKey();
  return found;
}

async function rotate(deps: ManagementDeps, call: Call, key: StoredSigningKey): Promise<Reply> {
  // Auth0 requires both scopes. One of them is enough to reach this endpoint, so both are checked here.
  const needed = ['create:signing_keys', 'update:signing_keys'];
  if (!needed.every((scope) => call.caller.scopes.has(scope))) throw insufficientScopes(needed);
  const waiting = deps.signingKeys.show(await call.directory.signingKeys.listForChange(), call.now);
  if (waiting.filter(({ state }) => state === 'next').length >= MAX_NEXT)
    throw new ManagementError(
      403,
      `${MAX_NEXT} new signing keys wait for their turn already. The newest signs three hours after it was made.`,
      'too_many_entities',
    );
  await call.directory.signingKeys.add(key);
  const { kid, certificate } = await getKey(deps, call, key.kid);
  return {
    body: { kid, cert: certificate },
    // This node reads the keys again immediately; the other nodes do so within two minutes.
    after: () => deps.signingKeys.reload(),
    log: { details: { kid: key.kid } },
  };
}

async function revoke(deps: ManagementDeps, call: Call): Promise<Reply> {
  const all = await call.directory.signingKeys.listForChange();
  const key = await getKey(deps, call);
  // Refuses to revoke a key that no other can replace: nothing could sign, or a node would sign with a key that the
  // other nodes do not know yet.
  if (!deps.signingKeys.isReplaceable(key.kid, all, call.now))
    throw conflict(
      'No other signing key could take its place. Rotate first, and try again when every node has read the new key, in two minutes.',
    );
  await call.directory.signingKeys.remove(key.kid);
  return {
    body: { kid: key.kid, cert: key.certificate },
    after: () => deps.signingKeys.reload(),
    log: { details: { kid: key.kid } },
  };
}

const CHANGED = replyOf({ kid: 'string', cert: 'string' });

/** Returns the operations on `/keys/signing`. */
export function signingKeyOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/keys/signing',
      summary: 'List the signing keys',
      reply: listOf(KEY.schema),
      run: async (call) => ({ body: (await list(deps, call)).map(KEY.show) }),
    },
    {
      method: 'get',
      path: '/keys/signing/{kid}',
      summary: 'Get a signing key',
      reply: KEY.schema,
      refusals: [404],
      run: async (call) => ({ body: KEY.show(await getKey(deps, call)) }),
    },
    {
      method: 'post',
      path: '/keys/signing/rotate',
      summary: 'Publish the next signing key',
      status: 201,
      reply: CHANGED,
      ...inTwoSteps(
        () => deps.signingKeys.make(),
        (call, key) => rotate(deps, call, key),
      ),
    },
    {
      method: 'put',
      path: '/keys/signing/{kid}/revoke',
      summary: 'Delete a signing key, with the tokens that it signed',
      reply: CHANGED,
      refusals: [404, 409],
      run: (call) => revoke(deps, call),
    },
  ];
}
