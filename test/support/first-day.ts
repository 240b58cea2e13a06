/**
 * The first day by hand of the console alone, for a test and for the rehearsal of production: an application with the ready code, a customer, its
 * provider, an invitation, the first sign-in; a stranger who is refused, found by the reference and invited. Calls no API.
 */
import assert from 'node:assert/strict';
import type { Browser, Page as Tab } from 'playwright-core';

export interface FirstDayGround {
  readonly browser: Browser;
  /** The console, signed in. */
  readonly tab: Tab;
  /** Origin of the application. */
  readonly home: string;
  readonly provider: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** The link of the newest invitation mailed to somebody, and the newest code. Both wait. */
  mailedLink(email: string): Promise<string>;
  mailedCode(email: string): Promise<string>;
  /** Starts the code as its reader would; resolves once it answers at its origin. */
  start(code: string, secret: string): Promise<void>;
  /** After each page that is worth a picture. */
  look?(name: string): Promise<void>;
}

/** A signed-in person, as the application shows them. */
export type Me = Readonly<Record<'email' | 'sub' | 'org_id', string>>;

const SHORT = 'acme';

export type FirstDay = ReturnType<typeof createFirstDay>;

/** The parts of the day, in their order. Each rejects where a page is not as it should be. */
export function createFirstDay(ground: FirstDayGround) {
  const { tab, browser, home, provider } = ground;
  const main = tab.getByRole('main');
  const dialog = tab.getByRole('dialog');
  const link = (name: string | RegExp) => main.getByRole('link', { name });
  const press = (name: string | RegExp) => tab.getByRole('button', { name }).first().click();
  const pressIn = (name: string) => dialog.getByRole('button', { name, exact: true }).click();
  const field = (name: string) => tab.getByRole('textbox', { name, exact: true });
  const heading = (name: string) => tab.getByRole('heading', { level: 1, name }).waitFor();
  const goTo = (page: string) =>
    tab.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: page }).click();

  /** A window of somebody else. */
  async function inWindow<T>(deed: (window: Tab) => Promise<T>): Promise<T> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const window = await context.newPage();
    window.setDefaultTimeout(30_000);
    try {
      return await deed(window);
    } finally {
      await context.close();
    }
  }
  async function proveAtCompany(window: Tab, login: string): Promise<void> {
    await window.waitForURL(`${provider.issuer}/**`);
    await window.fill('input[name=login]', login);
    await window.fill('input[name=password]', 'any');
    await window.locator('button[type=submit]').click();
    await window.getByRole('button', { name: 'Continue' }).click();
  }

  /** Opens the mailed invitation, proves who they are at the company, types a code where one is asked for. */
  function accept(login: string, by: 'code' | 'domain'): Promise<Me> {
    const email = `${login}@acme.example`;
    return inWindow(async (window) => {
      await window.goto(await ground.mailedLink(email));
      // The page says where they will sign in: nobody is asked for a password here.
      await window.getByText('Acme’s own sign-in').waitFor();
      await window.getByRole('button', { name: 'Accept invitation' }).click();
      await proveAtCompany(window, login);
      if (by === 'code') {
        await window.waitForURL('**/u/proof**');
        await window.fill('[name=code]', await ground.mailedCode(email));
        await window.getByRole('button', { name: 'Continue' }).click();
      }
      await window.waitForURL(`${home}/me`);
      const me = JSON.parse(String(await window.textContent('body'))) as Me;
      assert.deepEqual([me.email, me.sub], [email, `oidc|acme-sso|${login}`]);
      assert.match(me.org_id, /^org_/);
      return me;
    });
  }
  async function invite(email: string): Promise<void> {
    await link('Members').click();
    await link('Invite people').first().click();
    await tab.getByLabel('Email addresses').fill(email);
    await press('Send invitations');
    await tab.getByText('View pending invitations').waitFor();
  }
  const openOrganization = async () => {
    await goTo('Organizations');
    await link('Acme').click();
    await heading('Acme');
  };

  return {
    /** Registers the application, gives it its addresses, and starts the ready code with its secret. */
    async addApplication(): Promise<void> {
      await link('Add your application').click();
      await press('Add application');
      await dialog.getByLabel('Name').fill('Notebook');
      await pressIn('Add application');
      await heading('Notebook');
      await tab.getByLabel('Callback addresses').fill(`${home}/callback`);
      await tab.getByLabel('Sign-out addresses').fill(home);
      await tab.getByLabel('Sign-in start address').fill(`${home}/login`);
      await press('Save');
      await tab.getByText('Saved', { exact: true }).waitFor();
      await link('Credentials').click();
      await press('Show secret');
      const secret = String(await main.locator('code').last().textContent());
      await link('Ready code').click();
      const code = await tab.getByRole('region', { name: 'server.mjs' }).locator('pre').textContent();
      await ground.start(String(code), secret);
    },
    /** The customer, and its provider: each page leads to the next one. */
    async addCustomer(): Promise<void> {
      await goTo('Organizations');
      await press('Create organization');
      await dialog.getByLabel('Display name').fill('Acme');
      await pressIn('Create organization');
      await heading('Acme');
      await link('Connections').click();
      await press('Enable connection');
      await dialog.getByText('Add a connection for the company first').waitFor();
      await ground.look?.('first-day-no-connection');
      await dialog.getByRole('link', { name: 'Add connection' }).click();
      await link('Another provider with OpenID Connect').click();
      await field('Name').fill('acme-sso');
      await field('Display name').fill('Acme’s own sign-in');
      await field('Domains').fill('acme.example');
      await field('Issuer or discovery address').fill(provider.issuer);
      await field('Client ID').fill(provider.clientId);
      await field('Client secret').fill(provider.clientSecret);
      await ground.look?.('first-day-provider');
      await press('Test and save');
      await tab.getByText('The provider answered correctly').waitFor();
      await press('Enable for the organization');
      await link('acme-sso').waitFor();
    },
    async inviteEmployee(): Promise<void> {
      await invite('dana@acme.example');
      await accept('dana', 'code');
    },
    /** A stranger of the company asks at the application; resolves with the reference that they read there. */
    refuseStranger: (): Promise<string> =>
      inWindow(async (window) => {
        await window.goto(`${home}/me`);
        // The application names no organization: the person is asked, and no library throws at them.
        await window.fill('input[type=text]', SHORT);
        await window.getByRole('button', { name: 'Continue' }).click();
        await proveAtCompany(window, 'sam');
        // The page comes first: applications that are made in the console show a refusal here first.
        await window.getByRole('link', { name: 'Back to the application' }).click();
        await window.waitForURL(`${home}/callback**`);
        const text = String(await window.textContent('body'));
        assert.match(text, /^You are not signed in: user oidc\|acme-sso\|sam is not part of the /);
        return /V-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)?.[0] ?? assert.fail(text);
      }),
    async inviteByReference(reference: string): Promise<void> {
      await tab.keyboard.press('Control+k');
      await tab.getByRole('combobox', { name: 'Search or jump to' }).fill(reference);
      await tab.keyboard.press('Enter');
      await press('Invite sam@acme.example');
      await pressIn('Send invitation');
      await tab.getByText('The invitation was sent to sam@acme.example.').waitFor();
      await accept('sam', 'code');
    },
    /** The operator's word for the domain: from then on the mailed code is left out. */
    async vouchForDomain(): Promise<void> {
      await openOrganization();
      await link('Connections').click();
      await tab.getByLabel('New domain').fill('acme.example');
      await press(/^Add domain$/);
      await tab.getByText('leads to this organization once verified').waitFor();
      await press('Mark as verified');
      await dialog.getByText('will be trusted for every email address').waitFor();
      await ground.look?.('first-day-vouch');
      await pressIn('Mark as verified');
      await tab.getByText('by an operator').waitFor();
      await invite('nora@acme.example');
      await accept('nora', 'domain');
    },
    async seeThatStepsAreDone(): Promise<void> {
      await goTo('Today');
      await tab.getByText(/^\d+ signed in$/).waitFor();
      await tab.getByText('First steps').waitFor({ state: 'hidden' });
    },
  };
}
