/** The console's pages about applications and APIs, used as an operator uses them; effects are looked up in the API and in sign-ins. */
import { generateKeyPairSync } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPermissions } from '../../src/console/pages/applications/permission-text.js';
import { toNewClient } from '../../src/console/pages/applications/settings-values.js';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { runCopied } from '../support/copied-application.js';
import { HttpBrowser } from '../support/http-browser.js';
import { findFreePort, type Instance, type Json, startInstance } from '../support/instance.js';

const LONG = '請求書アプリケーション Rechnungsanwendung für Kundinnen יישום חשבוניות';

test.each([
  ['a line of a command', 'read:users update:users', ['read:users', 'update:users'], []],
  ['lines', 'read:users\r\n  update:users\n\n', ['read:users', 'update:users'], []],
  ['commas of a table', '`read:users`, `update:users`', ['read:users', 'update:users'], []],
  ['a list in JSON', '["read:users","update:users"]', ['read:users', 'update:users'], []],
  ['unknown ones', 'read:user;read:users burn:users read:users', ['read:users'], ['read:user', 'burn:users']],
  ['nothing', ' ,\n', [], []],
])('permissions are read from %s', (_case, text, known, unknown) => {
  expect(readPermissions(text, ['read:users', 'update:users'])).toEqual({ known, unknown });
});

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let console: ConsoleTab;

  const clients = () => instance.api<(Json & { client_id: string; name: string })[]>('GET', '/clients?per_page=100');
  async function find(name: string): Promise<Json & { client_id: string }> {
    const found = (await clients()).find((client) => client.name === name);
    if (found === undefined) throw new Error(`no application ${name}`);
    return found;
  }
  const button = (name: string) => console.tab.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => console.tab.getByRole('dialog').getByRole('button', { name, exact: true });
  const part = (name: string) => console.tab.getByRole('link', { name, exact: true }).click();
  const saved = () => console.tab.getByText('Saved', { exact: true }).waitFor();

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    await instance.api('POST', '/clients', { name: LONG, app_type: 'spa', callbacks: ['https://a.example/cb'] });
    await cast.createMember('dana@acme.example');
    await new Visitor(cast).throughSso('dana', 'dana@acme.example', { organization: cast.acme.id });
    console = await openConsole(instance, browser, { path: '/console/applications' });
  });
  afterAll(async () => {
    expect(console?.complaints).toEqual([]);
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  test('the list tells kind and callbacks, and the kind is chosen first for a new one', async () => {
    await console.tab.getByRole('row', { name: /Notebook/ }).waitFor();
    await console.look('applications');
    await button('Add application').click();
    await console.look('applications-new');
    await console.tab.getByRole('radio', { name: 'Web application' }).check();
    await console.tab.getByRole('textbox', { name: 'Name' }).fill('Invoices');
    await inDialog('Add application').click();
    await console.tab.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor();
    expect(await find('Invoices')).toMatchObject({
      app_type: 'regular_web',
      organization_usage: 'require',
      organization_require_behavior: 'pre_login_prompt',
      refusals: 'page',
    });
  });

  test('addresses are checked while they are typed, and saved as they stand', async () => {
    const field = console.tab.getByRole('textbox', { name: 'Callback addresses' });
    for (const [typed, told] of [
      ['https://*.example.com/callback', 'wildcards are not supported'],
      ['http://app.example.com/callback', 'use https'],
      ['app.example.com', 'write the full address'],
      ['https://app.example.com/#here', 'remove # and everything after it'],
    ] as const) {
      await field.fill(typed);
      await console.tab.getByText(told).waitFor();
    }
    await console.look('applications-addresses');
    await field.fill('http://localhost:3000/callback\nhttps://app.example.com/callback\n');
    await console.tab.getByRole('textbox', { name: 'Web origins' }).fill('https://app.example.com');
    expect(await console.tab.locator('[aria-invalid="true"]').count()).toBe(0);
    await button('Save').click();
    await saved();
    expect(await find('Invoices')).toMatchObject({
      callbacks: ['http://localhost:3000/callback', 'https://app.example.com/callback'],
      web_origins: ['https://app.example.com'],
    });
  });

  test('organization behaviour and lifetimes are told in words and saved without the rest', async () => {
    const before = await find('Invoices');
    await console.tab.getByRole('radio', { name: 'Ask after sign-in' }).check();
    await console.tab.getByRole('textbox', { name: 'Refresh token lifetime, in seconds', exact: true }).fill('1209600');
    await console.tab.getByText('The person must sign in again after 14 days.').waitFor();
    await console.tab.getByRole('textbox', { name: 'Idle refresh token lifetime, in seconds' }).fill('86400');
    await button('Save').click();
    await saved();
    const after = await find('Invoices');
    expect(after).toMatchObject({ organization_require_behavior: 'post_login_prompt', callbacks: before.callbacks });
    expect(after.refresh_token).toMatchObject({ token_lifetime: 1_209_600, idle_token_lifetime: 86_400 });
    await console.look('applications-settings');
  });

  test('where refused people read why is chosen in words', async () => {
    await console.tab.getByRole('radio', { name: 'Go back to the application at once' }).check();
    await console.look('applications-refusals');
    await button('Save').click();
    await saved();
    expect(await find('Invoices')).not.toHaveProperty('refusals');
    await console.tab.getByRole('radio', { name: 'Read why here, then go back' }).check();
    await button('Save').click();
    await saved();
    expect(await find('Invoices')).toHaveProperty('refusals', 'page');
  });

  test('settings that promise a protection and have no effect are named with the reason, others are not', async () => {
    const { client_id: id } = await find('Invoices');
    await instance.api('PATCH', `/clients/${id}`, {
      third_party_security_mode: 'strict',
      logo_uri: 'https://app.example.com/logo.png',
    });
    await console.open(`/applications/${id}`, 'Invoices');
    const note = console.tab.getByRole('alert').filter({ hasText: 'Do not rely on these settings' });
    await note.waitFor();
    expect(await note.textContent()).toContain(
      'third_party_security_mode: Every application is treated as one of your own.',
    );
    expect(await note.textContent()).not.toContain('logo_uri');
    await console.look('applications-without-effect');
    await instance.api('PATCH', `/clients/${id}`, { third_party_security_mode: 'permissive' });
    await console.open(`/applications/${id}`, 'Invoices');
    await console.tab.getByRole('textbox', { name: 'Callback addresses' }).waitFor();
    expect(await note.count()).toBe(0);
  });

  test('back-channel logout: an address is checked, and the reasons are chosen; those of the API stay', async () => {
    const { client_id: id } = await find('Invoices');
    const chosen = { mode: 'custom', selected_initiators: ['account-deactivated'] };
    const url = 'https://invoices.example/backchannel-logout';
    await instance.api('PATCH', `/clients/${id}`, { oidc_logout: { backchannel_logout_initiators: chosen } });
    await console.open(`/applications/${id}`, 'Invoices');
    const address = console.tab.getByRole('textbox', { name: 'Back-channel logout address' });
    await address.fill('http://invoices.example/backchannel-logout');
    await console.tab.getByText('use https. With http, others on the network can read the answer.').waitFor();
    await address.fill(url);
    await console.look('applications-back-channel-logout');
    await button('Save').click();
    await saved();
    expect((await find('Invoices')).oidc_logout).toEqual({
      backchannel_logout_urls: [url],
      backchannel_logout_initiators: chosen,
    });
    await console.tab.getByRole('radio', { name: 'Whenever a session ends' }).check();
    await button('Save').click();
    await saved();
    expect((await find('Invoices')).oidc_logout).toMatchObject({
      backchannel_logout_urls: [url],
      backchannel_logout_initiators: { mode: 'all' },
    });
  });

  test('a setting that somebody else changed meanwhile is compared first', async () => {
    const { client_id: id } = await find('Invoices');
    await console.tab.getByRole('textbox', { name: 'Name' }).fill('Bills');
    await instance.api('PATCH', `/clients/${id}`, { name: 'Receipts' });
    await button('Save').click();
    await console.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await button('Overwrite with my values').click();
    await saved();
    expect((await find('Bills')).client_id).toBe(id);
  });

  test('ready code has the values of this server and no secret', async () => {
    const { client_id: id, client_secret: secret } = await find('Bills');
    await part('Ready code');
    const code = console.tab.getByRole('region', { name: 'server.mjs' });
    const text = await code.textContent();
    for (const value of [instance.origin, id, 'http://localhost:3000', '/callback']) expect(text).toContain(value);
    await console.look('applications-code');
    for (const [kit, told] of [
      ['Next.js', 'AUTH0_DOMAIN='],
      ['Any library', 'Recipes'],
      ['Python', 'authlib'],
    ] as const) {
      await console.tab.getByText(kit, { exact: true }).click();
      await console.tab.getByText(told).first().waitFor();
      expect(await console.tab.content()).not.toContain(String(secret));
      await console.look(`applications-code-${kit.toLowerCase().replace(/\W/g, '-')}`);
    }
    expect(new URL(console.tab.url()).searchParams.get('kit')).toBe('python');
  });

  test('addresses that the code needs are added with one click; those of before stay', async () => {
    const { client_id: id } = await find('Bills');
    await console.tab.getByText('These addresses are missing in the application’s settings').waitFor();
    await button('Add addresses').click();
    await expect.poll(async () => (await find('Bills')).initiate_login_uri).toBe('http://localhost:3000/login');
    expect(await find('Bills')).toMatchObject({
      client_id: id,
      callbacks: ['http://localhost:3000/callback', 'https://app.example.com/callback'],
      allowed_logout_urls: ['http://localhost:3000'],
      web_origins: ['https://app.example.com'],
    });
    await button('Add addresses').waitFor({ state: 'detached' });
    await console.open(`/applications/${id}/code?kit=react`, 'Bills');
    await console.tab.getByText('Different type of application').waitFor();
  });

  test('a machine is shown how it asks for a token, once it may', async () => {
    const { client_id } = await instance.api('POST', '/clients', toNewClient('Night job', 'non_interactive'));
    await console.open(`/applications/${client_id}/code`, 'Night job');
    await console.tab.getByText('The application has no access to an API yet').waitFor();
    const audience = 'https://night.example/';
    const scopes = [{ value: 'read:night', description: 'Read' }];
    await instance.api('POST', '/resource-servers', { name: 'Night', identifier: audience, scopes });
    await instance.api('POST', '/client-grants', { client_id, audience, scope: ['read:night'] });
    await console.open(`/applications/${client_id}/code`, 'Night job');
    await console.tab.getByRole('region', { name: 'token.mjs' }).getByText(`audience: '${audience}'`).waitFor();
    await console.look('applications-code-machine');
  });

  test('the code for express, as it stands on the page, signs somebody in', async () => {
    const port = await findFreePort();
    const application = await instance.api('POST', '/clients', {
      name: 'As copied',
      app_type: 'regular_web',
      callbacks: [`http://localhost:${port}/callback`],
      organization_usage: 'require',
    });
    await console.open(`/applications/${application.client_id}/code`, 'As copied');
    const code = await console.tab.getByRole('region', { name: 'server.mjs' }).locator('pre').textContent();
    const running = await runCopied(String(code), {
      CLIENT_SECRET: String(application.client_secret),
      COOKIE_SECRET: 'a secret of the application under test',
    });
    try {
      const visitor = new HttpBrowser('about:nowhere');
      const link = `http://localhost:${port}/login?organization=${cast.acme.id}`;
      const page = await running.firstVisit(() => visitor.visit(link));
      const idp = await visitor.submit(page, { username: 'dana@acme.example', action: 'default' });
      const me = await visitor.submit(idp, { login: 'dana' });
      expect(JSON.parse(me.text)).toMatchObject({ email: 'dana@acme.example', org_id: cast.acme.id });
    } finally {
      running.stop();
    }
  });

  test('a secret is shown on request, and rotated after its effect was told', async () => {
    const { client_id: id, client_secret: secret } = await find('Notebook');
    await console.open(`/applications/${id}/credentials`, 'Notebook');
    expect(await console.tab.content()).not.toContain(String(secret));
    await button('Show secret').click();
    await console.tab.getByText(String(secret)).waitFor();
    await button('Rotate secret').click();
    await console.tab.getByRole('dialog').getByText('It had 1 sign-in in the last seven days.').waitFor();
    await console.look('applications-rotate');
    await inDialog('Rotate secret').click();
    await expect.poll(async () => (await find('Notebook')).client_secret).not.toBe(secret);
    await button('Show secret').click();
    await console.tab.getByText(String((await find('Notebook')).client_secret)).waitFor();
    await console.look('applications-credentials');
  });

  test('a private key is not sent, a public one is added and used', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await button('Add key').click();
    await console.tab.getByRole('textbox', { name: 'Name' }).fill('Key of November');
    const pem = console.tab.getByRole('textbox', { name: 'Public key or certificate' });
    await pem.fill(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    await console.tab.getByText('This is a private key, which must stay with the application.').waitFor();
    await console.look('applications-key');
    await inDialog('Add key').click();
    const { client_id: id } = await find('Notebook');
    expect(await instance.api('GET', `/clients/${id}/credentials`)).toEqual([]);
    await pem.fill(String(publicKey.export({ type: 'spki', format: 'pem' })));
    await inDialog('Add key').click();
    await console.tab.getByText('Key of November').waitFor();
    await button('Use key').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/the secret stops working at once/)
      .waitFor();
    await inDialog('Use key').click();
    await console.tab.getByText('in use', { exact: true }).waitFor();
    expect((await find('Notebook')).client_authentication_methods).toMatchObject({ private_key_jwt: {} });
    await button('Stop using key').click();
    await inDialog('Stop using key').click();
    await button('Delete key').click();
    await inDialog('Delete key').click();
    await expect.poll(() => instance.api('GET', `/clients/${id}/credentials`)).toEqual([]);
    expect((await find('Notebook')).token_endpoint_auth_method).toBe('client_secret_post');
  });

  test('an API is added, its permissions written, its switches set', async () => {
    await console.open('/applications/apis', 'Applications and APIs');
    await console.look('apis');
    await button('Add API').click();
    await console.tab.getByRole('textbox', { name: 'Name' }).fill('Invoices API');
    await console.tab.getByRole('textbox', { name: 'Identifier' }).fill('https://invoices.example/');
    await inDialog('Add API').click();
    await console.tab.getByRole('heading', { level: 1, name: 'Invoices API' }).waitFor();
    const saves: string[] = [];
    console.tab.on('request', (request) => request.method() === 'PATCH' && saves.push(request.url()));
    for (const [at, name] of ['read:invoices', 'write:invoices'].entries()) {
      await button('Add permission').click();
      const field = console.tab.getByRole('textbox', { name: `Name of permission ${at + 1}` });
      await field.fill(name);
      await field.press('Enter');
    }
    await console.tab.getByRole('switch', { name: 'Limit permissions by role' }).check({ force: true });
    await button('Save').click();
    await saved();
    expect(saves, 'Enter in a list saves nothing').toHaveLength(1);
    const apis = await instance.api<Json[]>('GET', '/resource-servers?per_page=100');
    expect(apis.find(({ identifier }) => identifier === 'https://invoices.example/')).toMatchObject({
      enforce_policies: true,
      scopes: [{ value: 'read:invoices' }, { value: 'write:invoices' }],
    });
    await console.look('api');
  });

  test('an application is granted an API, and the grant is taken away', async () => {
    const { client_id: id } = await find('Notebook');
    await console.open(`/applications/${id}/access`, 'Notebook');
    await button('Add access').click();
    await console.tab.getByRole('combobox', { name: 'Choose' }).click();
    await console.tab.getByRole('option', { name: 'Invoices API' }).click();
    await console.tab.getByRole('combobox', { name: 'Permissions' }).click();
    await console.tab.getByRole('option', { name: 'read:invoices' }).click();
    await console.tab.keyboard.press('Escape');
    await console.look('applications-grant');
    await inDialog('Add access').click();
    await console.tab.getByRole('cell', { name: 'read:invoices' }).waitFor();
    const grants = () => instance.api<Json[]>('GET', `/client-grants?client_id=${id}`);
    expect(await grants()).toMatchObject([{ audience: 'https://invoices.example/', scope: ['read:invoices'] }]);
    await console.look('applications-access');
    await button('Remove access').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/1 permissions?/)
      .waitFor();
    await inDialog('Remove access').click();
    await expect.poll(grants).toEqual([]);
  });

  /** As the browser gives a pasted text to a field: in one piece. */
  const paste = (text: string) =>
    console.tab.getByRole('combobox', { name: 'Permissions' }).evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  const chooseApi = async (name: string) => {
    await button('Add access').click();
    await console.tab.getByRole('combobox', { name: 'Choose' }).click();
    await console.tab.getByRole('option', { name, exact: true }).click();
    await console.tab.getByText('None chosen. Tokens will contain').waitFor();
  };

  test('permissions are pasted as a command prints them, an unknown one is left out; the grant is changed in its place', async () => {
    const { client_id: id } = await find('Notebook');
    const grants = () => instance.api<Json[]>('GET', `/client-grants?client_id=${id}`);
    await console.open(`/applications/${id}/access`, 'Notebook');
    await chooseApi('Invoices API');
    await paste('"read:invoices", burn:invoices\nwrite:invoices');
    await console.tab.getByText('Left out, because the API has no such permissions: burn:invoices.').waitFor();
    await console.look('applications-grant-pasted');
    await inDialog('Add access').click();
    await console.tab.getByRole('cell', { name: 'read:invoices, write:invoices' }).waitFor();
    const [made] = await grants();
    await button('Change permissions: Invoices API').click();
    await console.tab.getByRole('combobox', { name: 'Permissions' }).press('Backspace');
    await console.tab.keyboard.press('Escape');
    await console.look('applications-grant-change');
    const sent = console.tab.waitForRequest((request) => request.method() === 'PATCH');
    await inDialog('Save').click();
    expect((await sent).headers()).toHaveProperty('if-match');
    await console.tab.getByRole('cell', { name: 'read:invoices', exact: true }).waitFor();
    expect(await grants()).toMatchObject([{ id: made?.id, scope: ['read:invoices'] }]);
  });

  test('all permissions are chosen at one click, and it is told what that means', async () => {
    const { client_id: id } = await find('Night job');
    const apis = await instance.api<(Json & { scopes: { value: string }[] })[]>(
      'GET',
      '/resource-servers?per_page=100',
    );
    const system = apis.find(({ is_system: is }) => is === true);
    await console.open(`/applications/${id}/access`, 'Night job');
    await chooseApi(String(system?.name));
    await console.tab
      .getByRole('dialog')
      .getByRole('button', { name: /^Choose all \d+$/ })
      .click();
    await console.tab.getByText('The application can do everything on this server, like an owner').waitFor();
    await console.look('applications-grant-all');
    await inDialog('Add access').click();
    await console.tab.getByText(`${system?.scopes.length} permissions`, { exact: true }).waitFor();
    const grants = await instance.api<Json[]>('GET', `/client-grants?client_id=${id}`);
    const { scope } = grants.find(({ audience }) => audience === system?.identifier) ?? {};
    expect(scope).toEqual(system?.scopes.map(({ value }) => value));
    await console.look('applications-access-machine');
  });

  test('an application that nobody signs in to has no settings for people', async () => {
    const body = { name: 'Kindless job', grant_types: ['client_credentials'] };
    const { client_id: kindless } = await instance.api('POST', '/clients', body);
    for (const [id, name] of [
      [(await find('Night job')).client_id, 'Night job'],
      [kindless, 'Kindless job'],
    ] as const) {
      await console.open(`/applications/${id}`, name);
      await console.tab.getByText('The lifetime of its tokens is set for each').waitFor();
      expect(await console.tab.getByRole('textbox', { name: /Callback|Refresh token|origins/ }).count()).toBe(0);
      expect(await console.tab.getByRole('radio').count()).toBe(0);
    }
    // One that has no kind yet may become one that people sign in to.
    expect(await console.tab.getByRole('checkbox', { name: 'People sign in' }).count()).toBe(1);
    await console.open(`/applications/${(await find('Night job')).client_id}`, 'Night job');
    await console.tab.getByRole('checkbox', { name: 'tokens for the application itself' }).waitFor();
    expect(await console.tab.getByRole('checkbox', { name: 'People sign in' }).count()).toBe(0);
    await console.look('applications-settings-machine');
  });

  test('a connection is switched on for an application', async () => {
    const { client_id: id } = await find('Bills');
    await console.open(`/applications/${id}/access`, 'Bills');
    const onOff = console.tab.getByRole('switch', { name: /Username-Password/ });
    await onOff.click({ force: true });
    const enabled = async () =>
      (await instance.api<{ clients: Json[] }>('GET', `/connections/${cast.databaseId}/clients`)).clients.map(
        ({ client_id }) => client_id,
      );
    await expect.poll(enabled).toContain(id);
    await expect.poll(() => onOff.isChecked()).toBe(true);
  });

  test('an application is deleted after its effect was told', async () => {
    const { client_id: id } = await find('Bills');
    await console.open(`/applications/${id}`, 'Bills');
    await button('Delete application').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/It had 0 sign-ins in the last seven days/)
      .waitFor();
    await console.look('applications-delete');
    await inDialog('Delete application').click();
    await console.tab.getByRole('heading', { level: 1, name: 'Applications and APIs' }).waitFor();
    expect((await clients()).map(({ client_id }) => client_id)).not.toContain(id);
  });

  test('support reads settings and sees no secret, and no deed', async () => {
    const support = await openConsole(instance, browser, { email: 'stan@vestibule.example', role: 'support' });
    const { client_id: id, client_secret: secret } = await find('Notebook');
    await support.open(`/applications/${id}/credentials`, 'Notebook');
    await support.tab.getByText('Your role cannot view secrets.').waitFor();
    await support.look('applications-support');
    await support.open(`/applications/${id}/code`, 'Notebook');
    await support.tab.getByText('Your role cannot add them').waitFor();
    expect(await support.tab.getByRole('button', { name: 'Add addresses' }).count()).toBe(0);
    expect(await support.tab.content()).not.toContain(String(secret));
    await support.open(`/applications/${id}`, 'Notebook');
    for (const name of ['Save', 'Delete application', 'Rotate secret', 'Add key'])
      await expect
        .poll(() => support.tab.getByRole('button', { name, exact: true }).count(), { message: name })
        .toBe(0);
    expect(support.complaints).toEqual([]);
    await support.close();
  });
});
