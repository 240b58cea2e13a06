/** Requests to servers that customers name. One test per way to make this server talk to somebody it should not talk to. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OutboundError } from '../../src/connectors/outbound/error.js';
import { createOutboundFetch, type OutboundFetch, type OutboundLimits } from '../../src/connectors/outbound/fetch.js';
import type { Resolve } from '../../src/connectors/outbound/resolve.js';

describe('requests', () => {
  let server: Server;
  let port: number;
  let requests: string[];
  const fetches: OutboundFetch[] = [];
  const outbound = (limits: Partial<OutboundLimits> = {}): OutboundFetch => {
    const made = createOutboundFetch({ allow: ['127.0.0.0/8'], maxBytes: 10_000, timeoutMs: 1000, ...limits });
    fetches.push(made);
    return made;
  };
  const kindOf = async (promise: Promise<unknown>): Promise<string> => {
    const error = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof OutboundError ? error.kind : `not refused: ${String(error)}`;
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (request.url === '/redirect') response.writeHead(302, { location: '/secret' }).end();
      else if (request.url === '/large') response.end('x'.repeat(10_001));
      else if (request.url === '/exact') response.end('x'.repeat(10_000));
      else if (request.url === '/empty') response.writeHead(204).end();
      else if (request.url === '/bomb') {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)));
      } else if (request.url === '/drip') {
        const timer = setInterval(() => response.write('.'), 30);
        response.on('close', () => clearInterval(timer));
      } else if (request.url === '/hang') return;
      else {
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => {
          const seen = {
            method: request.method,
            encoding: request.headers['accept-encoding'],
            type: request.headers['content-type'],
            body,
            host: request.headers.host,
          };
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await Promise.all(fetches.splice(0).map((made) => made.close()));
    requests = [];
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  requests = [];

  test('carry method, headers and body', async () => {
    const response = await outbound()(`http://127.0.0.1:${port}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ a: '1 2' }),
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
      body: 'a=1+2',
      host: `127.0.0.1:${port}`,
    });
  });

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/plain,x', 'gopher://x', 'no address'])(
    'to %s are refused',
    async (url) => expect(await kindOf(outbound()(url))).toBe('forbidden'),
  );

  test.each([
    'https://127.0.0.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254',
    'https://2130706433',
    'https://0x7f.1',
    'https://127.1',
    'https://0',
  ])('to the literal %s are refused although no name is looked up', async (origin) => {
    expect(await kindOf(outbound({ allow: [] })(`${origin}:${port}/`))).toBe('forbidden');
    expect(requests).toEqual([]);
  });

  test('to a name that resolves to a private address are refused (SSRF by name)', async () => {
    const resolve: Resolve = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const fetch = outbound({ allow: [], resolve });
    expect(await kindOf(fetch(`https://idp.example:${port}/`))).toBe('forbidden');
    await expect(fetch(`https://idp.example:${port}/`)).rejects.toThrow('in no network of VESTIBULE_OUTBOUND_ALLOW');
    expect(requests).toEqual([]);
  });

  test('to a name that changes its address connect to the one that was judged (DNS rebinding)', async () => {
    let lookups = 0;
    // Public when it is asked first, loopback afterwards: code that resolves twice is caught.
    const resolve: Resolve = (_name, _options, callback) => {
      lookups += 1;
      callback(null, [{ address: lookups === 1 ? '203.0.113.1' : '127.0.0.1', family: 4 }]);
    };
    const fetch = outbound({ allow: ['203.0.113.1'], timeoutMs: 300, resolve });
    expect(await kindOf(fetch(`http://idp.example:${port}/`))).toMatch(/timeout|network/);
    expect(lookups).toBe(1);
    expect(requests).toEqual([]);
  });

  test('to a name with several addresses use only the permitted ones', async () => {
    const resolve: Resolve = (_name, _options, callback) =>
      callback(null, [
        { address: '169.254.169.254', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const fetch = outbound({ resolve });
    expect((await fetch(`http://idp.example:${port}/several`)).status).toBe(200);
    expect(requests).toEqual(['GET /several']);
  });

  test('by plain http go to allowed networks only', async () => {
    const resolve: Resolve = (_name, _options, callback) => callback(null, [{ address: '8.8.8.8', family: 4 }]);
    expect(await kindOf(outbound({ resolve })('http://idp.example/'))).toBe('forbidden');
    expect(await kindOf(outbound()('http://8.8.8.8/'))).toBe('forbidden');
  });

  test('do not follow a redirect', async () => {
    const response = await outbound()(`http://127.0.0.1:${port}/redirect`);
    expect(response.status).toBe(302);
    expect(requests).toEqual(['GET /redirect']);
  });

  test('read as many bytes as allowed, and not one more', async () => {
    const fetch = outbound();
    expect(await (await fetch(`http://127.0.0.1:${port}/exact`)).text()).toHaveLength(10_000);
    expect(await kindOf(fetch(`http://127.0.0.1:${port}/large`))).toBe('too_large');
  });

  test('ask for no compression and unpack nothing (decompression bomb)', async () => {
    const fetch = outbound();
    const headers = { 'accept-encoding': 'gzip' };
    const { encoding } = (await (await fetch(`http://127.0.0.1:${port}/`, { headers })).json()) as { encoding: string };
    expect(encoding).toBe('identity');
    const response = await fetch(`http://127.0.0.1:${port}/bomb`);
    expect((await response.arrayBuffer()).byteLength).toBeLessThan(10_000);
  });

  test.each(['/hang', '/drip'])('to %s end at the deadline', async (path) => {
    const startedAt = performance.now();
    expect(await kindOf(outbound({ timeoutMs: 200 })(`http://127.0.0.1:${port}${path}`))).toBe('timeout');
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  test('end when the caller calls them off, also before they began', async () => {
    const controller = new AbortController();
    const pending = kindOf(outbound()(`http://127.0.0.1:${port}/hang`, { signal: controller.signal }));
    controller.abort();
    expect(await pending).toBe('timeout');
    const fetch = outbound();
    expect(await kindOf(fetch(`http://127.0.0.1:${port}/x`, { signal: AbortSignal.abort() }))).toBe('timeout');
    await fetch(`http://127.0.0.1:${port}/afterwards`);
    expect(requests).not.toContain('GET /x');
  });

  test('to a closed port fail as network trouble, in words that say what to look at', async () => {
    expect(await kindOf(outbound()('http://127.0.0.1:1/'))).toBe('network');
    await expect(outbound()('http://127.0.0.1:1/')).rejects.toThrow(
      '127.0.0.1:1: nothing listens there (ECONNREFUSED)',
    );
    const resolve: Resolve = (_name, _options, callback) =>
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    await expect(outbound({ resolve })('https://idp.exampel/')).rejects.toThrow('there is no such name (ENOTFOUND)');
  });

  test('give an empty answer as one', async () => {
    expect((await outbound()(`http://127.0.0.1:${port}/empty`)).status).toBe(204);
  });

  test('share connections', async () => {
    const fetch = outbound();
    const sockets = new Set<unknown>();
    const note = (socket: unknown) => sockets.add(socket);
    server.on('connection', note);
    for (let count = 0; count < 10; count += 1) await (await fetch(`http://127.0.0.1:${port}/`)).text();
    server.off('connection', note);
    // The second request may begin before the first socket is free again; after that there is no reason for more.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });
});
