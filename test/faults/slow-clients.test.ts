/** Clients that never finish, and clients that open everything: each connection ends, with an answer where one can be read, and others are served. */
import { describe, expect, test } from 'vitest';
import { connectRaw, type RawClient, unfinishedForm } from '../support/raw-client.js';
import { useStage } from '../support/stage.js';

const DRIP_MS = 100;
const BROWSER = { accept: 'text/html,application/xhtml+xml' };

describe('a server with a second for each request', () => {
  const stage = useStage({ environment: { VESTIBULE_REQUEST_TIMEOUT: '1', VESTIBULE_IDLE_TIMEOUT: '1' } });
  const connected = () => connectRaw(stage.instance.server.port);

  test.each([
    ['a form of a page', '/u/login/password?state=x'],
    ['a request for a token', '/oauth/token'],
    ['a call of the Management API', '/api/v2/users'],
    ['an address that leads nowhere', '/nowhere'],
  ])(
    'case=%s, a byte now and then: answered 408 and closed, with a page for a browser and JSON for a program',
    async (_name, path) => {
      for (const [headers, type] of [
        [BROWSER, 'text/html'],
        [{}, 'application/json'],
      ] as const) {
        const client = await connected();
        client.send(unfinishedForm(path, headers));
        client.drip(DRIP_MS);
        const answer = await client.closed;
        // A request that needs no body is answered before; the connection ends all the same.
        if (!/^HTTP\/1.1 4(01|04|15)/.test(answer)) {
          expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout/);
          expect(answer).toContain(`content-type: ${type}`);
        }
        expect(answer.match(/HTTP\/1.1 \d/g), 'one answer').toHaveLength(1);
      }
    },
  );

  test('case=a body for a sign-in page is told in words, with a number', async () => {
    const client = await connected();
    client.send(unfinishedForm('/u/login/password?state=x', BROWSER));
    expect(await client.closed).toMatch(/This took too long[\s\S]*V-[0-9A-Z]{4}-[0-9A-Z]{4}/);
  });

  test.each([
    ['headers without end', 'GET / HTTP/1.1\r\nhost: localhost\r\nx: '],
    ['nothing at all', ''],
  ])('case=%s: closed', async (_name, text) => {
    const client = await connected();
    client.send(text);
    if (text !== '') client.drip(DRIP_MS);
    expect(await client.closed).toMatch(/^HTTP\/1.1 408|^$/);
  });

  test('case=a connection on which nothing more is asked is closed without a word', async () => {
    const client = await connected();
    client.send('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
    expect(await client.closed).toMatch(/^HTTP\/1.1 200[\s\S]*\{"status":"live"\}$/);
  });
});

const ask = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n';

async function countServed(clients: readonly RawClient[]): Promise<number> {
  for (const client of clients) client.send(ask);
  const outcomes = await Promise.allSettled(clients.map((client) => client.until(/"live"/)));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

// Other systems have to be told first that the rest of 127.0.0.0/8 is theirs too.
const hasLoopbackNetwork = process.platform === 'linux';
if (!hasLoopbackNetwork) console.warn('connections of one network: skipped, 127.0.0.2 is an address on Linux only');

describe.skipIf(!hasLoopbackNetwork)('a server of sixteen connections', () => {
  const stage = useStage({ environment: { VESTIBULE_MAX_CONNECTIONS: '16' } });

  test('case=one network has a quarter of them, others are served meanwhile, and it gets one again when it closes one', async () => {
    const { port } = stage.instance.server;
    const clients = await Promise.all(Array.from({ length: 8 }, () => connectRaw(port, '127.0.0.2')));
    expect(await countServed(clients)).toBe(4);
    const other = await connectRaw(port, '127.0.0.3');
    expect(await countServed([other])).toBe(1);
    for (const client of [...clients, other]) client.end();
    for (let tries = 0, served = 0; served === 0; tries++) {
      expect(tries).toBeLessThan(200);
      const again = await connectRaw(port, '127.0.0.2');
      served = await countServed([again]);
      again.end();
    }
  });
});

describe('a server of sixteen connections behind a proxy', () => {
  const stage = useStage({
    environment: { VESTIBULE_MAX_CONNECTIONS: '16', VESTIBULE_TRUST_PROXY: '127.0.0.1' },
  });

  test('case=the proxy has all of them, and what is beyond is closed', async () => {
    const { port } = stage.instance.server;
    const clients = await Promise.all(Array.from({ length: 24 }, () => connectRaw(port)));
    const served = await countServed(clients);
    expect(served).toBeGreaterThan(4);
    expect(served).toBeLessThanOrEqual(16);
    for (const client of clients) client.end();
  });
});
