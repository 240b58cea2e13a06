/** Lenient parsers take it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a < inside an attribute',
  source: 'XML 1.0 3.1',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<samlp:Status a="<saml:Assertion>">'),
};
