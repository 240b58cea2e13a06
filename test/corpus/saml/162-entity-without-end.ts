/** Lenient parsers keep it as text. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an ampersand that begins nothing',
  source: 'XML 1.0 4.1',
  check: 'saml.entity',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}&`),
};
