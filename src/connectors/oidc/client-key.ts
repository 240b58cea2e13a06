/**
 * Makes the keys by which a connection authenticates at its provider's token endpoint (private_key_jwt, RFC 7523
 * section 2.2), and signs with the current one. The key is read at each redemption, so that a rotation applies at once
 * on every node.
 */
import { X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint, importPKCS8 } from 'jose';
import * as client from 'openid-client';
import type { ConnectionKeyAlgorithm } from '../../domain/companies/connection-key.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import { newSelfSignedPair, type PairKind } from '../../kernel/self-signed.js';
import type { ConnectionKeySource, NewConnectionKey } from '../../ports/connection-keys.js';

const DAY_MS = 86_400_000;
/** Ten years: each new certificate has to be registered at the provider by hand. */
const LIFETIME_MS = 3650 * DAY_MS;

/** Thrown when a request to the provider must be signed (private_key_jwt), and the connection has no key. */
export class NoConnectionKey extends Error {
  override name = 'NoConnectionKey';
}

function kindOf(algorithm: ConnectionKeyAlgorithm): PairKind {
  if (!algorithm.startsWith('ES')) return 'rsa';
  return algorithm === 'ES256' ? 'P-256' : 'P-384';
}

/** Makes a key pair; `commonName` is the subject of the pair's certificate. */
export async function makeConnectionKey(
  algorithm: ConnectionKeyAlgorithm,
  commonName: string,
  clock: Clock,
  entropy: Entropy,
): Promise<NewConnectionKey> {
  const at = clock.now().getTime();
  const about = { commonName, notBefore: new Date(at - DAY_MS), notAfter: new Date(at + LIFETIME_MS) };
  const pair = await newSelfSignedPair(entropy, about, kindOf(algorithm));
  const kid = await calculateJwkThumbprint(new X509Certificate(pair.certificate).publicKey);
  return { kid, algorithm, ...pair };
}

/**
 * Signs an assertion for the token endpoint of this provider, valid for one minute. Its audience is that endpoint, as
 * Okta requires, or the issuer. Each connection has its own keys, so one provider cannot use an assertion at another
 * one, whatever endpoint it names.
 */
export function signWithCurrentKey(
  connectionId: string,
  audience: 'issuer' | 'token_endpoint',
  keys: ConnectionKeySource,
): client.ClientAuth {
  return async (server, metadata, body, headers) => {
    const key = await keys.findCurrent(connectionId);
    if (key === undefined) throw new NoConnectionKey(`POST /connections/${connectionId}/keys makes one`);
    const signer = { key: await importPKCS8(key.privatePem, key.algorithm), kid: key.kid };
    const assert = client.PrivateKeyJwt(signer, {
      [client.modifyAssertion]: (_header, payload) => {
        payload.aud = (audience === 'issuer' ? undefined : server.token_endpoint) ?? server.issuer;
      },
    });
    await assert(server, metadata, body, headers);
  };
}
