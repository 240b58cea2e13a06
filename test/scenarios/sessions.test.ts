/** Sessions and passwords around the stories: single sign-on, its ends, sign-up, forgotten passwords, guessing. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, proveByCode, sameForAll, useStage, wordsOf, wrongCode } from '../support/stage.js';

const stage = useStage();
let dana: string;
const NEW_PASSWORD = 'Another-horse-8-battery';

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@acme.example');
});

const host = () => new URL(stage.instance.origin).host;
const sessionCookie = (visitor: Visitor) => visitor.browser.cookies(host()).get('vestibule_session');

describe('single sign-on', () => {
  test('a second login needs neither IdP nor page: the same session, a new code', async () => {
    const visitor = stage.visitor();
    const first = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    const asked = stage.cast.idp.requests['/token'];
    const before = await stage.instance.snapshot();
    const second = await visitor.redeem(await visitor.open());
    expect(second.claims).toMatchObject({ sub: dana, sid: first.claims.sid, auth_time: first.claims.auth_time });
    expect(stage.cast.idp.requests['/token']).toBe(asked);
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.sessions?.added).toHaveLength(1);
    expect(changed.sessions?.removed).toHaveLength(1);
  });

  test('prompt=login and max_age=0 ask again, and what comes of it is a new session in the place of the old', async () => {
    const visitor = stage.visitor();
    const first = await visitor.redeem(await visitor.withPassword('dana@acme.example'));
    const before = await stage.instance.snapshot();
    const page = await visitor.type(await visitor.open({ prompt: 'login' }), 'dana@acme.example', 'password');
    const second = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
    expect(second.claims.sid).not.toBe(first.claims.sid);
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.sessions?.added).toHaveLength(1);
    expect(changed.sessions?.removed).toHaveLength(1);
    expect((await visitor.open({ max_age: '0' })).url.pathname).toBe('/u/login/identifier');
  });

  test('an application with sso_disabled asks each time, and shows the setting', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('dana@acme.example'));
    const path = `/clients/${stage.cast.client.id}`;
    const changed = await stage.instance.api('PATCH', path, { sso_disabled: true });
    try {
      expect(changed).toMatchObject({ sso_disabled: true });
      expect((await visitor.open()).url.pathname).toBe('/u/login/identifier');
      expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
      const page = await visitor.type(await visitor.open(), 'dana@acme.example', 'password');
      const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
      expect(claims.sub).toBe(dana);
    } finally {
      await stage.instance.api('PATCH', path, { sso_disabled: false });
    }
    expect((await visitor.redeem(await visitor.open())).claims.sub).toBe(dana);
  });

  test('a session of the password does not answer for a connection that was asked for by name', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('dana@acme.example'));
    const page = await visitor.open({ connection: 'acme-oidc' });
    expect(page.url.origin).toBe(stage.cast.idp.issuer);
  });

  test('session fixation: the cookie that was there before a login is worth nothing after it', async () => {
    const attacker = stage.visitor();
    await stage.cast.createMember('mallory@plain.example');
    await attacker.redeem(await attacker.withPassword('mallory@plain.example'));
    const planted = sessionCookie(attacker);
    // Dana signs in in a browser into which the attacker planted his session.
    const victim = stage.visitor(attacker.browser.clone());
    const page = await victim.type(await victim.open({ prompt: 'login' }), 'dana@acme.example', 'password');
    const { claims } = await victim.redeem(await victim.browser.submit(page, { password: PASSWORD }));
    expect(claims.sub).toBe(dana);
    expect(sessionCookie(victim)).not.toBe(planted);
    expect(answerOf(await attacker.open({ prompt: 'none' })).error).toBe('login_required');
  });

  test('a forged, cut or foreign session cookie is no session', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('dana@acme.example'));
    const good = sessionCookie(visitor) ?? '';
    for (const value of ['', 'x', good.slice(0, -4), `${good}AAAA`, good.split('').reverse().join(''), '%00', '%ff']) {
      const other = stage.visitor();
      const response = await other.browser.request(other.authorizeUrl({ prompt: 'none' }), {
        headers: { cookie: `vestibule_session=${value}` },
      });
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toContain('error=login_required');
    }
  });
});

describe('signing out', () => {
  test.each(['/v2/logout', '/oidc/logout'])('%s ends the session, here and in the database', async (path) => {
    const visitor = stage.visitor();
    const answer = await visitor.withPassword('dana@acme.example');
    const before = await stage.instance.snapshot();
    const code = answerOf(answer).code ?? '';
    expect(code).not.toBe('');
    const { claims } = await visitor.redeem(answer);
    const query = new URLSearchParams({ client_id: stage.cast.client.id });
    if (path === '/v2/logout') query.set('returnTo', 'http://127.0.0.1:9/bye');
    else {
      query.set('post_logout_redirect_uri', 'http://127.0.0.1:9/bye');
      query.set('logout_hint', String(claims.sid));
    }
    const out = await visitor.browser.request(`${stage.instance.origin}${path}?${query}`);
    expect(out.status).toBe(302);
    expect(out.headers.get('location')).toBe('http://127.0.0.1:9/bye');
    expect(sessionCookie(visitor)).toBeUndefined();
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.sessions?.removed).toHaveLength(1);
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
  });
});

describe('passwords', () => {
  test('a wrong password, an unknown address and an account without a password read the same', async () => {
    stage.cast.people.ivy = { sub: 'idp-ivy', email: 'ivy@acme.example', email_verified: true };
    const ivy = stage.visitor();
    await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(await stage.cast.invite('ivy@acme.example')), 'ivy'));
    const before = await stage.instance.snapshot();
    const pages: string[] = [];
    for (const email of ['dana@acme.example', 'nobody@acme.example', 'ivy@acme.example']) {
      const page = await stage.visitor().withPassword(email, 'not the password');
      expect(page.status).toBe(400);
      expect(wordsOf(page)).toContain('Wrong email or password.');
      const names: string[] = [];
      page.headers.forEach((_value, name) => {
        names.push(name);
      });
      pages.push(`${names.sort().join(' ')}\n${sameForAll(page, email)}`);
      const line = (await stage.logs()).find((item) => item.type === 'fp');
      expect(line?.details.code).toBe('authenticate.wrong_password');
    }
    expect(new Set(pages).size).toBe(1);
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('after ten wrong ones nothing is tried any more, the right one neither; another address goes on', async () => {
    await stage.cast.createMember('target@plain.example');
    for (let time = 0; time < 10; time++) {
      const page = await stage.visitor().withPassword('target@plain.example', `guess-${time}`);
      expect(page.status).toBe(400);
    }
    const before = await stage.instance.snapshot();
    const refused = await stage.visitor().withPassword('target@plain.example');
    expect(refused.status).toBe(429);
    expect((await stage.refusal(refused)).details.code).toBe('authenticate.too_many_attempts');
    await expectNothingLeft(stage.instance, before, 'secret');
    const dana2 = stage.visitor();
    await dana2.redeem(await dana2.withPassword('dana@acme.example'));
  });

  test('forgotten: the answer is the same with and without an account; the ticket works once and ends all sessions', async () => {
    const olga = await stage.cast.createMember('olga@plain.example');
    const signedIn = stage.visitor();
    const { refreshToken } = await signedIn.redeem(await signedIn.withPassword('olga@plain.example'));
    const ask = async (email: string) => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), email, 'password');
      const form = await visitor.browser.visit(linkOf(page, 'Forgot your password?'));
      return { visitor, page: await visitor.browser.submit(form, { username: email }) };
    };
    const before = await stage.instance.snapshot();
    const nobody = await ask('nobody@plain.example');
    await expectNothingLeft(stage.instance, before, 'secret');
    const known = await ask('olga@plain.example');
    expect(sameForAll(known.page, 'olga@plain.example')).toBe(sameForAll(nobody.page, 'nobody@plain.example'));
    const mails = (await stage.instance.mail()).filter(({ mail }) => mail.template === 'password_reset');
    expect(mails.map(({ mail }) => mail.to)).toEqual(['olga@plain.example']);

    const link = String(mails[0]?.mail.model.url);
    const page = await known.visitor.browser.visit(link);
    const weak = await known.visitor.browser.submit(page, { password: 'short' });
    expect(weak.status).toBe(400);
    expect(wordsOf(weak)).toContain('too short');
    const done = await known.visitor.browser.submit(weak, { password: NEW_PASSWORD });
    expect(done.status).toBe(200);
    for (const again of [
      await known.visitor.browser.visit(link),
      await known.visitor.browser.submit(page, { password: 'Third-horse-9-battery' }),
    ]) {
      expect(again.status).toBe(400);
      expect(wordsOf(again)).toContain('This link cannot be used');
    }
    expect(answerOf(await signedIn.open({ prompt: 'none' })).error).toBe('login_required');
    const refreshed = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
      }),
    });
    expect(refreshed.ok).toBe(false);
    expect((await stage.visitor().withPassword('olga@plain.example')).status).toBe(400);
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.withPassword('olga@plain.example', NEW_PASSWORD));
    expect(claims.sub).toBe(olga);
  });

  test('forgotten by somebody who is blocked: the same answer, and no mail', async () => {
    const email = 'barred@plain.example';
    const userId = await stage.cast.createMember(email);
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true });
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), email, 'password');
    const form = await visitor.browser.visit(linkOf(page, 'Forgot your password?'));
    const before = await stage.instance.snapshot();
    expect((await visitor.browser.submit(form, { username: email })).status).toBe(200);
    await expectNothingLeft(stage.instance, before, 'secret');
    expect((await stage.instance.mail()).filter(({ mail }) => mail.to === email)).toEqual([]);
  });

  test('a ticket that was changed in any place opens nothing', async () => {
    const visitor = stage.visitor();
    for (const ticket of ['', 'x', 'A'.repeat(200), '%00', '%ff', '[]', `${'a'.repeat(5000)}`]) {
      for (const path of ['/u/reset-password', '/u/verify-email', '/u/unblock', '/u/stop-factor']) {
        const page = await visitor.browser.visit(`${stage.instance.origin}${path}?ticket=${ticket}`);
        expect(page.status, `${path} ${ticket.slice(0, 20)}`).toBe(400);
      }
    }
  });
});

describe('sign-up', () => {
  const toSignUp = async (visitor: Visitor, email: string): Promise<Visit> => {
    const invitation = await stage.cast.invite(email, { connectionId: undefined });
    const page = await visitor.accept(invitation);
    expect(page.url.pathname).toBe('/u/signup');
    return page;
  };

  test('by invitation: the address is fixed, a weak password is refused, then he is in with the role', async () => {
    const visitor = stage.visitor();
    const page = await toSignUp(visitor, 'new@plain.example');
    const before = await stage.instance.snapshot();
    for (const password of ['short', 'password123', 'password password']) {
      const weak = await visitor.browser.submit(page, { password });
      expect(weak.status, password).toBe(400);
    }
    await expectNothingLeft(stage.instance, before);
    const answer = await visitor.browser.submit(page, {
      username: 'somebody-else@plain.example',
      name: 'Nele Newcomer',
      password: NEW_PASSWORD,
    });
    const { claims } = await visitor.redeem(answer);
    expect(claims).toMatchObject({
      email: 'new@plain.example',
      email_verified: true,
      name: 'Nele Newcomer',
      org_id: stage.cast.acme.id,
    });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.users?.added).toHaveLength(1);
    expect(changed.password_credentials?.added).toMatchObject([{ email: 'new@plain.example' }]);
    expect(changed.members?.added).toMatchObject([{ via: 'invited' }]);
    expect(changed.member_roles?.added).toMatchObject([{ role_id: stage.cast.roleId }]);
    const again = stage.visitor();
    const { claims: same } = await again.redeem(await again.withPassword('new@plain.example', NEW_PASSWORD));
    expect(same.sub).toBe(claims.sub);
  });

  test('by invitation, but the address has an account: it is not opened twice; its password opens it', async () => {
    await stage.cast.createUser('old@plain.example');
    const visitor = stage.visitor();
    const page = await toSignUp(visitor, 'old@plain.example');
    const before = await stage.instance.snapshot();
    const refused = await visitor.browser.submit(page, { password: NEW_PASSWORD });
    expect(refused.status).toBe(400);
    await expectNothingLeft(stage.instance, before);
    const typed = await visitor.browser.visit(linkOf(refused, 'I have an account already'));
    const { claims } = await visitor.redeem(await visitor.browser.submit(typed, { password: PASSWORD }));
    expect(claims).toMatchObject({ email: 'old@plain.example', org_id: stage.cast.acme.id });
  });

  test('without an invitation, where it is closed: refused, also when the form is posted by hand', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.open();
    const state = page.url.searchParams.get('state') ?? '';
    const shown = await visitor.browser.visit(`${stage.instance.origin}/u/signup?state=${state}`);
    expect(shown.url.pathname).toBe('/u/login/identifier');
    const answer = await visitor.browser.visit(`${stage.instance.origin}/u/signup?state=${state}`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'stranger@plain.example', password: NEW_PASSWORD }),
      headers: { origin: stage.instance.origin },
    });
    expect(answerOf(answer)).toMatchObject({ error: 'access_denied', error_description: 'sign-up is not enabled' });
    expect((await stage.refusal(answer)).details.code).toBe('authenticate.sign_up_not_allowed');
    await expectNothingLeft(stage.instance, before);
  });

  describe('open', () => {
    beforeAll(() =>
      stage.enablement(
        { assign_membership_on_login: true, is_signup_enabled: true },
        stage.cast.acme.id,
        stage.cast.databaseId,
      ),
    );

    const signUp = async (visitor: Visitor, email: string): Promise<Visit> => {
      const page = await visitor.open({ screen_hint: 'signup' });
      expect(page.url.pathname).toBe('/u/signup');
      return visitor.browser.submit(page, { username: email, name: 'Otto Open', password: NEW_PASSWORD });
    };

    test('needs the code that was mailed to the address; nothing is there before', async () => {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const page = await signUp(visitor, 'otto@plain.example');
      expect(page.url.pathname).toBe('/u/proof');
      const code = await stage.mailedCode('otto@plain.example');
      expect((await proveByCode(visitor, page, wrongCode(code))).status).toBe(400);
      await expectNothingLeft(stage.instance, before, 'secret');
      const { claims } = await visitor.redeem(await proveByCode(visitor, page, code));
      expect(claims).toMatchObject({ email: 'otto@plain.example', email_verified: true, org_id: stage.cast.acme.id });
      const changed = diffSnapshots(before, await stage.instance.snapshot());
      expect(changed.members?.added).toMatchObject([{ via: 'auto' }]);
      expect(changed.password_credentials?.added).toHaveLength(1);
    });

    test('under an address that has an account: the same page, and the code leads its owner to the password', async () => {
      const stranger = stage.visitor();
      const unknown = await signUp(stranger, 'unknown@plain.example');
      const visitor = stage.visitor();
      const before = await stage.instance.snapshot();
      const page = await signUp(visitor, 'dana@acme.example');
      expect(sameForAll(page, 'dana@acme.example')).toBe(sameForAll(unknown, 'unknown@plain.example'));
      const next = await proveByCode(visitor, page, await stage.mailedCode('dana@acme.example'));
      expect(next.url.pathname).toMatch(/^\/u\/login\//);
      await expectNothingLeft(stage.instance, before, 'secret');
    });

    test('the longest request and the longest password wait in the browser together', async () => {
      const visitor = stage.visitor();
      const random = (bytes: number) => randomBytes(bytes).toString('base64url');
      const parameters = { state: random(3_072), nonce: random(3_072), scope: `openid ${random(740)}` };
      const page = await visitor.open({ screen_hint: 'signup', ...parameters });
      const password = random(740);
      const filled = { username: 'long@plain.example', name: random(225), password };
      const asked = await visitor.browser.submit(page, filled);
      expect(asked.url.pathname).toBe('/u/proof');
      const answer = await proveByCode(visitor, asked, await stage.mailedCode('long@plain.example'));
      expect(answerOf(answer).state).toBe(parameters.state);
      answerOf(await stage.visitor().withPassword('long@plain.example', password));
    });
  });
});
