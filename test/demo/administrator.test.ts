/** The stage leads to the console: after the stranger was refused, one press opens that refusal as Olga sees it, and one more invites him. */
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

vi.setConfig({ testTimeout: 240_000 });
const PATIENCE_MS = 60_000;

describe.skipIf(noChromium())('as Olga, the administrator', () => {
  let database: TestDatabase;
  let demo: DemoProcess;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    database = await createTestDatabase();
    [demo, browser] = await Promise.all([
      startDemo({
        PORT: String(await findFreePort()),
        DATABASE_URL: database.url,
        VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
      }),
      launchChromium(),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
  });

  test('the refusal of the story is open in the console, and one click invites the stranger', async () => {
    await page.goto(`${demo.addresses.stage}/?pace=0`);
    await page.click('[data-story="03"]');
    const press = page.getByRole('button', { name: 'as Olga, the administrator' });
    await press.waitFor();
    const fits = await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight);
    expect(fits, 'the stage fits into 1280 x 800').toBe(true);
    const [console] = await Promise.all([page.waitForEvent('popup'), press.click()]);
    console.setDefaultTimeout(PATIENCE_MS);
    await console
      .getByRole('heading', { level: 1, name: 'sam@acme.example was refused at acme: not a member' })
      .waitFor();
    await console.getByRole('button', { name: 'Invite sam@acme.example' }).click();
    const send = console.getByRole('button', { name: 'Send invitation' });
    await expect.poll(() => send.isEnabled(), { timeout: PATIENCE_MS }).toBe(true);
    await send.click();
    await console.getByText('The invitation was sent to sam@acme.example').waitFor();
    const { rows } = await database.pool.query('select invitee_email, inviter_name from invitations');
    expect(rows).toContainEqual({ invitee_email: 'sam@acme.example', inviter_name: 'olga@vestibule.example' });
  });

  test('another site cannot sign this browser in as the administrator (login CSRF)', async () => {
    const answer = await fetch(`${demo.addresses.stage}/stage/administrator`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});
