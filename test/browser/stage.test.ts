/** The stage in Chromium: each story is clicked, played by a real browser through all three servers, and ends as promised. */
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, findFreePort, startDemo } from '../support/demo-process.js';

interface State {
  readonly stories: readonly { id: string; state: string; unavailable: string | null }[];
  readonly run: {
    readonly over: boolean;
    readonly acts: readonly {
      readonly ledger: readonly { table: string; before: number; after: number; changed: number }[];
      readonly checks: readonly { says: string; ok: boolean }[];
      readonly trace?: { outcome: string; code: string; steps: readonly { name: string; answer: string }[] };
    }[];
    readonly frames: readonly { place: string; says: string }[];
  } | null;
}

describe.skipIf(noChromium())('the stage', () => {
  let database: TestDatabase;
  let demo: DemoProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const stage = () => demo.addresses.stage ?? '';
  const readState = async () => (await (await fetch(`${stage()}/stage/state.json`)).json()) as State;

  beforeAll(async () => {
    database = await createTestDatabase();
    [demo, browser] = await Promise.all([
      startDemo({
        PORT: String(await findFreePort()),
        DATABASE_URL: database.url,
        VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
      }),
      launchChromium(),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A refusal is a page with status 403, which Chromium reports.
      const isRefusal = /status of 403/.test(message.text());
      if (message.type() === 'error' && !isRefusal) complaints.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(`${stage()}/?pace=0`);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
  });

  const play = async (id: string): Promise<NonNullable<State['run']>> => {
    const button = page.locator(`[data-story="${id}"]`);
    await button.click();
    await page.waitForFunction(
      (name) => document.querySelector(`[data-story="${name}"][data-state*="as promised"]`),
      id,
    );
    const { run } = await readState();
    expect(run?.acts.flatMap((act) => act.checks).filter((check) => !check.ok)).toEqual([]);
    expect(await button.getAttribute('data-state')).toBe('as promised');
    expect(complaints).toEqual([]);
    if (run === null) throw new Error('nothing was played');
    return run;
  };

  test('01 the newcomer walks from the mail through Vestibule and the IdP into the application', async () => {
    const run = await play('01');
    expect(run.frames.map((frame) => frame.place)).toEqual(['mailbox', 'Vestibule', 'IdP', 'application']);
    const shown = page.locator('[data-table=users] .chip, [data-table=members] .chip, [data-table=tenant] .chip');
    expect(await shown.allTextContents()).toEqual(['+1', '+1', '0']);
    expect(run.acts[0]?.trace?.steps.map((step) => step.answer)).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
      'none',
      'pass',
    ]);
  });

  test('03 the stranger leaves a row of zeros, and the trace names the rule', async () => {
    const run = await play('03');
    const moved = run.acts[0]?.ledger.filter((line) => line.after !== line.before || line.changed > 0);
    expect(moved?.map((line) => [line.table, line.after - line.before])).toEqual([['logs', 1]]);
    expect(run.acts[0]?.trace).toMatchObject({ outcome: 'refused', code: 'admit.not_a_member' });
    expect(await page.locator('.trace .decides .rule').textContent()).toBe('not_a_member');
    const rows = await page.locator('#ledger tr').count();
    expect(await page.locator('#ledger tr.same').count()).toBe(rows - 1);
  });

  for (const id of ['02', '05', '06', '08'])
    test(`${id} ends as promised`, async () => {
      await play(id);
    });

  for (const id of ['07', '09'])
    test(`${id} proves an account by the code from the mailbox`, async () => {
      const run = await play(id);
      expect(run.frames.map((frame) => frame.says)).toContain('The code arrives');
    });

  test('everybody can be put back, so that a walk by hand begins as at the first start', async () => {
    await page.click('#put-back');
    await page.waitForFunction(() => document.querySelector('[data-story="05"] .state')?.textContent === 'not played');
    const rows = (table: string) => page.locator(`[data-table=${table}] td`).first().textContent();
    expect([await rows('users'), await rows('members')]).toEqual(['5', '4']);
    expect(complaints).toEqual([]);
  });

  test('the mailbox shows the newest mail first, in a frame without rights, with its link beside it', async () => {
    const reader = await browser.newPage();
    await reader.goto(`${stage()}/mail`);
    const subjects = await reader.locator('.mails a').allTextContents();
    expect(subjects[0]).toMatch(/Your code for Acme\s+to uma@acme\.example/);
    await reader.click('text=Ada Admin invites you to Acme');
    expect(await reader.getAttribute('main iframe', 'sandbox')).toBe('');
    expect(await reader.getAttribute('#follow', 'href')).toMatch(/\/login\?invitation=[\w.-]+&organization=org_/);
    await reader.close();
  });

  test('04 cannot be played, and says why', async () => {
    expect(await page.locator('[data-story="04"]').isDisabled()).toBe(true);
    expect(await page.locator('[data-story="04"] .state').textContent()).toContain('Actions');
  });

  test('everything fits on one screen', async () => {
    const [width, height] = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return [scrollWidth, scrollHeight];
    });
    expect([width, height]).toEqual([1280, 800]);
  });

  test('the deep link plays its story, and so does its number on the keyboard', async () => {
    const linked = await browser.newPage();
    await linked.goto(`${stage()}/?pace=0#02`);
    await linked.waitForSelector('[data-story="02"][aria-current][data-state="as promised"]');
    await linked.keyboard.press('3');
    await linked.waitForSelector('[data-story="03"][aria-current][data-state="as promised"]');
    await linked.close();
  });

  test('by hand: Evil Corp asserts Dana, and is refused', async () => {
    const context = await browser.newContext();
    const mallory = await context.newPage();
    await mallory.goto(demo.addresses.application ?? '');
    await mallory.click('text=Sign in to Evil Corp');
    await mallory.click('text=Continue with Evil Corp sign-in');
    await mallory.fill('#login', 'dana@acme.example');
    await mallory.click('text=Sign in');
    await mallory.waitForSelector('text=You are not signed in');
    expect(await mallory.textContent('main')).toContain('access_denied');
    await context.close();
  });

  test('another site can neither play, nor read, nor frame', async () => {
    const foreign = { method: 'POST', headers: { origin: 'http://evil.example' } };
    expect((await fetch(`${stage()}/stage/play/03`, foreign)).status).toBe(403);
    expect((await fetch(`${stage()}/stage/play/03`, { method: 'POST' })).status).toBe(403);
    const other = new URL('/mail', stage());
    other.hostname = '127.0.0.1';
    expect((await fetch(other)).status).toBe(421);
    const served = await fetch(`${demo.addresses.Vestibule}/nowhere`);
    expect(served.headers.get('content-security-policy')).toContain(`frame-ancestors ${stage()};`);
  });
});
