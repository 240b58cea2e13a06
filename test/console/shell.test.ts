/** The console's frame: signing in, the pages, the search, the size of the first load, the end of a session. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';

const BUILT = fileURLToPath(new URL('../../dist/console/', import.meta.url));
/** Bytes, compressed: the promise to somebody with a slow line. */
const FIRST_LOAD = 250_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

test('the first load, of the first page with all that it needs, has at most 250 kB, compressed', () => {
  const chunks = JSON.parse(readFileSync(`${BUILT}manifest.json`, 'utf8')) as Readonly<Record<string, Chunk>>;
  const files = new Set<string>();
  const add = (name: string) => {
    const { file = '', imports = [], css = [] } = chunks[name] ?? {};
    if (files.has(file)) return;
    for (const one of [file, ...css]) files.add(one);
    imports.forEach(add);
  };
  for (const start of ['index.html', 'pages/today/Today.tsx']) add(start);
  expect(files.size).toBeGreaterThan(3);
  const bytes = [...files].reduce((sum, file) => sum + statSync(`${BUILT}${file}.br`).size, 0);
  expect(bytes).toBeLessThan(FIRST_LOAD);
});

test('no style of a component that the console uses was left out of the build', () => {
  const read = (end: string) =>
    readdirSync(`${BUILT}assets`)
      .filter((name) => name.endsWith(end))
      .map((name) => readFileSync(`${BUILT}assets/${name}`, 'utf8'))
      .join('\n');
  const classesOf = (text: string) => new Set(text.match(/\bm_[0-9a-f]+\b/g));
  const library = classesOf(
    readFileSync(fileURLToPath(new URL('../../node_modules/@mantine/core/styles.css', import.meta.url)), 'utf8'),
  );
  const styled = classesOf(read('.css'));
  const used = [...classesOf(read('.js'))].filter((name) => library.has(name));
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((name) => !styled.has(name))).toEqual([]);
});

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let console: ConsoleTab;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    console = await openConsole(instance, browser, { path: '/console/organizations', byHand: true });
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

  test('who signs out is out: the console says so, and asks again only when told to', async () => {
    const { tab } = console;
    await tab.getByRole('button', { name: 'Signed in as olga@vestibule.example' }).click();
    await tab.getByRole('menuitem', { name: 'Sign out' }).click();
    await tab.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor();
    await console.look('signed-out');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.waitForSelector('[name="username"]');
  });
});
