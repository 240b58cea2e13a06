/** The console's pages about modules of Actions, used as an operator uses them; effects are looked up in the API and in a login. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';

const LOGIN = [{ id: 'post-login', version: 'v3' }];
const LONG = '料金プランを調べる Überprüfung-der-Tarife מחירון 0123456789';
const BINDINGS = '/actions/triggers/post-login/bindings';
const ONE = "exports.of = () => 'one of the plans';\n";
const TWO = "exports.of = () => 'another of the plans';\n";
const CLAIM = 'https://shop.example/plan';

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let cast: Cast;
  let console: ConsoleTab;

  const button = (name: string) => console.tab.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => console.tab.getByRole('dialog').getByRole('button', { name, exact: true });
  const link = (name: string) => console.tab.getByRole('link', { name, exact: true });
  const heading = (name: string) => console.tab.getByRole('heading', { level: 1, name }).waitFor();
  const typeCode = async (code: string) => {
    await console.tab.getByRole('textbox', { name: 'Code of the module' }).click();
    await console.tab.keyboard.press('ControlOrMeta+a');
    await console.tab.keyboard.insertText(code);
  };
  const saved = async () => {
    await button('Save').click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
  };
  const find = async (name: string): Promise<Json & { id: string }> => {
    const { modules } = await instance.api<{ modules: (Json & { id: string })[] }>('GET', '/actions/modules');
    const found = modules.find((module) => module.name === name);
    if (found === undefined) throw new Error(`no module ${name}`);
    return found;
  };
  const findAction = async (name: string) => {
    const { actions } = await instance.api<{ actions: (Json & { id: string; modules: Json[] })[] }>(
      'GET',
      `/actions/actions?actionName=${encodeURIComponent(name)}`,
    );
    const [found] = actions;
    if (found === undefined) throw new Error(`no action ${name}`);
    return found;
  };
  const publish = async () => {
    await button('Publish module').click();
    await console.tab.getByRole('dialog').getByText('No sign-in is affected').waitFor();
    await inDialog('Publish module').click();
    await console.tab.getByRole('dialog').waitFor({ state: 'hidden' });
  };
  const planOf = async () => {
    const visitor = new Visitor(cast);
    const { claims } = await visitor.redeem(
      await visitor.throughSso('dana', 'dana@acme.example', { organization: cast.acme.id }),
    );
    return claims[CLAIM];
  };

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    cast = await createCast(instance);
    await instance.api('POST', '/actions/modules', { name: LONG, code: ONE });
    const code = `const plans = require('actions:plans');\nexports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim('${CLAIM}', plans.of());\n};\n`;
    await instance.api('POST', '/actions/actions', { name: 'Tell the plan', supported_triggers: LOGIN, code });
    await cast.createMember('dana@acme.example');
    console = await openConsole(instance, browser, { path: '/console/actions' });
  });
  afterAll(async () => {
    expect(console?.complaints).toEqual([]);
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  test('a module is written, its mistakes are told in their places, and it is saved', async () => {
    await link('Modules').click();
    await console.tab.getByText('Draft, never published').waitFor();
    await button('Create module').click();
    await console.tab.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('plans');
    await console.look('modules-new');
    await inDialog('Create module').click();
    await heading('plans');
    await typeCode("require('actions:other');\nconst = 1;");
    await console.tab.getByRole('button', { name: 'Error, line 2' }).waitFor();
    await typeCode("require('actions:other');");
    await console.tab.getByText('A module cannot require another module').first().waitFor();
    await console.look('module-mistake');
    await typeCode(ONE);
    await console.tab.getByText('No problems found in this code.').waitFor();
    await saved();
    expect(await find('plans')).toMatchObject({ code: ONE, all_changes_published: false });
  });

  test('two secrets are written one after the other, and neither loses its value', async () => {
    for (const name of ['BILLING_KEY', 'OTHER_KEY']) {
      await button('Add secret').click();
      await console.tab.getByRole('dialog').getByText('actions.secrets.NAME').waitFor();
      await console.tab.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(name);
      await console.tab.getByLabel('Value').fill(`s3cret-of-${name}`);
      await inDialog('Save secret').click();
      await console.tab.getByRole('region', { name: 'Secrets' }).getByText(name).waitFor();
    }
    expect((await find('plans')).secrets).toMatchObject([{ name: 'BILLING_KEY' }, { name: 'OTHER_KEY' }]);
    expect(await console.tab.content()).not.toContain('s3cret-of');
  });

  test('published, it can be chosen for an Action, which loads that version once it is deployed', async () => {
    await publish();
    await console.tab.getByText('Newest version: 1').waitFor();
    await console.look('module');
    const action = await findAction('Tell the plan');
    await console.open(`/actions/${action.id}`, 'Tell the plan');
    const part = console.tab.getByRole('region', { name: 'Modules' });
    await part.getByRole('combobox', { name: 'Add a module' }).click();
    const choices = console.tab.getByRole('option');
    await choices.getByText('plans').waitFor();
    expect(await choices.count(), 'a module that was never published is no choice').toBe(1);
    await console.tab.getByText('The module plans is not among the modules').first().waitFor();
    await choices.getByText('plans').click();
    await console.tab.getByText('No problems found in this code.').waitFor();
    await saved();
    expect((await findAction('Tell the plan')).modules).toMatchObject([
      { module_name: 'plans', module_version_number: 1 },
    ]);
    await console.look('action-modules');
    await button('Deploy Action').click();
    await inDialog('Deploy Action').click();
    await console.tab.getByRole('dialog').waitFor({ state: 'hidden' });
    await instance.api('PATCH', BINDINGS, { bindings: [{ ref: { type: 'action_name', value: 'Tell the plan' } }] });
    expect(await planOf()).toBe('one of the plans');
  });

  test('the next version changes no login, and says which Actions keep the one before', async () => {
    const { id } = await find('plans');
    await console.open(`/actions/modules/${id}`, 'plans');
    await typeCode(TWO);
    await saved();
    await button('Publish module').click();
    await console.tab
      .getByRole('dialog')
      .getByText(/one Action uses this module. It keeps its version/)
      .waitFor();
    await console.look('module-publish');
    await inDialog('Publish module').click();
    await console.tab.getByText('Newest version: 2').waitFor();
    expect(await planOf()).toBe('one of the plans');
    await link('Used by').click();
    const row = console.tab.getByRole('row', { name: /Tell the plan/ });
    await row.getByText('the newest is 2').waitFor();
    await console.look('module-uses');
    await link('Modules').click();
    await console.tab.getByRole('row', { name: /plans/ }).getByText('1 Action').waitFor();
    await console.look('modules');
  });

  test('a version is compared with the draft and taken back into it; no login changes', async () => {
    const { id } = await find('plans');
    await console.open(`/actions/modules/${id}/versions`, 'plans');
    await link('Compare version 1 with the draft').click();
    await console.tab.getByText('Changes from version 1 to the draft').waitFor();
    await console.look('module-versions');
    const row = console.tab.getByRole('row', { name: /^1 / });
    await row.getByRole('button', { name: 'Restore to draft' }).click();
    await console.look('module-roll-back');
    await inDialog('Restore to draft').click();
    await console.tab.getByText('Draft has unpublished changes').waitFor();
    await console.tab.getByText('The code is identical.').waitFor();
    expect(await find('plans')).toMatchObject({ code: ONE, latest_version_number: 2 });
  });

  test('an Action changes to another version and is deployed: then its logins run it', async () => {
    const action = await findAction('Tell the plan');
    await console.open(`/actions/${action.id}`, 'Tell the plan');
    const part = console.tab.getByRole('region', { name: 'Modules' });
    await part.getByText('A newer version exists: 2.').waitFor();
    await part.getByRole('combobox', { name: 'Version of plans' }).click();
    await console.tab.getByRole('option', { name: 'version 2' }).click();
    await saved();
    await button('Deploy Action').click();
    await inDialog('Deploy Action').click();
    await console.tab.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await planOf()).toBe('another of the plans');
    await link('Versions').click();
    await console.tab
      .getByRole('row', { name: /currently deployed/ })
      .getByText('plans@2')
      .waitFor();
  });

  test('a module in use is not deleted, and told why; taken out of the Action, it is', async () => {
    const { id } = await find('plans');
    await console.open(`/actions/modules/${id}`, 'plans');
    await button('Delete module').click();
    await console.tab.getByRole('dialog').getByText('one deployed Action uses it').waitFor();
    await inDialog('Delete module').click();
    const refusal = console.tab.getByRole('dialog').getByRole('alert');
    await refusal.getByText('An Action uses this module. Remove it from that Action first, then delete it.').waitFor();
    await refusal.getByText('Something else prevents this').waitFor();
    await console.look('module-delete-refused');
    const action = await findAction('Tell the plan');
    await instance.api('PATCH', BINDINGS, { bindings: [] });
    await console.open(`/actions/${action.id}`, 'Tell the plan');
    await button('Remove plans').click();
    await saved();
    expect((await findAction('Tell the plan')).modules).toEqual([]);
    await instance.api('PATCH', `/actions/actions/${action.id}`, {
      code: 'exports.onExecutePostLogin = async () => {};',
      deploy: true,
    });
    await console.open(`/actions/modules/${id}`, 'plans');
    await button('Delete module').click();
    await inDialog('Delete module').click();
    await console.tab.getByRole('row', { name: new RegExp(LONG.slice(0, 6)) }).waitFor();
    await expect(find('plans')).rejects.toThrow('no module plans');
  });

  test.each(['viewer', 'support'] as const)('as %s: everything is there to read, no deed is offered', async (role) => {
    const { id } = await find(LONG);
    const action = await findAction('Tell the plan');
    const vera = await openConsole(instance, browser, { email: `${role}@vestibule.example`, role });
    await vera.open('/actions/modules', 'Actions');
    await vera.tab.getByRole('link', { name: LONG }).click();
    await vera.tab.getByRole('textbox', { name: 'Code of the module' }).waitFor();
    const deeds = [
      'Create module',
      'Save',
      'Publish module',
      'Delete module',
      'Delete Action',
      'Add secret',
      'Deploy Action',
      'Remove',
    ];
    const offered = async () => {
      await vera.tab.waitForLoadState('networkidle');
      const names = await vera.tab.getByRole('button').allTextContents();
      return names.filter((name) => deeds.includes(name));
    };
    expect(await offered()).toEqual([]);
    await vera.look(`module-${role}`);
    await vera.open(`/actions/modules/${id}/versions`, LONG);
    expect(await offered()).toEqual([]);
    await vera.open(`/actions/${action.id}`, 'Tell the plan');
    await vera.tab.getByRole('region', { name: 'Modules' }).waitFor();
    expect(await offered()).toEqual([]);
    await vera.open('/actions/order', 'Actions');
    expect(await offered()).toEqual([]);
    expect(vera.complaints).toEqual([]);
    await vera.close();
  });
});
