/** Ten entities of ten entities of ten. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a billion laughs',
  source: 'CVE-2003-1564',
  check: 'saml.entity',
  build: (kit) => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `<!ENTITY a${level + 1} "${`&a${level};`.repeat(10)}">`,
    ).join('');
    return `<!DOCTYPE r [<!ENTITY a0 "ha">${levels}]>${kit.answer().replaceAll(PERSON, '&a9;')}`;
  },
};
