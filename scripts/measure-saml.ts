/**
 * Measures the longest time for which one SAML response blocks the process, by kind of document. The limits of
 * src/connectors/saml/xml-scan.ts follow from it. `npx tsx scripts/measure-saml.ts`
 */
import { performance } from 'node:perf_hooks';
import { verifyResponse } from '../src/connectors/saml/verify-response.js';
import { certificateOf } from '../test/support/saml/certificates.js';
import { ACS, AUDIENCE, IDP, REQUEST, sign, toAssertion, toBase64, toResponse } from '../test/support/saml/messages.js';

const ROUNDS = 10;
const idp = certificateOf('idp');
const now = new Date();

const signed = (attributes: Record<string, readonly string[]>): string =>
  sign(toResponse({ now }, sign(toAssertion({ now, attributes }), 'Assertion', idp)), 'Response', idp);
const withText = (text: string): string => signed({ email: ['a@b.example'] }).replace('</samlp:Response>', `${text}$&`);
const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

const DOCUMENTS: Readonly<Record<string, string>> = {
  usual: signed({ email: ['a@b.example'] }),
  'many groups': signed({ groups: Array.from({ length: 1900 }, (_, index) => `group-${index}`) }),
  'one long value': signed({ value: ['y'.repeat(240_000)] }),
  'many attributes': withText(`<x${many(30, (index) => ` a${index}="1"`)}/>`.repeat(120)),
  'many ids': withText(many(1900, (index) => `<y ID="i${index}"/>`)),
  'many elements': withText('<y>t</y>'.repeat(1900)),
  'many references': withText(`<y>${'&#65;'.repeat(40_000)}</y>`),
  'too many elements': withText('<y/>'.repeat(60_000)),
};

/** Returns the longest time in which the process answered no other request, in milliseconds. */
async function measureHold(encoded: string): Promise<number> {
  let last = performance.now();
  let longest = 0;
  let running = true;
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (running) setImmediate(look);
  };
  look();
  await verifyResponse(encoded, {
    idpEntityId: IDP,
    certificates: [idp.cert],
    audience: AUDIENCE,
    acsUrl: ACS,
    requestId: REQUEST,
    decryptionKeys: [],
    allowSha1: false,
    clockSkewMs: 60_000,
    now,
  });
  running = false;
  return Math.max(longest, performance.now() - last);
}

for (const [name, xml] of Object.entries(DOCUMENTS)) {
  const encoded = toBase64(xml);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await measureHold(encoded));
  const sorted = times.sort((a, b) => a - b);
  const median = sorted[ROUNDS / 2] ?? 0;
  process.stdout.write(
    `${name.padEnd(18)} ${(xml.length / 1024).toFixed(0).padStart(4)} kB  median ${median.toFixed(1)} ms\n`,
  );
}
