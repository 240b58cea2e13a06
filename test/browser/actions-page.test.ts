/** The page with the three ways in Chromium: width, contrast, keyboard and both schemes, and a play without any script. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium, takePicture } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';
import { measurePage } from '../support/measure-page.js';

/** Pictures to look at: the page at both widths in both schemes. */
const SHOTS = fileURLToPath(new URL('../../artifacts/actions-page/', import.meta.url));

describe.skipIf(noChromium())('the page with the three ways', () => {
  let database: TestDatabase;
  let demo: DemoProcess;
  let browser: Browser;
  const address = () => `${demo.addresses.stage}/actions`;

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
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
  });

  const marks = (page: Page) => page.locator('.checks li').evaluateAll((items) => items.map((item) => item.className));

  test('one gets there from the stage, and without a script the button plays all three', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(demo.addresses.stage ?? '');
    await page.click('text=Actions: three ways');
    expect(await page.locator('.result.empty').count()).toBe(3);
    await page.click('text=Play all three');
    await page.waitForSelector('.checks');
    expect(new URL(page.url()).pathname).toBe('/actions');
    expect(await marks(page)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
    const members = page.locator('.walks > li:first-child [data-table=members] .chip');
    expect(await members.allTextContents()).toEqual(['+1', '0', '0']);
    await page.close();
  });

  test('with a script it says that it plays, and plays again', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(address());
    const before = await page.textContent('#status');
    const button = page.locator('#play button');
    await button.focus();
    await page.evaluate(() =>
      addEventListener('pagehide', () =>
        sessionStorage.setItem('said', document.getElementById('status')?.textContent ?? ''),
      ),
    );
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      (old) => sessionStorage.getItem('said') !== null && document.getElementById('status')?.textContent !== old,
      before,
    );
    expect(await page.evaluate(() => sessionStorage.getItem('said'))).toContain('Playing');
    expect(await page.textContent('#status')).toMatch(/^Played at/);
    expect(await marks(page)).not.toContain('broken');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('findings stand below their line; the keyboard opens one, and scrolls the code inside its frame', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(address());
    const closed = page.locator('#printed details:not([open]) summary').first();
    await closed.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#printed details[open]').count()).toBe(2);
    const places = await page.locator('#printed .finding').evaluateAll((items) =>
      items.map((item) => {
        let line = item.previousElementSibling;
        while (line?.classList.contains('finding')) line = line.previousElementSibling;
        const said = /line (\d+):/.exec(item.textContent ?? '')?.[1];
        return [said, line?.querySelector('.number')?.textContent];
      }),
    );
    expect(places.length).toBeGreaterThan(2);
    for (const [said, stands] of places) expect(said).toBe(stands);
    const code = page.locator('#code-printed');
    await code.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => code.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
    const [at, width] = await page
      .locator('#printed .finding')
      .first()
      .evaluate((element) => {
        const frame = element.closest('.code')?.getBoundingClientRect();
        const box = element.getBoundingClientRect();
        return [Math.round(box.left - (frame?.left ?? 0)), Math.round((frame?.width ?? 0) - box.width)];
      });
    expect([at, width], 'what the linter says stays in view').toEqual([1, 2]);
    await page.close();
  });

  test('it fits and reads well at 1280 and 390 pixels, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        await page.goto(address());
        const { scrollWidth, faint } = await page.evaluate(measurePage);
        expect(scrollWidth).toBeLessThanOrEqual(width);
        expect(faint, `${colorScheme}, ${width} px`).toEqual([]);
        const tops = await page
          .locator('.trial')
          .evaluateAll((items) => items.map((item) => item.getBoundingClientRect().top));
        expect(new Set(tops).size, 'side by side where there is room').toBe(width === 1280 ? 1 : 3);
        expect(
          await page.locator('.primary').evaluate((button) => button.getBoundingClientRect().height),
        ).toBeGreaterThanOrEqual(44);
        await takePicture(page, `${SHOTS}${colorScheme}-${width}.png`, { fullPage: true });
        await page.close();
      }
    }
  });
});
