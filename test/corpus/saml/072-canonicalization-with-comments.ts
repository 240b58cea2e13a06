/** SignedInfo is what is signed; it must have one reading. */
import type { SamlCase } from './kit.js';
import { EXCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'CanonicalizationMethod: with-comments',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { canonicalization: `${EXCLUSIVE}WithComments` }),
};
