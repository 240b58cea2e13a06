/**
 * Messages of single logout changed at random, posted and in addresses: whatever comes, it is refused, or accepted as exactly what the IdP
 * signed. Never an exception. 2,000 here; `TEST_RUNS` says how many, `TEST_SEED` where to begin.
 */

import { expect, test } from 'vitest';
import { verifyLogoutRequest, verifyLogoutResponse } from '../../src/connectors/saml/logout-message.js';
import type { LogoutInput } from '../../src/ports/single-logout.js';
import { nameId, VICTIM } from '../corpus/saml/kit-documents.js';
import { createLogoutKit, REQUEST } from '../corpus/saml-logout/kit.js';
import { toAnswerXml, toLogoutXml } from '../corpus/saml-logout/kit-documents.js';
import { SEED } from '../support/random.js';
import { changeText, Draw } from '../support/saml-mutations.js';

const RUNS = Number(process.env.TEST_RUNS ?? 2_000);
const kit = createLogoutKit();
const evil = kit.sign(toLogoutXml({ id: '_evil', name: nameId(VICTIM) }), {
  id: '_evil',
  key: kit.attacker.privateKey,
});
const POSTED = [kit.sign(toLogoutXml()), kit.sign(toAnswerXml()), kit.sign(toLogoutXml({ indexes: '' }))];
const inAddress = (input: LogoutInput) => (input.method === 'GET' ? input.query : '');
const QUERIES = [
  inAddress(kit.redirect(toLogoutXml(), { relayState: 'here' })),
  inAddress(kit.redirect(toLogoutXml({ name: nameId('eve@corp.example') }))),
  inAddress(kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' })),
];

const post = (xml: string, field: 'SAMLRequest' | 'SAMLResponse'): LogoutInput => kit.post(xml, field);
const verify = async (input: LogoutInput) =>
  Promise.all([verifyLogoutRequest(input, kit.expected), verifyLogoutResponse(input, REQUEST, kit.expected)]);
const fieldOf = (xml: string) => (xml.includes('LogoutResponse') ? 'SAMLResponse' : 'SAMLRequest');

const ADDITIONS = ['SAMLRequest=x', 'RelayState=y', 'SigAlg=none', 'Signature=', 'a=b', 'SAML%52equest=x', '%00', '&='];

/** An address with its parameters moved, doubled, cut, taken from another, or with a byte changed. */
function changeQuery(draw: Draw, query: string): string {
  const pairs = query.split('&');
  const others = draw.of(QUERIES).split('&');
  const at = draw.below(pairs.length);
  const changes: readonly (() => string)[] = [
    () => [...pairs.slice(at), ...pairs.slice(0, at)].join('&'),
    () => [...pairs, pairs[at]].join('&'),
    () => pairs.filter((_pair, index) => index !== at).join('&'),
    () => pairs.map((pair, index) => (index === at ? draw.of(others) : pair)).join('&'),
    () => [...pairs, draw.of(ADDITIONS)].join('&'),
    () => [draw.of(ADDITIONS), ...pairs].join('&'),
    () => query.replace(/[A-Za-z0-9]/g, (letter) => (draw.below(400) === 0 ? 'A' : letter)),
    () => query.replace('%', () => draw.of(['%25', '', '%u', '+'])),
    () => query.slice(0, draw.below(query.length)),
    () => query.replace(/%[0-9A-F]{2}/g, (code) => (draw.below(30) === 0 ? code.toLowerCase() : code)),
  ];
  return draw.of(changes)();
}

function draw(seed: number): LogoutInput {
  const from = new Draw(seed);
  if (from.below(2) === 0) {
    const base = from.of(POSTED);
    return post(changeText(from, base, [evil, ...POSTED]), from.below(20) === 0 ? 'SAMLResponse' : fieldOf(base));
  }
  let query = from.of(QUERIES);
  for (let left = 1 + from.below(3); left > 0; left--) query = changeQuery(from, query);
  return { method: 'GET', query };
}

test('case=saml-logout-fuzz', { timeout: 60_000 + RUNS * 60 }, async () => {
  const signed = new Set<string>();
  const told: Record<string, number> = {};
  const whole = [
    ...POSTED.map((xml) => post(xml, fieldOf(xml))),
    ...QUERIES.map((query): LogoutInput => ({ method: 'GET', query })),
  ];
  for (const input of whole) {
    const accepted = (await verify(input)).filter((answer) => answer.ok);
    expect(accepted).toHaveLength(1);
    signed.add(JSON.stringify(accepted[0]));
  }
  // A post has its RelayState beside the signature; only an address signs it.
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const input = draw(seed);
    for (const answer of await verify(input)) {
      const label = answer.ok ? 'accepted' : answer.check;
      told[label] = (told[label] ?? 0) + 1;
      if (answer.ok && !signed.has(JSON.stringify(answer)))
        expect.fail(`TEST_SEED=${seed} TEST_RUNS=1: ${JSON.stringify([answer, input])}, by ${kit.idp.certificate}`);
    }
  }
  console.log(`${RUNS} changed messages of logout from seed ${SEED} on`, told);
  if (RUNS < 2_000) return;
  expect(told.accepted).toBeGreaterThan(RUNS / 200);
  expect(Object.keys(told).length).toBeGreaterThan(10);
});
