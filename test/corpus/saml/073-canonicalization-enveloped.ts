/** SignedInfo is what is signed; it must have one reading. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'CanonicalizationMethod: enveloped',
  source: 'CVE-2025-29775 and CVE-2025-66568: a canonicalization that yields another text',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { canonicalization: ENVELOPED }),
};
