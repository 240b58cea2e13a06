/**
 * A page of another origin in the browser of somebody who is signed in: their session opens the My Account API neither for
 * reading nor for a change (cross-site request forgery). Only a token does, and a page that has one needs no browser.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { claimsOf, useBrowserStage } from '../support/browser-stage.js';
import { PASSWORD } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';
import type { Json } from '../support/instance.js';
import { METHODS_PATH, registerMyAccount } from '../support/my-account.js';

describe.skipIf(noChromium())('a page of another origin', () => {
  const stage = useBrowserStage();

  test('reads nothing from the My Account API and changes nothing', async () => {
    const { instance, cast, application } = stage;
    await registerMyAccount(stage);
    const userId = await cast.createMember('dana@acme.example');
    const { context, tab } = await stage.open();
    await tab.goto(stage.login());
    await tab.fill('#username', 'dana@acme.example');
    await tab.getByRole('button', { name: 'Use a password instead' }).click();
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
    await claimsOf(tab, application);
    expect((await context.cookies(instance.origin)).length).toBeGreaterThan(0);

    // A real address: Chromium asks people before a page that is answered from nowhere reaches this machine.
    const foreign = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void foreign.close());
    await tab.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
    const answers = await tab.evaluate(async (address) => {
      const json = { 'content-type': 'application/json' };
      const body = JSON.stringify({ type: 'totp' });
      const tries: RequestInit[] = [
        { credentials: 'include' },
        { credentials: 'include', method: 'POST', headers: json, body },
        // Sent without a question before: a form could send it.
        { credentials: 'include', method: 'POST', headers: { 'content-type': 'text/plain' }, body },
      ];
      const readable = tries.map((init) => fetch(address, init).then((answer) => answer.text(), String));
      // Without credentials the answer may be read, and says that a token is missing.
      const { status } = await fetch(address);
      return { readable: await Promise.all(readable), status };
    }, `${instance.origin}/me/v1${METHODS_PATH}`);
    expect(new Set(answers.readable)).toEqual(new Set(['TypeError: Failed to fetch']));
    expect(answers.status).toBe(401);
    const methods = await instance.api<Json[]>('GET', `/users/${encodeURIComponent(userId)}/authentication-methods`);
    expect(methods).toEqual([]);
  });
});
