/** The console’s first page: first steps that tick themselves, sign-ins by outcome, refusals, and whatever fails or will fail. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertificateEnd } from '../../src/console/pages/today/certificate-end.js';
import { personOf, startCompany } from '../scim/support.js';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { createCertificate } from '../support/certificate.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';

test('the end of a certificate is read as the library of the platform reads it', async () => {
  const { X509Certificate } = await import('node:crypto');
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(createCertificate().cert, 'utf8');
  expect(readCertificateEnd(text)).toEqual(new Date(new X509Certificate(text).validTo));
  expect(readCertificateEnd('')).toBeUndefined();
  expect(readCertificateEnd('no certificate')).toBeUndefined();
});

describe.skipIf(noChromium())('the first page', () => {
  let instance: Instance;
  let browser: Browser;
  let console: ConsoleTab;
  let cast: Cast | undefined;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    console = await openConsole(instance, browser);
  });
  afterAll(async () => {
    await browser?.close();
    await cast?.stop();
    await instance?.stop();
  });

  test('on a new server it says what comes first, by hand or by a command', async () => {
    await console.tab.getByRole('link', { name: 'Add your application' }).waitFor();
    await console.tab.getByRole('link', { name: 'Add your first customer as an organization' }).waitFor();
    await console.look('today-new');
  });

  test('each step ticks itself, and all are gone once somebody has signed in', async () => {
    cast = await createCast(instance);
    await cast.createMember('dana@acme.example');
    await console.open('/', 'Today');
    await console.tab.getByText('Add your application: done').waitFor();
    await console.tab.getByText('Enable a connection for the organization: done').waitFor();
    await console.tab.getByRole('link', { name: 'Try a sign-in' }).waitFor();
    await new Visitor(cast).throughSso('dana', 'dana@acme.example');
    await new Visitor(cast).throughSso('sam', 'sam@acme.example');
    await console.open('/', 'Today');
    await console.tab.getByRole('link', { name: /sam@acme.example was refused/ }).waitFor();
    expect(await console.tab.getByText('First steps').count()).toBe(0);
  });

  test('it counts by outcome, names the identity provider that fails', async () => {
    const { pool } = instance.database;
    await pool.query(
      `insert into logs (organization_id, log_id, date, type, connection_id, details)
         select $1, '900' || n, now() - n * interval '7 hours', case when n % 5 = 0 then 'f' else 's' end, null, '{}' from generate_series(1, 60) n`,
      [cast?.acme.id],
    );
    await pool.query(
      `insert into logs (organization_id, log_id, date, type, connection_id, details)
         select $1, '901' || n, now() - n * interval '1 hour', 'f', $2, '{"code": "authenticate.idp_unreachable"}' from generate_series(1, 3) n`,
      [cast?.acme.id, cast?.acme.connectionId],
    );
    const days = (await instance.api('GET', '/stats/daily')) as unknown as { logins: number; refusals: number }[];
    const [logins, refusals] = (['logins', 'refusals'] as const).map((of) =>
      days.reduce((all, day) => all + day[of], 0),
    );
    await console.open('/?days=30', 'Today');
    await console.tab.getByText(`${logins} signed in`).waitFor();
    await console.tab.getByText(`${refusals} refused`).waitFor();
    await console.tab.getByText('Show as table').click();
    expect(await console.tab.getByRole('table').first().getByRole('row').count()).toBe(31);
    await console.tab.getByText('identity provider not reachable, 3 in 24 hours').waitFor();
    await console.tab.getByText('No pending invitations').waitFor();
    await console.look('today');
    expect(console.complaints).toEqual([]);
  });

  test('a directory that is refused in the same way again is named with the remedy, another one is not', async () => {
    const connectionId = String(cast?.acme.connectionId);
    const company = await startCompany(instance, connectionId);
    await company.create(personOf('once', { userName: '' }));
    await console.open('/', 'Today');
    await console.tab.getByText('signed in').first().waitFor();
    expect(await console.tab.getByText('its directory was refused').count()).toBe(0);
    for (const name of ['tess', 'theo', 'tina']) await company.create(personOf(name, { title: 5 }));
    await console.open('/', 'Today');
    const part = console.tab.getByRole('region', { name: 'Identity providers' });
    await part.getByText('its directory was refused 3 times in 7 days (value not accepted)').waitFor();
    await part.getByText('title takes a text.').waitFor();
    await part.getByText('correct its mapping in the directory').waitFor();
    expect(await part.getByText('its directory was refused').count()).toBe(1);
    await console.look('today-directory');
    await part.getByText('its directory was refused').getByRole('link').last().click();
    await console.tab.getByText('The directory of acme-oidc was refused: value not accepted').first().waitFor();
    await console.look('log-directory');
    await console.open('/log?show=directories', 'Log');
    await console.tab.getByText('directory refused').first().waitFor();
    await console.open('/', 'Today');
    expect(console.complaints).toEqual([]);
  });

  test('it counts the invitations that wait anywhere, and leads to those that end next', async () => {
    const { tab } = console;
    const client_id = cast?.client.id;
    const arabic = await instance.api('POST', '/organizations', {
      name: 'sharq',
      display_name: 'شركة الشرق للخدمات الرقمية والاستشارات الدولية المحدودة بالرياض',
    });
    const invite = (organization: unknown, email: string, days: number) =>
      instance.api('POST', `/organizations/${organization}/invitations`, {
        inviter: { name: 'Olga Owner' },
        invitee: { email },
        client_id,
        ttl_sec: days * 86_400,
      });
    for (const n of [1, 2, 3, 4, 5]) await invite(cast?.acme.id, `person-${n}@acme.example`, 10 + n);
    await invite(arabic.id, 'somebody.with.a.rather.long.address.of.sixty.letters@sharq.example', 47 / 24);
    const { id } = await invite(cast?.acme.id, 'too-late@acme.example', 3);
    await instance.database.pool.query(`update invitations set expires_at = now() - interval '1 day' where id = $1`, [
      id,
    ]);
    await console.open('/', 'Today');
    await tab.getByText('6 pending invitations, 1 expired in the last month.').waitFor();
    const part = tab.getByRole('region', { name: 'Pending invitations' });
    expect(await part.getByRole('listitem').count()).toBe(5);
    expect(await part.getByRole('listitem').first().textContent()).toContain('expires tomorrow');
    await console.look('today-invitations');
    await part.getByRole('link', { name: 'All invitations' }).click();
    await tab.getByRole('heading', { level: 1, name: 'Invitations' }).waitFor();
    await tab.getByRole('link', { name: 'person-5@acme.example' }).waitFor();
    await console.look('invitations');
    await tab.getByText('Expired', { exact: true }).first().click();
    await tab.getByRole('link', { name: 'too-late@acme.example' }).waitFor();
    expect(new URL(tab.url()).search).toBe('?state=expired');
    await tab.goBack();
    await tab.getByRole('link', { name: /somebody.with.a.rather/ }).click();
    await tab.getByRole('button', { name: 'Revoke' }).first().click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await tab.getByText('No pending invitations. People who accepted').waitFor();
    await tab.getByRole('navigation', { name: 'Pages' }).getByText('Today').click();
    await tab.getByText('5 pending invitations, 1 expired in the last month.').waitFor();
    expect(console.complaints).toEqual([]);
  });

  test('a viewer, whom no invitation is shown, has no such part', async () => {
    const viewer = await openConsole(instance, browser, { email: 'vera@vestibule.example', role: 'viewer' });
    await viewer.open('/', 'Today');
    await viewer.tab.getByRole('heading', { name: 'Identity providers' }).waitFor();
    expect(await viewer.tab.getByText('Pending invitations').count()).toBe(0);
    await viewer.open('/invitations', 'Invitations');
    await viewer.tab.getByText('Your role cannot view invitations.').waitFor();
    await viewer.look('invitations-viewer');
    await viewer.close();
  });
});
