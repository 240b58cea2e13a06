/** `response_mode=web_message` as its page is sent, without a browser: who may read the code. test/browser/web-message.test.ts has the windows. */
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../src/domain/tenant.js';
import { findMessageTarget, sendWebMessage } from '../../src/http/oauth/web-message.js';
import { systemEntropy } from '../../src/kernel/ids.js';

const withOrigins = (...webOrigins: string[]) => ({ webOrigins }) as unknown as Client;

describe('the window that the answer goes to', () => {
  it('is one of the application’s own, whatever the path', () => {
    const client = withOrigins('https://other.example', 'https://app.example/');
    expect(findMessageTarget(client, 'https://app.example/callback?a=b')).toBe('https://app.example');
  });

  it.each([
    ['another site', 'https://evil.example/callback'],
    ['another port', 'https://app.example:8443/callback'],
    ['no encryption', 'http://app.example/callback'],
    ['a name that ends alike', 'https://notapp.example/callback'],
    ['no address', 'callback'],
  ])('attack: %s', (_name, redirectUri) => {
    expect(findMessageTarget(withOrigins('https://app.example'), redirectUri)).toBeUndefined();
  });

  it('attack: the origin "null", which every sandboxed frame of any site has', () => {
    expect(findMessageTarget(withOrigins('com.example.app://callback'), 'com.example.app://callback')).toBeUndefined();
    expect(findMessageTarget(withOrigins('null', 'data:,'), 'data:text/html,')).toBeUndefined();
  });
});

describe('the page', () => {
  const send = async (fields: Readonly<Record<string, string>>) => {
    const app = Fastify();
    app.get('/', (_request, reply) =>
      sendWebMessage(reply, systemEntropy, { redirectUri: 'https://app.example/callback', fields }),
    );
    return app.inject('/');
  };
  const policyOf = async () => String((await send({ code: 'c' })).headers['content-security-policy']);

  it('posts to the application’s origin alone, and only its pages may frame it', async () => {
    const { body, headers } = await send({ code: 'c', state: 's' });
    const [, script] = /<script nonce="[^"]+">(.*)<\/script>/s.exec(body) ?? [];
    const posted: unknown[] = [];
    const opener = { postMessage: (...message: unknown[]) => posted.push(message) };
    new Function('window', String(script))({ opener });
    const message = { type: 'authorization_response', response: { code: 'c', state: 's' } };
    expect(posted).toEqual([[message, 'https://app.example']]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('runs its own script and nothing else', async () => {
    const directives = (await policyOf()).split('; ').map((one) => one.replace(/'nonce-[^']{20,}'/, "'nonce'"));
    expect(directives).toEqual([
      "default-src 'none'",
      "script-src 'nonce'",
      "base-uri 'none'",
      "form-action 'none'",
      'frame-ancestors https://app.example',
    ]);
    expect(await policyOf()).not.toBe(await policyOf());
  });

  it('attack: a state that ends the script', async () => {
    const state = '</script><script>alert(1)</script><!--\u2028\u2029';
    const { body } = await send({ code: 'c', state });
    expect(body.match(/<\/?script/g)).toEqual(['<script', '</script']);
    expect(body).not.toMatch(/<!--|[\u2028\u2029]/);
    const [, json = ''] = /postMessage\((\{.*\}),"/.exec(body) ?? [];
    expect(JSON.parse(json)).toMatchObject({ response: { state } });
  });
});
