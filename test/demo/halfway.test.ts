/**
 * A story that is left halfway and the ledger of the next one. First the mechanism alone, with requests that are held; then the demo
 * itself: a browser that was about to come back from the identity provider comes too late.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Walker } from '../../demo/actions/walker.js';
import { cookieOf, NO_PLAY, Visits } from '../../demo/visits.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

const STAGE = 'http://localhost:1';
const cookie = (play: string) => ({ cookie: cookieOf(play).split(';')[0] ?? '' });

/** A promise that the test keeps when it likes. */
function hold(): { until: Promise<void>; letGo: () => void } {
  let letGo = () => {};
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { until, letGo };
}

describe('the mechanism', () => {
  const state = { isOver: false };
  const isOver = (promise: Promise<unknown>) => {
    state.isOver = false;
    void promise.then(() => {
      state.isOver = true;
    });
    // Every callback that is due has run by then.
    return new Promise<boolean>((resolve) => setImmediate(() => resolve(state.isOver)));
  };

  test('leaving waits for what is under way, also when the browser has gone away, and turns away what comes later', async () => {
    const visits = new Visits();
    const [begun, held] = [hold(), hold()];
    const app = Fastify();
    visits.watch(app, STAGE);
    app.get('/slow', async () => {
      begun.letGo();
      await held.until;
      return 'written';
    });
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    const gone = new AbortController();
    const slow = fetch(`${origin}/slow`, { headers: cookie('one'), signal: gone.signal }).catch(() => undefined);
    await begun.until;
    gone.abort();
    await slow;
    const left = visits.leave('one');
    expect(await isOver(left)).toBe(false);
    const late = await fetch(`${origin}/slow`, { headers: cookie('one') });
    expect([late.status, late.headers.get('set-cookie')]).toEqual([409, NO_PLAY]);
    expect(await late.text()).toContain('This story was left');
    expect(await isOver(left)).toBe(false);
    held.letGo();
    await left;
    for (const headers of [{}, cookie('two'), { cookie: `other_${cookie('one').cookie}` }])
      expect((await fetch(`${origin}/slow`, { headers })).status).toBe(200);
    await app.close();
  });

  test('the same for a server of Node’s own kind; a body that breaks off holds nobody up', async () => {
    const visits = new Visits();
    const begun = hold();
    const server: Server = createServer((request, response) => {
      visits.pass(request, response, STAGE, () => {
        begun.letGo();
        request.resume().once('end', () => response.end('read'));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const gone = new AbortController();
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('half')) });
    const sent = { method: 'POST', headers: cookie('one'), body, duplex: 'half', signal: gone.signal } as RequestInit;
    const broken = fetch(origin, sent).catch(() => undefined);
    await begun.until;
    gone.abort();
    await broken;
    await visits.leave('one');
    expect((await fetch(origin, { headers: cookie('one') })).status).toBe(409);
    expect(await (await fetch(origin, { headers: cookie('two') })).text()).toBe('read');
    server.close();
  });
});

describe('the demo', () => {
  let database: TestDatabase;
  let demo: DemoProcess;
  const stage = () => demo.addresses.stage ?? '';
  const play = async (id: string) => {
    const answer = await fetch(`${stage()}/stage/play/${id}`, { method: 'POST', headers: { origin: stage() } });
    return (await answer.json()) as { run: string; go: string };
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    demo = await startDemo({
      PORT: String(await findFreePort()),
      DATABASE_URL: database.url,
      VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
    });
  }, 240_000);
  afterAll(async () => {
    await demo?.stop();
    await database?.drop();
  });

  test('a login that comes back from the identity provider after its story was left writes nothing', async () => {
    const browser = new Walker();
    const begun = await play('02');
    const home = await browser.visit(begun.go);
    const login = /id="sign-in" href="([^"]+)"/.exec(home.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const identifier = await browser.visit(new URL(login, home.url).href);
    const idp = await browser.press(identifier, 'action', 'default', { username: 'dana@acme.example' });
    // Another reader plays the stranger, while Dana is at her company's sign-in.
    await play('03');
    const before = await database.pool.query('select count(*)::integer as count from identities');
    const late = await browser.press(idp, 'login', 'dana');
    expect(late.text).toContain('This story was left');
    const after = await database.pool.query('select count(*)::integer as count from identities');
    expect(after.rows).toEqual(before.rows);
    // By hand it goes on: the browser belongs to no story any more.
    expect((await browser.visit(demo.addresses.application ?? '')).text).toContain(
      'Nobody is signed in in this browser.',
    );
  });
});
