/** The hosted pages in a real browser: width, focus, keyboard, both schemes, without script, and under their own policy. */
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/http/pages/models.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { measurePage } from '../support/measure-page.js';
import { LOGO_HOST, PAGE_SAMPLES } from '../support/page-samples.js';
import { type PageServer, servePages } from '../support/page-server.js';
import { shareOf } from '../support/share.js';

const PAGES = new Map<string, Page>(PAGE_SAMPLES.map((sample) => [sample.name, sample.page]));
/** Pages that post themselves as soon as a script may run. */
const AUTOMATIC = new Set(['relay', 'form-post']);

describe.skipIf(noChromium())('hosted pages in Chromium', () => {
  let browser: Browser;
  let server: PageServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), servePages(PAGES, 150)]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Answers for the host of the logos: 1200 x 40, or 40 x 1200. */
  const serveLogos = (tab: Tab) =>
    tab.route(`${LOGO_HOST}/**`, (route) => {
      const [width, height] = route.request().url().includes('wide') ? [1200, 40] : [40, 1200];
      const body = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#0f766e"/></svg>`;
      return route.fulfill({ status: 200, contentType: 'image/svg+xml', body });
    });

  /** Opens a sample in a window of its own and runs `look`. */
  async function open(name: string, options: BrowserContextOptions, look: (tab: Tab) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options });
    try {
      const tab = await context.newPage();
      await serveLogos(tab);
      await tab.goto(`${server.origin}/${name}`);
      await look(tab);
    } finally {
      await context.close();
    }
  }

  /** The first field takes the focus a moment after the page is there. */
  const focusMoved = (tab: Tab) => tab.waitForFunction(() => document.activeElement !== document.body);
  const focusedId = (tab: Tab) => tab.evaluate(() => document.activeElement?.id ?? '');

  describe('every page in every state', () => {
    let scripted: Tab;
    let still: Tab;
    const complaints: string[] = [];

    beforeAll(async () => {
      scripted = await browser.newPage();
      // Without script an automatic page stays where it is.
      still = await browser.newPage({ javaScriptEnabled: false });
      for (const tab of [scripted, still]) {
        await serveLogos(tab);
        tab.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
        });
        tab.on('pageerror', (error) => complaints.push(error.message));
      }
    });

    it.each(shareOf(PAGE_SAMPLES))(
      '$name fits, reads well in both schemes, and runs under its own policy',
      async ({ name }) => {
        const tab = AUTOMATIC.has(name) ? still : scripted;
        complaints.length = 0;
        await tab.goto(`${server.origin}/${name}`);
        expect(await tab.evaluate(() => getComputedStyle(document.body).display), 'its style applies').toBe('grid');
        for (const colorScheme of ['light', 'dark'] as const) {
          await tab.emulateMedia({ colorScheme });
          for (const width of [360, 1440]) {
            await tab.setViewportSize({ width, height: 740 });
            const seen = await tab.evaluate(measurePage);
            const { scrollWidth, ...wrong } = seen;
            expect(scrollWidth).toBeLessThanOrEqual(width);
            expect(wrong, `${colorScheme}, ${width} px`).toEqual({
              outside: [],
              smallTargets: [],
              smallText: [],
              faint: [],
            });
          }
        }
        // A logo that cannot be fetched is part of a sample.
        expect(complaints.filter((text) => !text.includes('net::ERR_'))).toEqual([]);
      },
    );

    const wrong = PAGE_SAMPLES.flatMap(({ name, page }) =>
      'errors' in page ? page.errors.slice(0, 1).map(({ field }) => ({ name, field })) : [],
    );
    it.each(wrong)('$name: without script, focus is where the error is', async ({ name, field }) => {
      await still.goto(`${server.origin}/${name}`);
      const isField = (await still.locator(`#${field}`).count()) > 0;
      const focused = () => still.evaluate(() => `${document.activeElement?.id}/${document.activeElement?.className}`);
      // The focus moves a moment after the page is there.
      await expect.poll(focused).toMatch(isField ? new RegExp(`^${field}/`) : /^\/errors$/);
    });
  });

  it('focus is on the first field of a page that asks', async () => {
    const first = {
      'identifier-empty': 'username',
      'password-empty': 'password',
      'sign-up-empty': 'name',
      'sign-up-open': 'username',
      'proof-code': 'code',
      'organization-prompt-empty': 'organization',
      'forgot-password-empty': 'username',
      'reset-password-empty': 'password',
    };
    for (const [name, id] of Object.entries(first)) {
      await open(name, { javaScriptEnabled: false }, (tab) =>
        expect.poll(() => focusedId(tab), { message: name }).toBe(id),
      );
    }
  });

  it('the keyboard walks from the field to the button, the other ways, and back to "not you?"', async () => {
    const walk = async (name: string, steps: number): Promise<string[]> => {
      const seen: string[] = [];
      await open(name, {}, async (tab) => {
        await focusMoved(tab);
        for (let step = 0; step < steps; step += 1) {
          await tab.keyboard.press('Tab');
          seen.push(await tab.evaluate(() => document.activeElement?.textContent ?? ''));
        }
      });
      return seen;
    };
    expect(await walk('identifier-connections', 4)).toEqual([
      'Continue',
      "Continue with Acme's Okta",
      'Continue with Google Workspace',
      'Use a password instead',
    ]);
    expect(await walk('password-empty', 3)).toEqual(['Show', 'Continue', 'Forgot your password?']);
    expect(await walk('proof-code', 3)).toEqual(['Continue', 'Send a new code', 'I have a password here']);
  });

  it('focus is seen: a ring of two pixels', async () => {
    await open('password-empty', {}, async (tab) => {
      await focusMoved(tab);
      for (let step = 0; step < 3; step += 1) {
        expect(await tab.evaluate(() => getComputedStyle(document.activeElement as Element).outlineWidth)).toBe('2px');
        await tab.keyboard.press('Tab');
      }
    });
  });

  it.each([true, false])('Enter presses Continue, not another way (script: %s)', async (javaScriptEnabled) => {
    server.posted.length = 0;
    await open('identifier-connections', { javaScriptEnabled }, async (tab) => {
      // The field takes the focus by itself; keys pressed before that go nowhere.
      await tab.locator('#username:focus').waitFor();
      await tab.keyboard.type('dana@acme.example');
      await tab.keyboard.press('Enter');
      await tab.waitForURL('**/done');
    });
    expect(server.posted).toHaveLength(1);
    expect(Object.fromEntries(server.posted[0]?.fields ?? [])).toEqual({
      username: 'dana@acme.example',
      action: 'default',
    });
    // The policy of referrers keeps the origin, so that a check of it can tell our form from a stranger's.
    expect(server.posted[0]?.origin).toBe(server.origin);
  });

  it('"Use a password instead" takes the typed address along', async () => {
    server.posted.length = 0;
    await open('identifier-empty', { javaScriptEnabled: false }, async (tab) => {
      await tab.locator('#username').fill('olga@gmail.example');
      await tab.getByRole('button', { name: 'Use a password instead' }).click();
      await tab.waitForURL('**/done');
    });
    expect(Object.fromEntries(server.posted[0]?.fields ?? [])).toEqual({
      username: 'olga@gmail.example',
      action: 'password',
    });
  });

  it('two clicks send one form, and the page is busy in between', async () => {
    server.posted.length = 0;
    await open('password-empty', {}, async (tab) => {
      await tab.locator('#password').fill('correct horse');
      const busy = await tab.evaluate(() => {
        const button = document.querySelector<HTMLButtonElement>('.button');
        button?.click();
        button?.click();
        return document.querySelector('form')?.getAttribute('aria-busy');
      });
      expect(busy).toBe('true');
      await tab.waitForURL('**/done');
    });
    expect(server.posted).toHaveLength(1);
    expect(server.posted[0]?.fields.get('action')).toBe('default');
  });

  it('the password can be shown, and is hidden again before it is sent', async () => {
    await open('password-empty', {}, async (tab) => {
      const password = tab.locator('#password');
      await password.fill('correct horse');
      await tab.getByRole('button', { name: 'Show password' }).click();
      expect(await password.getAttribute('type')).toBe('text');
      const sent = await tab.evaluate(() => {
        document.querySelector<HTMLButtonElement>('.button')?.click();
        return document.querySelector('#password')?.getAttribute('type');
      });
      expect(sent).toBe('password');
    });
    await open('password-empty', { javaScriptEnabled: false }, async (tab) => {
      expect(await tab.getByText('Show').isVisible()).toBe(false);
    });
  });

  it.each(['123 456', 'Your code is 123-456.', '123456'])('pasting %j gives the code', async (text) => {
    await open('proof-code', { permissions: ['clipboard-read', 'clipboard-write'] }, async (tab) => {
      await focusMoved(tab);
      await tab.evaluate((value) => navigator.clipboard.writeText(value), text);
      await tab.keyboard.press('Control+v');
      expect(await tab.locator('#code').inputValue()).toBe('123456');
    });
  });

  it('the reference can be copied; without script it can be read', async () => {
    await open('refusal-stranger', { permissions: ['clipboard-read', 'clipboard-write'] }, async (tab) => {
      await tab.getByRole('button', { name: 'Copy' }).click();
      await tab.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await tab.evaluate(() => navigator.clipboard.readText())).toBe('V-7KQ2-M9XT');
    });
    await open('refusal-stranger', { javaScriptEnabled: false }, async (tab) => {
      expect(await tab.getByText('V-7KQ2-M9XT').isVisible()).toBe(true);
      expect(await tab.getByText('Copy', { exact: true }).isVisible()).toBe(false);
    });
  });

  it('long lists can be filtered; Enter chooses when one is left, and nothing otherwise', async () => {
    server.posted.length = 0;
    await open('organization-picker-twelve', {}, async (tab) => {
      const items = tab.locator('.list li');
      await tab.getByLabel('Find by name').press('Enter');
      await tab.keyboard.type('GLO');
      await tab.getByText('1 of 12 shown.').waitFor();
      expect(await items.filter({ visible: true }).allTextContents()).toEqual(['GGlobex']);
      await tab.keyboard.press('Enter');
      await tab.waitForURL('**/done');
    });
    expect(server.posted.map((post) => post.fields.get('organization'))).toEqual(['org_Ab3Ab3Ab3Ab3Ab36']);
    await open('organization-picker-twelve', { javaScriptEnabled: false }, async (tab) => {
      expect(await tab.locator('.list li').filter({ visible: true }).count()).toBe(12);
      expect(await tab.locator('#filter').isVisible()).toBe(false);
    });
    await open('organization-picker-three', {}, async (tab) => expect(await tab.locator('#filter').count()).toBe(0));
  });

  it('an automatic page goes on by itself, with what its button says; without script by a click', async () => {
    for (const javaScriptEnabled of [true, false]) {
      server.posted.length = 0;
      await open('relay', { javaScriptEnabled }, async (tab) => {
        if (!javaScriptEnabled) await tab.getByRole('button', { name: 'Continue', exact: true }).click();
        await tab.waitForURL('**/done');
      });
      expect(Object.fromEntries(server.posted[0]?.fields ?? [])).toEqual({
        relay: 'eyJhbGciOiJkaXIifQ',
        action: 'default',
      });
    }
  });

  it('the answer of form_post reaches the application with its parameters alone', async () => {
    const received: string[] = [];
    const context = await browser.newContext();
    const tab = await context.newPage();
    await context.route('https://portal.northwind.example/**', async (route) => {
      received.push(route.request().postData() ?? '');
      await route.fulfill({ status: 200, contentType: 'text/plain', body: 'welcome' });
    });
    await tab.goto(`${server.origin}/form-post`);
    await tab.getByText('welcome').waitFor();
    await context.close();
    expect(received).toEqual(['code=vQ2k3v&state=af0ifjsldkj&iss=https%3A%2F%2Flogin.northwind.example%2F']);
  });

  it.each(['wide', 'high'])('a %s logo is shown whole, in the place of the initial', async (shape) => {
    for (const [name, size] of [
      [`identifier-logo-${shape}`, 40],
      [`refusal-logo-${shape}`, 40],
      [`organization-picker-logo-${shape}`, 32],
    ] as const) {
      await open(name, {}, async (tab) => {
        const logo = tab.locator('img').last();
        await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
        const box = await logo.boundingBox();
        expect(box?.height, name).toBe(size);
        expect(box?.width, name).toBeLessThanOrEqual(size === 40 ? 160 : 32);
        expect(await logo.evaluate((image) => getComputedStyle(image).objectFit)).toBe('contain');
        expect(await tab.locator('.mark').filter({ visible: true }).count(), name).toBe(0);
      });
    }
  });

  it('a logo that cannot be fetched gives way to the initial', async () => {
    await open('signed-out-logo', {}, async (tab) => {
      await tab.locator('.mark').waitFor({ state: 'visible' });
      expect(await tab.locator('img').isVisible()).toBe(false);
    });
  });
});
