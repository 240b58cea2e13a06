/** An entity of HTML is none of XML. */
import type { SamlCase } from './kit.js';
import { PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an entity of HTML',
  source: 'xmldom: the table of HTML entities',
  check: 'saml.entity',
  build: (kit) => kit.answer().replaceAll(PERSON, `${VICTIM}&nbsp;`),
};
