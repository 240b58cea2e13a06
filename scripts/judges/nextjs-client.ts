/**
 * Tests nextjs-auth0 on Next.js as a web application, built from `browser-apps/nextjs` and started as in production. It
 * keeps its session in a cookie, and is served over http on localhost, as Next.js does by default.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page as Tab } from 'playwright-core';
import { findFreePort, startProgram, stopProgram } from '../../bench/processes.js';
import { expectIn, expectRefused, type Ground, readShown, signIn, signInAtCompany } from './browser-ground.js';
import type { Checks } from './checks.js';
import { runProgram } from './client-packages.js';
import type { Json } from './keycloak-server.js';
import { addAdministrator, allowMyOrganization, openMyOrganization, POLICY_SCOPES } from './own-organization-ground.js';

interface Application extends Ground {
  readonly origin: string;
  readonly clientId: string;
  readonly checks: Checks;
}

const START_MS = 60_000;

async function waitUntilUp(origin: string): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    const isUp = await fetch(origin).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (performance.now() > end) throw new Error(`${origin} was not up within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Builds the application and starts it. */
async function startNext(packages: string, port: number, environment: Readonly<Record<string, string>>) {
  const cwd = mkdtempSync(join(packages, 'app-'));
  cpSync(join(import.meta.dirname, 'browser-apps', 'nextjs'), cwd, { recursive: true });
  const next = join(packages, 'node_modules', 'next', 'dist', 'bin', 'next');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...environment };
  const remove = () => rmSync(cwd, { recursive: true, force: true });
  try {
    await runProgram(process.execPath, [next, 'build', cwd], { cwd, env });
  } catch (error) {
    remove();
    throw error;
  }
  const args = [next, 'start', cwd, '--port', String(port), '--hostname', 'localhost'];
  const child = startProgram(process.execPath, args, { NEXT_TELEMETRY_DISABLED: '1', ...environment });
  return async () => {
    await stopProgram(child);
    remove();
  };
}

const loginUrl = ({ origin, place }: Application, more: Readonly<Record<string, string>> = {}) =>
  `${origin}/auth/login?${new URLSearchParams({ organization: place.id, ...more })}`;

async function enter(tab: Tab, application: Application, login: string): Promise<void> {
  await tab.goto(loginUrl(application));
  await signIn(tab, login);
  await expectIn(tab, application, login);
}

async function readJson(tab: Tab, url: string): Promise<Json> {
  const response = await tab.request.get(url);
  return (await response.json()) as Json;
}

async function playWaysIn(application: Application): Promise<void> {
  const { checks, inWindow, place, origin, clientId } = application;
  // Invitation links are https; this application is not.
  const link = (await application.invite(clientId, application.addPerson('ivy'))).replace(/^https:/, 'http:');
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
  await checks.play('a member comes in with the user_id that they had; the profile route knows them', async () => {
    const id = await application.addMember('dana');
    await inWindow(async (tab) => {
      await enter(tab, application, 'dana');
      const profile = await readJson(tab, `${origin}/auth/profile`);
      assert.equal(profile.sub, id);
      assert.equal(profile.org_id, place.id);
    });
  });
}

async function playAfterwards(application: Application): Promise<void> {
  const { checks, inWindow, origin } = application;
  await checks.play('two refreshes in a row, with rotation, give a new access token each', () =>
    inWindow(async (tab) => {
      await enter(tab, application, 'dana');
      const kept = await readJson(tab, `${origin}/auth/access-token`);
      const first = await readJson(tab, `${origin}/refresh`);
      const second = await readJson(tab, `${origin}/refresh`);
      const all = [kept, first, second].map(({ token }) => token);
      assert.equal(new Set(all.filter(Boolean)).size, 3, JSON.stringify([kept, first, second]).slice(0, 400));
    }),
  );
  for (const [name, query] of Object.entries({ logout: '', 'logout (federated)': '?federated' }))
    await checks.play(`${name} asks nothing, ends both sessions and comes back`, () =>
      inWindow(async (tab) => {
        await enter(tab, application, 'dana');
        await tab.goto(`${origin}/auth/logout${query}`);
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
      });
    },
  );
}

/** Calls an operation from the application's own page, whose server adds the token of the session. */
function callProxy(tab: Tab, method: string, path: string, body?: Json): Promise<{ status: number; text: string }> {
  return tab.evaluate(
    async ([verb, target, sent]) => {
      const headers = { 'content-type': 'application/json', 'auth0-scope': 'ignored' };
      const response = await fetch(`/my-org${target}`, { method: verb, headers, ...(sent && { body: sent }) });
      return { status: response.status, text: await response.text() };
    },
    [method, path, body && JSON.stringify(body)] as const,
  );
}

async function playProxy(application: Application, adminRole: string): Promise<void> {
  const { checks, inWindow, origin, place, vestibule } = application;
  await checks.play('the proxy of the My Organization API: details, members, an invitation', () =>
    inWindow(async (tab) => {
      await addAdministrator(application, 'ada', adminRole);
      await enter(tab, application, 'ada');
      const one = async (status: number, ...given: [string, string, Json?]) => {
        const answer = await callProxy(tab, ...given);
        assert.equal(answer.status, status, JSON.stringify(answer).slice(0, 400));
        return answer.text === '' ? {} : (JSON.parse(answer.text) as Json);
      };
      assert.equal((await one(200, 'GET', '/details')).id, place.id);
      await one(200, 'PATCH', '/details', { display_name: 'Acme by Next.js' });
      assert.equal((await one(200, 'GET', '/details')).display_name, 'Acme by Next.js');
      assert.ok(((await one(200, 'GET', '/members?take=50')).members as Json[]).length > 0);
      const made = await one(201, 'POST', '/member-invitations', { invitees: [{ email: 'new@acme-browser.example' }] });
      await one(204, 'DELETE', `/member-invitations/${(made as unknown as Json[])[0]?.id}`);
      await tab.reload();
      await expectIn(tab, application, 'ada');
      assert.equal((await readJson(tab, `${origin}/my-org/config`)).connection_deletion_behavior, 'allow');
    }),
  );
  await checks.play('the proxy: a member who never had the role', () =>
    inWindow(async (tab) => {
      await application.addMember('eve');
      await enter(tab, application, 'eve');
      const { status, text } = await callProxy(tab, 'GET', '/details');
      assert.equal(status, 403, text);
    }),
  );
  await checks.play('the proxy: nobody, and an administrator who lost the role a moment ago', () =>
    inWindow(async (tab) => {
      await tab.goto(origin);
      assert.equal((await callProxy(tab, 'GET', '/details')).status, 401);
      const id = await addAdministrator(application, 'fay', adminRole);
      await enter(tab, application, 'fay');
      assert.equal((await callProxy(tab, 'GET', '/details')).status, 200);
      const path = `/organizations/${place.id}/members/${encodeURIComponent(id)}/roles`;
      await vestibule.api('DELETE', path, { roles: [adminRole] });
      assert.equal((await callProxy(tab, 'GET', '/details')).status, 403);
    }),
  );
}

/** Runs all checks. The packages are in the folder `packages`. */
export async function playNextjs(ground: Ground, checks: Checks, packages: string): Promise<void> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const { audience, adminRole } = await openMyOrganization(ground);
  const client = await ground.register({
    name: 'Web (Next.js)',
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    callbacks: [`${origin}/auth/callback`],
    allowed_logout_urls: [origin],
    initiate_login_uri: `https://localhost:${port}/auth/login`,
    refresh_token: {
      ...{ rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 },
      policies: [{ audience, scope: POLICY_SCOPES }],
    },
  });
  await allowMyOrganization(ground, client.id, audience);
  const stop = await startNext(packages, port, {
    APP_BASE_URL: origin,
    AUTH0_DOMAIN: ground.vestibule.origin,
    AUTH0_CLIENT_ID: client.id,
    AUTH0_CLIENT_SECRET: client.secret,
    AUTH0_SECRET: randomBytes(32).toString('hex'),
    NODE_EXTRA_CA_CERTS: ground.certificate.ca,
  });
  try {
    await waitUntilUp(origin);
    const application = { ...ground, origin, clientId: client.id, checks };
    await playWaysIn(application);
    await playProxy(application, adminRole);
    await playAfterwards(application);
  } finally {
    await stop();
  }
}
