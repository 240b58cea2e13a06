/** Attacks on an operator at the console: forged requests, frames, foreign scripts, stolen places to come back to, a membership that was lost meanwhile. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';
import { findOperators } from '../support/operators.js';

describe.skipIf(noChromium())('in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let olga: ConsoleTab;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    olga = await openConsole(instance, browser, { path: '/console/settings' });
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.stop();
  });

  test('cross-site request forgery: the session alone, which a browser sends by itself, opens nothing of the API', async () => {
    const status = await olga.tab.evaluate(async () => {
      const body = JSON.stringify({ friendly_name: 'Forged' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/v2/tenants/settings', { method: 'PATCH', credentials: 'include', headers, body }))
        .status;
    });
    expect(status).toBe(401);
  });

  test('clickjacking: no page of the console is drawn in a frame of another site, nor of this one', async () => {
    for (const path of ['/console', '/console/settings', '/console/people/x']) {
      const { headers } = await fetch(`${instance.origin}${path}`);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
    }
  });

  test('cross-site scripting: a script or a style that the server did not write does not run', async () => {
    const { headers } = await fetch(`${instance.origin}/console`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe-|\*|http:/);
    // A form or a base that was smuggled in, a nonce that is known before, the address of a person's page.
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("base-uri 'none'");
    expect((await fetch(`${instance.origin}/console`)).headers.get('content-security-policy')).not.toBe(policy);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    const ran = await olga.tab.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="globalThis.injected = true">');
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 'injected' in globalThis;
    });
    expect(ran).toBe(false);
  });

  test('theft of the token: the page can send nothing to another server', async () => {
    const sent = await olga.tab.evaluate(() =>
      fetch('https://elsewhere.example/', { mode: 'no-cors' }).then(
        () => 'sent',
        () => 'refused',
      ),
    );
    expect(sent).toBe('refused');
    expect(olga.complaints.some((text) => text.includes('connect-src'))).toBe(true);
  });

  test('a code of the sign-in route that leaks opens nothing: its verifier is thrown away', async () => {
    const challenges: (string | null)[] = [];
    for (const _ of [1, 2]) {
      const { headers } = await fetch(`${instance.origin}/console/login`, { redirect: 'manual' });
      challenges.push(new URL(headers.get('location') ?? '', instance.origin).searchParams.get('code_challenge'));
    }
    expect(challenges.map((challenge) => challenge?.length)).toEqual([43, 43]);
    expect(challenges[0]).not.toBe(challenges[1]);
  });

  test('an answer of the sign-in that this browser did not ask for signs nobody in', async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(`${instance.origin}/console?code=made-up&state=made-up`);
    await tab.getByRole('heading', { name: 'Your session could not be kept' }).waitFor();
    expect(new URL(tab.url()).search).toBe('');
    await context.close();
  });

  test('words of a link that somebody sent are not shown as those of this server', async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    const query = 'error=access_denied&error_description=Call+Mallory&error_reference=V-AB12-CD34';
    const refused = tab.getByRole('heading', { level: 1, name: 'Your sign-in was refused' });
    await tab.goto(`${instance.origin}/console?${query}&state=${'x'.repeat(43)}`);
    await refused.waitFor();
    await tab.getByText('The server refused this sign-in. The reference is V-AB12-CD34.').waitFor();
    expect(await tab.content()).not.toContain('Mallory');
    // The words of a sign-in that was begun here are: its state comes back with them, once.
    const begun = tab.waitForRequest(/\/authorize\?(?!.*prompt=none)/);
    await tab.getByRole('button', { name: 'Sign in' }).click();
    const state = new URL((await begun).url()).searchParams.get('state');
    expect(state).toHaveLength(43);
    await tab.waitForSelector('[name="username"]');
    for (const shown of [1, 0]) {
      await tab.goto(`${instance.origin}/console?${query.replace('Mallory', 'Olga')}&state=${state}`);
      await refused.waitFor();
      expect(await tab.getByText('Call Olga').count()).toBe(shown);
    }
    await context.close();
  });

  test('a place to come back to that is none of the console is forgotten', async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(`${instance.origin}/health/live`);
    for (const place of ['https://elsewhere.example/', '//elsewhere.example/console', '/u/login']) {
      await tab.evaluate((there) => sessionStorage.setItem('console.return', there), place);
      await tab.goto(`${instance.origin}/console?code=x`);
      await tab.getByRole('heading', { name: 'Your session could not be kept' }).waitFor();
      expect(tab.url()).toBe(`${instance.origin}/console`);
    }
    await context.close();
  });

  test('an operator who is removed while the console is open can do nothing from then on', async () => {
    const mona = await openConsole(instance, browser, { email: 'mona@vestibule.example', path: '/console/settings' });
    await mona.tab.getByLabel('Name').fill('Notebook of Mona');
    const { organizationId } = await findOperators(instance);
    const [row] =
      (await instance.api<{ user_id: string }[]>('GET', `/users-by-email?email=mona@vestibule.example`)) ?? [];
    await instance.api('DELETE', `/organizations/${organizationId}/members`, { members: [row?.user_id] });
    await mona.tab.getByRole('button', { name: 'Save', exact: true }).click();
    await mona.tab.getByRole('alert').waitFor();
    expect((await instance.api<{ friendly_name: string }>('GET', '/tenants/settings')).friendly_name).not.toContain(
      'Mona',
    );
    await mona.close();
  });

  test('a session that ends in the middle of a form takes nothing of it; signing in beside it goes on', async () => {
    const nils = await openConsole(instance, browser, { email: 'nils@vestibule.example', path: '/console/settings' });
    const { tab } = nils;
    await tab.getByLabel('Name').fill('Notebook of Nils');
    // As long as it takes, the token ends; its session is gone, too.
    await tab.context().clearCookies();
    await tab.route('**/api/v2/tenants/settings', (route) =>
      route.fulfill({ status: 401, json: { statusCode: 401, error: 'Unauthorized', message: 'Expired token' } }),
    );
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await nils.look('session-over');
    await tab.unroute('**/api/v2/tenants/settings');
    const [popup] = await Promise.all([
      tab.waitForEvent('popup'),
      tab.getByRole('button', { name: 'Sign in again' }).click(),
    ]);
    await popup.fill('[name="username"]', 'nils@vestibule.example');
    await popup.keyboard.press('Enter');
    await popup.fill('[name="password"]', PASSWORD);
    await popup.keyboard.press('Enter');
    await tab.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await tab.getByLabel('Name').inputValue()).toBe('Notebook of Nils');
    await tab.getByRole('button', { name: 'Save', exact: true }).click();
    await tab.getByText('Saved', { exact: true }).waitFor();
    await nils.close();
  });
});
