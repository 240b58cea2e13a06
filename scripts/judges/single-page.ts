/**
 * Tests single-page applications with auth0-spa-js and auth0-react, built from `browser-apps/`. They are served over
 * https on localhost, which is the server's own site, and on 127.0.0.1, which a browser treats as another site: there a
 * frame gets no cookies of the server.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { decodeJwt } from 'jose';
import type { Page as Tab } from 'playwright-core';
import { expectIn, expectRefused, type Ground, readShown, signIn, signInAtCompany } from './browser-ground.js';
import type { Checks } from './checks.js';
import type { Json } from './keycloak-server.js';

export type SinglePageKind = 'spa' | 'react';

interface Application extends Ground {
  readonly origin: string;
  /** Origin of the same application on another site. */
  readonly elsewhere: string;
  readonly clientId: string;
  readonly checks: Checks;
}

/** An API that the application calls. */
const API = 'https://notes.acme.example/';

const ROTATING = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 };

/** Builds the application with one of the two libraries, from the folder `packages`. */
export async function bundle(kind: SinglePageKind, packages: string): Promise<string> {
  // The repository has a React of its own, and a page must not have two.
  const alias = Object.fromEntries(['react', 'react-dom'].map((name) => [name, join(packages, 'node_modules', name)]));
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'browser-apps', `${kind}.js`)],
    nodePaths: [join(packages, 'node_modules')],
    alias,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return outputFiles[0]?.text ?? '';
}

const PAGE =
  '<!doctype html><html lang="en"><title>App</title><pre id="state"></pre><script type="module" src="/main.js"></script>';

/**
 * Serves the application. Reads the `settings` of an origin at each request, because the client is registered later.
 */
export async function serve(script: string, { certificate }: Ground, settings: (origin: string) => Json) {
  const pair = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
  const server = createServer(pair, (request, response) => {
    const path = request.url ?? '/';
    if (path === '/main.js') response.setHeader('content-type', 'text/javascript').end(script);
    else if (path === '/settings.json')
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(settings(`https://${request.headers.host}`)));
    else response.setHeader('content-type', 'text/html').end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port } = server.address() as AddressInfo;
  return { origin: `https://localhost:${port}`, elsewhere: `https://127.0.0.1:${port}`, stop };
}

/** Does what a button of the application does. Returns an error as a value. */
function press<T = Json>(tab: Tab, deed: 'token' | 'logout' | 'popup', options: Json = {}): Promise<T> {
  const call = `window.app.${deed}(${JSON.stringify(options)})`;
  return tab.evaluate(`${call}.catch((e) => ({ error: e.error, description: e.error_description }))`) as Promise<T>;
}

const loginUrl = ({ origin, place }: Application, more: Readonly<Record<string, string>> = {}) =>
  `${origin}/login?${new URLSearchParams({ organization: place.id, ...more })}`;

async function enter(tab: Tab, application: Application, login: string): Promise<void> {
  await tab.goto(loginUrl(application));
  await signIn(tab, login);
  await expectIn(tab, application, login);
}

async function playWaysIn(application: Application): Promise<void> {
  const { checks, inWindow, place, origin, clientId } = application;
  const link = await application.invite(clientId, application.addPerson('ivy'));
  await checks.play('an invitation link leads in', () =>
    inWindow(async (tab) => {
      await tab.goto(link);
      await tab.getByRole('button', { name: 'Accept invitation' }).click();
      await signInAtCompany(tab, 'ivy');
      await expectIn(tab, application, 'ivy');
    }),
  );
  await checks.play('the same link again is an error that the application shows', () =>
    inWindow(async (tab) => {
      await tab.goto(link);
      await expectRefused(application, await readShown(tab, origin), 'invalid_request', /invitation not found/);
    }),
  );
  await checks.play('a member comes in with the user_id that they had', async () => {
    const id = await application.addMember('dana');
    await inWindow(async (tab) => {
      await tab.goto(loginUrl(application));
      await signIn(tab, 'dana');
      assert.equal((await expectIn(tab, application, 'dana')).user?.sub, id);
    });
  });
  await checks.play('a popup (web_message) signs in', () =>
    inWindow(async (tab) => {
      await tab.goto(origin);
      await readShown(tab, origin);
      const [popup, user] = await Promise.all([
        tab.context().waitForEvent('page'),
        press(tab, 'popup', { organization: place.id }),
        tab
          .context()
          .waitForEvent('page')
          .then((opened) => signIn(opened, 'dana')),
      ]);
      assert.equal(user.org_id, place.id, JSON.stringify(user));
      assert.ok(popup.isClosed(), 'the popup is closed');
    }),
  );
}

/** Returns how often a refresh token was exchanged so far. */
const countExchanges = async ({ vestibule }: Ground) =>
  (await vestibule.logs()).filter(({ type }) => type === 'sertft').length;

async function playTokens(application: Application): Promise<void> {
  const { checks, inWindow, origin } = application;
  await checks.play('getAccessTokenSilently: each exchange rotates the refresh token', () =>
    inWindow(async (tab) => {
      await enter(tab, application, 'dana');
      const before = await countExchanges(application);
      const cached = await press(tab, 'token');
      const first = await press(tab, 'token', { cacheMode: 'off' });
      const second = await press(tab, 'token', { cacheMode: 'off' });
      const all = [cached, first, second].map(({ access_token }) => access_token);
      assert.equal(new Set(all).size, 3, JSON.stringify([cached, first, second]).slice(0, 400));
      assert.equal(await countExchanges(application), before + 2);
    }),
  );
  await checks.play(
    'getAccessTokenSilently for an API: a token for it, of this organization, with the permission',
    () =>
      inWindow(async (tab) => {
        await enter(tab, application, 'dana');
        const scope = 'read:notes';
        const answer = await press(tab, 'token', { authorizationParams: { audience: API, scope } });
        const claims = decodeJwt(String(answer.access_token ?? JSON.stringify(answer)));
        assert.ok([claims.aud].flat().includes(API), JSON.stringify(claims));
        assert.equal(claims.org_id, application.place.id);
        assert.match(String(claims.scope), /\bread:notes\b/);
      }),
  );
  await checks.play('after a reload, without the tokens, a hidden frame keeps the person in', () =>
    inWindow(async (tab) => {
      await enter(tab, application, 'dana');
      const before = await countExchanges(application);
      await tab.reload();
      await expectIn(tab, application, 'dana');
      assert.equal(await countExchanges(application), before, 'no refresh token survives a reload');
    }),
  );
  await checks.play('on another site: refresh tokens work, and after a reload the person signs in anew, unasked', () =>
    inWindow(async (tab) => {
      const there = { ...application, origin: application.elsewhere };
      await enter(tab, there, 'dana');
      const answer = await press(tab, 'token', { cacheMode: 'off' });
      assert.equal(typeof answer.access_token, 'string', JSON.stringify(answer));
      await tab.reload();
      assert.deepEqual(await readShown(tab, there.origin), { user: null });
      await tab.goto(loginUrl(there));
      await expectIn(tab, there, 'dana');
    }),
  );
  await checks.play('in a frame nobody is signed in without a session: login_required', () =>
    inWindow(async (tab) => {
      await tab.goto(origin);
      await readShown(tab, origin);
      const answer = await press(tab, 'token', { authorizationParams: { organization: application.place.id } });
      assert.equal(answer.error, 'login_required', JSON.stringify(answer));
    }),
  );
}

async function playEnds(application: Application): Promise<void> {
  const { checks, inWindow, origin } = application;
  for (const options of [{}, { federated: true }])
    await checks.play(`logout${'federated' in options ? ' (federated)' : ''} ends both sessions and comes back`, () =>
      inWindow(async (tab) => {
        await enter(tab, application, 'dana');
        const home = tab.waitForRequest((request) => request.url() === `${origin}/` && request.isNavigationRequest());
        await press(tab, 'logout', options).catch(() => undefined);
        await home;
        assert.deepEqual(await readShown(tab, origin), { user: null });
        await tab.goto(loginUrl(application, { prompt: 'none' }));
        assert.equal((await readShown(tab, origin)).error, 'login_required');
      }),
    );
  await checks.play(
    'a stranger: the application shows the error, its description and the reference number',
    async () => {
      application.addPerson('sam');
      await inWindow(async (tab) => {
        await tab.goto(loginUrl(application));
        await signIn(tab, 'sam');
        const shown = await readShown(tab, origin);
        await expectRefused(application, shown, 'access_denied', /is not part of the org_\w+ organization/);
        const answer = await press(tab, 'token', { authorizationParams: { organization: application.place.id } });
        assert.equal(answer.error, 'login_required', 'nobody is signed in here either');
      });
    },
  );
}

/** Runs all checks with one of the two libraries. Its packages are in the folder `packages`. */
export async function playSinglePage(
  kind: SinglePageKind,
  { ground, checks, packages }: { ground: Ground; checks: Checks; packages: string },
): Promise<void> {
  let clientId = '';
  const script = await bundle(kind, packages);
  const { origin, elsewhere, stop } = await serve(script, ground, (redirect_uri) => ({
    domain: ground.vestibule.origin,
    clientId,
    useRefreshTokens: true,
    useRefreshTokensFallback: true,
    authorizationParams: { redirect_uri, scope: 'openid profile email offline_access' },
  }));
  try {
    const { id } = await ground.register({
      name: `Single page (${kind})`,
      app_type: 'spa',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      callbacks: [origin, elsewhere],
      web_origins: [origin, elsewhere],
      allowed_logout_urls: [origin],
      initiate_login_uri: `${origin}/login`,
      refresh_token: ROTATING,
    });
    clientId = id;
    const scopes = [{ value: 'read:notes', description: 'Read notes' }];
    await ground.vestibule.api('POST', '/resource-servers', { name: 'Notes', identifier: API, scopes });
    const application = { ...ground, origin, elsewhere, clientId, checks };
    await playWaysIn(application);
    await playTokens(application);
    await playEnds(application);
  } finally {
    await stop();
  }
}
