/**
 * The documentation as it was built, in Chromium: it asks no other host for anything, can be used by everybody, its search finds things, and its pages are no
 * way to the console's token. Pictures of it are in artifacts/help.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/docs/find-documents.js';
import { findWithAxe } from '../support/axe.js';
import { launchChromium, noChromium, takePicture } from '../support/chromium.js';
import { openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';
import { shareOf } from '../support/share.js';

const SHOTS = `${ROOT}artifacts/help`;

beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'docs'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}, 400_000);

test('the pages are there, each in the list at the left once', () => {
  const html = readFileSync(`${ROOT}dist/docs/index.html`, 'utf8');
  const listed = [...html.matchAll(/class="VPLink link link" href="([^"]+)"/g)].map(([, address]) => address);
  expect(listed.length).toBeGreaterThan(30);
  expect(new Set(listed).size).toBe(listed.length);
});

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let tab: Tab;
  const asked = new Set<string>();
  const complaints: string[] = [];
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    const context = await browser.newContext({ ignoreHTTPSErrors: true, reducedMotion: 'reduce' });
    tab = await context.newPage();
    tab.setDefaultTimeout(15_000);
    tab.on('request', (request) => asked.add(new URL(request.url()).origin));
    tab.on('pageerror', (error) => complaints.push(String(error)));
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
  });

  /** Opens a page and waits until its scripts have taken it over. */
  async function open(path: string): Promise<void> {
    await tab.goto(`${instance.origin}/console/help/${path}`);
    await tab.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
  }

  async function look(path: string, colorScheme: 'light' | 'dark'): Promise<readonly string[]> {
    const found: string[] = [];
    const name = path.replaceAll('/', '-').replace('.html', '') || 'index';
    await tab.emulateMedia({ colorScheme });
    await open(path);
    for (const width of [1440, 390]) {
      await tab.setViewportSize({ width, height: 900 });
      await takePicture(tab, `${SHOTS}/${name}-${width}-${colorScheme}.png`);
      const over = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) found.push(`${width}: ${over} pixels stand out of the page`);
      for (const finding of await findWithAxe(tab, ['serious', 'critical'])) found.push(`${width}: ${finding}`);
    }
    await tab.setViewportSize({ width: 1440, height: 900 });
    return found;
  }

  const LOOKED_AT = [
    '',
    'start.html',
    'concepts/admission.html',
    'quickstarts/go.html',
    'configuration.html',
    'api/members.html',
    'ARCHITECTURE.html',
    'adr/index.html',
    'nothing.html',
  ];
  test.each(shareOf(LOOKED_AT.flatMap((path) => [[path, 'light'] as const, [path, 'dark'] as const])))(
    '"%s", %s, can be read in both widths, and axe finds nothing serious',
    async (path, colorScheme) => expect(await look(path, colorScheme)).toEqual([]),
    120_000,
  );

  test('a link leads to the next page, the way back to the one before', async () => {
    await open('');
    await tab.getByRole('link', { name: 'Who is this, and may they come in?' }).first().click();
    await tab.getByRole('heading', { level: 1, name: 'Who is this, and may they come in?' }).waitFor();
    expect(new URL(tab.url()).pathname).toBe('/console/help/linking-rule.html');
    await tab.goBack();
    await tab.getByRole('heading', { level: 1, name: /Vestibule/ }).waitFor();
  });

  test('the search finds a refusal by its code, and leads to it by the keyboard', async () => {
    await open('');
    await tab.getByRole('button', { name: 'Search' }).click();
    await tab.getByRole('searchbox').fill('admit.not_in_pilot');
    await tab.getByRole('option').filter({ hasText: 'Refusals and errors' }).first().waitFor();
    await takePicture(tab, `${SHOTS}/search.png`);
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/\/console\/help\/.+\.html#/);
  });

  test('no request went to another host, and the browser had nothing to complain about', () => {
    expect([...asked]).toEqual([instance.origin]);
    // A page that does not exist asks once whether the site was built again. A narrow window is told as a mismatch: the pages are written for wide
    // ones, and a class of the bar at the top differs. A page with an origin of its own begins in a narrow one before the test's width reaches it.
    const known = ['404', 'hashmap.json', 'Hydration completed but contains mismatches'];
    expect(complaints.filter((one) => !known.some((text) => one.includes(text)))).toEqual([]);
  });

  test('a script in a help page has nothing of the console: no origin, no cookie, no storage, no request, no silent sign-in', async () => {
    const olga = await openConsole(instance, browser);
    const help = await olga.tab.context().newPage();
    await help.goto(`${instance.origin}/console/help/`);
    const found = await help.evaluate(async () => {
      const tries = async (deed: () => unknown) => {
        try {
          return String(await deed());
        } catch {
          return 'refused';
        }
      };
      const frame = document.createElement('iframe');
      frame.src = '/authorize?prompt=none';
      document.body.append(frame);
      const opened = window.open('/console');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return {
        origin: window.origin,
        cookie: await tries(() => document.cookie),
        request: await tries(() => fetch('/api/v2/tenants/settings', { credentials: 'include' })),
        frame: await tries(() => frame.contentWindow?.document.title),
        console: await tries(() => opened?.document.title),
        code: await tries(() => new Function('return 1')()),
      };
    });
    expect(found).toEqual({
      origin: 'null',
      cookie: 'refused',
      request: 'refused',
      frame: 'refused',
      console: 'refused',
      code: 'refused',
    });
    await olga.close();
  });

  test('Help in the list of pages and beside the heading leads to the part for the place, with nothing lost', async () => {
    const olga = await openConsole(instance, browser, { email: 'oscar@vestibule.example', path: '/console/actions' });
    const places = [
      ['/actions/modules', 'Actions', '#modules-of-actions'],
      ['/settings/operators', 'Settings', '#operators'],
    ] as const;
    for (const [path, heading, hash] of places) {
      await olga.open(path, heading);
      for (const place of ['navigation', 'main'] as const) {
        const link = olga.tab.getByRole(place).getByRole('link', { name: /^Help/ });
        const [help] = await Promise.all([olga.tab.context().waitForEvent('page'), link.click()]);
        await help.locator(hash).waitFor();
        expect(new URL(help.url()).hash).toBe(hash);
        await help.close();
      }
      expect(new URL(olga.tab.url()).pathname).toBe(`/console${path}`);
    }
    await olga.look('help');
    await olga.close();
  });
});
