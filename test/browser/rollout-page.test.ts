/** The page of a plan in Chromium, opened as the file that a customer gets by mail: search, width, contrast, and that it fetches nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPage } from '../../src/tenant-tools/rollout/html.js';
import { launchChromium, noChromium, takePicture } from '../support/chromium.js';
import { measurePage } from '../support/measure-page.js';
import { samplePlan } from '../support/plan-samples.js';

/** Pictures to look at: the page at both widths in both schemes. */
const SHOTS = fileURLToPath(new URL('../../artifacts/rollout-page/', import.meta.url));
/** Rows of the largest page. */
const MOST = 5_000;

describe.skipIf(noChromium())('the page of a plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-page-'));
  const addressOf = (count: number) => pathToFileURL(join(folder, `${count}.html`)).href;
  let browser: Browser;

  beforeAll(async () => {
    for (const count of [60, MOST + 1]) writeFileSync(join(folder, `${count}.html`), toPage(samplePlan(count)));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const shown = (page: Page) =>
    page
      .locator('#people tbody tr')
      .evaluateAll((rows) => rows.filter((row) => row.getClientRects().length > 0).length);
  const said = (page: Page) => page.textContent('#count');

  test('search and filter show who fits, and say how many', async () => {
    const page = await browser.newPage();
    await page.goto(addressOf(60));
    expect([await shown(page), await said(page)]).toEqual([60, '60 people']);
    await page.fill('#find', 'PERSON59@');
    expect([await shown(page), await said(page)]).toEqual([1, '1 of 60 people']);
    await page.fill('#find', 'نازنین');
    expect(await said(page)).toBe('7 of 60 people');
    await page.fill('#find', 'nobody at all');
    expect([await shown(page), await said(page)]).toEqual([0, 'Nobody fits. Empty the search to see everybody.']);
    await page.fill('#find', '');
    await page.selectOption('#only', 'blocked');
    const classes = await page
      .locator('#people tbody tr:not([hidden])')
      .evaluateAll((rows) => [...new Set(rows.map((row) => row.getAttribute('data-class')))]);
    expect(classes).toEqual(['blocked']);
    await page.selectOption('#only', 'look');
    expect(await page.locator('#people tbody tr:not([hidden]) .badge:not(.look)').count()).toBe(0);
    expect(await shown(page)).toBe(await page.locator('#people .badge.look').count());
    await page.close();
  });

  test('it fetches nothing, runs no script but its own, and shows markup in a name as text', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    const violations: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => violations.push(dialog.message()));
    page.on('pageerror', (error) => violations.push(error.message));
    page.on('console', (message) => message.type() === 'error' && violations.push(message.text()));
    await page.goto(addressOf(60));
    await page.fill('#find', 'dana');
    await page.keyboard.press('Enter');
    expect({ asked, violations }).toEqual({ asked: [addressOf(60)], violations: [] });
    expect(await page.locator('#people bdi', { hasText: '<script>alert(1)</script>' }).count()).toBeGreaterThan(0);
    // Markup that an attacker gets into the page neither runs nor leads anywhere.
    let heard = 0;
    const beacon = createServer((_request, response) => {
      heard += 1;
      response.end();
    });
    await new Promise<void>((resolve) => beacon.listen(0, '127.0.0.1', resolve));
    await page.evaluate(
      (port) => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "taken over"';
        const picture = document.createElement('img');
        picture.src = `http://127.0.0.1:${port}/beacon`;
        document.body.append(script, picture);
      },
      (beacon.address() as AddressInfo).port,
    );
    await expect.poll(() => violations.length).toBeGreaterThanOrEqual(2);
    expect(await page.title()).not.toBe('taken over');
    expect(heard).toBe(0);
    beacon.close();
    await context.close();
  });

  test('without a script everybody is listed, and no search is offered that would do nothing', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(addressOf(60));
    expect(await page.locator('.find').isVisible()).toBe(false);
    expect(await page.locator('#people tbody tr').count()).toBe(60);
    await page.close();
  });

  test('it fits and reads well at 1280 and 360 pixels, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 360]) {
        const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
        await page.goto(addressOf(60));
        const { scrollWidth, outside, faint, smallTargets, smallText } = await page.evaluate(measurePage);
        const problems = { scrollWidth: scrollWidth > width, outside, faint, smallTargets, smallText };
        expect(problems, `${colorScheme}, ${width} px`).toEqual({
          scrollWidth: false,
          outside: [],
          faint: [],
          smallTargets: [],
          smallText: [],
        });
        await takePicture(page, `${SHOTS}${colorScheme}-${width}.png`, { fullPage: true });
        await page.close();
      }
    }
  });

  test('more people than a browser likes: the first five thousand, those to look at among them, and it says so', async () => {
    const page = await browser.newPage();
    await page.goto(addressOf(MOST + 1));
    expect(await shown(page)).toBe(MOST);
    expect(await page.textContent('main')).toContain(`the first ${MOST} of ${MOST + 1} people`);
    await page.fill('#find', 'person4998@');
    expect(await shown(page)).toBe(1);
    await page.close();
  });
});
