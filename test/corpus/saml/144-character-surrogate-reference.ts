/** Half of a pair is no character. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a reference to a surrogate',
  source: 'XML 1.0 2.2',
  check: 'saml.entity',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}&#xD800;`),
};
