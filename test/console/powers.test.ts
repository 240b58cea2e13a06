/** The role of an operator, from the first instant of a page on: nothing is offered that they may not do, however slowly their rights are read. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { findOperators } from '../support/operators.js';

/** Page, heading, and an action there that a viewer may not do. */
const PAGES = [
  ['/organizations', 'Organizations', 'Create organization'],
  ['/applications', 'Applications and APIs', 'Add application'],
  ['/actions', 'Actions', 'Create Action'],
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

/** Takes the role of a viewer away again: the person stays a member, with a role of the tenant's own, which permits nothing here. */
async function giveOwnRole(instance: Instance, email: string): Promise<void> {
  const { organizationId, roleIds } = await findOperators(instance);
  const role = await instance.api<Json>('POST', '/roles', { name: 'Auditors' });
  const [person] = await instance.api<Json[]>('GET', `/users-by-email?email=${encodeURIComponent(email)}`);
  const path = `/organizations/${organizationId}/members/${encodeURIComponent(String(person?.user_id))}/roles`;
  await instance.api('POST', path, { roles: [role.id] });
  await instance.api('DELETE', path, { roles: [roleIds.viewer] });
}

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

  test('somebody whose roles may not read roles is offered nothing, and is told why', async () => {
    const email = 'cleo@vestibule.example';
    const cleo = await openConsole(instance, browser, { email, role: 'viewer' });
    await giveOwnRole(instance, email);
    for (const [path, heading, deed] of PAGES) {
      await cleo.open(path, heading);
      await cleo.tab.getByText('Couldn’t read your permissions').waitFor();
      await cleo.tab.waitForLoadState('networkidle');
      expect(await cleo.tab.getByRole('button', { name: deed }).count(), heading).toBe(0);
    }
    await cleo.tab
      .getByText('Ask an owner of this server for one of the operator roles')
      .filter({ visible: true })
      .waitFor();
    await cleo.look('powers-unknown');
    expect(cleo.complaints).toEqual([]);
    await cleo.close();
  });

  test('where the server does not answer, the console says so and shows no page', async () => {
    await vera.tab.route('**/api/v2/roles/*/permissions*', (route) => route.abort());
    await vera.tab.goto(`${instance.origin}/console/organizations`);
    await vera.tab.getByRole('heading', { level: 1, name: 'The server did not answer' }).waitFor();
    expect(await vera.tab.getByRole('navigation').count()).toBe(0);
  });
});
