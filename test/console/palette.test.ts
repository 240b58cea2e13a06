/**
 * The command palette in Chromium, by the keyboard alone: it opens by `/` and Ctrl-K, finds things of each kind, and offers nothing that the
 * operator's roles refuse, neither a page nor an action.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGES } from '../../src/console/finder/places.js';
import { type Cast, createCast, type Place } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';
import type { ConsoleTab } from '../support/console.js';
import { useConsole } from '../support/console-stage.js';
import { shareFor } from '../support/share.js';

describe.skipIf(noChromium())('the palette', () => {
  const stage = useConsole('/organizations');
  let cast: Cast;
  let globex: Place;
  let dana: string;
  beforeAll(async () => {
    cast = await createCast(stage.instance);
    globex = await cast.createPlace('globex', cast.people, { domain: 'globex.example' });
    dana = await cast.createMember('dana@acme.example');
  }, 60_000);
  afterAll(async () => cast?.stop());

  const fieldOf = ({ tab }: ConsoleTab) => tab.getByRole('combobox', { name: 'Search or jump to' });
  const optionsOf = ({ tab }: ConsoleTab) => tab.getByRole('listbox', { name: 'Results' }).getByRole('option');

  async function open(console: ConsoleTab, text: string): Promise<void> {
    await console.tab.keyboard.press('Control+k');
    await fieldOf(console).fill(text);
  }

  /** The texts of the options, once the search has ended. */
  async function offered(console: ConsoleTab): Promise<readonly string[]> {
    await console.tab
      .getByRole('dialog')
      .getByRole('status')
      .filter({ hasText: /result/ })
      .waitFor();
    return optionsOf(console).allTextContents();
  }

  test('opens by the keys, outside of fields, and gives the focus back', async () => {
    const { olga } = stage;
    const { tab } = olga;
    await olga.open('/organizations', 'Organizations');
    const button = tab.getByRole('button', { name: 'Search or jump to' });
    const hasFocus = () => button.evaluate((element) => element === document.activeElement);
    await button.focus();
    await tab.keyboard.press('/');
    await fieldOf(olga).waitFor();
    expect(await fieldOf(olga).inputValue()).toBe('');
    expect(await fieldOf(olga).evaluate((field) => field === document.activeElement)).toBe(true);
    await olga.look('palette');
    await tab.keyboard.press('Escape');
    await fieldOf(olga).waitFor({ state: 'detached' });
    // The first time is the one that counts: the dialog is new then.
    await expect.poll(hasFocus).toBe(true);
    await tab.getByRole('textbox', { name: 'Find an organization' }).focus();
    await tab.keyboard.type('a/b');
    expect(await tab.getByRole('textbox', { name: 'Find an organization' }).inputValue()).toBe('a/b');
    await tab.keyboard.press('Control+Shift+k');
    expect(await fieldOf(olga).count()).toBe(0);
    await tab.keyboard.press('Control+k');
    await fieldOf(olga).waitFor();
    await tab.keyboard.press('Control+k');
    await fieldOf(olga).waitFor({ state: 'detached' });
    await button.click();
    await fieldOf(olga).waitFor();
    await tab.keyboard.press('Escape');
    await fieldOf(olga).waitFor({ state: 'detached' });
  });

  test('Enter opens nothing that was found for an earlier text, while the new search runs', async () => {
    const { olga } = stage;
    await olga.open('/organizations', 'Organizations');
    await open(olga, 'Globex');
    await optionsOf(olga).filter({ hasText: 'Globexglobex' }).waitFor();
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await olga.tab.route('**/api/v2/**', async (route) => {
      await held;
      await route.continue();
    });
    await fieldOf(olga).fill('nobody@nowhere.example');
    await olga.tab.keyboard.press('Enter');
    await olga.tab.waitForURL((url) => url.searchParams.get('q') === 'nobody@nowhere.example');
    go();
    await olga.tab.unroute('**/api/v2/**');
  });

  test('finds an organization, a person, an application and a connection, and opens each by Enter', async () => {
    const { olga } = stage;
    const things = [
      ['Globex', /Globexglobex/, `/organizations/${globex.id}`],
      ['dana@', /^dana@/, `/people/${dana}`],
      ['Noteb', /^Notebook/, `/applications/${cast.client.id}`],
      ['globex sign', /^globex sign-in/, `/connections/${globex.connectionId}`],
    ] as const;
    for (const [text, option, path] of things) {
      await open(olga, text);
      await optionsOf(olga).filter({ hasText: option }).first().waitFor();
      const all = await offered(olga);
      const index = all.findIndex((one) => option.test(one));
      for (let step = 0; step < index; step++) await olga.tab.keyboard.press('ArrowDown');
      const active = await fieldOf(olga).getAttribute('aria-activedescendant');
      expect(await olga.tab.locator(`[id="${active}"]`).textContent()).toMatch(option);
      if (text === 'Globex') await olga.look('palette-found');
      await olga.tab.keyboard.press('Enter');
      await expect
        .poll(() => decodeURIComponent(new URL(olga.tab.url()).pathname), { timeout: 10_000 })
        .toBe(`/console${path}`);
    }
  });

  test('the reference of a refusal opens the log; a text that nothing fits is searched among people', async () => {
    const { olga } = stage;
    await open(olga, 'v-ab23-cd45');
    await olga.tab.keyboard.press('Enter');
    await olga.tab.waitForURL('**/console/log?reference=V-AB23-CD45');
    await open(olga, 'nobody@nowhere.example');
    await olga.tab.keyboard.press('Enter');
    await olga.tab.waitForURL((url) => url.searchParams.get('q') === 'nobody@nowhere.example');
  });

  test('an action opens its dialog, once, also where its page is open already', async () => {
    const { olga } = stage;
    for (const [text, title] of [
      ['create organization', 'Create organization'],
      ['create organization', 'Create organization'],
      ['add api', 'Add API'],
      ['create module', 'Create module'],
    ] as const) {
      await open(olga, text);
      await olga.tab.keyboard.press('Enter');
      const dialog = olga.tab.getByRole('dialog', { name: title });
      await dialog.waitFor();
      // A key of the palette does not put it above a dialog with a form.
      await olga.tab.keyboard.press('Control+k');
      expect(await fieldOf(olga).count()).toBe(0);
      await olga.tab.reload();
      await olga.tab.getByRole('heading', { level: 1 }).waitFor();
      expect(await dialog.count()).toBe(0);
    }
  });

  test('on the page of an organization, its actions are offered', async () => {
    const { olga } = stage;
    await olga.open(`/organizations/${cast.acme.id}/connections`, 'Acme');
    await open(olga, 'invite people');
    await olga.tab.keyboard.press('Enter');
    await olga.tab.waitForURL(`**/organizations/${cast.acme.id}/invitations/new`);
  });

  test.each(['viewer', 'support'] as const)(
    'every page that is offered to the role %s opens without a refusal',
    async (role) => {
      const console = await stage.as(role, '/people');
      const refused: string[] = [];
      console.tab.on('response', (answer) => {
        if (answer.status() === 403) refused.push(`${console.tab.url()}: ${answer.url()}`);
      });
      await open(console, '');
      const names = await offered(console);
      const pages = PAGES.filter(({ name }) => names.includes(name));
      expect(pages.length).toBeGreaterThanOrEqual(PAGES.length - 1);
      for (const verb of [
        'Create organization',
        'Add connection',
        'Create person',
        'Add application',
        'Invite operator',
      ])
        expect(names).not.toContain(verb);
      for (const { to } of shareFor(role, pages)) {
        await console.tab.goto(`${stage.instance.origin}/console${to}`);
        await console.tab.getByRole('heading', { level: 1 }).waitFor();
        await console.tab.waitForLoadState('networkidle');
      }
      expect(refused).toEqual([]);
      await console.close();
    },
    90_000,
  );

  test('a role that reads people alone is offered people alone, and nothing else is asked for', async () => {
    const auditor = await stage.as('viewer', '/people');
    await auditor.tab.route('**/api/v2/roles/*/permissions*', (route) =>
      route.fulfill({
        json: { permissions: [{ permission_name: 'read:users' }], total: 1, start: 0, limit: 100 },
      }),
    );
    await auditor.open('/people', 'People');
    const asked = new Set<string>();
    auditor.tab.on('request', (request) => asked.add(new URL(request.url()).pathname));
    await open(auditor, '');
    const names = await offered(auditor);
    expect(PAGES.filter(({ name }) => names.includes(name)).map(({ name }) => name)).toEqual([
      'Today',
      'People',
      'API reference',
    ]);
    await fieldOf(auditor).fill('globex');
    await auditor.tab.waitForResponse(/\/api\/v2\/users\?/);
    expect(await offered(auditor)).toContain('Search people for “globex”');
    expect([...asked].filter((one) => /api\/v2\/(organizations|clients|connections)$/.test(one))).toEqual([]);
    await fieldOf(auditor).fill('con_abc');
    expect(await offered(auditor)).not.toContain('Open con_abc');
    await auditor.close();
  });
});
