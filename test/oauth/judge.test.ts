/** oauth4webapi, written by others and strict, drives the endpoints over HTTP and judges every answer. */
import { KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API, CALLBACK, createFixture, DANA, type Fixture, ORIGIN, SECRET, VERIFIER } from './fixture.js';

let at: Fixture;
let as: oauth.AuthorizationServer;
let options: { [oauth.customFetch]: (url: string, init: object) => Promise<Response> };

beforeAll(async () => {
  at = await createFixture();
  await at.app.listen({ port: 0, host: '127.0.0.1' });
  const local = `http://127.0.0.1:${(at.app.server.address() as AddressInfo).port}`;
  // The issuer is an https origin that does not exist; requests to it are led to the loopback port.
  const led = (url: string, init: object) => fetch(url.replace(ORIGIN, local), init as RequestInit);
  options = { [oauth.customFetch]: led };
  const issuer = new URL(`${ORIGIN}/`);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
});
afterAll(() => at.stop());

const web: oauth.Client = { client_id: 'web' };
/** The tests' clock is at 2026-11-25; the judge has its own. */
const skewed = (client: oauth.Client): oauth.Client => ({
  ...client,
  [oauth.clockSkew]: Math.floor((at.now().getTime() - Date.now()) / 1000),
});

it('client_credentials, by post and by Basic', async () => {
  for (const authenticate of [oauth.ClientSecretPost(SECRET), oauth.ClientSecretBasic(SECRET)]) {
    const client = { client_id: 'machine' };
    const parameters = new URLSearchParams({ audience: API, scope: 'read:things' });
    const response = await oauth.clientCredentialsGrantRequest(as, client, authenticate, parameters, options);
    const result = await oauth.processClientCredentialsResponse(as, client, response);
    expect(result).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'read:things' });
  }
});

it('client_credentials and revocation with a key of its own', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(
    { name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  const pem = KeyObject.from(publicKey).export({ type: 'spki', format: 'pem' });
  await at.run(
    `insert into client_credentials (client_id, id, kid, alg, public_key, created_at, updated_at)
     values ('machine', 'cred_1', 'k', 'PS256', $1, now(), now())`,
    [pem],
  );
  await at.run(
    `update clients set token_endpoint_auth_method = 'private_key_jwt', authentication_credentials = '{cred_1}' where client_id = 'machine'`,
  );
  const client = skewed({ client_id: 'machine' });
  const authenticate = oauth.PrivateKeyJwt({ key: privateKey, kid: 'k' });
  const parameters = new URLSearchParams({ audience: API });
  const response = await oauth.clientCredentialsGrantRequest(as, client, authenticate, parameters, options);
  const result = await oauth.processClientCredentialsResponse(as, client, response);
  expect(result.scope).toBe('read:things write:things');
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authenticate, 'unknown', options));
  await at.run("update clients set token_endpoint_auth_method = 'client_secret_post' where client_id = 'machine'");
});

it('code, ID token, /userinfo, refresh, revocation', async () => {
  const client = skewed(web);
  const authenticate = oauth.ClientSecretBasic(SECRET);
  const query = new URLSearchParams({ code: await at.seedCode({ nonce: 'expected' }), state: 's', iss: `${ORIGIN}/` });
  const answer = oauth.validateAuthResponse(as, client, query, 's');
  const exchanged = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authenticate,
    answer,
    CALLBACK,
    VERIFIER,
    options,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, exchanged, {
    expectedNonce: 'expected',
    requireIdToken: true,
    maxAge: 60,
  });
  await oauth.validateApplicationLevelSignature(as, exchanged, options);
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: DANA, org_id: 'org_acme' });

  const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, options);
  expect(await oauth.processUserInfoResponse(as, client, DANA, userinfo)).toMatchObject({ email_verified: true });

  const refresh = async (token: string) => {
    const response = await oauth.refreshTokenGrantRequest(as, client, authenticate, token, options);
    return oauth.processRefreshTokenResponse(as, client, response);
  };
  const second = await refresh(tokens.refresh_token ?? '');
  expect(oauth.getValidatedIdTokenClaims(second)?.sub).toBe(DANA);
  const ended = await oauth.revocationRequest(as, client, authenticate, second.refresh_token ?? '', options);
  await oauth.processRevocationResponse(ended);
  await expect(refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant', status: 403 });
});
