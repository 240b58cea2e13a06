/** Attacks on the console's own sign-in: answers that somebody else sends, or that belong to another question. */
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';

const SILENT = /\/authorize\?.*prompt=none/;
const TOKEN = '**/oauth/token';

/** The codes that a tab tries to redeem. */
function watchCodes(tab: Tab): readonly (string | null)[] {
  const codes: (string | null)[] = [];
  tab.on('request', (request) => {
    if (new URL(request.url()).pathname === '/oauth/token')
      codes.push(new URLSearchParams(request.postData() ?? '').get('code'));
  });
  return codes;
}

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let olga: ConsoleTab;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    olga = await openConsole(instance, browser);
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
  });

  const signInAs = async (tab: Tab, email: string) => {
    await tab.fill('[name="username"]', email);
    await tab.keyboard.press('Enter');
    await tab.fill('[name="password"]', PASSWORD);
    await tab.keyboard.press('Enter');
  };
  /** Leads a window on as its own page would: it keeps the window that opened it. */
  const lead = async (popup: Tab, to: string) => {
    await Promise.all([popup.waitForURL(to), popup.evaluate((url) => window.location.assign(url), to)]);
  };
  /** A tab of Olga's browser, where she is signed in. */
  const newTab = () => olga.tab.context().newPage();
  const signedIn = (tab: Tab) => tab.getByRole('navigation', { name: 'Pages' });

  test('each question has a state, a nonce and a challenge of its own, and the challenge is no verifier', async () => {
    const seen: URLSearchParams[] = [];
    for (const _ of [1, 2]) {
      const tab = await newTab();
      const asked = tab.waitForRequest(SILENT);
      const redeemed = tab.waitForRequest(TOKEN);
      await tab.goto(`${instance.origin}/console`);
      const query = new URL((await asked).url()).searchParams;
      const verifier = new URLSearchParams((await redeemed).postData() ?? '').get('code_verifier');
      expect(query.get('code_challenge_method')).toBe('S256');
      expect(verifier).not.toBe(query.get('code_challenge'));
      seen.push(query);
      await signedIn(tab).waitFor();
      await tab.close();
    }
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const [first, second] = seen.map((query) => query.get(name) ?? '');
      expect([name, first === second, (first?.length ?? 0) >= 43]).toEqual([name, false, true]);
    }
  });

  test('a code of another session, which a window beside this one sends, is not redeemed', async () => {
    const tab = await newTab();
    const codes = watchCodes(tab);
    let goOn = () => {};
    const forged = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await tab.route(SILENT, async (route) => {
      await forged;
      await route.continue();
    });
    const asked = tab.waitForRequest(SILENT);
    await tab.goto(`${instance.origin}/console`);
    // The state is the right one: the window that speaks is not.
    const state = new URL((await asked).url()).searchParams.get('state');
    await tab.evaluate(
      async (response) => {
        const heard = new Promise((resolve) => window.addEventListener('message', resolve, { once: true }));
        window.postMessage({ type: 'authorization_response', response }, window.location.origin);
        await heard;
      },
      { code: 'of-the-attacker', state },
    );
    goOn();
    await signedIn(tab).waitFor();
    expect(codes).toHaveLength(1);
    expect(codes).not.toContain('of-the-attacker');
    await tab.close();
  });

  test('a code that answers another question is not redeemed', async () => {
    const tab = await newTab();
    const codes = watchCodes(tab);
    const response = { code: 'of-another-question', state: 'x'.repeat(43) };
    const message = JSON.stringify({ type: 'authorization_response', response });
    const answer = `<script>parent.postMessage(${message}, ${JSON.stringify(instance.origin)})</script>`;
    await tab.route(SILENT, (route) => route.fulfill({ contentType: 'text/html', body: answer }));
    await tab.goto(`${instance.origin}/console`);
    await tab.getByRole('heading', { level: 1, name: 'Something went wrong in the console' }).waitFor();
    expect(codes).toEqual([]);
    expect(await signedIn(tab).count()).toBe(0);
    await tab.close();
  });

  test('an ID token that was made for another question signs nobody in', async () => {
    const tab = await newTab();
    await tab.route(SILENT, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('nonce', 'of-another-question');
      return route.continue({ url: url.href });
    });
    await tab.goto(`${instance.origin}/console`);
    await tab.getByRole('heading', { level: 1, name: 'Something went wrong in the console' }).waitFor();
    expect(await signedIn(tab).count()).toBe(0);
    await tab.close();
  });

  test('an identity provider in the window beside cannot answer in the place of this server', async () => {
    const nils = await openConsole(instance, browser, { email: 'nils@vestibule.example', path: '/console/settings' });
    const { tab } = nils;
    await tab.getByLabel('Name').fill('Notebook of Nils');
    await tab.context().clearCookies();
    await tab.route('**/api/v2/tenants/settings', (route) =>
      route.fulfill({ status: 401, json: { statusCode: 401, error: 'Unauthorized', message: 'Expired token' } }),
    );
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    const [popup] = await Promise.all([
      tab.waitForEvent('popup'),
      tab.getByRole('button', { name: 'Sign in again' }).click(),
    ]);
    await popup.waitForSelector('[name="username"]');
    const login = popup.url();
    const message = JSON.stringify({ type: 'authorization_response', response: { error: 'access_denied' } });
    await tab
      .context()
      .route('https://idp.example/', (route) =>
        route.fulfill({ contentType: 'text/html', body: `<script>opener.postMessage(${message}, '*')</script>` }),
      );
    await tab.evaluate(() => {
      const heard = new Promise((resolve) => window.addEventListener('message', resolve, { once: true }));
      Object.assign(window, { heard });
    });
    await lead(popup, 'https://idp.example/');
    await tab.evaluate(() => (window as unknown as { heard: Promise<unknown> }).heard.then(() => undefined));
    expect(popup.isClosed()).toBe(false);
    await tab.unroute('**/api/v2/tenants/settings');
    await lead(popup, login);
    await signInAs(popup, 'nils@vestibule.example');
    await tab.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await tab.getByLabel('Name').inputValue()).toBe('Notebook of Nils');
    await nils.close();
  });

  test('what one operator typed is not done as another, who signed in in the same browser meanwhile', async () => {
    const mona = await openConsole(instance, browser, { email: 'mona@vestibule.example', path: '/console/settings' });
    const { tab } = mona;
    await tab.getByLabel('Name').fill('Notebook of Mona');
    await tab.context().clearCookies();
    const other = await tab.context().newPage();
    await other.goto(`${instance.origin}/console`);
    await signInAs(other, 'olga@vestibule.example');
    await signedIn(other).waitFor();
    // Longer than any token lasts.
    await tab.clock.setFixedTime(Date.now() + 3_600_000);
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    const name = async () => (await instance.api<{ friendly_name: string }>('GET', '/tenants/settings')).friendly_name;
    expect(await name()).not.toBe('Notebook of Mona');
    const [popup] = await Promise.all([
      tab.waitForEvent('popup'),
      tab.getByRole('button', { name: 'Sign in again' }).click(),
    ]);
    await signInAs(popup, 'mona@vestibule.example');
    await tab.getByRole('dialog').waitFor({ state: 'hidden' });
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('Saved', { exact: true }).waitFor();
    expect(await name()).toBe('Notebook of Mona');
    await mona.close();
  });
});
