/** The stage in Chromium: each story is clicked, played by a real browser through all three servers, and ends as promised. */
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

// Deadlines for what hangs, not measures: on a busy machine a story takes many times its seconds.
vi.setConfig({ testTimeout: 240_000 });
const PATIENCE_MS = 120_000;

interface State {
  readonly order: string;
  readonly stories: readonly { id: string; state: string }[];
  readonly run: {
    readonly over: boolean;
    readonly other: readonly { table: string; before: number; after: number }[] | null;
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
    // The ring that turns while a story plays would cost as much as the story: it is drawn sixty times a second.
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A refusal is a page with status 403, a wrong code one with 400: Chromium reports both.
      const isRefusal =
        /status of 403/.test(message.text()) ||
        (/status of 400/.test(message.text()) && message.location().url.includes('/u/proof'));
      if (message.type() === 'error' && !isRefusal) complaints.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(`${stage()}/?pace=0`);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
  });

  const playToItsEnd = async (id: string): Promise<NonNullable<State['run']>> => {
    await page.click(`[data-story="${id}"]`);
    await page.waitForSelector(`[data-story="${id}"][data-state=playing]`);
    await page.waitForSelector(`[data-story="${id}"]:not([data-state=playing])`);
    const { run } = await readState();
    expect(complaints).toEqual([]);
    if (run === null) throw new Error('nothing was played');
    return run;
  };
  /** By how many pixels the ledger or the trace of the shown act does not fit, in both color schemes. */
  const measureOverflow = async (): Promise<Record<string, number>> => {
    const found: Record<string, number> = {};
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const part of ['.right', '#trace'])
        found[`${colorScheme} ${part}`] = await page
          .locator(part)
          .evaluate((element) => Math.max(0, element.scrollHeight - element.clientHeight));
    }
    return found;
  };
  const play = async (id: string, ends = 'as promised'): Promise<NonNullable<State['run']>> => {
    const run = await playToItsEnd(id);
    expect(run.acts.flatMap((act) => act.checks).filter((check) => !check.ok)).toEqual([]);
    expect(await page.getAttribute(`[data-story="${id}"]`, 'data-state')).toBe(ends);
    // Each act, and at its end the line that decided: one screen, nothing to scroll.
    const acts = page.locator('#tabs button');
    for (let act = 0; act < Math.max(1, run.acts.length); act++) {
      if (run.acts.length > 1) await acts.nth(act).click();
      const fits = { 'dark .right': 0, 'dark #trace': 0, 'light .right': 0, 'light #trace': 0 };
      expect(await measureOverflow(), `${id}, act ${act + 1}`).toEqual(fits);
    }
    return run;
  };
  const turnTo = async (order: string): Promise<void> => {
    await page.click(`#order [value=${order}]`);
    await page.waitForSelector(`#order [value=${order}][aria-pressed=true]`);
    expect((await readState()).order).toBe(order);
  };
  const movedIn = (ledger: readonly { table: string; before: number; after: number }[] | null | undefined) =>
    (ledger ?? []).filter((line) => line.after !== line.before).map((line) => [line.table, line.after - line.before]);

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

  test('03 the stranger leaves a row of zeros, and the trace says why, with the rule’s name beside it', async () => {
    const run = await play('03');
    const moved = run.acts[0]?.ledger.filter((line) => line.after !== line.before || line.changed > 0);
    expect(moved?.map((line) => [line.table, line.after - line.before])).toEqual([['logs', 1]]);
    expect(run.acts[0]?.trace).toMatchObject({ outcome: 'refused', code: 'admit.not_a_member' });
    expect(await page.locator('.trace .decides .rule').textContent()).toBe('not_a_member');
    expect(await page.locator('.trace .decides .said').textContent()).toBe('No rule lets them in: refused.');
    // A rule that had nothing to say is not shown as a "yes".
    expect(await page.locator('.trace li.nothing .rule').allTextContents()).toEqual(
      expect.arrayContaining(['member', 'invited', 'auto']),
    );
    expect(await page.locator('#ledger tr').count()).toBe(6);
    expect(await page.locator('#ledger tr.same').count()).toBe(6);
    expect(await page.locator('#fold').textContent()).toMatch(/^\d+ other tables: logs \+1, else no difference$/);
    expect(await page.locator('#rest').isHidden()).toBe(true);
    await page.click('#fold');
    expect(await page.locator('#rest tr').first().getAttribute('data-table')).toBe('logs');
    await page.click('#fold');
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
    // Ada, who administers Acme, is one of them.
    expect([await rows('users'), await rows('members')]).toEqual(['6', '5']);
    expect(complaints).toEqual([]);
  });

  test('the mailbox shows the newest mail first, in a frame without rights, with its link beside it', async () => {
    const reader = await browser.newPage();
    await reader.goto(`${stage()}/mail`);
    const subjects = await reader.locator('.mails a').allTextContents();
    expect(subjects[0]).toMatch(/Your code for Acme\s+to uma@acme\.example/);
    await reader.click('text=Ada Admin invites you to Acme');
    expect(await reader.getAttribute('main iframe', 'sandbox')).toBe('');
    expect(await reader.getAttribute('#follow', 'href')).toMatch(/\/u\/invitation\/open\?invitation=[\w.-]+$/);
    await reader.close();
  });

  test('04 an Action denies the stranger: a row of zeros, and step 5 has decided', async () => {
    const [act] = (await play('04')).acts;
    expect(movedIn(act?.ledger)).toEqual([['logs', 1]]);
    expect(act?.trace).toMatchObject({ outcome: 'refused', code: 'act.denied' });
    expect(await page.locator('.trace .decides .rule').textContent()).toBe('post-login');
    expect(await page.locator('#note').textContent()).toBe('Membership was decided after Actions.');
  });

  test('the switch: in Auth0’s order 04 shows what stays, as a lesson, and both ledgers stand side by side', async () => {
    await turnTo('before_actions');
    const run = await play('04', 'as on Auth0');
    expect(await page.locator('#verdict > b').textContent()).toBe('What Auth0’s order leaves');
    expect(await page.locator('#verdict li.lesson').textContent()).toContain('stay');
    expect(await page.locator('#verdict li.broken').count()).toBe(0);
    const stays = [
      ['identities', 1],
      ['logs', 2],
      ['members', 1],
      ['users', 1],
    ];
    expect(movedIn(run.acts[0]?.ledger)).toEqual(stays);
    expect(movedIn(run.other)).toEqual([['logs', 1]]);
    expect(await page.locator('[data-table=members] .chip').allTextContents()).toEqual(['+1', '0']);
    await turnTo('after_actions');
    expect(movedIn((await play('04')).other)).toEqual(stays);
    expect(await page.locator('[data-table=members] .chip').allTextContents()).toEqual(['0', '+1']);
    const wide = await page.evaluate(() => {
      const right = document.querySelector('.right');
      return right === null ? 0 : right.scrollWidth - right.clientWidth;
    });
    expect(wide, 'the second difference has room').toBeLessThanOrEqual(0);
  });

  test('10 reproduces the defect and cleans up; afterwards the order is the one from before', async () => {
    for (const order of ['before_actions', 'after_actions']) {
      await turnTo(order);
      const [denied, cleaned] = (await play('10', 'as on Auth0')).acts;
      expect(movedIn(denied?.ledger)).toContainEqual(['members', 1]);
      expect(movedIn(cleaned?.ledger).map(([table]) => table)).not.toContain('members');
      expect((await readState()).order).toBe(order);
      expect(await page.getAttribute(`#order [value=${order}]`, 'aria-pressed')).toBe('true');
    }
  });

  for (const id of ['11', '12'])
    test(`${id} ends with what Auth0’s order leaves`, async () => {
      await play(id, 'as on Auth0');
    });

  test('20 Mallory gets nothing of Dana’s, and the guesses end on a page of Vestibule', async () => {
    const run = await play('20');
    expect(run.acts.map((act) => act.trace?.code)).toEqual(['admit.not_a_member', 'authenticate.proof_failed']);
    const vestibule = run.frames.filter((frame) => frame.place === 'Vestibule');
    expect(vestibule.at(-1)?.says).toBe('Mallory is refused');
    expect(await page.locator('#film .act').count()).toBe(2);
    expect(await page.locator('#verdict h3').allTextContents()).toEqual(['1 Asserts Dana', '2 Invites Dana']);
  });

  test('before any story the stage says the problem and the answer, and each answer plays', async () => {
    const reader = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    reader.setDefaultTimeout(PATIENCE_MS);
    await reader.goto(`${stage()}/?pace=0`);
    const intro = reader.locator('#intro');
    for (const words of ['is not part of the org_… organization', 'before your Post-Login Action', 'one transaction'])
      expect(await intro.textContent()).toContain(words);
    expect(await intro.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(0);
    // By hand: the password and the last code are in sight. The page asks for the code after it is drawn.
    await expect
      .poll(() => reader.locator('.needs').textContent(), { timeout: PATIENCE_MS })
      .toMatch(/Correct-horse-7-battery[\s\S]*\d{6}/);
    for (const part of ['.left', '.needs dd:nth-of-type(-n + 2)'])
      expect(
        await reader
          .locator(part)
          .evaluateAll(
            (all) =>
              all.filter((one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth).length,
          ),
        part,
      ).toBe(0);
    await reader.click('[data-play="03"]');
    await reader.waitForSelector('[data-story="03"][aria-current][data-state="as promised"]');
    expect(await intro.isHidden()).toBe(true);
    await reader.click('#problem');
    expect(await intro.isVisible()).toBe(true);
    await reader.close();
  });

  test('at 390 pixels nothing is wider than the screen, the stories come first, and a played one is in sight', async () => {
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
    phone.setDefaultTimeout(PATIENCE_MS);
    await phone.goto(`${stage()}/?pace=0`);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const tops = await phone
      .locator('main > section')
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    expect([...tops].sort((a, b) => a - b)).toEqual(tops);
    expect(await phone.locator('main > section').first().locator('[data-story]').count()).toBeGreaterThan(12);
    await phone.locator('[data-story="03"]').click();
    await phone.waitForSelector('[data-story="03"][data-state="as promised"]');
    const title = await phone.locator('#title').boundingBox();
    expect(title?.y).toBeGreaterThanOrEqual(0);
    expect(title?.y).toBeLessThan(400);
    await phone.close();
  });

  // WCAG 2.5.8. A box within its label is hit by the label.
  test('each target is 24 pixels wide and high at least, and all but the header is in a main', async () => {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const small = await page.locator(':is(a, button, summary, label, input, [tabindex])').evaluateAll((all) =>
        all
          .filter((one) => one.checkVisibility() && one.parentElement?.tagName !== 'LABEL')
          .map((one) => ({ text: one.textContent?.trim().slice(0, 40), box: one.getBoundingClientRect() }))
          .filter(({ box }) => box.width < 24 || box.height < 24)
          .map(({ text, box }) => `${text}: ${box.width} x ${box.height}`),
      );
      expect(small, String(width)).toEqual([]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await page.locator('main').count()).toBe(1);
    expect(await page.locator('body > :not(main, header, script)').count()).toBe(0);
    expect(await page.locator('main').ariaSnapshot()).toContain('region "Stories"');
  });

  test('a story with an Action that is left halfway takes its Action and its order along', async () => {
    await page.click('[data-story="12"]');
    await page.waitForSelector('[data-story="12"][data-state=playing]');
    // As soon as its Action is in place. On a fast machine the story may be over before the page has shown it: then nothing is to be taken along.
    await page.waitForSelector('#order [value=before_actions][aria-pressed=true]', { timeout: 3_000 }).catch(() => {});
    const run = await play('03');
    expect((await readState()).order).toBe('after_actions');
    expect(run.acts[0]?.ledger.find((line) => line.table === 'actions')?.before).toBe(0);
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
    linked.setDefaultTimeout(PATIENCE_MS);
    await linked.goto(`${stage()}/?pace=0#02`);
    await linked.waitForSelector('[data-story="02"][aria-current][data-state="as promised"]');
    await linked.keyboard.press('3');
    await linked.waitForSelector('[data-story="03"][aria-current][data-state="as promised"]');
    await linked.close();
  });

  test('by hand: Evil Corp asserts Dana, and is refused', async () => {
    const context = await browser.newContext();
    const mallory = await context.newPage();
    mallory.setDefaultTimeout(PATIENCE_MS);
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
