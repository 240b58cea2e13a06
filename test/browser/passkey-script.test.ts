/**
 * The script of pages with WebAuthn, in a real browser with a virtual authenticator (WebDriver, WebAuthn section 11): what
 * it sends passes the checks, and browsers that cannot do it show the other ways. A page of this file stands for those of
 * the server.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFactorChecks } from '../../src/connectors/factors/checks.js';
import type { WebAuthnCredential } from '../../src/domain/factors/factor.js';
import { pageHeaders } from '../../src/http/pages/views/headers.js';
import { pageScript } from '../../src/http/pages/views/script.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import type { FactorChecks, WebAuthnKind, WebAuthnOptions } from '../../src/ports/factor-checks.js';
import { launchChromium, noChromium } from '../support/chromium.js';

const HANDLE = Buffer.alloc(32, 7).toString('base64url');
const KEY = { protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: false } as const;
const DEVICE = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const;

function pageOf(how: 'create' | 'get', options: WebAuthnOptions, nonce: string, conditional: string): string {
  const json = JSON.stringify(options).replaceAll('"', '&quot;');
  return `<!doctype html><title>x</title><style nonce="${nonce}">[hidden]{display:none!important}</style>
    <form id="address" method="post"><input name="address" type="email" required autocomplete="username webauthn"></form>
    <p data-passkey-missing>Use another way.</p>
    <form method="post" data-passkey-${how}="${json}" ${conditional}>
      <input type="hidden" name="answer">
      <p id="cancelled" data-passkey-error hidden>Cancelled.</p>
      <p id="known" data-passkey-error="InvalidStateError" hidden>This key is set up already.</p>
      <button class="button" name="way" value="key" hidden>Go on</button>
    </form><script nonce="${nonce}">${pageScript(['form', 'passkey'])}</script>`;
}

describe.skipIf(noChromium())('the script of pages with WebAuthn', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let checks: FactorChecks;
  let page = '';
  let posted: URLSearchParams | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST') posted = new URLSearchParams(Buffer.concat(chunks).toString());
        response.writeHead(200, pageHeaders('n0nce', { formAction: [] }));
        response.end(request.method === 'POST' ? '<!doctype html><title>x</title><p id="done">Done</p>' : page);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    checks = createFactorChecks({ party: { id: 'localhost', origin }, entropy: systemEntropy });
  });
  afterEach(async () => {
    posted = undefined;
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => server?.close(resolve));
  });

  const creation = (kind: WebAuthnKind, existing: readonly WebAuthnCredential[] = []) =>
    checks.creationOptions({
      ...{ kind, existing, site: 'Acme', keyVerification: 'discouraged' },
      person: { userHandle: HANDLE, name: 'dana@acme.example', displayName: 'Dana Duck' },
    });
  const request = (kind: WebAuthnKind, allowed: readonly WebAuthnCredential[]) =>
    checks.requestOptions({ kind, allowed, keyVerification: 'discouraged' });

  async function open(options: BrowserContextOptions = {}, authenticator?: typeof KEY | typeof DEVICE) {
    const context = await browser.newContext(options);
    const tab = await context.newPage();
    const cdp = await context.newCDPSession(tab);
    await cdp.send('WebAuthn.enable');
    const add = async (of: typeof KEY | typeof DEVICE) =>
      (
        await cdp.send('WebAuthn.addVirtualAuthenticator', {
          options: { ...of, isUserVerified: true, automaticPresenceSimulation: true },
        })
      ).authenticatorId;
    const authenticatorId = authenticator && (await add(authenticator));
    return { tab, cdp, authenticatorId };
  }

  async function show(tab: Tab, how: 'create' | 'get', options: WebAuthnOptions, conditional = '') {
    page = pageOf(how, options, 'n0nce', conditional);
    await tab.goto(origin);
  }

  async function sent(tab: Tab): Promise<string> {
    await tab.locator('#done').waitFor();
    return posted?.get('answer') ?? '';
  }

  async function register(tab: Tab, kind: WebAuthnKind): Promise<WebAuthnCredential> {
    const options = creation(kind);
    await show(tab, 'create', options);
    await tab.click('button');
    const answer = { response: await sent(tab), challenge: options.challenge, mustVerify: kind === 'passkey' };
    const verdict = await checks.register(answer, { userHandle: HANDLE });
    if (!verdict.ok) throw new Error(verdict.detail);
    return verdict.credential;
  }

  test('sets up a security key, and answers with it', async () => {
    const { tab } = await open({}, KEY);
    const credential = await register(tab, 'webauthn-roaming');
    expect(credential).toMatchObject({ transports: ['usb'], deviceType: 'singleDevice', userVerified: false });
    expect(posted?.get('way')).toBe('key');
    const options = request('webauthn-roaming', [credential]);
    await show(tab, 'get', options);
    await tab.click('button');
    const answer = { response: await sent(tab), challenge: options.challenge, mustVerify: false };
    expect(checks.credentialIdOf(answer.response)).toBe(credential.id);
    expect(await checks.assert(answer, credential, { isDiscovered: false })).toMatchObject({ ok: true });
  });

  test('offers a passkey in the field for the address, by itself', async () => {
    const { tab } = await open({}, DEVICE);
    const credential = await register(tab, 'passkey');
    const options = request('passkey', []);
    await show(tab, 'get', options, 'data-passkey-conditional');
    const answer = { response: await sent(tab), challenge: options.challenge, mustVerify: true };
    const verdict = await checks.assert(answer, credential, { isDiscovered: true });
    expect(verdict).toMatchObject({ ok: true, userVerified: true });
  });

  test('the button ends the offer in the field: a browser has one question at a time', async () => {
    const { tab, cdp, authenticatorId = '' } = await open({}, DEVICE);
    const credential = await register(tab, 'passkey');
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
    await tab.addInitScript(`
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (options) => { window.asked = options.mediation; return get(options); };`);
    const options = request('passkey', []);
    await show(tab, 'get', options, 'data-passkey-conditional');
    await tab.waitForFunction('window.asked === "conditional"');
    // The authenticator is not touched for the first question; for the second it is.
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
    await tab.click('button');
    const answer = { response: await sent(tab), challenge: options.challenge, mustVerify: true };
    expect(await checks.assert(answer, credential, { isDiscovered: true })).toMatchObject({ ok: true });
  });

  test('says that the browser gave no answer, and lets the person try again', async () => {
    const { tab, cdp, authenticatorId = '' } = await open({}, DEVICE);
    const options = creation('passkey');
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await show(tab, 'create', options);
    await tab.click('button');
    await tab.locator('#cancelled').waitFor();
    expect(await tab.locator('#known').isVisible()).toBe(false);
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await tab.click('button');
    const answer = { response: await sent(tab), challenge: options.challenge, mustVerify: true };
    expect(await checks.register(answer, { userHandle: HANDLE })).toMatchObject({ ok: true });
  });

  test('says that the key is set up already', async () => {
    const { tab } = await open({}, KEY);
    await show(tab, 'create', creation('webauthn-roaming', [await register(tab, 'webauthn-roaming')]));
    await tab.click('button');
    await tab.locator('#known').waitFor();
    expect(await tab.locator('#cancelled').isVisible()).toBe(false);
  });

  test.each<[string, BrowserContextOptions, string]>([
    ['without JavaScript', { javaScriptEnabled: false }, ''],
    ['without WebAuthn', {}, 'delete window.PublicKeyCredential'],
    ['that cannot read options as JSON', {}, 'delete window.PublicKeyCredential.parseRequestOptionsFromJSON'],
  ])('a browser %s shows the other ways, and no button', async (_which, options, before) => {
    const { tab } = await open(options);
    if (before !== '') await tab.addInitScript(before);
    await show(tab, 'get', request('passkey', []), 'data-passkey-conditional');
    expect(await tab.locator('[data-passkey-missing]').isVisible()).toBe(true);
    expect(await tab.locator('button').isVisible()).toBe(false);
  });
});
