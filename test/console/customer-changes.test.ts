/** Changes by a customer's administrators, on the organization's page: in words, with links, and undone. Their connections are marked. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import type { Json } from '../support/instance.js';
import {
  type Administrator,
  type MyOrganization,
  memberPath,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

describe.skipIf(noChromium())('changes by customers, in the console', { timeout: 90_000 }, () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;
  let own: MyOrganization;
  let dana: Administrator;
  let eva: string;
  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await myOrg(stage, dana.token, method, path, body);
    expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };
  const button = (name: string) => console.tab.getByRole('button', { name, exact: true });
  const told = (text: string) => console.tab.getByRole('cell').filter({ hasText: text }).first().waitFor();
  const confirm = async (name: string) => {
    await console.tab.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await console.tab.getByRole('dialog').waitFor({ state: 'detached' });
  };
  const rolesOf = async (id: string) =>
    (await stage.instance.api<Json[]>('GET', `${acme()}/members/${encodeURIComponent(id)}/roles`)).map(
      (role) => role.id,
    );

  beforeAll(async () => {
    browser = await launchChromium();
    own = await registerMyOrganization(stage);
    dana = await own.administrator();
    eva = await own.createMember('eva@acme.example', []);
    const gone = await own.createMember('gone@acme.example', []);
    await call('PATCH', '/details', { display_name: 'Acme' });
    const { id } = await call('POST', '/domains', { domain: 'acme-notes.example' });
    await call('POST', `/domains/${id}/verify`);
    await call('POST', '/member-invitations', {
      invitees: [{ email: 'zoe@acme.example', roles: [own.adminRole] }],
    });
    await call('POST', `${memberPath(eva)}/roles`, { role_ids: [own.adminRole] });
    await call('POST', '/delete-memberships', { members: [gone] });
    console = await openConsole(stage.instance, browser, { path: '/console/organizations' });
  });
  afterAll(async () => {
    expect(console?.complaints).toEqual([]);
    await browser?.close();
  });

  test('each change is a sentence, with the person and the thing', async () => {
    await console.open(`${acme()}/changes`, 'Acme');
    for (const text of [
      `${dana.email} changed the title of the organization: it is now called Acme`,
      `${dana.email} added the domain acme-notes.example`,
      `${dana.email} checked the DNS record of the domain acme-notes.example`,
      `${dana.email} invited zoe@acme.example, with the role organization admin`,
      `${dana.email} gave eva@acme.example the role organization admin`,
      `${dana.email} removed gone@acme.example`,
    ])
      await told(text);
    await console.look('customer-changes');
  });

  test('changes of operators are not among them', async () => {
    await stage.instance.api('PATCH', acme(), { metadata: { plan: 'gold' } });
    await console.tab.reload();
    await told('added the domain');
    expect(await console.tab.getByRole('row').count()).toBe(7);
  });

  test('a domain, an invitation and a role are taken back, by keyboard too', async () => {
    await button('Remove domain acme-notes.example').first().focus();
    await console.tab.keyboard.press('Enter');
    await console.tab.getByText('Addresses in acme-notes.example no longer lead to Acme').waitFor();
    await console.look('customer-changes-take-back');
    await confirm('Remove domain');
    await button('Remove domain acme-notes.example').first().waitFor({ state: 'detached' });
    const { domains } = await stage.instance.api<{ domains: Json[] }>('GET', `${acme()}/discovery-domains?take=10`);
    expect(domains.map(({ domain }) => domain)).not.toContain('acme-notes.example');

    await button('Revoke invitation of zoe@acme.example').click();
    await confirm('Revoke invitation');
    await button('Revoke invitation of zoe@acme.example').waitFor({ state: 'detached' });
    expect(await stage.instance.api('GET', `${acme()}/invitations`)).toEqual([]);

    expect(await rolesOf(eva)).toEqual([own.adminRole]);
    await button('Take role organization admin from eva@acme.example').click();
    await confirm('Take role');
    await button('Take role organization admin from eva@acme.example').waitFor({ state: 'detached' });
    expect(await rolesOf(eva)).toEqual([]);
  });

  test('a role that they took is given back', async () => {
    await stage.instance.api('POST', `${acme()}/members/${encodeURIComponent(eva)}/roles`, { roles: [own.adminRole] });
    await call('POST', `${memberPath(eva)}/unassign-roles`, { role_ids: [own.adminRole] });
    await console.tab.reload();
    await told('took the role organization admin from eva@acme.example');
    await button('Give role back: organization admin, eva@acme.example').click();
    await confirm('Give role back');
    await button('Give role back: organization admin, eva@acme.example').waitFor({ state: 'detached' });
    expect(await rolesOf(eva)).toEqual([own.adminRole]);
  });

  test('an organization without changes says what they need', async () => {
    const globex = await stage.instance.api('POST', '/organizations', { name: 'quiet', display_name: 'Quiet' });
    await console.open(`/organizations/${globex.id}/changes`, 'Quiet');
    await console.tab.getByText('No changes yet').waitFor();
    await console.look('customer-changes-none');
  });

  test('a connection that they made is marked, and an operator is offered to take it over', async () => {
    const { connectionId } = stage.cast.acme;
    await stage.instance.database.pool.query('update connections set managed_by_organization = $1 where id = $2', [
      stage.cast.acme.id,
      connectionId,
    ]);
    await console.open(`/connections/${connectionId}`, /./);
    await console.tab.getByText('Made by an administrator of Acme').waitFor();
    await console.look('connection-of-a-customer');
    await button('Take over').click();
    await console.tab.getByText('It is trusted like a connection that you set up').waitFor();
    await console.look('connection-take-over');
    await confirm('Take over');
    await console.tab.getByText('Made by an administrator').waitFor({ state: 'detached' });
    const connection = await stage.instance.api<Json>('GET', `/connections/${connectionId}`);
    expect(connection).not.toHaveProperty('managed_by_organization');
  });
});
