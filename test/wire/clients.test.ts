/**
 * openid-client and oauth4webapi, as published and strict, sign a person in at a whole server over plain HTTP on loopback: code,
 * PKCE, organization, invitation, `iss`, refresh with rotation and reuse, userinfo, client_credentials.
 */
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK, type Cast, createCast } from '../support/cast.js';
import { HttpBrowser, type Visit } from '../support/http-browser.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { checkOrganizationClaim } from '../support/organization-claim.js';

const SCOPE = 'openid profile email offline_access';

let instance: Instance;
let cast: Cast;
let issuer: URL;

beforeAll(async () => {
  instance = await startInstance();
  cast = await createCast(instance, {
    clientFields: {
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 },
    },
  });
  issuer = new URL(instance.origin);
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
});

/** Walks a person from the client's address to the application's callback. */
async function acceptInvitation(address: URL, login: string): Promise<URL> {
  const browser = new HttpBrowser(CALLBACK);
  const accept = await browser.visit(address);
  return arriveWith(await browser.submit(await browser.submit(accept, { action: 'default' }), { login }));
}

async function signIn(address: URL, login: string): Promise<URL> {
  const browser = new HttpBrowser(CALLBACK);
  const page = await browser.visit(address);
  const idp = await browser.submit(page, { username: `${login}@acme.example`, action: 'default' });
  return arriveWith(await browser.submit(idp, { login }));
}

function arriveWith(visit: Visit): URL {
  expect(visit.url.href.startsWith(CALLBACK), visit.url.href).toBe(true);
  return visit.url;
}

describe('openid-client', () => {
  let config: openid.Configuration;
  beforeAll(async () => {
    config = await discover(cast.client.id, cast.client.secret);
  });

  function discover(id: string, secret: string): Promise<openid.Configuration> {
    return openid.discovery(issuer, id, secret, undefined, { execute: [openid.allowInsecureRequests] });
  }

  async function begin(extra: Readonly<Record<string, string>>) {
    const checks = {
      pkceCodeVerifier: openid.randomPKCECodeVerifier(),
      expectedState: openid.randomState(),
      expectedNonce: openid.randomNonce(),
      idTokenExpected: true,
    };
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      organization: cast.acme.id,
      ...extra,
    });
    return { address, checks };
  }

  test('discovery says that answers carry iss', () => {
    expect(config.serverMetadata()).toMatchObject({
      issuer: `${instance.origin}/`,
      authorization_response_iss_parameter_supported: true,
    });
  });

  test('an invited newcomer: tokens with the organization, userinfo, rotation, reuse', async () => {
    const invitation = await cast.invite('ivy@acme.example');
    const { address, checks } = await begin({ invitation: invitation.ticket });
    const tokens = await openid.authorizationCodeGrant(config, await acceptInvitation(address, 'ivy'), checks);
    const claims = tokens.claims();
    checkOrganizationClaim(claims ?? {}, cast.acme.id);
    const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
    expect(userinfo).toMatchObject({ email: 'ivy@acme.example', email_verified: true });

    const second = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    checkOrganizationClaim(second.claims() ?? {}, cast.acme.id);
    expect(second.refresh_token).not.toBe(tokens.refresh_token);
    const reused = openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await expect(reused).rejects.toMatchObject({ error: 'invalid_grant', status: 403 });
    const child = openid.refreshTokenGrant(config, second.refresh_token ?? '');
    await expect(child, 'reuse ends the family').rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('an answer of another issuer is refused by the client (RFC 9207): iss is where it looks for it', async () => {
    const dana = await cast.createMember('dana@acme.example');
    const { address, checks } = await begin({});
    const answer = await signIn(address, 'dana');
    const aboutIss = { cause: { message: expect.stringContaining('"iss"') } };
    const foreign = new URL(answer);
    foreign.searchParams.set('iss', 'https://elsewhere.example/');
    await expect(openid.authorizationCodeGrant(config, foreign, checks)).rejects.toMatchObject(aboutIss);
    const stripped = new URL(answer);
    stripped.searchParams.delete('iss');
    await expect(openid.authorizationCodeGrant(config, stripped, checks)).rejects.toMatchObject(aboutIss);
    const tokens = await openid.authorizationCodeGrant(config, answer, checks);
    expect(tokens.claims()?.sub).toBe(dana);
    await expect(openid.authorizationCodeGrant(config, answer, checks), 'a code is good once').rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('a refusal arrives as an error of the authorization, with the description', async () => {
    const { address, checks } = await begin({});
    const answer = await signIn(address, 'sam');
    await expect(openid.authorizationCodeGrant(config, answer, checks)).rejects.toMatchObject({
      error: 'access_denied',
      error_description: `user oidc|acme-oidc|idp-sam is not part of the ${cast.acme.id} organization`,
    });
  });

  test('client_credentials, and an audience that is not granted', async () => {
    const machine = await discover(MANAGEMENT_CLIENT.id, MANAGEMENT_CLIENT.secret);
    const tokens = await openid.clientCredentialsGrant(machine, { audience: `${instance.origin}/api/v2/` });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: expect.any(Number) });
    const wrong = openid.clientCredentialsGrant(machine, { audience: 'https://nobody.example' });
    await expect(wrong).rejects.toMatchObject({ error: 'access_denied' });
  });

  test('the address to sign out at', async () => {
    const address = openid.buildEndSessionUrl(config, { post_logout_redirect_uri: 'http://127.0.0.1:9/bye' });
    const left = await new HttpBrowser('http://127.0.0.1:9/bye').visit(address);
    expect(left.status).toBe(0);
  });
});

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  let as: oauth.AuthorizationServer;
  let client: oauth.Client;
  let authenticate: oauth.ClientAuth;

  beforeAll(async () => {
    const issuerId = new URL(`${instance.origin}/`);
    const discovered = await oauth.discoveryRequest(issuerId, { algorithm: 'oidc', ...insecure });
    as = await oauth.processDiscoveryResponse(issuerId, discovered);
    client = { client_id: cast.client.id };
    authenticate = oauth.ClientSecretPost(cast.client.secret);
  });

  async function begin(extra: Readonly<Record<string, string>>) {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const address = new URL(as.authorization_endpoint ?? '');
    address.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      organization: cast.acme.id,
      ...extra,
    }).toString();
    return { address, verifier, state, nonce };
  }

  async function redeem(answer: URL, login: { verifier: string; state: string; nonce: string }) {
    const parameters = oauth.validateAuthResponse(as, client, answer, login.state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authenticate,
      parameters,
      CALLBACK,
      login.verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: login.nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    return tokens;
  }

  test('an invited newcomer: signature, nonce, organization, userinfo, refresh, revocation', async () => {
    cast.people.otto = { sub: 'idp-otto', email: 'otto@acme.example', email_verified: true };
    const invitation = await cast.invite('otto@acme.example');
    const login = await begin({ invitation: invitation.ticket });
    const tokens = await redeem(await acceptInvitation(login.address, 'otto'), login);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    checkOrganizationClaim({ ...claims }, cast.acme.id);

    const response = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
    const userinfo = await oauth.processUserInfoResponse(as, client, claims?.sub ?? '', response);
    expect(userinfo).toMatchObject({ email: 'otto@acme.example', email_verified: true });

    const refresh = async (token: string | undefined) =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, authenticate, token ?? '', insecure),
      );
    const second = await refresh(tokens.refresh_token);
    await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant', status: 403 });
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, authenticate, second.refresh_token ?? '', insecure),
    );
  });

  test('an answer to another state, and one of another issuer', async () => {
    cast.people.lea = { sub: 'idp-lea', email: 'lea@acme.example', email_verified: true };
    await cast.createMember('lea@acme.example');
    const login = await begin({});
    const answer = await signIn(login.address, 'lea');
    expect(() => oauth.validateAuthResponse(as, client, answer, 'another')).toThrow(/state/);
    const elsewhere = { ...as, issuer: 'https://elsewhere.example/' };
    expect(() => oauth.validateAuthResponse(elsewhere, client, answer, login.state)).toThrow(/iss/);
    expect(oauth.getValidatedIdTokenClaims(await redeem(answer, login))).toMatchObject({ org_id: cast.acme.id });
  });

  test('client_credentials for the Management API', async () => {
    const audience = `${instance.origin}/api/v2/`;
    const machine = { client_id: MANAGEMENT_CLIENT.id };
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      machine,
      oauth.ClientSecretPost(MANAGEMENT_CLIENT.secret),
      { audience },
      insecure,
    );
    const tokens = await oauth.processClientCredentialsResponse(as, machine, response);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: expect.stringContaining('read:organizations') });
  });
});
