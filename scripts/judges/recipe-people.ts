/**
 * Plays people in Chromium at an application of docs/guides/recipes.md: a member, an invited person, a stranger, and a
 * member who signs out. Decides nothing about the server.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Page as Tab } from 'playwright-core';
import { findFreePort } from '../../bench/processes.js';
import { SETTINGS_LABELS, toNewClient } from '../../src/console/pages/applications/settings-values.js';
import { REFUSALS as TOLD } from '../../src/login/refusals.js';
import { AT_ONCE, type FrameworkId, type Recipe } from '../docs/recipes.js';
import { type Ground, signIn, signInAtCompany } from './browser-ground.js';
import type { Checks } from './checks.js';
import type { Json } from './keycloak-server.js';
import { fillIn, type Running, startRecipe, type Values } from './recipe-place.js';

interface Try extends Ground {
  readonly id: FrameworkId;
  readonly recipe: Recipe;
  readonly checks: Checks;
}

interface Application extends Try {
  readonly values: Values;
  /** Origin of the application. */
  readonly base: string;
}

/** Returns the value of a row of the recipe's table, with this run's addresses. */
function settingOf({ recipe, values }: Pick<Application, 'recipe' | 'values'>, label: string): string {
  const printed = recipe.settings[label];
  if (printed === undefined) throw new Error(`the table has no row ${label}`);
  return fillIn(printed, values);
}

/** Returns where a refused person reads the reason: the value in the table, or the default of a new application. */
function refusalsOf({ settings }: Recipe): 'redirect' | 'page' {
  const printed = settings[SETTINGS_LABELS.refusals];
  if (printed !== undefined && printed !== AT_ONCE) throw new Error(`nobody knows what "${printed}" is`);
  return printed === AT_ONCE ? 'redirect' : 'page';
}

/** Creates the application as the console does, with the addresses of the recipe. */
async function createApplication({ id, vestibule: { api, origin }, recipe }: Try): Promise<Values> {
  const client = await api('POST', '/clients', toNewClient(`Recipe (${id})`, 'regular_web'));
  const values: Values = {
    server: origin,
    port: await findFreePort(),
    behind: await findFreePort(),
    clientId: String(client.client_id),
    clientSecret: String(client.client_secret),
  };
  const setting = (label: string) => settingOf({ recipe, values }, label);
  const changes: Json = {
    callbacks: [setting(SETTINGS_LABELS.callbacks)],
    allowed_logout_urls: [setting(SETTINGS_LABELS.logoutUrls)],
    initiate_login_uri: setting(SETTINGS_LABELS.loginUri),
    refusals: refusalsOf(recipe),
    ...recipe.properties,
  };
  await api('PATCH', `/clients/${values.clientId}`, changes);
  return values;
}

/** Starts the application behind the proxy. It shows the address that the proxy passes on, and the printed link. */
function startBehind({ recipe, values }: Application): () => void {
  if (recipe.signOut === undefined) return () => undefined;
  const link = fillIn(recipe.signOut, values);
  const server = createServer((request, response) => {
    const told = ['user', 'email', 'organization'].map((name) => `<p>${request.headers[`x-forwarded-${name}`]}</p>`);
    response.setHeader('content-type', 'text/html');
    response.end(`${told.join('')}<a href="${link.replaceAll('&', '&amp;')}">Sign out</a>`);
  });
  server.listen(values.behind, 'localhost');
  return () => void server.close();
}

const REFERENCE = /V-\w{4}-\w{4}/;

/** Finds a link or a button with this text. */
const press = (tab: Tab, words: string) => tab.locator('a, button', { hasText: new RegExp(`^${words}$`) }).click();

/** Opens the application. If it shows nothing to strangers, it redirects to the server at once. */
async function begin(tab: Tab, { base, vestibule }: Application): Promise<void> {
  await tab.goto(`${base}/`);
  if (new URL(tab.url()).origin !== vestibule.origin) await press(tab, 'Sign in');
}

/** Checks that the application shows the person, and that the log has the sign-in at the organization. */
async function expectIn(tab: Tab, { base, place, vestibule, recipe }: Application, email: string): Promise<void> {
  await tab.waitForURL((url) => url.origin === base);
  await tab.getByText(email).first().waitFor();
  if (recipe.signOut !== undefined) {
    const [{ user_id } = { user_id: 'nobody' }] = await vestibule.api<{ user_id: string }[]>(
      'GET',
      `/users-by-email?email=${encodeURIComponent(email)}`,
    );
    assert.deepEqual(await tab.locator('p').allTextContents(), [user_id, email, place.id]);
  }
  const line = (await vestibule.logs()).find(({ type }) => type === 's') as { organization_id?: string } | undefined;
  assert.equal(line?.organization_id, place.id);
}

/** Returns the address of a sign-in at the organization. */
function loginUrl(application: Application): string {
  const url = new URL(settingOf(application, SETTINGS_LABELS.loginUri));
  url.searchParams.set('organization', application.place.id);
  return url.href;
}

/** Runs a check in a new window. If it fails, the report has the last page that the person saw. */
const play = ({ checks, inWindow }: Application, name: string, deed: (tab: Tab) => Promise<void>) =>
  checks.play(name, () =>
    inWindow(async (tab) => {
      try {
        await deed(tab);
      } catch (error) {
        const text = await tab.locator('body').textContent();
        throw new Error(`${String(error)}\nat ${tab.url()}: ${(text ?? '').replace(/\s+/g, ' ').slice(0, 600)}`);
      }
    }),
  );

async function playInvitation(application: Application): Promise<void> {
  const email = application.addPerson('ivy');
  const link = await application.invite(application.values.clientId, email);
  await play(application, 'an invited person gets in by the link of the mail', async (tab) => {
    await tab.goto(link);
    await tab.getByRole('button', { name: 'Accept invitation' }).click();
    await signInAtCompany(tab, 'ivy');
    await expectIn(tab, application, email);
  });
}

/** Checks an invitation link in a browser that is signed in: the application's own session must not stop it. */
async function playSecondInvitation(application: Application): Promise<void> {
  const link = await application.invite(application.values.clientId, application.addPerson('jo'));
  await play(application, 'an invitation is shown to somebody who is signed in, too', async (tab) => {
    await tab.goto(loginUrl(application));
    await signIn(tab, 'dana');
    await expectIn(tab, application, 'dana@acme-browser.example');
    await tab.goto(link);
    await tab.waitForURL((url) => url.pathname === '/u/invitation');
  });
}

async function playMember(application: Application): Promise<void> {
  await application.addMember('dana');
  await play(application, 'a member signs in, and is asked for the organization', async (tab) => {
    await begin(tab, application);
    await tab.fill('#organization', 'dana@acme-browser.example');
    await tab.press('#organization', 'Enter');
    await signIn(tab, 'dana');
    await expectIn(tab, application, 'dana@acme-browser.example');
  });
}

async function playStranger(application: Application): Promise<void> {
  const { recipe, base, vestibule } = application;
  const isToldHere = refusalsOf(recipe) === 'page';
  application.addPerson('sam');
  await play(application, 'a stranger reads why, and the reference by which the log has it', async (tab) => {
    await tab.goto(loginUrl(application));
    await signIn(tab, 'sam');
    await tab.getByText(REFERENCE).first().waitFor();
    assert.equal(new URL(tab.url()).origin, isToldHere ? vestibule.origin : base);
    const why = isToldHere ? TOLD['admit.not_a_member'].sentence : /is not part of the org_\w+ organization/;
    await tab.getByText(why).filter({ visible: true }).waitFor();
    const text = (await tab.locator('body').textContent()) ?? '';
    const [reference = 'none'] = REFERENCE.exec(text) ?? [];
    const lines = await vestibule.logs();
    assert.ok(
      lines.some(({ details }) => details.reference === reference),
      reference,
    );
    if (!isToldHere) return;
    await press(tab, 'Back to the application');
    await tab.waitForURL((url) => url.origin === base);
  });
}

async function playSignOut(application: Application): Promise<void> {
  await play(application, 'Sign out ends both sessions', async (tab) => {
    await tab.goto(loginUrl(application));
    await signIn(tab, 'dana');
    await expectIn(tab, application, 'dana@acme-browser.example');
    await press(tab, 'Sign out');
    // The browser shows a page of the application for strangers, or the server if all pages are for members.
    await tab.getByText('Sign in', { exact: true }).or(tab.locator('#organization')).first().waitFor();
    await begin(tab, application);
    await tab.locator('#organization').waitFor();
    await tab.goto(loginUrl(application));
    await tab.locator('#username').waitFor();
  });
}

/** Starts the recipe and runs all checks. */
export async function playRecipe(tried: Try): Promise<void> {
  const { checks, recipe, id } = tried;
  const values = await createApplication(tried);
  const application: Application = { ...tried, values, base: `http://localhost:${values.port}` };
  const stopBehind = startBehind(application);
  let running: Running | undefined;
  try {
    const isUp = await checks.play('the printed commands install and start it', async () => {
      running = await startRecipe(id, recipe, values);
    });
    if (!isUp) return;
    await playInvitation(application);
    await playMember(application);
    await playSecondInvitation(application);
    await playStranger(application);
    await playSignOut(application);
  } finally {
    await running?.stop();
    stopBehind();
  }
}
