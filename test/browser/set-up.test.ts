/**
 * The whole set-up in Chromium, from the link to a pilot group, with an identity provider that others wrote (oidc-provider) and a name server: every
 * page at both widths in both schemes, once with the mouse and once with the keyboard alone.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callScim } from '../scim/support.js';
import { launchChromium, noChromium, takePicture } from '../support/chromium.js';
import { type ForeignIdp, startForeignIdp } from '../support/foreign-idp.js';
import type { Json } from '../support/instance.js';
import { measurePage } from '../support/measure-page.js';
import { useStage } from '../support/stage.js';
import { startTextNameServer, type TextNameServer, txt } from '../support/text-name-server.js';

/** Pictures to look at: every page at both widths in both schemes. */
const SHOTS = fileURLToPath(new URL('../../artifacts/set-up/', import.meta.url));
const DOMAIN = 'foreign.example';
/** More presses of Tab than any page has places. */
const MOST_PLACES = 40;

/** Runs in the page: what somebody who does not see it would miss. */
function listUnnamed(): readonly string[] {
  const fields = Array.from(document.querySelectorAll<HTMLInputElement>('input:not([type=hidden]), textarea, select'));
  const ids = Array.from(document.querySelectorAll('[id]'), ({ id }) => id);
  return [
    ...fields.filter(({ labels }) => labels?.length !== 1).map(({ name }) => `field ${name} has no label`),
    ...Array.from(document.querySelectorAll('button, a'))
      .filter((one) => !one.textContent?.trim())
      .map(() => 'a nameless way'),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id ${id} twice`),
    ...(document.querySelectorAll('h1').length === 1 && document.querySelector('main') ? [] : ['no single heading']),
    ...(document.documentElement.lang === '' ? ['no language'] : []),
  ];
}

/** The way in which a person uses a page. */
interface Hand {
  type(field: string, text: string): Promise<void>;
  press(selector: string): Promise<void>;
}

const mouse = (tab: Tab): Hand => ({
  type: (field, text) => tab.fill(`[name="${field}"]`, text),
  press: (selector) => tab.locator(selector).first().click(),
});

function keyboard(tab: Tab): Hand {
  /** Goes to the place with Tab alone; a group of choices is one place. */
  const reach = async (selector: string) => {
    await tab.waitForSelector(selector);
    const here = () => tab.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);
    for (let presses = 0; presses < MOST_PLACES && !(await here()); presses += 1) await tab.keyboard.press('Tab');
    expect(await here(), `${selector} on ${tab.url()}`).toBe(true);
  };
  return {
    async type(field, text) {
      await reach(`[name="${field}"]`);
      await tab.keyboard.press('Control+A');
      await tab.keyboard.type(text);
    },
    async press(selector) {
      const isChoice = await tab
        .locator(selector)
        .first()
        .evaluate((one) => one.matches('[type=radio]'));
      if (!isChoice) {
        await reach(selector);
        const isBox = await tab
          .locator(selector)
          .first()
          .evaluate((one) => one.matches('[type=checkbox]'));
        return tab.keyboard.press(isBox ? 'Space' : 'Enter');
      }
      const name = (await tab.locator(selector).first().getAttribute('name')) ?? '';
      await reach(`[name="${name}"]`);
      for (let presses = 0; presses < MOST_PLACES && !(await tab.locator(selector).isChecked()); presses += 1)
        await tab.keyboard.press('ArrowDown');
      expect(await tab.locator(selector).isChecked(), selector).toBe(true);
    },
  };
}

describe.skipIf(noChromium())('the set-up in Chromium', async () => {
  const names: TextNameServer = await startTextNameServer();
  const stage = useStage({ environment: { VESTIBULE_DNS_SERVERS: names.address } });
  const api = <T = Json>(...args: Parameters<typeof stage.instance.api>) => stage.instance.api<T>(...args);
  let idp: ForeignIdp;
  let browser: Browser;

  beforeAll(async () => {
    [idp, browser] = await Promise.all([
      startForeignIdp(`${stage.instance.origin}/login/callback`, undefined),
      launchChromium(),
    ]);
    await api('POST', '/roles', { name: 'approver' });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await idp?.stop();
    await names.stop();
  });

  async function newTicket(name: string): Promise<{ organizationId: string; ticket: string }> {
    const { id } = await api('POST', '/organizations', { name, display_name: 'Foreign Affairs Incorporated' });
    const profile = await api('POST', '/self-service-profiles', { name });
    const { ticket } = await api('POST', `/self-service-profiles/${profile.id}/sso-ticket`, {
      connection_config: { name, display_name: 'Foreign' },
      enabled_organizations: [{ organization_id: id }],
      domain_aliases_config: { domain_verification: 'required', pending_domains: [`${name}.${DOMAIN}`] },
      provisioning_config: { assignable_roles: ['editor', 'approver'] },
    });
    return { organizationId: id as string, ticket: ticket as string };
  }

  /** Signs in on the provider's own pages, as far as they go. */
  async function signIn(tab: Tab, hand: Hand, login: string): Promise<void> {
    while (new URL(tab.url()).origin === idp.issuer) {
      const before = tab.url();
      if (await tab.locator('[name=login]').count()) {
        await hand.type('login', login);
        await hand.type('password', 'any');
      }
      await hand.press('[type=submit]');
      await tab.waitForURL((url) => url.href !== before);
    }
  }

  /** The directory of the company sends a person and two groups. */
  async function sendGroups(name: string, token: string): Promise<void> {
    const { connections } = await api<{ connections: Json[] }>('GET', `/connections?name=${name}&take=5`);
    const send = (path: string, body: object) =>
      callScim(stage.instance.origin, connections[0]?.id as string, token, 'POST', path, body);
    for (const displayName of ['Editors', 'Finance, approvals and everything that has to do with them (Europe)'])
      expect((await send('/Groups', { displayName })).status).toBe(201);
  }

  async function proveDomain(organizationId: string): Promise<void> {
    const { domains } = await api<{ domains: Json[] }>('GET', `/organizations/${organizationId}/discovery-domains`);
    names.answer((asked) => ({ records: [txt(asked, String(domains[0]?.verification_txt))] }));
  }

  /** From the link to the pilot group; `look` sees every page. */
  async function walk(name: string, tab: Tab, hand: Hand, look: (page: string) => Promise<void>): Promise<void> {
    const { organizationId, ticket } = await newTicket(name);
    const person = `ann@${name}.${DOMAIN}`;
    await tab.goto(ticket);
    await look('1-provider');
    await hand.press('[name=provider][value=oidc]');
    await hand.press('form .button');
    await tab.waitForURL('**/connection');
    await look('2-connection');
    await hand.type('discovery_url', `${idp.issuer}/elsewhere`);
    await hand.type('client_id', idp.clientId);
    await hand.type('client_secret', idp.clientSecret);
    await hand.press('form .button');
    await tab.waitForSelector('[aria-invalid=true]');
    await look('2-connection-wrong');
    await hand.type('discovery_url', idp.issuer);
    await hand.type('client_secret', idp.clientSecret);
    await hand.press('form .button');
    await tab.waitForURL('**/domains');
    await look('3-domains');
    await hand.press('[value=add]');
    await tab.waitForSelector('[value^="check:"]');
    await look('3-domains-record');
    await proveDomain(organizationId);
    await hand.press('[value^="check:"]');
    await tab.waitForSelector('.state.proved');
    await look('3-domains-proved');
    await hand.press('a.button');
    await tab.waitForURL('**/try');
    await look('4-try');
    await hand.press('[value=start]');
    await tab.waitForURL((url) => url.origin === idp.issuer);
    await signIn(tab, hand, `ann.${name}`);
    await tab.waitForSelector('.facts');
    await look('4-try-worked');
    await hand.press('a.button');
    await tab.waitForURL('**/people');
    await look('5-people');
    await hand.press('[value=token]');
    await tab.waitForSelector('.rows');
    await look('5-people-token');
    await sendGroups(name, (await tab.locator('code').nth(1).textContent()) ?? '');
    await tab.goto(tab.url());
    await look('5-people-groups');
    await hand.press('.group [type=checkbox]');
    await hand.press('[value=roles]');
    await tab.waitForSelector('.group :checked');
    await look('5-people-roles');
    await hand.press('a.button');
    await tab.waitForURL('**/switch');
    await look('6-switch');
    await hand.type('pilot', person);
    await hand.press('form .button');
    await tab.waitForSelector('.note[role=status]');
    await look('6-switch-pilot');
    expect(await tab.textContent('.note[role=status]')).toContain('Switched on for the pilot group.');
  }

  test('every page fits and reads well at 1280 and 390 pixels, light and dark, and names its fields', async () => {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(20_000);
    const complaints: string[] = [];
    tab.on('console', (message) => {
      // The provider's pages are not ours; that a form was answered with 400 the browser says itself.
      const isOurs = message.location().url.startsWith(stage.instance.origin);
      if (isOurs && message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
    });
    tab.on('pageerror', (error) => complaints.push(error.message));
    await walk('mouse', tab, mouse(tab), async (page) => {
      expect(await tab.evaluate(listUnnamed), page).toEqual([]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme });
        for (const width of [1280, 390]) {
          await tab.setViewportSize({ width, height: 844 });
          const { scrollWidth, ...wrong } = await tab.evaluate(measurePage);
          expect({ wide: scrollWidth > width, ...wrong }, `${page}, ${colorScheme}, ${width} px`).toEqual({
            wide: false,
            outside: [],
            smallTargets: [],
            smallText: [],
            faint: [],
          });
          await takePicture(tab, join(SHOTS, `${page}-${colorScheme}-${width}.png`), { fullPage: true });
        }
      }
    });
    expect(complaints).toEqual([]);
    await tab.close();
  }, 240_000);

  test('the keyboard alone goes all the way', async () => {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(20_000);
    await walk('keys', tab, keyboard(tab), async () => undefined);
    await tab.close();
  }, 240_000);
});
