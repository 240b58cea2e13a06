/**
 * The console in Chromium, used as an operator uses it: in the session of a sign-in on the hosted pages, looked at in both widths and both colour schemes, judged by
 * axe, with every complaint of the browser kept.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { expect } from 'vitest';
import type { OperatorRole } from '../../src/domain/operator-role.js';
import { findWithAxe } from './axe.js';
import { PASSWORD } from './cast.js';
import { takePicture } from './chromium.js';
import { halfShareFor } from './half-share.js';
import type { Instance } from './instance.js';
import { createOperatorRig } from './operators.js';

const SHOTS = fileURLToPath(new URL('../../artifacts/console/', import.meta.url));
const WIDTHS = [1440, 390] as const;
const LOOKS = (['light', 'dark'] as const).flatMap((scheme) => WIDTHS.map((width) => ({ scheme, width })));

export interface ConsoleTab {
  readonly tab: Tab;
  /** Complaints of the browser (errors of scripts, of the policy of the page), except about answers of the API that were refused. */
  readonly complaints: readonly string[];
  /** Opens an address below /console and waits for its heading. */
  open(path: string, heading: string | RegExp): Promise<void>;
  /**
   * Takes pictures in both widths and both colour schemes, and expects that nothing stands out of the page and that axe finds nothing. A run of
   * a share looks at one of the four.
   */
  look(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Waits until nothing moves: a page that was made narrow puts its list of pages away first. */
async function settle(tab: Tab): Promise<void> {
  await tab.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const moving = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map((one) => one.finished));
  });
}

async function lookAt(tab: Tab, name: string): Promise<void> {
  const found: string[] = [];
  // Chromium draws one frame a second of a tab that stands behind another.
  await tab.bringToFront();
  for (const { scheme, width } of halfShareFor(name, LOOKS)) {
    await tab.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await tab.setViewportSize({ width, height: 900 });
    await settle(tab);
    await takePicture(tab, join(SHOTS, `${name}-${width}-${scheme}.png`), { fullPage: true });
    const over = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) found.push(`${width}: ${over} pixels stand out of the page`);
    for (const finding of await findWithAxe(tab)) found.push(`${width} ${scheme}: ${finding}`);
  }
  await tab.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await tab.setViewportSize({ width: WIDTHS[0], height: 900 });
  expect(found, name).toEqual([]);
}

function watch(tab: Tab): string[] {
  const complaints: string[] = [];
  tab.on('pageerror', (error) => complaints.push(String(error)));
  tab.on('console', (message) => {
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return complaints;
}

async function signIn(tab: Tab, email: string): Promise<void> {
  await tab.fill('[name="username"]', email);
  await tab.keyboard.press('Enter');
  await tab.fill('[name="password"]', PASSWORD);
  await tab.keyboard.press('Enter');
}

/**
 * Makes an operator of `instance`, and opens the console in a window of its own. They are in the session of the sign-in by
 * which they became a member, which takes half the time; with `byHand` they type address and password as a person would.
 */
export async function openConsole(
  instance: Instance,
  browser: Browser,
  { email = 'olga@vestibule.example', role = 'owner' as OperatorRole, path = '/console', byHand = false } = {},
): Promise<ConsoleTab> {
  const { cookies } = await (await createOperatorRig(instance)).join(email, role);
  const context: BrowserContext = await browser.newContext({
    viewport: { width: WIDTHS[0], height: 900 },
    reducedMotion: 'reduce',
    ignoreHTTPSErrors: true,
  });
  if (!byHand)
    await context.addCookies(
      [...cookies].map(([name, value]) => ({ name, value, url: instance.origin, httpOnly: true })),
    );
  const tab = await context.newPage();
  tab.setDefaultTimeout(15_000);
  const complaints = watch(tab);
  await tab.goto(`${instance.origin}${path}`);
  try {
    if (byHand) await signIn(tab, email);
    await tab.waitForSelector('nav[aria-label="Pages"]');
  } catch (error) {
    throw new Error(`no console at ${tab.url()}: ${await tab.textContent('body')} ${complaints.join('; ')}`, {
      cause: error,
    });
  }
  return {
    tab,
    complaints,
    async open(to, heading) {
      await tab.bringToFront();
      await tab.goto(`${instance.origin}/console${to}`);
      try {
        await tab.getByRole('heading', { level: 1, name: heading }).waitFor();
      } catch (error) {
        // Tell what is there instead: a page that failed to load says why.
        const shown = await tab.evaluate(() => document.querySelector('main')?.textContent);
        throw new Error(`no heading ${String(heading)} at ${tab.url()}: ${shown}\n${complaints.join('; ')}`, {
          cause: error,
        });
      }
    },
    look: (name) => lookAt(tab, name),
    close: () => context.close(),
  };
}
