/** Lines about passwords and second factors that people change themselves: each is a sentence, in the list and on its page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { useStage } from '../support/stage.js';

const OTP = { authenticator: { id: 'otp|dev_1', type: 'totp' } };
/** Type, description and details as they are written, and the sentence. */
const LINES = [
  ['seoobft', 'Tokens by a code', {}, 'Notebook renewed the tokens of dana@acme.example with a code by mail'],
  ['scp', 'The password was changed by its owner', {}, 'dana@acme.example changed their password'],
  [
    'fcp',
    'The old password was wrong',
    {},
    'dana@acme.example did not change their password: the old password was wrong',
  ],
  [
    'my_account_authentication_method_failed',
    'The code is wrong or has expired.',
    { code: 'A0E-400-0004', method: 'verify' },
    'dana@acme.example was refused a change of how they sign in: the code is wrong or has expired',
  ],
  [
    'gd_start_enroll',
    'A second factor is being set up',
    OTP,
    'dana@acme.example started to set up a second factor: authenticator app',
  ],
] as const;

describe.skipIf(noChromium())('lines about the own account', { timeout: 90_000 }, () => {
  const stage = useStage();
  let browser: Browser;
  let console: ConsoleTab;

  beforeAll(async () => {
    browser = await launchChromium();
    const dana = await stage.cast.createMember('dana@acme.example');
    for (const [at, [type, description, details]] of LINES.entries())
      await stage.instance.database.pool.query(
        `insert into logs (organization_id, log_id, date, type, description, user_id, client_id, ip, details)
         values ($1, $2, now() - $3 * interval '1 minute', $4, $5, $6, $7, '203.0.113.7', $8)`,
        [stage.cast.acme.id, `own${LINES.length - at}`, at, type, description, dana, stage.cast.client.id, details],
      );
    console = await openConsole(stage.instance, browser, { path: '/console/log' });
  });
  afterAll(async () => {
    expect(console?.complaints).toEqual([]);
    await browser?.close();
  });

  test('each is a sentence in the list, found as a kind of its own', async () => {
    await console.open('/log?show=factors', 'Refusals and log');
    await console.tab.getByRole('link', { name: 'changed their password' }).first().waitFor();
    await console.look('log-own-account');
    const told = await console.tab.locator('tbody').getByRole('link').allTextContents();
    expect(told).toEqual(LINES.slice(1).map(([, , , sentence]) => sentence));
    await console.open('/log?show=all&within=hour', 'Refusals and log');
    await console.tab.getByRole('link', { name: LINES[0][3] }).waitFor();
  });

  test('each has a page', async () => {
    for (const [at, [type, , , sentence]] of LINES.entries()) {
      await console.open(`/log/own${LINES.length - at}`, sentence);
      await console.look(`log-line-${type}`);
    }
  });
});
