/** express-openid-connect, as published, signs people in: organization and invitation, userinfo, refresh, both logouts, refusals. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Application, startApplication } from '../support/application.js';
import { type Cast, createCast, PASSWORD } from '../support/cast.js';
import { HttpBrowser, type Visit } from '../support/http-browser.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { wordsOf } from '../support/stage.js';

let instance: Instance;
let cast: Cast;
let application: Application;

/** Without leeway, so that a second use is a second use at once. */
const ROTATING = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 };

beforeAll(async () => {
  [instance, application] = await Promise.all([startInstance(), startApplication()]);
  cast = await createCast(instance, { clientFields: { ...application.clientFields, refresh_token: ROTATING } });
  connect();
});
afterAll(async () => {
  await application?.stop();
  await cast?.stop();
  await instance?.stop();
});

function connect(options: Partial<Parameters<Application['connect']>[0]> = {}): void {
  application.connect({ issuer: instance.origin, client: cast.client, ...options });
}

/** Redirects end nowhere but at pages: the application is a real one here. */
const newBrowser = () => new HttpBrowser('about:nowhere');

/** Reads the application's answer, which is JSON. */
function readAnswer(visit: Visit, status = 200): Json {
  expect(visit.status, `${visit.url.href}: ${wordsOf(visit).slice(0, 500)}`).toBe(status);
  expect(visit.url.origin).toBe(application.origin);
  return JSON.parse(visit.text) as Json;
}

async function signIn(
  browser: HttpBrowser,
  login: string,
  parameters: Readonly<Record<string, string>> = { organization: cast.acme.id },
): Promise<Visit> {
  const page = await browser.visit(application.loginUrl(parameters));
  const idp = await browser.submit(page, { username: `${login}@acme.example`, action: 'default' });
  return browser.submit(idp, { login });
}

async function signInWithPassword(browser: HttpBrowser, email: string): Promise<Visit> {
  const page = await browser.visit(application.loginUrl({ organization: cast.acme.id }));
  return browser.submit(await browser.submit(page, { username: email, action: 'password' }), { password: PASSWORD });
}

describe('signing in', () => {
  test('an invitation link leads through the application, the accept page and the IdP to its own page', async () => {
    const invitation = await cast.invite('ivy@acme.example');
    const link = new URL(invitation.url);
    expect([...link.searchParams.keys()].sort()).toEqual(['invitation', 'organization', 'organization_name']);
    const browser = newBrowser();
    const accept = await browser.visit(application.invitationUrl(invitation.url));
    expect(wordsOf(accept)).toContain('Dana Member invites you');
    const idp = await browser.submit(accept, { action: 'default' });
    const me = readAnswer(await browser.submit(idp, { login: 'ivy' }));
    expect(me.claims).toMatchObject({ org_id: cast.acme.id, email: 'ivy@acme.example', email_verified: true });
    expect(me.userinfo).toMatchObject({
      sub: (me.claims as Json).sub,
      email: 'ivy@acme.example',
      email_verified: true,
    });
    expect(me.refreshToken).toEqual(expect.any(String));
  });

  test('an existing member comes in with the user_id that he had; the next time nothing is asked', async () => {
    const dana = await cast.createMember('dana@acme.example');
    const browser = newBrowser();
    expect(readAnswer(await signIn(browser, 'dana')).claims).toMatchObject({ sub: dana, org_id: cast.acme.id });
    const again = readAnswer(await browser.visit(application.loginUrl({ organization: cast.acme.id })));
    expect(again.claims).toMatchObject({ sub: dana });
  });

  test('form_post: the answer is posted across sites to the application, by a page of ours', async () => {
    await cast.createMember('pia@acme.example');
    connect({ authorizationParams: { response_mode: 'form_post' } });
    try {
      const browser = newBrowser();
      const posting = await signInWithPassword(browser, 'pia@acme.example');
      expect(wordsOf(posting)).toContain('Signing you in to Acme');
      const [form] = posting.forms;
      expect(Object.keys(form?.fields ?? {}).sort()).toEqual(['code', 'iss', 'state']);
      expect(readAnswer(await browser.submit(posting)).claims).toMatchObject({ email: 'pia@acme.example' });
    } finally {
      connect();
    }
  });

  test('an organization named by its name: org_name is in the token that the application checks', async () => {
    const wanted = { allow_organization_name_in_authentication_api: true };
    await cast.createMember('nora@acme.example');
    await instance.api('PATCH', '/tenants/settings', wanted);
    try {
      const page = await newBrowser().visit(application.loginUrl({ organization: 'acme' }));
      expect(wordsOf(page)).toContain('Sign in to Acme');
      const browser = newBrowser();
      cast.people.nora = { sub: 'idp-nora', email: 'nora@acme.example', email_verified: true };
      const me = readAnswer(await signIn(browser, 'nora', { organization: 'acme' }));
      expect(me.claims).toMatchObject({ org_id: cast.acme.id, org_name: 'acme' });
    } finally {
      await instance.api('PATCH', '/tenants/settings', { allow_organization_name_in_authentication_api: false });
    }
  });

  test('a stranger: the application hears access_denied with the text of Auth0 and the reference', async () => {
    const answer = readAnswer(await signIn(newBrowser(), 'sam'), 400);
    expect(answer).toMatchObject({
      error: 'access_denied',
      description: `user oidc|acme-oidc|idp-sam is not part of the ${cast.acme.id} organization`,
      reference: expect.stringMatching(/^V-/),
    });
  });

  test('an invitation that was used up is an error of the application, not a page without a way back', async () => {
    const used = await cast.invite('ivy@acme.example');
    await instance.api('DELETE', `/organizations/${cast.acme.id}/invitations/${used.id}`, undefined, 204);
    const answer = readAnswer(await newBrowser().visit(application.invitationUrl(used.url)), 400);
    expect(answer).toMatchObject({ error: 'invalid_request', description: 'invitation not found or already used' });
  });
});

describe('afterwards', () => {
  test('refresh: the token is rotated; a second use of the old one ends the whole family', async () => {
    await cast.createMember('rita@acme.example');
    const browser = newBrowser();
    const first = readAnswer(await signInWithPassword(browser, 'rita@acme.example'));
    const second = readAnswer(await browser.visit(`${application.origin}/refresh`));
    expect(second.refreshToken).toEqual(expect.any(String));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    const me = readAnswer(await browser.visit(`${application.origin}/me`));
    expect(me.userinfo).toMatchObject({ email: 'rita@acme.example' });

    const stolen = await fetch(`${instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: first.refreshToken as string,
        client_id: cast.client.id,
        client_secret: cast.client.secret,
      }),
    });
    expect(stolen.status).toBe(403);
    expect((await browser.visit(`${application.origin}/refresh`)).status, 'the token that came of it').not.toBe(200);
  });

  test.each(['oidc', 'auth0'] as const)('%s logout ends both sessions and comes back', async (logout) => {
    await cast.createMember(`${logout}-leaver@acme.example`);
    connect({ logout });
    try {
      const browser = newBrowser();
      readAnswer(await signInWithPassword(browser, `${logout}-leaver@acme.example`));
      const home = await browser.visit(`${application.origin}/logout`);
      expect(readAnswer(home)).toEqual({ signedIn: false });
      const asked = await browser.visit(application.loginUrl({ organization: cast.acme.id, prompt: 'none' }));
      expect(readAnswer(asked, 400)).toMatchObject({ error: 'login_required' });
    } finally {
      connect();
    }
  });
});

describe('back-channel logout', () => {
  test('somebody whose sessions an operator ends is signed out of the application, too', async () => {
    connect({ hearsOfLogout: true });
    const oidc_logout = {
      backchannel_logout_urls: [`${application.origin}/backchannel-logout`],
      backchannel_logout_initiators: { mode: 'all' },
    };
    await instance.api('PATCH', `/clients/${cast.client.id}`, { oidc_logout });
    try {
      const userId = await cast.createMember('lea@acme.example');
      const browser = newBrowser();
      readAnswer(await signInWithPassword(browser, 'lea@acme.example'));
      const signedIn = async () => readAnswer(await browser.visit(application.origin)).signedIn;
      expect(await signedIn()).toBe(true);
      await instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true });
      await expect.poll(signedIn).toBe(false);
    } finally {
      await instance.api('PATCH', `/clients/${cast.client.id}`, { oidc_logout: null });
      connect();
    }
  });
});
