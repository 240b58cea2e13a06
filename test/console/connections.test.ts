/** The console's pages about connections, used as an operator would: made, asked, changed, handed to a customer, opened to a directory, deleted. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Place } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';

const SECRET = 'kept-secret-of-acme-0123456789';

describe.skipIf(noChromium())('connections, in Chromium', { timeout: 90_000 }, () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let console: ConsoleTab;
  let globex: Place;
  const get = <T = Json>(path: string) => instance.api<T>('GET', path);
  const optionsOf = async (id: string) => (await get(`/connections/${id}`)).options as Json;
  const dialog = () => console.tab.getByRole('dialog');
  const acme = (part = '') => console.open(`/connections/${cast.acme.connectionId}${part}`, 'acme sign-in');

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    globex = await cast.createPlace('globex', cast.people, { domain: 'globex.example' });
    await instance.api('POST', '/connections', {
      name: 'quiet',
      display_name: 'قسم الموارد البشرية في شركة طويلة الاسم جدا',
      strategy: 'oidc',
      options: { type: 'back_channel', issuer: 'https://idp.invalid/', client_id: 'c', client_secret: 's' },
    });
    console = await openConsole(instance, browser, { path: '/console/connections' });
  });
  afterAll(async () => {
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  test('the list tells who uses which connection', async () => {
    await console.open('/connections', 'Connections');
    await console.tab
      .getByRole('row', { name: /acme sign-in/ })
      .getByText('Acme', { exact: true })
      .waitFor();
    await console.look('connections');
  });

  test('a provider is connected by its own words, and slips are told as one types', async () => {
    await console.open('/connections/new', 'Add connection');
    await console.look('connection-new');
    await console.tab.getByRole('link', { name: 'Okta', exact: true }).click();
    await console.tab.getByText('In the Okta Admin Console', { exact: false }).waitFor();
    await console.tab.getByRole('textbox', { name: 'Okta domain' }).fill('acme-admin.okta.com');
    await console.tab.getByText('Remove -admin', { exact: false }).waitFor();
    await console.look('connection-new-okta');
    await console.tab.goBack();
    await console.tab.getByRole('link', { name: 'Another provider with OpenID Connect' }).click();
    const save = console.tab.getByRole('button', { name: 'Test and save' });
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('initech-oidc');
    await console.tab.getByRole('textbox', { name: 'Issuer or discovery address' }).fill('idp.initech.example');
    await console.tab.getByText('Enter a full address', { exact: false }).waitFor();
    expect(await save.isDisabled()).toBe(true);
    await console.tab.getByRole('textbox', { name: 'Issuer or discovery address' }).fill(globex.idp.issuer);
    await console.tab.getByRole('textbox', { name: 'Client ID' }).fill('console');
    await console.tab.getByLabel(/^Client secret/).fill('s3cret-of-initech');
    await save.click();
    await console.tab.getByText('The provider answered correctly').waitFor();
    await console.look('connection-made');
    const made = (await get<Json[]>('/connections?strategy=oidc&per_page=50')).find(
      ({ name }) => name === 'initech-oidc',
    );
    expect(made?.options).toMatchObject({ client_id: 'console' });
  });

  test('the names are proposed from the organization that it is made for, and can be typed over', async () => {
    await console.open(`/connections/new?provider=waad&organization=${cast.acme.id}`, 'Microsoft Entra ID');
    const name = console.tab.getByRole('textbox', { name: 'Name', exact: true });
    await expect.poll(() => name.inputValue()).toBe('acme-entra');
    expect(await console.tab.getByRole('textbox', { name: 'Display name' }).inputValue()).toBe('Acme');
    await name.fill('');
    await name.fill('acme-north');
    expect(await name.inputValue()).toBe('acme-north');
  });

  test('an address that is no provider is refused in words, and nothing typed is lost', async () => {
    await console.open('/connections/new?provider=oidc', 'Another provider with OpenID Connect');
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('wrong-oidc');
    await console.tab
      .getByRole('textbox', { name: 'Issuer or discovery address' })
      .fill(`${new URL(globex.idp.issuer).origin}/nobody`);
    await console.tab.getByRole('textbox', { name: 'Client ID' }).fill('console');
    await console.tab.getByLabel(/^Client secret/).fill('s3cret-of-initech');
    await console.tab.getByRole('button', { name: 'Test and save' }).click();
    const told = console.tab.getByText(/does not answer as these settings say|The provider did not answer/);
    await told.first().waitFor();
    await console.look('connection-refused');
  });

  test('an address with a slip: the next step is to correct it, and the page says that the secret has to be typed again', async () => {
    await console.open(`/connections/new?provider=oidc&organization=${globex.id}`, /Another provider/);
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('slip-oidc');
    const address = console.tab.getByRole('textbox', { name: 'Issuer or discovery address' });
    await address.fill('https://id.slip.invalid');
    await console.tab.getByRole('textbox', { name: 'Client ID' }).fill('console');
    const secret = console.tab.getByRole('textbox', { name: 'Client secret' });
    await secret.fill('s3cret-of-slip');
    await console.tab.getByRole('button', { name: 'Test and save' }).click();
    await console.tab.getByText('The provider did not answer').waitFor();
    await console.look('connection-slip');
    await console.tab.getByRole('link', { name: 'Correct settings' }).click();
    await console.tab.getByText('Leave this empty to keep it').waitFor();
    await address.fill(globex.idp.issuer);
    await console.tab.getByText('again. The stored one is not sent to a different address').waitFor();
    await console.tab.getByRole('button', { name: 'Save', exact: true }).click();
    await console.tab.getByText('No secret is stored any more').waitFor();
    const ask = () => console.tab.getByRole('button', { name: 'Test connection' }).click();
    await console.tab.reload();
    await ask();
    await console.tab.getByText('No client secret is stored').waitFor();
    await console.look('connection-without-secret');
    await secret.fill('s3cret-of-slip');
    await console.tab.getByRole('button', { name: 'Save', exact: true }).click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    await ask();
    await console.tab.getByText('No client secret is stored').waitFor({ state: 'hidden' });
    await console.tab.getByText('The provider answered correctly').first().waitFor();
  });

  test('settings are changed without the secret being shown or lost', async () => {
    await instance.api('PATCH', `/connections/${cast.acme.connectionId}`, {
      options: { ...(await optionsOf(cast.acme.connectionId)), client_secret: SECRET },
    });
    await acme();
    await console.tab.getByRole('button', { name: 'Test connection' }).click();
    await console.tab.getByText('The provider answered correctly').waitFor();
    await console.look('connection');
    expect(await console.tab.content()).not.toContain(SECRET);
    const domains = console.tab.getByRole('textbox', { name: 'Domains' });
    await domains.fill('acme.example\nacme.test');
    await console.tab.getByRole('button', { name: 'Save', exact: true }).click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    const options = await optionsOf(cast.acme.connectionId);
    expect(options.domain_aliases).toEqual(['acme.example', 'acme.test']);
    expect(options.client_secret).toBe(SECRET);
  });

  test('two operators who change the same field: the later one compares', async () => {
    await acme();
    const name = console.tab.getByRole('textbox', { name: 'Display name' });
    await name.fill('Acme staff');
    await instance.api('PATCH', `/connections/${cast.acme.connectionId}`, { display_name: 'Acme people' });
    await console.tab.getByRole('button', { name: 'Save', exact: true }).click();
    await console.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await console.look('connection-clash');
    await console.tab.getByRole('button', { name: 'Keep current values' }).click();
    expect((await get(`/connections/${cast.acme.connectionId}`)).display_name).toBe('Acme people');
    await instance.api('PATCH', `/connections/${cast.acme.connectionId}`, { display_name: 'acme sign-in' });
  });

  test('a set-up link is made for an organization, opens the set-up, and is ended', async () => {
    await acme('/organizations');
    await console.tab.getByRole('table').getByText('Acme').first().waitFor();
    await console.look('connection-organizations');
    await console.tab.getByRole('button', { name: 'Create set-up link' }).click();
    await dialog().getByRole('combobox', { name: 'Organization' }).selectOption({ label: 'Acme' });
    await console.look('connection-set-up-link');
    await dialog().getByRole('button', { name: 'Create link' }).click();
    const link = dialog().getByRole('link', { name: 'Open in a new window' });
    await link.waitFor();
    await console.look('connection-set-up-link-made');
    const [opened] = await Promise.all([console.tab.context().waitForEvent('page'), link.click()]);
    await opened.waitForLoadState();
    await opened.getByText('Acme', { exact: false }).first().waitFor();
    await opened.close();
    const url = String(await link.getAttribute('href'));
    await dialog().getByRole('button', { name: 'Revoke link' }).click();
    await dialog().getByText('The link was revoked.').waitFor();
    expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
    await console.tab.keyboard.press('Escape');
  });

  test('an application is enabled', async () => {
    await acme('/applications');
    const row = console.tab.getByRole('row', { name: /Notebook/ });
    await row.getByRole('button', { name: 'Enable' }).click();
    await dialog().getByRole('button', { name: 'Enable' }).click();
    await row.getByText('enabled', { exact: true }).waitFor();
    await console.look('connection-applications');
    const { clients } = await get<{ clients: Json[] }>(`/connections/${cast.acme.connectionId}/clients`);
    expect(clients).toEqual([{ client_id: cast.client.id }]);
  });

  test('a directory is let in by a token that is shown once', async () => {
    await acme('/directory');
    await console.tab.getByRole('button', { name: 'Turn on SCIM' }).click();
    await dialog().getByRole('button', { name: 'Turn on SCIM' }).click();
    await console.tab.getByRole('button', { name: 'Create token' }).click();
    await console.tab.getByText('Copy the token now').waitFor();
    await console.look('connection-directory');
    const token = String(await console.tab.getByRole('status').locator('code').textContent());
    const people = await fetch(`${instance.origin}/scim/v2/connections/${cast.acme.connectionId}/Users`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(people.status).toBe(200);
    await console.tab.getByRole('button', { name: 'I have copied the token' }).click();
    await console.tab.getByText('Copy the token now').waitFor({ state: 'detached' });
    expect(await console.tab.content()).not.toContain(token);
    await console.tab.getByRole('button', { name: 'Delete token', exact: true }).last().click();
    await dialog().getByRole('button', { name: 'Delete token' }).click();
    await console.tab.getByText('No tokens yet.').waitFor();
  });

  test('a connection that no organization uses any more signs people in without one only when an operator says so', async () => {
    const made = await instance.api('POST', '/connections', {
      name: 'left-alone',
      display_name: 'Left alone',
      strategy: 'oidc',
      options: { type: 'back_channel', issuer: 'https://idp.invalid/', client_id: 'c', client_secret: 's' },
    });
    const needs = async () => (await get(`/connections/${made.id}`)).needs_organization;
    const path = `/organizations/${cast.acme.id}/enabled_connections`;
    await instance.api('POST', path, { connection_id: made.id });
    await instance.api('DELETE', `${path}/${made.id}`);
    expect(await needs()).toBe(true);
    await console.open(`/connections/${made.id}/organizations`, 'Left alone');
    await console.tab.getByText('because an organization uses it or has used it', { exact: false }).waitFor();
    await console.tab.getByRole('button', { name: 'Allow without organization' }).click();
    await dialog().getByText('former members and', { exact: false }).waitFor();
    await console.look('connection-without-organization');
    await dialog().getByRole('textbox').fill('left-alone');
    await dialog().getByRole('button', { name: 'Allow without organization' }).click();
    await console.tab.getByRole('button', { name: 'Require organization' }).click();
    expect(await needs()).not.toBe(true);
    await dialog().getByRole('button', { name: 'Require organization' }).click();
    await console.tab.getByRole('button', { name: 'Allow without organization' }).waitFor();
    expect(await needs()).toBe(true);
  });

  test('a deletion names who loses it, and is confirmed by the name', async () => {
    await console.open(`/connections/${globex.connectionId}`, 'globex sign-in');
    await console.tab.getByRole('button', { name: 'Delete connection', exact: true }).click();
    await dialog().getByText('1 organization can no longer use it to sign in: Globex', { exact: false }).waitFor();
    await dialog().getByRole('textbox').fill(globex.connectionName);
    await console.look('connection-delete');
    await dialog().getByRole('button', { name: 'Delete connection' }).click();
    await console.tab.getByRole('heading', { level: 1, name: 'Connections' }).waitFor();
    await instance.api('GET', `/connections/${globex.connectionId}`, undefined, 404);
  });

  test('passwords kept here: the policy, for a viewer to read', async () => {
    await console.open(`/connections/${cast.databaseId}`, 'Username-Password-Authentication');
    await console.tab.getByRole('combobox', { name: 'Password policy' }).selectOption('excellent');
    await console.tab.getByRole('button', { name: 'Save', exact: true }).click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    expect((await optionsOf(cast.databaseId)).passwordPolicy).toBe('excellent');
    await console.look('connection-database');
    const viewer = await openConsole(instance, browser, {
      email: 'vera@vestibule.example',
      role: 'viewer',
      path: `/console/connections/${cast.databaseId}`,
    });
    await viewer.tab.getByRole('combobox', { name: 'Password policy' }).waitFor();
    for (const name of ['Save', 'Delete connection'])
      await viewer.tab.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });
    await viewer.look('connection-viewer');
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  test('the browser had nothing to complain about', () => {
    expect(console.complaints).toEqual([]);
  });
});
