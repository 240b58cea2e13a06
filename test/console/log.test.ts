/** The console’s log, used as an operator does: a refused stranger is found by the number, invited, and comes in (stories 03, 05 and 32); and the rest of the page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { answerOf, useStage } from '../support/stage.js';

const LONG_NAME = 'مؤسسة الاختبارات الطويلة جدا للأسماء العربية والمزيد من الكلام';

/** As long as everything else waits for the page. */
const SLOW = { timeout: 15_000 };

describe.skipIf(noChromium())('the log', () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;
  let reference: string;

  const refuse = async (person = 'sam') => {
    const answer = await stage.visitor().throughSso(person, `${person}@acme.example`);
    return String(answerOf(answer).error_reference);
  };
  const find = async (text: string) => {
    await console.tab.keyboard.press('Control+k');
    const finder = console.tab.getByRole('combobox', { name: 'Search or jump to' });
    await finder.fill(text);
    await finder.press('Enter');
  };

  beforeAll(async () => {
    browser = await launchChromium();
    stage.cast.people.rtl = { sub: 'idp-rtl', email: 'rtl@acme.example', email_verified: true, name: LONG_NAME };
    await refuse('rtl');
    await stage.visitor().withPassword('nobody@acme.example', 'wrong-password-1');
    const userId = await stage.cast.createMember('dana@acme.example');
    await stage.visitor().throughSso('dana', 'dana@acme.example');
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true });
    await stage.visitor().throughSso('dana', 'dana@acme.example');
    reference = await refuse();
    console = await openConsole(stage.instance, browser, { path: '/console/log' });
  });
  afterAll(() => browser?.close());

  test('refusals come first, newest first, each in a sentence', async () => {
    await console.tab.getByRole('link', { name: 'sam@acme.example was refused at acme: not a member' }).waitFor();
    await console.look('log');
  });

  test('a number that was read out leads to its line: what happened, who, and how it was decided', async () => {
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { display_name: 'Acme Ltd.' });
    await find(` ${reference.toLowerCase()} `);
    const title = 'sam@acme.example was refused at Acme Ltd. (acme): not a member';
    await console.tab.getByRole('heading', { level: 1, name: title }).waitFor();
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { display_name: 'Acme' });
    await console.tab.getByText('they have no access to acme').waitFor();
    const deciding = console.tab.getByRole('listitem').filter({ hasText: 'decisive' }).last();
    expect(await deciding.textContent()).toContain('They have no access: nothing admits them.');
    expect(await console.tab.getByText(reference, { exact: true }).count()).toBeGreaterThan(0);
    await console.look('log-line');
  });

  test('what would happen if they came now is asked without leaving anything', async () => {
    const before = await stage.instance.snapshot();
    await console.tab.getByRole('button', { name: 'Check access' }).click();
    await console.tab.getByText('They would be refused').waitFor();
    expect(await stage.instance.snapshot()).toEqual(before);
  });

  test('one click invites the stranger, with all that the line knows, and he comes in', async () => {
    await console.tab.getByRole('button', { name: 'Invite sam@acme.example' }).click();
    const dialog = console.tab.getByRole('dialog', { name: 'Invite to acme' });
    await expect.poll(() => dialog.getByLabel('Application').first().inputValue()).toBe('Notebook');
    expect(await dialog.getByLabel('Email address').inputValue()).toBe('sam@acme.example');
    await dialog.getByRole('combobox', { name: 'Roles' }).or(dialog.getByLabel('Roles')).first().click();
    await console.tab.getByRole('option', { name: 'editor' }).click();
    await console.tab.keyboard.press('Tab');
    await console.look('log-invite');
    await dialog.getByRole('button', { name: 'Send invitation' }).click();
    await console.tab.getByRole('status').filter({ hasText: 'Invitation sent' }).waitFor();
    const [invitation] = (await stage.instance.api(
      'GET',
      `/organizations/${stage.cast.acme.id}/invitations`,
    )) as unknown as {
      readonly invitee: { readonly email: string };
      readonly connection_id: string;
      readonly roles: readonly string[];
    }[];
    expect(invitation).toMatchObject({
      invitee: { email: 'sam@acme.example' },
      inviter: { name: 'olga@vestibule.example' },
      connection_id: stage.cast.acme.connectionId,
      roles: [stage.cast.roleId],
    });
    const sam = stage.visitor();
    const { claims } = await sam.redeem(await sam.throughSso('sam', 'sam@acme.example'));
    expect(claims).toMatchObject({ org_id: stage.cast.acme.id, email: 'sam@acme.example' });
    expect(console.complaints).toEqual([]);
  });

  test('somebody who is blocked is unblocked from the line, after its effect was told', async () => {
    await console.open('/log?reason=admit.user_blocked', 'Refusals and log');
    await console.tab.getByRole('link', { name: /dana@acme.example was refused/ }).click();
    await console.tab.getByRole('button', { name: 'Unblock person' }).click();
    const dialog = console.tab.getByRole('dialog', { name: 'Unblock dana@acme.example?' });
    await dialog.getByText('They can sign in again at once').waitFor();
    await console.look('log-unblock');
    await dialog.getByRole('button', { name: 'Unblock person' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { rows } = await stage.instance.database.pool.query(
      `select blocked from users where email = 'dana@acme.example'`,
    );
    expect(rows).toEqual([{ blocked: false }]);
  });

  test('filters are in the address; back takes the last one away; a value cannot become another question', async () => {
    await console.open('/log', 'Refusals and log');
    const rows = console.tab.locator('tbody tr');
    await rows.first().waitFor();
    const all = await rows.count();
    const field = console.tab.getByRole('textbox', { name: 'Find', exact: true });
    await field.fill('rtl@acme.example');
    await field.press('Enter');
    await expect.poll(() => rows.count()).toBe(1);
    expect(new URL(console.tab.url()).searchParams.get('address')).toBe('rtl@acme.example');
    await console.tab.goBack();
    await expect.poll(() => rows.count()).toBe(all);
    await console.open(`/log?organization=${encodeURIComponent('x" OR type:"s')}`, 'Refusals and log');
    await console.tab.getByText('No entries match these filters').waitFor();
    await console.look('log-none');
  });

  test('an organization is found by the beginning of its name; the address keeps its id, the page shows its name', async () => {
    const { tab } = console;
    const { id } = await stage.instance.api('POST', '/organizations', {
      name: 'sharq',
      display_name: 'شركة الشرق للخدمات',
    });
    for (const n of [1, 2, 3])
      await stage.instance.api('POST', '/organizations', { name: `acme-${n}`, display_name: `Acme ${n}` });
    await console.open('/log?show=all', 'Refusals and log');
    const field = tab.getByRole('combobox', { name: 'Organization' });
    await field.fill('aCme');
    await tab.getByRole('option', { name: /Acme 3/ }).waitFor();
    await expect.poll(() => tab.getByRole('option').count(), SLOW).toBe(4);
    await console.look('log-organization');
    await field.fill('شركة');
    await tab.getByRole('option', { name: /sharq/ }).click();
    await expect.poll(() => new URL(tab.url()).searchParams.get('organization'), SLOW).toBe(id);
    await expect.poll(() => tab.locator('tbody tr').count(), SLOW).toBe(1);
    await console.look('log-organization-chosen');
    await tab.reload();
    await expect.poll(() => field.inputValue(), SLOW).toBe('شركة الشرق للخدمات');
    // Its short name, which is unlike the one that is shown.
    await field.fill('sharq');
    await tab.getByRole('option', { name: /sharq/ }).waitFor();
    await field.fill('nobody has this');
    await tab.getByText('No match').waitFor();
    await tab.goBack();
    await expect.poll(() => field.inputValue(), SLOW).toBe('');
  }, 120_000);

  test('followed live, a new refusal appears at the top and says that it is new', async () => {
    await console.open('/log', 'Refusals and log');
    await console.tab.locator('tbody tr').first().waitFor();
    await console.tab.getByRole('switch', { name: 'Follow live' }).click();
    await console.tab.getByText('Following. No new entries yet.').waitFor();
    await refuse('uma');
    await console.tab.getByText('1 new since you started to follow.').waitFor();
    const first = console.tab.locator('tbody tr').first();
    expect(await first.textContent()).toContain('uma@acme.example');
    expect(await first.textContent()).toContain('new');
    await console.look('log-follow');
  });

  test('more lines than one page: each of them once, in order, while others are added', async () => {
    const insert = `insert into logs (organization_id, log_id, date, type, details)
      select '', 'bulk' || lpad(n::text, 5, '0'), timestamptz '2026-01-01' + (n / 70) * interval '1 s', 'f', '{}' from generate_series(1, 160) n`;
    await stage.instance.database.pool.query(insert);
    await console.open('/log?to=2026-01-02T00:00:00.000Z', 'Refusals and log');
    const rows = console.tab.locator('tbody tr');
    const next = console.tab.getByRole('button', { name: 'Next page' });
    const links: (string | null)[] = [];
    // Seventy lines have the same time: some of them are on one page, some on the next.
    for (let page = 1; page <= 4; page += 1) {
      await console.tab.getByText(`Page ${page}`, { exact: true }).waitFor();
      links.push(...(await rows.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href')))));
      if (page < 4) await next.click();
    }
    expect(await next.getAttribute('aria-disabled')).toBe('true');
    expect(new Set(links).size).toBe(160);
    expect(links).toEqual([...links].sort().reverse());
  });

  test('a viewer sees the line, and the deeds say that the role does not permit them', async () => {
    const viewer = await openConsole(stage.instance, browser, {
      email: 'vera@vestibule.example',
      role: 'viewer',
      path: `/console/log?reference=${reference}`,
    });
    const button = viewer.tab.getByRole('button', { name: 'Invite' });
    await button.waitFor();
    await expect.poll(() => button.isDisabled()).toBe(true);
    await viewer.look('log-viewer');
    await viewer.close();
  });
});
