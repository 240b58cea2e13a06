/** A reference to < is text, not markup. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'markup in character references inside the NameID',
  source: 'XML 1.0 4.1',
  check: 'saml.signature',
  build: (kit) => kit.answer().replaceAll(PERSON, `&#60;!--&#62;${VICTIM}`),
};
