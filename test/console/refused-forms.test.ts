/**
 * Forms of the console with a value that the API refuses: the field says in plain words what is wrong, the API's own text is folded away, and what
 * was typed stays. The sentences themselves are held by test/management/console-words.test.ts.
 */
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { noChromium } from '../support/chromium.js';
import { useConsole } from '../support/console-stage.js';

describe.skipIf(noChromium())('in Chromium', { timeout: 90_000 }, () => {
  const stage = useConsole('/organizations');
  let acme: string;
  let application: string;
  beforeAll(async () => {
    const { instance } = stage;
    acme = String((await instance.api('POST', '/organizations', { name: 'acme', display_name: 'Acme' })).id);
    const client = { name: 'Notebook', app_type: 'regular_web', organization_usage: 'require' };
    application = String((await instance.api('POST', '/clients', client)).client_id);
    await instance.api('POST', '/resource-servers', { name: 'Notes', identifier: 'https://notes.example/' });
    const database = await instance.api('POST', '/connections', { name: 'passwords', strategy: 'auth0' });
    const known = { connection: 'passwords', email: 'dana@acme.example', password: 'correct horse battery staple' };
    await instance.api('POST', '/users', known);
    await instance.api('POST', `/organizations/${acme}/enabled_connections`, { connection_id: database.id });
  });

  /** Waits for the sentence at the field; expects that the API's text is not seen until the fold is opened. */
  async function expectTold(field: Locator, says: string | RegExp, raw: string | RegExp): Promise<void> {
    const { tab } = stage.olga;
    await expect.poll(() => field.getAttribute('aria-invalid'), { timeout: 10_000 }).toBe('true');
    const described = () =>
      field.evaluate((node) => {
        const ids = node.getAttribute('aria-describedby')?.split(' ') ?? [];
        return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
      });
    await expect.poll(described).toMatch(says);
    const alert = tab.getByRole('alert').filter({ hasText: 'Technical details' });
    expect(await alert.getByText(raw).isVisible(), 'the API’s text').toBe(false);
    await alert.getByText('Technical details').click();
    expect(await alert.getByText(raw).isVisible(), 'the API’s text in the fold').toBe(true);
  }

  test('an invitation to what is no address, and without a login address of the application', async () => {
    const { tab, open, look } = stage.olga;
    await open(`/organizations/${acme}/invitations/new`, 'Acme');
    const addresses = tab.getByRole('textbox', { name: 'Email addresses' });
    await addresses.fill('ada@');
    await tab.getByRole('button', { name: 'Send invitations', exact: true }).click();
    await expect.poll(() => addresses.getAttribute('aria-invalid')).toBe('true');
    await tab.getByText('This is not a plain email address.').first().waitFor();
    expect(await tab.getByText('pass validation').filter({ visible: true }).count()).toBe(0);
    await look('refused-invitation');
    await addresses.fill('ada@acme.example');
    await tab.getByRole('button', { name: 'Send invitations', exact: true }).click();
    await tab.getByText('The application has no sign-in start address').first().waitFor();
    expect(await tab.getByText('auth0.com').filter({ visible: true }).count()).toBe(0);
    await look('refused-login-address');
  });

  test('an account that is there already', async () => {
    const { tab, open, look } = stage.olga;
    await open('/people/new', 'Create person');
    const address = tab.getByRole('textbox', { name: 'Email address', exact: true });
    await address.fill('dana@acme.example');
    await tab.getByRole('button', { name: 'Create person' }).click();
    await expectTold(address, /already has an account with this address/, /The user already exists/);
    await look('refused-person');
    expect(await address.inputValue()).toBe('dana@acme.example');
  });

  test('a name with signs that are not possible, and an identifier that is taken', async () => {
    const { tab, open, look } = stage.olga;
    await open(`/applications/${application}`, 'Notebook');
    const name = tab.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('Note<book>');
    await tab.getByRole('button', { name: 'Save' }).click();
    await expectTold(name, /characters < and >/, /does not match pattern/);
    await look('refused-application');
    await tab.getByRole('button', { name: 'Discard' }).click();
    await open('/applications/apis', 'Applications and APIs');
    await tab.getByRole('button', { name: 'Add API' }).click();
    await tab.getByRole('textbox', { name: 'Name' }).fill('Again');
    const identifier = tab.getByRole('textbox', { name: 'Identifier' });
    await identifier.fill('https://notes.example/');
    await tab.getByRole('dialog').getByRole('button', { name: 'Add API' }).click();
    await expectTold(identifier, /Another API already has this identifier/, /same identifier already exists/);
    await look('refused-api');
  });

  test('settings: a sender, a contact, a network, an address of a log stream', async () => {
    const { tab, open, look } = stage.olga;
    const save = tab.getByRole('button', { name: 'Save', exact: true });
    await open('/settings/mail', 'Settings');
    await tab.getByLabel('Host').fill('smtp.company.example');
    const from = tab.getByRole('textbox', { name: 'Sender' });
    await from.fill('nobody at all');
    await save.click();
    await expectTold(from, /Write an address, or a name and an address/, /default_from_address/);
    await look('refused-mail');
    await tab.getByRole('button', { name: 'Discard' }).click();
    await open('/settings', 'Settings');
    const contact = tab.getByRole('textbox', { name: 'Support email address' });
    await contact.fill('help@@company');
    await save.click();
    await expectTold(contact, /not a plain email address/, /validation/);
    await look('refused-general');
    await tab.getByRole('button', { name: 'Discard' }).click();
  });
});
