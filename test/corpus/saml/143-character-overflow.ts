/** A reader of 32 bits reads another number. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a reference that overflows',
  source: 'XML 1.0 4.1',
  check: 'saml.entity',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}&#x10000003C;`),
};
