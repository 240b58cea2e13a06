/** The console's pages about organizations, by hand of an operator: the list, members and seats. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';

const LONG = 'Société Générale des Établissements Typographiques du Sud-Ouest';
const RTL = 'شركة النور للتجارة';

describe.skipIf(noChromium())('organizations in the console', () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let console: ConsoleTab;
  let nora: string;
  const people = async (id: string) =>
    (await instance.api<{ people: Json[] }>('GET', `/organizations/${id}/people?take=100`)).people;

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    nora = await cast.createMember('nora@acme.example');
    await cast.createMember('olga@gmail.example');
    await cast.createUser('free@acme.example');
    await instance.api('POST', '/organizations', { name: 'long', display_name: LONG });
    await instance.api('POST', '/organizations', { name: 'rtl', display_name: RTL });
    await instance.api('POST', '/roles', { name: 'admin' });
    console = await openConsole(instance, browser, { path: '/console/organizations' });
  });
  afterAll(async () => {
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  const main = () => console.tab.getByRole('main');

  test('an organization is found by the beginning of its name, its short name or its id, and a name that nobody has is told', async () => {
    await console.tab.getByRole('link', { name: LONG }).waitFor();
    await console.look('organizations');
    await console.tab.getByRole('textbox', { name: 'Find an organization' }).fill('ac');
    await console.tab.getByRole('button', { name: 'Find' }).click();
    await console.tab.waitForURL('**/organizations?find=ac');
    await console.tab.getByRole('link', { name: LONG }).waitFor({ state: 'detached' });
    await main().getByRole('link', { name: 'Acme' }).waitFor();
    await console.tab.goto(`${instance.origin}/console/organizations?find=nobody`);
    await console.tab.getByText('No organization has a name that begins with nobody.').waitFor();
  });

  test('one is created; a name that is taken is told at its field, and nothing typed is lost', async () => {
    await console.open('/organizations', 'Organizations');
    await console.tab.getByRole('button', { name: 'Create organization' }).click();
    await console.tab.getByLabel('Display name').fill('Initech Ltd.');
    const name = console.tab.getByRole('textbox', { name: 'Name', exact: true });
    expect(await name.inputValue()).toBe('initech-ltd');
    // A typed name stays, also if it is the proposed one.
    await name.fill('initech');
    await name.fill('initech-ltd');
    await console.tab.getByLabel('Display name').fill('Initech');
    expect(await name.inputValue()).toBe('initech-ltd');
    await console.tab.getByLabel('Display name').fill('Initech Ltd.');
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('Initech Ltd!');
    await console.tab.getByText('The name begins and ends with a letter or digit').waitFor();
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('acme');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Create organization' }).click();
    await console.tab.getByText('Another organization already has this name.').first().waitFor();
    await console.look('organization-new');
    expect(await console.tab.getByLabel('Display name').inputValue()).toBe('Initech Ltd.');
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('initech');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Create organization' }).click();
    await console.tab.getByRole('heading', { level: 1, name: 'Initech Ltd.' }).waitFor();
    await console.tab.getByText('Initech Ltd. has no members yet.').waitFor();
    await console.look('organization-empty');
    // Before there is a way in, an invitation would end in a refusal.
    await console.tab.getByRole('main').getByRole('link', { name: 'Invite people' }).first().click();
    await console.tab.getByText('so people you invite now would be refused').waitFor();
    await console.look('invite-without-connection');
    expect(await instance.api('GET', '/organizations/name/initech')).toMatchObject({ display_name: 'Initech Ltd.' });
  });

  test('a person with an account is added, one without is led to an invitation', async () => {
    await console.open(`/organizations/${cast.acme.id}`, 'Acme');
    await console.tab.getByText('2 members: 2 can use a password').waitFor();
    await console.look('organization-members');
    const search = await main().getByRole('textbox', { name: 'Find a member' }).boundingBox();
    const table = await main().getByRole('table').boundingBox();
    expect((table?.y ?? 0) - (search?.y ?? 0), 'no gap between the search and its list').toBeLessThan(100);
    await console.tab.getByRole('button', { name: 'Add member' }).click();
    await console.tab.getByRole('textbox', { name: 'Email address', exact: true }).fill('nobody@acme.example');
    await console.tab.getByRole('button', { name: 'Find account' }).click();
    await console.tab.getByText('No account has this address yet.').waitFor();
    await console.tab.getByRole('textbox', { name: 'Email address', exact: true }).fill('free@acme.example');
    await console.tab.getByRole('button', { name: 'Find account' }).click();
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Add member' }).click();
    await console.tab.getByText('3 members: 3 can use a password').waitFor();
    expect((await people(cast.acme.id)).map(({ email }) => email)).toContain('free@acme.example');
  });

  test('a seat: roles are given and taken, break-glass is switched, the server says whether they could sign in', async () => {
    await console.open(`/organizations/${cast.acme.id}?find=NORA@`, 'Acme');
    await main().getByRole('link', { name: 'nora@acme.example' }).first().waitFor();
    await console.tab.getByRole('link', { name: 'olga@gmail.example' }).waitFor({ state: 'detached' });
    await main().getByRole('link', { name: 'nora@acme.example' }).first().click();
    await console.tab.getByRole('heading', { level: 2, name: 'nora@acme.example' }).waitFor();
    await console.tab.getByRole('combobox', { name: 'New role' }).click();
    await console.tab.getByRole('option', { name: 'editor' }).click();
    await console.tab.getByRole('button', { name: 'Assign role' }).click();
    await console.tab.getByRole('button', { name: 'Remove role editor' }).waitFor();
    await console.tab.getByRole('button', { name: 'Allow break-glass' }).click();
    await console.tab.getByText('can sign in with their password even while').waitFor();
    await console.look('member-break-glass');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Allow break-glass' }).click();
    await console.tab.getByRole('button', { name: 'Remove break-glass' }).waitFor();
    await console.tab.getByRole('button', { name: 'Check access' }).click();
    await console.tab.getByText('they could sign in').waitFor();
    await console.look('member');
    const [seat] = (await people(cast.acme.id)).filter(({ user_id: id }) => id === nora);
    expect(seat?.member).toMatchObject({ break_glass: true, roles: [{ name: 'editor' }] });
    await console.tab.getByRole('button', { name: 'Remove role editor' }).click();
    await console.tab.getByText('No roles.').waitFor();
  });

  test('a removal tells its effects first, and then leads back to the members', async () => {
    await console.open(`/organizations/${cast.acme.id}/members/${encodeURIComponent(nora)}`, 'Acme');
    await console.tab.getByRole('button', { name: 'Remove member' }).click();
    await console.tab.getByText('They have no active session').waitFor();
    await console.look('member-remove');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Remove member' }).click();
    await console.tab.getByText('2 members:').waitFor();
    expect((await people(cast.acme.id)).map(({ user_id: id }) => id)).not.toContain(nora);
  });

  test('a viewer sees the members and is offered no deed', async () => {
    const viewer = await openConsole(instance, browser, {
      email: 'vera@vestibule.example',
      role: 'viewer',
      path: `/console/organizations/${cast.acme.id}`,
    });
    await viewer.tab.getByText('2 members:').waitFor();
    await viewer.tab.getByRole('button', { name: 'Add member' }).waitFor({ state: 'detached' });
    await viewer.tab.getByRole('link', { name: 'Invite people' }).waitFor({ state: 'detached' });
    await viewer.close();
  });

  test('the browser complained about nothing', () => {
    expect(console.complaints).toEqual([]);
  });
});
