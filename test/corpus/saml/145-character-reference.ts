/** The same text, written otherwise: canonical XML does not see it, so the answer is still that person. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the NameID is written in character references',
  source: 'XML 1.0 4.1',
  check: 'harmless',
  build: (kit) => kit.answer().replaceAll(PERSON, PERSON.replace('m', '&#109;').replace('@', '&#x40;')),
};
