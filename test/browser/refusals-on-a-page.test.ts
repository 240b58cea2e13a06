/**
 * `refusals: page` in a real browser: a stranger reads why, reloads, goes on by the button, comes back; by each way in which an application
 * gets its answer. The policy of the page must not stop the button.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAnswer, useBrowserStage } from '../support/browser-stage.js';
import { noChromium } from '../support/chromium.js';

const REFERENCE = /V-[2-9A-Z]{4}-[2-9A-Z]{4}/;

describe.skipIf(noChromium())('a refusal on a page', () => {
  const stage = useBrowserStage();
  let server: Server;
  let single: string;
  let singleId: string;

  beforeAll(async () => {
    await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { refusals: 'page' });
    server = createServer((request, response) => {
      const script = 'window.got = []; addEventListener("message", (e) => window.got.push(e.data));';
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () =>
        response
          .setHeader('content-type', 'text/html')
          .end(`<!doctype html><title>x</title><pre>${body}</pre><script>${script}</script>`),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    single = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = await stage.instance.api('POST', '/clients', {
      name: 'Single page',
      app_type: 'spa',
      callbacks: [single],
      web_origins: [single],
      organization_usage: 'require',
      token_endpoint_auth_method: 'none',
      refusals: 'page',
    });
    singleId = client.client_id as string;
  });
  afterAll(() => new Promise((resolve) => server?.close(resolve)));

  const wordsOf = async (tab: Tab) => (await tab.locator('main').textContent()) ?? '';
  const goOn = (tab: Tab) => tab.getByRole('link', { name: 'Back to the application' }).click();
  const authorizeUrl = (parameters: Record<string, string>) =>
    `${stage.instance.origin}/authorize?${new URLSearchParams({
      client_id: singleId,
      response_type: 'code',
      redirect_uri: single,
      scope: 'openid',
      state: 's1',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      organization: 'org_0000000000000000',
      ...parameters,
    })}`;

  test('a stranger of the company reads it, reloads it, goes on, and comes back to it', async () => {
    const { tab } = await stage.open();
    const complaints: string[] = [];
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await tab.goto(stage.login());
    await tab.fill('#username', 'sam@acme.example');
    await tab.press('#username', 'Enter');
    await tab.fill('[name=login]', 'sam');
    await tab.press('[name=login]', 'Enter');
    await tab.getByRole('heading', { name: 'You are not part of this organization yet' }).waitFor();
    await stage.look(tab, 'refusal-on-a-page');
    const reference = REFERENCE.exec(await wordsOf(tab))?.[0];
    expect((await stage.refusalOn(tab)).details.code).toBe('admit.not_a_member');
    await tab.reload();
    expect(REFERENCE.exec(await wordsOf(tab))?.[0]).toBe(reference);
    await goOn(tab);
    const answer = await readAnswer(tab, stage.application);
    expect(JSON.stringify(answer)).toContain('access_denied');
    await tab.goBack();
    expect(REFERENCE.exec(await wordsOf(tab))?.[0]).toBe(reference);
    expect(complaints.filter((text) => /policy|refused to/i.test(text))).toEqual([]);
  });

  test('somebody whose browser is German and dark reads it so', async () => {
    await stage.instance.api('PATCH', '/tenants/settings', { enabled_locales: ['en', 'de'] });
    const { tab } = await stage.open({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await tab.goto(authorizeUrl({}));
    await tab.getByRole('heading', { name: 'Diese Organisation ist hier nicht bekannt' }).waitFor();
    await stage.look(tab, 'refusal-on-a-page-german');
    expect(await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await tab.getByRole('link', { name: 'Zurück zur Anwendung' }).click();
    await tab.waitForURL((url) => url.origin === single && url.searchParams.get('error') === 'invalid_request');
  });

  test('form_post: the button posts the error to the application', async () => {
    const { tab } = await stage.open();
    await tab.goto(authorizeUrl({ response_mode: 'form_post' }));
    await tab.getByRole('heading', { name: 'This organization is not known here' }).waitFor();
    await goOn(tab);
    await tab.waitForURL((url) => url.origin === single);
    const posted = new URLSearchParams((await tab.locator('pre').textContent()) ?? '');
    expect(Object.fromEntries(posted)).toMatchObject({ error: 'invalid_request', state: 's1' });
    expect(posted.get('error_reference')).toMatch(REFERENCE);
  });

  test('web_message: a popup shows the page, and its button tells the page that opened it', async () => {
    const { context, tab } = await stage.open();
    await tab.goto(single);
    const url = JSON.stringify(authorizeUrl({ response_mode: 'web_message' }));
    const [popup] = await Promise.all([context.waitForEvent('page'), tab.evaluate(`void window.open(${url})`)]);
    await popup.getByRole('heading', { name: 'This organization is not known here' }).waitFor();
    expect(await tab.evaluate('window.got')).toEqual([]);
    await goOn(popup);
    await tab.waitForFunction('window.got.length > 0');
    expect(await tab.evaluate('window.got')).toMatchObject([{ response: { error: 'invalid_request', state: 's1' } }]);
  });

  test('web_message in a hidden frame is answered at once', async () => {
    const { tab } = await stage.open();
    await tab.goto(single);
    const url = JSON.stringify(authorizeUrl({ response_mode: 'web_message' }));
    await tab.evaluate(
      `void (() => { const f = document.createElement('iframe'); f.src = ${url}; document.body.append(f); })()`,
    );
    await tab.waitForFunction('window.got.length > 0');
    expect(await tab.evaluate('window.got')).toMatchObject([{ response: { error: 'invalid_request', state: 's1' } }]);
  });
});
