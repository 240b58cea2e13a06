/**
 * Security keys and passkeys on the server's own pages, in a real browser with virtual authenticators (WebDriver, WebAuthn
 * section 11): a key that a sign-in demands, the page of the account, the script of another page, a link of an
 * administrator, a passkey of another device, and a browser that has no WebAuthn.
 */
import type { BrowserContext, Page as Tab } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { claimsOf, useBrowserStage } from '../support/browser-stage.js';
import { CALLBACK, PASSWORD, Visitor } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';
import type { Json } from '../support/instance.js';
import { METHODS_PATH, methodPath, myToken, registerMyAccount } from '../support/my-account.js';

/** A security key with a PIN. */
const KEY = {
  protocol: 'ctap2',
  transport: 'usb',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;
/** The computer itself. */
const DEVICE = { ...KEY, transport: 'internal' } as const;

describe.skipIf(noChromium())('keys on the pages', () => {
  const stage = useBrowserStage();

  /** Sets the factors that the tenant accepts, and the members that Acme asks. */
  async function settings(factors: Record<string, boolean>, mfa = 'none') {
    const guardian = JSON.stringify({ factors });
    await stage.instance.database.pool.query('update tenant set guardian = $1', [guardian]);
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa });
  }

  const passkeys = (enabled: boolean) =>
    stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, {
      options: { authentication_methods: { passkey: { enabled } }, passkey_options: { challenge_ui: 'button' } },
    });

  beforeAll(() => passkeys(false));

  async function plug(context: BrowserContext, tab: Tab, ...devices: readonly (typeof KEY | typeof DEVICE)[]) {
    const cdp = await context.newCDPSession(tab);
    await cdp.send('WebAuthn.enable');
    const add = async (options: typeof KEY | typeof DEVICE) =>
      (await cdp.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId;
    const ids: string[] = [];
    for (const device of devices) ids.push(await add(device));
    const held = async (authenticatorId = '') =>
      (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
    return { cdp, ids, held, add };
  }

  async function typePassword(tab: Tab, email: string) {
    await tab.fill('#username', email);
    await tab.getByRole('button', { name: 'Use a password instead' }).click();
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
  }

  const kindsOf = async (userId: string) =>
    (
      await stage.instance.database.pool.query('select kind from factors where user_id = $1 order by kind', [userId])
    ).rows.map(({ kind }) => kind as string);

  test('a sign-in demands one: a security key is set up, and passes the next sign-in', async () => {
    await settings({ 'webauthn-roaming': true }, 'required');
    const userId = await stage.cast.createMember('kay@acme.example');
    const { context, tab } = await stage.open();
    const { ids, held } = await plug(context, tab, KEY);
    await tab.goto(stage.login());
    await typePassword(tab, 'kay@acme.example');
    await tab.getByRole('button', { name: 'Set up a security key' }).click();
    expect(await claimsOf(tab, stage.application)).toMatchObject({ sub: userId, amr: ['mfa'] });
    expect(await kindsOf(userId)).toEqual(['webauthn-roaming']);
    expect(await held(ids[0])).toHaveLength(1);

    await tab.goto(stage.login({ prompt: 'login' }));
    await typePassword(tab, 'kay@acme.example');
    await tab.getByRole('button', { name: 'Use a passkey or security key' }).click();
    expect(await claimsOf(tab, stage.application)).toMatchObject({ sub: userId, amr: ['mfa'] });
    const [used] = await held(ids[0]);
    expect(used?.signCount).toBe(2);
  });

  test('a browser without WebAuthn is told so, and sets up an app instead', async () => {
    await settings({ otp: true, 'webauthn-roaming': true, 'webauthn-platform': true }, 'required');
    await stage.cast.createMember('old@acme.example');
    const { context, tab } = await stage.open();
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'PublicKeyCredential'));
    await tab.goto(stage.login());
    await typePassword(tab, 'old@acme.example');
    await tab.locator('[data-passkey-missing]').waitFor();
    expect(await tab.getByRole('button', { name: /passkey|security key/i }).count()).toBe(0);
    await tab.getByRole('link', { name: /authenticator app/ }).click();
    await tab.locator('svg.qr').waitFor();
  });

  test('the page of the account adds a passkey and a security key, knows them again, and removes one', async () => {
    await settings({ otp: true, 'webauthn-roaming': true, 'webauthn-platform': true });
    const userId = await stage.cast.createMember('ann@acme.example');
    const { context, tab } = await stage.open();
    const { cdp, ids, held, add } = await plug(context, tab, DEVICE);
    await tab.goto(stage.login());
    await typePassword(tab, 'ann@acme.example');
    await claimsOf(tab, stage.application);
    await tab.goto(`${stage.instance.origin}/account`);
    await tab.locator('button[value="add:passkey"]').click();
    await tab.getByRole('button', { name: 'Set up a passkey' }).click();
    await tab.getByRole('status').waitFor();
    expect(await held(ids[0])).toHaveLength(1);
    await stage.look(tab, 'account-with-passkey');

    // A factor exists now: the next change wants a fresh one.
    await tab.goto(`${stage.instance.origin}/account`);
    await tab.locator('button[value="confirm"]').click();
    await typePassword(tab, 'ann@acme.example');
    await tab.getByRole('button', { name: 'Use a passkey or security key' }).click();
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: ids[0] ?? '' });
    const key = await add(KEY);
    await tab.locator('button[value="add:webauthn-roaming"]').click();
    await tab.getByRole('button', { name: 'Set up a security key' }).click();
    await tab.getByRole('status').waitFor();
    expect(await kindsOf(userId)).toEqual(['passkey', 'webauthn-roaming']);
    expect(await held(key)).toHaveLength(1);
    await tab.locator('button[value^="remove:webauthn-roaming"]').click();
    await tab.getByRole('status').waitFor();
    expect(await kindsOf(userId)).toEqual(['passkey']);
  });

  test('the script of a page makes a passkey by the My Account API, which signs in', async () => {
    await settings({ otp: true, 'webauthn-platform': true });
    const { application, cast, instance } = stage;
    const callbacks = [...application.clientFields.callbacks, CALLBACK];
    await instance.api('PATCH', `/clients/${cast.client.id}`, { callbacks });
    await registerMyAccount(stage);
    const userId = await cast.createMember('amy@acme.example');
    const token = await myToken(stage, new Visitor(cast), 'amy@acme.example');

    const { context, tab } = await stage.open();
    const { ids, held } = await plug(context, tab, DEVICE);
    // A page of the server's own origin: a passkey that another page makes is refused.
    const page = `${instance.origin}/own.html`;
    await tab.route(page, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await tab.goto(page);
    const made = await tab.evaluate(
      async ([bearer = '', start = '', verify = '']) => {
        const call = async (path: string, body: object) => {
          const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
          const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
          return { status: answer.status, body: (await answer.json()) as Json };
        };
        const { body } = await call(start, { type: 'passkey' });
        const options = body.authn_params_public_key as PublicKeyCredentialCreationOptionsJSON;
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
        const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
        return call(verify, { auth_session: body.auth_session, authn_response: credential.toJSON() });
      },
      [token, `/me/v1${METHODS_PATH}`, `/me/v1${methodPath('passkey|new')}/verify`],
    );
    expect(made).toMatchObject({ status: 201, body: { type: 'passkey' } });
    expect(await kindsOf(userId)).toEqual(['passkey']);
    expect(await held(ids[0])).toHaveLength(1);

    await passkeys(true);
    await tab.goto(stage.login());
    await tab.getByRole('button', { name: 'Continue with a passkey' }).click();
    expect(await claimsOf(tab, application)).toMatchObject({ sub: userId, amr: ['mfa'] });
    await passkeys(false);
  });

  test('a link of an administrator sets up a security key', async () => {
    await settings({ otp: true, 'webauthn-roaming': true });
    const userId = await stage.cast.createMember('tim@acme.example');
    const { ticket_url: url } = await stage.instance.api<{ ticket_url: string }>(
      'POST',
      '/guardian/enrollments/ticket',
      { user_id: userId, factor: 'webauthn-roaming' },
    );
    const { context, tab } = await stage.open();
    const { ids, held } = await plug(context, tab, KEY);
    await tab.goto(url);
    await tab.locator('button[value="add:webauthn-roaming"]').click();
    await tab.getByRole('button', { name: 'Set up a security key' }).click();
    await expect.poll(() => kindsOf(userId)).toEqual(['webauthn-roaming']);
    expect(await held(ids[0])).toHaveLength(1);
  });

  test('a passkey of another device signs in, and this one is offered its own', async () => {
    await settings({ 'webauthn-platform': true, otp: true });
    await passkeys(true);
    const userId = await stage.cast.createMember('hal@acme.example');
    const { context, tab } = await stage.open();
    const { cdp, ids, held, add } = await plug(context, tab, DEVICE);
    await tab.goto(stage.login());
    await typePassword(tab, 'hal@acme.example');
    await tab.getByRole('button', { name: 'Create a passkey' }).click();
    await claimsOf(tab, stage.application);
    const [made] = await held(ids[0]);
    // The passkey is on a phone now, which this computer reaches from outside.
    const known = '["internal", "hybrid"]';
    await stage.instance.database.pool.query(
      `update factors set credential = jsonb_set(credential::jsonb, '{transports}', $2) where user_id = $1`,
      [userId, known],
    );
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: ids[0] ?? '' });
    const phone = await add(KEY);
    if (made === undefined) throw new Error('no passkey was made');
    await cdp.send('WebAuthn.addCredential', { authenticatorId: phone, credential: made });
    await tab.goto(stage.login({ prompt: 'login' }));
    await tab.getByRole('button', { name: 'Continue with a passkey' }).click();
    await tab.getByRole('heading', { name: 'Sign in faster next time' }).waitFor();
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: phone });
    const own = await add(DEVICE);
    await tab.getByRole('button', { name: 'Create a passkey' }).click();
    expect(await claimsOf(tab, stage.application)).toMatchObject({ sub: userId, amr: ['mfa'] });
    expect(await held(own)).toHaveLength(1);
    expect(await kindsOf(userId)).toEqual(['passkey', 'passkey']);
    await passkeys(false);
  });
});
