/** "Is this you?" in a real browser: a company's sign-in that answers for somebody else, on a computer that two people share. */
import type { Page as Tab } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { claimsOf, useBrowserStage } from '../support/browser-stage.js';
import { noChromium } from '../support/chromium.js';
import { diffSnapshots } from '../support/database.js';

describe.skipIf(noChromium())('Is this you?', () => {
  const stage = useBrowserStage();

  /** Types `typed` at the application's sign-in, and is signed in as `login` at the company. */
  async function comeBackAs(tab: Tab, typed: string, login: string): Promise<void> {
    await tab.goto(stage.login());
    await tab.fill('#username', typed);
    await tab.press('#username', 'Enter');
    await tab.fill('#login', login);
    await tab.press('#login', 'Enter');
    await tab.getByRole('heading', { name: 'Is this you?' }).waitFor();
  }

  test('Dana types her address where Sam is signed in at the company: told, Dana after all, and nothing of Sam', async () => {
    await stage.cast.createMember('dana@acme.example');
    await stage.cast.createMember('sam@acme.example');
    const before = await stage.instance.snapshot();
    const { tab } = await stage.open();
    await comeBackAs(tab, 'dana@acme.example', 'sam');
    await stage.look(tab, 'is-this-you');
    const words = (await tab.locator('main').textContent()) ?? '';
    expect(words).toContain('dana@acme.example');
    expect(words).toContain('sam@acme.example');
    // Looked at once more, and by the buttons of the browser: nothing happens by itself.
    await tab.reload();
    await tab.getByRole('button', { name: 'Use another account' }).click();
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
    expect(await tab.inputValue('#username')).toBe('dana@acme.example');
    await tab.press('#username', 'Enter');
    expect(new URL(tab.url()).searchParams.get('prompt')).toBe('login');
    await tab.fill('#login', 'dana');
    await tab.press('#login', 'Enter');
    expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'dana@acme.example' });
  });

  test('Sam goes on as Sam, with Enter; the page is of no use afterwards', async () => {
    const { tab } = await stage.open();
    await comeBackAs(tab, 'dana@acme.example', 'sam');
    const page = tab.url();
    await tab.getByRole('button', { name: 'Continue as sam@acme.example' }).press('Enter');
    expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'sam@acme.example' });
    expect((await tab.goto(page))?.status()).toBe(400);
  });
});
