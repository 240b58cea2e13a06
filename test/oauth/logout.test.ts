import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFixture, DANA, type Fixture, ORIGIN } from './fixture.js';

let at: Fixture;
let idToken = '';
beforeAll(async () => {
  at = await createFixture();
  idToken = (await at.signIn()).id_token ?? '';
  await at.run(
    `update tenant set friendly_name = 'Example', extra = '{"allowed_logout_urls":["https://tenant.example.test/",7]}'`,
  );
  await at.run(
    `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
     values ($1, 'x', 'ses_1', 'con_acme', now(), now(), now(), now())`,
    [DANA],
  );
});
afterAll(() => at.stop());
beforeEach(() => {
  at.browser = { userId: DANA, sessionId: 'ses_1' };
  at.ledger.length = 0;
  at.pages.length = 0;
});

const get = (path: string, query: Record<string, string>) =>
  at.app.inject(`${path}?${new URLSearchParams(query).toString()}`);
const BYE = 'https://app.example.test/bye';

/** Nothing was ended, nobody was sent anywhere, a page says why. */
function expectProblem(response: Awaited<ReturnType<typeof get>>, technical: RegExp): void {
  expect([response.statusCode, response.headers.location]).toEqual([400, undefined]);
  expect(at.pages.at(-1)).toMatchObject({ page: 'error', technical: expect.stringMatching(technical) });
  expect(at.browser).toBeDefined();
  expect(at.ledger).toEqual([]);
}

const NOT_LISTED = [
  'https://evil.example/',
  'https://app.example.test/bye/',
  'https://app.example.test/byebye',
  'https://app.example.test.evil.example/bye',
  'https://app.example.test/bye@evil.example',
  'https://app.example.test',
  'HTTPS://APP.EXAMPLE.TEST/bye',
  '//evil.example/bye',
  '/\\evil.example',
  'javascript:alert(1)',
  'https://other.example.test/bye',
  'https://tenant.example.test/',
  ' https://app.example.test/bye',
];

describe('/oidc/logout', () => {
  const ask = (query: Record<string, string>) => get('/oidc/logout', query);

  it('ends the session of whom the hint names and goes to the listed address, with state', async () => {
    const response = await ask({ id_token_hint: idToken, post_logout_redirect_uri: BYE, state: 'a b&c' });
    expect([response.statusCode, response.headers.location]).toEqual([302, `${BYE}?state=a+b%26c`]);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(at.browser).toBeUndefined();
    expect(at.ledger).toMatchObject([{ type: 'slo', userId: DANA, clientId: 'web' }]);
  });

  it('takes an expired hint (RP-Initiated Logout section 4)', async () => {
    at.advance(90 * 86_400);
    const response = await ask({ id_token_hint: idToken, post_logout_redirect_uri: BYE });
    expect([response.statusCode, response.headers.location]).toEqual([302, BYE]);
  });

  it('without an address it says so', async () => {
    const response = await ask({ id_token_hint: idToken });
    expect([response.statusCode, at.pages.at(-1)]).toEqual([200, { page: 'signed-out', brand: { title: 'Example' } }]);
  });

  it('attack: without a hint, with somebody else’s, or with a forged one the person is asked', async () => {
    const other = await at.issuer.issueIdToken({
      clientId: 'web',
      user: { userId: 'auth0|mallory', email: undefined, emailVerified: false, profile: {}, updatedAt: at.now() },
      scope: 'openid',
      nonce: undefined,
      sessionId: 'ses_other',
      authenticatedAt: at.now(),
      factorPassed: false,
      organization: undefined,
      lifetimeSeconds: 60,
    });
    const { access_token = '' } = await at.signIn();
    for (const hint of ['', other, `${idToken.slice(0, -4)}AAAA`, access_token, 'x']) {
      const response = await ask({ id_token_hint: hint, client_id: 'web', post_logout_redirect_uri: BYE, state: 's' });
      expect([response.statusCode, at.browser?.userId]).toEqual([200, DANA]);
      expect(at.pages.at(-1)).toMatchObject({
        page: 'sign-out',
        applicationName: 'Web',
        action: `/oidc/logout/confirm?client_id=web&post_logout_redirect_uri=${encodeURIComponent(BYE)}&state=s`,
      });
    }
  });

  // Auth0's own: the consent prompt, and the first Allowed Logout URL (docs/compatibility/sign-in.md).
  it('as on Auth0: with client_id alone the person is asked, then goes to the first address of the application', async () => {
    const response = await ask({ client_id: 'web' });
    expect([response.statusCode, at.browser?.userId]).toEqual([200, DANA]);
    expect(at.pages.at(-1)).toMatchObject({ page: 'sign-out', action: '/oidc/logout/confirm?client_id=web' });
    const confirmed = await at.post('/oidc/logout/confirm?client_id=web', { action: 'default' }, { origin: ORIGIN });
    expect([confirmed.statusCode, confirmed.headers.location, at.browser]).toEqual([302, BYE, undefined]);
    // There is no session any more, and so nothing to ask.
    const again = await ask({ client_id: 'web', state: 'not for an address that was not requested' });
    expect([again.statusCode, again.headers.location]).toEqual([302, BYE]);
  });

  it('the unguessable id of the session is as good as a hint', async () => {
    await ask({ client_id: 'web', logout_hint: 'ses_2' });
    expect(at.browser).toBeDefined();
    const response = await ask({ client_id: 'web', logout_hint: 'ses_1', post_logout_redirect_uri: BYE });
    expect([response.statusCode, at.browser]).toEqual([302, undefined]);
  });

  // RFC 9700 section 4.11
  it.each(NOT_LISTED)('attack: open redirect to %s', async (uri) => {
    const response = await ask({ id_token_hint: idToken, post_logout_redirect_uri: uri });
    expectProblem(response, /post_logout_redirect_uri is not in the Allowed Logout URLs of the application/);
  });

  it('attack: query and fragment are not ignored here', async () => {
    for (const uri of [`${BYE}?x=1`, `${BYE}#x`])
      expectProblem(await ask({ id_token_hint: idToken, post_logout_redirect_uri: uri }), /not in the Allowed/);
  });

  it('attack: the hint of one client with the id and address of another', async () => {
    const query = {
      id_token_hint: idToken,
      client_id: 'web2',
      post_logout_redirect_uri: 'https://other.example.test/bye',
    };
    expectProblem(await ask(query), /client_id does not match id_token_hint/);
    expectProblem(await ask({ client_id: 'nobody', post_logout_redirect_uri: BYE }), /unknown client_id/);
    expectProblem(await ask({ post_logout_redirect_uri: BYE }), /not in the Allowed Logout URLs of the tenant/);
  });

  it('refuses doubled and malformed parameters with a page', async () => {
    const doubled = await at.app.inject(`/oidc/logout?post_logout_redirect_uri=${BYE}&post_logout_redirect_uri=x`);
    expectProblem(doubled, /sent more than once/);
    expectProblem(await at.app.inject('/oidc/logout?state=%zz'), /percent-encoding/);
    const json = await at.app.inject({
      method: 'POST',
      url: '/oidc/logout',
      headers: { 'content-type': 'text/plain' },
      payload: 'x',
    });
    expectProblem(json, /./);
  });

  it('by POST from the application’s site, where the cookie is not seen, it ends the session of the hint', async () => {
    at.browser = undefined;
    const response = await at.post('/oidc/logout', { id_token_hint: idToken, post_logout_redirect_uri: BYE });
    expect([response.statusCode, response.headers.location]).toEqual([302, BYE]);
    expect(await at.run("select 1 from sessions where id = 'ses_1'")).toEqual([]);
  });

  it('attack: POST from another site without a hint looks again by GET instead of taking the cookie', async () => {
    at.browser = undefined;
    const response = await at.post('/oidc/logout', { client_id: 'web', post_logout_redirect_uri: BYE });
    expect([response.statusCode, response.headers.location]).toEqual([
      303,
      `/oidc/logout?client_id=web&post_logout_redirect_uri=${encodeURIComponent(BYE)}`,
    ]);
  });

  describe('the confirmation', () => {
    const confirm = (headers: Record<string, string>, query = `client_id=web&post_logout_redirect_uri=${BYE}`) =>
      at.post(`/oidc/logout/confirm?${query}`, { action: 'default' }, headers);

    it('ends the session when our own page posted it', async () => {
      for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: ORIGIN }]) {
        at.browser = { userId: DANA, sessionId: 'ses_1' };
        const response = await confirm(headers);
        expect([response.statusCode, response.headers.location, at.browser]).toEqual([302, BYE, undefined]);
      }
    });

    it.each([
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: ORIGIN },
    ])('attack: posted from elsewhere (%o) it asks', async (headers) => {
      await confirm(headers);
      expect([at.browser?.userId, at.pages.at(-1)?.page]).toEqual([DANA, 'sign-out']);
    });

    it('attack: open redirect through the confirmation', async () => {
      const query = `client_id=web&post_logout_redirect_uri=${encodeURIComponent('https://evil.example/')}`;
      expectProblem(await confirm({ origin: ORIGIN }, query), /not in the Allowed/);
    });
  });
});

describe('/v2/logout', () => {
  const ask = (query: Record<string, string>) => get('/v2/logout', query);

  it('goes to a listed address; query and fragment are not compared, as at Auth0', async () => {
    for (const returnTo of [BYE, `${BYE}?a=1`, `${BYE}#x`, `${BYE}?u=https://evil.example`]) {
      at.browser = { userId: DANA, sessionId: 'ses_1' };
      const response = await ask({ client_id: 'web', returnTo });
      expect([response.statusCode, response.headers.location, at.browser]).toEqual([302, returnTo, undefined]);
    }
    expect(at.ledger).toHaveLength(4);
  });

  it('without returnTo: the first address of the client, of the tenant, or a page', async () => {
    expect((await ask({ client_id: 'web' })).headers.location).toBe(BYE);
    expect((await ask({})).headers.location).toBe('https://tenant.example.test/');
    expect((await ask({ returnTo: 'https://tenant.example.test/' })).statusCode).toBe(302);
    const page = await ask({ client_id: 'spa' });
    expect([page.statusCode, at.pages.at(-1)?.page]).toEqual([200, 'signed-out']);
  });

  it.each(NOT_LISTED)('attack: open redirect to %s', async (returnTo) => {
    expectProblem(
      await ask({ client_id: 'web', returnTo }),
      /returnTo is not in the Allowed Logout URLs of the application/,
    );
  });

  it('attack: unknown client, or none for an address of one', async () => {
    expectProblem(await ask({ client_id: 'nobody', returnTo: BYE }), /unknown client_id/);
    expectProblem(await ask({ returnTo: BYE }), /Allowed Logout URLs of the tenant/);
    expectProblem(await at.app.inject(`/v2/logout?returnTo=${BYE}&returnTo=https://evil.example`), /more than once/);
  });
});
