/**
 * Requests of single-page applications (auth0-spa-js 2: a public client with PKCE, its name in `auth0Client` and in a header, `ext-…` parameters,
 * everything that an invitation's link carried): what has no meaning here is ignored, the browser may read the answers.
 */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK, type Cast, createCast } from '../support/cast.js';
import { HttpBrowser } from '../support/http-browser.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { checkOrganizationClaim } from '../support/organization-claim.js';
import { wordsOf } from '../support/stage.js';

const APPLICATION = 'http://127.0.0.1:9';
const AUTH0_CLIENT = Buffer.from(JSON.stringify({ name: 'auth0-spa-js', version: '2.27.0' })).toString('base64');

let instance: Instance;
let cast: Cast;
beforeAll(async () => {
  instance = await startInstance();
  cast = await createCast(instance, {
    clientFields: {
      app_type: 'spa',
      token_endpoint_auth_method: 'none',
      web_origins: [APPLICATION],
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    },
  });
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
});

function authorizeUrl(verifier: string, extra: Readonly<Record<string, string>>): string {
  // State and nonce are base64 of base64url, with padding, as the SDK makes them.
  const random = () => Buffer.from(randomBytes(32).toString('base64url')).toString('base64');
  const query = new URLSearchParams({
    client_id: cast.client.id,
    scope: 'openid profile email offline_access',
    redirect_uri: CALLBACK,
    organization: cast.acme.id,
    response_type: 'code',
    response_mode: 'query',
    state: random(),
    nonce: random(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    auth0Client: AUTH0_CLIENT,
    ...extra,
  });
  return `${instance.origin}/authorize?${query}`;
}

async function redeem(code: string, verifier: string): Promise<Response> {
  return fetch(`${instance.origin}/oauth/token`, {
    method: 'POST',
    headers: { 'auth0-client': AUTH0_CLIENT, origin: APPLICATION },
    body: new URLSearchParams({
      client_id: cast.client.id,
      code_verifier: verifier,
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
    }),
  });
}

describe('a single-page application', () => {
  test('unknown parameters and those of the invitation link do not disturb; state comes back as it was', async () => {
    const invitation = await cast.invite('ivy@acme.example');
    const verifier = `${randomBytes(32).toString('base64url')}~`;
    const address = authorizeUrl(verifier, {
      invitation: invitation.ticket,
      organization_name: 'acme',
      'ext-campaign': 'autumn',
      'ext-language': 'de',
      ui_locales: 'de en',
      acr_values: 'urn:unknown',
      nonsense: '',
    });
    const browser = new HttpBrowser(CALLBACK);
    // A router may fetch the address before the browser goes there: an invitation is not spent by that.
    await (await browser.request(address)).arrayBuffer();
    const accept = await browser.visit(address);
    expect(wordsOf(accept)).toContain('Dana Member invites you');
    const answer = await browser.submit(await browser.submit(accept, { action: 'default' }), { login: 'ivy' });
    expect(answer.url.searchParams.get('state')).toBe(new URL(address).searchParams.get('state'));

    const response = await redeem(answer.url.searchParams.get('code') ?? '', verifier);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toMatch(/^\*$|^http:\/\/127\.0\.0\.1:9$/);
    const tokens = (await response.json()) as Json;
    const claims = decodeJwt(tokens.id_token as string);
    checkOrganizationClaim(claims, cast.acme.id);
    expect(claims.nonce).toBe(new URL(address).searchParams.get('nonce'));
  });

  test('organization_name alone names no organization', async () => {
    const address = new URL(authorizeUrl('v'.repeat(43), { organization_name: 'acme' }));
    address.searchParams.delete('organization');
    const answer = await new HttpBrowser(CALLBACK).visit(address);
    expect(answer.url.searchParams.get('error_description')).toBe('parameter organization is required for this client');
  });

  test('the preflight of its token request allows the header that the SDK adds', async () => {
    const preflight = await fetch(`${instance.origin}/oauth/token`, {
      method: 'OPTIONS',
      headers: {
        origin: APPLICATION,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'auth0-client',
      },
    });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(/\*|auth0-client/);
  });

  test('a repeated unknown parameter is ignored too; a repeated known one is refused', async () => {
    const browser = new HttpBrowser(CALLBACK);
    const twice = await browser.visit(`${authorizeUrl('v'.repeat(43), {})}&ext-a=1&ext-a=2`);
    expect(wordsOf(twice)).toContain('Sign in to Acme');
    const polluted = await browser.visit(`${authorizeUrl('v'.repeat(43), {})}&organization=org_other0000000000`);
    expect(Object.fromEntries(polluted.url.searchParams)).toMatchObject({
      error: 'invalid_request',
      error_description: 'parameter organization must not be repeated',
    });
  });
});
