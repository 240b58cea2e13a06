/** The response is signed, and brings the evil assertion in an unsigned Object beside SignedInfo. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an evil assertion inside an Object of the response signature',
  source: 'CVE-2024-6800 (GitHub Enterprise Server)',
  check: 'saml.one_assertion',
  build: (kit) => kit.whole({}, { behind: `<ds:Object>${kit.evil()}</ds:Object>` }),
  twin: (kit) => kit.whole(),
};
