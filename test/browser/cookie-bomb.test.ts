/**
 * Attack (cookie bomb) in a real browser: a page of another site posts 28 forms with long state and nonce. The browser
 * withholds our cookies from them and keeps the ones that it is answered with, in the order of its own rules.
 */
import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page as Tab } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { claimsOf, useBrowserStage } from '../support/browser-stage.js';
import { PASSWORD } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';

const random = (characters: number) => randomBytes(characters).toString('base64url').slice(0, characters);

describe.skipIf(noChromium())('forms of another site in Chromium', () => {
  const stage = useBrowserStage('http');
  beforeAll(async () => {
    await stage.cast.createMember('dana@acme.example');
  });

  const cookieBytes = async (context: BrowserContext) =>
    (await context.cookies(stage.instance.origin)).map(({ name, value }) => `${name}=${value}`).join('; ').length;

  /** Has the page of another site post a form to /authorize, in a tab of the person's browser. */
  async function postFrom(tab: Tab, parameters: Record<string, string>): Promise<void> {
    const url = await findAuthorizeUrl(tab);
    const fields = [...Object.entries({ ...Object.fromEntries(url.searchParams), ...parameters })]
      .map(([name, value]) => `<input name="${name}" value="${value}">`)
      .join('');
    const body = `<form method="post" action="${url.origin}${url.pathname}">${fields}</form><script>document.forms[0].submit()</script>`;
    // For a browser the application's address is another site than localhost.
    const evil = `${stage.application.origin}/evil`;
    await tab.unroute(evil);
    await tab.route(evil, (route) => route.fulfill({ contentType: 'text/html', body }));
    await tab.goto(evil, { waitUntil: 'commit' });
    await tab.waitForURL(`${stage.instance.origin}/u/**`);
  }

  let asked: URL | undefined;
  /** The address to which the application sends a browser; parameters of another site's form are made up anyway. */
  async function findAuthorizeUrl(tab: Tab): Promise<URL> {
    if (asked !== undefined) return asked;
    const response = await tab.request.get(stage.login(), { maxRedirects: 0 });
    asked = new URL(response.headers().location ?? '');
    return asked;
  }

  async function signIn(tab: Tab): Promise<void> {
    await tab.fill('#username', 'dana@acme.example');
    await tab.getByRole('button', { name: 'Use a password instead' }).click();
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
    await tab.waitForURL((url) => url.origin === stage.application.origin);
  }

  /**
   * The application of this stage knows the last login of a browser alone; that this server sent it a code is enough.
   */
  const cameWithCode = (tab: Tab) =>
    expect(new URL(tab.url()).searchParams.get('code') ?? new URL(tab.url()).pathname).toMatch(/^\/me$|^[\w-]{100,}$/);

  test.each([
    ['sent on as a GET', 1_400],
    ['answered as they come', 4_096],
  ])(
    '28 that are %s: every page works, and so do logins that were begun before and after',
    async (_name, many) => {
      const { context, tab: first } = await stage.open();
      await first.goto(stage.login());
      const second = await context.newPage();
      await second.goto(stage.login());
      const evil = await context.newPage();
      for (let form = 0; form < 28; form++) {
        await postFrom(evil, { state: random(many), nonce: random(many) });
        expect(await cookieBytes(context)).toBeLessThan(4_096);
      }
      expect(await evil.locator('#username').count()).toBe(1);
      await evil.reload();
      expect(await evil.locator('#username').count()).toBe(1);
      for (const tab of [first, second]) {
        await signIn(tab);
        cameWithCode(tab);
      }
      const health = await second.goto(`${stage.instance.origin}/health/live`);
      expect(health?.status()).toBe(200);
      await second.goto(stage.login({ prompt: 'login' }));
      await signIn(second);
      expect(await claimsOf(second, stage.application)).toMatchObject({ email: 'dana@acme.example' });
    },
    240_000,
  );
});
