import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API, CALLBACK, createFixture, DANA, type Fixture, ORIGIN, SECRET, VERIFIER } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());
beforeEach(() => {
  at.ledger.length = 0;
});

const ask = (code: string, change: Record<string, string> = {}) =>
  at.post('/oauth/token', {
    grant_type: 'authorization_code',
    client_id: 'web',
    client_secret: SECRET,
    code,
    code_verifier: VERIFIER,
    redirect_uri: CALLBACK,
    ...change,
  });

const refresh = (token: string) =>
  at.post('/oauth/token', {
    grant_type: 'refresh_token',
    client_id: 'web',
    client_secret: SECRET,
    refresh_token: token,
  });

async function expectRefused(
  response: Awaited<ReturnType<typeof ask>>,
  check: string,
  error = 'invalid_grant',
  description = 'Invalid authorization code',
): Promise<void> {
  expect([response.json(), response.statusCode]).toEqual([
    { error, error_description: description, error_reference: at.ledger.at(-1)?.details.reference },
    error === 'invalid_grant' || error === 'access_denied' ? 403 : 400,
  ]);
  expect(at.ledger.map((line) => [line.type, line.details.check])).toEqual([['feacft', check]]);
}

describe('authorization_code', () => {
  it('gives all three tokens, with the organization and the claims of the scopes', async () => {
    const body = await at.signIn({ audience: API });
    expect(body).toEqual({
      access_token: expect.any(String),
      id_token: expect.any(String),
      refresh_token: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      scope: 'openid profile email offline_access',
      expires_in: 600,
      token_type: 'Bearer',
    });
    const keys = createLocalJWKSet((await at.app.inject('/.well-known/jwks.json')).json());
    const options = { issuer: `${ORIGIN}/`, currentDate: at.now() };
    const { payload } = await jwtVerify(body.id_token ?? '', keys, { ...options, audience: 'web' });
    expect(payload).toMatchObject({
      sub: DANA,
      org_id: 'org_acme',
      nonce: 'n-0S6_WzA2Mj',
      sid: 'ses_1',
      auth_time: at.now().getTime() / 1000,
      exp: at.now().getTime() / 1000 + 36000,
      name: 'Dana Doe',
      given_name: 'Dana',
      family_name: 'Doe',
      nickname: 'dana',
      picture: 'https://img.example/dana.png',
      updated_at: '2026-11-01T08:00:00.000Z',
      email: 'dana@acme.example',
      email_verified: true,
    });
    const access = await jwtVerify(body.access_token ?? '', keys, { ...options, audience: API });
    expect(access.payload).toMatchObject({
      sub: DANA,
      azp: 'web',
      org_id: 'org_acme',
      aud: [API, `${ORIGIN}/userinfo`],
    });
    expect(access.payload).not.toHaveProperty('email');
  });

  it('writes the log line with the code, and stores only hashes', async () => {
    const body = await at.signIn();
    const [line] = await at.run('select * from logs order by log_id desc limit 1');
    expect(line).toMatchObject({ type: 'seacft', organization_id: 'org_acme', client_id: 'web', user_id: DANA });
    const dump = JSON.stringify(
      await at.run('select t::text from refresh_tokens t union all select l::text from logs l'),
    );
    expect(dump).not.toContain(body.refresh_token);
  });

  it('gives what the scopes ask for and no more', async () => {
    const plain = await at.signIn({ scope: 'openid', nonce: null });
    expect(Object.keys(plain).sort()).toEqual(['access_token', 'expires_in', 'id_token', 'scope', 'token_type']);
    const api = await at.signIn({ scope: 'read:things', audience: API });
    expect(api).not.toHaveProperty('id_token');
    const online = await at.signIn({ scope: 'openid offline_access', audience: 'urn:online' });
    expect(online.scope).toBe('openid');
    expect(online).not.toHaveProperty('refresh_token');
  });

  it('a public client needs no secret but PKCE', async () => {
    expect(await at.signIn({ clientId: 'spa' })).toHaveProperty('refresh_token');
  });

  it('costs two statements', async () => {
    const code = await at.seedCode();
    const before = at.database.pool.query;
    let count = 0;
    at.database.pool.query = ((...args: Parameters<typeof before>) => {
      count += 1;
      return before.apply(at.database.pool, args);
    }) as typeof before;
    const response = await ask(code);
    at.database.pool.query = before;
    expect([response.statusCode, count]).toEqual([200, 2]);
  });

  // RFC 6749 section 5.2 has 400; docs/compatibility/sign-in.md says so.
  it('as on Auth0: invalid_grant has the status 403, for a code and for a refresh token', async () => {
    for (const refused of [await ask('no-such-code'), await refresh('no-such-token')])
      expect([refused.statusCode, refused.json().error]).toEqual([403, 'invalid_grant']);
  });

  // RFC 6749 section 4.1.2, RFC 9700 section 4.5
  it('attack: code replay ends what came of the first exchange', async () => {
    const code = await at.seedCode();
    const first = (await ask(code)).json();
    await expectRefused(await ask(code), 'code.replayed');
    const refused = await refresh(first.refresh_token);
    expect([refused.statusCode, refused.json().error]).toEqual([403, 'invalid_grant']);
  });

  it('attack: replay long after the code has expired still ends the family', async () => {
    const code = await at.seedCode();
    const first = (await ask(code)).json();
    at.advance(3600);
    await expectRefused(await ask(code), 'code.replayed');
    expect((await refresh(first.refresh_token)).statusCode).toBe(403);
  });

  it('attack: code raced by many exchanges gives tokens once', async () => {
    const code = await at.seedCode();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(code)));
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.statusCode === 403)).toHaveLength(7);
    const won = answers.find((answer) => answer.statusCode === 200);
    expect((await refresh(won?.json().refresh_token)).statusCode).toBe(403);
  });

  it('attack: an exchange that read the code before another one used it up is turned away by the write', async () => {
    const code = at.opaque.open('code', await at.seedCode());
    const redeem = () =>
      at.store.redeemCode({
        code: code ?? { userId: '', hash: Buffer.alloc(0) },
        at: at.now(),
        refreshToken: { hash: randomBytes(32), expiresAt: at.now(), idleExpiresAt: at.now() },
        log: { logId: randomBytes(16).toString('hex'), date: at.now(), type: 'seacft', details: {} },
      });
    const before = await at.run('select count(*) from refresh_tokens');
    expect((await Promise.all([redeem(), redeem(), redeem()])).sort()).toEqual(['redeemed', 'used', 'used']);
    expect(await redeem()).toBe('used');
    const after = await at.run('select count(*) from refresh_tokens');
    expect(Number(after[0]?.count) - Number(before[0]?.count)).toBe(1);
  });

  it('a code lives sixty seconds', async () => {
    const code = await at.seedCode();
    at.advance(60);
    await expectRefused(await ask(code), 'code.expired');
  });

  // RFC 6749 section 10.5, RFC 9700 section 4.5
  it('attack: code injection across clients, which leaves the owner’s code alone', async () => {
    const code = await at.seedCode();
    await expectRefused(await ask(code, { client_id: 'web2' }), 'code.other_client');
    expect((await ask(code)).statusCode).toBe(200);
  });

  // RFC 6749 section 10.6
  it.each([
    'https://app.example.test/callback/',
    'https://app.example.test/callback?x=1',
    'https://evil.example/callback',
  ])('attack: redirect_uri swapped for %s', async (uri) => {
    const text = `The redirect URI is wrong. You sent ${uri}, and we expected ${CALLBACK}`;
    await expectRefused(
      await ask(await at.seedCode(), { redirect_uri: uri }),
      'code.redirect_uri',
      'invalid_grant',
      text,
    );
  });

  // RFC 7636 section 4.6
  it.each([
    ['another', `${VERIFIER.slice(0, -1)}X`, 'pkce.mismatch'],
    ['short', 'short', 'pkce.syntax'],
    ['the challenge itself', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', 'pkce.mismatch'],
    ['characters outside the syntax', `${VERIFIER} `, 'pkce.syntax'],
  ])('attack: wrong verifier (%s)', async (_name, verifier, check) => {
    const response = await ask(await at.seedCode(), { code_verifier: verifier });
    await expectRefused(response, check, 'invalid_grant', 'Failed to verify code verifier');
  });

  // RFC 9700 section 4.8.2
  it('attack: PKCE downgrade by a code without a challenge', async () => {
    const response = await ask(await at.seedCode({ codeChallenge: null }));
    await expectRefused(response, 'pkce.downgrade', 'invalid_grant', 'Failed to verify code verifier');
  });

  it('attack: PKCE left out at the exchange', async () => {
    const response = await ask(await at.seedCode(), { code_verifier: '' });
    expect([response.statusCode, response.json().error_description]).toEqual([
      400,
      'Missing required parameter: code_verifier',
    ]);
  });

  // RFC 9700 section 2.1.1
  it('attack: public client without PKCE', async () => {
    const code = await at.seedCode({ clientId: 'spa', codeChallenge: null });
    const response = await ask(code, { client_id: 'spa', client_secret: '', code_verifier: '' });
    await expectRefused(response, 'pkce.required', 'invalid_grant', 'Failed to verify code verifier');
  });

  it('a confidential client may do without PKCE', async () => {
    const code = await at.seedCode({ codeChallenge: null });
    expect((await ask(code, { code_verifier: '' })).statusCode).toBe(200);
  });

  it('a wrong secret is told before anything about the code, and does not use it up', async () => {
    const code = await at.seedCode();
    expect((await ask(code, { client_secret: 'wrong' })).json().error).toBe('access_denied');
    expect((await ask('garbage', { client_secret: 'wrong' })).json().error).toBe('access_denied');
    expect((await ask(code)).statusCode).toBe(200);
  });

  it.each(['garbage', 'a'.repeat(5000), '€', "' or 1=1 --"])('made-up code %#', async (code) => {
    await expectRefused(await ask(code), 'code.unknown');
  });

  it('a code of somebody who does not exist, well sealed', async () => {
    await expectRefused(await ask(at.opaque.newCode('auth0|nobody').code), 'code.unknown');
  });

  it.each(['code', 'redirect_uri'])('needs the parameter %s', async (name) => {
    const response = await ask(await at.seedCode(), { [name]: '' });
    expect(response.json()).toMatchObject({
      error: 'invalid_request',
      error_description: `Missing required parameter: ${name}`,
    });
  });

  it('needs no redirect_uri where /authorize was sent none; a wrong one is still refused', async () => {
    const code = await at.seedCode();
    await at.run('update authorization_codes set redirect_uri_sent = false');
    await expectRefused(
      await ask(code, { redirect_uri: 'https://evil.example/' }),
      'code.redirect_uri',
      'invalid_grant',
      `The redirect URI is wrong. You sent https://evil.example/, and we expected ${CALLBACK}`,
    );
    expect((await ask(code, { redirect_uri: '' })).statusCode).toBe(200);
  });

  it('refuses the code of an API that is gone', async () => {
    const response = await ask(await at.seedCode({ audience: 'urn:gone' }));
    await expectRefused(response, 'grant.unknown_audience', 'access_denied', 'Service not found: urn:gone');
  });

  it('a member removed between login and exchange gets nothing', async () => {
    const code = await at.seedCode({ organizationId: 'org_beta' });
    await at.run(
      "insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_beta', 'con_acme', 'r', now())",
    );
    const text = `user ${DANA} is not part of the org_beta organization`;
    await expectRefused(await ask(code), 'standing.not_a_member', 'invalid_grant', text);
    expect(at.ledger[0]).toMatchObject({ userId: DANA, organizationId: 'org_beta', clientId: 'web' });
  });
});
