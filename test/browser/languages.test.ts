/** Every hosted page in every language, as a narrow phone shows it: nothing sticks out, is too small or too faint. */
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/domain/look/languages.js';
import { WORDS } from '../../src/http/pages/words/words.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { measurePage } from '../support/measure-page.js';
import { PAGE_SAMPLES } from '../support/page-samples.js';
import { type PageServer, servePages } from '../support/page-server.js';
import { shareOf } from '../support/share.js';

/** The set-up pages of administrators are in English alone. */
const SAMPLES = PAGE_SAMPLES.filter(({ page }) => page.page !== 'setup');

describe.skipIf(noChromium()).each(shareOf(LANGUAGES.filter((language) => language !== 'en')))('%s', (language) => {
  let browser: Browser;
  let server: PageServer;
  let tab: Tab;

  beforeAll(async () => {
    const pages = new Map(SAMPLES.map(({ name, page }) => [name, page]));
    [browser, server] = await Promise.all([
      launchChromium(),
      servePages(pages, 0, { language, words: WORDS[language] }),
    ]);
    // Without script an automatic page stays where it is.
    tab = await browser.newPage({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each(SAMPLES)('$name', async ({ name }) => {
    await tab.goto(`${server.origin}/${name}`);
    expect(await tab.getAttribute('html', 'lang')).toBe(language);
    const { scrollWidth, ...wrong } = await tab.evaluate(measurePage);
    expect(scrollWidth).toBeLessThanOrEqual(390);
    expect(wrong).toEqual({ outside: [], smallTargets: [], smallText: [], faint: [] });
  });
});
