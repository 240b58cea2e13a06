/** The first one is checked, or the last. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'two SignatureValue',
  source: 'CVE-2025-29775 (xml-crypto)',
  check: 'saml.signature',
  build: (kit) => kit.answer({}, { behind: '<ds:SignatureValue>AAAA</ds:SignatureValue>' }),
};
