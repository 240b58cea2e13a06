/** Customers manage their organization: an operator switches it on, completes it, changes and ends it, and makes the role that it needs. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import type { Json } from '../support/instance.js';
import { myOrg } from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

describe.skipIf(noChromium())('customers manage their organization, in the console', { timeout: 90_000 }, () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;
  const client = () => `/clients/${stage.cast.client.id}`;
  const audience = () => `${stage.instance.origin}/my-org/`;
  const page = () => `/applications/${stage.cast.client.id}/customers`;
  const button = (name: string) => console.tab.getByRole('button', { name, exact: true });
  const box = (name: string) => console.tab.getByRole('checkbox', { name });
  const confirm = async (name: string) => {
    await console.tab.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await console.tab.getByRole('dialog').waitFor({ state: 'detached' });
  };
  const grants = async () =>
    (await stage.instance.api<Json[]>('GET', `/client-grants?audience=${encodeURIComponent(audience())}`)).filter(
      ({ subject_type }) => subject_type === 'user',
    );
  const configuration = async () =>
    (await stage.instance.api<Json>('GET', client())).my_organization_configuration as Json | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    console = await openConsole(stage.instance, browser, { path: '/console/applications' });
  });
  afterAll(async () => {
    expect(console?.complaints).toEqual([]);
    await browser?.close();
  });

  test('off, it says what it does; one click makes the API, the grant and the configuration', async () => {
    await console.open(page(), 'Notebook');
    await console.tab.getByText('Off', { exact: true }).waitFor();
    await console.look('customers-off');
    await box('Directory sync').uncheck();
    await box('SAML').uncheck();
    await button('Switch on').click();
    await console.tab.getByText('On', { exact: true }).waitFor();
    await console.look('customers-on');
    const [grant] = await grants();
    expect(grant).toMatchObject({ client_id: stage.cast.client.id, subject_type: 'user' });
    expect(grant?.scope).toContain('create:my_org:identity_providers');
    expect(grant?.scope).toContain('read:my_org:configuration');
    expect(String(grant?.scope)).not.toContain('scim_tokens');
    expect(await configuration()).toMatchObject({
      allowed_strategies: ['oidc', 'okta', 'waad', 'google-apps'],
      connection_deletion_behavior: 'allow_if_empty',
    });
  });

  test('a role for their administrators has its permissions and the mark; with it the API answers', async () => {
    await console.open('/applications/roles', 'Applications and APIs');
    await console.look('roles-none');
    await button('Create role for customer administrators').click();
    await box('Directory sync').waitFor();
    await console.look('role-of-administrators');
    const create = console.tab.getByRole('dialog').getByRole('button', { name: 'Create role' });
    const name = console.tab.getByRole('dialog').getByRole('textbox', { name: 'Name' });
    // After a failure the next try keeps the role, and takes over what was typed since.
    await console.tab.route('**/api/v2/roles/*/permissions', (route) => route.abort());
    await name.fill('Organization admnistrator');
    await create.click();
    await console.tab.getByText('Not done: its permissions').waitFor();
    await console.tab.unroute('**/api/v2/roles/*/permissions');
    await name.fill('Organization administrator');
    await create.click();
    await console.tab.getByRole('heading', { level: 1, name: 'Organization administrator' }).waitFor();
    expect(await stage.instance.api<Json[]>('GET', '/roles?name_filter=admnistrator')).toEqual([]);
    await console.tab.getByText('create:my_org:domains').waitFor();
    await console.look('role');
    const [role] = (await stage.instance.api<Json[]>('GET', '/roles')).filter(
      ({ name }) => name === 'Organization administrator',
    );
    expect(role).toMatchObject({ assignable_by_organizations: true });
    const dana = await stage.cast.createMember('dana@acme.example');
    const roles = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(dana)}/roles`;
    await stage.instance.api('POST', roles, { roles: [role?.id] });
    const visitor = stage.visitor();
    const asked = { audience: audience(), scope: 'openid read:my_org:details update:my_org:details' };
    const { accessToken } = await visitor.redeem(await visitor.withPassword('dana@acme.example', undefined, asked));
    expect((await myOrg(stage, accessToken, 'GET', '/details')).status).toBe(200);
  });

  test('the mark of a role is taken away on its page, a permission too', async () => {
    const mark = console.tab.getByRole('switch', { name: 'Customer administrators may give this role' });
    expect(await mark.isChecked()).toBe(true);
    await mark.focus();
    await console.tab.keyboard.press('Space');
    await button('Save').click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    await button('Remove create:my_org:domains').click();
    await confirm('Remove');
    await button('Remove create:my_org:domains').waitFor({ state: 'detached' });
    const [role] = (await stage.instance.api<Json[]>('GET', '/roles')).filter(
      ({ name }) => name === 'Organization administrator',
    );
    expect(role).not.toHaveProperty('assignable_by_organizations');
    const permissions = await stage.instance.api<Json[]>('GET', `/roles/${role?.id}/permissions?per_page=100`);
    expect(permissions.map((one) => one.permission_name)).not.toContain('create:my_org:domains');
    await console.open('/applications/roles', 'Applications and APIs');
    await console.tab.getByText('Administers an organization').waitFor();
    await console.look('roles');
  });

  test('with a part missing it says which, and one click adds it', async () => {
    await stage.instance.api('PATCH', client(), { my_organization_configuration: null });
    await console.open(page(), 'Notebook');
    await console.tab.getByText('Incomplete', { exact: true }).waitFor();
    await console.tab.getByText('Missing: the choice of identity providers').waitFor();
    await console.look('customers-half');
    await box('SAML').uncheck();
    await button('Complete').click();
    await console.tab.getByText('On', { exact: true }).waitFor();
    expect(await grants()).toHaveLength(1);
    expect(await configuration()).toMatchObject({ allowed_strategies: ['oidc', 'okta', 'waad', 'google-apps'] });
  });

  test('an empty list of identity providers allows none: it is shown, and kept, as empty', async () => {
    const allow = (allowed_strategies: readonly string[]) =>
      stage.instance.api('PATCH', client(), {
        my_organization_configuration: { allowed_strategies, connection_deletion_behavior: 'allow_if_empty' },
      });
    await allow([]);
    await console.open(page(), 'Notebook');
    await console.tab.getByText('None is chosen: customers connect no new identity provider.').waitFor();
    for (const name of ['OpenID Connect', 'SAML', 'Okta']) expect(await box(name).isChecked()).toBe(false);
    await console.look('customers-no-provider');
    await box('Details').uncheck();
    await button('Save changes').click();
    await console.tab.getByText('Saved. It applies at once.').waitFor();
    expect(await configuration()).toMatchObject({ allowed_strategies: [] });
    await box('Okta').check();
    await console.tab.getByText('None is chosen').waitFor({ state: 'detached' });
    await box('Details').check();
    await button('Save changes').click();
    await console.tab.getByText('Saved. It applies at once.').waitFor();
    expect(await configuration()).toMatchObject({ allowed_strategies: ['okta'] });
    await allow(['oidc', 'okta', 'waad', 'google-apps']);
    await console.open(page(), 'Notebook');
  });

  test('a call that fails leaves the others, and the page says which', async () => {
    await console.tab.route('**/api/v2/client-grants/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    );
    await box('Domains').uncheck();
    await button('Save changes').click();
    await console.tab.getByText('Only a part was done').waitFor();
    await console.tab.getByText('Not done: the access of the application').waitFor();
    await console.look('customers-partly');
    await console.tab.unroute('**/api/v2/client-grants/*');
    await button('Save changes').click();
    await console.tab.getByText('Saved. It applies at once.').waitFor();
    await box('Details').uncheck();
    await console.tab.getByText('Saved. It applies at once.').waitFor({ state: 'detached' });
    expect(String((await grants())[0]?.scope)).not.toContain(':my_org:domains');
  });

  test('an application without organizations says that it has no effect', async () => {
    await stage.instance.api('PATCH', client(), { organization_usage: 'deny' });
    await console.open(page(), 'Notebook');
    await console.tab.getByText('People sign in to this application without an organization').waitFor();
    await stage.instance.api('PATCH', client(), { organization_usage: 'require' });
  });

  test('switched off, the access is gone at once, and the choice is kept; a viewer changes nothing', async () => {
    const { id } = await stage.instance.api('POST', '/connection-profiles', { name: 'Careful' });
    const before = await configuration();
    await stage.instance.api('PATCH', client(), {
      my_organization_configuration: { ...before, allowed_strategies: ['okta'], connection_profile_id: id },
    });
    const chosen = await configuration();
    expect(chosen).toMatchObject({ allowed_strategies: ['okta'], connection_profile_id: id });
    const visitor = stage.visitor();
    const asked = { audience: audience(), scope: 'openid read:my_org:details' };
    const { accessToken } = await visitor.redeem(await visitor.withPassword('dana@acme.example', undefined, asked));
    expect((await myOrg(stage, accessToken, 'GET', '/details')).status).toBe(200);
    await console.open(page(), 'Notebook');
    await button('Switch off').click();
    await console.look('customers-switch-off');
    await confirm('Switch off');
    await console.tab.getByText('Off', { exact: true }).waitFor();
    expect(await grants()).toEqual([]);
    expect(await configuration()).toEqual(chosen);
    expect((await myOrg(stage, accessToken, 'GET', '/details')).status).toBe(404);
    const viewer = await openConsole(stage.instance, browser, {
      ...{ email: 'vic@vestibule.example', role: 'viewer' },
      path: `/console${page()}`,
    });
    await viewer.tab.getByText('Your role can view').waitFor();
    expect(await viewer.tab.getByRole('button', { name: 'Switch on' }).count()).toBe(0);
    await viewer.close();
    await console.open(page(), 'Notebook');
    expect(await box('SAML').isChecked()).toBe(false);
    // The choice comes first: without it customers could connect what an earlier choice allowed.
    await console.tab.route('**/api/v2/clients/*', (route) => route.abort());
    await button('Switch on').click();
    await console.tab.getByText('The server did not answer').waitFor();
    expect(await grants()).toEqual([]);
    await console.tab.unroute('**/api/v2/clients/*');
    await button('Switch on').click();
    await console.tab.getByText('On', { exact: true }).waitFor();
    expect(await configuration()).toEqual(chosen);
    expect((await myOrg(stage, accessToken, 'GET', '/details')).status).toBe(200);
  });
});
