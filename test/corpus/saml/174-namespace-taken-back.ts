/** A prefix cannot be taken back in XML 1.0. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a prefix is declared as empty',
  source: 'Namespaces in XML 1.0, 2.2',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<samlp:Status xmlns:saml="">'),
};
