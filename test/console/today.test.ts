/** The console’s first page: first steps that tick themselves, sign-ins by outcome, refusals, and whatever fails or will fail. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertificateEnd } from '../../src/console/pages/today/certificate-end.js';
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
    await console.tab.getByText('Give the organization a way to sign in: done').waitFor();
    await console.tab.getByRole('link', { name: 'Sign somebody in' }).waitFor();
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
    await console.tab.getByText('As a table').click();
    expect(await console.tab.getByRole('table').first().getByRole('row').count()).toBe(31);
    await console.tab.getByText('identity provider out of reach, 3 within a day').waitFor();
    await console.look('today');
    expect(console.complaints).toEqual([]);
  });
});
