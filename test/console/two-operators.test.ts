/** Two operators who change the same thing at once: the later one is told, compares, and loses nothing that they typed. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let otto: ConsoleTab;
  let id: string;
  let change: object | undefined;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    otto = await openConsole(instance, browser, { email: 'otto@vestibule.example' });
    id = String((await instance.api('POST', '/organizations', { name: 'acme', display_name: 'Acme' })).id);
    await otto.tab.route(`**/api/v2/organizations/${id}`, async (route) => {
      const theirs = route.request().method() === 'PATCH' ? change : undefined;
      if (theirs !== undefined) {
        change = undefined;
        await instance.api('PATCH', `/organizations/${id}`, theirs);
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
  const whileItIsOnItsWay = (body: object) => {
    change = body;
  };
  const field = (name: string) => otto.tab.getByRole('textbox', { name, exact: true });
  const press = (name: string) => otto.tab.getByRole('button', { name, exact: true }).click();

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
    await press('Save mine');
    await otto.tab.getByRole('cell', { name: 'Acme of Olivia' }).waitFor();
    expect(await find()).toMatchObject({ display_name: 'Acme of Olivia' });
    await press('Save mine');
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
});
