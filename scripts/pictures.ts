/**
 * Takes the pictures of README and docs: starts the demo on a database of its own, plays the scenes and writes
 * docs/*.png. `--to FOLDER` writes elsewhere, with all stories in both widths, for a look at every page. Needs
 * Chromium; changes nothing else.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { brandOf } from '../src/domain/look/brand.js';
import { customize } from '../src/http/pages/custom-words.js';
import type { Page as HostedPage } from '../src/http/pages/models.js';
import { renderPage } from '../src/http/pages/views/render.js';
import { WORDS } from '../src/http/pages/words/words.js';
import { toLook } from '../src/management/branding/fields.js';
import { launchChromium } from '../test/support/chromium.js';
import { startDemo } from '../test/support/demo-process.js';
import { findFreePort } from '../test/support/instance.js';
import { PAGE_SAMPLES } from '../test/support/page-samples.js';
import { DARK_THEME, THEME } from '../test/support/themes.js';
import { toPalettePng } from './palette-png.js';

const WIDE = { width: 1280, height: 800 };
/** No request leaves the browser: each picture answers it with the page. */
const SAMPLE_URL = 'http://localhost:1/';
const NARROW = { width: 390, height: 844 };

async function play(page: Page, id: string): Promise<void> {
  await page.click(`[data-story="${id}"]`);
  await page.waitForSelector(`[data-story="${id}"][data-state=playing]`);
  await page.waitForSelector(`[data-story="${id}"]:not([data-state=playing])`, { timeout: 60_000 });
}

/** Takes a picture of a sign-in page, as Dana sees it. */
async function takeHostedPage(browser: Browser, application: string, folder: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 640 }, deviceScaleFactor: 1 });
  await page.goto(application);
  await page.click('#sign-in');
  await page.fill('input[name=username]', 'dana@acme.example');
  await page.screenshot({ path: join(folder, 'sign-in.png') });
  await page.close();
}

const withoutErrors = (page: HostedPage): HostedPage => ('errors' in page ? { ...page, errors: [] } : page);

/** Takes a picture of a sample page, which `render` writes. */
async function takeSample(page: Page, name: string, render: (sample: HostedPage) => string): Promise<string> {
  const sample = PAGE_SAMPLES.find((one) => one.name === name)?.page;
  if (sample === undefined) throw new Error(`there is no sample page ${name}`);
  // Browsers have passkeys only on a page with a safe origin, which an empty tab is not.
  await page.route(SAMPLE_URL, (route) => route.fulfill({ contentType: 'text/html', body: render(sample) }));
  await page.goto(SAMPLE_URL);
  await page.unroute(SAMPLE_URL);
  return (await page.screenshot({ type: 'png' })).toString('base64');
}

/** Puts pictures of the same size side by side in one file. */
async function putSideBySide(page: Page, pictures: readonly string[], file: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? WIDE;
  const gap = 2;
  await page.setViewportSize({ width: (width + gap) * pictures.length - gap, height });
  const images = pictures.map((data) => `<img width="${width}" src="data:image/png;base64,${data}">`);
  await page.setContent(`<body style="margin:0;display:flex;gap:${gap}px;background:#cbd5e1">${images.join('')}`);
  await page.screenshot({ path: file });
}

/** Takes a picture of the same page in two themes. */
async function takeThemes(browser: Browser, folder: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 480, height: 420 } });
  const pictures: string[] = [];
  for (const theme of [THEME, DARK_THEME]) {
    const tenant = { friendlyName: 'Northwind', look: toLook({}, theme) };
    const brand = brandOf({ tenant }, 'https://login.example');
    const render = (sample: HostedPage) => renderPage({ ...sample, brand } as HostedPage, { nonce: 'n' });
    pictures.push(await takeSample(page, 'identifier-empty', render));
  }
  await putSideBySide(page, pictures, join(folder, 'themes.png'));
  await page.close();
}

/** Takes a picture of the same page in English and in German, the latter with the words of docs/guides/words.md. */
async function takeWords(browser: Browser, folder: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 560, height: 560 } });
  const own = { title: 'Willkommen bei {brand}', description: 'Weiter zu {application}', buttonText: 'Los geht es' };
  const place = {
    tenant: { friendlyName: 'Northwind', texts: { de: { 'login-id': { 'login-id': own } } } },
    client: { name: 'Northwind Portal' },
  };
  const pictures: string[] = [];
  for (const language of ['en', 'de'] as const) {
    const render = (sample: HostedPage) =>
      renderPage(sample, { nonce: 'n', speech: customize({ language, words: WORDS[language] }, sample, place) });
    pictures.push(await takeSample(page, 'identifier-connections', render));
  }
  await putSideBySide(page, pictures, join(folder, 'words.png'));
  await page.close();
}

/** Takes pictures of sample pages side by side, without their errors, all with the size of `viewport`. */
async function takeRow(
  browser: Browser,
  viewport: { readonly width: number; readonly height: number },
  samples: readonly string[],
  file: string,
): Promise<void> {
  const page = await browser.newPage({ viewport });
  const pictures: string[] = [];
  for (const name of samples)
    pictures.push(await takeSample(page, name, (sample) => renderPage(withoutErrors(sample), { nonce: 'n' })));
  await putSideBySide(page, pictures, file);
  await page.close();
}

/** Takes pictures of the pages about second factors, and of the page of the account. */
async function takeFactors(browser: Browser, folder: string): Promise<void> {
  const pages = ['factor-new-app', 'factor-recovery-code', 'factor'];
  await takeRow(browser, { width: 440, height: 900 }, pages, join(folder, 'second-factor.png'));
  await takeRow(browser, { width: 720, height: 1450 }, ['account'], join(folder, 'account-page.png'));
  await takeRow(
    browser,
    { width: 440, height: 620 },
    ['identifier-passkeys', 'factor-offer'],
    join(folder, 'passkeys.png'),
  );
}

/** Takes pictures of the last story's refusal in the console, and of the page Customers of an application. */
async function takeConsole(page: Page, folder: string): Promise<void> {
  const press = page.getByRole('button', { name: 'as Olga, the administrator' });
  const [console] = await Promise.all([page.waitForEvent('popup'), press.click()]);
  // The window is high enough to show the rule that decided.
  await console.setViewportSize({ ...WIDE, height: 960 });
  await console.getByRole('button', { name: 'Invite sam@acme.example' }).waitFor();
  await console.screenshot({ path: join(folder, 'console.png') });
  await console.setViewportSize({ width: 1000, height: 1080 });
  for (const name of ['Applications and APIs', 'Notebook', 'Customers'])
    await console.getByRole('link', { name, exact: true }).first().click();
  await console.getByText('What customers may do here').waitFor();
  await console.screenshot({ path: join(folder, 'customers-page.png') });
  await console.close();
}

async function takeActionsPage(browser: Browser, stage: string, folder: string): Promise<void> {
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(`${stage}/actions`);
  await page.click('#play button');
  await page.waitForSelector('article.trial table', { timeout: 60_000 });
  await page.screenshot({ path: join(folder, 'actions-page.png'), fullPage: true });
  await page.close();
}

/** Takes pictures of every page in both widths, for people who change the pages. */
async function takeAll(page: Page, stage: string, folder: string): Promise<void> {
  const both = async (name: string) => {
    await page.screenshot({ path: join(folder, `${name}-1280.png`) });
    await page.setViewportSize(NARROW);
    await page.screenshot({ path: join(folder, `${name}-390.png`), fullPage: true });
    await page.setViewportSize(WIDE);
  };
  await both('stage-new');
  const ids = await page.locator('.story').evaluateAll((all) => all.map((one) => one.getAttribute('data-story') ?? ''));
  for (const id of ids) {
    await play(page, id);
    await both(`stage-${id}`);
  }
  await page.click('#order [value=before_actions]');
  await page.waitForSelector('#order [value=before_actions][aria-pressed=true]');
  await play(page, '04');
  await both('stage-04-before');
  await page.click('#order [value=after_actions]');
  for (const path of ['/mail', '/actions']) {
    await page.goto(`${stage}${path}`);
    await both(path.slice(1));
  }
}

/** Shrinks the pictures to less than 200 kB each, because every clone of the repository contains them. */
async function shrink(browser: Browser, folder: string): Promise<void> {
  const blank = await browser.newPage();
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.png'))) {
    const file = join(folder, name);
    writeFileSync(file, await toPalettePng(blank, readFileSync(file)));
  }
}

async function takePictures(folder: string, all: boolean): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-pictures-'));
  chmodSync(dataDir, 0o711);
  const demo = await startDemo({ PORT: String(await findFreePort()), VESTIBULE_DATA_DIR: dataDir });
  const browser = await launchChromium();
  try {
    const { stage = '', application = '' } = demo.addresses;
    const page = await browser.newPage({ viewport: WIDE, colorScheme: 'light' });
    await page.goto(`${stage}/?pace=0`);
    if (all) await takeAll(page, stage, folder);
    else {
      await play(page, '03');
      await page.screenshot({ path: join(folder, 'stage.png') });
      await takeConsole(page, folder);
      await takeHostedPage(browser, application, folder);
      await takeActionsPage(browser, stage, folder);
      await takeThemes(browser, folder);
      await takeWords(browser, folder);
      await takeFactors(browser, folder);
      await shrink(browser, folder);
    }
  } finally {
    await browser.close();
    await demo.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const [flag, folder] = process.argv.slice(2);
const elsewhere = flag === '--to' ? folder : undefined;
if (elsewhere !== undefined) mkdirSync(elsewhere, { recursive: true });
await takePictures(elsewhere ?? 'docs', elsewhere !== undefined);
