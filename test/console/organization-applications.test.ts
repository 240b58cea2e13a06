/** An organization is limited to some applications by hand of the console: the page says who stays, and then it is so. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import type { Json } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

describe.skipIf(noChromium())('the applications of an organization, in the console', () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;
  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const read = () => stage.instance.api<Json>('GET', acme());
  const listed = async () => (await stage.instance.api<{ clients: Json[] }>('GET', `${acme()}/clients`)).clients;
  const button = (name: string) => console.tab.getByRole('button', { name, exact: true });
  const confirm = async (name: string) => {
    await console.tab.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await console.tab.getByRole('dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    browser = await launchChromium();
    await stage.cast.createMember('dana@acme.example');
    const portal = { name: 'Portal', organization_usage: 'require', callbacks: ['https://portal.example/callback'] };
    await stage.instance.api('POST', '/clients', portal);
    await stage.instance.api('POST', '/clients', { name: 'Without organizations' });
    console = await openConsole(stage.instance, browser, { path: '/console/organizations' });
  });
  afterAll(() => browser?.close());

  test('limited to nothing, it says so; an application that is added lets its members in again', async () => {
    await console.open(`${acme()}/applications`, 'Acme');
    await button('Add Portal').waitFor();
    expect(await button('Add Without organizations').count(), 'it takes no organizations').toBe(0);
    await console.look('organization-applications');
    await button('Limit sign-ins').click();
    await console.tab.getByText('until you add an application').waitFor();
    await console.look('organization-applications-limit');
    await confirm('Limit sign-ins');
    await console.tab.getByText('Sign-ins are limited').waitFor();
    expect((await read()).is_app_entitlement_active).toBe(true);
    expect(answerOf(await stage.visitor().open()).error).toBe('access_denied');

    await button('Add Notebook').click();
    await confirm('Add');
    await console.tab.getByText('for members', { exact: true }).waitFor();
    await console.look('organization-applications-limited');
    expect(await listed()).toMatchObject([{ client_id: stage.cast.client.id, use_for_member_access: true }]);
    expect((await stage.visitor().open()).status).toBe(200);
  });

  test('one that is listed and not for members is added; removed, it is in the list no more', async () => {
    const path = `${acme()}/clients/${stage.cast.client.id}`;
    await stage.instance.api('PATCH', path, { use_for_member_access: false });
    await console.open(`${acme()}/applications`, 'Acme');
    await button('Add Notebook').click();
    await confirm('Add');
    await button('Remove Notebook').click();
    await console.tab.getByText('its refresh tokens for them stop working').waitFor();
    await confirm('Remove');
    await button('Add Notebook').waitFor();
    expect(await listed()).toEqual([]);
    await button('Stop limiting').click();
    await confirm('Stop limiting');
    await button('Limit sign-ins').waitFor();
    expect((await read()).is_app_entitlement_active).toBe(false);
  });

  test('the operators’ own organization cannot be limited, there or by the API', async () => {
    const { rows } = await stage.instance.database.pool.query<{ id: string }>(
      'select organization_id as id from operators',
    );
    const path = `/organizations/${rows[0]?.id}`;
    await console.open(`${path}/applications`, 'Operators');
    await console.tab.getByText('This is the operators’ own organization').waitFor();
    expect(await button('Limit sign-ins').count()).toBe(0);
    const limited = stage.instance.api('PATCH', path, { is_app_entitlement_active: true });
    await expect(limited).rejects.toThrow(/by a client grant for the Management API/);
    expect(console.complaints).toEqual([]);
  });
});
