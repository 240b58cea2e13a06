/**
 * Story 36 by hand, in the demo as its reader starts it, with a virtual authenticator: one click requires a second
 * factor; Nora makes a passkey, signs in with it, loses it, comes back by the recovery code and revokes the other sessions.
 * The page shows each step in the log, and the stranger as one line. With `STORY_SCREENSHOTS=DIRECTORY` pictures are kept.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../../demo/people.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

const DEVICE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

const WRITTEN = 'I have written it down';

describe.skipIf(noChromium())('story 36 by hand', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-36-hand-'));
  const pictures = process.env.STORY_SCREENSHOTS;
  let database: TestDatabase;
  let demo: DemoProcess;
  let browser: Browser;
  let reader: BrowserContext;
  let board: Tab;

  beforeAll(async () => {
    database = await createTestDatabase();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startDemo({
        PORT: String(await findFreePort()),
        DATABASE_URL: database.url,
        VESTIBULE_DATA_DIR: dataDir,
        VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
      }),
    ]);
    reader = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    reader.setDefaultTimeout(20_000);
    board = await reader.newPage();
    await board.goto(`${demo.addresses.stage}/second-factor`);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function look(name: string): Promise<void> {
    if (pictures === undefined) return;
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'light'],
      [1280, 'dark'],
    ] as const) {
      await board.setViewportSize({ width, height: 900 });
      await board.emulateMedia({ colorScheme });
      await board.screenshot({ path: join(pictures, `36-${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    await board.setViewportSize({ width: 1280, height: 900 });
  }

  /** The types of the lines that the page shows, the newest first; lines of one login have the same time. */
  const logged = () => board.locator('#log tr[data-type]').evaluateAll((rows) => rows.map((row) => row.dataset.type));
  const log = (types: readonly string[]) =>
    expect.poll(async () => (await logged()).sort(), { timeout: 10_000 }).toEqual([...types].sort());

  /** Opens what the link of the page opens, in a browser of its own. */
  async function follow(id: string, context: BrowserContext): Promise<Tab> {
    const tab = await context.newPage();
    await tab.goto((await board.locator(`#${id}`).getAttribute('href')) ?? '');
    return tab;
  }

  async function typePassword(tab: Tab): Promise<void> {
    await tab.getByRole('button', { name: 'Use a password instead' }).click();
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
  }

  /** A computer of Nora's, with an authenticator that it can lose. */
  async function computer() {
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    const tab = await follow('sign-in', context);
    const cdp = await context.newCDPSession(tab);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE });
    return { tab, lose: () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }) };
  }

  const isIn = (tab: Tab) => tab.waitForURL(`${demo.addresses.application}/me`);

  test('the passkey is made, used, lost and replaced; the log has each step; a stranger leaves one line', async () => {
    await look('before');
    await board.click('#require');
    await board.getByText('Acme requires a second factor now.').waitFor();
    expect(await logged()).toEqual([]);

    const nora = await computer();
    await typePassword(nora.tab);
    await nora.tab.getByRole('button', { name: 'Set up a passkey' }).click();
    await nora.tab.getByRole('heading', { name: /recovery code/i }).waitFor();
    await nora.tab.getByRole('button', { name: WRITTEN }).click();
    await isIn(nora.tab);
    await log(['gd_enrollment_complete', 's']);

    await nora.tab.goto((await board.locator('#again').getAttribute('href')) ?? '');
    await typePassword(nora.tab);
    await nora.tab.getByRole('button', { name: 'Use a passkey or security key' }).click();
    await isIn(nora.tab);
    await log(['gd_auth_succeed', 's', 'gd_enrollment_complete', 's']);

    await board.click('#stranger');
    await log(['f', 'gd_auth_succeed', 's', 'gd_enrollment_complete', 's']);
    expect(await board.locator('#log').textContent()).toContain('authenticate.factor_failed');

    await nora.lose();
    const recovery = ((await board.locator('.paper').textContent()) ?? '').replaceAll(' ', '');
    const elsewhere = await browser.newContext();
    elsewhere.setDefaultTimeout(20_000);
    const tab = await follow('sign-in', elsewhere);
    await typePassword(tab);
    await tab.getByRole('link', { name: 'Use a recovery code' }).click();
    await tab.fill('#code', recovery);
    await tab.press('#code', 'Enter');
    await tab.getByRole('heading', { name: /recovery code/i }).waitFor();
    await tab.getByRole('button', { name: WRITTEN }).click();
    await isIn(tab);
    await expect.poll(async () => (await logged()).slice(0, 2).sort()).toEqual(['gd_recovery_succeed', 's']);

    await tab.goto((await board.locator('#account').getAttribute('href')) ?? '');
    await tab.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await tab.getByRole('status').waitFor();
    await expect.poll(async () => (await logged())[0]).toBe('slo');
    // In place of the lost passkey: the app, on the phone that the page shows.
    await tab.locator('button[value="add:otp"]').click();
    await tab.locator('#code').waitFor();
    const code = ((await board.locator('.codes .big').first().textContent()) ?? '').replaceAll(' ', '');
    await tab.fill('#code', code);
    await tab.press('#code', 'Enter');
    await expect.poll(async () => (await logged())[0]).toBe('gd_enrollment_complete');
    // The first computer is signed out: the account page asks for a sign-in.
    await nora.tab.goto((await board.locator('#account').getAttribute('href')) ?? '');
    expect(new URL(nora.tab.url()).pathname).not.toBe('/account');
    await look('after');
    await board.setViewportSize({ width: 390, height: 900 });
    expect(await board.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await board.setViewportSize({ width: 1280, height: 900 });
  }, 120_000);

  test('the console shows the click, and that its operators need no factor', async () => {
    await board.click('#console');
    await board.waitForURL(/\/console\/organizations\/org_\w+\/settings/);
    await board
      .getByText(/second factor/i)
      .first()
      .waitFor();
    await look('console');
    await board.goto(`${demo.addresses.Vestibule}/console`);
    await board.getByText('Operators need no second factor').first().waitFor();
  }, 60_000);
});
