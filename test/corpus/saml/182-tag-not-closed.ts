/** Lenient parsers close it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an element that is not closed',
  source: 'XML 1.0 3',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('</samlp:Response>', ''),
};
