/** The role of an operator, from the first instant of a page on: nothing is offered that they may not do, however slowly their rights are read. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';

/** Page, heading, and a deed there that a viewer may not do. */
const PAGES = [
  ['/organizations', 'Organizations', 'Create an organization'],
  ['/applications', 'Applications and APIs', 'Add an application'],
  ['/actions', 'Actions', 'Write an Action'],
] as const;

declare global {
  /** Every text of a button that was on the page, if only for an instant. */
  var offered: Set<string>;
}

/** Notes every button from the start of each page on. */
const noteButtons = () => {
  globalThis.offered = new Set();
  const look = () => {
    for (const button of Array.from(document.querySelectorAll('button, a[href]')))
      globalThis.offered.add(button.textContent ?? '');
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
};

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let vera: ConsoleTab;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    vera = await openConsole(instance, browser, { email: 'vera@vestibule.example', role: 'viewer' });
    await vera.tab.addInitScript(noteButtons);
    await vera.tab.route('**/api/v2/roles/*/permissions*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
  });

  test.each(PAGES)(
    'a viewer is not offered the deed of %s while the rights are on their way',
    async (path, heading, deed) => {
      await vera.open(path, heading);
      await vera.tab.waitForLoadState('networkidle');
      const offered = await vera.tab.evaluate(() => [...globalThis.offered]);
      expect(offered).toContain('People');
      expect(offered).not.toContain(deed);
    },
  );

  test('an owner is offered them', async () => {
    const olga = await openConsole(instance, browser);
    for (const [path, heading, deed] of PAGES) {
      await olga.open(path, heading);
      await olga.tab.getByRole('button', { name: deed }).first().waitFor();
    }
    await olga.close();
  });

  test('where the server does not answer, the console says so and shows no page', async () => {
    await vera.tab.route('**/api/v2/roles/*/permissions*', (route) => route.abort());
    await vera.tab.goto(`${instance.origin}/console/organizations`);
    await vera.tab.getByRole('heading', { level: 1, name: 'The server did not answer' }).waitFor();
    expect(await vera.tab.getByRole('navigation').count()).toBe(0);
  });
});
