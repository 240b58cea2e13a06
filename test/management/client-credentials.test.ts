/** The keys of applications, and which of two ways an application authenticates by: through the Management API alone. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate } from '../corpus/saml/kit-keys.js';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const newPem = (modulusLength = 2048, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ type: 'spki', format: 'pem' });
const newKey = (fields = {}) => ({ credential_type: 'public_key', pem: newPem(), ...fields });
const newClient = async (fields = {}) => (await api.post('/clients', { name: 'Keyed', ...fields })).body.client_id;
const using = (...ids: string[]) => ({
  token_endpoint_auth_method: null,
  client_authentication_methods: { private_key_jwt: { credentials: ids.map((id) => ({ id })) } },
});

describe('credentials', () => {
  test('case=made, listed, read, given an end, deleted', async () => {
    const path = `/clients/${await newClient()}/credentials`;
    expect((await api.get(path)).body).toEqual([]);
    const made = await api.post(path, newKey({ name: 'first', alg: 'PS256', kid: 'a-key-of-2026' }));
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^cred_[A-Za-z0-9]{22}$/),
      name: 'first',
      kid: 'a-key-of-2026',
      alg: 'PS256',
      credential_type: 'public_key',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const one = `${path}/${made.body.id}`;
    expect((await api.get(one)).body).toEqual(made.body);
    const ended = await api.patch(one, { expires_at: '2100-01-01T00:00:00.000Z' });
    expect([ended.status, ended.body.expires_at]).toEqual([201, '2100-01-01T00:00:00.000Z']);
    expect((await api.patch(one, { expires_at: null })).body.expires_at).toBeUndefined();
    expect((await api.delete(one)).status).toBe(204);
    expect([(await api.get(one)).status, (await api.delete(one)).status]).toEqual([404, 204]);
    expect((await api.patch(one, { expires_at: null })).status).toBe(404);
  });

  test('case=without a kid it is the thumbprint of RFC 7638, and a key is stored once', async () => {
    const path = `/clients/${await newClient()}/credentials`;
    const key = newKey();
    const made = await api.post(path, key);
    expect(made.body).toMatchObject({ kid: expect.stringMatching(/^[\w-]{43}$/), alg: 'RS256', name: '' });
    expect((await api.post(path, key)).status).toBe(409);
    expect((await api.post(`/clients/${await newClient()}/credentials`, key)).body.kid).toBe(made.body.kid);
  });

  test('case=a certificate gives its key, its thumbprint and, when asked, its end', async () => {
    const path = `/clients/${await newClient()}/credentials`;
    const pem = createCertificate(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'machine');
    const made = await api.post(path, newKey({ pem, parse_expiry_from_cert: true }));
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body.thumbprint_sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(made.body.expires_at)).toBeGreaterThan(Date.now());
    const wrong = await api.post(path, newKey({ parse_expiry_from_cert: true }));
    expect(wrong.status).toBe(400);
  });

  test('case=a client has two, and another one’s are not reached through it', async () => {
    const client = await newClient();
    const path = `/clients/${client}/credentials`;
    const first = (await api.post(path, newKey())).body.id;
    await api.post(path, newKey());
    const third = await api.post(path, newKey());
    expect([third.status, third.body.errorCode]).toEqual([403, 'too_many_entities']);
    const other = await newClient();
    expect((await api.get(`/clients/${other}/credentials/${first}`)).status).toBe(404);
    expect((await api.delete(`/clients/${other}/credentials/${first}`)).status).toBe(204);
    expect((await api.get(`${path}/${first}`)).status).toBe(200);
    expect((await api.patch(`/clients/${other}`, using(first))).status).toBe(400);
    expect((await api.get('/clients/nobody/credentials')).status).toBe(404);
    expect((await api.post('/clients/nobody/credentials', newKey())).status).toBe(404);
  });

  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  test.each<readonly [string, object]>([
    ['a private key', { pem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) }],
    ['a private key of the older form', { pem: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }) }],
    ['a short key', { pem: newPem(1024) }],
    [
      'a key by which every text is its own signature',
      { pem: exponentOfOne(pair.publicKey.export({ format: 'jwk' })) },
    ],
    ['a key on a curve', { pem: curve }],
    ['no key', { pem: 'hello' }],
    ['nothing', { pem: undefined }],
    ['a text without end', { pem: `${newPem()}${' '.repeat(20_000)}` }],
    ['an algorithm for secrets', { alg: 'HS256' }],
    ['a key that has expired', { expires_at: '2020-01-01T00:00:00.000Z' }],
    ['a kid with other characters', { kid: 'key of 2026' }],
    ['a certificate for TLS', { credential_type: 'x509_cert' }],
    [
      'the subject of a certificate for TLS',
      { credential_type: 'cert_subject_dn', pem: undefined, subject_dn: 'CN=x' },
    ],
  ])('case=refused: %s', async (_, fields) => {
    const refused = await api.post(`/clients/${await newClient()}/credentials`, newKey(fields));
    expect(refused.status).toBe(400);
    expect(refused.body.message.length).toBeGreaterThan(10);
  });
});

/** PEM of the key with the exponent 1, which no library makes. */
function exponentOfOne({ n = '' }: JsonWebKey): string {
  const der = (tag: number, ...content: Buffer[]): Buffer => {
    const body = Buffer.concat(content);
    const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), body]);
  };
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.from(n, 'base64url')]);
  const key = der(0x30, der(0x02, modulus), der(0x02, Buffer.from([1])));
  return `-----BEGIN RSA PUBLIC KEY-----\n${key.toString('base64')}\n-----END RSA PUBLIC KEY-----\n`;
}

describe('the method of a client', () => {
  test('case=made with its key: the answer has it in full, later ones its id, and a secret beside it', async () => {
    const key = newKey({ name: 'inline' });
    const body = { client_authentication_methods: { private_key_jwt: { credentials: [key] } } };
    const made = await api.post('/clients', { name: 'Keyed', ...body });
    expect(made.status).toBe(201);
    // As on Auth0. The token endpoint takes no secret while the client's method is its keys.
    expect(made.body.client_secret).toMatch(/^[\w-]{43}$/);
    expect(made.body.token_endpoint_auth_method).toBeUndefined();
    const [listed] = (await api.get(`/clients/${made.body.client_id}/credentials`)).body;
    expect(made.body.client_authentication_methods).toEqual({ private_key_jwt: { credentials: [listed] } });
    expect(JSON.stringify(made.body)).not.toContain('PUBLIC KEY');
    const shown = (await api.get(`/clients/${made.body.client_id}`)).body;
    expect(shown.client_secret).toBe(made.body.client_secret);
    expect(shown.client_authentication_methods).toEqual({ private_key_jwt: { credentials: [{ id: listed.id }] } });
    const seen = await api.get(`/clients/${made.body.client_id}`, 'read.clients');
    expect(seen.body.client_authentication_methods).toBeUndefined();
  });

  test('case=there and back: a key in use stays, the secret is the one from before', async () => {
    const client = await newClient({ app_type: 'regular_web' });
    const secret = (await api.get(`/clients/${client}`)).body.client_secret;
    const { id } = (await api.post(`/clients/${client}/credentials`, newKey())).body;
    expect((await api.patch(`/clients/${client}`, using(id))).status).toBe(200);
    const kept = await api.delete(`/clients/${client}/credentials/${id}`);
    expect([kept.status, kept.body.errorCode]).toEqual([400, 'credential_in_use']);
    expect(
      (await api.patch(`/clients/${client}`, { name: 'Renamed' })).body.client_authentication_methods,
    ).toMatchObject({ private_key_jwt: { credentials: [{ id: expect.any(String) }] } });
    const back = await api.patch(`/clients/${client}`, { client_authentication_methods: null });
    expect(back.body).toMatchObject({ token_endpoint_auth_method: 'client_secret_post', client_secret: secret });
    expect(back.body.client_authentication_methods).toBeUndefined();
    expect((await api.delete(`/clients/${client}/credentials/${id}`)).status).toBe(204);
  });

  test('case=one that never had a secret gets one on the way back', async () => {
    const methods = { private_key_jwt: { credentials: [newKey()] } };
    const client = await newClient({ client_authentication_methods: methods });
    const detach = { client_authentication_methods: null, token_endpoint_auth_method: 'client_secret_post' };
    expect((await api.patch(`/clients/${client}`, detach)).body.client_secret).toEqual(expect.any(String));
  });

  test('attack: a caller who may change clients makes the old secret of one good again', async () => {
    const client = await newClient();
    const { id } = (await api.post(`/clients/${client}/credentials`, newKey())).body;
    await api.patch(`/clients/${client}`, using(id));
    const downgrade = await api.patch(`/clients/${client}`, { token_endpoint_auth_method: 'none' }, 'update.clients');
    expect(downgrade.status).toBe(400);
    const cleared = await api.patch(`/clients/${client}`, { client_authentication_methods: null }, 'update.clients');
    expect(cleared.status).toBe(403);
    const nothing = await api.patch(`/clients/${client}`, { token_endpoint_auth_method: null }, 'update.clients');
    expect(nothing.status).toBe(200);
    expect((await api.get(`/clients/${client}`)).body.client_authentication_methods).toMatchObject({
      private_key_jwt: { credentials: [{ id: expect.any(String) }] },
    });
  });

  test('attack: a caller with fewer powers puts its own key into a stronger client', async () => {
    const client = await newClient({ app_type: 'non_interactive' });
    const audience = 'https://login.example/api/v2/';
    await api.post('/client-grants', { client_id: client, audience, scope: ['delete:users'] });
    const scopes = 'create.client_credentials+update.client_credentials+read.client_credentials+update.clients';
    const { id } = (await api.post(`/clients/${client}/credentials`, newKey(), scopes)).body;
    const attached = await api.patch(`/clients/${client}`, using(id), scopes);
    expect([attached.status, attached.body.errorCode]).toEqual([403, 'insufficient_scope']);
    await api.patch(`/clients/${client}`, using(id));
    const revived = await api.patch(`/clients/${client}/credentials/${id}`, { expires_at: null }, scopes);
    expect(revived.status).toBe(403);
    const detach = { client_authentication_methods: null, token_endpoint_auth_method: 'client_secret_post' };
    expect((await api.patch(`/clients/${client}`, detach, scopes)).status).toBe(403);
  });

  test.each<readonly [string, object]>([
    ['both', { ...using('cred_x'), token_endpoint_auth_method: 'client_secret_post' }],
    ['an unknown one', using('cred_000000000000000000000A')],
    ['mTLS', { client_authentication_methods: { tls_client_auth: { credentials: [{ id: 'cred_x' }] } } }],
    ['self-signed', { client_authentication_methods: { self_signed_tls_client_auth: { credentials: [] } } }],
    [
      'two methods',
      {
        client_authentication_methods: {
          ...using('a').client_authentication_methods,
          tls_client_auth: { credentials: [] },
        },
      },
    ],
  ])('case=refused: %s', async (_, body) => {
    expect((await api.patch(`/clients/${await newClient()}`, body)).status).toBe(400);
  });

  test('case=a list without keys is a client that nobody can be', async () => {
    const client = await newClient();
    const { body } = await api.patch(`/clients/${client}`, using());
    expect(body.client_authentication_methods).toEqual({ private_key_jwt: { credentials: [] } });
    expect(body.token_endpoint_auth_method).toBeUndefined();
  });

  test('case=three keys at once make no client', async () => {
    const credentials = [newKey(), newKey(), newKey()];
    const count = async () => (await api.get('/clients?include_totals=true')).body.total;
    const before = await count();
    const made = await api.post('/clients', {
      name: 'Three',
      client_authentication_methods: { private_key_jwt: { credentials } },
    });
    expect(made.status).toBe(403);
    expect(await count()).toBe(before);
  });
});
