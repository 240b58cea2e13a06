/**
 * Any parameters of a login that is refused: what the page keeps comes back as it was, or nothing is kept; it is never a row,
 * it opens as nothing else, it expires after an hour, and a login that the person begins meanwhile takes its place before that of another login.
 */

import { describe, expect, test } from 'vitest';
import { createRefusedLogins, type RefusedLogin } from '../../src/http/browser/refused-logins.js';
import { createUnfinishedWork } from '../../src/http/browser/unfinished.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { REFUSALS, type RefusalCode } from '../../src/login/refusals.js';
import { CookieJar, createOverflowInMemory } from '../support/cookie-jar.js';
import { createManualClock } from '../support/manual-clock.js';
import fc from '../support/random.js';

const ORIGIN = 'https://login.example.com';
const HOUR_MS = 3_600_000;

const texts = fc.string({ unit: 'grapheme', maxLength: 2_000, size: 'max' });
const refusals = fc.record(
  {
    id: fc.string({ unit: fc.constantFrom(...'abcXYZ019'), minLength: 16, maxLength: 16 }),
    clientId: fc.string({ maxLength: 32 }),
    organizationId: fc.string({ maxLength: 20 }),
    address: fc.record(
      {
        redirectUri: fc.webUrl(),
        responseMode: fc.constantFrom('query', 'fragment', 'form_post', 'web_message'),
        state: texts,
        withoutIss: fc.constant(true),
      },
      { requiredKeys: ['redirectUri', 'responseMode'] },
    ),
    refusal: fc.record({
      code: fc.constantFrom(...(Object.keys(REFUSALS) as RefusalCode[])),
      description: fc.string({ unit: 'grapheme', maxLength: 200 }),
    }),
    reference: fc.constant('V-7KQ2-M9XT'),
    signedInAs: fc.emailAddress(),
    uiLocales: fc.string({ maxLength: 60 }),
  },
  { requiredKeys: ['id', 'clientId', 'address', 'refusal', 'reference'] },
) as fc.Arbitrary<RefusedLogin>;

function createWorld() {
  const clock = createManualClock();
  const box = createSecretBox(Buffer.alloc(32, 1), 'cookies', systemEntropy);
  const overflow = createOverflowInMemory();
  const unfinished = createUnfinishedWork({ box, clock, entropy: systemEntropy, origin: ORIGIN, overflow });
  const jar = new CookieJar();
  const begin = (id: string, bytes: number) => {
    const content = { text: systemEntropy.bytes(bytes).toString('base64url') };
    const work = { kind: 'login' as const, id, startedAt: clock.now().getTime(), content };
    return jar.visit((request, reply) => unfinished.save(request, reply, work));
  };
  return { clock, overflow, unfinished, jar, begin, refused: createRefusedLogins({ clock, unfinished }) };
}

describe('any refused login', () => {
  test('comes back as it was for an hour, or is not kept; no row is made, and no login is made of it', async () => {
    const seen = new Set<boolean>();
    const property = fc.asyncProperty(refusals, fc.boolean(), async (login, wasInARow) => {
      const { clock, overflow, unfinished, jar, begin, refused } = createWorld();
      await begin(login.id, wasInARow ? 5_000 : 200);
      const kept = await jar.visit((request, reply) => refused.save(request, reply, login));
      seen.add(kept);
      const found = await refused.find(jar.request(), login.id);
      expect(found).toEqual(kept ? login : undefined);
      if (!kept) return;
      expect(overflow.count(), 'the row of the login is gone').toBe(0);
      expect(await unfinished.find(jar.request(), 'login', login.id)).toBeUndefined();
      clock.advanceMs(HOUR_MS - 1);
      expect(await refused.find(jar.request(), login.id)).toEqual(login);
      clock.advanceMs(1);
      expect(await refused.find(jar.request(), login.id)).toBeUndefined();
    });
    await fc.assert(property, { numRuns: 150, endOnFailure: true });
    expect([...seen].sort(), 'some were kept, and some were too large').toEqual([false, true]);
  }, 60_000);

  // Attack (or bad luck): each refusal in one tab ends a login that the person has begun in another.
  test('never takes the place of a login, whatever both need', async () => {
    const sizes = fc.array(fc.constantFrom(200, 700, 1_500, 5_000), { minLength: 1, maxLength: 6 });
    const seen = new Set<boolean>();
    const property = fc.asyncProperty(refusals, sizes, fc.boolean(), async (login, begun, posted) => {
      const { clock, unfinished, jar, begin, refused } = createWorld();
      const idOf = (which: number) => `login${String(which).padStart(11, '0')}`;
      for (const [which, bytes] of begun.entries()) {
        await begin(idOf(which), bytes);
        clock.advanceMs(1_000);
      }
      const findAll = async () => {
        const ids = begun.map((_, which) => idOf(which));
        const found = await Promise.all(ids.map((id) => unfinished.find(jar.request(), 'login', id)));
        return ids.filter((_, at) => found[at] !== undefined);
      };
      const before = await findAll();
      const query = posted ? { vestibule_posted: '1' } : {};
      seen.add(await jar.visit((request, reply) => refused.save(request, reply, login), { query }));
      expect(await findAll()).toEqual(before);
    });
    await fc.assert(property, { numRuns: 150, endOnFailure: true });
    expect([...seen].sort()).toEqual([false, true]);
  }, 60_000);

  test('is forgotten at a logout, and a login in another tab is not', async () => {
    const property = fc.asyncProperty(refusals, async (login) => {
      const { unfinished, jar, begin, refused } = createWorld();
      await begin('login00000000000', 200);
      await jar.visit((request, reply) => refused.save(request, reply, login));
      await jar.visit((_request, reply) => refused.forget(reply));
      expect(await refused.find(jar.request(), login.id)).toBeUndefined();
      expect(await unfinished.find(jar.request(), 'login', 'login00000000000')).toBeDefined();
      expect(jar.names()).toHaveLength(1);
    });
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  }, 60_000);

  test('makes room for a login before another login does', async () => {
    const property = fc.asyncProperty(refusals, fc.integer({ min: 1, max: 4 }), async (login, others) => {
      const { clock, unfinished, jar, begin, refused } = createWorld();
      const idOf = (which: number) => `login${String(which).padStart(11, '0')}`;
      for (let which = 0; which < others; which++) {
        await begin(idOf(which), 200);
        clock.advanceMs(1_000);
      }
      const before = jar.names().length;
      if (!(await jar.visit((request, reply) => refused.save(request, reply, login)))) return;
      const room = 5 - jar.names().length;
      if (jar.names().length < before + 1) return;
      for (let which = others; which <= others + room; which++) {
        clock.advanceMs(1_000);
        await begin(idOf(which), 200);
      }
      expect(await refused.find(jar.request(), login.id)).toBeUndefined();
      for (let which = 0; which <= others; which++)
        expect(await unfinished.find(jar.request(), 'login', idOf(which)), idOf(which)).toBeDefined();
    });
    await fc.assert(property, { numRuns: 60, endOnFailure: true });
  }, 60_000);
});
