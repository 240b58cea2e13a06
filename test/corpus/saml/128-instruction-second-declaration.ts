/** A second declaration is an instruction of a reserved name. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an XML declaration inside the document',
  source: 'XML 1.0 2.6',
  check: 'saml.processing_instruction',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<?xml version="1.0"?><samlp:Status>'),
};
