/** oauth4webapi, written by others and strict, drives the endpoints over HTTP and judges every answer. */
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
/** The tests' clock stands in 2026-11-25; the judge has its own. */
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
