/** The first one counts, or the last. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an attribute twice in one element',
  source: 'XML 1.0 3.1; CVE-2025-25292 (ruby-saml)',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<saml:Assertion', '<saml:Assertion ID="_evil"'),
};
