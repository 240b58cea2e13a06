/**
 * Steps of an application's page and of the server's pages, for the judges of second factors. Checks nothing by itself
 * but that a library's function works or throws as expected.
 */
import assert from 'node:assert/strict';
import type { Page as Tab } from 'playwright-core';
import { AuthenticatorApp } from './authenticator-app.js';
import type { Ground } from './browser-ground.js';
import type { Checks } from './checks.js';
import { PASSWORD } from './keycloak-realm.js';
import type { Json } from './keycloak-server.js';

export interface Application extends Ground {
  readonly origin: string;
  readonly checks: Checks;
  /** An API that asks for a second factor, by an Action. */
  readonly vault: string;
  readonly me: string;
}

export const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

/** Calls a function of the application's page. Gives an error of the library as a value. */
export function call(tab: Tab, path: string, ...parameters: readonly unknown[]): Promise<Json> {
  const answered: Promise<unknown> = tab.evaluate(
    async ([name, given]) => {
      const names = (name as string).split('.');
      const method = names.pop() ?? '';
      let at = (window as unknown as { app: Record<string, unknown> }).app as Record<string, unknown>;
      for (const one of names) at = at[one] as Record<string, unknown>;
      try {
        const answer = await (at[method] as (...all: unknown[]) => Promise<unknown>).apply(at, given as unknown[]);
        return (answer ?? {}) as Record<string, unknown>;
      } catch (error) {
        return { thrown: true, ...(error as object), message: (error as Error).message };
      }
    },
    [path, parameters],
  );
  // A window that was closed meanwhile fails the check that waits, not the run.
  return answered.catch((error: unknown) => ({ thrown: true, message: String(error) })) as Promise<Json>;
}

export const told = (answer: Json) => JSON.stringify(answer).slice(0, 600);

/** Calls a function that must work. */
export async function well(tab: Tab, path: string, ...parameters: readonly unknown[]): Promise<Json> {
  const answer = await call(tab, path, ...parameters);
  assert.equal(answer.thrown, undefined, `${path}: ${told(answer)}`);
  return answer;
}

/** Calls a function that must throw this. */
export async function wrong(tab: Tab, expected: Json, path: string, ...parameters: readonly unknown[]): Promise<Json> {
  const answer = await call(tab, path, ...parameters);
  assert.equal(answer.thrown, true, `${path} throws nothing: ${told(answer)}`);
  for (const [name, value] of Object.entries(expected))
    if (value instanceof RegExp) assert.match(String(answer[name]), value, told(answer));
    else assert.deepEqual(answer[name], value, told(answer));
  return answer;
}

export async function typePassword(tab: Tab, email: string): Promise<void> {
  await tab.fill('#username', email);
  await tab.getByRole('button', { name: 'Use a password instead' }).click();
  await tab.fill('#password', PASSWORD);
  await tab.press('#password', 'Enter');
}

export async function enter(tab: Tab, { origin, place }: Application, email: string, more: Json = {}): Promise<void> {
  await tab.goto(
    `${origin}/login?${new URLSearchParams({ organization: place.id, ...(more as Record<string, string>) })}`,
  );
  await typePassword(tab, email);
}

/** Sets up an app on the server's page, and confirms the recovery code. Returns both. */
export async function setUp(tab: Tab) {
  // Where passkeys are on, the page offers one first.
  await tab.waitForSelector('svg.qr, [data-passkey-create]');
  if (!(await tab.locator('svg.qr').isVisible())) await tab.getByRole('link', { name: /authenticator app/i }).click();
  await tab.waitForSelector('svg.qr');
  const app = await AuthenticatorApp.scan(tab);
  await tab.fill('#code', await app.code());
  await tab.press('#code', 'Enter');
  await tab.getByRole('heading', { name: /recovery code/i }).waitFor();
  const recovery = (await tab.locator('[data-copy]').getAttribute('data-copy')) ?? '';
  await tab.locator('button.button:not([data-copy])').last().click();
  return { app, recovery };
}

export async function answer(tab: Tab, app: AuthenticatorApp): Promise<void> {
  await tab.waitForSelector('#code');
  await tab.fill('#code', await app.code());
  await tab.press('#code', 'Enter');
}

export const amrOf = async (tab: Tab) => (await well(tab, 'claims')).amr;
