/**
 * Answers changed at random (test/support/saml-mutations.ts): whatever comes, it is refused, or accepted with exactly the assertion that the IdP
 * signed. Never an exception. 2,000 here, 100,000 by `npm run fuzz`; `TEST_RUNS` says how many, `TEST_SEED` where to begin.
 */

import { expect, test } from 'vitest';
import { verifyResponse } from '../../src/connectors/saml/verify-response.js';
import { createKit } from '../corpus/saml/kit.js';
import { response } from '../corpus/saml/kit-documents.js';
import { SEED } from '../support/random.js';
import { createBases, mutate } from '../support/saml-mutations.js';

const RUNS = Number(process.env.TEST_RUNS ?? 2_000);

const toPosted = (xml: string) => Buffer.from(xml).toString('base64');

test('case=saml-fuzz', { timeout: 60_000 + RUNS * 60 }, async () => {
  const kit = createKit();
  const bases = createBases(kit);
  const evil = response(kit.sign(kit.evil(), { id: '_evil', key: kit.attacker.privateKey }));
  const signed = new Set<string>();
  for (const base of bases) {
    const answer = await verifyResponse(toPosted(base.wrap(kit, base.xml)), kit.expected);
    expect(answer, base.name).toMatchObject({ ok: true });
    if (answer.ok) signed.add(JSON.stringify(answer.assertion));
  }
  const told: Record<string, number> = {};
  let longestMs = 0;
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const { posted, base } = mutate(kit, bases, evil, seed);
    const startedMs = performance.now();
    const answer = await verifyResponse(posted, kit.expected);
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    const label = answer.ok ? 'accepted' : answer.check;
    told[label] = (told[label] ?? 0) + 1;
    if (answer.ok && !signed.has(JSON.stringify(answer.assertion)))
      expect.fail(
        `TEST_SEED=${seed} TEST_RUNS=1, ${base}: ${JSON.stringify(answer.assertion)} in ${posted}, signed by ${kit.idp.certificate}`,
      );
  }
  console.log(`${RUNS} changed answers from seed ${SEED} on; the longest took ${longestMs.toFixed(1)} ms`, told);
  if (RUNS < 2_000) return;
  // Not all of it is refused at once, and what does no harm comes through.
  expect(told.accepted).toBeGreaterThan(RUNS / 200);
  expect(Object.keys(told).length).toBeGreaterThan(12);
});
