/** The text ends here, in C. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a NUL byte in the NameID',
  source: 'XML 1.0 2.2',
  check: 'saml.xml',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}\0${PERSON}`),
};
