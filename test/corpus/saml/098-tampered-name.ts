/** One letter of the signed bytes is another. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the NameID was changed after signing',
  source: 'XML Signature 3.2',
  check: 'saml.signature',
  build: (kit) => kit.answer().replaceAll(PERSON, VICTIM),
};
