/** The parts of the SAML connector that the contract does not know: options, requests, metadata over time, identities. */
import { createVerify, X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { toSamlIdentity } from '../../../src/connectors/saml/identity.js';
import { parseSamlSettings, type SamlSettings } from '../../../src/connectors/saml/settings.js';
import type { Connection } from '../../../src/domain/tenant.js';
import { randomAlphanumeric, systemEntropy } from '../../../src/kernel/ids.js';
import { certificateOf } from '../../support/saml/certificates.js';
import { CALLBACK, type SamlRig, startSamlRig } from '../../support/saml/rig.js';

const DAY_MS = 86_400_000;
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
let rig: SamlRig;
let running: SamlRig | undefined;
const start = async (...given: Parameters<typeof startSamlRig>) => {
  rig = await startSamlRig(...given);
  running = rig;
  return rig;
};
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const leave = (change: Connection['options'] = {}, options = {}) => {
  const connection = {
    ...rig.connection,
    options: { ...rig.connection.options, ...change },
    revision: JSON.stringify(change),
  };
  const way = { transactionId: randomAlphanumeric(systemEntropy, 16), redirectUri: CALLBACK };
  return rig.connector.start(connection, way, options);
};
const settingsOf = (options: Connection['options']) =>
  parseSamlSettings({ ...BASE, options: { metadataUrl: 'https://idp.example/m', ...options } });
const BASE: Connection = {
  id: 'con_1',
  name: 'acme-saml',
  strategy: 'samlp',
  displayName: undefined,
  options: {},
  domainAliases: [],
  revision: 'r',
};

describe('the request', () => {
  const readRequest = (url: string) =>
    inflateRawSync(Buffer.from(new URL(url).searchParams.get('SAMLRequest') ?? '', 'base64')).toString('utf8');

  test('is beside the typed address where upstream_params say so, by either binding, and is signed all the same', async () => {
    await start();
    const upstream_params = {
      login_hint: { alias: 'login_hint' },
      domain_hint: { value: 'acme.example' },
      // Two of one name would leave the choice to the identity provider.
      RelayState: { value: 'ours' },
      samlrequest: { value: 'ours' },
    };
    const options = { loginHint: 'dana+1@acme.example' };
    const redirected = await leave({ upstream_params, signSAMLRequest: true }, options);
    if (!redirected.ok) throw new Error(redirected.detail);
    const { searchParams } = new URL(redirected.url);
    expect([...searchParams.keys()].sort()).toEqual(
      ['login_hint', 'domain_hint', 'SAMLRequest', 'RelayState', 'SigAlg', 'Signature'].sort(),
    );
    expect(searchParams.get('login_hint')).toBe('dana+1@acme.example');
    expect(searchParams.get('RelayState')).not.toBe('ours');
    expect(readRequest(redirected.url)).toContain(`Destination="${rig.idp.ssoUrl}"`);
    const posted = await leave({ upstream_params, protocolBinding: POST }, options);
    if (!posted.ok) throw new Error(posted.detail);
    expect(Object.fromEntries(new URL(posted.url).searchParams)).toEqual({
      login_hint: 'dana+1@acme.example',
      domain_hint: 'acme.example',
    });
    const untyped = await leave({ upstream_params });
    if (!untyped.ok) throw new Error(untyped.detail);
    expect(new URL(untyped.url).searchParams.has('login_hint')).toBe(false);
  });

  test('names us, our address and its own, and a RelayState that fits into 80 bytes', async () => {
    await start();
    const started = await leave();
    if (!started.ok) throw new Error(started.detail);
    expect(readRequest(started.url)).toContain('<saml:Issuer>urn:auth0:login.example:acme-saml</saml:Issuer>');
    expect(readRequest(started.url)).toContain(`AssertionConsumerServiceURL="${CALLBACK}?connection=acme-saml"`);
    expect(readRequest(started.url)).toContain(`Destination="${rig.idp.ssoUrl}"`);
    expect(readRequest(started.url)).not.toContain('ForceAuthn');
    expect(Buffer.byteLength(new URL(started.url).searchParams.get('RelayState') ?? '')).toBeLessThanOrEqual(80);
  });

  test.each([{ prompt: ['login'] as const }, { maxAge: 60 }])('%j asks for a fresh sign-in', async (options) => {
    await start();
    const started = await leave({}, options);
    expect(started.ok && readRequest(started.url)).toContain('ForceAuthn="true"');
  });

  test('is signed where the option says so, about the query as it is sent', async () => {
    await start();
    const started = await leave({ signSAMLRequest: true });
    const query = started.ok ? started.url.slice(started.url.indexOf('?') + 1) : '';
    const [signed = '', signature = ''] = query.split('&Signature=');
    const metadata = await rig.connector.toMetadata(rig.connection, CALLBACK);
    const [, own = ''] = /<ds:X509Certificate>([^<]*)</.exec(metadata) ?? [];
    const certificate = new X509Certificate(Buffer.from(own, 'base64'));
    const verify = createVerify('sha256').update(signed);
    expect(verify.verify(certificate.publicKey, decodeURIComponent(signature), 'base64')).toBe(true);
    expect(new URLSearchParams(signed).get('SigAlg')).toContain('rsa-sha256');
  });

  test('is a form where the option says so', async () => {
    await start();
    const started = await leave({ protocolBinding: POST, signSAMLRequest: true });
    expect(started).toMatchObject({ ok: true, url: rig.idp.ssoUrl });
    const fields = started.ok ? started.post : undefined;
    expect(Object.keys(fields ?? {})).toEqual(['SAMLRequest', 'RelayState']);
    expect(Buffer.from(fields?.SAMLRequest ?? '', 'base64').toString()).toContain('<ds:SignatureValue>');
  });
});

describe('our own metadata', () => {
  test.each([
    [undefined, ['emailAddress', 'persistent', 'unspecified']],
    ['persistent', ['persistent', 'emailAddress', 'unspecified']],
    ['unspecified', ['unspecified', 'emailAddress', 'persistent']],
    ['transient', ['emailAddress', 'persistent', 'unspecified']],
  ])('with name_id_format %s lists the formats in that order', async (name_id_format, order) => {
    await start();
    const { connection, connector } = rig;
    const options = { ...connection.options, name_id_format };
    const metadata = await connector.toMetadata({ ...connection, options }, CALLBACK);
    expect([...metadata.matchAll(/nameid-format:(\w+)</g)].map(([, format]) => format)).toEqual(order);
  });
});

describe('metadata', () => {
  test('is fetched once for many logins, and again after hours', async () => {
    await start();
    for (const _round of [1, 2, 3]) expect((await rig.login()).ok).toBe(true);
    expect(rig.idp.metadataFetches).toBe(1);
    rig.clock.advanceMs(4 * 3_600_000 + 1);
    await leave({});
    await leave({});
    expect(rig.idp.metadataFetches).toBeLessThanOrEqual(2);
  });

  test('is fetched once more when an unknown certificate signs, and not for each such answer', async () => {
    await start();
    expect((await rig.login()).ok).toBe(true);
    rig.idp.settings.keys = [certificateOf('rolled')];
    rig.clock.advanceMs(61_000);
    expect((await rig.login()).ok, 'the new certificate is taken over').toBe(true);
    expect(rig.idp.metadataFetches).toBe(2);
    const published = rig.idp.settings.keys;
    const back = async () => {
      const metadata = rig.idp.metadata();
      rig.idp.metadata = () => metadata;
      rig.idp.settings.keys = [certificateOf('thief')];
      return rig.login();
    };
    expect(await back()).toMatchObject({ ok: false, check: 'saml.certificate' });
    expect(rig.idp.metadataFetches, 'a minute has not passed').toBe(2);
    rig.idp.settings.keys = published;
  });

  test('the last good document stays while the server is down', async () => {
    await start();
    expect((await rig.login()).ok).toBe(true);
    const started = await leave();
    rig.clock.advanceMs(5 * 3_600_000);
    await rig.idp.stop();
    expect(started.ok).toBe(true);
    const way = { transactionId: randomAlphanumeric(systemEntropy, 16), redirectUri: CALLBACK };
    expect((await rig.connector.start(rig.connection, way, {})).ok).toBe(true);
  });

  test('of another identity provider than the pinned one is refused', async () => {
    await start({ options: { issuer: 'https://other.example/entity' } });
    expect(await rig.connector.examine(rig.connection)).toMatchObject({ ok: false, check: 'metadata.entity_id' });
    expect(await rig.login()).toMatchObject({ ok: false, check: 'metadata.entity_id' });
  });

  test('a certificate that ends soon is told to the log and to the administrator', async () => {
    const soon = certificateOf('soon', { notAfter: new Date(Date.now() + 10 * DAY_MS) });
    await start({ idp: { keys: [soon] } });
    await rig.login();
    expect(rig.warnings.join()).toContain('a signing certificate of a SAML identity provider ends');
    const found = await rig.connector.examine(rig.connection);
    expect(found).toMatchObject({ ok: true, issuer: rig.idp.entityId, signingKeys: 1 });
    expect(found.ok && found.endpoints.certificate_expires).toBe(
      new Date(new X509Certificate(soon.cert).validTo).toISOString(),
    );
  });

  test('can be uploaded, or left out', async () => {
    await start({ withMetadata: false });
    expect((await rig.login()).ok).toBe(true);
    const metadataXml = rig.idp.metadata();
    const uploaded = { ...rig.connection, revision: 'r2', options: { metadataXml } };
    expect((await rig.login({}, undefined, uploaded)).ok).toBe(true);
    expect(rig.idp.metadataFetches).toBe(0);
  });
});

describe('the answer', () => {
  test('must be posted, with the RelayState of this login', async () => {
    await start();
    expect(await rig.login({}, (input) => ({ ...input, method: 'GET' }))).toMatchObject({ check: 'callback.response' });
    const other = (input: Parameters<NonNullable<Parameters<SamlRig['login']>[1]>>[0]) => ({
      ...input,
      parameters: { ...input.parameters, RelayState: 'https://evil.example/' },
    });
    expect(await rig.login({}, other)).toMatchObject({ check: 'callback.state' });
  });

  test('encrypted: by the key in our metadata', async () => {
    await start();
    const metadata = await rig.connector.toMetadata(rig.connection, CALLBACK);
    const [, own = ''] = /use="encryption".*?<ds:X509Certificate>([^<]*)</.exec(metadata) ?? [];
    rig.idp.settings.encryptFor = `-----BEGIN CERTIFICATE-----\n${own}\n-----END CERTIFICATE-----\n`;
    expect((await rig.login()).ok).toBe(true);
    const sp = certificateOf('sp-of-the-connection');
    rig.idp.settings.encryptFor = sp.cert;
    expect(await rig.login()).toMatchObject({ check: 'saml.decryption' });
    const decryptionKey = JSON.stringify({ key: sp.key, cert: sp.cert });
    const changed = { ...rig.connection, revision: 'r3', options: { ...rig.connection.options, decryptionKey } };
    expect((await rig.login({}, undefined, changed)).ok).toBe(true);
  });
});

describe('options', () => {
  const MANUAL = { metadataUrl: undefined, signInEndpoint: 'https://idp.example/sso', issuer: 'https://idp.example' };
  const cert = certificateOf('idp').cert;
  test.each<[string, Connection['options']]>([
    ['signInEndpoint is missing', { metadataUrl: undefined }],
    ['signingCert is missing', MANUAL],
    ['issuer is missing', { ...MANUAL, issuer: undefined, signingCert: cert }],
    ['signingCert holds no certificate', { ...MANUAL, signingCert: 'no certificate' }],
    ['requestTemplate', { requestTemplate: '<x/>' }],
    ['decryptionKey is not', { decryptionKey: 'x' }],
    ['name_id_format takes emailAddress, persistent, unspecified', { name_id_format: 'transient' }],
    ['protocolBinding takes', { protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP' }],
    ['signOutEndpoint is not', { signOutEndpoint: 'javascript:alert(1)' }],
  ])('%s', (text, options) => {
    expect(settingsOf(options)).toMatchObject({ check: 'connection.options', detail: expect.stringContaining(text) });
  });

  test('a certificate is taken as PEM, as base64 of PEM and as base64 of DER; SHA-1 only by its name', () => {
    const der = cert.replace(/-----[A-Z ]+-----|\s/g, '');
    for (const signingCert of [cert, Buffer.from(cert).toString('base64'), der])
      expect(settingsOf({ ...MANUAL, signingCert })).toMatchObject({
        given: { certificates: [cert] },
        allowSha1: false,
      });
    expect(settingsOf({ signatureAlgorithm: 'rsa-sha1' })).toMatchObject({ allowSha1: true });
    expect(settingsOf({ signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' })).toMatchObject({
      allowSha1: false,
    });
  });
});

describe('the identity', () => {
  const assertion = {
    id: '_1',
    issuer: 'https://idp.example',
    nameId: 'mara',
    issuedAt: new Date(0),
    attributes: { mail: ['mara@acme.example'], one: ['x'], two: ['y', 'z'], groups: ['a'] },
    notOnOrAfter: new Date(),
  };
  const of = (options: Connection['options'], change: object = {}) =>
    toSamlIdentity('con_1', { ...assertion, ...change }, settingsOf(options) as SamlSettings);

  test('is the NameID, with an address that nobody has vouched for', () => {
    expect(of({})).toMatchObject({ subject: 'mara', email: 'mara@acme.example', emailVerified: false });
    expect(of({})).toMatchObject({ claims: { groups: ['a'], two: ['y', 'z'], email: 'mara@acme.example' } });
  });

  test('is the attribute that the options name, if it has one value', () => {
    expect(of({ user_id_attribute: 'one' })).toMatchObject({ subject: 'x' });
    expect(of({ fieldsMap: { user_id: ['none', 'one'], email: 'one' } })).toMatchObject({ subject: 'x', email: 'x' });
    for (const user_id_attribute of ['two', 'none', '__proto__'])
      expect(of({ user_id_attribute })).toMatchObject({ check: 'saml.name_id' });
    expect(of({ fieldsMap: { email: 'two' } })).toMatchObject({ email: undefined });
  });

  test.each<readonly [string, object, Connection['options'], string | undefined]>([
    ['joined, without a name', { givenName: ['Mara'], sn: ['Moss'] }, {}, 'Mara Moss'],
    [
      'joined, where the name is an address',
      { name: ['mara@acme.example'], givenName: ['Mara'], sn: ['Moss'] },
      {},
      'Mara Moss',
    ],
    ['as it was sent', { displayName: ['M. Moss'], givenName: ['Mara'], sn: ['Moss'] }, {}, 'M. Moss'],
    [
      'that of the mapping, even an address',
      { upn: ['mara@acme.example'], givenName: ['Mara'], sn: ['Moss'] },
      { fieldsMap: { name: 'upn' } },
      'mara@acme.example',
    ],
    [
      'joined by the mapping of the two',
      { a: ['Mara'], b: ['Moss'] },
      { fieldsMap: { given_name: 'a', family_name: 'b' } },
      'Mara Moss',
    ],
    ['none with one part alone', { givenName: ['Mara'] }, {}, undefined],
    ['the address with one part alone', { name: ['mara@acme.example'], givenName: ['Mara'] }, {}, 'mara@acme.example'],
    ['none that is too long', { givenName: ['M'.repeat(150)], sn: ['M'.repeat(150)] }, {}, undefined],
  ])('has the name %s', (_name, attributes, options, name) => {
    const identity = of(options, { attributes });
    expect('profile' in identity && identity.profile.name).toBe(name);
    // Actions and conditions read the claims, which stay as they were sent.
    if (!('displayName' in attributes) && options?.fieldsMap === undefined && 'claims' in identity)
      expect(identity.claims.name).toBe((attributes as { name?: string[] }).name?.[0]);
  });

  test('is never a transient NameID, and an address only where its format says so', () => {
    const transient = { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' };
    expect(of({}, transient)).toMatchObject({ check: 'saml.name_id' });
    expect(of({ user_id_attribute: 'one' }, transient)).toMatchObject({ subject: 'x' });
    const named = { nameId: 'm@acme.example', attributes: {} };
    expect(of({}, named)).toMatchObject({ email: undefined });
    const nameIdFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
    expect(of({}, { ...named, nameIdFormat })).toMatchObject({ email: 'm@acme.example' });
    expect(of({}, { nameId: 'mära' })).toMatchObject({ check: 'saml.name_id' });
  });
});
