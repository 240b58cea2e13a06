/** There is no such character. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a reference to a character beyond Unicode',
  source: 'XML 1.0 4.1',
  check: 'saml.entity',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}&#x110000;`),
};
