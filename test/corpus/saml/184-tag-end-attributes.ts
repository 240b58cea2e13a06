/** An end tag has no attributes. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an end tag with an attribute',
  source: 'XML 1.0 3.1',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('</samlp:Status>', '</samlp:Status a="b">'),
};
