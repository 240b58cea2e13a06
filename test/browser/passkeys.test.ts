/**
 * Passkeys in a real browser with a virtual authenticator (WebDriver, WebAuthn section 11): a sign-up makes one, and it signs
 * in by the button and by the field for the address.
 */
import type { BrowserContext, Page as Tab } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { claimsOf, useBrowserStage } from '../support/browser-stage.js';
import { PASSWORD } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';

const DEVICE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

describe.skipIf(noChromium())('passkeys', () => {
  const stage = useBrowserStage();

  const settings = (ui: string) =>
    stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, {
      options: { authentication_methods: { passkey: { enabled: true } }, passkey_options: { challenge_ui: ui } },
    });

  beforeAll(async () => {
    await settings('button');
    const path = `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.databaseId}`;
    await stage.instance.api('PATCH', path, { is_signup_enabled: true, assign_membership_on_login: true });
  });

  async function addDevice(context: BrowserContext, tab: Tab) {
    const cdp = await context.newCDPSession(tab);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE });
    return { cdp, authenticatorId };
  }

  test('a sign-up makes one; it signs in by the button, and by itself in the field', async () => {
    const { context, tab } = await stage.open();
    const { cdp, authenticatorId } = await addDevice(context, tab);
    await tab.goto(stage.login({ screen_hint: 'signup' }));
    await tab.fill('#username', 'nell@other.example');
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
    await tab.fill('#code', await stage.mailedCode('nell@other.example'));
    await tab.press('#code', 'Enter');
    await tab.getByRole('heading', { name: 'Sign in faster next time' }).waitFor();
    await stage.look(tab, 'passkey-offer');
    await tab.getByRole('button', { name: 'Create a passkey' }).click();
    const { sub } = await claimsOf(tab, stage.application);
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toHaveLength(1);

    await tab.goto(stage.login({ prompt: 'login' }));
    await stage.look(tab, 'passkey-button');
    await tab.getByRole('button', { name: 'Continue with a passkey' }).click();
    expect(await claimsOf(tab, stage.application)).toMatchObject({ sub, amr: ['mfa'] });

    await settings('both');
    await tab.goto(stage.login({ prompt: 'login' }));
    // Without a click: the browser offers the passkey in the field, and the virtual authenticator answers at once.
    expect(await claimsOf(tab, stage.application)).toMatchObject({ sub, amr: ['mfa'] });
  });

  test('without JavaScript the address page has no button for it, and the offer lets the person go on', async () => {
    await settings('button');
    await stage.cast.createMember('odd@acme.example');
    const { tab } = await stage.open({ javaScriptEnabled: false });
    await tab.goto(stage.login());
    expect(await tab.getByRole('button', { name: 'Continue with a passkey' }).isVisible()).toBe(false);
    await tab.fill('#username', 'odd@acme.example');
    await tab.getByRole('button', { name: 'Use a password instead' }).click();
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
    expect(await tab.getByRole('button', { name: 'Create a passkey' }).isVisible()).toBe(false);
    await tab.getByRole('button', { name: 'Not now' }).click();
    expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'odd@acme.example' });
  });
});
