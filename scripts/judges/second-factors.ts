/**
 * Tests second factors with auth0-spa-js and auth0-react: step-up by redirect and popup, `mfa_required` at a refresh, the
 * libraries' clients of the MFA API and of the My Account API. The codes are those of another program
 * (authenticator-app.ts).
 */
import assert from 'node:assert/strict';
import type { Page as Tab } from 'playwright-core';
import { AuthenticatorApp, oathtool, RFC_6238 } from './authenticator-app.js';
import { type Ground, readShown } from './browser-ground.js';
import type { Checks } from './checks.js';
import {
  type Application,
  amrOf,
  answer,
  call,
  enter,
  MULTI_FACTOR,
  setUp,
  told,
  typePassword,
  well,
  wrong,
} from './factor-steps.js';
import type { Json } from './keycloak-server.js';
import { ME_SCOPES, playComponent, playMyAccount } from './own-factors.js';
import { bundle, type SinglePageKind, serve } from './single-page.js';

const MFA_GRANTS = ['mfa-otp', 'mfa-oob', 'mfa-recovery-code'].map(
  (name) => `http://auth0.com/oauth/grant-type/${name}`,
);

/** Asks for a factor as Auth0's guide for step-up does: for one API, and at the refresh of whom the metadata names. */
const ACTION = `exports.onExecutePostLogin = async (event, api) => {
  const passed = (event.authentication?.methods ?? []).some(({ name }) => name === 'mfa');
  const asked = event.resource_server?.identifier === 'https://vault.acme.example/'
    || (event.user.app_metadata.careful && event.transaction.protocol === 'oauth2-refresh-token');
  if (asked && !passed) api.multifactor.enable('any', { allowRememberBrowser: false });
};
`;

async function playStepUp(application: Application): Promise<void> {
  const { checks, inWindow, origin, place, vestibule } = application;
  await checks.play('oathtool computes the values of RFC 6238', async () => {
    for (const [seconds, code] of RFC_6238) assert.equal(oathtool('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds), code);
  });
  await checks.play('acr_values by redirect: the app is set up from the picture; later its code is asked for', () =>
    inWindow(async (tab) => {
      await vestibule.createUser('step@home.example', [place.id]);
      await enter(tab, application, 'step@home.example');
      await readShown(tab, origin);
      assert.equal(await amrOf(tab), undefined);
      const again = new URLSearchParams({ organization: place.id, acr_values: MULTI_FACTOR });
      await tab.goto(`${origin}/login?${again}`);
      const { app } = await setUp(tab);
      await readShown(tab, origin);
      assert.deepEqual(await amrOf(tab), ['mfa']);
      await tab.goto(`${origin}/login?${again}&prompt=login`);
      await typePassword(tab, 'step@home.example');
      await answer(tab, app);
      await readShown(tab, origin);
      const claims = await well(tab, 'claims');
      assert.deepEqual([claims.amr, claims.acr], [['mfa'], MULTI_FACTOR]);
    }),
  );
  await checks.play('acr_values by popup', () =>
    inWindow(async (tab) => {
      await vestibule.createUser('popup@home.example', [place.id]);
      await enter(tab, application, 'popup@home.example');
      await readShown(tab, origin);
      const opened = tab.context().waitForEvent('page');
      const done = call(tab, 'popup', { organization: place.id, acr_values: MULTI_FACTOR });
      await setUp(await opened);
      assert.equal((await done).thrown, undefined, told(await done));
      assert.deepEqual(await amrOf(tab), ['mfa']);
    }),
  );
  await checks.play('max_age: a sign-in that is too old is repeated, and auth_time is in the token', () =>
    inWindow(async (tab) => {
      await vestibule.createUser('aged@home.example', [place.id]);
      await enter(tab, application, 'aged@home.example');
      await readShown(tab, origin);
      const first = Number((await well(tab, 'claims')).auth_time);
      await tab.goto(`${origin}/login?${new URLSearchParams({ organization: place.id, max_age: '600' })}`);
      await readShown(tab, origin);
      assert.equal((await well(tab, 'claims')).auth_time, first);
      await enter(tab, application, 'aged@home.example', { max_age: '0' });
      await readShown(tab, origin);
      assert.ok(Number((await well(tab, 'claims')).auth_time) >= first);
    }),
  );
}

/** Creates a person whose refresh asks for a factor, and signs them in. */
async function enterCareful(tab: Tab, application: Application, email: string): Promise<void> {
  const { vestibule, place, origin } = application;
  const id = await vestibule.createUser(email, [place.id]);
  await vestibule.api('PATCH', `/users/${encodeURIComponent(id)}`, { app_metadata: { careful: true } });
  await enter(tab, application, email);
  await readShown(tab, origin);
}

const REFRESH = { cacheMode: 'off' };

async function playRefresh(application: Application): Promise<void> {
  const { checks, inWindow, origin, vault, place } = application;
  await checks.play('mfa_required: the client of the MFA API enrols, and verify gives the tokens', () =>
    inWindow(async (tab) => {
      await enterCareful(tab, application, 'careful@home.example');
      const refused = await wrong(
        tab,
        { error: 'mfa_required', message: 'Multifactor authentication required' },
        'token',
        REFRESH,
      );
      assert.deepEqual(refused.mfa_requirements, { enroll: [{ type: 'otp' }] });
      const mfaToken = String(refused.mfa_token);
      assert.deepEqual(await well(tab, 'mfa.getEnrollmentFactors', mfaToken), [{ type: 'otp' }]);
      assert.deepEqual(await well(tab, 'mfa.getAuthenticators', mfaToken), []);
      for (const factorType of ['sms', 'voice', 'email', 'push'])
        await wrong(tab, { error: factorType === 'email' ? 'access_denied' : 'invalid_request' }, 'mfa.enroll', {
          mfaToken,
          factorType,
          phoneNumber: '+1',
          email: 'a@b.example',
        });
      const made = await well(tab, 'mfa.enroll', { mfaToken, factorType: 'otp' });
      const app = AuthenticatorApp.of(String(made.barcodeUri));
      const [recovery] = made.recoveryCodes as string[];
      await wrong(tab, { error: 'invalid_grant', message: 'Invalid otp_code.' }, 'mfa.verify', {
        mfaToken,
        otp: '000000',
      });
      const tokens = await well(tab, 'mfa.verify', { mfaToken, otp: await app.code() });
      assert.ok(tokens.access_token && tokens.id_token, told(tokens));

      const second = await wrong(tab, { error: 'mfa_required' }, 'token', REFRESH);
      const next = { mfaToken: String(second.mfa_token) };
      assert.deepEqual(second.mfa_requirements, { challenge: [{ type: 'otp' }, { type: 'recovery-code' }] });
      const [factor] = (await well(tab, 'mfa.getAuthenticators', next.mfaToken)) as unknown as Json[];
      assert.deepEqual([factor?.authenticatorType, factor?.active], ['otp', true]);
      const asked = { ...next, challengeType: 'otp', authenticatorId: factor?.id };
      assert.deepEqual(await well(tab, 'mfa.challenge', asked), { challengeType: 'otp' });
      await wrong(tab, { error: 'unsupported_challenge_type' }, 'mfa.challenge', { ...next, challengeType: 'oob' });
      await wrong(tab, { error: 'access_denied', message: 'User is already enrolled' }, 'mfa.enroll', {
        ...next,
        factorType: 'otp',
      });
      await wrong(tab, { error: 'invalid_grant' }, 'mfa.verify', { ...next, oobCode: 'x', bindingCode: '1' });
      await well(tab, 'mfa.verify', { ...next, otp: await app.code() });

      const third = String((await wrong(tab, { error: 'mfa_required' }, 'token', REFRESH)).mfa_token);
      await wrong(tab, { error: 'invalid_grant', message: 'MFA Authorization rejected.' }, 'mfa.verify', {
        mfaToken: third,
        recoveryCode: 'X',
      });
      const rescued = await well(tab, 'mfa.verify', { mfaToken: third, recoveryCode: recovery });
      assert.match(String(rescued.recovery_code), /^[A-Z0-9]{24}$/, told(rescued));
    }),
  );
  await checks.play('interactiveErrorHandler: a refused refresh opens the popup, and gives the token', () =>
    inWindow(async (tab) => {
      await tab.goto(`${origin}/settings.json`);
      await tab.evaluate(() => sessionStorage.setItem('settings', '{"interactiveErrorHandler":"popup"}'));
      await enterCareful(tab, application, 'handled@home.example');
      const opened = tab.context().waitForEvent('page');
      const done = call(tab, 'token', {
        ...REFRESH,
        authorizationParams: { organization: place.id, acr_values: MULTI_FACTOR },
      });
      await setUp(await opened);
      assert.equal(typeof (await done).access_token, 'string', told(await done));
    }),
  );
  await checks.play(
    'interactiveErrorHandler: a refused hidden frame opens the popup, and gives a token for the API',
    () =>
      inWindow(async (tab) => {
        await tab.goto(`${origin}/settings.json`);
        await tab.evaluate(() => sessionStorage.setItem('settings', '{"interactiveErrorHandler":"popup"}'));
        await application.vestibule.createUser('frame@home.example', [place.id]);
        await enter(tab, application, 'frame@home.example');
        await readShown(tab, origin);
        const opened = tab.context().waitForEvent('page');
        const asked = { authorizationParams: { organization: place.id, audience: vault, scope: 'read:gold' } };
        const done = call(tab, 'token', asked);
        await setUp(await opened);
        const { access_token: token } = await done;
        assert.equal(typeof token, 'string', told(await done));
        assert.equal((await well(tab, 'token', asked)).access_token, token, 'the second call is from the cache');
      }),
  );
  await checks.play(
    'without a handler the hidden frame tells login_required, with the words that the library knows',
    () =>
      inWindow(async (tab) => {
        await application.vestibule.createUser('plain@home.example', [place.id]);
        await enter(tab, application, 'plain@home.example');
        await readShown(tab, origin);
        const asked = { authorizationParams: { organization: place.id, audience: vault, scope: 'read:gold' } };
        await wrong(tab, { error: 'login_required', message: 'Multifactor authentication required' }, 'token', asked);
      }),
  );
}

async function prepare({ vestibule }: Ground, clientId: string, application: Application): Promise<void> {
  const { api } = vestibule;
  for (const factor of ['otp', 'webauthn-platform', 'webauthn-roaming', 'recovery-code'])
    await api('PUT', `/guardian/factors/${factor}`, { enabled: true });
  const { id } = await api('POST', '/actions/actions', {
    ...{ name: 'step up', code: ACTION, runtime: 'node22' },
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  });
  await api('POST', `/actions/actions/${id}/deploy`);
  await api('PATCH', '/actions/triggers/post-login/bindings', {
    bindings: [{ ref: { type: 'action_name', value: 'step up' }, display_name: 'step up' }],
  });
  const scopes = [{ value: 'read:gold', description: 'See the gold' }];
  await api('POST', '/resource-servers', { name: 'Vault', identifier: application.vault, scopes });
  await api('POST', '/resource-servers', { identifier: application.me });
  await api('POST', '/client-grants', {
    client_id: clientId,
    audience: application.me,
    subject_type: 'user',
    scope: ME_SCOPES,
  });
}

/** Runs all checks with one of the two libraries. Its packages are in the folder `packages`. */
export async function playSecondFactors(
  kind: SinglePageKind,
  { ground, checks, packages }: { ground: Ground; checks: Checks; packages: string },
): Promise<void> {
  let clientId = '';
  const { origin, stop } = await serve(await bundle(kind, packages), ground, (redirect_uri) => ({
    // Without a scheme: the clients of the MFA API and of passkeys add one, whatever is there.
    domain: new URL(ground.vestibule.origin).host,
    clientId,
    useRefreshTokens: true,
    useRefreshTokensFallback: true,
    authorizationParams: { redirect_uri, scope: 'openid profile email offline_access' },
  }));
  try {
    const { id } = await ground.register({
      name: `Second factors (${kind})`,
      app_type: 'spa',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', ...MFA_GRANTS],
      callbacks: [origin],
      web_origins: [origin],
      initiate_login_uri: `${origin}/login`,
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 },
    });
    clientId = id;
    const me = `${ground.vestibule.origin}/me/`;
    const application = { ...ground, origin, checks, me, vault: 'https://vault.acme.example/' };
    await prepare(ground, clientId, application);
    await playStepUp(application);
    await playRefresh(application);
    await playMyAccount(application);
    await playComponent(application);
  } finally {
    await stop();
  }
}
