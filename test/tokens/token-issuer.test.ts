import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseEmail } from '../../src/domain/people/email.js';
import type { Clock } from '../../src/kernel/clock.js';
import { type Entropy, systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { SigningKeyStore, StoredSigningKey } from '../../src/ports/signing-key-store.js';
import type { AccessTokenRequest, IdTokenRequest, TokenIssuer } from '../../src/ports/token-issuer.js';
import { createTokenIssuer } from '../../src/tokens/issuer.js';
import { signJwt } from '../../src/tokens/jwt.js';
import { createOpaqueTokens } from '../../src/tokens/opaque.js';
import { type KeyRing, makeSigningKey, openKeyRing } from '../../src/tokens/signing-keys.js';

const ORIGIN = 'https://login.example.test';
const API = 'https://api.example.test';
let nowMs = Date.parse('2026-11-25T12:00:00Z');
const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };

function memoryStore(keys: StoredSigningKey[] = []): SigningKeyStore & { reads: number } {
  return {
    reads: 0,
    async ensureSigningKey(make) {
      this.reads += 1;
      if (!keys.some((key) => key.retiredAt === undefined)) keys.push(await make());
      return keys;
    },
  };
}

const KEY = Buffer.alloc(32, 4);
const box = createSecretBox(KEY, 'access-tokens', systemEntropy);

const idToken: IdTokenRequest = {
  clientId: 'app',
  user: {
    userId: 'auth0|dana',
    email: parseEmail('dana@acme.example'),
    emailVerified: true,
    profile: { name: 'Dana', nickname: 'dana' },
    updatedAt: new Date('2026-11-01T00:00:00.000Z'),
  },
  scope: 'openid profile email',
  nonce: 'n-1',
  sessionId: 'ses_1',
  authenticatedAt: new Date('2026-11-25T11:59:00Z'),
  factorPassed: false,
  organization: { id: 'org_1', name: undefined },
  lifetimeSeconds: 36000,
};

const accessToken: AccessTokenRequest = {
  clientId: 'app',
  userId: 'auth0|dana',
  audience: API,
  scope: 'openid profile read:things',
  organization: { id: 'org_1', name: 'acme' },
  lifetimeSeconds: 60,
  profile: 'auth0',
  permissions: undefined,
};

describe('token issuer', () => {
  let ring: KeyRing;
  let issuer: TokenIssuer;
  let jwks: ReturnType<typeof createLocalJWKSet>;
  beforeAll(async () => {
    ring = await openKeyRing(memoryStore(), clock, systemEntropy);
    issuer = createTokenIssuer({ origin: ORIGIN, ring, box, clock, entropy: systemEntropy });
    jwks = createLocalJWKSet((await issuer.publicKeys()) as unknown as JSONWebKeySet);
  });

  it('issues an ID token that jose accepts from the published keys, with Auth0’s claims', async () => {
    const { payload, protectedHeader } = await jwtVerify(await issuer.issueIdToken(idToken), jwks, {
      issuer: `${ORIGIN}/`,
      audience: 'app',
      currentDate: clock.now(),
    });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toEqual({
      iss: `${ORIGIN}/`,
      sub: 'auth0|dana',
      aud: 'app',
      iat: nowMs / 1000,
      exp: nowMs / 1000 + 36000,
      auth_time: nowMs / 1000 - 60,
      nonce: 'n-1',
      sid: 'ses_1',
      org_id: 'org_1',
      name: 'Dana',
      nickname: 'dana',
      picture: expect.stringContaining('https://s.gravatar.com/avatar/'),
      updated_at: '2026-11-01T00:00:00.000Z',
      email: 'dana@acme.example',
      email_verified: true,
    });
  });

  it('keeps profile and address out without their scopes', async () => {
    const token = await issuer.issueIdToken({ ...idToken, scope: 'openid', nonce: undefined, organization: undefined });
    const { payload } = await jwtVerify(token, jwks, { currentDate: clock.now() });
    expect(Object.keys(payload).sort()).toEqual(['aud', 'auth_time', 'exp', 'iat', 'iss', 'sid', 'sub']);
  });

  it('opens /userinfo with an API token only when openid was asked for', async () => {
    const token = await issuer.issueAccessToken(accessToken);
    expect(await issuer.verifyAccessToken(token, API)).toEqual({
      subject: 'auth0|dana',
      clientId: 'app',
      scopes: ['openid', 'profile', 'read:things'],
      organizationId: 'org_1',
      expiresAt: expect.any(Date),
      isMachine: false,
    });
    expect(await issuer.verifyAccessToken(token, `${ORIGIN}/userinfo`)).toBeDefined();
    const narrow = await issuer.issueAccessToken({ ...accessToken, scope: 'read:things' });
    expect(await issuer.verifyAccessToken(narrow, `${ORIGIN}/userinfo`)).toBeUndefined();
    const machine = await issuer.issueAccessToken({ ...accessToken, userId: undefined, scope: 'openid' });
    expect(await issuer.verifyAccessToken(machine, `${ORIGIN}/userinfo`)).toBeUndefined();
    expect(await issuer.verifyAccessToken(machine, API)).toMatchObject({ subject: 'app@clients', isMachine: true });
  });

  describe('a token for /userinfo alone', () => {
    const USERINFO = `${ORIGIN}/userinfo`;
    const opaque = { ...accessToken, audience: undefined, scope: 'openid profile' };

    it('tells nothing to whoever has it, and opens /userinfo and no API', async () => {
      const token = await issuer.issueAccessToken({ ...opaque, customClaims: { 'https://n.example/plan': 'gold' } });
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      const bytes = Buffer.from(token, 'base64url').toString('latin1');
      for (const content of ['dana', 'org_1', 'openid']) expect(bytes).not.toContain(content);
      expect(await issuer.verifyAccessToken(token, USERINFO)).toEqual({
        subject: 'auth0|dana',
        clientId: 'app',
        scopes: ['openid', 'profile'],
        organizationId: 'org_1',
        expiresAt: expect.any(Date),
        isMachine: false,
      });
      expect(await issuer.verifyAccessToken(token, API)).toBeUndefined();
      expect(await issuer.verifyIdTokenHint(token)).toBeUndefined();
    });

    it('says its length before it is made, and expires', async () => {
      const { characters, sign } = await issuer.prepareAccessToken(opaque);
      const token = await sign();
      expect(token.length).toBe(characters);
      nowMs += 60_000;
      expect(await issuer.verifyAccessToken(token, USERINFO)).toBeUndefined();
      nowMs -= 60_000;
    });

    it('opens after the secret key was replaced, as long as the former one is known', async () => {
      const token = await issuer.issueAccessToken(opaque);
      const next = Buffer.alloc(32, 5);
      const openedBy = async (formerKeys: readonly Uint8Array[]) => {
        const renewed = createSecretBox(next, 'access-tokens', systemEntropy, formerKeys);
        const other = createTokenIssuer({ origin: ORIGIN, ring, box: renewed, clock, entropy: systemEntropy });
        return other.verifyAccessToken(token, USERINFO);
      };
      expect(await openedBy([KEY])).toMatchObject({ subject: 'auth0|dana', scopes: ['openid', 'profile'] });
      expect(await openedBy([])).toBeUndefined();
    });

    // Attack: an application sends another kind of sealed text, which its own requests gave it.
    it('is not a code, a refresh token, a changed token or one of another server', async () => {
      const tokens = createOpaqueTokens(createSecretBox(KEY, 'tokens', systemEntropy), systemEntropy);
      const genuine = await issuer.issueAccessToken(opaque);
      const changed = `${genuine.slice(0, 20)}${genuine[20] === 'A' ? 'B' : 'A'}${genuine.slice(21)}`;
      const other = createTokenIssuer({ origin: 'https://other.example', ring, box, clock, entropy: systemEntropy });
      const rows = createSecretBox(KEY, 'access-tokens', systemEntropy).seal('{"sub":"auth0|dana"}', 'row');
      for (const text of [
        tokens.newCode('auth0|dana').code,
        tokens.newRefreshToken('auth0|dana').value,
        changed,
        genuine.slice(0, -1),
        `${genuine}AAAA`,
        await other.issueAccessToken(opaque),
        rows.toString('base64url'),
        'A'.repeat(20_000),
        '',
      ])
        expect(await issuer.verifyAccessToken(text, USERINFO)).toBeUndefined();
    });
  });

  it('compares audiences whole', async () => {
    const token = await issuer.issueAccessToken(accessToken);
    for (const other of [`${API}/`, API.toUpperCase(), API.slice(0, -1), ''])
      expect(await issuer.verifyAccessToken(token, other)).toBeUndefined();
  });

  it('refuses an expired token at the second of its expiry', async () => {
    const token = await issuer.issueAccessToken(accessToken);
    nowMs += 59_000;
    expect(await issuer.verifyAccessToken(token, API)).toBeDefined();
    nowMs += 1000;
    expect(await issuer.verifyAccessToken(token, API)).toBeUndefined();
    nowMs -= 60_000;
  });

  it('never issues the same access token twice', async () => {
    expect(await issuer.issueAccessToken(accessToken)).not.toBe(await issuer.issueAccessToken(accessToken));
  });

  // RFC 8725 section 2.1: the algorithm is the verifier's choice.
  it('attack: alg none', async () => {
    const [, body] = (await issuer.issueAccessToken(accessToken)).split('.');
    const kid = (await ring.getSigner()).kid;
    for (const alg of ['none', 'None', 'NONE']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'JWT', kid })).toString('base64url');
      for (const forged of [`${header}.${body}.`, `${header}.${body}`, `${header}.${body}.AA`])
        expect(await issuer.verifyAccessToken(forged, API)).toBeUndefined();
    }
  });

  // RFC 8725 section 2.1: the RSA public key taken for an HMAC secret.
  it('attack: HS256 with the public key', async () => {
    const signer = await ring.getSigner();
    const [, body] = (await issuer.issueAccessToken(accessToken)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: signer.kid })).toString('base64url');
    const pem = createPublicKey(signer.privateKey).export({ type: 'spki', format: 'pem' });
    const mac = createHmac('sha256', pem).update(`${header}.${body}`).digest('base64url');
    expect(await issuer.verifyAccessToken(`${header}.${body}.${mac}`, API)).toBeUndefined();
  });

  it('attack: own key in the header, foreign key, changed claims, critical header', async () => {
    const signer = await ring.getSigner();
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const claims = { iss: `${ORIGIN}/`, aud: API, sub: 'auth0|dana', azp: 'app', exp: nowMs / 1000 + 60 };
    const jwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
    const withOwnKey = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: signer.kid, jwk })
      .sign(privateKey);
    expect(await issuer.verifyAccessToken(withOwnKey, API)).toBeUndefined();
    const genuine = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: signer.kid })
      .sign(signer.privateKey);
    expect(await issuer.verifyAccessToken(genuine, API)).toBeDefined();
    const [head, , signature] = genuine.split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'auth0|other' })).toString('base64url');
    expect(await issuer.verifyAccessToken(`${head}.${changed}.${signature}`, API)).toBeUndefined();
    const critical = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: signer.kid, crit: ['b64'], b64: true })
      .sign(signer.privateKey);
    expect(await issuer.verifyAccessToken(critical, API)).toBeUndefined();
    const strongerHash = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS512', kid: signer.kid })
      .sign(signer.privateKey);
    expect(await issuer.verifyAccessToken(strongerHash, API)).toBeUndefined();
  });

  // RFC 8725 section 2.8: substitution of one kind of token for another.
  it('attack: ID token as access token, even where an API is named like the client', async () => {
    const token = await issuer.issueIdToken(idToken);
    expect(await issuer.verifyAccessToken(token, 'app')).toBeUndefined();
    expect(await issuer.verifyIdTokenHint(token)).toEqual({
      userId: 'auth0|dana',
      clientId: 'app',
      expiresAt: new Date((Math.floor(clock.now().getTime() / 1000) + idToken.lifetimeSeconds) * 1000),
      sessionId: 'ses_1',
    });
  });

  it.each(['auth0', 'rfc9068'] as const)('attack: access token as ID token hint, %s', async (profile) => {
    const token = await issuer.issueAccessToken({ ...accessToken, audience: 'app', scope: '', profile });
    expect(await issuer.verifyAccessToken(token, 'app')).toBeDefined();
    expect(await issuer.verifyIdTokenHint(token)).toBeUndefined();
  });

  it('has the form of RFC 9068 where the API wants it, for people and machines', async () => {
    const token = await issuer.issueAccessToken({ ...accessToken, profile: 'rfc9068', permissions: ['read:things'] });
    const { payload, protectedHeader } = await jwtVerify(token, jwks, { currentDate: clock.now(), typ: 'at+jwt' });
    expect(protectedHeader.typ).toBe('at+jwt');
    expect(payload).toMatchObject({ client_id: 'app', sub: 'auth0|dana', permissions: ['read:things'] });
    expect(Object.keys(payload).sort()).toEqual(
      ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'org_id', 'org_name', 'permissions', 'scope', 'sub'].sort(),
    );
    expect(await issuer.verifyAccessToken(token, `${ORIGIN}/userinfo`)).toMatchObject({
      clientId: 'app',
      isMachine: false,
    });
    const machine = await issuer.issueAccessToken({ ...accessToken, userId: undefined, profile: 'rfc9068' });
    expect(await issuer.verifyAccessToken(machine, API)).toMatchObject({ subject: 'app@clients', isMachine: true });
    expect(decodeJwt(machine)).not.toHaveProperty('gty');
  });

  it('attack: a token of one kind with the claim of the other names no application', async () => {
    const claims = { iss: `${ORIGIN}/`, sub: 'auth0|dana', aud: API, exp: 4_000_000_000 };
    const wrong = await signJwt(ring, { ...claims, client_id: 'app' });
    expect(await issuer.verifyAccessToken(wrong, API)).toBeUndefined();
    const turned = await signJwt(ring, { ...claims, azp: 'app' }, 'at+jwt');
    expect(await issuer.verifyAccessToken(turned, API)).toBeUndefined();
  });

  it('refuses a token of another issuer signed with the same key', async () => {
    const other = createTokenIssuer({ origin: 'https://other.example', ring, box, clock, entropy: systemEntropy });
    expect(await issuer.verifyAccessToken(await other.issueAccessToken(accessToken), API)).toBeUndefined();
    expect(await issuer.verifyIdTokenHint(await other.issueIdToken(idToken))).toBeUndefined();
  });

  it('takes nonsense without throwing', async () => {
    for (const token of [
      '',
      '.',
      '..',
      'a.b',
      'a.b.c',
      '€.€.€',
      'e30.e30.e30',
      'bnVsbA.e30.AA',
      `${'a'.repeat(20000)}.b.c`,
    ])
      expect(await issuer.verifyAccessToken(token, API)).toBeUndefined();
  });
});

describe('key ring', () => {
  it('names a key so that a command line takes the name for no option, whatever is drawn', async () => {
    // In base64url these bytes begin with a hyphen.
    const entropy: Entropy = { bytes: (length) => Buffer.from(Array.from({ length }, (_, at) => (at % 2 ? 5 : 0xf8))) };
    expect(entropy.bytes(16).toString('base64url')).toMatch(/^-/);
    expect((await makeSigningKey(clock, entropy)).kid).toMatch(/^[A-Za-z0-9]{22}$/);
  });

  it('publishes a new key before it signs with it, and keeps a retired one known', async () => {
    const old = await makeSigningKey(clock, systemEntropy);
    const keys = [old];
    const ring = await openKeyRing(memoryStore(keys), clock, systemEntropy);
    nowMs += 3_600_000;
    const fresh = await makeSigningKey(clock, systemEntropy);
    keys.push(fresh);
    nowMs += 61_000;
    expect((await ring.listKeys()).map((key) => key.kid)).toEqual([old.kid, fresh.kid]);
    expect((await ring.getSigner()).kid).toBe(old.kid);
    // A client that keeps the key set for two hours has it.
    nowMs += 2 * 3_600_000;
    expect((await ring.getSigner()).kid).toBe(old.kid);
    nowMs += 3_600_000;
    expect((await ring.getSigner()).kid).toBe(fresh.kid);
    keys[0] = { ...old, retiredAt: clock.now() };
    nowMs += 61_000;
    expect(await ring.findKey(old.kid)).toBeDefined();
    nowMs += 31 * 86_400_000;
    expect(await ring.findKey(old.kid)).toBeUndefined();
    expect((await ring.listKeys()).map((key) => key.kid)).toEqual([fresh.kid]);
  });

  it('attack: unknown key ids do not make it read the store again and again', async () => {
    const store = memoryStore();
    const ring = await openKeyRing(store, clock, systemEntropy);
    nowMs += 6000;
    for (let i = 0; i < 50; i += 1) expect(await ring.findKey(`forged-${i}`)).toBeUndefined();
    expect(store.reads).toBe(2);
  });

  it('gives no word of the protocol to the tenant’s code, also where the token has none of its own', async () => {
    const ring = await openKeyRing(memoryStore(), clock, systemEntropy);
    const issuer = createTokenIssuer({ origin: ORIGIN, ring, box, clock, entropy: systemEntropy });
    const forged = {
      org_id: 'org_evil',
      org_name: 'evil',
      azp: 'x',
      permissions: ['all'],
      client_id: 'y',
      sub: 'z',
      act: {},
    };
    const customClaims = { ...forged, 'https://n.example/a': 1, given_name: 'Sam', name: 'not Dana' };
    const id = await issuer.issueIdToken({ ...idToken, organization: undefined, customClaims });
    const access = await issuer.issueAccessToken({ ...accessToken, organization: undefined, customClaims });
    const claims = decodeJwt(id);
    expect(claims).toMatchObject({ sub: 'auth0|dana', 'https://n.example/a': 1, given_name: 'Sam', name: 'Dana' });
    for (const name of ['org_id', 'org_name', 'azp', 'permissions', 'client_id', 'act']) {
      expect(claims, `ID token: ${name}`).not.toHaveProperty(name);
      if (name !== 'azp') expect(decodeJwt(access), `access token: ${name}`).not.toHaveProperty(name);
    }
    expect(decodeJwt(access).azp).toBe('app');
  });
});
