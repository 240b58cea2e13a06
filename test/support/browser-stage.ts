/**
 * A server on localhost, an application and IdPs on 127.0.0.1 (for a browser another site, so that SameSite cookies are really
 * withheld), and Chromium. With `STORY_SCREENSHOTS=DIRECTORY` every page that a story stops at is kept as a picture, at two widths.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Application, startApplication } from './application.js';
import { type Cast, createCast } from './cast.js';
import { createCertificate } from './certificate.js';
import { launchChromium } from './chromium.js';
import { findFreePort, type Instance, type Json, startInstance } from './instance.js';
import type { LogLine } from './stage.js';
import { trustAuthority } from './trust.js';

export interface BrowserStage {
  readonly instance: Instance;
  readonly cast: Cast;
  readonly application: Application;
  /** A window of a person of its own. Closed after the test. */
  open(options?: BrowserContextOptions): Promise<{ context: BrowserContext; tab: Tab }>;
  /** Where the application begins a login at Acme. */
  login(parameters?: Readonly<Record<string, string>>): string;
  /** Keeps a picture of what the person sees. */
  look(tab: Tab, name: string): Promise<void>;
  /** The log's line with the reference number that the page shows. */
  refusalOn(tab: Tab): Promise<LogLine>;
  findRefusal(reference: string): Promise<LogLine>;
  mailedCode(email: string): Promise<string>;
}

const WIDTHS = [360, 1440] as const;

async function takePictures(tab: Tab, directory: string, name: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const before = tab.viewportSize();
  for (const width of WIDTHS) {
    await tab.setViewportSize({ width, height: width === 360 ? 740 : 900 });
    await tab.screenshot({ path: join(directory, `${name}-${width}.png`) });
  }
  if (before) await tab.setViewportSize(before);
}

/** Reads the application's answer: the claims of the person who is in, or the error that it was sent. */
export async function readAnswer(tab: Tab, application: Application): Promise<Json> {
  await tab.waitForURL((url) => url.origin === application.origin);
  return JSON.parse((await tab.locator('body').textContent()) ?? '') as Json;
}

/** Returns the claims of the person who is in. */
export async function claimsOf(tab: Tab, application: Application): Promise<Json> {
  const answer = await readAnswer(tab, application);
  expect(new URL(tab.url()).pathname, JSON.stringify(answer)).toBe('/me');
  return answer.claims as Json;
}

/** A server that speaks https with a certificate of an authority that this process is made to trust. */
async function startHttpsInstance(undo: (() => unknown)[]): Promise<Instance> {
  const certificate = createCertificate();
  undo.push(() => certificate.remove(), trustAuthority(certificate.ca));
  const port = String(await findFreePort());
  return startInstance({
    environment: {
      PORT: port,
      VESTIBULE_URL: `https://localhost:${port}`,
      VESTIBULE_TLS_CERT: certificate.cert,
      VESTIBULE_TLS_KEY: certificate.key,
    },
  });
}

/** Sets everything up before the tests of a file and takes it down afterwards. */
export function useBrowserStage(scheme: 'http' | 'https' = 'http'): BrowserStage {
  const undo: (() => unknown)[] = [];
  let instance: Instance;
  let cast: Cast;
  let application: Application;
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  const directory = process.env.STORY_SCREENSHOTS;

  beforeAll(async () => {
    [instance, application, browser] = await Promise.all([
      scheme === 'https' ? startHttpsInstance(undo) : startInstance(),
      startApplication(),
      launchChromium(),
    ]);
    cast = await createCast(instance, { clientFields: application.clientFields });
    application.connect({ issuer: instance.origin, client: cast.client });
  }, 90_000);
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
  });
  afterAll(async () => {
    await browser?.close();
    await application?.stop();
    await cast?.stop();
    await instance?.stop();
    for (const step of undo.reverse()) await step();
  });

  const findRefusal = async (reference: string): Promise<LogLine> => {
    const lines = await instance.api<LogLine[]>('GET', '/logs?per_page=100');
    const line = lines.find((item) => item.details.reference === reference);
    if (!line) throw new Error(`the log has no line with reference ${reference}`);
    return line;
  };
  return {
    get instance() {
      return instance;
    },
    get cast() {
      return cast;
    },
    get application() {
      return application;
    },
    async open(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        // Chromium keeps its own list of authorities; that of a test is not in it.
        ignoreHTTPSErrors: scheme === 'https',
        ...options,
      });
      contexts.push(context);
      context.setDefaultTimeout(10_000);
      return { context, tab: await context.newPage() };
    },
    login: (parameters = {}) => application.loginUrl({ organization: cast.acme.id, ...parameters }),
    async look(tab, name) {
      if (directory) await takePictures(tab, directory, name);
    },
    findRefusal,
    async refusalOn(tab) {
      const words = (await tab.locator('main').textContent()) ?? '';
      const reference = /V-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(words)?.[0];
      if (reference === undefined) throw new Error(`no reference number on ${tab.url()}: ${words}`);
      return findRefusal(reference);
    },
    async mailedCode(email) {
      const found = (await instance.mail()).find(({ mail }) => mail.to === email && mail.template === 'proof_code');
      if (!found) throw new Error(`no code was mailed to ${email}`);
      return found.mail.model.code as string;
    },
  };
}
