/**
 * Starts the Chromium of the system for browser tests. Never downloads one. In CI its absence is a failure; elsewhere a
 * suite is skipped with the printed reason.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `CHROMIUM_PATH`, or the first of the usual places where there is one. */
export function findChromium(): string | undefined {
  const wanted = process.env.CHROMIUM_PATH;
  return wanted ? (isExecutable(wanted) ? wanted : undefined) : USUAL_PLACES.find(isExecutable);
}

/**
 * For `describe.skipIf(noChromium())`: false where Chromium is installed. Without it, prints why the suite is skipped and
 * gives true; in CI (`CI` is set) it throws instead, so that the suite cannot silently not run.
 */
export function noChromium(): boolean {
  if (findChromium() !== undefined) return false;
  const reason = process.env.CHROMIUM_PATH
    ? `CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, where there is no program`
    : `no Chromium in ${USUAL_PLACES.slice(0, 3).join(', ')} …; install it (Debian: apt-get install chromium) or set CHROMIUM_PATH`;
  if (process.env.CI) throw new Error(`browser tests need Chromium: ${reason}`);
  console.warn(`browser tests skipped: ${reason}`);
  return true;
}

/** A headless browser; close it in `afterAll`. `extra` are further command line arguments. */
export async function launchChromium(extra: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: ask noChromium() before');
  return chromium.launch({ executablePath, headless: true, args: [...ARGUMENTS, ...extra] });
}

/** Takes a picture for people to look at. It costs time and judges nothing: CI, where nobody looks, takes none. */
export async function takePicture(tab: Page, path: string, { fullPage = false } = {}): Promise<void> {
  if (process.env.CI) return;
  mkdirSync(dirname(path), { recursive: true });
  await tab.screenshot({ path, fullPage });
}
