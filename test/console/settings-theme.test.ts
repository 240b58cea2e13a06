/** The theme of the sign-in pages by hand of the console: made, changed beside its sketch, seen on the page itself, taken away; read by a viewer. */
import { describe, expect, test } from 'vitest';
import { noChromium } from '../support/chromium.js';
import { useConsole } from '../support/console-stage.js';
import type { Json } from '../support/instance.js';

describe.skipIf(noChromium())('in Chromium', () => {
  const stage = useConsole('/settings/theme');

  const theme = () => stage.instance.api<Json>('GET', '/branding/themes/default');

  test('a theme is made after its effect was shown, changed, and seen on the page', { timeout: 60_000 }, async () => {
    const { tab } = stage.olga;
    await tab.getByRole('button', { name: 'Create theme' }).click();
    await tab.getByText('Every sign-in page will look like this').waitFor();
    await stage.olga.look('settings-theme-make');
    await tab.getByRole('dialog').getByRole('button', { name: 'Create theme' }).click();
    await tab.getByRole('textbox', { name: 'Card', exact: true }).fill('#123456');
    await tab.getByText('Too little contrast').waitFor();
    await tab.keyboard.press('Escape');
    await stage.olga.look('settings-theme');
    await tab.getByRole('button', { name: 'Corners and borders' }).click();
    await tab.getByRole('textbox', { name: 'Card corner radius' }).fill('20');
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('Saved', { exact: true }).waitFor();
    expect(await theme()).toMatchObject({
      colors: { widget_background: '#123456', primary_button: '#2558c4' },
      borders: { widget_corner_radius: 20, buttons_style: 'rounded' },
    });
    const stranger = await stage.browser.newPage({ ignoreHTTPSErrors: true });
    await stranger.goto(`${stage.instance.origin}/console`);
    await stranger.locator('[name="username"]').waitFor();
    const grounds = await stranger.evaluate(() =>
      Array.from(document.querySelectorAll('body *'), (one) => getComputedStyle(one).backgroundColor),
    );
    expect(grounds).toContain('rgb(18, 52, 86)');
    await stranger.close();
  });

  test('a viewer sees it and is offered no deed', async () => {
    const vera = await stage.as('viewer', '/settings/theme');
    const card = vera.tab.getByRole('textbox', { name: 'Card', exact: true });
    await vera.tab.locator('input:disabled').first().waitFor();
    expect(await card.isDisabled()).toBe(true);
    expect(await vera.tab.getByRole('button', { name: 'Delete theme' }).count()).toBe(0);
    expect(await vera.tab.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    expect(vera.complaints).toEqual([]);
    await vera.close();
  });

  test('it is taken away', async () => {
    const { tab } = stage.olga;
    await tab.getByRole('button', { name: 'Delete theme' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Delete theme' }).click();
    await tab.getByText('There is no theme').waitFor();
    await expect(theme()).rejects.toThrow();
  });
});
