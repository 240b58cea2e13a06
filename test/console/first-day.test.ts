/**
 * The first day of somebody who has never seen the console, as docs/guides/first-customer.md tells it, with an identity provider and a library
 * for express that others wrote. The parts are in test/support/first-day.ts: the rehearsal of production plays them, too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { runCopied } from '../support/copied-application.js';
import { createFirstDay, type FirstDay } from '../support/first-day.js';
import { type ForeignIdp, startForeignIdp } from '../support/foreign-idp.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';

describe.skipIf(noChromium())('the first day', () => {
  let instance: Instance;
  let browser: Browser;
  let console: ConsoleTab;
  let idp: ForeignIdp;
  let application: Awaited<ReturnType<typeof runCopied>> | undefined;
  let day: FirstDay;

  /** A value of the newest mail of a kind to somebody, once it is there. */
  async function findMailed(template: string, to: string, name: 'url' | 'code'): Promise<string> {
    const find = async () =>
      (await instance.mail()).find(({ mail }) => mail.template === template && mail.to === to)?.mail.model;
    await expect.poll(find, { timeout: 10_000 }).toBeDefined();
    return String((await find())?.[name]);
  }

  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    idp = await startForeignIdp(`${instance.origin}/login/callback`);
    console = await openConsole(instance, browser);
    const home = `http://localhost:${await findFreePort()}`;
    day = createFirstDay({
      browser,
      tab: console.tab,
      home,
      provider: idp,
      mailedLink: (email) => findMailed('invitation', email, 'url'),
      mailedCode: (email) => findMailed('proof_code', email, 'code'),
      async start(code, secret) {
        application = await runCopied(code, { CLIENT_SECRET: secret, COOKIE_SECRET: 'a secret of the first day' });
        const front = await application.firstVisit(() => fetch(home));
        expect(await front.text()).toContain('Sign in');
      },
      look: (name) => console.look(name),
    });
  });
  afterAll(async () => {
    application?.stop();
    expect(console?.complaints).toEqual([]);
    await browser?.close();
    await idp?.stop();
    await instance?.stop();
  });

  test('an application, its addresses and its secret; the ready code runs', () => day.addApplication(), 60_000);
  test('a customer, and its provider: each page leads to the next one', () => day.addCustomer(), 90_000);
  test('an invited employee signs in at the application, by their company', async () => {
    // The applications come late, as from a busy server: the form waits for them.
    await console.tab.route('**/api/v2/clients?**', async (route) => {
      await sleep(1_500);
      await route.continue();
    });
    await day.inviteEmployee();
    await console.tab.unrouteAll({ behavior: 'wait' });
  }, 60_000);
  test('a stranger reads a reference, which leads to the deed that helps', async () => {
    await day.inviteByReference(await day.refuseStranger());
    await day.seeThatStepsAreDone();
  }, 60_000);
  test('a domain that the operator vouches for: nobody is asked for a code', () => day.vouchForDomain(), 60_000);
});
