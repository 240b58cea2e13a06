/** Rotating and revoking the keys that sign tokens through the Management API: live, without a restart, and never down to none. */
import { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TokenIssuer } from '../../src/ports/token-issuer.js';
import { type Management, startManagement } from './harness.js';

let api: Management;
let issuer: TokenIssuer;
beforeEach(async () => {
  api = await startManagement();
  issuer = await api.issuer();
});
afterEach(() => api.close());

const AUDIENCE = 'https://api.example/';
const THREE_HOURS = 10_801;
const TWO_MINUTES = 121;
const newToken = () =>
  issuer.issueAccessToken({
    audience: AUDIENCE,
    scope: 'read:things',
    lifetimeSeconds: 86_400,
    clientId: 'app',
    userId: undefined,
    organization: undefined,
    profile: 'auth0',
    permissions: undefined,
  });
const kidOf = async () => decodeProtectedHeader(await newToken()).kid;
const published = async () => (await issuer.publicKeys()).keys.map(({ kid }) => kid);
const list = async (): Promise<Record<string, unknown>[]> => (await api.get('/keys/signing')).body;
const rotate = () => api.post('/keys/signing/rotate');
const revoke = (kid: unknown) => api.call('PUT', `/keys/signing/${kid}/revoke`);

test('case=one key, in the form of a certificate, without its private half', async () => {
  const [key, ...more] = await list();
  expect(more).toEqual([]);
  expect(key).toMatchObject({ current: true, next: false, previous: false, revoked: false });
  const certificate = new X509Certificate(String(key?.cert));
  expect(certificate.publicKey.export({ format: 'jwk' }).n).toBe((await issuer.publicKeys()).keys[0]?.n);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect([key?.fingerprint, key?.thumbprint]).toEqual([
    certificate.fingerprint,
    certificate.fingerprint.replaceAll(':', ''),
  ]);
  expect((await api.get(`/keys/signing/${key?.kid}`)).body).toEqual(key);
  expect(JSON.stringify(key)).not.toContain('PRIVATE');
  expect((await api.get('/keys/signing/none')).status).toBe(404);
});

test('case=a rotation: published at once, signing after three hours, and tokens of before stay good', async () => {
  const [before] = await list();
  const token = await newToken();
  const made = await rotate();
  expect(made.status).toBe(201);
  expect(await published()).toEqual([before?.kid, made.body.kid]);
  expect((await list()).map(({ current, next }) => [current, next])).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(await kidOf()).toBe(before?.kid);
  api.advance(THREE_HOURS);
  expect(await kidOf()).toBe(made.body.kid);
  expect((await list()).map(({ current, previous }) => [current, previous])).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(await issuer.verifyAccessToken(token, AUDIENCE)).toBeDefined();
  expect(new X509Certificate(made.body.cert).publicKey.asymmetricKeyType).toBe('rsa');
});

test('case=a revoked key is gone at once, with its tokens', async () => {
  const [before] = await list();
  const token = await newToken();
  const { kid } = (await rotate()).body;
  api.advance(TWO_MINUTES);
  const revoked = await revoke(before?.kid);
  expect([revoked.status, revoked.body]).toEqual([200, { kid: before?.kid, cert: before?.cert }]);
  expect(await published()).toEqual([kid]);
  expect(await issuer.verifyAccessToken(token, AUDIENCE)).toBeUndefined();
  expect(await kidOf()).toBe(kid);
  expect((await list()).map((key) => [key.kid, key.current])).toEqual([[kid, true]]);
  expect((await revoke(before?.kid)).status).toBe(404);
});

test('case=the last key, and one that other nodes cannot replace yet, are kept', async () => {
  const [key] = await list();
  expect((await revoke(key?.kid)).status).toBe(409);
  await rotate();
  expect((await revoke(key?.kid)).status).toBe(409);
  expect(await published()).toHaveLength(2);
});

test('attack: two administrators take the last two keys away at once', async () => {
  const [key] = await list();
  const { kid } = (await rotate()).body;
  api.advance(THREE_HOURS);
  const answers = await Promise.all([revoke(key?.kid), revoke(kid)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await list()).toHaveLength(1);
});

test('case=one of the two scopes is not enough', async () => {
  for (const scope of ['create.signing_keys', 'update.signing_keys']) {
    const refused = await api.post('/keys/signing/rotate', undefined, scope);
    expect([refused.status, refused.body.errorCode]).toEqual([403, 'insufficient_scope']);
  }
  const both = await api.post('/keys/signing/rotate', undefined, 'create.signing_keys+update.signing_keys');
  expect(both.status).toBe(201);
});

test('attack: rotations without end do not fill the key set', async () => {
  for (let time = 0; time < 5; time += 1) expect((await rotate()).status).toBe(201);
  const refused = await rotate();
  expect([refused.status, refused.body.errorCode]).toEqual([403, 'too_many_entities']);
  expect(await published()).toHaveLength(6);
});
