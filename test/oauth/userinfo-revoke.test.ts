import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API, createFixture, DANA, type Fixture, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());

describe('/userinfo', () => {
  const ask = (token: string | undefined, method: 'GET' | 'POST' = 'GET') =>
    at.app.inject({ method, url: '/userinfo', headers: { authorization: `Bearer ${token}` } });

  it('shows the claims of the scopes, fresh, by GET and by POST', async () => {
    const { access_token } = await at.signIn({ audience: API });
    const response = await ask(access_token);
    expect([response.statusCode, response.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(response.json()).toEqual({
      sub: DANA,
      name: 'Dana Doe',
      given_name: 'Dana',
      family_name: 'Doe',
      nickname: 'dana',
      picture: 'https://img.example/dana.png',
      updated_at: '2026-11-01T08:00:00.000Z',
      email: 'dana@acme.example',
      email_verified: true,
    });
    await at.run('update users set email_vouched_by = null where user_id = $1', [DANA]);
    expect((await ask(access_token, 'POST')).json().email_verified).toBe(false);
    await at.run("update users set email_vouched_by = 'mail' where user_id = $1", [DANA]);
    const posted = await at.post('/userinfo', { access_token: access_token ?? '' });
    expect(posted.json().sub).toBe(DANA);
  });

  it('who has no name of their own has one in the ID token and here: rows from before, too', async () => {
    const clear = 'update users set name = $2, nickname = $3, picture = $4 where user_id = $1';
    await at.run(clear, [DANA, null, null, null]);
    const tokens = await at.signIn();
    const shown = (await ask(tokens.access_token)).json();
    expect(shown).toMatchObject({
      name: 'dana@acme.example',
      nickname: 'dana',
      given_name: 'Dana',
      picture: expect.stringMatching(/^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?.*%2Fda\.png$/),
    });
    const { name, nickname, picture } = shown;
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ name, nickname, picture });
    await at.run(clear, [DANA, 'Dana Doe', 'dana', 'https://img.example/dana.png']);
  });

  it('shows no more than was granted', async () => {
    const { access_token } = await at.signIn({ scope: 'openid' });
    expect((await ask(access_token)).json()).toEqual({ sub: DANA });
  });

  // RFC 6750 section 3
  it('challenges without a token, naming no error', async () => {
    const response = await at.app.inject('/userinfo');
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([401, 'Bearer realm="userinfo"']);
  });

  it('attack: ID token, API token without openid, machine token, garbage', async () => {
    const full = await at.signIn();
    const api = await at.signIn({ scope: 'read:things', audience: API });
    const machine = await at.post('/oauth/token', {
      grant_type: 'client_credentials',
      client_id: 'machine',
      client_secret: SECRET,
      audience: API,
    });
    for (const token of [
      full.id_token,
      api.access_token,
      machine.json().access_token,
      full.refresh_token,
      'x',
      'a.b.c',
    ]) {
      const response = await ask(token);
      expect([response.statusCode, response.json().error]).toEqual([401, 'invalid_token']);
      expect(response.headers['www-authenticate']).toContain('error="invalid_token"');
    }
  });

  it('asks for the scope openid', async () => {
    const { access_token } = await at.signIn({ scope: 'email' });
    const response = await ask(access_token);
    expect([response.statusCode, response.json().error]).toEqual([403, 'insufficient_scope']);
  });

  it('ends with the user, and with the token', async () => {
    const { access_token } = await at.signIn();
    await at.run('update users set blocked = true where user_id = $1', [DANA]);
    expect((await ask(access_token)).statusCode).toBe(401);
    await at.run('update users set blocked = false where user_id = $1', [DANA]);
    expect((await ask(access_token)).statusCode).toBe(200);
    at.advance(86_400);
    expect((await ask(access_token)).statusCode).toBe(401);
  });

  // RFC 6750 section 2.3: passport-auth0 sends it so.
  it('takes a token in the query, and lets nobody keep the answer', async () => {
    const { access_token } = await at.signIn();
    for (const method of ['GET', 'POST'] as const) {
      const response = await at.app.inject({ method, url: `/userinfo?access_token=${access_token}` });
      expect([response.statusCode, response.json().sub]).toEqual([200, DANA]);
      expect(response.headers['cache-control']).toBe('no-store');
    }
    const wrong = await at.app.inject('/userinfo?access_token=a.b.c');
    expect([wrong.statusCode, wrong.headers['cache-control']]).toEqual([401, 'no-store']);
    expect((await at.app.inject('/userinfo?access_token=')).statusCode).toBe(401);
  });

  // RFC 6750 section 2: "MUST NOT use more than one method". One reader takes the first, another the last: a token slipped in.
  it('attack: a second token beside the first, in any two places', async () => {
    const { access_token = '' } = await at.signIn();
    const header = { authorization: `Bearer ${access_token}` };
    const inQuery = `/userinfo?access_token=${access_token}`;
    const twice = [
      await at.post('/userinfo', { access_token }, header),
      await at.post(inQuery, { access_token }),
      await at.post(inQuery, {}, header),
      await at.app.inject({ url: inQuery, headers: header }),
      await at.app.inject(`${inQuery}&access_token=${access_token}`),
      await at.app.inject(`${inQuery}&x=%zz`),
    ];
    for (const [index, response] of twice.entries())
      expect([index, response.statusCode, response.json().error]).toEqual([index, 400, 'invalid_request']);
  });

  it('does not mind a query that has no token in it', async () => {
    const { access_token } = await at.signIn();
    const response = await at.app.inject({
      url: '/userinfo?x=1&x=2&y=%zz',
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(response.statusCode).toBe(200);
  });
});

describe('/oauth/revoke (RFC 7009)', () => {
  const web = { client_id: 'web', client_secret: SECRET };
  const refresh = (token: string) =>
    at.post('/oauth/token', { ...web, grant_type: 'refresh_token', refresh_token: token });

  it('ends the whole family, given any token of it', async () => {
    const { refresh_token: first = '' } = await at.signIn();
    const second = (await refresh(first)).json().refresh_token;
    const response = await at.post('/oauth/revoke', { ...web, token: first });
    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect((await refresh(second)).statusCode).toBe(403);
  });

  it('attack: another client’s token stays alive, and the answer does not tell', async () => {
    const { refresh_token = '' } = await at.signIn();
    const response = await at.post('/oauth/revoke', { client_id: 'web2', client_secret: SECRET, token: refresh_token });
    expect(response.statusCode).toBe(200);
    expect((await at.post('/oauth/revoke', { client_id: 'spa', token: refresh_token })).statusCode).toBe(200);
    expect((await refresh(refresh_token)).statusCode).toBe(200);
  });

  it('says 200 to what it does not know, 401 to who it does not know, 400 to nothing', async () => {
    expect((await at.post('/oauth/revoke', { ...web, token: 'garbage' })).statusCode).toBe(200);
    expect((await at.post('/oauth/revoke', { ...web, client_secret: 'no', token: 'x' })).statusCode).toBe(401);
    expect((await at.post('/oauth/revoke', web)).json().error_description).toBe('Missing required parameter: token');
  });

  it('does not pretend to revoke access tokens (section 2.2.1)', async () => {
    const { access_token = '' } = await at.signIn();
    const response = await at.post('/oauth/revoke', { ...web, token: access_token, token_type_hint: 'access_token' });
    expect([response.statusCode, response.json().error]).toEqual([400, 'unsupported_token_type']);
  });
});
