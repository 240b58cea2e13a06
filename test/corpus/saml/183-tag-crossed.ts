/** Lenient parsers close both. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'elements that cross',
  source: 'XML 1.0 3',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('</samlp:StatusCode></samlp:Status>', '</samlp:Status></samlp:StatusCode>'),
};
