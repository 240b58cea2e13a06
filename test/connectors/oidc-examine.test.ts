/** Findings from asking an identity provider about a connection that is being written. Every fault is one that was made before. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionWith, type OidcRig, startOidcRig } from '../support/oidc-rig.js';
import type { Lie } from '../support/scripted-idp.js';

let rig: OidcRig;
beforeAll(async () => {
  rig = await startOidcRig({ timeoutMs: 500 });
});
afterAll(() => rig.stop());

const examine = (options: object, strategy: 'oidc' | 'okta' = 'oidc') =>
  rig.connector.examine(connectionWith({ issuer: rig.idp.issuer, client_id: 'c', ...options }, { strategy }));
const RSA = { kty: 'RSA', n: 'sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri', e: 'AQAB' };

test('a provider that is what the options say is described', async () => {
  const { issuer } = rig.idp;
  expect(await rig.connector.examine(rig.connection)).toEqual({
    ok: true,
    issuer,
    endpoints: {
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    },
    signingKeys: 1,
  });
  // A provider that sends the token through the browser needs no token endpoint.
  expect(await examine({ type: 'front_channel' })).toMatchObject({
    ok: true,
    endpoints: { jwks_uri: `${issuer}/jwks` },
  });
});

test('a changed provider is seen at once: nothing is remembered', async () => {
  rig.idp.next({ jwks: { json: { keys: [] } } });
  expect(await examine({})).toMatchObject({ ok: false, check: 'jwks.keys' });
  expect(await examine({})).toMatchObject({ ok: true });
});

describe('what contradicts the options', () => {
  test.each<[string, object, string, Lie?]>([
    ['a wrong path', { issuer: undefined, discovery_url: 'WRONG/realms/acmee' }, 'discovery.http'],
    ['an issuer that is no address', { issuer: 'idp.example' }, 'discovery.address'],
    ['an issuer of another protocol', { issuer: 'file:///etc' }, 'discovery.address'],
    ['another issuer', { issuer: 'https://other.example', discovery_url: 'SAME' }, 'discovery.issuer'],
    ['a page instead of a document', {}, 'discovery.json', { discovery: 'html' }],
    ['a redirect', {}, 'discovery.http', { discovery: { redirect: 'https://idp.example/' } }],
    ['no endpoints', {}, 'discovery.authorization_endpoint', { discovery: { json: { issuer: 'SELF' } } }],
    ['keys at a wrong path', { jwks_uri: 'WRONG/keys' }, 'jwks.http'],
    ['no list of keys', {}, 'jwks.keys', { jwks: { json: { keys: 'none' } } }],
    ['an empty list of keys', {}, 'jwks.keys', { jwks: { json: { keys: [] } } }],
    ['too many keys', {}, 'jwks.keys', { jwks: { json: { keys: Array.from({ length: 101 }, () => RSA) } } }],
    ['a key for encryption alone', {}, 'jwks.keys', { jwks: { json: { keys: [{ ...RSA, use: 'enc' }] } } }],
    [
      'a key that is none',
      {},
      'jwks.keys',
      { jwks: { json: { keys: [{ kty: 'RSA', n: 7 }, null, 'key', { kty: 'oct', k: 'AA' }] } } },
    ],
    ['keys of another algorithm than the one asked for', { id_token_signed_response_algs: ['ES256'] }, 'jwks.keys'],
    ['a document that is too large', {}, 'discovery.too_large', { discovery: 'huge' }],
  ])('%s', async (_what, options, check, lie) => {
    const { issuer } = rig.idp;
    const fill = (value: object) =>
      JSON.parse(
        JSON.stringify(value).replaceAll('WRONG', issuer).replaceAll('SAME', issuer).replaceAll('SELF', issuer),
      );
    if (lie !== undefined) rig.idp.next(fill(lie));
    const found = await rig.connector.examine(connectionWith(fill({ issuer, client_id: 'c', ...options })));
    expect(found).toMatchObject({ ok: false, reason: 'invalid', check });
  });

  test('both issuers are named, cut to what fits into a line', async () => {
    const lie = `https://${'x'.repeat(2_000)}.example`;
    rig.idp.next({ discovery: { json: { issuer: `${lie}\nforged line` } } });
    const found = await examine({});
    expect(found.ok || found.detail).toContain(`expected ${rig.idp.issuer}, the document says https://xxx`);
    expect(found.ok || [found.detail.length <= 300, found.detail.includes('\n')]).toEqual([true, false]);
  });
});

test.each([
  [
    'EC',
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    'ES256',
  ],
  ['OKP', { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }, 'EdDSA'],
])('a key of type %s counts where its algorithm may be used', async (_kind, key, algorithm) => {
  const keys = { json: { keys: [key, { ...RSA, use: 'enc' }] } };
  rig.idp.next({ jwks: keys });
  expect(await examine({})).toMatchObject({ ok: true, signingKeys: 1 });
  rig.idp.next({ jwks: keys });
  expect(await examine({ id_token_signed_response_algs: [algorithm] })).toMatchObject({ ok: true, signingKeys: 1 });
  rig.idp.next({ jwks: keys });
  expect(await examine({ id_token_signed_response_algs: ['PS384'] })).toMatchObject({ ok: false, check: 'jwks.keys' });
});

describe('what says nothing', () => {
  test.each<[string, object, string, Lie?]>([
    ['trouble', {}, 'discovery.http', { discovery: 'status-500' }],
    ['too many requests', {}, 'discovery.http', { discovery: { json: {}, status: 429 } }],
    ['silence', {}, 'discovery.timeout', { discovery: 'hang' }],
    ['a byte at a time', {}, 'discovery.timeout', { discovery: 'drip' }],
    ['a connection that is cut', {}, 'discovery.network', { discovery: 'cut' }],
    ['silence about the keys', {}, 'jwks.timeout', { jwks: 'hang' }],
    ['nobody at this port', { issuer: 'http://127.0.0.1:9' }, 'discovery.network'],
    ['an address that must not be asked', { issuer: 'http://169.254.169.254' }, 'discovery.forbidden'],
  ])('%s', async (_what, options, check, lie) => {
    if (lie !== undefined) rig.idp.next(lie);
    expect(await examine(options)).toMatchObject({ ok: false, reason: 'unreachable', check });
  });

  test('options that do not say where to ask', async () => {
    for (const options of [{ client_id: undefined }, { issuer: undefined }])
      expect(await examine(options)).toMatchObject({ ok: false, reason: 'invalid', check: 'connection.options' });
  });
});
