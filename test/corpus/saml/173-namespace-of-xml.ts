/** The prefix xml cannot be given away. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the prefix xml is declared anew',
  source: 'Namespaces in XML 1.0, 3',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<samlp:Status xmlns:xml="urn:evil">'),
};
