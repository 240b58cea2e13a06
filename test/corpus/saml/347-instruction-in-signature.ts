/** An instruction inside SignedInfo is left in by one reader and out by another. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a processing instruction inside SignedInfo',
  source: 'XML 1.0 2.6; CVE-2025-29774 (xml-crypto)',
  check: 'saml.processing_instruction',
  build: (kit) => kit.answer().replace('<ds:SignedInfo>', '<ds:SignedInfo><?x y?>'),
};
