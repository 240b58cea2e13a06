/**
 * The invitation that a browser opened, beside whatever else it has begun: it comes back as it was or not at all, never becomes a row, never
 * costs a login or the page of a refusal, and expires with the invitation.
 */

import { expect, test } from 'vitest';
import { createRememberedInvitations } from '../../src/http/browser/opened-invitation.js';
import { createUnfinishedWork } from '../../src/http/browser/unfinished.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { CookieJar, createOverflowInMemory } from '../support/cookie-jar.js';
import { createManualClock } from '../support/manual-clock.js';
import fc from '../support/random.js';

const WEEK_SECONDS = 604_800;
const OPENED = { ticket: 't'.repeat(32), organizationId: 'org_0123456789abcdef', clientId: 'c'.repeat(32) };
const kinds = fc.constantFrom('login' as const, 'try' as const, 'logout' as const, 'refused' as const);
const works = fc.array(fc.record({ kind: kinds, bytes: fc.constantFrom(150, 700, 1_500, 5_000) }), { maxLength: 8 });

function createWorld() {
  const clock = createManualClock();
  const overflow = createOverflowInMemory();
  const box = createSecretBox(Buffer.alloc(32, 1), 'cookies', systemEntropy);
  const origin = 'https://login.example.com';
  const unfinished = createUnfinishedWork({ box, clock, entropy: systemEntropy, origin, overflow });
  return {
    clock,
    overflow,
    unfinished,
    remembered: createRememberedInvitations({ clock, unfinished }),
    jar: new CookieJar(),
  };
}

test('never costs other work, whatever is open, and is as it was or forgotten', async () => {
  const seen = new Set<boolean>();
  const property = fc.asyncProperty(works, works, fc.boolean(), async (first, then, posted) => {
    const { clock, overflow, unfinished, remembered, jar } = createWorld();
    const begun = new Map<string, 'login' | 'try' | 'logout' | 'refused'>();
    const begin = async (all: typeof first) => {
      for (const { kind, bytes } of all) {
        const id = `work${String(begun.size).padStart(12, '0')}`;
        const content = { text: systemEntropy.bytes(bytes).toString('base64url') };
        const work = { kind, id, startedAt: clock.now().getTime(), content };
        if (await jar.visit((request, reply) => unfinished.save(request, reply, work))) begun.set(id, kind);
        clock.advanceMs(1_000);
      }
    };
    const findAll = async () => {
      const found: string[] = [];
      for (const [id, kind] of begun)
        if ((await unfinished.find(jar.request(), kind, id)) !== undefined) found.push(id);
      return found;
    };
    await begin(first);
    const before = await findAll();
    const rows = overflow.count();
    const expiresAt = new Date(clock.now().getTime() + WEEK_SECONDS * 1_000);
    const keep = () =>
      jar.visit((request, reply) => remembered.keep(request, reply, OPENED, expiresAt), {
        query: posted ? { vestibule_posted: '1' } : {},
      });
    const kept = await keep();
    seen.add(kept);
    expect(await findAll()).toEqual(before);
    expect(await remembered.find(jar.request())).toEqual(kept ? OPENED : undefined);
    await begin(then);
    expect([undefined, OPENED]).toContainEqual(await remembered.find(jar.request()));
    expect(overflow.count() - rows, 'an invitation is never a row').toBeLessThanOrEqual(then.length);
    const names = jar.names().length;
    await jar.visit((_request, reply) => remembered.forget(reply));
    expect(await remembered.find(jar.request())).toBeUndefined();
    expect(jar.names().length).toBeGreaterThanOrEqual(names - 1);
  });
  await fc.assert(property, { numRuns: 150, endOnFailure: true });
  expect([...seen].sort(), 'some were kept, and some found no room').toEqual([false, true]);
}, 60_000);

test('makes room for a login before the page of a refusal does', async () => {
  const { clock, unfinished, remembered, jar } = createWorld();
  const begin = (kind: 'login' | 'refused', which: number) => {
    const content = { text: systemEntropy.bytes(150).toString('base64url') };
    const work = { kind, id: `work${String(which).padStart(12, '0')}`, startedAt: clock.now().getTime(), content };
    return jar.visit((request, reply) => unfinished.save(request, reply, work));
  };
  await begin('refused', 0);
  const expiresAt = new Date(clock.now().getTime() + WEEK_SECONDS * 1_000);
  expect(await jar.visit((request, reply) => remembered.keep(request, reply, OPENED, expiresAt))).toBe(true);
  for (const which of [1, 2, 3]) await begin('login', which);
  expect(await remembered.find(jar.request())).toEqual(OPENED);
  await begin('login', 4);
  expect(await remembered.find(jar.request())).toBeUndefined();
  const refused = await unfinished.find(jar.request(), 'refused', 'work000000000000');
  expect(refused).toMatchObject({ text: expect.stringMatching(/^[\w-]{200}$/) });
});

test('expires with the invitation, and after a week', async () => {
  const lifetimes = fc.integer({ min: 1, max: 4 * WEEK_SECONDS });
  const property = fc.asyncProperty(lifetimes, async (seconds) => {
    const { clock, remembered, jar } = createWorld();
    const expiresAt = new Date(clock.now().getTime() + seconds * 1_000);
    await jar.visit((request, reply) => remembered.keep(request, reply, OPENED, expiresAt));
    clock.advanceMs(Math.min(seconds, WEEK_SECONDS) * 1_000 - 1);
    expect(await remembered.find(jar.request())).toEqual(OPENED);
    clock.advanceMs(1);
    expect(await remembered.find(jar.request())).toBeUndefined();
  });
  await fc.assert(property, { numRuns: 60, endOnFailure: true });
});
