/** Story 13 by hand of the console: the plan and the journal of a rollout are read there, and the branding and settings of the company. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runVestibule } from '../cli/run-vestibule.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { addCompany } from '../support/company.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Json, MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage } from '../support/stage.js';

describe.skipIf(noChromium())('a company in the console', () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;
  let folder: string;
  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const file = (name: string) => join(folder, name);
  const rollout = (...args: string[]) =>
    runVestibule(['rollout', ...args], {
      VESTIBULE_URL: stage.instance.origin,
      VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
    });
  const give = (...names: string[]) => console.tab.locator('input[type="file"]').setInputFiles(names.map(file));
  const organization = () => stage.instance.api<Json>('GET', acme());

  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'rollout-'));
    const company = await addCompany(stage.instance.database.pool, stage.cast, 120);
    await writeFile(file('people.csv'), company.directory);
    console = await openConsole(stage.instance, browser, { path: '/console/organizations' });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('story 13: the plan is read person by person, then its progress, then what was taken back', async () => {
    const where = ['--organization', 'acme', '--connection', 'acme-oidc'];
    const how = ['--directory', file('people.csv'), '--out', file('plan.jsonl'), '--auto-membership', 'off'];
    await stage.instance.api('PUT', '/guardian/factors/otp', { enabled: true });
    await stage.instance.api('PATCH', acme(), { mfa: 'required' });
    expect((await rollout('plan', ...where, ...how)).code).toBe(0);
    await stage.instance.api('PATCH', acme(), { mfa: 'none' });
    const head = JSON.parse((await readFile(file('plan.jsonl'), 'utf8')).split('\n')[0] ?? '') as { prepare: number };

    await console.open(`${acme()}/rollout`, 'Acme');
    await console.tab.getByText('vestibule rollout apply rollout.jsonl --limit 5').waitFor();
    await console.tab.getByText('--organization acme --connection acme-oidc').waitFor();
    await console.look('rollout-empty');
    await give('plan.jsonl');
    await console.tab.getByText(`${head.prepare} people are to be prepared: ${head.prepare} waiting.`).waitFor();
    await console.tab.getByText('vestibule rollout apply plan.jsonl --limit 5').waitFor();
    await console.tab.getByRole('heading', { name: 'Second factor' }).waitFor();
    await console.tab.getByText('refused without one', { exact: true }).waitFor();
    await console.look('rollout-plan');

    expect((await rollout('apply', file('plan.jsonl'), '--limit', '5')).code).toBe(0);
    await give('plan.jsonl.journal');
    await console.tab.getByText(/: (5 done, \d+ waiting|\d+ waiting, 5 done)\./).waitFor();
    await rollout('apply', file('plan.jsonl'));
    await give('plan.jsonl', 'plan.jsonl.journal');
    await console.tab.getByText(`${head.prepare} done.`).waitFor();
    await console.look('rollout-done');
    await rollout('rollback', file('plan.jsonl'));
    await give('plan.jsonl.journal');
    await console.tab.getByText(`${head.prepare} taken back.`).waitFor();
  }, 240_000);

  test('of several connections of the organization, the commands have the chosen one', async () => {
    const { connectionId } = await stage.cast.createPlace('globex', stage.cast.people);
    const second = { connection_id: connectionId, assign_membership_on_login: false };
    await stage.instance.api('POST', `${acme()}/enabled_connections`, second);
    await console.open(`${acme()}/rollout`, 'Acme');
    await console.tab.getByRole('combobox', { name: 'Connection' }).selectOption('globex-oidc');
    await console.tab.getByText('--organization acme --connection globex-oidc').waitFor();
    await console.look('rollout-two-connections');
    await stage.instance.api('DELETE', `${acme()}/enabled_connections/${connectionId}`);
    await console.open(`${acme()}/rollout`, 'Acme');
    await give('plan.jsonl', 'plan.jsonl.journal');
  });

  test('the people of the plan are searched', async () => {
    await console.tab.getByRole('textbox', { name: 'Find a person' }).fill('no-such-person');
    await console.tab.getByText('Nobody in the plan matches.').waitFor();
  });

  test('a wrong file, a changed plan and another plan’s journal are told, and what was read stays', async () => {
    await give('people.csv');
    await console.tab.getByText('people.csv is neither a plan').waitFor();
    await console.look('rollout-wrong-file');
    const text = await readFile(file('plan.jsonl'), 'utf8');
    await writeFile(file('changed.jsonl'), text.replace('"acme-oidc"', '"evil-oidc"'));
    await give('changed.jsonl');
    await console.tab.getByText('The plan was changed after it was created').waitFor();
    await writeFile(file('cut.jsonl'), text.split('\n').slice(0, 3).join('\n'));
    await give('cut.jsonl');
    await console.tab.getByText('The plan is incomplete').waitFor();
    await writeFile(file('other.journal'), `{"plan":"${'0'.repeat(64)}"}\n`);
    await give('other.journal');
    await console.tab.getByText('The journal belongs to another plan').waitFor();
    await console.tab.getByRole('textbox', { name: 'Find a person' }).waitFor();
  });

  test('the look is drawn as it is typed; a pale colour is told; both colours and the logo are saved', async () => {
    await console.open(`${acme()}/branding`, 'Acme');
    await console.tab.getByRole('textbox', { name: 'Button colour' }).fill('#ffd400');
    await console.tab.getByText('Too little contrast').waitFor();
    await console.look('branding-pale');
    await console.tab.getByRole('textbox', { name: 'Button colour' }).fill('#0f5132');
    await console.tab.getByText('It is readable.').waitFor();
    // Leaving the field closes the picker.
    await console.tab.keyboard.press('Tab');
    await console.tab.getByRole('button', { name: 'Save' }).first().click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    expect((await organization()).branding).toEqual({ colors: { primary: '#0f5132', page_background: '#ffffff' } });
  });

  test('a name that somebody else changed meanwhile is compared, not overwritten', async () => {
    await console.open(`${acme()}/settings`, 'Acme');
    await console.tab.getByRole('textbox', { name: 'Display name' }).fill('Acme of mine');
    await stage.instance.api('PATCH', acme(), { display_name: 'Acme of theirs' });
    await console.tab.getByRole('button', { name: 'Save' }).first().click();
    await console.tab.getByText('Somebody else changed this meanwhile').waitFor();
    await console.look('organization-clash');
    expect((await organization()).display_name).toBe('Acme of theirs');
    await console.tab.getByRole('button', { name: 'Overwrite with my values' }).click();
    await console.tab.getByRole('heading', { level: 1, name: 'Acme of mine' }).waitFor();
    expect((await organization()).display_name).toBe('Acme of mine');
  });

  test('blocking and deleting are told in numbers; deleting takes the typed name', async () => {
    await console.open(`${acme()}/settings`, 'Acme of mine');
    await console.tab.getByRole('button', { name: 'Block organization' }).click();
    await console.tab.getByText(/^Nobody can sign in to Acme of mine any more. This affects [\d,]+ members/).waitFor();
    await console.look('organization-block');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Block organization' }).click();
    await console.tab.getByText('Blocked: nobody can sign in').waitFor();
    expect((await organization()).blocked).toBe(true);
    await console.tab.getByRole('button', { name: 'Delete organization' }).click();
    await console.tab.getByText(/members lose their membership/).waitFor();
    await console.look('organization-delete');
    expect(
      await console.tab.getByRole('dialog').getByRole('button', { name: 'Delete organization' }).isDisabled(),
    ).toBe(true);
    await console.tab.getByRole('textbox', { name: 'Type acme to confirm' }).fill('acme');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Delete organization' }).click();
    await console.tab.getByRole('heading', { level: 1, name: 'Organizations' }).waitFor();
    await expect(organization()).rejects.toThrow();
  });

  test('the browser complained about nothing', () => expect(console.complaints).toEqual([]));
});
