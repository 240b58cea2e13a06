/** The prefix saml means something else further inside. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the prefix of the assertion is defined anew inside',
  source: 'CVE-2020-29509 (Go: encoding/xml round trip)',
  check: 'saml.signature',
  build: (kit) => kit.answer().replace('<saml:Subject>', '<saml:Subject xmlns:saml="urn:evil">'),
};
