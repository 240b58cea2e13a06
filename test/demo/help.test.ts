/**
 * *Help* in the demo of a fresh checkout: every page that the console's help leads to is there at once, with its heading, its pictures and the
 * console's policy, and can be read in both widths and both colour schemes. Pictures of it are in artifacts/help.
 */
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocuments, serveHelp } from '../../demo/help.js';
import { ROOT } from '../../scripts/docs/find-documents.js';
import { findHelp, HELP_PAGES } from '../../src/console/help-pages.js';
import { findWithAxe } from '../support/axe.js';
import { launchChromium, noChromium, takePicture } from '../support/chromium.js';

const SHOTS = `${ROOT}artifacts/help`;

async function startApp(built?: string, read = readDocuments): Promise<FastifyInstance> {
  const app = Fastify();
  serveHelp(built, read)(app);
  app.get('/console/help/*', (_request, reply) => reply.code(503).send('not built'));
  await app.ready();
  return app;
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

test('each place of the console has its page, with the heading that the link names', async () => {
  const places = HELP_PAGES.map(({ page }) => `/console/help/${page.replace('README.md', '').replace('.md', '.html')}`);
  for (const place of new Set([...places, findHelp('/').href, '/console/help/'])) {
    const [address = '', heading] = place.split('#');
    const answer = await app.inject(address);
    expect([answer.statusCode, place]).toEqual([200, place]);
    expect(answer.body).toContain('<h1 ');
    if (heading !== undefined) expect(answer.body, place).toContain(`id="${heading}"`);
  }
}, 60_000);

test('links between pages lead to pages, and pictures are there', async () => {
  const { body } = await app.inject('/console/help/');
  const targets = [...body.matchAll(/(?:href|src)="(\.{0,2}\/[^"#]*)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(60);
  for (const target of new Set(targets)) {
    const { pathname } = new URL(target, 'http://localhost/console/help/');
    expect([(await app.inject(pathname)).statusCode, pathname]).toEqual([200, pathname]);
  }
}, 60_000);

test('a page has an origin of its own, runs nothing, and reads no other file', async () => {
  const answer = await app.inject('/console/help/guides/console.html');
  expect(answer.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox allow-popups/);
  expect(answer.headers['content-security-policy']).not.toContain('script-src');
  expect(answer.body).not.toContain('<script');
  for (const path of ['..%2f..%2fpackage.json', '%2e%2e/package.json', '../package.json', 'nothing.html'])
    expect((await app.inject(`/console/help/${path}`)).statusCode, path).toBe(404);
});

test('documents that could not be read are read again, once for all readers', async () => {
  let reads = 0;
  const other = await startApp(undefined, async () => {
    reads += 1;
    if (reads === 1) throw new Error('a file is being written');
    return { pages: new Map(), renderer: { render: () => '' } };
  });
  expect((await other.inject('/console/help/start.html')).statusCode).toBe(500);
  for (let visit = 0; visit < 2; visit++) expect((await other.inject('/console/help/start.html')).statusCode).toBe(404);
  expect(reads).toBe(2);
  await other.close();
});

test('where the site was built, it is left alone', async () => {
  const other = await startApp('/somewhere/');
  expect((await other.inject('/console/help/start.html')).body).toBe('not built');
  await other.close();
});

describe.skipIf(noChromium())('in Chromium', () => {
  let browser: Browser;
  let tab: Tab;
  let origin: string;
  beforeAll(async () => {
    browser = await launchChromium();
    // The pages allow no script, and axe is one.
    tab = await browser.newPage({ bypassCSP: true });
    origin = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => browser?.close());

  test.each(['guides/console.html', 'configuration.html'])(
    '%s can be read',
    async (path) => {
      const found: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1280, 390]) {
          await tab.emulateMedia({ colorScheme });
          await tab.setViewportSize({ width, height: 900 });
          await tab.goto(`${origin}/console/help/${path}`);
          await takePicture(tab, `${SHOTS}/plain-${path.replace(/\W/g, '-')}-${width}-${colorScheme}.png`);
          const over = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (over > 0) found.push(`${width}: ${over} pixels stand out of the page`);
          found.push(...(await findWithAxe(tab)));
        }
      expect(found).toEqual([]);
    },
    90_000,
  );
});
