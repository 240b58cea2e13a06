/**
 * Plays people in Chromium at an application that was copied from the console: sign-in, organization, invitation,
 * refusal, sign-out.
 */
import assert from 'node:assert/strict';
import type { Page as Tab } from 'playwright-core';
import { baseOf, type CodeFacts, type Kit } from '../../src/console/pages/applications/kits/kit.js';
import { type Ground, signIn, signInAtCompany } from './browser-ground.js';
import type { Checks } from './checks.js';
import type { Printed } from './printed-code.js';

interface Application extends Ground {
  readonly checks: Checks;
  readonly printed: Printed;
  readonly kit: Kit;
  readonly facts: CodeFacts;
}

/** Finds a link or a button with this text. */
const press = (tab: Tab, words: string) => tab.locator('a, button', { hasText: new RegExp(`^${words}$`) }).click();

/** Opens the application's first page. */
async function openHome(tab: Tab, { facts }: Application): Promise<void> {
  await tab.goto(`${baseOf(facts)}/`);
}

/**
 * True if a reload keeps the person signed in. A single-page application stores nothing and asks the server in a hidden
 * frame. Over http it belongs to another site than the https server, so the frame gets no cookies and the person must
 * press the button.
 */
const keepsReload = ({ kit, facts, vestibule }: Application): boolean =>
  !kit.kinds.includes('spa') || new URL(vestibule.origin).protocol === new URL(facts.callback).protocol;

/** Checks that the application shows the person, and that the log has the sign-in at the organization. */
async function expectIn(tab: Tab, { facts, place, vestibule }: Application, email: string): Promise<void> {
  await tab.waitForURL((url) => url.origin === baseOf(facts));
  await tab.getByText(email).first().waitFor();
  const line = (await vestibule.logs()).find(({ type }) => type === 's') as { organization_id?: string } | undefined;
  assert.equal(line?.organization_id, place.id);
}

/**
 * Opens the sign-in page of the organization. A link leads there at once, unless the person has to press a button
 * first.
 */
async function openAtOrganization(tab: Tab, application: Application): Promise<void> {
  const { kit, facts, place } = application;
  const { login = '' } = kit.addresses(facts) ?? {};
  await tab.goto(`${login}?organization=${place.id}`);
  if (new URL(tab.url()).origin === baseOf(facts)) await press(tab, 'Sign in');
}

async function playSignIns(application: Application): Promise<void> {
  const { checks, inWindow } = application;
  const email = application.addPerson('ivy');
  await application.addMember('dana');
  await checks.play('its first page signs a member in, who is asked for the organization; a reload keeps them', () =>
    inWindow(async (tab) => {
      await openHome(tab, application);
      await press(tab, 'Sign in');
      await tab.fill('#organization', 'dana@acme-browser.example');
      await tab.press('#organization', 'Enter');
      await signIn(tab, 'dana');
      await expectIn(tab, application, 'dana@acme-browser.example');
      await openHome(tab, application);
      await tab.getByText(keepsReload(application) ? 'Sign out' : 'Sign in', { exact: true }).waitFor();
    }),
  );
  await checks.play('a link with an organization leads to it', () =>
    inWindow(async (tab) => {
      await openAtOrganization(tab, application);
      await signIn(tab, 'dana');
      await expectIn(tab, application, 'dana@acme-browser.example');
    }),
  );
  const link = await application.invite(application.facts.clientId, email);
  await checks.play('a link of an invitation, as it is mailed, leads in', () =>
    inWindow(async (tab) => {
      await tab.goto(link);
      await tab.getByRole('button', { name: 'Accept invitation' }).click();
      await signInAtCompany(tab, 'ivy');
      await expectIn(tab, application, email);
    }),
  );
}

async function playEnds(application: Application): Promise<void> {
  const { checks, inWindow, vestibule, facts } = application;
  await checks.play('a stranger reads why, and the reference by which the log has it', () =>
    inWindow(async (tab) => {
      application.addPerson('sam');
      await openAtOrganization(tab, application);
      await signIn(tab, 'sam');
      await tab.waitForURL((url) => url.origin === baseOf(facts));
      await tab.getByText('Reference: V-').waitFor();
      const text = (await tab.locator('body').textContent()) ?? '';
      assert.match(text, /is not part of the org_\w+ organization/);
      const [reference = 'none'] = /V-\w{4}-\w{4}/.exec(text) ?? [];
      assert.ok(
        (await vestibule.logs()).some(({ details }) => details.reference === reference),
        reference,
      );
    }),
  );
  await checks.play('Sign out ends both sessions and comes back', () =>
    inWindow(async (tab) => {
      await openAtOrganization(tab, application);
      await signIn(tab, 'dana');
      await expectIn(tab, application, 'dana@acme-browser.example');
      if ((await tab.getByText('Sign out', { exact: true }).count()) === 0) await openHome(tab, application);
      await press(tab, 'Sign out');
      await tab.waitForURL((url) => url.origin === baseOf(facts));
      await press(tab, 'Sign in');
      await tab.waitForURL((url) => url.origin === vestibule.origin);
      await tab.locator('#organization').waitFor();
    }),
  );
}

/** Starts the application and runs all checks. */
export async function playPeople(application: Application): Promise<void> {
  const { checks, printed, facts } = application;
  if (!(await checks.play('the printed commands start it', () => printed.startAt(`${baseOf(facts)}/`)))) return;
  await playSignIns(application);
  await playEnds(application);
}
