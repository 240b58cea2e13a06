/**
 * Story 38 by hand, in the demo as its reader starts it: Acme's administrator clicks through *Organization settings* from
 * the domain to the first colleague who signs in by the company's provider, invites somebody, and goes back. The page is
 * examples/organization-settings with auth0-react unmodified. With `STORY_SCREENSHOTS=DIRECTORY` pictures are kept.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../../demo/people.js';
import { findWithAxe } from '../support/axe.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

const SIZES = [
  [1280, 'light'],
  [390, 'light'],
  [1280, 'dark'],
] as const;

describe.skipIf(noChromium())('story 38 by hand', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-38-hand-'));
  const pictures = process.env.STORY_SCREENSHOTS;
  let database: TestDatabase;
  let demo: DemoProcess;
  let browser: Browser;
  let board: Tab;
  let ada: Tab;

  async function open(): Promise<BrowserContext> {
    // The page's policy allows no script of others, and axe is one.
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
    context.setDefaultTimeout(20_000);
    return context;
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startDemo({
        PORT: String(await findFreePort()),
        DATABASE_URL: database.url,
        VESTIBULE_DATA_DIR: dataDir,
        VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
      }),
    ]);
    board = await (await open()).newPage();
    await board.goto(`${demo.addresses.stage}/own-sso`);
    ada = await (await open()).newPage();
    ada.on('dialog', (dialog) => void dialog.accept());
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Keeps pictures of the tab, and checks that it fits a phone and is accessible. */
  async function look(tab: Tab, name: string): Promise<void> {
    for (const [width, colorScheme] of SIZES) {
      await tab.setViewportSize({ width, height: 900 });
      await tab.emulateMedia({ colorScheme });
      expect(await tab.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
      expect(await findWithAxe(tab), `${name} ${width} ${colorScheme}`).toEqual([]);
      if (pictures)
        await tab.screenshot({ path: join(pictures, `38-${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    await tab.setViewportSize({ width: 1280, height: 900 });
    await tab.emulateMedia({ colorScheme: 'light' });
  }

  const go = (name: string) => ada.getByRole('link', { name, exact: true }).click();
  const press = (name: string) => ada.getByRole('button', { name, exact: true }).click();
  const field = (label: string) => ada.getByLabel(label, { exact: true });
  const says = (text: string | RegExp) => ada.locator('[aria-live]').getByText(text).first().waitFor();

  /** Opens what the link of the board opens, in a browser of its own, and signs in at Acme's provider. */
  async function come(id: string, name: string): Promise<Tab> {
    const tab = await (await open()).newPage();
    await tab.goto((await board.locator(`#${id}`).getAttribute('href')) ?? '');
    const idp = demo.addresses["Acme's IdP"] ?? '';
    if (!tab.url().startsWith(idp)) await tab.getByRole('button', { name: 'Continue', exact: true }).click();
    await tab.getByRole('button', { name: new RegExp(`^${name[0]} ${name}`) }).click();
    return tab;
  }

  test('Ada opens the settings of Acme, from the application', async () => {
    await board.click('#begin');
    await board.getByText('Acme has no connection of the operator now.').waitFor();
    await ada.goto((await board.locator('#ada').getAttribute('href')) ?? '');
    await ada.getByRole('button', { name: 'Continue', exact: true }).click();
    await ada.fill('#password', PASSWORD);
    await ada.press('#password', 'Enter');
    await ada.waitForURL(`${demo.addresses.application}/me`);
    await ada.click('#settings');
    await field('Title').fill('Acme Ltd');
    const sent = ada.waitForRequest((request) => request.method() === 'PATCH');
    await press('Save');
    await says('Saved.');
    // Colors that nobody touched are not sent: an organization without colors keeps those of the operator.
    expect((await sent).postDataJSON()).toEqual({ display_name: 'Acme Ltd' });
    await look(ada, 'details');
    // A reload asks nobody: the session at the server is still there.
    await ada.reload();
    await expect.poll(() => field('Title').inputValue(), { timeout: 20_000 }).toBe('Acme Ltd');
  }, 120_000);

  test('the domain is verified by its record alone', async () => {
    await go('Domains');
    await field('Domain').fill('acme.example');
    await press('Add the domain');
    await ada.getByText('_ss-verification.', { exact: false }).first().waitFor();
    await press('Verify acme.example');
    await ada
      .getByRole('alert')
      .getByText(/Name servers say that _ss-verification\.\S+ does not exist/)
      .waitFor();
    await look(ada, 'domain-pending');
    await board.click('#publish');
    await press('Verify acme.example');
    await says('acme.example is verified. Leave the record in place.');
    await field('Domain').fill('gmail.com');
    await press('Add the domain');
    await ada.getByRole('alert').getByText('no organization can verify it').waitFor();
    await look(ada, 'domain-verified');
  }, 120_000);

  test('the provider is connected, after a typing error that is told and leaves nothing', async () => {
    await go('Identity providers');
    await ada.getByText('Connect an identity provider').click();
    const value = async (id: string) => (await board.locator(`#${id}`).textContent()) ?? '';
    await field('Title on the sign-in page').fill('Acme');
    await field('Short name').fill('acme-own');
    await field('Issuer or discovery address').fill(`${await value('issuer')}/typo`);
    await field('Client ID').fill(await value('client-id'));
    await field('Client secret').fill(await value('client-secret'));
    await press('Connect');
    await ada.getByRole('alert').getByText('no description of an OpenID Connect provider').waitFor();
    await look(ada, 'provider-wrong');
    expect(await ada.locator('.cards > li').count()).toBe(0);
    await field('Issuer or discovery address').fill(await value('issuer'));
    await press('Connect');
    await says('Acme is connected. Use it for a domain, then try it.');
    expect(await ada.getByRole('button', { name: 'Try it: Acme' }).count()).toBe(0);
    await press('Use for acme.example');
    await says('Acme is used for acme.example. Try it now: nobody is led there yet.');
    await press('Try it: Acme');
    await ada.getByRole('button', { name: /^A Ada/ }).click();
    await says(/^It works: you came in through .*, with the same account as before\.$/);
    await press('Lead everybody to Acme');
    await says('People of acme.example are now led to Acme.');
    // A stored secret is never shown, and stays where the field is left empty.
    await ada.locator('summary', { hasText: 'Change' }).click();
    const change = ada.locator('details', { hasText: 'Change' }).first();
    expect(await change.getByLabel('Client ID', { exact: true }).inputValue()).toBe(await value('client-id'));
    expect(await change.getByLabel('Client secret', { exact: true }).inputValue()).toBe('');
    await look(ada, 'provider-change');
    await change.getByRole('button', { name: 'Save', exact: true }).click();
    await says('Acme was changed. Try it again.');
    expect(await change.getAttribute('open')).toBeNull();
    await ada.locator('summary', { hasText: 'Directory sync' }).click();
    await press('Turn directory sync on');
    await press('Make a token');
    await ada.getByText('Copy the token now: it is not shown again.').waitFor();
    await look(ada, 'directory');
    await press('Delete the token');
    await ada.getByText('The token was deleted.').waitFor();
    await look(ada, 'provider');
  }, 120_000);

  test('a secret that the provider does not accept is told where it is changed', async () => {
    const change = ada.locator('details', { hasText: 'Change' }).first();
    const setSecret = async (secret: string) => {
      await ada.locator('summary', { hasText: 'Change' }).click();
      await change.getByLabel('Client secret', { exact: true }).fill(secret);
      await change.getByRole('button', { name: 'Save', exact: true }).click();
      await says('Acme was changed. Try it again.');
    };
    const settings = ada.url();
    await setSecret('wrong');
    await press('Try it: Acme');
    await ada.getByRole('button', { name: /^A Ada/ }).click();
    await ada.getByRole('heading', { name: 'could not be verified' }).waitFor();
    await ada.goto(settings);
    await ada.getByText('Your provider did not accept the client ID or the secret.').waitFor();
    await look(ada, 'provider-refused');
    await setSecret((await board.locator('#client-secret').textContent()) ?? '');
    expect(await ada.getByText('Your provider did not accept').count()).toBe(0);
  });

  test('the same provider by SAML needs its metadata address alone', async () => {
    const textbox = (name: string) => ada.getByRole('textbox', { name });
    await ada.getByText('Connect an identity provider').click();
    await ada.getByRole('combobox', { name: /^Kind/ }).selectOption('samlp');
    await textbox('Title on the sign-in page').fill('Acme SAML');
    await textbox('Short name').fill('acme-saml');
    await textbox('Metadata address').fill((await board.locator('#metadata').textContent()) ?? '');
    await press('Connect');
    await says('Acme SAML is connected. Use it for a domain, then try it.');
    await press('Use for acme.example');
    await press('Try it: Acme SAML');
    await ada.getByRole('button', { name: /^A Ada/ }).click();
    await look(ada, 'saml-answer');
    await press('Go on to the application');
    await says('It works: you came in through Acme SAML, with the same account as before.');
    await look(ada, 'provider-saml');
    await press('Delete Acme SAML');
    await says('Acme SAML was deleted.');
  }, 120_000);

  test('Dana comes in by Acme, and the stranger does not', async () => {
    const dana = await come('dana', 'Dana');
    await dana.waitForURL(`${demo.addresses.application}/me`);
    expect(await dana.locator('.tag').allTextContents()).toEqual(['editor']);
    expect(await dana.locator('#settings').count()).toBe(0);
    const sam = await come('sam', 'Sam');
    await sam.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  }, 120_000);

  test('who is no administrator reads so', async () => {
    const tab = await come('dana', 'Dana');
    const organization = new URL((await board.locator('#ada').getAttribute('href')) ?? '').searchParams.get(
      'organization',
    );
    await tab.waitForURL(`${demo.addresses.application}/me`);
    await tab.goto(`${demo.addresses.application}/organization-settings/?organization=${organization}`);
    await tab.getByText('You have no rights here.').waitFor();
    await look(tab, 'no-rights');
  }, 60_000);

  test('she invites Ivy, gives and takes roles, and does not strip herself', async () => {
    await go('Invitations');
    await field('Email address').fill('ivy@acme.example');
    await field('editor').check();
    await press('Invite');
    await says('ivy@acme.example is invited by mail.');
    await look(ada, 'invitations');
    await press('Revoke the invitation of ivy@acme.example');
    await ada.getByText('There are no invitations.').waitFor();
    await go('Members');
    // A choice alone gives nothing: with the keyboard, one passes all of them.
    await field('Role for Dana').selectOption('approver');
    await press('Give Dana the role');
    await says('Dana now has the role approver.');
    await press('Take the role approver from Dana');
    await says('Dana no longer has the role approver.');
    await press('Take the role admin from Ada');
    await ada.getByRole('alert').waitFor();
    await look(ada, 'members');
    await press('Remove Dana');
    await says('Dana is no longer a member.');
  }, 120_000);

  test('and back: switched off, deleted, and Acme as ever', async () => {
    await go('Identity providers');
    await press('Turn off Acme');
    await says('Acme is off.');
    await press('Delete Acme');
    await says('Acme was deleted.');
    await look(board, 'board');
    await board.click('#end');
    await board.getByText('Acme has the operator’s connection now.').waitFor();
    await go('Details');
    await expect.poll(() => field('Title').inputValue(), { timeout: 20_000 }).toBe('Acme');
  }, 120_000);

  // Attack, or mistake: somebody who administers two organizations changes the one that they did not open.
  test('a link to another organization never shows the one of the session', async () => {
    const home = await (await open()).newPage();
    await home.goto(demo.addresses.application ?? '');
    const other = await home.getByRole('link', { name: /Evil Corp/ }).getAttribute('href');
    const organization = new URL(other ?? '', demo.addresses.application).searchParams.get('organization');
    const tab = await ada.context().newPage();
    const asked = tab.waitForRequest(
      (request) =>
        request.frame() === tab.mainFrame() &&
        new URL(request.url()).pathname === '/authorize' &&
        new URL(request.url()).searchParams.get('organization') === organization,
    );
    await tab.goto(`${demo.addresses.application}/organization-settings/?organization=${organization}`);
    await asked;
    expect(await tab.getByLabel('Title').count()).toBe(0);
  }, 60_000);
});
