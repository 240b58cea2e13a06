/** The public keys of a connection at Auth0's address, as its identity provider fetches them. */
import { X509Certificate } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, type Json, startInstance } from '../support/instance.js';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.stop());

const read = (name: string) => fetch(`${instance.origin}/oauth/connection/${name}/.well-known/jwks.json`);

test('case=current-and-next: both are there before the next one signs, and nothing of their private halves', async () => {
  const options = { issuer: 'https://idp.example/', client_id: 'c', token_endpoint_auth_method: 'private_key_jwt' };
  const body = {
    name: 'acme-keys',
    strategy: 'oidc',
    options: { ...options, token_endpoint_auth_signing_alg: 'ES256' },
  };
  const { id } = await instance.api<{ id: string }>('POST', '/connections?check_discovery=false', body);
  await instance.api('POST', `/connections/${id}/keys/rotate`, {});
  const shown = await instance.api<readonly Json[]>('GET', `/connections/${id}/keys`);
  const answer = await read('acme-keys');
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
  const { keys } = (await answer.json()) as JSONWebKeySet;
  const kids = (turn: string) => shown.filter((key) => key[turn] === true).map(({ kid }) => kid);
  expect(keys.map(({ kid }) => kid)).toEqual([...kids('current'), ...kids('next')]);
  expect(kids('previous'), 'published no more').toHaveLength(1);
  for (const key of keys) {
    expect(Object.keys(key).sort()).toEqual(key.kty === 'EC' ? EC : RSA);
    const certificate = new X509Certificate(String(shown.find(({ kid }) => kid === key.kid)?.cert));
    const found = await createLocalJWKSet({ keys })({ alg: String(key.alg), kid: String(key.kid) });
    expect(certificate.publicKey.export({ format: 'jwk' })).toMatchObject(
      await crypto.subtle
        .exportKey('jwk', found as CryptoKey)
        .then(({ kty, n, x }) => JSON.parse(JSON.stringify({ kty, n, x }))),
    );
  }
});
const EC = ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'];
const RSA = ['alg', 'e', 'kid', 'kty', 'n', 'use'];

test('case=nothing: a connection without keys is not found, as one that is not there', async () => {
  await instance.api('POST', '/connections', { name: 'plain', strategy: 'auth0' });
  const answers = await Promise.all(['plain', 'nobody', '%00', 'x'.repeat(200)].map(read));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
});
