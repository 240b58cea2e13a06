/** The console's pages about Actions, used as an operator uses them; effects are looked up in the API and in logins. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';

const LOGIN = [{ id: 'post-login', version: 'v3' }];
const LONG = '顧客番号を確認する Überprüfung der Kundennummer קוד לקוח 0123456789';
const BINDINGS = '/actions/triggers/post-login/bindings';

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let console: ConsoleTab;

  async function deployAction(name: string, code: string): Promise<string> {
    const body = { name, supported_triggers: LOGIN, code, deploy: true };
    return String((await instance.api('POST', '/actions/actions', body)).id);
  }
  async function find(name: string): Promise<Json & { id: string; code: string; secrets: Json[] }> {
    const { actions } = await instance.api<{ actions: (Json & { id: string; code: string; secrets: Json[] })[] }>(
      'GET',
      '/actions/actions?per_page=100',
    );
    const found = actions.find((action) => action.name === name);
    if (found === undefined) throw new Error(`no action ${name}`);
    return found;
  }
  const order = async () =>
    (await instance.api<{ bindings: { action: { name: string } }[] }>('GET', BINDINGS)).bindings.map(
      ({ action }) => action.name,
    );
  const button = (name: string) => console.tab.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => console.tab.getByRole('dialog').getByRole('button', { name, exact: true });
  const typeCode = async (code: string) => {
    await console.tab.getByRole('textbox', { name: 'Code of the Action' }).click();
    await console.tab.keyboard.press('ControlOrMeta+a');
    await console.tab.keyboard.insertText(code);
  };

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    const talks = "exports.onExecutePostLogin = async (event) => { console.log('hello', event.user.email); };";
    await deployAction('Say hello', talks);
    await deployAction(LONG, 'exports.onExecutePostLogin = async () => {};');
    await instance.api('PATCH', BINDINGS, {
      bindings: ['Say hello', LONG].map((value) => ({ ref: { type: 'action_name', value } })),
    });
    await cast.createMember('dana@acme.example');
    await new Visitor(cast).throughSso('dana', 'dana@acme.example', { organization: cast.acme.id });
    console = await openConsole(instance, browser, { path: '/console/actions' });
  });
  afterAll(async () => {
    expect(console?.complaints).toEqual([]);
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  test('the list says where each runs, and how it ran lately', async () => {
    await console.tab.getByRole('heading', { level: 1, name: 'Actions' }).waitFor();
    const row = console.tab.getByRole('row', { name: /Say hello/ });
    await row.getByText('Runs: version 1').waitFor();
    await row.getByRole('link', { name: /\d+ runs?/ }).waitFor();
    await console.look('actions');
  });

  test('an Action is written, its mistakes are told in their places, and it is saved', async () => {
    await button('Create Action').click();
    await console.look('actions-new');
    await console.tab.getByLabel('Name').fill('Deny the night');
    await console.tab.getByRole('radio', { name: 'Login', exact: true }).check();
    await inDialog('Create Action').click();
    await console.tab.getByRole('heading', { level: 1, name: 'Deny the night' }).waitFor();
    await typeCode('exports.onExecutePostLogin = async (event, api) => {\n  const = 1;\n};');
    await console.tab.getByRole('button', { name: 'Error, line 2' }).waitFor();
    await console.look('actions-mistake');
    await button('Save').click();
    await console.tab.getByText(/^The draft has errors, so it cannot be deployed/).waitFor();
    expect(await button('Deploy Action').isDisabled()).toBe(true);
    expect((await find('Deny the night')).status).toBe('failed');
    await console.look('actions-failed');
    const code =
      "exports.onExecutePostLogin = async (event, api) => {\n  console.log('asked');\n  if (event.user.email === 'sam@acme.example') api.access.deny('Not at night.');\n};\n";
    await typeCode(code);
    await console.tab.getByText('No problems found in this code.').waitFor();
    await button('Save').click();
    await expect.poll(async () => (await find('Deny the night')).code).toBe(code);
    await console.tab.getByText('Saved', { exact: true }).waitFor();
  });

  test('a secret is written and never shown', async () => {
    await button('Add secret').click();
    await console.tab.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('API_KEY');
    await console.tab.getByLabel('Value').fill('s3cret-of-the-action');
    await console.look('actions-secret');
    await inDialog('Save secret').click();
    await console.tab.getByRole('region', { name: 'Secrets' }).getByText('API_KEY').waitFor();
    expect((await find('Deny the night')).secrets).toMatchObject([{ name: 'API_KEY' }]);
    expect(await console.tab.content()).not.toContain('s3cret-of-the-action');
  });

  test('names of the event and of the api are completed, also those of secrets', async () => {
    const { code } = await find('Deny the night');
    await typeCode('exports.onExecutePostLogin = async (event, api) => {\n  ');
    const options = console.tab.getByRole('listbox', { name: 'Completions' }).getByRole('option');
    for (const [typed, option, whole] of [
      ['event.org', 'organization', 'event.organization'],
      ['.disp', 'display_name', 'event.organization.display_name'],
      [' + event.secrets.', 'API_KEY', ' + event.secrets.API_KEY'],
      [';\napi.accessToken.set', 'setCustomClaim', 'api.accessToken.setCustomClaim'],
    ] as const) {
      await console.tab.keyboard.type(typed, { delay: 20 });
      await options.filter({ hasText: option }).first().waitFor();
      if (option === 'display_name') await console.look('actions-completion');
      // The library ignores Enter in the first moment of the list, in which people may mean a new line.
      await console.tab.waitForTimeout(150);
      await console.tab.keyboard.press('Enter');
      await console.tab.getByRole('textbox', { name: 'Code of the Action' }).getByText(whole).first().waitFor();
    }
    await button('Discard').click();
    expect((await find('Deny the night')).code).toBe(code);
  });

  test('the draft is tested with a past login, and nothing comes of it', async () => {
    const before = await instance.snapshot();
    await console.tab.getByRole('link', { name: 'Test', exact: true }).click();
    await console.tab.getByRole('combobox', { name: 'Past sign-in' }).click();
    await console.tab.getByRole('option', { name: /^dana/ }).first().click();
    const event = console.tab.getByRole('textbox', { name: 'Event' });
    await event.waitFor();
    expect(JSON.parse(await event.inputValue())).toMatchObject({
      user: { email: 'dana@acme.example' },
      organization: { id: cast.acme.id },
    });
    await button('Run test').click();
    await console.tab.getByText('The draft allows the sign-in').waitFor();
    await event.fill((await event.inputValue()).replaceAll('dana@', 'sam@'));
    await button('Run test').click();
    await console.tab.getByText('Not at night.').waitFor();
    await console.look('actions-test');
    expect(new URL(console.tab.url()).searchParams.get('login')).not.toBeNull();
    const after = await instance.snapshot();
    expect(after.logs).toEqual(before.logs);
  });

  test('where no past sign-in fits, a sample of the trigger is at hand', async () => {
    await button('Use a sample event').click();
    const event = console.tab.getByRole('textbox', { name: 'Event' });
    expect(JSON.parse(await event.inputValue())).toMatchObject({ user: { email: 'robin@sample.example' } });
    await button('Run test').click();
    await console.tab.getByText('The draft allows the sign-in').waitFor();
    await console.look('actions-test-sample');
    await button('Use a sample event').click();
    await event.waitFor({ state: 'detached' });
  });

  test('a deployment says in what it will stand, and the order is changed by keyboard', async () => {
    await console.tab.getByRole('link', { name: 'Draft', exact: true }).click();
    await button('Deploy Action').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/does not run yet/)
      .waitFor();
    await console.look('actions-deploy');
    await inDialog('Deploy Action').click();
    await console.tab.getByText('Deployed, but not in the order: does not run').waitFor();
    await console.tab.getByRole('link', { name: 'add it to the order' }).click();
    await console.tab.getByRole('combobox', { name: 'Add Action' }).click();
    await console.tab.getByRole('option', { name: 'Deny the night' }).click();
    await console.tab.getByRole('combobox', { name: 'Add Action' }).press('Enter');
    const up = button('Move Deny the night up');
    await up.focus();
    await console.tab.keyboard.press('Enter');
    await console.tab.getByRole('status').getByText('Deny the night is now number 2 of 3. Not saved yet.').waitFor();
    await up.press('Enter');
    await console.look('actions-order');
    expect(await order()).toEqual(['Say hello', LONG]);
    await button('Save').click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    expect(await order()).toEqual(['Deny the night', 'Say hello', LONG]);
  });

  test('the order is changed by dragging', async () => {
    const rows = console.tab.getByRole('listitem');
    await rows.filter({ hasText: 'Deny the night' }).dragTo(rows.filter({ hasText: 'Say hello' }));
    await button('Save').click();
    await expect.poll(order).toEqual(['Say hello', 'Deny the night', LONG]);
  });

  test('an order that somebody else changed meanwhile is compared first', async () => {
    await button('Move Say hello down').click();
    await instance.api('PATCH', BINDINGS, {
      bindings: [LONG, 'Say hello', 'Deny the night'].map((value) => ({ ref: { type: 'action_name', value } })),
    });
    await button('Save').click();
    await console.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await console.look('actions-order-clash');
    await button('Keep current values').click();
    expect(await order()).toEqual([LONG, 'Say hello', 'Deny the night']);
  });

  test('an execution tells what was printed, and a failing one its place', async () => {
    const { id } = await find('Say hello');
    await console.open(`/actions/${id}/executions`, 'Say hello');
    await console.tab.getByText('hello dana@acme.example').waitFor();
    await instance.api('PATCH', `/actions/actions/${id}`, {
      code: "exports.onExecutePostLogin = async (event) => { if (event.user.email === 'dana@acme.example') throw new Error('no such plan'); };",
      deploy: true,
    });
    await new Visitor(cast).throughSso('dana', 'dana@acme.example', { organization: cast.acme.id });
    await console.open(`/actions/${id}/executions`, 'Say hello');
    await console.tab
      .getByText(/no such plan/)
      .first()
      .waitFor();
    await console.look('actions-executions');
  });

  test('versions are compared with the draft, and an earlier one is deployed again', async () => {
    const { id } = await find('Say hello');
    await console.open(`/actions/${id}/versions`, 'Say hello');
    await console.tab.getByRole('link', { name: 'Compare version 1 with the draft' }).click();
    await console.tab.getByText('Changes from version 1 to the draft').waitFor();
    await console.look('actions-versions');
    await button('Deploy again').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/sign-ins? a day|all sign-ins/)
      .waitFor();
    await console.look('actions-roll-back');
    await inDialog('Deploy again').click();
    await console.tab.getByText('Runs: version 3').waitFor();
    const { deployed_version: version } = (await find('Say hello')) as unknown as { deployed_version: Json };
    expect(String(version.code)).toContain("console.log('hello'");
  });

  test('unsaved code asks before it is left, and Escape then Tab leaves the editor', async () => {
    const { id } = await find('Deny the night');
    await console.open(`/actions/${id}`, 'Deny the night');
    const editor = console.tab.getByRole('textbox', { name: 'Code of the Action' });
    await editor.click();
    await console.tab.keyboard.press('Tab');
    expect(await editor.evaluate((node) => node.contains(document.activeElement))).toBe(true);
    await console.tab.keyboard.press('Escape');
    await console.tab.keyboard.press('Tab');
    expect(await editor.evaluate((node) => node.contains(document.activeElement))).toBe(false);
    const asked: string[] = [];
    console.tab.once('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await console.tab.getByRole('link', { name: 'Versions' }).click();
    expect(asked).toEqual([expect.stringContaining('Leave without saving?')]);
    await console.look('actions-draft');
    await button('Discard').click();
  });

  test('two operators who write the same code compare it', async () => {
    const { id, code } = await find('Deny the night');
    await typeCode(`${code}// mine\n`);
    await instance.api('PATCH', `/actions/actions/${id}`, { code: `${code}// theirs\n` });
    await button('Save').click();
    await console.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await console.look('actions-draft-clash');
    await button('Overwrite with my values').click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    expect((await find('Deny the night')).code).toBe(`${code}// mine\n`);
  });

  test('a bound Action is deleted after its effect was told', async () => {
    await button('Delete Action').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/removed from the order and deleted/)
      .waitFor();
    await inDialog('Delete Action').click();
    await console.tab.getByRole('heading', { level: 1, name: 'Actions' }).waitFor();
    expect(await order()).toEqual([LONG, 'Say hello']);
  });

  test('a viewer reads the code and is offered no deed', async () => {
    const viewer = await openConsole(instance, browser, { email: 'vera@vestibule.example', role: 'viewer' });
    const { id } = await find('Say hello');
    await viewer.open(`/actions/${id}`, 'Say hello');
    await viewer.tab.getByText('no such plan').waitFor();
    await viewer.look('actions-viewer');
    for (const name of ['Save', 'Deploy Action', 'Delete Action', 'Add secret'])
      await expect.poll(() => viewer.tab.getByRole('button', { name, exact: true }).count(), { message: name }).toBe(0);
    await viewer.open(`/actions/${id}/test`, 'Say hello');
    await viewer.tab.getByText(/the permission to write Actions/).waitFor();
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});
