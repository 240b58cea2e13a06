/** Stories 05 and 08 by hand of the console: somebody who was refused is invited there and comes in; the company's sign-in is required there. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMailedTicket } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import type { Json } from '../support/instance.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

describe.skipIf(noChromium())('ways into an organization, in the console', () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;
  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const connection = () => `${acme()}/connections/${stage.cast.acme.connectionId}`;
  const enablement = () =>
    stage.instance.api<Json>('GET', `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`);
  const invitations = () => stage.instance.api<Json[]>('GET', `${acme()}/invitations`);
  const choose = async (label: string, option: string) => {
    const found = console.tab.getByRole('option', { name: option });
    await console.tab.getByRole('combobox', { name: label }).click();
    // A menu that was opened while the page still loads is closed by what comes in: a person opens it again.
    const isOpen = await found.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (!isOpen) await console.tab.getByRole('combobox', { name: label }).click();
    await found.click();
  };

  beforeAll(async () => {
    browser = await launchChromium();
    await stage.cast.createMember('olga@acme.example');
    await stage.cast.createMember('brita@acme.example');
    await stage.cast.createMember('carl@gmail.example');
    await stage.cast.createPlace('globex', stage.cast.people);
    console = await openConsole(stage.instance, browser, { path: '/console/organizations' });
  });
  afterAll(() => browser?.close());

  test('story 05: Sam, who was refused, is invited with a role, and is in', async () => {
    const sam = stage.visitor();
    expect(answerOf(await sam.throughSso('sam', 'sam@acme.example')).error).toBe('access_denied');
    await console.open(`${acme()}/invitations/new?email=sam@acme.example`, 'Acme');
    await console.tab.getByRole('textbox', { name: 'Email addresses' }).fill('sam@acme.example, not-an-address');
    await choose('Application', 'Notebook');
    await choose('Roles', 'editor');
    await console.tab.keyboard.press('Escape');
    await choose('Required connection', 'acme-oidc');
    await console.tab.getByRole('button', { name: 'Send invitations' }).click();
    await console.tab.getByText('not-an-address: not sent').waitFor();
    await console.look('invite-partly-sent');
    expect(await console.tab.getByRole('textbox', { name: 'Email addresses' }).inputValue()).toBe('not-an-address');
    const [invitation] = await invitations();
    expect(invitation).toMatchObject({ invitee: { email: 'sam@acme.example' }, roles: [stage.cast.roleId] });
    const ticket = String(invitation?.ticket_id);
    const mailed = await readMailedTicket(stage.instance, ticket);
    const accepted = { id: String(invitation?.id), ticket, mailed, url: String(invitation?.invitation_url) };
    const { claims } = await sam.redeem(await sam.signInAtIdp(await sam.accept(accepted), 'sam'));
    expect(claims).toMatchObject({ org_id: stage.cast.acme.id, email: 'sam@acme.example' });
  });

  test('an invitation is sent again in place of itself, its link is shown with what it proves, and it is withdrawn', async () => {
    const { mailed } = await stage.cast.invite('ivy@acme.example');
    const [before] = await invitations();
    // The application does not pass on what the link of the mail brought.
    const ivy = stage.visitor();
    await ivy.browser.request(`${stage.instance.origin}/u/invitation/open?invitation=${mailed}`);
    await ivy.open();
    await console.open(`${acme()}/invitations`, 'Acme');
    await console.tab.getByText('Pending', { exact: true }).waitFor();
    await console.tab.getByText('link opened 1 time, last').waitFor();
    await console.tab.getByText('The application did not pass the invitation on (1 time).').waitFor();
    const hint = console.tab.getByRole('link', { name: 'How to pass it on' });
    expect(await hint.getAttribute('href')).toBe('/console/help/guides/recipes.html');
    await console.look('invitations');
    await console.tab.getByRole('button', { name: 'Resend' }).click();
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Resend' }).click();
    await console.tab.getByRole('dialog').waitFor({ state: 'detached' });
    const after = await invitations();
    expect(after).toHaveLength(1);
    expect(after[0]?.id).not.toBe(before?.id);
    expect(after[0]).toMatchObject({ invitee: before?.invitee, roles: before?.roles, client_id: before?.client_id });
    await console.tab.getByRole('button', { name: 'Show link' }).click();
    await console.tab.getByText('Anybody who opens it must first enter a code').waitFor();
    await console.look('invitation-link');
    await console.tab.keyboard.press('Escape');
    await console.tab.getByRole('button', { name: 'Revoke' }).click();
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await console.tab.getByText('No pending invitations.').waitFor();
    expect(await invitations()).toEqual([]);
  });

  test('auto-membership: its condition is tried on claims as it is typed, and only then saved', async () => {
    await console.open(connection(), 'Acme');
    await console.tab.getByRole('switch', { name: 'Auto-membership' }).check();
    const condition = console.tab.getByRole('textbox', { name: 'Condition' });
    await condition.fill('"staff" in claims.');
    await console.tab.getByText('The condition is not valid').waitFor();
    await condition.fill('"staff" in claims.groups');
    await console.tab.getByText('Met: this person becomes a member').waitFor();
    await console.look('connection-condition');
    await console.tab.getByRole('textbox', { name: 'Test with these claims' }).fill('{"groups": []}');
    await console.tab.getByText('Not met: this person is refused').waitFor();
    expect(await enablement()).toMatchObject({ assign_membership_on_login: false });
    await console.tab.getByRole('button', { name: 'Save' }).click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    expect(await enablement()).toMatchObject({
      assign_membership_on_login: true,
      auto_membership_condition: '"staff" in claims.groups',
    });
  });

  test('story 08: what requiring the company’s sign-in does is told in numbers, and then happens', async () => {
    const brita = (await stage.instance.api<Json[]>('GET', '/users-by-email?email=brita@acme.example'))[0]?.user_id;
    await stage.instance.api('PATCH', `${acme()}/members/${encodeURIComponent(String(brita))}`, { break_glass: true });
    await console.open(connection(), 'Acme');
    await choose('For people whose address leads to this connection', 'Required');
    // An option that is chosen again stays chosen: the API has no third choice.
    await choose('For people whose address leads to this connection', 'Required');
    await console.tab.getByText('2 members have only a password; 1 of them is break-glass').waitFor();
    await console.tab.getByText('1 member must then sign in through the company.').waitFor();
    await console.look('connection-required');
    expect(await enablement()).not.toHaveProperty('sso_rollout');
    await console.tab.getByRole('button', { name: 'Save' }).click();
    await console.tab.getByText('Saved', { exact: true }).waitFor();
    const refused = await stage.visitor().withPassword('olga@acme.example');
    expect(wordsOf(refused)).toContain('Acme');
    expect((await stage.refusal(refused)).details.code).toBe('admit.sso_required');
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.withPassword('brita@acme.example'));
    expect(claims).toMatchObject({ email: 'brita@acme.example' });
  });

  test('the connections and domains of an organization; a domain is added, and told how to prove', async () => {
    await console.open(`${acme()}/connections`, 'Acme');
    await console.tab.getByRole('textbox', { name: 'New domain' }).fill('gmail.com@');
    await console.tab.getByRole('button', { name: 'Add domain', exact: true }).click();
    await console.tab.getByText('This is not a domain. Write it like company.example').first().waitFor();
    await console.tab.getByRole('textbox', { name: 'New domain' }).fill('second.example');
    await console.tab.getByRole('button', { name: 'Add domain', exact: true }).click();
    await console.tab.getByText('the company adds this TXT record').waitFor();
    await console.look('organization-connections');
  });

  test('a domain in the settings of a connection is offered to the organization, and added by one click', async () => {
    const path = `/connections/${stage.cast.acme.connectionId}`;
    const { options } = await stage.instance.api<{ options: Json }>('GET', path);
    const domains = options.domain_aliases as string[];
    await stage.instance.api('PATCH', path, {
      options: { ...options, domain_aliases: [...domains, 'acme-sales.example'] },
    });
    await console.open(`${acme()}/connections`, 'Acme');
    const offer = console.tab.getByRole('alert').filter({ hasText: 'Not a domain of Acme yet' });
    await offer.getByText('acme-sales.example is in the settings of acme-oidc', { exact: false }).waitFor();
    // The connection may be another organization's, too.
    await offer.getByText('Add it only if it belongs to Acme.').waitFor();
    // The domain that the organization has already is not offered again.
    expect(await offer.getByRole('button').allTextContents()).toEqual(['Add acme-sales.example']);
    await console.look('organization-offered-domain');
    await offer.getByRole('button', { name: 'Add acme-sales.example' }).click();
    await offer.waitFor({ state: 'detached' });
    await console.tab
      .getByRole('row', { name: /acme-sales\.example/ })
      .getByText('Not verified')
      .waitFor();
    await stage.instance.api('PATCH', path, { options });
  });

  test('a set-up link that is made on the page of an organization is for this one', async () => {
    await console.open(`${acme()}/connections`, 'Acme');
    await console.tab.getByRole('button', { name: 'Create set-up link' }).click();
    const dialog = console.tab.getByRole('dialog');
    await expect.poll(() => dialog.getByRole('combobox', { name: 'Organization' }).inputValue()).toBe('Acme');
    await expect
      .poll(() => dialog.getByRole('textbox', { name: 'Name of the new connection' }).inputValue())
      .toBe('acme-sso');
    await console.look('organization-set-up-link');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    const link = dialog.getByRole('link', { name: 'Open in a new window' });
    const [opened] = await Promise.all([console.tab.context().waitForEvent('page'), link.click()]);
    await opened.getByText('Acme', { exact: false }).first().waitFor();
    await opened.close();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await console.tab.getByRole('button', { name: 'Enable connection' }).click();
    await console.tab.getByRole('dialog').getByRole('link', { name: 'Add connection' }).click();
    await console.tab.getByText('Choose where the people of Acme sign in today.').waitFor();
    await console.tab.getByRole('button', { name: 'Create set-up link' }).click();
    await expect.poll(() => dialog.getByRole('combobox', { name: 'Organization' }).inputValue()).toBe('Acme');
    await console.tab.keyboard.press('Escape');
  });

  test('a connection is disabled after its effect was told, and enabled again', async () => {
    await stage.instance.api('PATCH', `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`, {
      sso_rollout: 'optional',
    });
    await console.open(connection(), 'Acme');
    await console.tab.getByRole('button', { name: 'Disable connection' }).click();
    await console.tab.getByText('1 member has signed in with it. 1 of them has no password').waitFor();
    await console.look('connection-disable');
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Disable connection' }).click();
    await console.tab.getByRole('heading', { level: 2, name: 'Domains' }).waitFor();
    await console.tab.getByRole('link', { name: 'acme-oidc' }).waitFor({ state: 'detached' });
    await console.tab.getByRole('button', { name: 'Enable connection' }).click();
    await console.tab.getByRole('combobox', { name: 'Connection' }).click();
    const options = console.tab.getByRole('option');
    await options.filter({ hasText: 'globex-oidc (OpenID Connect): Globex' }).waitFor();
    expect(await options.first().textContent()).toContain('acme-oidc');
    await options.filter({ hasText: 'globex-oidc' }).click();
    await console.tab.getByText('Globex uses this connection.').waitFor();
    await console.look('connection-enable');
    await choose('Connection', 'acme-oidc');
    await console.tab.getByText('Globex uses this connection.').waitFor({ state: 'detached' });
    // The dialog closes at once, without waiting for the list.
    let answer = () => {};
    const closed = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await console.tab.route(/enabled_connections/, async (route) => {
      if (route.request().method() === 'GET') await closed;
      await route.continue();
    });
    await console.tab.getByRole('dialog').getByRole('button', { name: 'Enable connection' }).click();
    await console.tab.getByRole('dialog').waitFor({ state: 'hidden' });
    answer();
    await console.tab.getByRole('link', { name: 'acme-oidc' }).waitFor();
    await console.tab.unroute(/enabled_connections/);
    expect(await enablement()).toMatchObject({ assign_membership_on_login: false });
  });

  test('support may invite, and a viewer is told why invitations are not shown', async () => {
    for (const [role, sees] of [
      ['support', 'No pending invitations.'],
      ['viewer', 'Your role cannot view invitations'],
    ] as const) {
      const other = await openConsole(stage.instance, browser, {
        email: `${role}@vestibule.example`,
        role,
        path: `/console${acme()}/invitations`,
      });
      await other.tab.getByText(sees).waitFor();
      // Everything is offered until the powers are known.
      const invite = other.tab.getByRole('link', { name: 'Invite people' });
      await invite.waitFor({ state: role === 'support' ? 'visible' : 'detached' });
      await other.tab.goto(`${stage.instance.origin}/console${connection()}`);
      await other.tab.getByRole('heading', { level: 2, name: 'acme-oidc' }).waitFor();
      await other.tab.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
      await other.close();
    }
  });

  test('the browser complained about nothing', () => expect(console.complaints).toEqual([]));

  test('the condition is tried on those who have come: in numbers, and on the claims of the chosen', async () => {
    const people = [
      { sub: 'idp-nora', email: 'nora@acme.example', email_verified: true, department: 'Sales' },
      { sub: 'idp-emil', email: 'emil@acme.example', email_verified: true, department: 'Law' },
    ];
    await stage.instance.api('PATCH', `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`, {
      assign_membership_on_login: true,
      auto_membership_condition: null,
    });
    for (const one of people) {
      stage.cast.people[one.sub] = one;
      await stage.visitor().throughSso(one.sub, one.email);
    }
    await console.open(connection(), 'Acme');
    const condition = console.tab.getByRole('textbox', { name: 'Condition' });
    const numbers = console.tab.getByRole('status').filter({ hasText: 'Of the' });
    await condition.fill('claims.department in ["Sales", "Law"]');
    await numbers.getByText(/^Of the \d members who signed in with this connection, \d meet this condition/).waitFor();
    const before = await numbers.textContent();
    await condition.fill('claims.department == "Sales"');
    await numbers.getByRole('button', { name: 'emil@acme.example' }).click();
    expect(await numbers.textContent()).not.toBe(before);
    const emil = console.tab.getByRole('region', { name: 'emil@acme.example' });
    await emil.getByText('Not met').waitFor();
    await emil.getByText('From their last sign-in with it').waitFor();
    await console.tab.getByRole('combobox', { name: 'Test with a person’s claims' }).fill('nor');
    await console.tab.getByRole('option', { name: 'nora@acme.example' }).click();
    const nora = console.tab.getByRole('region', { name: 'nora@acme.example' });
    await nora.getByText('Met').waitFor();
    await nora.getByText('Claims', { exact: true }).click();
    await console.look('condition-people');
    await condition.fill('claims.department == "Law"');
    await nora.getByText('Not met').waitFor();
    await emil.getByText('Met').waitFor();
    await emil.getByRole('button', { name: 'Edit a copy of these claims' }).click();
    await console.tab.getByText('Met: this person becomes a member').waitFor();
    await nora.getByRole('button', { name: 'Remove nora@acme.example' }).click();
    await nora.waitFor({ state: 'detached' });
    // Nothing was written by trying (arrivals.test.ts has the same of the log).
    expect(await enablement()).not.toHaveProperty('auto_membership_condition');
  });
});
