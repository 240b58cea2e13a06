/** The console's frame: signing in, the pages, the search, the size of the first load, the end of a session. */
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';

const ASSETS = fileURLToPath(new URL('../../dist/console/assets/', import.meta.url));
/** Bytes, compressed: the promise to somebody with a slow line. */
const FIRST_LOAD = 250_000;

test('the first load has at most 250 kB, compressed', () => {
  const first = readdirSync(ASSETS).filter((name) => /^(index|Today)-.*\.br$/.test(name));
  expect(first.length).toBeGreaterThan(2);
  expect(first.reduce((sum, name) => sum + statSync(`${ASSETS}${name}`).size, 0)).toBeLessThan(FIRST_LOAD);
});

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let console: ConsoleTab;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    console = await openConsole(instance, browser, { path: '/console/organizations' });
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
  });

  test('a sign-in that was begun at a page ends there, and its address holds no code', async () => {
    await console.tab.getByRole('heading', { level: 1, name: 'Organizations' }).waitFor();
    expect(new URL(console.tab.url()).pathname).toBe('/console/organizations');
    expect(new URL(console.tab.url()).search).toBe('');
  });

  test('each page is found from the list at the left', async () => {
    for (const name of [
      'Today',
      'Refusals and log',
      'People',
      'Connections',
      'Applications and APIs',
      'Actions',
      'Settings',
    ]) {
      await console.tab.getByRole('navigation', { name: 'Pages' }).getByText(name, { exact: true }).click();
      await console.tab.getByRole('heading', { level: 1, name }).waitFor();
    }
    await console.look('shell');
    expect(console.complaints).toEqual([]);
  });

  test('no token is kept where a later script could read it', async () => {
    const kept = await console.tab.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toContain('eyJ');
  });
});
