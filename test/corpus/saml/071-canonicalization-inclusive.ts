/** SignedInfo is what is signed; it must have one reading. */
import type { SamlCase } from './kit.js';
import { INCLUSIVE } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'CanonicalizationMethod: inclusive',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { canonicalization: INCLUSIVE }),
};
