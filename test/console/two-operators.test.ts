/** Two operators who change the same thing at once: the later one is told, compares, and loses nothing that they typed. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';
import { THEME } from '../support/themes.js';

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let otto: ConsoleTab;
  let id: string;
  let change: { readonly path: string; readonly body: object } | undefined;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    otto = await openConsole(instance, browser, { email: 'otto@vestibule.example' });
    id = String((await instance.api('POST', '/organizations', { name: 'acme', display_name: 'Acme' })).id);
    await otto.tab.route('**/api/v2/**', async (route) => {
      const theirs = /PATCH|PUT/.test(route.request().method()) ? change : undefined;
      if (theirs !== undefined) {
        change = undefined;
        await instance.api('PATCH', theirs.path, theirs.body);
      }
      await route.continue();
    });
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
  });

  const find = () => instance.api('GET', `/organizations/${id}`);
  /** Somebody else writes this after the page has looked, and before its write arrives; once. */
  const whileItIsOnItsWay = (body: object, path = `/organizations/${id}`) => {
    change = { path, body };
  };
  const field = (name: string) => otto.tab.getByRole('textbox', { name, exact: true });
  const press = (name: string) => otto.tab.getByRole('button', { name, exact: true }).first().click();

  test('the same field, between the look and the write: it is compared, and nothing is overwritten', async () => {
    await otto.open(`/organizations/${id}/settings`, 'Acme');
    await field('Display name').fill('Acme of Otto');
    await whileItIsOnItsWay({ display_name: 'Acme of Olga' });
    await press('Save');
    await otto.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await otto.tab.getByRole('cell', { name: 'Acme of Olga' }).waitFor();
    expect(await find()).toMatchObject({ display_name: 'Acme of Olga' });
    expect(await field('Display name').inputValue()).toBe('Acme of Otto');
    await otto.look('two-operators');
  });

  test('and again, while the two were compared: a third version is not overwritten either', async () => {
    await whileItIsOnItsWay({ display_name: 'Acme of Olivia' });
    await press('Overwrite with my values');
    await otto.tab.getByRole('cell', { name: 'Acme of Olivia' }).waitFor();
    expect(await find()).toMatchObject({ display_name: 'Acme of Olivia' });
    await press('Overwrite with my values');
    await otto.tab.getByText('Saved', { exact: true }).waitFor();
    expect(await find()).toMatchObject({ display_name: 'Acme of Otto' });
  });

  test('another field: both are kept, and nobody is asked', async () => {
    await field('Display name').fill('Acme Ltd');
    await whileItIsOnItsWay({ name: 'acme-ltd' });
    await press('Save');
    await otto.tab.getByText('Saved', { exact: true }).waitFor();
    expect(await find()).toMatchObject({ display_name: 'Acme Ltd', name: 'acme-ltd' });
    expect(otto.complaints).toEqual([]);
  });

  test('a form without typed changes shows what was read last', async () => {
    await instance.api('PUT', '/guardian/factors/otp', { enabled: true });
    await otto.open(`/organizations/${id}/settings`, 'Acme Ltd');
    await expect.poll(() => field('Display name').inputValue()).toBe('Acme Ltd');
    await instance.api('PATCH', `/organizations/${id}`, { display_name: 'Acme of Olga' });
    // Saving one form reads the object again for all forms of the page.
    const factors = otto.tab.locator('form').filter({ hasText: 'Who must have a second factor' });
    await factors.getByRole('radio', { name: /^Members whose company/ }).click();
    await factors.getByRole('button', { name: 'Save', exact: true }).click();
    await factors.getByText('Saved', { exact: true }).waitFor();
    await expect.poll(() => field('Display name').inputValue()).toBe('Acme of Olga');
    expect(otto.complaints).toEqual([]);
  });

  /** The later one is told, and theirs is still there; then both agree. */
  const expectComparison = async (theirs: string) => {
    await press('Save');
    await otto.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await otto.tab.getByText(theirs).first().waitFor();
    await press('Keep current values');
    await otto.tab.getByText('Somebody else changed this meanwhile').waitFor({ state: 'hidden' });
  };

  test('the mail server', async () => {
    const path = '/emails/provider';
    await instance.api('POST', path, { name: 'smtp', credentials: { smtp_host: 'mail.example' } });
    await otto.open('/settings/mail', 'Settings');
    await field('Sender').fill('otto@notebook.example');
    await whileItIsOnItsWay({ default_from_address: 'olga@notebook.example' }, path);
    await expectComparison('olga@notebook.example');
    expect(await instance.api('GET', `${path}?fields=default_from_address`)).toMatchObject({
      default_from_address: 'olga@notebook.example',
    });
  });

  test('the mail server is not removed unseen either', async () => {
    await otto.open('/settings/mail', 'Settings');
    await otto.tab.getByRole('button', { name: 'Remove mail server' }).waitFor();
    await instance.api('PATCH', '/emails/provider', { enabled: false });
    await press('Remove mail server');
    await otto.tab.getByRole('dialog').getByRole('button', { name: 'Remove mail server' }).click();
    await otto.tab.getByRole('dialog').getByText('Somebody else changed this').waitFor();
    expect(await instance.api('GET', '/emails/provider')).toMatchObject({ enabled: false });
  });

  test('the lines of a log stream', async () => {
    const sink = { httpEndpoint: 'https://watch.example/in' };
    const stream = await instance.api('POST', '/log-streams', { name: 'Watch', type: 'http', sink });
    await otto.open('/settings/streams', 'Settings');
    await press('Choose categories of Watch');
    await otto.tab.getByRole('dialog').getByRole('combobox').click();
    await otto.tab.getByRole('option', { name: 'Actions' }).click();
    await otto.tab.keyboard.press('Escape');
    const theirs = [{ type: 'category', name: 'auth.login.fail' }];
    await whileItIsOnItsWay({ filters: theirs }, `/log-streams/${stream.id}`);
    await otto.tab.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await otto.tab.getByText('Current: Refused sign-ins. Yours: Actions.').waitFor();
    expect((await instance.api('GET', `/log-streams/${stream.id}`)).filters).toEqual(theirs);
  });

  test('the theme', async () => {
    const { themeId } = await instance.api('POST', '/branding/themes', THEME);
    const path = `/branding/themes/${themeId}`;
    await otto.open('/settings/theme', 'Settings');
    await field('Card').fill('#123456');
    await otto.tab.keyboard.press('Escape');
    await whileItIsOnItsWay({ ...THEME, colors: { ...THEME.colors, widget_background: '#654321' } }, path);
    await expectComparison('#654321');
    expect(await instance.api('GET', path)).toMatchObject({ colors: { widget_background: '#654321' } });
  });

  test.each([
    ['account', 'brute-force-protection', 'Trusted networks'],
    ['IP address', 'suspicious-ip-throttling', 'Exempt networks'],
  ])('the limit per %s', async (_title, name, label) => {
    const path = `/attack-protection/${name}`;
    await otto.open('/settings/limits', 'Settings');
    const form = otto.tab.locator('form').filter({ hasText: label });
    await form.locator('label', { hasText: label }).locator('xpath=..').locator('input').first().fill('10.1.0.0/16');
    await otto.tab.keyboard.press('Enter');
    await whileItIsOnItsWay({ allowlist: ['10.2.0.0/16'] }, path);
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await form.getByText('Somebody else changed this meanwhile').waitFor();
    expect(await instance.api('GET', path)).toMatchObject({ allowlist: ['10.2.0.0/16'] });
    expect(otto.complaints).toEqual([]);
  });
});
