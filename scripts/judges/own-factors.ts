/**
 * Tests the My Account API with auth0-spa-js and auth0-react: their own client of it, and the requests that Auth0's
 * component for factors makes through the libraries' fetcher.
 */
import assert from 'node:assert/strict';
import type { Page as Tab } from 'playwright-core';
import { AuthenticatorApp } from './authenticator-app.js';
import { readShown } from './browser-ground.js';
import { type Application, answer, call, enter, MULTI_FACTOR, told, well, wrong } from './factor-steps.js';
import type { Json } from './keycloak-server.js';

export const ME_SCOPES = [
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:me:authentication_methods`),
  'read:me:factors',
];

/** A problem of the My Account API as the library throws it. */
const problem = (status: number, detail: RegExp): Json => ({ status, detail, name: 'MyAccountApiError' });

/** Runs the checks of the My Account API. */
export async function playMyAccount(application: Application): Promise<void> {
  const { checks, inWindow, vestibule, place, me, origin } = application;
  const settings = JSON.stringify({
    authorizationParams: {
      redirect_uri: origin,
      audience: me,
      scope: `openid profile email offline_access ${ME_SCOPES.join(' ')}`,
      organization: place.id,
    },
  });
  const open = async (tab: Tab) => {
    await tab.goto(`${origin}/settings.json`);
    await tab.evaluate((text) => sessionStorage.setItem('settings', text), settings);
  };
  await checks.play('myAccount: an app and a recovery code are enrolled, renamed and deleted', () =>
    inWindow(async (tab) => {
      await vestibule.createUser('mine@home.example', [place.id]);
      await open(tab);
      await enter(tab, application, 'mine@home.example');
      await readShown(tab, origin);
      const factors = (await well(tab, 'myAccount.getFactors')) as unknown as Json[];
      assert.deepEqual(
        factors.map(({ type }) => type),
        ['passkey', 'totp', 'webauthn-roaming', 'password'],
        told({ factors }),
      );
      const methods = (await well(tab, 'myAccount.getAuthenticationMethods')) as unknown as Json[];
      assert.deepEqual(
        methods.map(({ type }) => type),
        ['password'],
        told({ methods }),
      );
      await wrong(tab, problem(404, /does not exist/), 'myAccount.getAuthenticationMethod', 'totp|dev_none');
      for (const type of ['phone', 'push-notification'])
        await wrong(tab, problem(400, /type/), 'myAccount.enrollmentChallenge', { type });
      const started = await well(tab, 'myAccount.enrollmentChallenge', { type: 'totp' });
      assert.match(String(started.id), /^totp\|dev_/);
      const app = AuthenticatorApp.of(String(started.barcode_uri));
      const { location, auth_session } = started;
      const proof = { type: 'totp', location, auth_session };
      await wrong(tab, problem(400, /invalid_code/), 'myAccount.enrollmentVerify', { ...proof, otp_code: '000000' });
      const made = await well(tab, 'myAccount.enrollmentVerify', { ...proof, otp_code: await app.code() });
      assert.deepEqual([made.type, made.confirmed, made.usage], ['totp', true, ['secondary']]);
      await wrong(tab, problem(403, /second factor/), 'myAccount.deleteAuthenticationMethod', made.id);

      // The guide's way out: sign in again with a factor.
      await enter(tab, application, 'mine@home.example', { acr_values: MULTI_FACTOR, prompt: 'login' });
      await answer(tab, app);
      await readShown(tab, origin);
      const renamed = await well(tab, 'myAccount.updateAuthenticationMethod', made.id, { name: 'My phone' });
      assert.equal(renamed.name, 'My phone');
      await wrong(tab, problem(400, /preferred/), 'myAccount.updateAuthenticationMethod', made.id, {
        preferred_authentication_method: 'sms',
      });
      await wrong(tab, problem(400, /type/), 'myAccount.enrollmentChallenge', { type: 'totp' });
      const code = await well(tab, 'myAccount.enrollmentChallenge', { type: 'recovery-code' });
      assert.match(String(code.recovery_code), /^[A-Z0-9]{24}$/);
      const kept = { type: 'recovery-code', location: code.location, auth_session: code.auth_session };
      assert.equal((await well(tab, 'myAccount.enrollmentVerify', kept)).type, 'recovery-code');
      const all = (await well(tab, 'myAccount.getAuthenticationMethods')) as unknown as Json[];
      assert.deepEqual(all.map(({ type }) => type).sort(), ['password', 'recovery-code', 'totp']);
      const only = (await well(tab, 'myAccount.getAuthenticationMethods', 'totp')) as unknown as Json[];
      assert.deepEqual(
        only.map(({ id }) => id),
        [made.id],
      );
      assert.equal((await well(tab, 'myAccount.getAuthenticationMethod', made.id)).name, 'My phone');
      assert.deepEqual(await well(tab, 'myAccount.deleteAuthenticationMethod', made.id), {});
      const left = (await well(tab, 'myAccount.getAuthenticationMethods')) as unknown as Json[];
      assert.deepEqual(
        left.map(({ type }) => type),
        ['password'],
      );
      await wrong(tab, problem(404, /./), 'myAccount.deleteAuthenticationMethod', made.id);
    }),
  );
}

const METHODS = '/authentication-methods';

/** Runs the requests of Auth0's component for factors: two lists, an enrolment, the lists again, a deletion. */
export async function playComponent(application: Application): Promise<void> {
  const { checks, inWindow, vestibule, place, me, origin } = application;
  const ask = (tab: Tab, verb: string, method: string, path: string, body?: Json) =>
    call(
      tab,
      'component',
      me,
      `${verb}:me:${path === '/factors' ? 'factors' : 'authentication_methods'}`,
      method,
      path,
      body,
    );
  const asked = { redirect_uri: origin, scope: 'openid profile email offline_access', organization: place.id };
  const settings = JSON.stringify({ interactiveErrorHandler: 'popup', authorizationParams: asked });
  const lists = async (tab: Tab) => {
    const [factors, methods] = await Promise.all([
      ask(tab, 'read', 'GET', '/factors'),
      ask(tab, 'read', 'GET', METHODS),
    ]);
    assert.deepEqual([factors.status, methods.status], [200, 200], told({ factors, methods }));
    const named = (answer: Json, name: string) => (answer.body as Record<string, { type: string }[]>)[name] ?? [];
    return [named(factors, 'factors'), named(methods, 'authentication_methods')].map((all) =>
      all.map(({ type }) => type),
    );
  };
  await checks.play("the requests of Auth0's component for factors: a deletion opens the popup for the factor", () =>
    inWindow(async (tab) => {
      await vestibule.createUser('component@home.example', [place.id]);
      await tab.goto(`${origin}/settings.json`);
      await tab.evaluate((text) => sessionStorage.setItem('settings', text), settings);
      await enter(tab, application, 'component@home.example');
      await readShown(tab, origin);
      assert.deepEqual(await lists(tab), [['passkey', 'totp', 'webauthn-roaming', 'password'], ['password']]);
      const { status, body } = (await ask(tab, 'create', 'POST', METHODS, { type: 'totp' })) as {
        status: number;
        body: Json;
      };
      assert.equal(status, 202, told(body));
      const app = AuthenticatorApp.of(String(body.barcode_uri));
      const path = `${METHODS}/${encodeURIComponent(String(body.id))}`;
      const { auth_session } = body;
      const wrong = await ask(tab, 'create', 'POST', `${path}/verify`, { auth_session, otp_code: '000000' });
      assert.equal(wrong.status, 400);
      assert.match(told(wrong), /invalid_code/);
      const made = await ask(tab, 'create', 'POST', `${path}/verify`, { auth_session, otp_code: await app.code() });
      assert.equal(made.status, 201, told(made));
      assert.deepEqual([...((await lists(tab))[1] ?? [])].sort(), ['password', 'totp']);
      const opened = tab.context().waitForEvent('page');
      const done = ask(tab, 'delete', 'DELETE', path);
      await answer(await opened, app);
      assert.equal(((await done) as { status: number }).status, 204, told(await done));
      assert.deepEqual((await lists(tab))[1], ['password']);
    }),
  );
}
