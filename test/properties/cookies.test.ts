/**
 * Random requests of a browser, in any order, which show its cookies, show older ones, or show none: all cookies of this
 * server together stay below 4,096 bytes in a request, and everything that is kept comes back as it was or not at all.
 */

import { describe, expect, test } from 'vitest';
import { COOKIES, type CookieName, cookieName } from '../../src/http/browser/cookies.js';
import { createBrowserDevices } from '../../src/http/browser/devices.js';
import { createBrowserSessions } from '../../src/http/browser/session-cookie.js';
import { createUnfinishedWork, POSTED_MARK } from '../../src/http/browser/unfinished.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { type Asked, CookieJar, createOverflowInMemory } from '../support/cookie-jar.js';
import { createManualClock } from '../support/manual-clock.js';
import fc from '../support/random.js';

const LIMIT = 4_096;
const ORIGIN = 'https://login.example.com';

test('the sum of the list: every cookie that this server can set, each as long as it may be, under the longest name', () => {
  const names = Object.keys(COOKIES) as CookieName[];
  const header = names.map((name) => `${cookieName(name, ORIGIN)}=${'x'.repeat(COOKIES[name])}`).join('; ');
  expect(header.length).toBeLessThan(LIMIT);
});

const kinds = ['login', 'try', 'logout', 'refused', 'invitation'] as const;
const steps = fc.oneof(
  fc.record({
    do: fc.constant('keep' as const),
    kind: fc.constantFrom(...kinds),
    which: fc.nat(11),
    bytes: fc.oneof(fc.nat(400), fc.nat(1_500), fc.nat(20_000)),
    shows: fc.constantFrom('now', 'before', 'nothing', 'posted', 'own form'),
  }),
  fc.record({ do: fc.constant('end' as const), which: fc.nat(11) }),
  fc.record({ do: fc.constant('sign in' as const), idLength: fc.oneof(fc.nat(60), fc.nat(900)) }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(70) }),
);

const idOf = (which: number) => `login${String(which).padStart(11, '0')}`;

function createWorld() {
  const clock = createManualClock();
  const box = createSecretBox(Buffer.alloc(32, 1), 'cookies', systemEntropy);
  const overflow = createOverflowInMemory();
  const shared = { box, clock, entropy: systemEntropy, origin: ORIGIN };
  const store = { reads: { findSession: async () => undefined }, ender: {} as never };
  return {
    clock,
    overflow,
    unfinished: createUnfinishedWork({ ...shared, overflow }),
    sessions: createBrowserSessions({ ...shared, ...store }),
    devices: createBrowserDevices(shared),
    jar: new CookieJar(),
  };
}

type Shows = 'now' | 'before' | 'nothing' | 'posted' | 'own form';

function toAsked(shows: Shows, before: string): Asked {
  if (shows === 'before') return { cookie: before };
  if (shows === 'nothing') return { method: 'POST', cookie: '', headers: { 'sec-fetch-site': 'cross-site' } };
  if (shows === 'posted') return { query: { [POSTED_MARK]: '1' } };
  return shows === 'own form' ? { method: 'POST', headers: { origin: ORIGIN } } : {};
}

describe('any history of one browser', () => {
  test('stays below the limit, and what it keeps is what it was given', async () => {
    const property = fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (history) => {
      const { clock, unfinished, sessions, devices, jar } = createWorld();
      const given = new Map<string, { kind: (typeof kinds)[number]; content: object }>();
      let before = '';
      for (const step of history) {
        const shown = jar.header();
        if (step.do === 'wait') clock.advanceMs(step.minutes * 60_000);
        if (step.do === 'end') await jar.visit((_request, reply) => unfinished.end(reply, idOf(step.which)));
        if (step.do === 'sign in')
          await jar.visit(async (request, reply) => {
            const userId = `oidc|${'u'.repeat(step.idLength)}`;
            sessions.open(reply, userId, 's'.repeat(43), 3_600);
            devices.keep(request, reply, userId);
          });
        if (step.do === 'keep') {
          const id = idOf(step.which);
          const content = { text: systemEntropy.bytes(step.bytes).toString('base64url') };
          const work = { kind: step.kind, id, startedAt: clock.now().getTime(), content };
          const kept = await jar.visit(
            (request, reply) => unfinished.save(request, reply, work),
            toAsked(step.shows as Shows, before),
          );
          if (kept) given.set(id, { kind: step.kind, content });
          if (kept && step.shows === 'now')
            expect(await unfinished.find(jar.request(), step.kind, id)).toEqual(content);
        }
        expect(jar.header().length).toBeLessThan(LIMIT);
        before = shown;
      }
      for (const [id, { kind }] of given) {
        const found = await unfinished.find(jar.request(), kind, id);
        // A request that showed older cookies may have brought an older version back; never anything of another one.
        if (found !== undefined) expect(found).toHaveProperty('text');
        for (const other of kinds.filter((one) => one !== kind)) {
          const asOther = await unfinished.find(jar.request(), other, id);
          if (found !== undefined) expect(asOther).toBeUndefined();
        }
      }
    });
    await fc.assert(property, { numRuns: 150 });
  }, 60_000);

  test('forms of other sites write over one another, and over nothing that was begun otherwise', async () => {
    const property = fc.asyncProperty(fc.array(fc.nat(9_000), { maxLength: 30 }), async (forms) => {
      const { clock, unfinished, jar } = createWorld();
      const own = [0, 1, 2, 3, 4];
      const keep = (id: string, bytes: number, asked: Asked) => {
        const content = { text: systemEntropy.bytes(bytes).toString('base64url') };
        const work = { kind: 'login' as const, id, startedAt: clock.now().getTime(), content };
        return jar.visit((request, reply) => unfinished.save(request, reply, work), asked);
      };
      for (const which of own) await keep(idOf(which), 200, {});
      for (const [index, bytes] of forms.entries())
        await keep(`evil${String(index).padStart(12, '0')}`, bytes, toAsked(index % 2 ? 'nothing' : 'posted', ''));
      for (const which of own) expect(await unfinished.find(jar.request(), 'login', idOf(which))).toBeDefined();
    });
    await fc.assert(property, { numRuns: 40 });
  }, 60_000);

  test('a browser that shows its cookies has one row at most', async () => {
    const property = fc.asyncProperty(fc.array(fc.tuple(fc.nat(9), fc.nat(15_000))), async (logins) => {
      const { clock, unfinished, overflow, jar } = createWorld();
      for (const [which, bytes] of logins) {
        const content = { text: systemEntropy.bytes(bytes).toString('base64url') };
        const work = { kind: 'login' as const, id: idOf(which), startedAt: clock.now().getTime(), content };
        await jar.visit((request, reply) => unfinished.save(request, reply, work));
        clock.advanceMs(1_000);
        expect(overflow.count()).toBeLessThanOrEqual(1);
      }
    });
    await fc.assert(property, { numRuns: 40 });
  }, 60_000);
});
