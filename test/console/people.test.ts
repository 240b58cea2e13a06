/** The console's pages about people, used as an operator would: found, understood, blocked, moved, created, deleted. Effects are read from the API. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Llanfair';
const RTL = 'عبد الرحمن بن محمد الأنصاري';

describe.skipIf(noChromium())('people, in Chromium', { timeout: 90_000 }, () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let console: ConsoleTab;
  let rita: string;
  const get = <T = Json>(path: string) => instance.api<T>('GET', path);
  const at = (userId: string) => `/users/${encodeURIComponent(userId)}`;
  const sessionsOf = async (userId: string) =>
    (await get<{ sessions: unknown[] }>(`${at(userId)}/sessions?take=50`)).sessions.length;

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    cast.people.rita = { sub: 'old-rita', email: 'rita@acme.example', email_verified: true, name: 'Rita' };
    rita = await cast.createMember('rita@acme.example');
    await instance.api('POST', `/organizations/${cast.acme.id}/members/${encodeURIComponent(rita)}/roles`, {
      roles: [cast.roleId],
    });
    for (const _ of [1, 2]) {
      const visitor = new Visitor(cast);
      await visitor.redeem(await visitor.throughSso('rita', 'rita@acme.example'));
    }
    for (const [email, name] of [
      ['long@acme.example', LONG],
      ['rtl@acme.example', RTL],
      ['cjk@acme.example', '司馬遷'],
    ] as const) {
      const userId = await cast.createMember(email, { verified: false });
      await instance.api('PATCH', at(userId), { name });
    }
    console = await openConsole(instance, browser, { path: '/console/people' });
  });
  afterAll(async () => {
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  const person = (userId: string, part = '') =>
    console.open(`/people/${encodeURIComponent(userId)}${part}`, /rita|Rita/);
  const dialog = () => console.tab.getByRole('dialog');

  test('somebody is found by how their name or address begins, and the search is in the address', async () => {
    await console.open('/people', 'People');
    await console.tab.getByRole('link', { name: RTL }).waitFor();
    await console.look('people');
    await console.tab.getByRole('textbox', { name: 'Find people' }).fill('wolfe');
    await console.tab.keyboard.press('Enter');
    await console.tab.getByRole('link', { name: RTL }).waitFor({ state: 'detached' });
    expect(await console.tab.getByRole('link', { name: LONG }).count()).toBe(1);
    expect(new URL(console.tab.url()).searchParams.get('q')).toBe('wolfe');
    await console.open('/people?q=nobody%20(x%20OR%20*:*)', 'People');
    await console.tab.getByText('Nobody found').waitFor();
    await console.open('/people?q=%40acme.example&show=unverified', 'People');
    await console.tab.getByRole('link', { name: LONG }).waitFor();
    expect(await console.tab.getByRole('link', { name: 'rita@acme.example' }).count()).toBe(0);
    await console.tab.goBack();
    await console.tab.getByText('Nobody found').waitFor();
  });

  test('somebody is found by a field, and a query that cannot be read says so', async () => {
    await instance.api('PATCH', at(rita), { app_metadata: { plan: 'gold' } });
    await console.open('/people', 'People');
    await console.tab.getByText('Search by a field').click();
    await console.tab.getByText('a value in the metadata', { exact: false }).waitFor();
    await console.look('people-search-help');
    await console.tab.getByRole('textbox', { name: 'Find people' }).fill('app_metadata.plan:"gold"');
    await console.tab.keyboard.press('Enter');
    await console.tab.getByRole('link', { name: RTL }).waitFor({ state: 'detached' });
    expect(await console.tab.getByRole('link', { name: 'rita@acme.example' }).count()).toBe(1);
    await console.open('/people?q=last_login%3Ayesterday', 'People');
    await console.tab.getByText('The search is not valid', { exact: false }).first().waitFor();
  });

  test('the page of a person says who vouches for what', async () => {
    await person(rita);
    await console.tab.getByText('An operator, or a program').waitFor();
    await console.tab.getByText('old-rita', { exact: false }).first().waitFor();
    await console.look('person');
  });

  test('the seats of a person, and what would happen if they came now', async () => {
    await person(rita, '/organizations');
    await console.tab.getByText('editor').waitFor();
    await console.look('person-organizations');
    await console.tab.getByRole('button', { name: 'Check access (Acme)' }).click();
    await dialog().getByText('They could sign in to Acme').waitFor();
    await console.look('person-explain');
    expect(await dialog().getByText('decisive', { exact: false }).count()).toBeGreaterThan(0);
    await console.tab.keyboard.press('Escape');
  });

  test('one session is ended, the other goes on', async () => {
    expect(await sessionsOf(rita)).toBe(2);
    await person(rita, '/sessions');
    await console.tab
      .getByRole('table', { name: 'Sessions' })
      .getByRole('button', { name: 'Revoke session' })
      .first()
      .click();
    await dialog().getByText('The browser is signed out', { exact: false }).waitFor();
    await console.look('person-sessions');
    await dialog().getByRole('button', { name: 'Revoke session' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await sessionsOf(rita)).toBe(1);
  });

  test('a block says beforehand what ends, and ends it', async () => {
    await person(rita);
    await console.tab.getByRole('button', { name: 'Block person', exact: true }).click();
    await dialog().getByText('1 session', { exact: false }).waitFor();
    await dialog().getByText('1 organization', { exact: false }).waitFor();
    await console.look('person-block');
    await dialog().getByRole('button', { name: 'Block person', exact: true }).click();
    await console.tab.getByText('This person cannot sign in to any organization').waitFor();
    expect(await get(at(rita))).toMatchObject({ blocked: true });
    expect(await sessionsOf(rita)).toBe(0);
    await console.tab.getByRole('button', { name: 'Unblock person', exact: true }).click();
    await dialog().getByRole('button', { name: 'Unblock person', exact: true }).click();
    await console.tab.getByText('This person cannot sign in to any organization').waitFor({ state: 'detached' });
    expect((await get(at(rita))).blocked ?? false).toBe(false);
  });

  test('a seat is moved once its effect was shown, and put back', async () => {
    await person(rita);
    await console.tab.getByRole('button', { name: 'Move to new identity' }).click();
    await dialog().getByText('By user ID').click();
    await dialog().getByRole('textbox', { name: 'User ID of the new identity' }).fill('new-rita');
    await dialog().getByRole('button', { name: 'Preview move' }).click();
    await dialog().getByText('Effect of the move').waitFor();
    expect(await get(`${at(rita)}/moved-identities`)).toEqual([]);
    await console.look('person-move-seat');
    await dialog().getByRole('button', { name: 'Move to new identity' }).click();
    await console.tab.getByRole('heading', { name: 'Moved identities' }).waitFor();
    expect(await get(`${at(rita)}/moved-identities`)).toMatchObject([{ subject: 'old-rita' }]);
    await console.look('person-moved');
    await console.tab.getByRole('button', { name: 'Undo move' }).click();
    await dialog().getByRole('button', { name: 'Undo move' }).click();
    await console.tab.getByRole('heading', { name: 'Moved identities' }).waitFor({ state: 'detached' });
    expect(await get(`${at(rita)}/moved-identities`)).toEqual([]);
  });

  test('the log of a person', async () => {
    await person(rita, '/log');
    await console.tab.getByRole('table', { name: 'Log of this person' }).waitFor();
    await console.look('person-log');
  });

  test('somebody is created, gets a password link, and is deleted by typing the address', async () => {
    await console.open('/people/new', 'Create person');
    await console.tab.getByRole('textbox', { name: 'Email address', exact: true }).fill('uma@acme.example');
    await console.tab.getByRole('textbox', { name: 'Name', exact: true }).fill('Uma');
    await console.look('person-new');
    await console.tab.getByRole('button', { name: 'Create person', exact: true }).click();
    await console.tab.getByRole('heading', { level: 1, name: 'Uma' }).waitFor();
    await console.tab.getByRole('button', { name: 'Create password link' }).click();
    await dialog().getByRole('button', { name: 'Create link' }).click();
    await dialog().getByText('/u/reset-password', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
    await console.tab.getByRole('button', { name: 'Delete person' }).click();
    const confirm = dialog().getByRole('button', { name: 'Delete person' });
    await dialog().getByText('no memberships', { exact: false }).waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').fill('uma@acme.example');
    await console.look('person-delete');
    await confirm.click();
    await console.tab.getByRole('heading', { level: 1, name: 'People' }).waitFor();
    expect(await get('/users-by-email?email=uma@acme.example')).toEqual([]);
  });

  test('a viewer reads, and is offered no deed', async () => {
    const viewer = await openConsole(instance, browser, {
      email: 'vera@vestibule.example',
      role: 'viewer',
      path: `/console/people/${encodeURIComponent(rita)}`,
    });
    await viewer.tab.getByText('An operator, or a program').waitFor();
    for (const name of ['Block person', 'Delete person', 'Move to new identity', 'Create password link'])
      await viewer.tab.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });
    await viewer.look('person-viewer');
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  test('the browser had nothing to complain about', () => {
    expect(console.complaints).toEqual([]);
  });
});
