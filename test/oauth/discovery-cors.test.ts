import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createSigningKeyStore } from '../../src/storage/secrets/signing-key-store.js';
import { makeSigningKey, openKeyRing } from '../../src/tokens/signing-keys.js';
import { createTestDatabase } from '../support/database.js';
import { API, CALLBACK, createFixture, type Fixture, ORIGIN, SECRET, VERIFIER } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());

describe('discovery', () => {
  it('names this server, its endpoints, and only what they do', async () => {
    const response = await at.app.inject('/.well-known/openid-configuration');
    expect(response.headers['cache-control']).toContain('max-age=15');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    const document = response.json();
    expect(document).toMatchObject({
      issuer: `${ORIGIN}/`,
      end_session_endpoint: `${ORIGIN}/oidc/logout`,
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    });
    for (const [name, url] of Object.entries(document)) {
      if (!name.endsWith('_endpoint') && name !== 'jwks_uri') continue;
      expect(String(url).startsWith(`${ORIGIN}/`)).toBe(true);
      if (name === 'authorization_endpoint') continue;
      const path = new URL(String(url)).pathname;
      expect(['GET', 'POST'].some((method) => at.app.hasRoute({ method: method as 'GET', url: path }))).toBe(true);
    }
  });

  it('publishes public keys and nothing private', async () => {
    const { keys } = (await at.app.inject('/.well-known/jwks.json')).json();
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(Buffer.from(keys[0].n, 'base64url')).toHaveLength(256);
    expect(await importJWK(keys[0], 'RS256')).toBeDefined();
    expect(await calculateJwkThumbprint(keys[0])).toBeTruthy();
  });
});

describe('CORS', () => {
  const preflight = (url: string, origin = 'https://anything.example') =>
    at.app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'auth0-client' },
    });

  it('answers preflights everywhere and never allows credentials', async () => {
    const paths = [
      '/oauth/token',
      '/oauth/revoke',
      '/mfa/authenticators',
      '/mfa/authenticators/totp%7Cdev_1',
      '/mfa/associate',
      '/mfa/challenge',
      '/userinfo',
      '/.well-known/openid-configuration',
      '/.well-known/jwks.json',
    ];
    for (const path of paths) {
      const response = await preflight(path);
      expect([path, response.statusCode]).toEqual([path, 204]);
      expect(response.headers['access-control-allow-headers']).toContain('auth0-client');
      expect(response.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  const ask = (origin: string, change: Record<string, string> = {}) =>
    at.post(
      '/oauth/token',
      { grant_type: 'refresh_token', client_id: 'spa', refresh_token: 'x', ...change },
      { origin },
    );

  it('lets the client’s own pages read answers, refusals included', async () => {
    for (const origin of ['https://spa.example.test', 'https://spa2.example.test']) {
      const response = await ask(origin);
      expect(response.headers['access-control-allow-origin']).toBe(origin);
      expect(response.headers.vary).toBe('Origin');
    }
    expect((await ask('https://spa.example.test', { grant_type: 'nonsense' })).headers).toHaveProperty(
      'access-control-allow-origin',
    );
  });

  it.each([
    'https://evil.example',
    'null',
    'http://spa.example.test',
    'https://spa.example.test.evil.example',
    'https://spa.example.test:444',
  ])('attack: a script of %s with a stolen code reads nothing', async (origin) => {
    await at.run("update clients set callbacks = callbacks || '{com.example.app://cb}' where client_id = 'spa'");
    const response = await at.post(
      '/oauth/token',
      {
        grant_type: 'authorization_code',
        client_id: 'spa',
        code: await at.seedCode({ clientId: 'spa' }),
        code_verifier: VERIFIER,
        redirect_uri: CALLBACK,
      },
      { origin },
    );
    expect(response.statusCode).toBe(200);
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('signing keys in the database', () => {
  it('two nodes that start at once make one key, and its private half is sealed', async () => {
    const database = await createTestDatabase();
    const box = createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy);
    const clock = { now: () => new Date(), monotonicMs: () => performance.now() };
    const store = createSigningKeyStore(database.pool, box);
    const rings = await Promise.all(Array.from({ length: 4 }, () => openKeyRing(store, clock, systemEntropy)));
    const kids = await Promise.all(rings.map(async (ring) => (await ring.getSigner()).kid));
    expect(new Set(kids).size).toBe(1);
    const { rows } = await database.pool.query('select * from signing_keys');
    expect(rows).toHaveLength(1);
    expect(rows[0].private_key_sealed.toString('latin1')).not.toContain('PRIVATE');
    const moved = createHash('sha256').update('x').digest('hex');
    await database.pool.query('update signing_keys set kid = $1', [moved]);
    await expect(openKeyRing(store, clock, systemEntropy)).rejects.toThrow(/VESTIBULE_SECRET_KEY/);
    await database.drop();
  });

  it('makes a new key when every old one was retired', async () => {
    const database = await createTestDatabase();
    const box = createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy);
    const clock = { now: () => new Date(), monotonicMs: () => performance.now() };
    const store = createSigningKeyStore(database.pool, box);
    const first = await openKeyRing(store, clock, systemEntropy);
    await database.pool.query('update signing_keys set retired_at = now()');
    const second = await openKeyRing(store, clock, systemEntropy);
    expect((await second.getSigner()).kid).not.toBe((await first.getSigner()).kid);
    expect(await second.listKeys()).toHaveLength(2);
    expect((await makeSigningKey(clock, systemEntropy)).publicJwk).not.toHaveProperty('d');
    await database.drop();
  });
});

describe('when the database is away', () => {
  it('answers 503 as OAuth, with Retry-After, and tells nothing', async () => {
    const own = await createFixture();
    await own.database.pool.end();
    const original = own.database.pool.query;
    own.database.pool.query = (async () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    }) as unknown as typeof original;
    const ask = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: API };
    const response = await own.post('/oauth/token', ask);
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect(response.json().error).toBe('temporarily_unavailable');
    expect(response.body).not.toContain('10.0.0.7');
    expect((await own.app.inject('/.well-known/jwks.json')).statusCode).toBe(200);
    await own.app.close();
  });
});
