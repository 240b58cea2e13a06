/** The text before the comment is one value, the whole text another. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a comment inside SignatureValue',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.comment',
  build: (kit) => kit.answer().replace(/(<ds:SignatureValue>.{10})/, '$1<!-- -->'),
};
