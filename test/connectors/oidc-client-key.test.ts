/**
 * private_key_jwt at an identity provider that somebody else wrote: it checks the assertion as RFC 7523 says, and lets nobody in with a key
 * that is not registered. The key of each redemption is the one that is current then.
 */
import { X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeConnectionKey } from '../../src/connectors/oidc/client-key.js';
import { createOidcConnector } from '../../src/connectors/oidc/connector.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import { CONNECTION_KEY_ALGORITHMS } from '../../src/domain/companies/connection-key.js';
import { systemClock } from '../../src/kernel/clock.js';
import { Fault } from '../../src/kernel/errors.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import type { NewConnectionKey } from '../../src/ports/connection-keys.js';
import type { ConnectorAnswer } from '../../src/ports/connector.js';
import { type ForeignIdp, startForeignIdp } from '../support/foreign-idp.js';
import { CALLBACK, connectionWith, newWay } from '../support/oidc-rig.js';

const make = (algorithm: NewConnectionKey['algorithm']) =>
  makeConnectionKey(algorithm, 'login.example', systemClock, systemEntropy);
const toPublic = ({ kid, algorithm, certificate }: NewConnectionKey) => ({
  ...new X509Certificate(certificate).publicKey.export({ format: 'jwk' }),
  kid,
  alg: algorithm,
  use: 'sig',
});

/** The parameters of the requests to the token endpoint. */
const sent: URLSearchParams[] = [];
const outbound = createOutboundFetch({ allow: ['127.0.0.0/8'], maxBytes: 1_000_000, timeoutMs: 5_000 });
const fetch: typeof outbound = Object.assign(
  (...[url, init]: Parameters<typeof outbound>) => {
    if (init?.method === 'POST') sent.push(new URLSearchParams(String(init.body)));
    return outbound(url, init);
  },
  { close: () => outbound.close() },
);
let current: () => Promise<NewConnectionKey | undefined>;
const connector = createOidcConnector({
  fetch,
  clock: systemClock,
  entropy: systemEntropy,
  keys: { findCurrent: () => current() },
});

let registered: readonly NewConnectionKey[];
let foreign: NewConnectionKey;
let idp: ForeignIdp;
beforeAll(async () => {
  registered = await Promise.all(CONNECTION_KEY_ALGORITHMS.map(make));
  foreign = await make('RS256');
  const jwks = { keys: registered.map(toPublic) };
  idp = await startForeignIdp(CALLBACK, undefined, { token_endpoint_auth_method: 'private_key_jwt', jwks });
});
afterAll(async () => {
  await fetch.close();
  await idp.stop();
});

async function signIn(more: object = {}): Promise<ConnectorAnswer> {
  const options = { type: 'back_channel', issuer: idp.issuer, client_id: idp.clientId };
  // Without a secret, and with one that must not be sent.
  const connection = connectionWith(
    { ...options, client_secret: 's', token_endpoint_auth_method: 'private_key_jwt', ...more },
    { revision: JSON.stringify(more) },
  );
  const started = await connector.start(connection, newWay(), { loginHint: 'dana', prompt: ['login'], maxAge: 0 });
  if (!started.ok) return started;
  return connector.finish(connection, started.remember, CALLBACK, await idp.signIn(started.url, 'dana'));
}

test.each(CONNECTION_KEY_ALGORITHMS)('case=%s: the assertion is taken, and no secret is sent', async (algorithm) => {
  const key = registered.find((one) => one.algorithm === algorithm);
  current = async () => key;
  expect(await signIn()).toMatchObject({ ok: true, identity: { subject: 'dana' } });
  const parameters = sent.at(-1);
  expect(parameters?.has('client_secret')).toBe(false);
  const { aud, exp = 0, iat = 0, ...claims } = decodeJwt(parameters?.get('client_assertion') ?? '');
  expect(claims).toMatchObject({ iss: idp.clientId, sub: idp.clientId, jti: expect.any(String) });
  expect([aud, exp - iat]).toEqual([expect.stringMatching(/\/token$/), 60]);
});

test('case=issuer-as-audience: where the connection says so', async () => {
  current = async () => registered[0];
  expect(await signIn({ token_endpoint_jwtca_aud_format: 'issuer' })).toMatchObject({ ok: true });
  expect(decodeJwt(sent.at(-1)?.get('client_assertion') ?? '').aud).toBe(idp.issuer);
});

test('case=unknown-key: a key that the provider does not know lets nobody in', async () => {
  current = async () => foreign;
  expect(await signIn()).toMatchObject({ ok: false, reason: 'invalid', check: 'token.refused' });
});

test('case=no-key: nothing is sent, and the administrator is told', async () => {
  current = async () => undefined;
  const before = sent.length;
  expect(await signIn()).toMatchObject({
    ok: false,
    check: 'connection.key',
    detail: expect.stringContaining('/keys'),
  });
  expect(sent.length).toBe(before);
});

test('case=store-failed: a failure of our own store is not one of the provider', async () => {
  current = async () => {
    throw new Fault('database', 'gone', true);
  };
  await expect(signIn()).rejects.toThrow(Fault);
});
