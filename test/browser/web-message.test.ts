/**
 * `response_mode=web_message` in a real browser, as a single-page application without a server of its own uses it: a popup for the sign-in,
 * a hidden frame for its renewal, and a page of another site that would like to read the answer.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useBrowserStage } from '../support/browser-stage.js';
import { PASSWORD } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';

describe.skipIf(noChromium())('web_message', () => {
  const stage = useBrowserStage();
  let server: Server;
  /** The application is of the server's own site: another one's frame would not have its cookies. */
  let application: string;
  let otherSite: string;
  let clientId: string;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      const script = 'window.got = []; addEventListener("message", (e) => window.got.push([e.origin, e.data]));';
      response.setHeader('content-type', 'text/html').end(`<!doctype html><title>x</title><script>${script}</script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    const { port } = server.address() as AddressInfo;
    application = `http://localhost:${port}`;
    otherSite = `http://127.0.0.1:${port}`;
    const client = await stage.instance.api('POST', '/clients', {
      name: 'Single page',
      app_type: 'spa',
      callbacks: [application],
      web_origins: [application],
      organization_usage: 'require',
      token_endpoint_auth_method: 'none',
    });
    clientId = client.client_id as string;
    await stage.cast.createMember('dana@acme.example');
  });
  afterAll(() => new Promise((resolve) => server?.close(resolve)));

  const authorizeUrl = (parameters: Record<string, string> = {}) =>
    `${stage.instance.origin}/authorize?${new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      response_mode: 'web_message',
      redirect_uri: application,
      scope: 'openid',
      state: 's1',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      organization: stage.cast.acme.id,
      ...parameters,
    })}`;

  /** The messages that the page has got from the server, once there is one. */
  async function received(tab: Tab): Promise<unknown> {
    await tab.waitForFunction('window.got.length > 0');
    return tab.evaluate('window.got');
  }

  const frame = (tab: Tab, url: string) =>
    tab.evaluate(
      `new Promise((done) => { const f = document.createElement('iframe'); f.src = ${JSON.stringify(url)}; f.onload = done; document.body.append(f); })`,
    );

  test('a popup gives the code to the page that opened it, and a frame renews it; another site gets nothing', async () => {
    const { context, tab } = await stage.open();
    await tab.goto(application);
    const [popup] = await Promise.all([
      context.waitForEvent('page'),
      tab.evaluate(
        `void window.open(${JSON.stringify(authorizeUrl({ connection: 'Username-Password-Authentication' }))})`,
      ),
    ]);
    await popup.fill('#username', 'dana@acme.example');
    await popup.press('#username', 'Enter');
    await popup.fill('#password', PASSWORD);
    await popup.press('#password', 'Enter');
    const answer = {
      type: 'authorization_response',
      response: { code: expect.any(String), state: 's1', iss: `${stage.instance.origin}/` },
    };
    expect(await received(tab)).toEqual([[stage.instance.origin, answer]]);

    await tab.goto(application);
    await frame(tab, authorizeUrl({ prompt: 'none' }));
    expect(await received(tab)).toEqual([[stage.instance.origin, answer]]);

    const other = await context.newPage();
    await other.goto(otherSite);
    await frame(other, authorizeUrl({ prompt: 'none' }));
    await other.waitForTimeout(500);
    expect(await other.evaluate('window.got')).toEqual([]);
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      other.evaluate(`void window.open(${JSON.stringify(authorizeUrl({ prompt: 'none' }))})`),
    ]);
    await opened.waitForLoadState();
    await other.waitForTimeout(500);
    expect(await other.evaluate('window.got')).toEqual([]);
  });

  test('an error comes the same way', async () => {
    const { tab } = await stage.open();
    await tab.goto(application);
    await frame(tab, authorizeUrl({ prompt: 'none' }));
    expect(await received(tab)).toMatchObject([
      [stage.instance.origin, { response: { error: 'login_required', state: 's1' } }],
    ]);
  });
});
