/** The text of an element and that of its children are not the same. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an element inside DigestValue',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.reference',
  build: (kit) => kit.answer().replace(/(<ds:DigestValue>.{10})/, '$1<ds:x></ds:x>'),
};
