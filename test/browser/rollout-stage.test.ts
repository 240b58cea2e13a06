/** The pages of stories 13 and 15 in Chromium: how one gets there, its progress with a script and without, width and contrast in both schemes. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium, takePicture } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';
import { measurePage } from '../support/measure-page.js';

/** Pictures to look at: the page at both widths in both schemes. */
const SHOTS = fileURLToPath(new URL('../../artifacts/rollout-stage/', import.meta.url));
/** A deadline for what hangs, not a measure. */
const PATIENCE_MS = 120_000;

describe.skipIf(noChromium())('the pages of stories 13 and 15', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-13-'));
  let database: TestDatabase;
  let demo: DemoProcess;
  let browser: Browser;

  beforeAll(async () => {
    database = await createTestDatabase();
    [demo, browser] = await Promise.all([
      startDemo({
        PORT: String(await findFreePort()),
        DATABASE_URL: database.url,
        VESTIBULE_DATA_DIR: dataDir,
        VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
      }),
      launchChromium(),
    ]);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('one gets there from the list of stories; it shows how far it is, and in the end that all is as promised', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(demo.addresses.stage ?? '');
    await page.click('.stories a[href="/rollout"]');
    expect(new URL(page.url()).pathname).toBe('/rollout');
    await page.click('#play button');
    await page.waitForSelector('#step-apply[data-state=running] progress');
    expect(await page.textContent('#status')).toContain('Playing');
    await page.waitForSelector('.now.moved');
    await page.waitForSelector('.now.in');
    await page.waitForSelector('main[data-playing=no]');
    expect(await page.textContent('#status')).toBe('As promised.');
    expect(await page.locator('.step[data-state=done]').count()).toBe(7);
    expect(await page.locator('.checks .broken').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  }, 300_000);

  test('a customer sets up: from the list of stories to the difference that is left', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(demo.addresses.stage ?? '');
    await page.click('.stories a[href="/set-up"]');
    await page.click('#play button');
    await page.waitForSelector('#step-try[data-state=done]');
    await page.waitForSelector('main[data-playing=no]');
    expect(await page.textContent('#status')).toBe('As promised.');
    expect(await page.locator('.step[data-state=done]').count()).toBe(6);
    expect(await page.textContent('.zeros')).toContain('members');
    await page.close();
  }, 300_000);

  test.each(['/rollout', '/set-up'])('%s fits and reads well at 1280 and 390 pixels, light and dark', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        await page.goto(`${demo.addresses.stage}${path}`);
        const { scrollWidth, outside, faint } = await page.evaluate(measurePage);
        expect({ scrollWidth: scrollWidth > width, outside, faint }, `${colorScheme}, ${width} px`).toEqual({
          scrollWidth: false,
          outside: [],
          faint: [],
        });
        await takePicture(page, `${SHOTS}${path.slice(1)}-${colorScheme}-${width}.png`, { fullPage: true });
        await page.close();
      }
    }
  });

  test('without a script the button plays, and the page comes again by itself until it is over', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${demo.addresses.stage}/rollout`);
    await page.click('#play button');
    await page.waitForSelector('main[data-playing=yes]');
    await page.waitForSelector('main[data-playing=no]');
    expect(await page.textContent('#status')).toBe('As promised.');
    await page.close();
  }, 300_000);
});
