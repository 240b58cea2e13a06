/** Some parsers keep the text, some drop it. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an entity that nobody declared',
  source: 'CVE-2025-66567 (ruby-saml)',
  check: 'saml.entity',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}&evil;`),
};
