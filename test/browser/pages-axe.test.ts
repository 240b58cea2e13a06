/**
 * The pages of sign-in, second factors, passkeys and the account on a phone, with script: axe in both schemes, the
 * keyboard in both directions, and the width in every language.
 */
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contrastRatio, type HexColor } from '../../src/domain/look/color.js';
import { LANGUAGES, type Language } from '../../src/domain/look/languages.js';
import { WORDS } from '../../src/http/pages/words/words.js';
import { findWithAxe } from '../support/axe.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { LOGO_HOST, PAGE_SAMPLES } from '../support/page-samples.js';
import { type PageServer, servePages } from '../support/page-server.js';
import { shareOf } from '../support/share.js';

const WIDTH = 390;
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"></svg>';
const KINDS = /^(identifier|password|factor|enroll-ticket|account|account-address|account-password|stop-factor)$/;
const SAMPLES = PAGE_SAMPLES.filter(({ page }) => KINDS.test(page.page));
const PAGES = new Map(SAMPLES.map(({ name, page }) => [name, page]));
const SHARE = shareOf(SAMPLES);

/**
 * Runs in the page: numbers everything that a person can use, whether Tab reaches it or not, and puts a stop before and
 * after the page. A browser has its own buttons there, which a test cannot see.
 */
function numberStops(): readonly string[] {
  const usable = 'a, button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])';
  const stops = Array.from(document.querySelectorAll<HTMLElement>(usable)).filter((one) => one.checkVisibility());
  for (const [at, element] of stops.entries())
    element.dataset.stop = `${at}: ${element.tagName} ${element.id || (element.textContent ?? '').slice(0, 40)}`;
  for (const place of ['before', 'after'] as const) {
    const stop = document.createElement('button');
    stop.dataset.stop = place;
    stop.style.cssText = 'position: fixed; top: 0; opacity: 0; pointer-events: none';
    document.body[place === 'before' ? 'prepend' : 'append'](stop);
  }
  return stops.map((element) => element.dataset.stop ?? '');
}

/** Runs in the page: gives the focus to the stop before or after the page. */
function leavePage(stop: string): void {
  document.querySelector<HTMLElement>(`[data-stop=${stop}]`)?.focus();
}

/** Runs in the page: what has the focus, and how a person sees that. */
function describeFocus() {
  const focused = document.activeElement ?? document.body;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    stop: (focused instanceof HTMLElement && focused.dataset.stop) || `no stop: ${focused.outerHTML.slice(0, 80)}`,
    ring: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth),
    colors: [outlineColor, getComputedStyle(document.querySelector('main') ?? document.body).backgroundColor],
    isOnTop: top !== null && focused.contains(top),
  };
}

type Focus = ReturnType<typeof describeFocus>;

/** The color as `#rrggbb`, from the form in which browsers compute it. */
function toHex(computed = ''): HexColor {
  const [, ...channels] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(computed) ?? [];
  if (channels.length === 0) throw new Error(`a color that this test cannot read: ${computed}`);
  return `#${channels.map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** Finds reasons why a person cannot see where the focus is: WCAG 2.2, 2.4.7, 2.4.11 and 1.4.11. */
function findUnseen({ stop, ring, colors, isOnTop }: Focus): readonly string[] {
  const contrast = contrastRatio(toHex(colors[0]), toHex(colors[1]));
  return [
    ...(ring < 2 ? [`${stop}: a ring of ${ring} pixels`] : []),
    ...(contrast >= 3 ? [] : [`${stop}: a ring with a contrast of ${contrast}: ${colors.join(' on ')}`]),
    ...(isOnTop ? [] : [`${stop}: covered, or outside of the window`]),
  ];
}

/** Presses `key` from one side of the page until the focus is on the other, once more than there are stops at most. */
async function walk(tab: Tab, key: 'Tab' | 'Shift+Tab', stops: number) {
  const [start, end] = key === 'Tab' ? ['before', 'after'] : ['after', 'before'];
  const seen: string[] = [];
  const unseen: string[] = [];
  await tab.evaluate(leavePage, start);
  for (let presses = 0; presses <= stops; presses += 1) {
    await tab.keyboard.press(key);
    const focus = await tab.evaluate(describeFocus);
    seen.push(focus.stop);
    if (focus.stop === end) break;
    unseen.push(...findUnseen(focus));
  }
  return { seen, unseen };
}

/** Runs in the page: shows the line that the script shows after a passkey failed, and tells whether there is one. */
function showKeyErrors(): boolean {
  const lines = Array.from(document.querySelectorAll<HTMLElement>('[data-passkey-error]'));
  for (const line of lines) line.hidden = false;
  return lines.length > 0;
}

describe.skipIf(noChromium())('pages on a phone', () => {
  const servers = new Map<Language, PageServer>();
  let browser: Browser;
  let tab: Tab;

  beforeAll(async () => {
    browser = await launchChromium();
    for (const language of LANGUAGES)
      servers.set(language, await servePages(PAGES, 0, { language, words: WORDS[language] }));
    tab = await browser.newPage({ viewport: { width: WIDTH, height: 844 } });
    await tab.route(`${LOGO_HOST}/**`, (route) => route.fulfill({ contentType: 'image/svg+xml', body: LOGO }));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers.values()) await server.close();
  });

  const open = (name: string, language: Language) => tab.goto(`${servers.get(language)?.origin}/${name}`);

  it.each(SHARE)('$name: axe finds nothing, light and dark', async ({ name }) => {
    await open(name, 'en');
    for (const colorScheme of ['light', 'dark'] as const) {
      await tab.emulateMedia({ colorScheme });
      expect(await findWithAxe(tab), colorScheme).toEqual([]);
    }
    if (await tab.evaluate(showKeyErrors)) expect(await findWithAxe(tab), 'after a passkey failed').toEqual([]);
  });

  it.each(SHARE)('$name: Tab reaches everything in order, shows where it is, and leaves', async ({ name }) => {
    await open(name, 'en');
    // Until then the focus may still move by itself.
    if ((await tab.locator('[autofocus]').count()) > 0)
      await tab.waitForFunction(() => document.activeElement !== document.body);
    const stops = await tab.evaluate(numberStops);
    await tab.emulateMedia({ colorScheme: 'light' });
    expect(await walk(tab, 'Tab', stops.length)).toEqual({ seen: [...stops, 'after'], unseen: [] });
    await tab.emulateMedia({ colorScheme: 'dark' });
    const back = await walk(tab, 'Shift+Tab', stops.length);
    expect(back, 'backwards').toEqual({ seen: [...stops.toReversed(), 'before'], unseen: [] });
  });

  it.each(SHARE)('$name: is no wider than the phone in any language', async ({ name }) => {
    for (const language of LANGUAGES) {
      await open(name, language);
      await tab.evaluate(showKeyErrors);
      const seen = await tab.evaluate(() => [document.documentElement.lang, document.documentElement.scrollWidth]);
      expect(seen).toEqual([language, WIDTH]);
    }
  });
});
