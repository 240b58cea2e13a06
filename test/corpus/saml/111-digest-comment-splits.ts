/** A comment in the middle, with the same text around it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a comment splits DigestValue',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.comment',
  build: (kit) => kit.answer().replace(/(<ds:DigestValue>.{10})/, '$1<!-- -->'),
};
