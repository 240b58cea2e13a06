/**
 * The way to a customer's first sign-in by hand of the console: a set-up link, its window against an identity provider that others wrote, over OpenID
 * Connect and over SAML. A real sign-in is tried: claims and decision are shown, and nothing of the person is written; then the operator sees what
 * was switched on.
 */
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { diffSnapshots } from '../support/database.js';
import { type ForeignIdp, startForeignIdp } from '../support/foreign-idp.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { type SamlIdp, startSamlIdp } from '../support/saml/idp.js';

/** Tables that a try may write: the limits of tries, the set-up's own state, and the log. */
const OF_A_TRY = ['attempt_counters', 'connection_setups', 'logs'];

describe.skipIf(noChromium())('try it, from the console', () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let olga: ConsoleTab;
  let foreign: ForeignIdp;
  let saml: SamlIdp;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    foreign = await startForeignIdp(`${instance.origin}/login/callback`, undefined);
    saml = await startSamlIdp({ ann: { sub: 'saml-ann', email: 'ann@initech.example', name: 'Ann of Initech' } });
    olga = await openConsole(instance, browser);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([foreign?.stop(), saml?.stop(), cast?.stop()]);
    await instance?.stop();
  });

  /** The window of a new set-up link for an organization of this name. */
  async function openSetup(name: string): Promise<{ readonly tab: Tab; readonly organizationId: string }> {
    const { id } = await instance.api<Json>('POST', '/organizations', { name, display_name: name });
    await olga.open('/connections/new', 'Add connection');
    await olga.tab.getByRole('button', { name: 'Create set-up link' }).click();
    const dialog = olga.tab.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Organization' }).fill(name.slice(0, 4));
    await dialog.getByRole('option', { name }).click();
    const typedName = dialog.getByRole('textbox', { name: 'Name of the new connection' });
    // A name that is proposed while another is typed would be added to it.
    await expect.poll(() => typedName.inputValue()).toBe(`${name}-sso`);
    await typedName.fill(`${name}-own`);
    return { tab: await followLink(), organizationId: id as string };
  }

  /** From the filled dialog to the window of the set-up. */
  async function followLink(): Promise<Tab> {
    const dialog = olga.tab.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    const link = dialog.getByRole('link', { name: 'Open in a new window' });
    const [tab] = await Promise.all([olga.tab.context().waitForEvent('page'), link.click()]);
    await tab.waitForLoadState();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    return tab;
  }

  /** The settings of the provider that others wrote. */
  async function typeForeign(tab: Tab): Promise<void> {
    await tab.locator('[name=provider][value=oidc]').check();
    await next(tab);
    await tab.waitForURL('**/connection');
    await tab.fill('[name=discovery_url]', foreign.issuer);
    await tab.fill('[name=client_id]', foreign.clientId);
    await tab.fill('[name=client_secret]', foreign.clientSecret);
    await next(tab);
    await tab.waitForURL('**/domains');
    await tab.goto(`${instance.origin}/self-service/setup/try`);
  }

  async function tryForeign(tab: Tab): Promise<void> {
    await tab.locator('[value=start]').click();
    await tab.waitForURL((url) => url.origin === foreign.issuer);
    await signInAtForeign(tab, 'ann.foreign');
    await tab.locator('.facts').waitFor();
  }

  const next = (tab: Tab) => tab.locator('form .button').first().click();

  /** Signs in on the pages of the provider that others wrote, as far as they go. */
  async function signInAtForeign(tab: Tab, login: string): Promise<void> {
    while (new URL(tab.url()).origin === foreign.issuer) {
      const before = tab.url();
      if (await tab.locator('[name=login]').count()) {
        await tab.fill('[name=login]', login);
        await tab.fill('[name=password]', 'any');
      }
      await tab.locator('[type=submit]').first().click();
      await tab.waitForURL((url) => url.href !== before);
    }
  }

  async function expectNothingWritten(run: () => Promise<void>): Promise<void> {
    const before = await instance.snapshot();
    await run();
    const changed = Object.keys(diffSnapshots(before, await instance.snapshot()));
    expect(changed.filter((table) => !OF_A_TRY.includes(table))).toEqual([]);
    expect(changed).toContain('logs');
  }

  /** From a try that worked to the switch, and to what the operator sees of it. */
  async function switchOn(tab: Tab, organizationId: string, name: string): Promise<void> {
    await tab.locator('a.button').click();
    await tab.waitForURL('**/people');
    await tab.locator('a.button').click();
    await tab.waitForURL('**/switch');
    await tab.locator('[value=all]').check();
    await next(tab);
    await tab.getByText('Switched on for everybody.').waitFor();
    await tab.close();
    await olga.open(`/organizations/${organizationId}/connections`, name);
    await olga.tab
      .getByRole('main')
      .getByRole('link', { name: `${name}-own`, exact: true })
      .waitFor();
    const enabled = await instance.api<Json[]>('GET', `/organizations/${organizationId}/enabled_connections`);
    expect(enabled).toHaveLength(1);
    expect(await instance.api('GET', `/organizations/${organizationId}/members`)).toEqual([]);
  }

  test('OpenID Connect: every claim and the decision are told, nothing is written, then it is switched on', async () => {
    const { tab, organizationId } = await openSetup('foreign');
    await typeForeign(tab);
    await expectNothingWritten(() => tryForeign(tab));
    const words = await tab.getByRole('main').textContent();
    expect(words).toContain('The connection works');
    expect(words).toContain('ann.foreign@acme.example');
    expect(words).toContain('Whether you could sign in is shown here to members');
    await switchOn(tab, organizationId, 'foreign');
  }, 90_000);

  test('the claims of a try are offered to the condition in the console, at once and after a reload, and written nowhere', async () => {
    const [organization] = await instance.api<Json[]>('GET', '/organizations?starts_with=foreign');
    const [connection] = await instance.api<Json[]>('GET', '/connections?name=foreign-own');
    const connectionId = String(connection?.id);
    await olga.open(`/connections/${connectionId}`, 'foreign-own');
    await olga.tab.getByRole('button', { name: 'Create set-up link' }).click();
    await olga.tab.getByRole('combobox', { name: 'Organization' }).selectOption({ label: 'foreign' });
    const tab = await followLink();
    await tab.goto(`${instance.origin}/self-service/setup/provider`);
    await typeForeign(tab);
    await olga.open(`/organizations/${organization?.id}/connections/${connectionId}`, 'foreign');
    await olga.tab.getByRole('switch', { name: 'Auto-membership' }).check();
    const condition = olga.tab.getByRole('textbox', { name: 'Condition' });
    await condition.fill(`email_domain == "acme.example" && claims.sub == "ann.foreign"`);
    const last = olga.tab.getByRole('region', { name: 'Last test sign-in: ann.foreign@acme.example' });
    await olga.tab.getByText('No member has signed in with this connection yet.').waitFor();
    expect(await last.count()).toBe(0);
    await expectNothingWritten(() => tryForeign(tab));
    await last.getByText('Met').waitFor();
    await condition.fill(`email_domain == "globex.example"`);
    await last.getByText('Not met').waitFor();
    await olga.look('condition-last-try');
    await olga.open(`/organizations/${organization?.id}/connections/${connectionId}`, 'foreign');
    await olga.tab.getByRole('switch', { name: 'Auto-membership' }).check();
    await condition.fill('email.endsWith("@acme.example")');
    await last.getByText('Met').waitFor();
    await last.getByRole('button', { name: 'Edit a copy of these claims' }).click();
    const typed = olga.tab.getByRole('textbox', { name: 'Test with these claims' });
    expect(JSON.parse(await typed.inputValue())).toMatchObject({
      sub: 'ann.foreign',
      email: 'ann.foreign@acme.example',
    });
    await tab.close();
  }, 90_000);

  test('SAML: the same', async () => {
    const { tab, organizationId } = await openSetup('initech');
    await tab.locator('[name=provider][value=samlp]').check();
    await next(tab);
    await tab.waitForURL('**/connection');
    await tab.fill('[name=metadataUrl]', saml.metadataUrl);
    await next(tab);
    await tab.waitForURL('**/domains');
    await tab.goto(`${instance.origin}/self-service/setup/try`);
    await expectNothingWritten(async () => {
      await tab.locator('[value=start]').click();
      await tab.waitForURL((url) => url.origin === new URL(saml.ssoUrl).origin);
      await tab.locator('[name=login]').fill('ann');
      // Its form for the person, and its form with the answer.
      for (const form of ['sign-in', 'answer']) {
        if (form === 'answer') await tab.waitForSelector('[name=SAMLResponse]', { state: 'attached' });
        await tab.getByRole('button', { name: 'Go on' }).click();
      }
      await tab.locator('.facts').waitFor();
    });
    const words = await tab.getByRole('main').textContent();
    expect(words).toContain('The connection works');
    expect(words).toContain('ann@initech.example');
    expect(words).toContain('saml-ann');
    expect(words).toContain('Whether you could sign in is shown here to members');
    await switchOn(tab, organizationId, 'initech');
  }, 90_000);

  test('each try stands in the log with its trace, for the operator to read', async () => {
    const lines = await instance.api<Json[]>('GET', '/logs?q=type:ss_sso_success');
    expect(lines).toHaveLength(3);
    await olga.open(`/log/${encodeURIComponent(String(lines[0]?.log_id))}`, /./);
    await olga.look('log-of-a-try');
    expect(olga.complaints).toEqual([]);
  });
});
