/**
 * Tests the My Organization API with auth0-spa-js and auth0-react, as Auth0's components call it: tokens by the refresh
 * token that the application has (`refresh_token.policies`) and by a hidden frame, requests by the library's fetcher from
 * another origin.
 */
import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import type { Page as Tab } from 'playwright-core';
import { type Ground, readShown } from './browser-ground.js';
import type { Checks } from './checks.js';
import { call, told } from './factor-steps.js';
import type { Json } from './keycloak-server.js';
import {
  type Application,
  addAdministrator,
  allowMyOrganization,
  ask,
  enter,
  expecting,
  openMyOrganization,
  POLICY_SCOPES,
  publish,
} from './own-organization-ground.js';
import { playProviders } from './own-providers.js';
import { bundle, serve } from './single-page.js';

/** An API without a policy, and one with a policy. */
const NOTES = 'https://notes.acme.example/';
const BILLS = 'https://bills.acme.example/';

/** Lets the next pages use these settings besides those of the server. */
async function configure(tab: Tab, { origin }: Application, settings: Json): Promise<void> {
  await tab.goto(`${origin}/settings.json`);
  await tab.evaluate((text) => sessionStorage.setItem('settings', text), JSON.stringify(settings));
}

/** Returns a function that tells how many refresh tokens were exchanged since. The log shows only the newest lines. */
async function countExchanges({ vestibule }: Ground): Promise<() => Promise<number>> {
  const list = async () => (await vestibule.logs()).filter(({ type }) => type === 'sertft').map(({ log_id }) => log_id);
  const before = new Set(await list());
  return async () => (await list()).filter((id) => !before.has(id)).length;
}

const token = (tab: Tab, audience: string, scope: string) =>
  call(tab, 'token', { cacheMode: 'off', authorizationParams: { audience, scope } });

const namesOf = (claims: ReturnType<typeof decodeJwt>) => [claims.aud].flat();

async function playTokens(application: Application): Promise<void> {
  const { checks, inWindow, audience, place, kind } = application;
  await checks.play(`${kind}: one refresh token gives tokens for several APIs, each of the organization`, () =>
    inWindow(async (tab) => {
      await enter(tab, application, 'ada');
      const exchanges = await countExchanges(application);
      for (const [api, scope] of [
        [audience, 'read:my_org:details'],
        [BILLS, 'read:bills'],
        [audience, 'read:my_org:members'],
      ] as const) {
        const answer = await token(tab, api, scope);
        const claims = decodeJwt(String(answer.access_token ?? told(answer)));
        assert.ok(namesOf(claims).includes(api), told(claims as Json));
        assert.equal(claims.org_id, place.id);
        assert.match(String(claims.scope), new RegExp(`(^| )${scope}( |$)`));
      }
      assert.equal(await exchanges(), 3, 'no hidden frame was needed');
      assert.equal((await call(tab, 'token', { cacheMode: 'off' })).thrown, undefined, 'the login’s token, too');
    }),
  );
  await checks.play(`${kind}: for an API without a policy the library goes on with a hidden frame`, () =>
    inWindow(async (tab) => {
      await enter(tab, application, 'ada');
      const exchanges = await countExchanges(application);
      const answer = await token(tab, NOTES, 'read:notes');
      const claims = decodeJwt(String(answer.access_token ?? told(answer)));
      assert.ok(namesOf(claims).includes(NOTES), told(claims as Json));
      assert.equal(claims.org_id, place.id);
      assert.equal(await exchanges(), 0);
    }),
  );
  await checks.play(`${kind}: without that frame it says that no refresh token serves the API`, () =>
    inWindow(async (tab) => {
      await configure(tab, application, { useRefreshTokensFallback: false });
      await enter(tab, application, 'ada');
      const answer = await token(tab, NOTES, 'read:notes');
      assert.equal(answer.error, 'invalid_target', told(answer));
      assert.match(String(answer.message), /Missing Refresh Token/);
      const still = await token(tab, audience, 'read:my_org:details');
      assert.equal(still.thrown, undefined, told(still));
      // The library forgets its refresh token after this error, so it comes last.
      const more = await token(tab, audience, 'read:my_org:details delete:my_org:everything');
      assert.match(String(more.message), /Missing requested scopes.*delete:my_org:everything/, told(more));
    }),
  );
  await checks.play(`${kind}: a hidden frame alone gives the token, of the organization of the session`, () =>
    inWindow(async (tab) => {
      await configure(tab, application, { useRefreshTokens: false, useMrrt: false });
      await enter(tab, application, 'ada');
      const exchanges = await countExchanges(application);
      const answer = await token(tab, audience, 'read:my_org:details');
      const claims = decodeJwt(String(answer.access_token ?? told(answer)));
      assert.deepEqual([claims.org_id, namesOf(claims).includes(audience)], [place.id, true]);
      assert.equal(await exchanges(), 0);
      const details = await ask(tab, application, ['read', 'details', 'GET', '/details']);
      assert.deepEqual([details.status, details.body.id], [200, place.id]);
    }),
  );
  await checks.play(`${kind}: without a session the frame answers login_required`, () =>
    inWindow(async (tab) => {
      await tab.goto(application.origin);
      await readShown(tab, application.origin);
      const answer = await call(tab, 'token', {
        authorizationParams: { audience, scope: 'read:my_org:details', organization: place.id },
      });
      assert.equal(answer.error, 'login_required', told(answer));
    }),
  );
}

async function playRequests(application: Application): Promise<void> {
  const { checks, inWindow, kind, place, adminRole, vestibule } = application;
  await checks.play(`${kind}: details, domains, members and invitations through the fetcher`, () =>
    inWindow(async (tab) => {
      const member = await application.addMember(`cy-${kind}`);
      await enter(tab, application, 'ada');
      const one = expecting(tab, application);
      assert.deepEqual((await one(200, ['read', 'configuration', 'GET', '/config'])).allowed_strategies, ['oidc']);
      const title = `Acme by ${kind}`;
      await one(200, ['update', 'details', 'PATCH', '/details'], { display_name: title });
      assert.equal((await one(200, ['read', 'details', 'GET', '/details'])).display_name, title);

      const domain = `${kind}-domain.example`;
      const made = await one(201, ['create', 'domains', 'POST', '/domains'], { domain });
      assert.equal(made.status, 'pending');
      publish(application, made);
      assert.equal((await one(202, ['update', 'domains', 'POST', `/domains/${made.id}/verify`])).status, 'verified');
      await one(204, ['delete', 'domains', 'DELETE', `/domains/${made.id}`]);

      const roles = { role_ids: [adminRole] };
      const person = `/members/${encodeURIComponent(member)}`;
      await one(204, ['create', 'member_roles', 'POST', `${person}/roles`], roles);
      const list = await one(200, ['read', 'members', 'GET', '/members?take=50&fields=user_id,email,name,roles']);
      assert.ok((list.members as Json[]).some(({ user_id }) => user_id === member));
      await one(204, ['delete', 'member_roles', 'POST', `${person}/unassign-roles`], roles);

      const email = `new-${kind}@acme-browser.example`;
      const invited = await one(201, ['create', 'member_invitations', 'POST', '/member-invitations'], {
        invitees: [{ email }],
      });
      const [invitation] = invited as unknown as Json[];
      await one(204, ['delete', 'member_invitations', 'DELETE', `/member-invitations/${invitation?.id}`]);
      await one(204, ['delete', 'memberships', 'POST', '/delete-memberships'], { members: [member] });
    }),
  );
  await checks.play(`${kind}: a member without a role gets a token that opens nothing`, () =>
    inWindow(async (tab) => {
      await application.addMember(`eve-${kind}`);
      await enter(tab, application, `eve-${kind}`);
      const answer = await ask(tab, application, ['read', 'details', 'GET', '/details']);
      assert.deepEqual([answer.status, answer.body.title], [403, 'Insufficient Scope']);
    }),
  );
  await checks.play(`${kind}: who lost the role a moment ago gets nothing by the refresh token or the token`, () =>
    inWindow(async (tab) => {
      const login = `fay-${kind}`;
      const id = await addAdministrator(application, login, adminRole);
      await enter(tab, application, login);
      assert.equal((await ask(tab, application, ['read', 'details', 'GET', '/details'])).status, 200);
      const path = `/organizations/${place.id}/members/${encodeURIComponent(id)}/roles`;
      await vestibule.api('DELETE', path, { roles: [adminRole] });
      assert.equal((await ask(tab, application, ['read', 'details', 'GET', '/details'])).status, 403);
      assert.equal((await ask(tab, application, ['read', 'members', 'GET', '/members'])).status, 403);
    }),
  );
}

/** Runs all checks with both libraries. The packages are in the folder `packages`. */
export async function playOwnOrganization(ground: Ground, checks: Checks, packages: string): Promise<void> {
  const { api } = ground.vestibule;
  const opened = await openMyOrganization(ground);
  for (const [identifier, value] of [
    [NOTES, 'read:notes'],
    [BILLS, 'read:bills'],
  ] as const)
    await api('POST', '/resource-servers', {
      ...{ name: identifier.slice(8, 13), identifier, allow_offline_access: identifier === BILLS },
      scopes: [{ value, description: value }],
    });
  await addAdministrator(ground, 'ada', opened.adminRole);
  for (const kind of ['spa', 'react'] as const) {
    let clientId = '';
    const { origin, stop } = await serve(await bundle(kind, packages), ground, (redirect_uri) => ({
      ...{ domain: ground.vestibule.origin, clientId, useRefreshTokens: true, useMrrt: true },
      useRefreshTokensFallback: true,
      authorizationParams: { redirect_uri, scope: 'openid profile email offline_access' },
    }));
    try {
      const { id } = await ground.register({
        name: `Organization settings (${kind})`,
        app_type: 'spa',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        callbacks: [origin],
        web_origins: [origin],
        initiate_login_uri: `${origin}/login`,
        refresh_token: {
          ...{ rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 },
          policies: [
            { audience: opened.audience, scope: POLICY_SCOPES },
            { audience: BILLS, scope: ['read:bills'] },
          ],
        },
      });
      clientId = id;
      await allowMyOrganization(ground, id, opened.audience);
      const application = { ...ground, ...opened, kind, origin, clientId, checks };
      await playTokens(application);
      await playRequests(application);
      await playProviders(application);
    } finally {
      await stop();
    }
  }
}
