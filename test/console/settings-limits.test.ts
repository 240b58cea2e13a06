/** Limits of tries, the ground of the pages and the lines of a log stream, by hand of the console, as owner, support and viewer. */
import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../src/console/pages/settings/stream-categories.js';
import { noChromium } from '../support/chromium.js';
import { useConsole } from '../support/console-stage.js';
import type { Json } from '../support/instance.js';

/** The names of an enumeration of a document, found by one of them. */
function findNames(node: unknown, one: string): readonly string[] | undefined {
  if (Array.isArray(node) && node.includes(one)) return node as string[];
  if (typeof node !== 'object' || node === null) return undefined;
  return Object.values(node).reduce<readonly string[] | undefined>(
    (found, next) => found ?? findNames(next, one),
    undefined,
  );
}

describe.skipIf(noChromium())('in Chromium', () => {
  const stage = useConsole('/settings/limits');

  const part = (name: string) => stage.olga.tab.locator('form').filter({ hasText: name });
  const save = async (name: string) => {
    await part(name).getByRole('button', { name: 'Save', exact: true }).click();
    await part(name).getByText('Saved', { exact: true }).waitFor();
  };
  const ADDRESS = 'Limit wrong passwords';
  const MACHINE = 'Set limits per IP address';
  const addressLimit = () => stage.instance.api<Json>('GET', '/attack-protection/brute-force-protection');

  test('the limit of one address: number, counting and trusted networks; a bound of the server is told', async () => {
    const form = part(ADDRESS);
    await form.getByLabel('Wrong passwords per account').last().fill('8');
    await form
      .locator('label', { hasText: 'Trusted networks' })
      .locator('xpath=..')
      .locator('input')
      .first()
      .fill('10.1.0.0/16');
    await stage.olga.tab.keyboard.press('Enter');
    await save(ADDRESS);
    expect(await addressLimit()).toMatchObject({
      enabled: true,
      shields: ['block'],
      mode: 'count_per_identifier_and_ip',
      max_attempts: 8,
      allowlist: ['10.1.0.0/16'],
    });
    await form.getByRole('radio', { name: 'Per account, from everywhere' }).click();
    await form.getByLabel('Wrong passwords per account').last().fill('90');
    await save(ADDRESS);
    await form.getByRole('radio', { name: 'Per account and IP address' }).click();
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await form.getByText('The maximum is 50 attempts when attempts are counted per network.').first().waitFor();
    await stage.olga.look('settings-limits-refused');
    await form.getByRole('button', { name: 'Discard' }).click();
    await form.getByRole('switch').click();
    await save(ADDRESS);
    expect(await addressLimit()).toMatchObject({ enabled: false, shields: [], max_attempts: 90 });
  });

  test('an emptied number is not saved, unless its field is no longer shown', async () => {
    const form = part(ADDRESS);
    await form.getByRole('switch').click();
    const number = form.getByLabel('Wrong passwords per account').last();
    await number.fill('23');
    await number.press('Backspace');
    await number.press('Backspace');
    await form.getByText('Enter a number.').waitFor();
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => number.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await addressLimit()).toMatchObject({ enabled: false, max_attempts: 90 });
    await form.getByRole('radio', { name: 'Per account, from everywhere' }).click();
    await form.getByRole('switch').click();
    await save(ADDRESS);
    expect(await addressLimit()).toMatchObject({ mode: 'count_per_identifier', enabled: false, max_attempts: 90 });
    await form.getByRole('switch').click();
    expect(await number.inputValue()).toBe('90');
    await form.getByRole('button', { name: 'Discard' }).click();
  });

  test('the limit of one machine: in numbers and minutes, kept as the API counts', async () => {
    const form = part(MACHINE);
    await form.getByRole('switch').click();
    await form.getByLabel('Wrong passwords', { exact: true }).fill('40');
    await form.getByLabel('Period for wrong passwords').fill('60');
    await stage.olga.look('settings-limits');
    await save(MACHINE);
    const after = await stage.instance.api<Json>('GET', '/attack-protection/suspicious-ip-throttling');
    expect(after).toMatchObject({
      enabled: true,
      shields: ['block'],
      stage: { 'pre-login': { max_attempts: 40, rate: 90_000 }, 'pre-user-registration': { max_attempts: 50 } },
    });
    await stage.olga.open('/settings/limits', 'Settings');
    await expect.poll(() => form.getByLabel('Period for wrong passwords').inputValue()).toBe('60 min');
  });

  test('support sees the limits, changes none, and lets a machine in that met one', { timeout: 60_000 }, async () => {
    await stage.instance.api('PATCH', '/attack-protection/suspicious-ip-throttling', {
      enabled: true,
      shields: ['block'],
      stage: { 'pre-login': { max_attempts: 1, rate: 3_600_000 } },
    });
    const sam = await stage.as('support', '/settings/limits');
    await sam.tab.getByText('Your role can view these settings').first().waitFor();
    expect(await sam.tab.getByRole('switch').first().isDisabled()).toBe(true);
    const ask = async (ip: string) => {
      await sam.tab.getByRole('textbox', { name: 'IP address' }).fill(ip);
      await sam.tab.getByRole('button', { name: 'Check' }).click();
    };
    await ask('198.51.100.7');
    await sam.tab.getByText('198.51.100.7 has not reached a limit.').waitFor();
    const stranger = await stage.browser.newContext({ ignoreHTTPSErrors: true });
    const guess = await stranger.newPage();
    await guess.goto(`${stage.instance.origin}/console`);
    await guess.fill('[name="username"]', 'olga@vestibule.example');
    await guess.keyboard.press('Enter');
    await guess.fill('[name="password"]', 'Wrong-horse-7-battery');
    await guess.keyboard.press('Enter');
    await guess.getByText('Wrong email or password').waitFor();
    await stranger.close();
    await ask('127.0.0.1');
    await sam.tab.getByText('127.0.0.1 has reached a limit').waitFor();
    await sam.tab.getByRole('button', { name: 'Reset limit' }).click();
    await sam.look('settings-limits-let-in');
    await sam.tab.getByRole('dialog').getByRole('button', { name: 'Reset limit' }).click();
    await sam.tab.getByText('127.0.0.1 has not reached a limit.').waitFor();
    expect(sam.complaints).toEqual([]);
    await sam.close();
  });

  test('look: two colours behind the card, told by a sketch, kept as Auth0 has them', async () => {
    await stage.olga.open('/settings/look', 'Settings');
    const { tab } = stage.olga;
    await tab.getByText('Two colours', { exact: true }).click();
    await tab.getByRole('textbox', { name: 'Start colour' }).fill('#fff7ed');
    await tab.getByRole('textbox', { name: 'End colour', exact: true }).fill('#fecaca');
    await tab.keyboard.press('Escape');
    await stage.olga.look('settings-look-gradient');
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('Saved', { exact: true }).waitFor();
    expect((await stage.instance.api<Json>('GET', '/branding')).colors).toMatchObject({
      page_background: { type: 'linear-gradient', start: '#fff7ed', end: '#fecaca', angle_deg: 35 },
    });
    await tab.getByText('Default', { exact: true }).click();
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('Saved', { exact: true }).waitFor();
    expect((await stage.instance.api<Json>('GET', '/branding')).colors ?? {}).not.toHaveProperty('page_background');
  });

  test('the categories of a stream are the server’s; they are chosen at the start and changed later', async () => {
    const document: unknown = await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json();
    const names = CATEGORIES.map(({ value }) => value);
    expect([...names].sort()).toEqual([...(findNames(document, 'auth.login.notification') ?? [])].sort());
    await stage.olga.open('/settings/streams', 'Settings');
    const { tab } = stage.olga;
    await tab.getByLabel('Name').fill('Refusals to the watch');
    await tab.getByRole('textbox', { name: 'Address', exact: true }).fill('https://watch.example/vestibule');
    await tab.getByRole('combobox', { name: 'Log categories' }).click();
    await tab.getByRole('option', { name: 'Refused sign-ins', exact: true }).click();
    await tab.keyboard.press('Escape');
    await tab.getByRole('button', { name: 'Create log stream' }).click();
    await tab.getByRole('cell', { name: 'Refused sign-ins' }).waitFor();
    await tab.getByRole('button', { name: 'Choose categories of Refusals to the watch' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await tab.getByRole('dialog').waitFor({ state: 'hidden' });
    await tab.getByRole('button', { name: 'Choose categories of Refusals to the watch' }).click();
    await tab.getByRole('dialog').getByRole('combobox').click();
    await tab.getByRole('option', { name: 'Actions' }).click();
    await tab.keyboard.press('Escape');
    await stage.olga.look('settings-stream-lines');
    await tab.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await tab.getByRole('dialog').waitFor({ state: 'hidden' });
    const [stream] = await stage.instance.api<Json[]>('GET', '/log-streams');
    expect(stream?.filters).toEqual([
      { type: 'category', name: 'auth.login.fail' },
      { type: 'category', name: 'actions' },
    ]);
  });
});
