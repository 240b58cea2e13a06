/**
 * One test per lie an identity provider (or somebody in between) can tell. Each fails with its check taken out of the
 * connector. The scripted IdP lies once, in one way; everything else about the login is in order.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newLoginSecrets } from '../../src/connectors/oidc/secrets.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import type { CallbackInput, ConnectorAnswer } from '../../src/ports/connector.js';
import { CALLBACK, connectionWith, DANA, newWay, type OidcRig, startOidcRig } from '../support/oidc-rig.js';
import type { Lie } from '../support/scripted-idp.js';

let rig: OidcRig;
const rigs: OidcRig[] = [];
const another = async (...settings: Parameters<typeof startOidcRig>): Promise<OidcRig> => {
  const made = await startOidcRig(...settings);
  rigs.push(made);
  return made;
};
beforeAll(async () => {
  rig = await startOidcRig();
});
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((made) => made.stop()));
});
afterAll(() => rig.stop());

const refused = (check: string, reason = 'invalid') => ({ ok: false, reason, check });
const withParameters = (changes: Readonly<Record<string, string | undefined>>) => (input: CallbackInput) => ({
  ...input,
  parameters: Object.fromEntries(
    Object.entries({ ...input.parameters, ...changes }).filter(
      (item): item is [string, string] => item[1] !== undefined,
    ),
  ),
});
const loginAfter = (lie: Lie): Promise<ConnectorAnswer> => {
  rig.idp.next(lie);
  return rig.login();
};
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const nowSeconds = () => Math.floor(Date.now() / 1000);

test('without a lie the login proves Dana', async () => {
  const answer = await rig.login();
  expect(answer).toMatchObject({
    ok: true,
    identity: {
      subject: DANA.sub,
      email: DANA.email,
      emailVerified: true,
      issuer: rig.idp.issuer,
      profile: { name: 'Dana Duck' },
    },
  });
});

describe.each(['back_channel', 'front_channel'])('the ID token of a %s', (type) => {
  // Over the back channel openid-client looks at the claims as well; over the front channel there is nobody else.
  let rig: OidcRig;
  beforeAll(async () => {
    rig = await startOidcRig({ options: { type } });
  });
  afterAll(() => rig.stop());
  const loginAfter = (lie: Lie): Promise<ConnectorAnswer> => {
    rig.idp.next(lie);
    return rig.login();
  };

  const future = nowSeconds() + 3600;
  const lies: [string, string, Lie][] = [
    ['of another issuer', 'id_token.iss', { claims: { iss: 'https://other.example' } }],
    ['for another client', 'id_token.aud', { claims: { aud: 'another-client' } }],
    ['for us among others, without azp', 'id_token.azp', { claims: { aud: ['vestibule-at-acme', 'another-client'] } }],
    [
      'for us and another, issued to the other',
      'id_token.azp',
      { claims: { aud: ['vestibule-at-acme', 'x'], azp: 'x' } },
    ],
    ['for us alone, issued to another client', 'id_token.azp', { claims: { azp: 'another-client' } }],
    ['with the nonce of another login', 'id_token.nonce', { claims: { nonce: 'n-of-another-login' } }],
    ['without a nonce', 'id_token.nonce', { claims: { nonce: undefined } }],
    ['without a nonce, and with a number as its subject', 'id_token.nonce', { claims: { nonce: undefined, sub: 42 } }],
    ['that has expired', 'id_token.exp', { claims: { exp: nowSeconds() - 120 } }],
    ['without an expiry', 'id_token.exp', { claims: { exp: undefined } }],
    ['from the future', 'id_token.iat', { claims: { iat: future, exp: future + 300 } }],
    ['without an issue time', 'id_token.iat', { claims: { iat: undefined } }],
    ['not valid yet', 'id_token.nbf', { claims: { nbf: future } }],
    ['without a subject', 'id_token.sub', { claims: { sub: undefined } }],
    ['with an empty subject', 'id_token.sub', { claims: { sub: '' } }],
    ['with a number as its subject', 'id_token.sub', { claims: { sub: 42 } }],
    ['with a subject of 256 characters', 'id_token.sub', { claims: { sub: 's'.repeat(256) } }],
    ['with a line break in its subject', 'id_token.sub', { claims: { sub: 'dana\nadmin' } }],
    ['with letters beyond ASCII in its subject', 'id_token.sub', { claims: { sub: 'd\u0430na' } }],
    ['that is not signed (alg none)', 'id_token.alg', { signed: 'none' }],
    ['signed with the public key as an HS256 secret', 'id_token.alg', { signed: 'hs256-with-public-key' }],
    ['signed by a key of somebody else under our kid', 'id_token.signature', { signed: 'foreign-key' }],
    ['signed by a key nobody has published', 'id_token.kid', { signed: 'unknown-kid' }],
    ['whose claims nest a thousand levels deep', 'id_token.size', { claims: { deep: nested(1000) } }],
    ['with twelve thousand claims', 'id_token.size', { claims: { many: Array.from({ length: 12_000 }, () => 1) } }],
  ];
  test.each(lies)('%s fails %s', async (_name, check, lie) => {
    expect(await loginAfter(lie)).toMatchObject(refused(check));
  });

  test('with a claim that looks like a failure of ours is still judged by its signature', async () => {
    const answer = await loginAfter({ claims: { ok: false, reason: 'denied', check: 'x', detail: 'y' } });
    expect(answer).toMatchObject({ ok: true, identity: { subject: DANA.sub } });
  });

  test('without a kid is verified by trying the keys', async () => {
    expect(await loginAfter({ signed: 'without-kid' })).toMatchObject({ ok: true });
  });

  test('with a subject of 255 characters is taken', async () => {
    const sub = 's'.repeat(255);
    expect(await loginAfter({ claims: { sub } })).toMatchObject({ ok: true, identity: { subject: sub } });
  });

  test('that expired 50 seconds ago is forgiven, since clocks differ', async () => {
    expect(await loginAfter({ claims: { exp: nowSeconds() - 50 } })).toMatchObject({ ok: true });
  });

  test.each([
    ['missing', undefined],
    ['false', false],
    ['the text "true"', 'true'],
    ['the number 1', 1],
  ])('email_verified that is %s vouches for nothing', async (_name, email_verified) => {
    const answer = await loginAfter({ claims: { email_verified } });
    expect(answer).toMatchObject({ ok: true, identity: { email: DANA.email, emailVerified: false } });
  });

  test('an address that is not text is no address', async () => {
    const answer = await loginAfter({ claims: { email: ['dana@acme.example'] } });
    expect(answer).toMatchObject({ ok: true, identity: { email: undefined } });
  });

  test('is judged by the clock of this server', async () => {
    const { login, clock } = await another();
    clock.advanceMs(3_600_000);
    expect(await login()).toMatchObject(refused('id_token.exp'));
  });
});

describe('key rotation', () => {
  test('a rotated key is found at the first login after it', async () => {
    const { login, idp } = await another();
    expect(await login()).toMatchObject({ ok: true });
    idp.rotateKey();
    expect(await login()).toMatchObject({ ok: true });
    expect(idp.requests['/jwks']).toBe(2);
  });

  test('a second and a third rotation in the same minute are found as well', async () => {
    const { login, idp } = await another();
    for (let rotation = 0; rotation < 3; rotation += 1) {
      expect(await login(), `rotation ${rotation}`).toMatchObject({ ok: true });
      idp.rotateKey();
    }
    expect(await login()).toMatchObject({ ok: true });
  });

  const encryption = { kty: 'RSA', use: 'enc', kid: 'e', n: 'AQAB', e: 'AQAB' };
  test.each([
    ['empty', { keys: [] }],
    ['of keys for encryption alone', { keys: [encryption] }],
    ['of shared secrets', { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }],
    [
      'of halves',
      {
        keys: [
          { kty: 'RSA', kid: 'h', e: 'AQAB' },
          { kty: 'EC', crv: 'P-256', x: 'x' },
        ],
      },
    ],
  ])('a list that is %s is a failed fetch: the next login asks again, and is in', async (_name, json) => {
    const { login, idp } = await another();
    idp.next({ jwks: { json } });
    expect(await login()).toMatchObject(refused('jwks.keys', 'keys'));
    expect(await login()).toMatchObject({ ok: true });
  });

  test('keys that are not there yet, while one of its nodes has the old list: refused once, in at the next try', async () => {
    const { login, idp } = await another();
    const old = await (await fetch(`${idp.issuer}/jwks`)).json();
    expect(await login()).toMatchObject({ ok: true });
    idp.rotateKey();
    for (const json of [{ keys: [] }, old]) {
      idp.next({ jwks: { json } });
      expect(await login()).toMatchObject({ ok: false });
    }
    expect(await login()).toMatchObject({ ok: true });
  });

  test('a key for encryption beside the others does no harm', async () => {
    const { login, idp } = await another();
    const { keys } = await (await fetch(`${idp.issuer}/jwks`)).json();
    idp.next({ jwks: { json: { keys: [encryption, ...keys] } } });
    expect(await login()).toMatchObject({ ok: true });
  });

  test('made-up key ids do not flood the IdP: five fetches, then one in six seconds, and it is not the company that is blamed', async () => {
    const { login, idp, clock } = await another();
    await login();
    const flood = async (logins: number) => {
      const checks: string[] = [];
      for (let count = 0; count < logins; count += 1) {
        idp.next({ signed: 'unknown-kid' });
        const answer = await login();
        checks.push(answer.ok ? 'ok' : `${answer.reason} ${answer.check}`);
      }
      return checks;
    };
    expect(await flood(7)).toEqual([
      ...Array.from({ length: 4 }, () => 'invalid id_token.kid'),
      ...Array.from({ length: 3 }, () => 'keys jwks.budget'),
    ]);
    expect(idp.requests['/jwks']).toBe(5);
    // A person whose token is right is not concerned.
    expect(await login()).toMatchObject({ ok: true });
    // The keys change in the middle of the flood: everybody is in again at the next fetch, no matter who caused it.
    idp.rotateKey();
    expect(await login()).toMatchObject({ check: 'jwks.budget', detail: expect.stringContaining('in 6 s') });
    clock.advanceMs(6_000);
    expect(await flood(2)).toEqual(['invalid id_token.kid', 'keys jwks.budget']);
    expect(idp.requests['/jwks']).toBe(6);
    expect(await login()).toMatchObject({ ok: true });
  });

  test('an IdP without keys is not asked at every login either', async () => {
    const { login, idp, clock } = await another();
    for (let count = 0; count < 7; count += 1) {
      idp.next({ jwks: { json: { keys: [] } } });
      expect(await login()).toMatchObject({ ok: false, reason: 'keys' });
    }
    expect(idp.requests['/jwks']).toBe(5);
    // Two of the lies are left. Then it has its keys again, and nobody had to wait for more than the next fetch.
    clock.advanceMs(6_000);
    expect(await login()).toMatchObject({ ok: false, check: 'jwks.keys' });
    clock.advanceMs(6_000);
    expect(await login()).toMatchObject({ ok: false, check: 'jwks.keys' });
    clock.advanceMs(6_000);
    expect(await login()).toMatchObject({ ok: true });
    expect(idp.requests['/jwks']).toBe(8);
  });
});

describe('the answer through the browser', () => {
  test('without state, or with a foreign one, is refused before anything is fetched (login CSRF)', async () => {
    const { connector, connection, idp } = await another();
    for (const state of [undefined, 'foreign']) {
      const input = withParameters({ state })({ method: 'GET', parameters: { code: 'c' } });
      const remembered = { ...newLoginSecrets('transaction', systemEntropy) };
      expect(await connector.finish(connection, remembered, CALLBACK, input)).toMatchObject(refused('callback.state'));
      expect(await connector.finish(connection, {}, CALLBACK, input)).toMatchObject(refused('callback.state'));
    }
    expect(idp.requests).toEqual({});
  });

  test('from another issuer is a mix-up (RFC 9207), and the code is not sent anywhere', async () => {
    const before = rig.idp.requests['/token'];
    expect(await rig.login('dana', withParameters({ iss: 'https://evil.example' }))).toMatchObject(
      refused('callback.iss'),
    );
    expect(rig.idp.requests['/token']).toBe(before);
  });

  test('without iss, although the IdP announces it, is a mix-up', async () => {
    expect(await rig.login('dana', withParameters({ iss: undefined }))).toMatchObject(refused('callback.iss'));
  });

  test('without iss is fine where the IdP does not announce it', async () => {
    const { login } = await another({ idp: { announcesIss: false } });
    expect(await login('dana', withParameters({ iss: undefined }))).toMatchObject({ ok: true });
  });

  test('with access_denied is a no, with the words of the IdP for the log only', async () => {
    const answer = await loginAfter({
      callback: { code: undefined, error: 'access_denied', error_description: 'not in the group\r\nforged line' },
    });
    expect(answer).toMatchObject(refused('idp.error', 'denied'));
    expect(!answer.ok && answer.detail).toBe('access_denied: not in the group forged line');
  });

  test('with temporarily_unavailable is an IdP that is down', async () => {
    const answer = await loginAfter({ callback: { code: undefined, error: 'temporarily_unavailable' } });
    expect(answer).toMatchObject(refused('idp.error', 'unreachable'));
  });

  test('without a code is refused', async () => {
    expect(await rig.login('dana', withParameters({ code: undefined }))).toMatchObject(refused('callback.code'));
  });

  test('with the code of another login is refused by PKCE (code injection)', async () => {
    const started = await rig.connector.start(rig.connection, newWay(), {});
    const code = started.ok ? (await rig.idp.signIn(started.url, 'dana')).parameters.code : undefined;
    const answer = await rig.login('dana', withParameters({ code }));
    expect(answer).toMatchObject(refused('token.refused'));
    // The scripted IdP repeats the code in its description: it must not reach the log.
    expect(!answer.ok && answer.detail).toContain('[redacted]');
    expect(JSON.stringify(answer)).not.toContain(String(code));
  });
});

describe('the token endpoint', () => {
  const cases: [string, string, string, Lie][] = [
    ['HTML', 'token.response', 'invalid', { token: 'html' }],
    ['status 500', 'token.http', 'unreachable', { token: 'status-500' }],
    ['a cut connection', 'token.network', 'unreachable', { token: 'cut' }],
    ['100 MB', 'token.too_large', 'invalid', { token: 'huge' }],
    ['a JSON list', 'token.response', 'invalid', { token: { json: [] } }],
    ['no ID token', 'token.id_token', 'invalid', { token: { json: { access_token: 'a', token_type: 'Bearer' } } }],
    [
      'an empty ID token',
      'token.id_token',
      'invalid',
      { token: { json: { access_token: 'a', token_type: 'Bearer', id_token: '' } } },
    ],
    [
      'another type of token',
      'token.response',
      'invalid',
      { token: { json: { access_token: 'a', token_type: 'mac' } } },
    ],
    [
      'an ID token that is none',
      'id_token.malformed',
      'invalid',
      { token: { json: { access_token: 'a', token_type: 'Bearer', id_token: 'nonsense' } } },
    ],
    ['a redirect to a private address', 'token.http', 'invalid', { token: { redirect: 'http://169.254.169.254/' } }],
  ];
  test.each(cases)('that answers with %s fails %s', async (_name, check, reason, lie) => {
    expect(await loginAfter(lie)).toMatchObject(refused(check, reason));
  });

  test.each(['hang', 'drip'] as const)('that answers with a %s ends at the deadline', async (token) => {
    const { login, idp } = await another({ timeoutMs: 300 });
    idp.next({ token });
    const startedAt = performance.now();
    expect(await login()).toMatchObject(refused('token.timeout', 'unreachable'));
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test('that redirects is not followed: the client secret goes nowhere else (SSRF by redirect)', async () => {
    const elsewhere = await another();
    rig.idp.next({ token: { redirect: `${elsewhere.idp.issuer}/token` } });
    expect(await rig.login()).toMatchObject(refused('token.http'));
    expect(elsewhere.idp.requests).toEqual({});
  });

  test('gets its credentials as the connection says', async () => {
    const { login } = await another({ options: { token_endpoint_auth_method: 'client_secret_basic' } });
    expect(await login()).toMatchObject({ ok: true });
  });

  test('that refuses a wrong client secret fails without repeating it', async () => {
    const { login } = await another({ options: { client_secret: 'the-wrong-one' } });
    const answer = await login();
    expect(answer).toMatchObject(refused('token.refused'));
    expect(JSON.stringify(answer)).not.toContain('the-wrong-one');
  });
});

describe('discovery', () => {
  const start = async ({ connector, connection }: OidcRig) => {
    const started = await connector.start(connection, newWay(), {});
    return started.ok ? started.url : started;
  };
  const cases: [string, string, string, Lie][] = [
    ['HTML', 'discovery.json', 'invalid', { discovery: 'html' }],
    ['status 500', 'discovery.http', 'unreachable', { discovery: 'status-500' }],
    ['100 MB', 'discovery.too_large', 'invalid', { discovery: 'huge' }],
    ['a cut connection', 'discovery.network', 'unreachable', { discovery: 'cut' }],
    ['a redirect', 'discovery.http', 'invalid', { discovery: { redirect: 'http://169.254.169.254/' } }],
    ['another issuer', 'discovery.issuer', 'invalid', { discovery: { json: { issuer: 'https://evil.example' } } }],
    ['no issuer', 'discovery.issuer', 'invalid', { discovery: { json: {} } }],
    ['JSON a thousand levels deep', 'discovery.size', 'invalid', { discovery: { json: { deep: nested(1000) } } }],
    [
      'ten thousand lists',
      'discovery.size',
      'invalid',
      { discovery: { json: Array.from({ length: 10_000 }, () => []) } },
    ],
  ];
  test.each(cases)(
    'that answers with %s fails %s, and the next try is a new one',
    async (_name, check, reason, lie) => {
      const made = await another();
      made.idp.next(lie);
      expect(await start(made)).toMatchObject(refused(check, reason));
      expect(await start(made)).toContain(`${made.idp.issuer}/auth`);
    },
  );

  test('that fails is asked five times, then once in six seconds, however many logins strangers begin', async () => {
    const made = await another();
    const fetched = () => made.idp.requests['/.well-known/openid-configuration'];
    for (let count = 0; count < 7; count += 1) {
      made.idp.next({ discovery: { json: {}, status: 404 } });
      expect(await start(made)).toMatchObject(refused('discovery.http'));
    }
    expect(fetched()).toBe(5);
    for (const left of [1, 0]) {
      made.clock.advanceMs(6_000);
      expect(await start(made), `${left} lies left`).toMatchObject(refused('discovery.http'));
    }
    made.clock.advanceMs(6_000);
    expect(await start(made)).toContain(`${made.idp.issuer}/auth`);
    expect(fetched()).toBe(8);
  });

  test('whose issuer is 40,000 slashes is refused by its length, before any pattern looks at it', async () => {
    const made = await another();
    made.idp.next({ discovery: { json: { issuer: `${made.idp.issuer}${'/'.repeat(40_000)}` } } });
    expect(await start(made)).toMatchObject({
      check: 'discovery.issuer',
      detail: 'issuer has more than 2048 characters',
    });
  });

  test('cannot make the browser run a script', async () => {
    const made = await another();
    const json = { issuer: made.idp.issuer, authorization_endpoint: 'javascript:alert(1)' };
    made.idp.next({ discovery: { json } });
    expect(await start(made)).toMatchObject(refused('discovery.authorization_endpoint'));
  });

  test('cannot point at a private address (SSRF): the token endpoint is judged when it is connected to', async () => {
    const made = await another();
    const { issuer } = made.idp;
    const endpoints = { authorization_endpoint: `${issuer}/auth`, jwks_uri: `${issuer}/jwks` };
    made.idp.next({ discovery: { json: { issuer, ...endpoints, token_endpoint: 'https://169.254.169.254/token' } } });
    expect(await made.login()).toMatchObject(refused('token.forbidden', 'unreachable'));
  });

  test('is refused altogether on a private address that the operator has not allowed', async () => {
    const made = await another({ allow: [] });
    expect(await start(made)).toMatchObject(refused('discovery.forbidden', 'unreachable'));
    expect(made.idp.requests).toEqual({});
  });

  test('happens once for callers at the same moment, and again when the connection changed', async () => {
    const made = await another();
    await Promise.all([start(made), start(made), start(made)]);
    await start(made);
    expect(made.idp.requests['/.well-known/openid-configuration']).toBe(1);
    const changed = { ...made, connection: connectionWith(made.connection.options, { revision: 'r2' }) };
    await start(changed);
    expect(made.idp.requests['/.well-known/openid-configuration']).toBe(2);
  });

  test('is repeated after ten minutes', async () => {
    const made = await another();
    await start(made);
    made.clock.advanceMs(10 * 60_000);
    await start(made);
    expect(made.idp.requests['/.well-known/openid-configuration']).toBe(2);
  });

  test('of keys that are nonsense fails jwks.*', async () => {
    for (const [check, json] of [
      ['jwks.keys', { keys: 'none' }],
      ['jwks.keys', { keys: [42] }],
      ['jwks.json', 'text'],
    ] as const) {
      const made = await another();
      made.idp.next({ jwks: { json } });
      expect(await made.login()).toMatchObject(refused(check, 'keys'));
    }
  });
});

describe('the front channel', () => {
  const front = () => another({ options: { type: 'front_channel', client_secret: null } });

  test('takes an ID token posted by the browser', async () => {
    const { login } = await front();
    expect(await login()).toMatchObject({ ok: true, identity: { subject: DANA.sub } });
  });

  test('refuses one in the address, where histories and logs see it', async () => {
    const { login } = await front();
    expect(await login('dana', (input) => ({ ...input, method: 'GET' }))).toMatchObject(refused('callback.method'));
  });

  test('refuses the token of another login', async () => {
    const { login, idp } = await front();
    idp.next({ claims: { nonce: 'n-of-another-login' } });
    expect(await login()).toMatchObject(refused('id_token.nonce'));
  });

  test('refuses a forged signature', async () => {
    const { login, idp } = await front();
    idp.next({ signed: 'foreign-key' });
    expect(await login()).toMatchObject(refused('id_token.signature'));
  });

  test('refuses a token of endless length', async () => {
    const { login } = await front();
    const change = withParameters({ id_token: `${'a'.repeat(70_000)}.b.c` });
    expect(await login('dana', change)).toMatchObject(refused('id_token.size'));
  });
});
