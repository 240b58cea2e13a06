/** Where the browser is sent, by the options of the connection (names and defaults of Auth0's Management API). */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain/tenant.js';
import type { RedirectStartOptions, Remembered } from '../../src/ports/connector.js';
import { CALLBACK, connectionWith, newWay, type OidcRig, startOidcRig } from '../support/oidc-rig.js';

let rig: OidcRig;
let revision = 0;
beforeAll(async () => {
  rig = await startOidcRig();
});
afterAll(() => rig.stop());

/** Remembered from the last start. */
let secrets: Remembered = {};
async function start(
  options: Connection['options'],
  asked: RedirectStartOptions = {},
  strategy: Connection['strategy'] = 'oidc',
) {
  revision += 1;
  const connection = connectionWith({ client_id: 'c', ...options }, { strategy, revision: String(revision) });
  const started = await rig.connector.start(connection, newWay(), asked);
  if (!started.ok) return started;
  secrets = started.remember;
  return new URL(started.url);
}
async function parametersOf(...args: Parameters<typeof start>): Promise<Record<string, string>> {
  const url = await start(...args);
  if (!(url instanceof URL)) throw new Error(`${url.check}: ${url.detail}`);
  return Object.fromEntries(url.searchParams);
}
const base = () => ({ issuer: rig.idp.issuer, client_secret: 's' });

describe('the parameters', () => {
  test('of a back channel: code, PKCE, nonce, state', async () => {
    const parameters = await parametersOf(base());
    expect(parameters).toEqual({
      client_id: 'c',
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid profile email',
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: createHash('sha256').update(String(secrets.codeVerifier)).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  test('of a front channel: an ID token, posted', async () => {
    const parameters = await parametersOf({ ...base(), type: 'front_channel' });
    expect(parameters).toMatchObject({ response_type: 'id_token', response_mode: 'form_post', nonce: secrets.nonce });
    expect(parameters.code_challenge).toBeUndefined();
  });

  test('PKCE can be left out for an IdP that chokes on it, and only then', async () => {
    const of = async (pkce: string) =>
      (await parametersOf({ ...base(), connection_settings: { pkce } })).code_challenge_method;
    expect([await of('disabled'), await of('auto'), await of('S256'), await of('plain')]).toEqual([
      undefined,
      'S256',
      'S256',
      'S256',
    ]);
  });

  test('login hint and a new sign-in', async () => {
    const asked = { loginHint: 'dana@acme.example', prompt: ['select_account', 'login'], maxAge: 0 } as const;
    const expected = { login_hint: 'dana@acme.example', prompt: 'select_account login', max_age: '0' };
    expect(await parametersOf(base(), asked)).toMatchObject(expected);
    // The request's parameter wins over the one that an administrator wrote down for everybody.
    const upstream_params = { prompt: { value: 'consent' } };
    expect(await parametersOf({ ...base(), upstream_params }, asked)).toMatchObject(expected);
    expect(await parametersOf({ ...base(), upstream_params }, { prompt: [] })).toMatchObject({ prompt: 'consent' });
  });

  test('of two ages the shorter', async () => {
    const of = async (value: string, maxAge?: number) =>
      (
        await parametersOf(
          { ...base(), upstream_params: { max_age: { value } } },
          { ...(maxAge !== undefined && { maxAge }) },
        )
      ).max_age;
    expect([await of('300', 3600), await of('3600', 300), await of('300'), await of('soon', 60)]).toEqual([
      '300',
      '300',
      '300',
      '60',
    ]);
  });

  test('scope of the connection, with openid in any case', async () => {
    expect((await parametersOf({ ...base(), scope: 'email groups' })).scope).toBe('openid email groups');
    expect((await parametersOf({ ...base(), scope: 'email openid' })).scope).toBe('email openid');
  });

  test('upstream parameters, static and as an alias of the login hint', async () => {
    const upstream_params = { acr_values: { value: 'mfa' }, hint: { alias: 'login_hint' }, odd: 'x', none: null };
    const parameters = await parametersOf({ ...base(), upstream_params }, { loginHint: 'dana' });
    expect(parameters).toMatchObject({ acr_values: 'mfa', hint: 'dana' });
    expect(parameters).not.toHaveProperty('odd');
  });

  // Auth0's ConnectionUpstreamAliasEnum.
  test.each([
    'acr_values',
    'audience',
    'client_id',
    'display',
    'id_token_hint',
    'login_hint',
    'max_age',
    'prompt',
    'resource',
    'response_mode',
    'response_type',
    'ui_locales',
  ])('an alias of %s takes what the request has, and is left out where it has nothing', async (alias) => {
    const upstream_params = { x_renamed: { alias } };
    const asked = { asked: { [alias]: 'what was asked', other: 'x' } };
    expect(await parametersOf({ ...base(), upstream_params }, asked)).toMatchObject({ x_renamed: 'what was asked' });
    expect(await parametersOf({ ...base(), upstream_params }, {})).not.toHaveProperty('x_renamed');
  });

  test.each(['constructor', 'toString', '__proto__'])(
    'an alias of %s is left out: no request has it',
    async (alias) => {
      const upstream_params = { x_renamed: { alias } };
      expect(await parametersOf({ ...base(), upstream_params }, { asked: {} })).not.toHaveProperty('x_renamed');
    },
  );

  test('upstream parameters cannot replace what the checks rely on', async () => {
    const names = [
      'client_id',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
      'nonce',
      'code_challenge',
      'code_challenge_method',
    ];
    const upstream_params = Object.fromEntries(names.map((name) => [name, { value: 'evil' }]));
    const url = await start({ ...base(), upstream_params });
    expect(url instanceof URL && url.search).not.toContain('evil');
    const aliases = Object.fromEntries(names.map((name) => [name, { alias: 'acr_values' }]));
    const asked = { asked: { acr_values: 'evil' } };
    const other = await start({ ...base(), upstream_params: aliases }, asked);
    expect(other instanceof URL && other.search).not.toContain('evil');
  });
});

describe('the provider', () => {
  test.each(['', '/', '/.well-known/openid-configuration'])(
    'is discovered from a discovery_url that ends in "%s"',
    async (end) => {
      const url = await start({ discovery_url: rig.idp.issuer + end });
      expect(url instanceof URL && url.origin).toBe(rig.idp.issuer);
    },
  );

  test('given by hand is not asked', async () => {
    const before = { ...rig.idp.requests };
    const manual = {
      issuer: 'https://idp.example',
      authorization_endpoint: 'https://idp.example/a',
      jwks_uri: 'https://idp.example/k',
    };
    const url = await start({ ...manual, token_endpoint: 'https://idp.example/t' });
    expect(url instanceof URL && url.origin).toBe('https://idp.example');
    const front = await start({ type: 'front_channel', oidc_metadata: manual });
    expect(front instanceof URL && front.origin).toBe('https://idp.example');
    expect(rig.idp.requests).toEqual(before);
  });

  test('is the Okta domain for the strategy okta', async () => {
    // A reserved name: there is nothing to connect to, but the failure tells whom it wanted to ask.
    const answer = await start({ domain: 'acme.okta.invalid' }, {}, 'okta');
    expect(answer).toMatchObject({ ok: false, reason: 'unreachable', check: 'discovery.network' });
    expect('detail' in answer && answer.detail).toContain('acme.okta.invalid');
  });

  test('with http endpoints behind an https issuer is refused (downgrade)', async () => {
    const manual = {
      issuer: 'https://idp.example',
      authorization_endpoint: 'http://idp.example/a',
      jwks_uri: 'https://idp.example/k',
    };
    expect(await start({ type: 'front_channel', ...manual })).toMatchObject({
      check: 'discovery.authorization_endpoint',
    });
  });
});

describe('options that do not do', () => {
  test.each([
    ['no client_id', { client_id: undefined }],
    ['nothing to discover from', { issuer: undefined }],
    ['an authentication method that is not spoken', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['only symmetric algorithms', { id_token_signed_response_algs: ['HS256'] }],
  ])('%s', async (_name, options) => {
    expect(await start({ ...base(), ...options })).toMatchObject({ ok: false, check: 'connection.options' });
  });
});
