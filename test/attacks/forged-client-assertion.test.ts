/**
 * An application proves itself with an assertion that its own key signed. Each test is one way to be somebody else, or to use an assertion
 * for more than the one request that it was made for; the answer says nothing to somebody who has no key of the application.
 */
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { createTokenStore } from '../../src/storage/token-store.js';
import { API, createFixture, type Fixture, ORIGIN, SECRET } from '../oauth/fixture.js';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const KID = 'the-key-of-the-machine';
const newPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const own = newPair();
const second = newPair();
const other = newPair();
const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
  await at.run(
    `insert into clients (client_id, name, token_endpoint_auth_method, authentication_credentials, grant_types, secret_sealed, created_at, updated_at)
     select id, id, 'private_key_jwt', '{cred_1}', '{client_credentials}', null, now(), now() from unnest(array['keyed', 'keyed2']) as id`,
  );
  await at.run(
    `insert into client_grants (client_id, audience, id, scopes, created_at)
     select id, '${API}', 'cgr_' || id, '{read:things}', now() from unnest(array['keyed', 'keyed2']) as id`,
  );
  await at.run(
    `insert into client_credentials (client_id, id, kid, alg, public_key, created_at, updated_at) values
       ('keyed', 'cred_1', '${KID}', 'RS256', $1, now(), now()), ('keyed', 'cred_2', 'not-in-use-yet', 'PS256', $2, now(), now()),
       ('keyed2', 'cred_1', '${KID}', 'RS256', $3, now(), now())`,
    [own, second, other].map((pair) => pemOf(pair.publicKey)),
  );
});
afterAll(() => at.stop());
beforeEach(() => {
  at.ledger.length = 0;
});

const seconds = () => Math.floor(at.now().getTime() / 1000);
const usual = () => ({
  iss: 'keyed',
  sub: 'keyed',
  aud: `${ORIGIN}/` as unknown,
  iat: seconds(),
  exp: seconds() + 60,
  jti: randomUUID(),
});
type Claims = Record<string, unknown>;

/** An assertion as an honest application makes it, with these claims and headers in place of the usual ones. */
function sign(
  claims: Claims = {},
  { key = own.privateKey, ...header }: { key?: KeyObject | Uint8Array; alg?: string; kid?: string; typ?: string } = {},
): Promise<string> {
  const all = Object.entries({ ...usual(), ...claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);
}

const post = (assertion: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  at.post(
    '/oauth/token',
    {
      grant_type: 'client_credentials',
      audience: API,
      client_assertion_type: TYPE,
      client_assertion: assertion,
      ...form,
    },
    headers,
  );
const checks = () => at.ledger.map(({ details }) => (details as { check: string }).check);

const UNAUTHORIZED = { error: 'access_denied', error_description: 'Unauthorized' };

test('an honest assertion gives a token, with and without client_id and kid', async () => {
  for (const form of [{}, { client_id: 'keyed' }] as Record<string, string>[])
    expect((await post(await sign(), form)).statusCode).toBe(200);
  expect((await post(await sign({}, { kid: KID }))).statusCode).toBe(200);
  expect((await post(await sign({}, { typ: 'client-authentication+jwt' }))).statusCode).toBe(200);
});

test('as JSON, too', async () => {
  const response = await at.app.inject({
    method: 'POST',
    url: '/oauth/token',
    payload: {
      grant_type: 'client_credentials',
      audience: API,
      client_assertion_type: TYPE,
      client_assertion: await sign(),
    },
  });
  expect(response.statusCode).toBe(200);
});

test('at /oauth/revoke as well', async () => {
  const revoke = async (assertion: string) =>
    (await at.post('/oauth/revoke', { token: 'made-up', client_assertion_type: TYPE, client_assertion: assertion }))
      .statusCode;
  const assertion = await sign();
  expect(await revoke(assertion)).toBe(200);
  expect(await revoke(assertion)).toBe(401);
  expect(await revoke(await sign({}, { key: other.privateKey }))).toBe(401);
});

describe('a key that is not the application’s', () => {
  const unsigned = async () => {
    const [, body] = (await sign()).split('.');
    return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
  };
  /** The public key is known to everybody, so a server that lets the header choose would take it for an HMAC secret (RFC 8725, 2.1). */
  const hmacWithPublicKey = async () => {
    const [, body] = (await sign()).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: KID })).toString('base64url');
    const mac = createHmac('sha256', pemOf(createPublicKey(own.privateKey))).update(`${head}.${body}`);
    return `${head}.${body}.${mac.digest('base64url')}`;
  };
  test.each<readonly [string, () => Promise<string>]>([
    ['another application’s key', () => sign({}, { key: other.privateKey })],
    ['another application’s key under its own kid', () => sign({}, { key: other.privateKey, kid: KID })],
    ['a key that is stored and not in use', () => sign({}, { key: second.privateKey, alg: 'PS256' })],
    ['a kid that the application does not have', () => sign({}, { kid: 'somebody-elses' })],
    ['the right key with another algorithm', () => sign({}, { alg: 'PS256' })],
    ['the right key with a longer hash', () => sign({}, { alg: 'RS384' })],
    ['no signature', unsigned],
    ['the public key as the secret of an HMAC', hmacWithPublicKey],
    ['an access token’s type', () => sign({}, { typ: 'at+jwt' })],
  ])('%s', async (_, make) => {
    const response = await post(await make());
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject(UNAUTHORIZED);
    expect(checks()).toEqual(['client.assertion_signature']);
  });

  test('an application that does not exist is answered like one that does', async () => {
    const { error, error_description } = (await post(await sign({ iss: 'nosuch', sub: 'nosuch' }))).json();
    expect({ error, error_description }).toEqual(UNAUTHORIZED);
    expect(at.ledger).toEqual([]);
  });

  test('text that is no assertion', async () => {
    for (const text of ['x', 'a.b.c', '..', `.${Buffer.from('{"sub":7}').toString('base64url')}.`])
      expect((await post(text)).statusCode).toBe(401);
  });
});

describe('an assertion that was made for something else', () => {
  test.each<readonly [string, Claims]>([
    ['another server', { aud: 'https://login.other.example/' }],
    ['this server and another one', { aud: [`${ORIGIN}/`, 'https://login.other.example/'] }],
    ['the token endpoint alone (audience injection)', { aud: `${ORIGIN}/oauth/token` }],
    ['the issuer of another tenant that begins like ours', { aud: `${ORIGIN}/x` }],
    ['nobody', { aud: undefined }],
    ['another issuer', { iss: 'keyed2' }],
    ['no end', { exp: undefined }],
    ['the past', { exp: 1 }],
    ['far too long', { exp: 4_102_444_800 }],
    ['an end that is a text', { exp: '4102444800' }],
    ['the future', { iat: 4_102_444_800 }],
    ['not before the future', { nbf: 4_102_444_800 }],
    ['any number of times', { jti: undefined }],
    ['an empty jti', { jti: '' }],
    ['a jti without end', { jti: 'j'.repeat(256) }],
  ])('%s', async (_, claims) => {
    const response = await post(await sign(claims));
    expect(response.statusCode).toBe(401);
    expect(response.json().error).toBe('invalid_client');
    expect(checks()).toEqual(['client.assertion_claims']);
  });

  test('the issuer beside the token endpoint is what Auth0’s older SDKs send', async () => {
    expect((await post(await sign({ aud: [`${ORIGIN}/`, `${ORIGIN}/oauth/token`] }))).statusCode).toBe(200);
  });

  test('five minutes are the limit, with half a minute for clocks', async () => {
    const from = async (now: number) => (await post(await sign({ exp: seconds() + now }))).statusCode;
    expect([await from(331), await from(330), await from(-29), await from(-30)]).toEqual([401, 200, 200, 401]);
  });
});

describe('one request, one assertion', () => {
  test('a second use is refused, by every node, and after a restart', async () => {
    const assertion = await sign({ jti: 'once' });
    expect((await post(assertion)).statusCode).toBe(200);
    const again = await post(assertion);
    expect([again.statusCode, again.json().error]).toEqual([401, 'invalid_client']);
    expect(checks()).toEqual(['client.assertion_replayed']);
    const node = createTokenStore(at.database.pool, createSecretBox(Buffer.alloc(32, 3), 'rows', systemEntropy));
    expect(await node.spendAssertion({ clientId: 'keyed', jti: 'once', expiresAt: at.now() })).toBe('used');
  });

  test('of ten at once, one passes', async () => {
    const assertion = await sign();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(assertion)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  test('the same jti of another application is another one', async () => {
    expect((await post(await sign({ jti: 'shared' }))).statusCode).toBe(200);
    const theirs = await sign({ jti: 'shared', iss: 'keyed2', sub: 'keyed2' }, { key: other.privateKey });
    expect((await post(theirs)).statusCode).toBe(200);
  });

  test('a stranger’s assertion uses nothing up', async () => {
    const forged = await sign({ jti: 'theirs' }, { key: other.privateKey });
    expect((await post(forged)).statusCode).toBe(401);
    expect((await post(await sign({ jti: 'theirs' }))).statusCode).toBe(200);
  });

  test('it is forgotten only when it has expired', async () => {
    const assertion = await sign();
    await post(assertion);
    const kept = async () => (await at.run('select 1 from client_assertions')).length;
    const before = await kept();
    await cleanUp(at.database.pool, at.now(), { logDays: 30 });
    expect(await kept()).toBe(before);
    expect((await post(assertion)).statusCode).toBe(401);
    await cleanUp(at.database.pool, new Date(at.now().getTime() + 500_000), { logDays: 30 });
    expect(await kept()).toBe(0);
  });

  test('an assertion with a secret, with Basic, twice, or half of one', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`keyed:${SECRET}`).toString('base64')}` };
    const assertion = await sign();
    expect((await post(assertion, { client_secret: SECRET })).statusCode).toBe(400);
    expect((await post(assertion, {}, basic)).statusCode).toBe(400);
    const twice = await at.app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `${new URLSearchParams({ grant_type: 'client_credentials', audience: API, client_assertion_type: TYPE, client_assertion: assertion })}&client_assertion=${assertion}`,
    });
    expect(twice.statusCode).toBe(400);
    expect((await post(assertion, { client_assertion_type: '' })).statusCode).toBe(400);
    expect(
      (await post(assertion, { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }))
        .statusCode,
    ).toBe(400);
    expect((await post('', {})).statusCode).toBe(400);
    expect((await post(assertion, { client_id: 'machine' })).statusCode).toBe(400);
    // Nothing of this used it up.
    expect((await post(assertion)).statusCode).toBe(200);
  });
});

describe('the method that the application is registered for', () => {
  test('its old secret does not open it', async () => {
    const rows = createSecretBox(Buffer.alloc(32, 3), 'rows', systemEntropy);
    await at.run("update clients set secret_sealed = $1 where client_id = 'keyed'", [
      rows.seal(SECRET, 'clients:keyed:secret'),
    ]);
    const form = { grant_type: 'client_credentials', audience: API, client_id: 'keyed', client_secret: SECRET };
    expect((await at.post('/oauth/token', form)).statusCode).toBe(401);
    expect((await at.post('/oauth/token', { ...form, client_secret: '' })).statusCode).toBe(401);
    expect(checks()).toEqual(['client.wrong_method', 'client.wrong_method']);
  });

  test('keys are of no use to an application with a secret', async () => {
    await at.run(
      `insert into client_credentials (client_id, id, kid, alg, public_key, created_at, updated_at)
       values ('machine', 'cred_m', '${KID}', 'RS256', $1, now(), now())`,
      [pemOf(own.publicKey)],
    );
    expect((await post(await sign({ iss: 'machine', sub: 'machine' }))).statusCode).toBe(401);
    expect(checks()).toEqual(['client.wrong_method']);
  });

  test('a key that has expired is refused, and says so to its owner alone', async () => {
    await at.run("update client_credentials set expires_at = $1 where client_id = 'keyed2'", [at.now()]);
    const theirs = { iss: 'keyed2', sub: 'keyed2' };
    const response = await post(await sign(theirs, { key: other.privateKey }));
    expect(response.json().error_description).toContain('has expired');
    expect(checks()).toEqual(['client.key_expired']);
    expect((await post(await sign(theirs))).json()).toMatchObject(UNAUTHORIZED);
  });

  test('a key of two in use, each with its own algorithm', async () => {
    await at.run("update clients set authentication_credentials = '{cred_1,cred_2}' where client_id = 'keyed'");
    expect((await post(await sign({}, { key: second.privateKey, alg: 'PS256' }))).statusCode).toBe(200);
    expect(
      (await post(await sign({}, { key: second.privateKey, alg: 'PS256', kid: 'not-in-use-yet' }))).statusCode,
    ).toBe(200);
    expect((await post(await sign())).statusCode).toBe(200);
    expect((await post(await sign({}, { key: second.privateKey, alg: 'RS256' }))).statusCode).toBe(401);
  });
});

describe('while Actions run', () => {
  beforeAll(() => at.run("update tenant set actions_bound = '{credentials-exchange}', actions_revision = 'r1'"));

  test('the request is one use, and the Action does not see it', async () => {
    const assertion = await sign();
    expect((await post(assertion)).statusCode).toBe(200);
    expect(JSON.stringify(at.actions.runs)).not.toContain(assertion);
    expect((await post(assertion)).statusCode).toBe(401);
  });

  test('a key that is taken away meanwhile gives no token', async () => {
    at.actions.answer = async () => {
      await at.run("update clients set authentication_credentials = '{cred_2}' where client_id = 'keyed'");
      return {};
    };
    const response = await post(await sign());
    expect([response.statusCode, checks()]).toEqual([401, ['client.assertion_signature']]);
  });
});

test('the lines in the log have nothing of the assertion', async () => {
  const assertion = await sign({ aud: 'https://elsewhere.example/' });
  await post(assertion);
  expect(JSON.stringify(at.ledger)).not.toContain(assertion.split('.')[2]);
});
